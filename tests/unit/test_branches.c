/* SPDX-License-Identifier: MIT */
/* Branches of the dominator tree: the rows are what is asked of each of them alone. */
#include "support.h"

#include <string.h>

#include "random_graph.h"

enum { ROUNDS = 600 };

static void
make_snapshot(model *m, heapy_snapshot **out)
{
    heapy_graph *graph;
    make_model(m);
    assert_ok(build_model(m, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, out, err));
}

/* The path to one node, found by a search of its own. */
static char *
path_alone(heapy_snapshot *snapshot, heapy_node from, heapy_node to)
{
    size_t nodes = heapy_graph_node_count(heapy_snapshot_graph(snapshot));
    heapy_node_set *source = NULL, *target;
    heapy_shortest_paths *paths;
    heapy_path_writer *writer;
    heapy_path_step steps[MAX_NODES];
    heapy_node first;
    const uint32_t zero = 0;
    char *text = NULL;
    assert_ok(heapy_node_set_create(nodes, &target, err));
    heapy_node_set_add(target, to);
    if (from != HEAPY_NO_NODE) {
        assert_ok(heapy_node_set_create(nodes, &source, err));
        heapy_node_set_add(source, from);
    }
    const heapy_path_question question = {.targets = target, .sources = source, .is_single = true};
    assert_ok(heapy_snapshot_paths(snapshot, &question, &paths, err));
    assert_ok(heapy_path_writer_create(snapshot, HEAPY_TEXT_KEY, HEAPY_PATH_PLAIN, &writer, err));
    if (heapy_paths_length(paths)) {
        assert_ok(heapy_paths_get(paths, &zero, 1, &first, steps, err));
        assert_ok(heapy_path_text(writer, source ? "" : "Root", first, steps, heapy_paths_length(paths),
                                  &text, NULL, err));
    }
    heapy_path_writer_destroy(writer);
    heapy_shortest_paths_destroy(paths);
    heapy_node_set_destroy(source);
    heapy_node_set_destroy(target);
    return text;
}

static void
check_rows(heapy_snapshot *snapshot, heapy_node node, heapy_branches *branches, size_t first, size_t wanted)
{
    heapy_dominators *dominators;
    const heapy_table *table;
    size_t count;
    const heapy_node *nodes = heapy_branches_nodes(branches, &count);
    assert_ok(heapy_snapshot_dominators(snapshot, NULL, &dominators, err));
    assert_ok(heapy_branches_table(branches, first, wanted, &table, err));
    assert_int_equal(table->format, HEAPY_FORMAT_DOMINATED);
    assert_int_equal(table->row_count, count);
    assert_int_equal(table->size, heapy_branches_retained(branches));
    for (size_t i = first; i < count && i < first + wanted; i++) {
        char *brief, *path = path_alone(snapshot, node, nodes[i]), expected[2000];
        assert_ok(heapy_node_brief(snapshot, nodes[i], HEAPY_BRIEF_LENGTH, &brief, err));
        snprintf(expected, sizeof expected, "%s%s%s", brief, path ? "  " : "", path ? path : "");
        assert_string_equal(table->rows[i].name, expected);
        assert_int_equal(table->rows[i].index, i);
        assert_int_equal(table->rows[i].retained, heapy_retained_size(dominators, nodes[i]));
        assert_int_equal(heapy_dominator(dominators, nodes[i]), node);
        heapy_text_free(brief);
        heapy_text_free(path);
    }
}

static void
rows_are_what_each_is_alone(void **state)
{
    (void)state;
    seed_random(21);
    for (int round = 0; round < ROUNDS; round++) {
        model m;
        heapy_snapshot *snapshot;
        make_snapshot(&m, &snapshot);
        for (int i = 0; i < 4; i++) {
            heapy_node node = i ? (heapy_node)random_below(m.nodes) : HEAPY_NO_NODE;
            uint64_t least = random_below(2) ? 0 : 16 * random_below(20);
            heapy_branches *branches;
            heapy_node *all;
            heapy_dominators *dominators;
            size_t count, all_count, enough = 0;
            assert_ok(heapy_branches_create(snapshot, node, least, NULL, &branches, err));
            assert_ok(heapy_snapshot_dominators(snapshot, NULL, &dominators, err));
            assert_ok(heapy_dominated_children(dominators, node, &all, &all_count, err));
            const heapy_node *nodes = heapy_branches_nodes(branches, &count);
            for (size_t k = 0; k < all_count; k++)
                if (heapy_retained_size(dominators, all[k]) >= least)
                    assert_int_equal(nodes[enough++], all[k]);
            assert_int_equal(count, enough);
            check_rows(snapshot, node, branches, 0, 3);
            check_rows(snapshot, node, branches, random_below(6), random_below(6));
            check_rows(snapshot, node, branches, 0, SIZE_MAX);
            heapy_free(all);
            heapy_branches_destroy(branches);
        }
        heapy_snapshot_release(snapshot);
    }
}

static heapy_status
list_chain(heapy_error *error)
{
    heapy_graph *graph;
    heapy_snapshot *snapshot = NULL;
    heapy_branches *branches = NULL;
    const heapy_table *table;
    heapy_status status = build_chain(6, 2, &graph, error);
    if (!status)
        status = heapy_snapshot_create(graph, NULL, NULL, &snapshot, error);
    if (!status)
        status = heapy_branches_create(snapshot, 1, 0, NULL, &branches, error);
    if (!status)
        status = heapy_branches_table(branches, 0, 10, &table, error);
    heapy_branches_destroy(branches);
    branches = NULL;
    if (!status)
        status = heapy_branches_create(snapshot, HEAPY_NO_NODE, 0, NULL, &branches, error);
    if (!status)
        status = heapy_branches_table(branches, 0, 10, &table, error);
    heapy_branches_destroy(branches);
    heapy_snapshot_release(snapshot);
    return status;
}

static void
every_allocation_may_fail(void **state)
{
    (void)state;
    fail_each_allocation(list_chain);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_what_each_is_alone),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
