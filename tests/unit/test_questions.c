/* SPDX-License-Identifier: MIT */
/* What is asked around a set, on random graphs beside a slow model. */
#include "random_graph.h"

#include <string.h>

enum { ROUNDS = 2000 };

/* The model's graph, with one more node: the root, which refers to the roots. */
static heapy_status
build_with_root(const model *m, heapy_graph **out, heapy_error *error)
{
    return build_model_as(m, (model_form){.has_root = true, .has_more_root = true}, out, error);
}

static heapy_snapshot *
snapshot_of(const model *m)
{
    heapy_graph *graph;
    heapy_snapshot *snapshot;
    assert_ok(build_with_root(m, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
    return snapshot;
}

static heapy_node_set *
nodes_of(const model *m, const bool *members)
{
    heapy_node_set *nodes;
    assert_ok(heapy_node_set_create(m->nodes + 1, &nodes, err));
    for (heapy_node i = 0; i < m->nodes; i++)
        if (members[i])
            heapy_node_set_add(nodes, i);
    return nodes;
}

/* The answer has exactly `expected`, and the root if `with_root`. */
static void
assert_answers(heapy_snapshot *snapshot, const model *m, heapy_question question, const bool *members,
               const bool *expected, bool with_root)
{
    heapy_node_set *nodes = nodes_of(m, members), *answer;
    assert_ok(heapy_ask(snapshot, question, HEAPY_NO_NODE, nodes, &answer, err));
    for (heapy_node i = 0; i < m->nodes; i++)
        assert_int_equal(heapy_node_set_contains(answer, i), expected[i]);
    assert_int_equal(heapy_node_set_contains(answer, (heapy_node)m->nodes), with_root);
    heapy_node_set_destroy(nodes);
    heapy_node_set_destroy(answer);
}

/* The referrers of `members` that the roots reach around the other referrers. */
static void
immediate_in_model(const model *m, const bool *referrers, bool *immediate)
{
    for (size_t r = 0; r < m->nodes; r++) {
        bool others[MAX_NODES], reached[MAX_NODES];
        memcpy(others, referrers, sizeof others);
        others[r] = false;
        reach_in_model(m, m->is_root, others, reached);
        immediate[r] = referrers[r] && reached[r];
    }
}

static void
answers_are_those_of_the_model(void **state)
{
    (void)state;
    seed_random(17);
    for (int round = 0; round < ROUNDS; round++) {
        model m;
        make_model(&m);
        heapy_snapshot *snapshot = snapshot_of(&m);
        bool members[MAX_NODES], referents[MAX_NODES] = {false}, referrers[MAX_NODES] = {false};
        bool immediate[MAX_NODES], dominated[MAX_NODES], none[MAX_NODES] = {false}, has_root = false;
        random_members(&m, members);
        for (size_t i = 0; i < m.nodes; i++) {
            has_root |= members[i] && m.is_root[i];
            for (size_t j = 0; j < m.nodes; j++) {
                referents[j] |= members[i] && m.edges[i][j];
                referrers[i] |= members[j] && m.edges[i][j];
            }
        }
        immediate_in_model(&m, referrers, immediate);
        dominated_in_model(&m, members, dominated);
        assert_answers(snapshot, &m, HEAPY_ASK_REFERENTS, members, referents, false);
        assert_answers(snapshot, &m, HEAPY_ASK_REFERRERS, members, referrers, has_root);
        /* the root is no object: what it refers to has no other dominator */
        assert_answers(snapshot, &m, HEAPY_ASK_IMMEDIATE_DOMINATORS, members, has_root ? none : immediate,
                       false);
        assert_answers(snapshot, &m, HEAPY_ASK_DOMINATED, members, dominated, false);

        heapy_node_set *nodes = nodes_of(&m, members);
        uint64_t bytes;
        assert_ok(heapy_ask_retained(snapshot, NULL, nodes, &bytes, err));
        assert_true(bytes == size_in_model(&m, dominated));
        heapy_node_set_destroy(nodes);
        heapy_snapshot_release(snapshot);
    }
}

/* From a node of the graph as a start, only what it reaches dominates. */
static void
a_start_of_ones_own_is_where_ways_begin(void **state)
{
    (void)state;
    model m = {.nodes = 4, .is_root = {true}}; /* 0 -> 1 -> 2 -> 3 and 0 -> 3 */
    m.edges[0][1] = m.edges[1][2] = m.edges[2][3] = m.edges[0][3] = 1;
    heapy_snapshot *snapshot = snapshot_of(&m);
    const bool last[MAX_NODES] = {false, false, false, true};
    heapy_node_set *nodes = nodes_of(&m, last), *answer;
    assert_ok(heapy_ask(snapshot, HEAPY_ASK_IMMEDIATE_DOMINATORS, 1, nodes, &answer, err));
    assert_int_equal(heapy_node_set_count(answer), 1);
    assert_true(heapy_node_set_contains(answer, 2));
    heapy_node_set_destroy(answer);
    heapy_node_set_destroy(nodes);
    heapy_snapshot_release(snapshot);
}

static void
the_root_dominates_everything_but_itself(void **state)
{
    (void)state;
    model m = {.nodes = 3, .is_root = {true}, .sizes = {1, 2, 4}};
    heapy_snapshot *snapshot = snapshot_of(&m);
    heapy_node_set *nodes, *answer;
    uint64_t bytes;
    assert_ok(heapy_node_set_create(4, &nodes, err));
    heapy_node_set_add(nodes, 3);
    assert_ok(heapy_ask(snapshot, HEAPY_ASK_DOMINATED, HEAPY_NO_NODE, nodes, &answer, err));
    assert_int_equal(heapy_node_set_count(answer), 3);
    assert_false(heapy_node_set_contains(answer, 3));
    assert_ok(heapy_ask_retained(snapshot, NULL, nodes, &bytes, err));
    assert_int_equal(bytes, 7);
    heapy_node_set_destroy(answer);
    heapy_node_set_destroy(nodes);
    heapy_snapshot_release(snapshot);
}

static void
what_cannot_be_asked_is_an_error(void **state)
{
    (void)state;
    model m = {.nodes = 2};
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_snapshot *bare, *snapshot = snapshot_of(&m);
    heapy_node_set *wrong, *none, *answer = NULL;
    heapy_type type;
    uint64_t bytes;
    assert_ok(heapy_node_set_create(2, &wrong, err)); /* the snapshot has three nodes */
    assert_int_equal(heapy_ask(snapshot, HEAPY_ASK_REFERRERS, HEAPY_NO_NODE, wrong, &answer, err),
                     HEAPY_INVALID);
    assert_int_equal(heapy_ask_retained(snapshot, NULL, wrong, &bytes, err), HEAPY_INVALID);
    assert_ok(heapy_node_set_create(3, &none, err));
    assert_int_equal(heapy_ask(snapshot, HEAPY_QUESTION_COUNT, HEAPY_NO_NODE, none, &answer, err),
                     HEAPY_INVALID);
    assert_null(answer);
    assert_ok(heapy_graph_builder_create(2, &b, err)); /* without edges */
    assert_ok(add_type(b, "int", HEAPY_ROLE_NUMBER, &type, err));
    heapy_graph_builder_types(b)[0] = heapy_graph_builder_types(b)[1] = type;
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &bare, err));
    assert_int_equal(heapy_ask(bare, HEAPY_ASK_REFERENTS, HEAPY_NO_NODE, wrong, &answer, err), HEAPY_INVALID);
    heapy_node_set_destroy(wrong);
    heapy_node_set_destroy(none);
    heapy_snapshot_release(bare);
    heapy_snapshot_release(snapshot);
}

static heapy_status
ask_everything(heapy_error *error)
{
    model m = {.nodes = 4, .is_root = {true}};
    m.edges[0][1] = m.edges[1][2] = m.edges[2][3] = 1;
    heapy_graph *graph = NULL;
    heapy_snapshot *snapshot = NULL;
    heapy_node_set *nodes = NULL;
    uint64_t bytes;
    heapy_status status = build_with_root(&m, &graph, error);
    if (!status)
        status = heapy_snapshot_create(graph, NULL, NULL, &snapshot, error);
    if (!status)
        status = heapy_node_set_create(5, &nodes, error);
    if (!status)
        heapy_node_set_add(nodes, 2);
    for (int q = 0; !status && q < HEAPY_QUESTION_COUNT; q++) {
        heapy_node_set *answer;
        status = heapy_ask(snapshot, (heapy_question)q, 0, nodes, &answer, error);
        if (!status)
            heapy_node_set_destroy(answer);
    }
    if (!status)
        status = heapy_ask_retained(snapshot, NULL, nodes, &bytes, error);
    heapy_node_set_destroy(nodes);
    heapy_snapshot_release(snapshot);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    fail_each_allocation(ask_everything);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_those_of_the_model),
        cmocka_unit_test(a_start_of_ones_own_is_where_ways_begin),
        cmocka_unit_test(the_root_dominates_everything_but_itself),
        cmocka_unit_test(what_cannot_be_asked_is_an_error),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("questions", tests, NULL, NULL);
}
