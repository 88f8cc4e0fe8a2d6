/* SPDX-License-Identifier: MIT */
/* Shortest paths: random graphs against a model that lists them; counts of any size; chains (P-3 to P-13). */
#include "support.h"

#include <string.h>

#include "random_graph.h"

enum { ROUNDS = 4000, LONG_CHAIN = 1000000 };

/* Paths of `length` steps from a node to the targets, counted by trying all. */
static uint64_t
count_in_model(const model *m, size_t from, const bool *targets, const bool *avoid, size_t length)
{
    uint64_t counts[2][MAX_NODES];
    for (size_t i = 0; i < m->nodes; i++)
        counts[0][i] = targets[i] && !avoid[i];
    for (size_t k = 0; k < length; k++)
        for (size_t i = 0; i < m->nodes; i++) {
            counts[(k + 1) % 2][i] = 0;
            for (size_t j = 0; !avoid[i] && j < m->nodes; j++)
                counts[(k + 1) % 2][i] += m->edges[i][j] * counts[k % 2][j];
        }
    return counts[length % 2][from];
}

static uint64_t
value_of(const uint32_t *digits, size_t count)
{
    assert_true(count <= 2);
    return (count > 1 ? (uint64_t)digits[1] << 32 : 0) | (count ? digits[0] : 0);
}

static uint64_t
number_of(const heapy_shortest_paths *p, const heapy_node_set *from)
{
    uint32_t *digits;
    size_t count;
    assert_ok(heapy_paths_number(p, from, NULL, &digits, &count, err));
    uint64_t number = value_of(digits, count);
    heapy_free(digits);
    return number;
}

/* Every path is one, they are different, and walking on from each gives the next. */
static void
check_listing(const heapy_graph *g, heapy_shortest_paths *p, const bool *sources, const bool *targets,
              uint64_t number)
{
    size_t length = heapy_paths_length(p);
    heapy_path_step steps[MAX_NODES], walked[MAX_NODES], before[MAX_NODES] = {{0}};
    uint32_t positions[MAX_NODES + 1];
    const uint32_t zero = 0;
    assert_ok(heapy_paths_seek(p, &zero, 1, positions, err));
    heapy_node previous = HEAPY_NO_NODE;
    for (uint64_t i = 0; i < number && i < 300; i++) {
        const uint32_t digit = (uint32_t)i;
        heapy_node source, again;
        bool found;
        assert_ok(heapy_paths_get(p, &digit, 1, &source, steps, err));
        assert_ok(heapy_paths_at(p, positions, &again, walked, err));
        assert_int_equal(source, again);
        assert_memory_equal(steps, walked, length * sizeof *steps);
        assert_true(sources[source]);
        for (size_t k = 0, at = source; k < length; k++) {
            uint64_t first, end;
            heapy_graph_edges(g, (heapy_node)at, &first, &end);
            assert_true(steps[k].edge >= first && steps[k].edge < end);
            at = heapy_graph_targets(g)[steps[k].edge];
            assert_int_equal(targets[at], k + 1 == length);
        }
        assert_true(source != previous || memcmp(steps, before, length * sizeof *steps) != 0);
        previous = source;
        memcpy(before, steps, sizeof steps);
        assert_ok(heapy_paths_next(p, positions, &found, err));
        assert_int_equal(found, i + 1 < number);
    }
    uint32_t beyond[] = {(uint32_t)number, (uint32_t)(number >> 32)};
    heapy_node source;
    assert_int_equal(heapy_paths_get(p, beyond, 2, &source, steps, err), HEAPY_INVALID);
}

static void
paths_are_those_a_model_lists(void **state)
{
    (void)state;
    seed_random(5);
    for (int round = 0; round < ROUNDS; round++) {
        model m;
        heapy_graph *g;
        heapy_shortest_paths *p;
        bool sources[MAX_NODES], targets[MAX_NODES], avoid[MAX_NODES], first[MAX_NODES];
        make_model(&m);
        assert_ok(build_model(&m, &g, err));
        random_members(&m, sources);
        random_members(&m, targets);
        random_members(&m, avoid);
        heapy_node_pair pairs[3];
        size_t pair_count = random_below(4);
        for (size_t i = 0; i < pair_count; i++)
            pairs[i] =
                (heapy_node_pair){(heapy_node)random_below(m.nodes), (heapy_node)random_below(m.nodes)};
        if (random_below(3))
            memset(avoid, 0, sizeof avoid);
        heapy_node_set *s = node_set_of(&m, sources), *t = node_set_of(&m, targets),
                       *a = node_set_of(&m, avoid);
        assert_ok(heapy_shortest_paths_create(g, s, t, a, pairs, pair_count, &p, err));
        for (size_t i = 0; i < pair_count; i++)
            m.edges[pairs[i].source][pairs[i].target] = 0;
        for (size_t i = 0; i < m.nodes; i++) {
            first[i] = sources[i] && !avoid[i];
            targets[i] = targets[i] && !first[i];
        }
        uint64_t number = 0;
        size_t length = 0;
        while (!number && length++ < m.nodes)
            for (size_t i = 0; i < m.nodes; i++)
                number += first[i] ? count_in_model(&m, i, targets, avoid, length) : 0;
        assert_int_equal(heapy_paths_length(p), number ? length : 0);
        assert_int_equal(number_of(p, NULL), number);
        if (number) {
            check_listing(g, p, first, targets, number);
            size_t count;
            const heapy_node *level = heapy_paths_level(p, 0, &count);
            heapy_node_set *from;
            assert_ok(heapy_node_set_create(m.nodes, &from, err));
            heapy_node_set_add(from, level[count - 1]);
            assert_int_equal(number_of(p, from),
                             count_in_model(&m, level[count - 1], targets, avoid, length));
            heapy_node_set_destroy(from);
        }
        heapy_shortest_paths_destroy(p);
        heapy_node_set_destroy(s);
        heapy_node_set_destroy(t);
        heapy_node_set_destroy(a);
        heapy_graph_destroy(g);
    }
}

/* The same paths, node for node and step for step. */
static void
assert_same_paths(const heapy_shortest_paths *a, const heapy_shortest_paths *b)
{
    size_t length = heapy_paths_length(a);
    assert_int_equal(heapy_paths_length(b), length);
    for (size_t level = 0; length && level <= length; level++) {
        size_t count, again;
        const heapy_node *nodes = heapy_paths_level(a, level, &count),
                         *others = heapy_paths_level(b, level, &again);
        assert_int_equal(count, again);
        assert_memory_equal(nodes, others, count * sizeof *nodes);
        for (size_t i = 0; i < count; i++) {
            size_t step_count, step_again;
            const heapy_path_step *steps = heapy_paths_steps(a, level, i, &step_count),
                                  *other_steps = heapy_paths_steps(b, level, i, &step_again);
            assert_int_equal(step_count, step_again);
            if (step_count)
                assert_memory_equal(steps, other_steps, step_count * sizeof *steps);
        }
    }
}

/* The fewest steps from a source to each node, by trying all; SIZE_MAX: none. */
static void
distances_in_model(const model *m, const bool *sources, const bool *avoid, size_t *distances)
{
    for (size_t i = 0; i < m->nodes; i++)
        distances[i] = sources[i] && !avoid[i] ? 0 : HEAPY_NOT_MET;
    for (size_t round = 0; round < m->nodes; round++)
        for (size_t i = 0; i < m->nodes; i++)
            for (size_t j = 0; j < m->nodes; j++)
                if (m->edges[i][j] && !avoid[j] && distances[i] == round && distances[j] > round + 1)
                    distances[j] = round + 1;
}

/* Levels that are kept answer as a search for each of several questions would. */
static void
paths_along_levels_are_those_of_a_search(void **state)
{
    (void)state;
    seed_random(7);
    for (int round = 0; round < ROUNDS; round++) {
        model m;
        heapy_graph *g;
        heapy_path_levels *levels, *some;
        heapy_referrers *referrers;
        bool sources[MAX_NODES], avoid[MAX_NODES], wanted[MAX_NODES];
        size_t distances[MAX_NODES];
        make_model(&m);
        assert_ok(build_model(&m, &g, err));
        random_members(&m, sources);
        random_members(&m, avoid);
        random_members(&m, wanted);
        if (random_below(3))
            memset(avoid, 0, sizeof avoid);
        heapy_node_pair pairs[3];
        size_t pair_count = random_below(4);
        for (size_t i = 0; i < pair_count; i++)
            pairs[i] =
                (heapy_node_pair){(heapy_node)random_below(m.nodes), (heapy_node)random_below(m.nodes)};
        heapy_node_set *s = node_set_of(&m, sources), *a = node_set_of(&m, avoid),
                       *until = node_set_of(&m, wanted);
        assert_ok(heapy_path_levels_create(g, s, a, pairs, pair_count, NULL, &levels, err));
        assert_ok(heapy_path_levels_create(g, s, a, pairs, pair_count, until, &some, err));
        assert_ok(heapy_referrers_create(g, &referrers, err));
        for (int question = 0; question < 4; question++) {
            bool members[MAX_NODES];
            heapy_shortest_paths *p, *q;
            random_members(&m, members);
            if (question == 3)
                memcpy(members, wanted, sizeof members);
            heapy_node_set *t = node_set_of(&m, members);
            assert_ok(heapy_shortest_paths_create(g, s, t, a, pairs, pair_count, &p, err));
            assert_ok(heapy_shortest_paths_along(question == 3 ? some : levels,
                                                 question == 2 ? NULL : referrers, t, &q, err));
            assert_same_paths(p, q);
            heapy_shortest_paths_destroy(p);
            heapy_shortest_paths_destroy(q);
            heapy_node_set_destroy(t);
        }
        for (size_t i = 0; i < pair_count; i++)
            m.edges[pairs[i].source][pairs[i].target] = 0;
        distances_in_model(&m, sources, avoid, distances);
        for (size_t i = 0; i < m.nodes; i++) {
            assert_true(heapy_path_levels_distance(levels, (heapy_node)i) == distances[i]);
            if (wanted[i])
                assert_true(heapy_path_levels_distance(some, (heapy_node)i) == distances[i]);
        }
        heapy_referrers_destroy(referrers);
        heapy_path_levels_destroy(levels);
        heapy_path_levels_destroy(some);
        heapy_node_set_destroy(s);
        heapy_node_set_destroy(a);
        heapy_node_set_destroy(until);
        heapy_graph_destroy(g);
    }
}

static void
ends_of_chain(size_t nodes, unsigned parallel, heapy_graph **g, heapy_shortest_paths **p)
{
    heapy_node_set *s, *t;
    assert_ok(build_chain(nodes, parallel, g, err));
    assert_ok(heapy_node_set_create(nodes, &s, err));
    assert_ok(heapy_node_set_create(nodes, &t, err));
    heapy_node_set_add(s, 0);
    heapy_node_set_add(t, (heapy_node)nodes - 1);
    assert_ok(heapy_shortest_paths_create(*g, s, t, NULL, NULL, 0, p, err));
    heapy_node_set_destroy(s);
    heapy_node_set_destroy(t);
}

/* P-13 */
static void
a_path_of_a_million_steps_is_one(void **state)
{
    (void)state;
    heapy_graph *g;
    heapy_shortest_paths *p;
    ends_of_chain(LONG_CHAIN, 1, &g, &p);
    assert_int_equal(heapy_paths_length(p), LONG_CHAIN - 1);
    assert_int_equal(number_of(p, NULL), 1);
    heapy_shortest_paths_destroy(p);
    heapy_graph_destroy(g);
}

/* 16^100 = 2^400 paths: the digits of a number in base 16 are the steps of the path of that number (P-11). */
static void
any_of_2_to_the_400_paths_is_at_hand(void **state)
{
    (void)state;
    enum { STEPS = 100, WORDS = 13 };
    heapy_graph *g;
    heapy_shortest_paths *p;
    uint32_t *digits;
    size_t count;
    ends_of_chain(STEPS + 1, 16, &g, &p);
    assert_ok(heapy_paths_number(p, NULL, NULL, &digits, &count, err));
    assert_int_equal(count, WORDS);
    for (size_t i = 0; i < WORDS; i++)
        assert_int_equal(digits[i], i == WORDS - 1 ? 1 << 16 : 0);
    seed_random(6);
    for (int round = 0; round < 50; round++) {
        uint32_t number[WORDS];
        heapy_path_step steps[STEPS];
        heapy_node source;
        for (size_t i = 0; i < WORDS; i++) {
            number[i] = random_below(4) ? (uint32_t)random_below(UINT64_C(1) << 32) : 0;
            if (round % 3 == 0 && i > random_below(WORDS))
                number[i] = 0;
        }
        number[WORDS - 1] &= 0xffff;
        assert_ok(heapy_paths_get(p, number, WORDS, &source, steps, err));
        for (size_t k = 0; k < STEPS; k++) {
            uint64_t first, end;
            size_t digit = STEPS - 1 - k;
            heapy_graph_edges(g, (heapy_node)k, &first, &end);
            assert_int_equal(steps[k].edge - first, number[digit / 8] >> 4 * (digit % 8) & 15);
        }
    }
    heapy_path_step steps[STEPS];
    heapy_node source;
    assert_int_equal(heapy_paths_get(p, digits, count, &source, steps, err), HEAPY_INVALID);
    heapy_free(digits);
    heapy_shortest_paths_destroy(p);
    heapy_graph_destroy(g);
}

/* Largest first. */
static heapy_status
turn_nodes(void *context, heapy_node *nodes, size_t count, heapy_error *error)
{
    (void)error;
    ++*(int *)context;
    for (size_t i = 0; i < count / 2; i++) {
        heapy_node t = nodes[i];
        nodes[i] = nodes[count - 1 - i];
        nodes[count - 1 - i] = t;
    }
    return HEAPY_OK;
}

static heapy_status
turn_steps(void *context, heapy_node source, heapy_path_step *steps, size_t count, heapy_error *error)
{
    (void)source;
    (void)error;
    ++*(int *)context;
    for (size_t i = 0; i < count / 2; i++) {
        heapy_path_step t = steps[i];
        steps[i] = steps[count - 1 - i];
        steps[count - 1 - i] = t;
    }
    return HEAPY_OK;
}

/* P-12 */
static void
paths_come_in_the_order_asked_for(void **state)
{
    (void)state;
    heapy_graph *g;
    heapy_shortest_paths *p;
    int calls = 0;
    ends_of_chain(3, 3, &g, &p);
    heapy_paths_set_order(p, (heapy_path_order){turn_nodes, turn_steps, &calls});
    for (uint32_t i = 0; i < 9; i++) {
        heapy_path_step steps[2];
        heapy_node source;
        assert_ok(heapy_paths_get(p, &i, 1, &source, steps, err));
        assert_int_equal(steps[0].edge, 2 - i / 3);
        assert_int_equal(steps[1].edge, 3 + 2 - i % 3);
    }
    assert_int_equal(calls, 3); /* each once */
    heapy_shortest_paths_destroy(p);
    heapy_graph_destroy(g);
}

static heapy_graph *failing_graph;

static heapy_status
ask_everything(heapy_error *error)
{
    int calls = 0;
    heapy_node_set *s = NULL, *t = NULL;
    heapy_shortest_paths *p = NULL;
    heapy_path_levels *levels = NULL;
    heapy_referrers *referrers = NULL;
    uint32_t *digits = NULL;
    uint32_t large[] = {5, 6, 1};
    size_t count;
    heapy_path_step steps[40];
    heapy_node source;
    heapy_node_pair pair = {3, 3};
    heapy_status status = heapy_node_set_create(41, &s, error);
    if (!status)
        status = heapy_node_set_create(41, &t, error);
    if (!status) {
        heapy_node_set_add(s, 0);
        heapy_node_set_add(t, 40);
        status = heapy_shortest_paths_create(failing_graph, s, t, NULL, &pair, 1, &p, error);
    }
    if (!status)
        heapy_paths_set_order(p, (heapy_path_order){turn_nodes, turn_steps, &calls});
    if (!status)
        status = heapy_paths_number(p, NULL, NULL, &digits, &count, error);
    if (!status)
        status = heapy_paths_get(p, large, 3, &source, steps, error);
    heapy_free(digits);
    heapy_shortest_paths_destroy(p);
    p = NULL;
    if (!status)
        status = heapy_path_levels_create(failing_graph, s, NULL, &pair, 1, NULL, &levels, error);
    if (!status)
        status = heapy_referrers_create(failing_graph, &referrers, error);
    if (!status)
        status = heapy_shortest_paths_along(levels, referrers, t, &p, error);
    heapy_shortest_paths_destroy(p);
    heapy_referrers_destroy(referrers);
    heapy_path_levels_destroy(levels);
    heapy_node_set_destroy(s);
    heapy_node_set_destroy(t);
    return status;
}

static void
every_allocation_may_fail(void **state)
{
    (void)state;
    assert_ok(build_chain(41, 4, &failing_graph, err));
    fail_each_allocation(ask_everything);
    heapy_graph_destroy(failing_graph);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_those_a_model_lists),
        cmocka_unit_test(paths_along_levels_are_those_of_a_search),
        cmocka_unit_test(a_path_of_a_million_steps_is_one),
        cmocka_unit_test(any_of_2_to_the_400_paths_is_at_hand),
        cmocka_unit_test(paths_come_in_the_order_asked_for),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
