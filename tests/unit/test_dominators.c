/* SPDX-License-Identifier: MIT */
/* Reverse edges, reachability, dominators and retained sizes: random graphs against their definitions. */
#define _GNU_SOURCE /* setenv */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "random_graph.h"

enum { ROUNDS = 4000, LONG_CHAIN = 1000000 };

static void
assert_members(const model *m, const heapy_node_set *set, const bool *expected)
{
    for (size_t i = 0; i < m->nodes; i++)
        assert_int_equal(heapy_node_set_contains(set, (heapy_node)i), expected[i]);
}

static void
count_release(void *context)
{
    ++*(int *)context;
}

/* What is lent says the same; with a word of it changed it is refused, and let go of. */
static void
check_lent_referrers(const heapy_graph *g, const heapy_referrers *r)
{
    heapy_referrers *again, *none;
    heapy_referrer_columns kept;
    int released = 0;
    const heapy_keeper keeper = {count_release, &released};
    assert_ok(heapy_referrers_columns(r, &kept, err));
    assert_ok(heapy_referrers_lend(g, &kept, &keeper, &again, err));
    for (heapy_node i = 0; i <= kept.node_count; i++) {
        size_t count, other_count;
        const heapy_node *sources = heapy_referrers_get(r, i, &count);
        assert_ptr_equal(heapy_referrers_get(again, i, &other_count), sources);
        assert_int_equal(count, other_count);
    }
    assert_true(heapy_referrers_bytes(again) < 200);
    heapy_referrers_destroy(again);
    assert_int_equal(released, 1);
    uint32_t *columns[] = {(uint32_t *)(uintptr_t)kept.starts32, (uint32_t *)(uintptr_t)kept.sources};
    const size_t lengths[] = {kept.node_count + 1, (size_t)kept.edge_count};
    for (size_t c = 0; c < 2; c++)
        for (size_t i = 0; i < lengths[c]; i++) {
            uint32_t before = columns[c][i];
            columns[c][i] = random_below(2) ? before + 1 : before ? before - 1 : UINT32_MAX;
            assert_int_equal(heapy_referrers_lend(g, &kept, &keeper, &none, err), HEAPY_INVALID);
            columns[c][i] = before;
        }
    assert_int_equal(released, 1 + lengths[0] + lengths[1]);
    kept.edge_count++;
    assert_int_equal(heapy_referrers_lend(g, &kept, NULL, &none, err), HEAPY_INVALID);
}

static void
referrers_are_the_edges_turned_round(void **state)
{
    (void)state;
    seed_random(1);
    for (int round = 0; round < ROUNDS; round++) {
        model m;
        heapy_graph *g;
        heapy_referrers *r;
        make_model(&m);
        assert_ok(build_model(&m, &g, err));
        assert_ok(heapy_referrers_create(g, &r, err));
        for (size_t j = 0; j < m.nodes; j++) {
            size_t count, at = 0;
            const heapy_node *sources = heapy_referrers_get(r, (heapy_node)j, &count);
            for (size_t i = 0; i < m.nodes; i++)
                for (unsigned k = 0; k < m.edges[i][j]; k++)
                    assert_true(at < count && sources[at++] == i);
            assert_int_equal(at, count);
        }
        assert_true(heapy_referrers_bytes(r) >= 4 * (m.nodes + 1));
        if (!(round % 8))
            check_lent_referrers(g, r);
        heapy_referrers_destroy(r);
        heapy_graph_destroy(g);
    }
}

/* A word of a column that is lent is changed, and changed back: the tree is refused, and let go of. */
static void
refuse_a_change(const heapy_graph *g, const heapy_dominator_columns *columns, const uint32_t *column,
                size_t at)
{
    heapy_dominators *none;
    int released = 0;
    const heapy_keeper keeper = {count_release, &released};
    uint32_t *word = (uint32_t *)(uintptr_t)column + at, before = *word;
    const uint32_t others[] = {(uint32_t)columns->node_count, before + 1, before ? 0 : 7, HEAPY_NO_NODE,
                               HEAPY_UNREACHED};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (others[i] == before)
            continue;
        *word = others[i];
        released = 0;
        assert_int_equal(heapy_dominators_lend(g, columns, &keeper, &none, err), HEAPY_INVALID);
        assert_int_equal(released, 1);
    }
    *word = before;
}

/* What is lent says the same, and columns that are no tree of these sizes are refused. */
static void
check_lent(const heapy_graph *g, heapy_dominators *d)
{
    heapy_dominators *again, *none;
    heapy_dominator_columns kept;
    int released = 0;
    const heapy_keeper keeper = {count_release, &released};
    assert_ok(heapy_dominators_columns(d, &kept, err));
    assert_ok(heapy_dominators_lend(g, &kept, &keeper, &again, err));
    assert_true(heapy_dominators_bytes(again) < 200);
    assert_int_equal(heapy_retained_by_roots(again), heapy_retained_by_roots(d));
    for (size_t i = 0; i <= kept.node_count; i++) {
        heapy_node node = i < kept.node_count ? (heapy_node)i : HEAPY_NO_NODE, *one, *other;
        size_t count, other_count;
        assert_int_equal(heapy_dominators_has(again, node), heapy_dominators_has(d, node));
        assert_int_equal(heapy_dominator(again, node), heapy_dominator(d, node));
        assert_int_equal(heapy_retained_size(again, node), heapy_retained_size(d, node));
        assert_ok(heapy_dominated_children(d, node, &one, &count, err));
        assert_ok(heapy_dominated_children(again, node, &other, &other_count, err));
        assert_int_equal(count, other_count);
        assert_memory_equal(one, other, count * sizeof *one);
        heapy_free(one);
        heapy_free(other);
    }
    heapy_dominators_destroy(again);
    assert_int_equal(released, 1);
    for (size_t i = 0; i < kept.node_count; i++) {
        refuse_a_change(g, &kept, kept.dominators, i);
        refuse_a_change(g, &kept, kept.retained, i);
    }
    for (size_t i = 0; i < kept.node_count + 2; i++)
        refuse_a_change(g, &kept, kept.child_starts, i);
    for (size_t i = 0; i < kept.child_count; i++)
        refuse_a_change(g, &kept, kept.children, i);
    kept.node_count++;
    assert_int_equal(heapy_dominators_lend(g, &kept, NULL, &none, err), HEAPY_INVALID);
}

/* Columns that agree with each other in all, of nodes without a size: only that nothing holds them is wrong.
 */
static void
a_circle_of_nodes_without_sizes_is_refused(void **state)
{
    (void)state;
    const heapy_node dominators[] = {1, 0}, children[] = {1, 0};
    const uint32_t retained[] = {0, 0}, starts[] = {0, 1, 2, 2};
    const heapy_dominator_columns columns = {.node_count = 2,
                                             .child_count = 2,
                                             .dominators = dominators,
                                             .retained = retained,
                                             .child_starts = starts,
                                             .children = children};
    heapy_graph *g;
    heapy_dominators *none;
    model m = {.nodes = 2};
    assert_ok(build_model(&m, &g, err));
    assert_int_equal(heapy_dominators_lend(g, &columns, NULL, &none, err), HEAPY_INVALID);
    assert_non_null(strstr(err->message, "circle"));
    heapy_graph_destroy(g);
}

/* What is left when a node is removed says which nodes it dominates, and so what it retains.
 */
static void
dominators_are_what_removing_a_node_shows(void **state)
{
    (void)state;
    seed_random(2);
    for (int round = 0; round < ROUNDS; round++) {
        model m;
        heapy_graph *g;
        heapy_referrers *r;
        heapy_dominators *d;
        const bool nothing[MAX_NODES] = {0};
        bool reached[MAX_NODES], dominated[MAX_NODES][MAX_NODES] = {{0}};
        make_model(&m);
        assert_ok(build_model(&m, &g, err));
        assert_ok(heapy_referrers_create(g, &r, err));
        assert_ok(heapy_dominators_create(g, r, NULL, &d, err));
        reach_in_model(&m, m.is_root, nothing, reached);
        for (size_t i = 0; i < m.nodes; i++) {
            bool set[MAX_NODES] = {0};
            set[i] = true;
            if (reached[i])
                dominated_in_model(&m, set, dominated[i]);
        }
        for (size_t i = 0; i < m.nodes; i++) {
            assert_int_equal(heapy_dominators_has(d, (heapy_node)i), reached[i]);
            assert_int_equal(heapy_retained_size(d, (heapy_node)i),
                             reached[i] ? size_in_model(&m, dominated[i]) : 0);
            /* The nearest dominator is the one that every other dominates. */
            heapy_node nearest = HEAPY_NO_NODE;
            for (size_t a = 0; a < m.nodes; a++)
                if (a != i && dominated[a][i] && (nearest == HEAPY_NO_NODE || dominated[nearest][a]))
                    nearest = (heapy_node)a;
            assert_int_equal(heapy_dominator(d, (heapy_node)i), nearest);
        }
        assert_int_equal(heapy_retained_by_roots(d), size_in_model(&m, reached));
        for (size_t i = 0; i <= m.nodes; i++) {
            heapy_node parent = i < m.nodes ? (heapy_node)i : HEAPY_NO_NODE, *children;
            size_t count, expected = 0;
            if (i < m.nodes && !reached[i])
                continue;
            assert_ok(heapy_dominated_children(d, parent, &children, &count, err));
            for (size_t k = 0; k < m.nodes; k++)
                expected += reached[k] && heapy_dominator(d, (heapy_node)k) == parent;
            assert_int_equal(count, expected);
            for (size_t k = 0; k < count; k++) {
                assert_int_equal(heapy_dominator(d, children[k]), parent);
                assert_true(!k ||
                            heapy_retained_size(d, children[k - 1]) >= heapy_retained_size(d, children[k]));
            }
            heapy_free(children);
        }
        if (!(round % 8))
            check_lent(g, d);
        heapy_dominators_destroy(d);
        heapy_referrers_destroy(r);
        heapy_graph_destroy(g);
    }
}

/* of sets, and R-105. */
static void
sets_dominate_what_only_they_reach(void **state)
{
    (void)state;
    seed_random(3);
    for (int round = 0; round < ROUNDS; round++) {
        model m;
        heapy_graph *g;
        heapy_referrers *r;
        bool a[MAX_NODES], b[MAX_NODES], expected[MAX_NODES], all[MAX_NODES], around[MAX_NODES];
        make_model(&m);
        assert_ok(build_model(&m, &g, err));
        assert_ok(heapy_referrers_create(g, &r, err));
        random_members(&m, a);
        random_members(&m, b);
        heapy_node_set *set = node_set_of(&m, a), *other = node_set_of(&m, b), *out;
        assert_ok(heapy_node_set_create(m.nodes, &out, err));
        assert_ok(heapy_dominated(g, set, out, err));
        dominated_in_model(&m, a, expected);
        assert_members(&m, out, expected);
        assert_true(heapy_node_set_is_subset(set, out)); /* */
        assert_int_equal(heapy_size_of_set(g, out), size_in_model(&m, expected));
        heapy_node_set_destroy(out);

        /* T(Si, W) - T(D, W | Si) */
        bool left[MAX_NODES], with[MAX_NODES];
        for (size_t i = 0; i < MAX_NODES; i++)
            all[i] = a[i] || b[i];
        reach_in_model(&m, m.is_root, all, around);
        reach_in_model(&m, a, around, left);
        for (size_t i = 0; i < MAX_NODES; i++)
            around[i] = i < m.nodes && (around[i] || a[i]);
        reach_in_model(&m, all, around, with);
        for (size_t i = 0; i < m.nodes; i++)
            left[i] = left[i] && !with[i];
        const heapy_node_set *sets[] = {set, other};
        assert_ok(heapy_node_set_create(m.nodes, &out, err));
        assert_ok(heapy_dominated_alone(g, sets, 2, 0, out, err));
        assert_members(&m, out, left);
        heapy_node_set_destroy(out);

        /* Each of the immediate dominators is reached when all the other referrers are taken away. */
        bool referrers[MAX_NODES] = {0}, immediate[MAX_NODES] = {0};
        for (size_t i = 0; i < m.nodes; i++)
            for (size_t j = 0; j < m.nodes; j++)
                referrers[i] |= m.edges[i][j] && a[j];
        for (size_t i = 0; i < m.nodes; i++) {
            bool others[MAX_NODES];
            memcpy(others, referrers, sizeof others);
            others[i] = false;
            reach_in_model(&m, m.is_root, others, around);
            immediate[i] = referrers[i] && around[i];
        }
        assert_ok(heapy_node_set_create(m.nodes, &out, err));
        assert_ok(heapy_immediate_dominators(g, r, NULL, set, out, err));
        assert_members(&m, out, immediate);
        heapy_node_set_destroy(out);

        bool referents[MAX_NODES] = {0};
        for (size_t i = 0; i < m.nodes; i++)
            for (size_t j = 0; j < m.nodes; j++)
                referents[j] |= a[i] && m.edges[i][j];
        assert_ok(heapy_node_set_create(m.nodes, &out, err));
        heapy_referents_of_set(g, set, out);
        assert_members(&m, out, referents);
        heapy_node_set_destroy(out);

        heapy_node_set_destroy(set);
        heapy_node_set_destroy(other);
        heapy_referrers_destroy(r);
        heapy_graph_destroy(g);
    }
}

static void
classes_retain_what_they_dominate_as_sets(void **state)
{
    (void)state;
    seed_random(4);
    for (int round = 0; round < ROUNDS; round++) {
        model m;
        heapy_graph *g;
        uint32_t class_of_node[MAX_NODES];
        make_model(&m);
        assert_ok(build_model(&m, &g, err));
        /* Now and then so many classes that they take several rounds. */
        size_t classes = random_below(8) ? 1 + random_below(5) : 1200;
        uint64_t *out = calloc(classes, sizeof *out);
        for (size_t i = 0; i < m.nodes; i++)
            class_of_node[i] = random_below(6) ? (uint32_t)random_below(classes) : HEAPY_NO_CLASS;
        assert_ok(heapy_retained_by_class(g, class_of_node, classes, NULL, out, err));
        for (size_t c = 0; c < classes; c++) {
            bool set[MAX_NODES] = {0}, dominated[MAX_NODES], is_there = false;
            for (size_t i = 0; i < m.nodes; i++)
                is_there |= set[i] = class_of_node[i] == c;
            if (is_there)
                dominated_in_model(&m, set, dominated);
            assert_int_equal(out[c], is_there ? size_in_model(&m, dominated) : 0);
        }
        free(out);
        heapy_graph_destroy(g);
    }
}

/* More classes than one round has: each node its own retains what the tree says, on one thread and on four.
 */
static void
rounds_of_classes_are_divided_among_threads(void **state)
{
    (void)state;
    enum { NODES = 1700 };
    heapy_graph *g;
    heapy_referrers *r;
    heapy_dominators *d;
    uint32_t *classes = heapy_alloc_array(NODES, sizeof *classes);
    uint64_t *retained = heapy_alloc_array(NODES, sizeof *retained);
    assert_non_null(classes);
    assert_non_null(retained);
    assert_ok(build_chain(NODES, 3, &g, err));
    assert_ok(heapy_referrers_create(g, &r, err));
    assert_ok(heapy_dominators_create(g, r, NULL, &d, err));
    for (uint32_t i = 0; i < NODES; i++)
        classes[i] = NODES - 1 - i;
    for (int threads = 1; threads <= 4; threads += 3) {
        setenv("HEAPY_THREADS", threads == 1 ? "1" : "4", 1);
        assert_ok(heapy_retained_by_class(g, classes, NODES, NULL, retained, err));
        for (heapy_node i = 0; i < NODES; i++)
            assert_int_equal(retained[classes[i]], heapy_retained_size(d, i));
    }
    unsetenv("HEAPY_THREADS");
    heapy_dominators_destroy(d);
    heapy_referrers_destroy(r);
    heapy_graph_destroy(g);
    heapy_free(classes);
    heapy_free(retained);
}

static void
a_chain_of_a_million_needs_no_recursion(void **state)
{
    (void)state;
    heapy_graph *g;
    heapy_referrers *r;
    heapy_dominators *d;
    uint64_t retained;
    assert_ok(build_chain(LONG_CHAIN, 1, &g, err));
    assert_ok(heapy_referrers_create(g, &r, err));
    assert_ok(heapy_dominators_create(g, r, NULL, &d, err));
    for (heapy_node i = 0; i < LONG_CHAIN; i += 1000) {
        assert_int_equal(heapy_dominator(d, i), i ? i - 1 : HEAPY_NO_NODE);
        assert_int_equal(heapy_retained_size(d, i), 8 * (uint64_t)(LONG_CHAIN - i));
    }
    uint32_t *class_of_node = calloc(LONG_CHAIN, sizeof *class_of_node);
    assert_ok(heapy_retained_by_class(g, class_of_node, 1, NULL, &retained, err));
    assert_int_equal(retained, 8 * (uint64_t)LONG_CHAIN);
    free(class_of_node);
    heapy_dominators_destroy(d);
    heapy_referrers_destroy(r);
    heapy_graph_destroy(g);
}

static bool
count_steps(void *context, const char *stage, size_t done, size_t total)
{
    (void)stage, (void)total;
    *(size_t *)context = done;
    return true;
}

/* A file may know of thousands of types of which a hundred have objects: the others retain nothing, and cost
 * no walk over the heap. */
static void
classes_without_members_take_no_rounds(void **state)
{
    (void)state;
    enum { CLASSES = 5000, LAST = CLASSES - 1 };
    size_t few = 0, many = 0;
    heapy_graph *g;
    uint64_t of_two[2], *of_all = heapy_alloc_array(CLASSES, sizeof *of_all);
    uint32_t *class_of_node = heapy_alloc_array(LONG_CHAIN, sizeof *class_of_node);
    assert_non_null(of_all);
    assert_non_null(class_of_node);
    assert_ok(build_chain(LONG_CHAIN, 1, &g, err));
    for (size_t i = 0; i < LONG_CHAIN; i++)
        class_of_node[i] = i >= 1000;
    assert_ok(
        heapy_retained_by_class(g, class_of_node, 2, &(heapy_progress){count_steps, &few}, of_two, err));
    for (size_t i = 0; i < LONG_CHAIN; i++)
        class_of_node[i] = i >= 1000 ? LAST : 7;
    assert_ok(heapy_retained_by_class(g, class_of_node, CLASSES, &(heapy_progress){count_steps, &many},
                                      of_all, err));
    assert_true(few);
    assert_int_equal(many, few);
    for (size_t c = 0; c < CLASSES; c++)
        assert_int_equal(of_all[c], c == 7 ? of_two[0] : c == LAST ? of_two[1] : 0);
    heapy_free(of_all);
    heapy_free(class_of_node);
    heapy_graph_destroy(g);
}

/* Edges that are not known are not none: a node might retain anything. */
static void
what_classes_retain_is_not_known_without_edges(void **state)
{
    (void)state;
    heapy_graph_builder *b;
    heapy_graph *g;
    heapy_type type;
    const heapy_type_row row = {.name = "int", .node = HEAPY_NO_NODE};
    const uint32_t classes[2] = {0, 0};
    uint64_t retained;
    assert_ok(heapy_graph_builder_create(2, &b, err));
    assert_ok(heapy_graph_builder_add_type(b, &row, &type, err));
    heapy_graph_builder_types(b)[0] = heapy_graph_builder_types(b)[1] = type;
    assert_ok(heapy_graph_builder_finish(b, &g, err));
    assert_int_equal(heapy_retained_by_class(g, classes, 1, NULL, &retained, err), HEAPY_INVALID);
    assert_string_equal(err->message, "the references of this snapshot are not known");
    heapy_graph_destroy(g);
}

static bool
stop_at_once(void *context, const char *stage, size_t done, size_t total)
{
    (void)done;
    (void)total;
    assert_true(stage[0]);
    ++*(int *)context;
    return false;
}

static void
long_computations_can_be_stopped(void **state)
{
    (void)state;
    int asked = 0;
    const heapy_progress progress = {stop_at_once, &asked};
    heapy_graph *g;
    heapy_referrers *r;
    heapy_dominators *d;
    uint64_t retained;
    assert_ok(build_chain(LONG_CHAIN, 1, &g, err));
    assert_ok(heapy_referrers_create(g, &r, err));
    assert_int_equal(heapy_dominators_create(g, r, &progress, &d, err), HEAPY_CANCELLED);
    uint32_t *class_of_node = calloc(LONG_CHAIN, sizeof *class_of_node);
    assert_int_equal(heapy_retained_by_class(g, class_of_node, 1, &progress, &retained, err),
                     HEAPY_CANCELLED);
    assert_int_equal(asked, 2);
    free(class_of_node);
    heapy_referrers_destroy(r);
    heapy_graph_destroy(g);
}

static heapy_graph *failing_graph;

static heapy_status
ask_everything(heapy_error *error)
{
    heapy_referrers *r = NULL;
    heapy_dominators *d = NULL;
    heapy_node_set *set = NULL, *out = NULL;
    heapy_node *children = NULL;
    size_t count;
    uint32_t classes[5] = {0, 1, 0, 1, 0};
    uint64_t retained[3]; /* the last without members */
    heapy_status status = heapy_referrers_create(failing_graph, &r, error);
    if (!status)
        status = heapy_dominators_create(failing_graph, r, NULL, &d, error);
    if (!status)
        status = heapy_dominated_children(d, HEAPY_NO_NODE, &children, &count, error);
    if (!status)
        status = heapy_node_set_create(5, &set, error);
    if (!status)
        status = heapy_node_set_create(5, &out, error);
    if (!status) {
        heapy_node_set_add(set, 2);
        status = heapy_dominated(failing_graph, set, out, error);
    }
    heapy_dominator_columns columns;
    heapy_dominators *lent = NULL;
    if (!status)
        status = heapy_dominators_columns(d, &columns, error);
    if (!status)
        status = heapy_dominators_lend(failing_graph, &columns, NULL, &lent, error);
    heapy_dominators_destroy(lent);
    heapy_referrer_columns reverse;
    heapy_referrers *lent_referrers = NULL;
    if (!status)
        status = heapy_referrers_columns(r, &reverse, error);
    if (!status)
        status = heapy_referrers_lend(failing_graph, &reverse, NULL, &lent_referrers, error);
    heapy_referrers_destroy(lent_referrers);
    const heapy_node_set *sets[] = {set, set};
    if (!status)
        status = heapy_dominated_alone(failing_graph, sets, 2, 1, out, error);
    if (!status)
        status = heapy_immediate_dominators(failing_graph, r, NULL, set, out, error);
    if (!status)
        status = heapy_retained_by_class(failing_graph, classes, 3, NULL, retained, error);
    heapy_free(children);
    heapy_node_set_destroy(set);
    heapy_node_set_destroy(out);
    heapy_dominators_destroy(d);
    heapy_referrers_destroy(r);
    return status;
}

static void
every_allocation_may_fail(void **state)
{
    (void)state;
    assert_ok(build_chain(5, 2, &failing_graph, err));
    fail_each_allocation(ask_everything);
    heapy_graph_destroy(failing_graph);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(referrers_are_the_edges_turned_round),
        cmocka_unit_test(dominators_are_what_removing_a_node_shows),
        cmocka_unit_test(a_circle_of_nodes_without_sizes_is_refused),
        cmocka_unit_test(sets_dominate_what_only_they_reach),
        cmocka_unit_test(classes_retain_what_they_dominate_as_sets),
        cmocka_unit_test(rounds_of_classes_are_divided_among_threads),
        cmocka_unit_test(a_chain_of_a_million_needs_no_recursion),
        cmocka_unit_test(classes_without_members_take_no_rounds),
        cmocka_unit_test(what_classes_retain_is_not_known_without_edges),
        cmocka_unit_test(long_computations_can_be_stopped),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
