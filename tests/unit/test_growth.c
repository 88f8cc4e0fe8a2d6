/* SPDX-License-Identifier: MIT */
/*
 * Heaps of many types: tables, kinds and briefs of four times as many take about four times as long.  What is
 * compared is how the work grows from one size to the next, never a time.
 */
#include "support.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

enum { FEW = 6000, TIMES = 4, MOST = 9 }; /* squares would grow by 16 */

/* Of each of n types an object and its dict. */
typedef struct heap {
    heapy_snapshot *snapshot;
    size_t types;
} heap;

static heap
heap_of(size_t types)
{
    heap h = {.types = types};
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_node *owners;
    heapy_type made, dict = 0;
    char name[32];
    assert_ok(heapy_graph_builder_create(2 * types, &b, err));
    assert_ok(add_type(b, "dict", HEAPY_ROLE_DICT, &dict, err));
    assert_ok(heapy_graph_builder_owners(b, &owners, err));
    for (size_t i = 0; i < types; i++) {
        snprintf(name, sizeof name, "m.C%zu", i);
        const heapy_type_row row = {.name = name, .identity = 16 * (i + 1), .node = HEAPY_NO_NODE};
        assert_ok(heapy_graph_builder_add_type(b, &row, &made, err));
        heapy_graph_builder_types(b)[2 * i] = made;
        heapy_graph_builder_types(b)[2 * i + 1] = dict;
        owners[2 * i + 1] = (heapy_node)(2 * i);
    }
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &h.snapshot, err));
    return h;
}

static bool
inherits(uint64_t identity, uint64_t of)
{
    return identity == of;
}

/* Classify, table, kind, select, filter, texts, brief. */
static void
do_all(const heap *h)
{
    const heapy_classifier *by;
    heapy_classes *classes;
    heapy_partition *partition;
    const heapy_kind *kind;
    heapy_type_filter *filter;
    heapy_node_set *chosen;
    char *text, *brief;
    bool is_exact;
    const heapy_kind_writer writer = {.prefix = "hp."};
    assert_ok(heapy_classifier_create(HEAPY_BY_CLODO, NULL, 0, &by, err));
    assert_ok(heapy_classify(by, h->snapshot, NULL, &classes, err));
    assert_ok(heapy_classes_kind(classes, &kind, err));
    assert_ok(heapy_kind_select(kind, h->snapshot, NULL, &chosen, err));
    assert_int_equal(heapy_node_set_count(chosen), 2 * h->types);
    assert_ok(heapy_type_filter_create(kind, &filter, err));
    for (size_t i = 0; i < h->types; i++)
        assert_true(heapy_type_filter_accepts(filter, 16 * (i + 1), inherits, &is_exact) && is_exact);
    assert_ok(heapy_kind_text(kind, &writer, &text, err));
    assert_ok(heapy_partition_create(heapy_snapshot_graph(h->snapshot), NULL, classes, &partition, err));
    assert_int_equal(heapy_partition_table(partition)->row_count, 2 * h->types);
    assert_ok(heapy_set_brief(h->snapshot, NULL, partition, &writer, 80, &brief, err));
    heapy_text_free(brief);
    heapy_text_free(text);
    heapy_partition_destroy(partition);
    heapy_type_filter_destroy(filter);
    heapy_node_set_destroy(chosen);
    heapy_kind_release(kind);
    heapy_classifier_release(by);
}

/* The least of three, in the clock's ticks: others use the machine too. */
static double
work(size_t types)
{
    heap h = heap_of(types);
    double least = 0;
    for (int i = 0; i < 3; i++) {
        clock_t begun = clock();
        do_all(&h);
        double taken = (double)(clock() - begun);
        least = !i || taken < least ? taken : least;
    }
    heapy_snapshot_release(h.snapshot);
    return least;
}

/* 70,000 types took 68 seconds. */
static void
many_types_take_as_much_longer_as_they_are_more(void **state)
{
    (void)state;
    double few = work(FEW), many = work(TIMES * FEW);
    print_message("%d times as many types: %.1f times the work\n", TIMES, many / few);
    assert_true(many < MOST * few);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_types_take_as_much_longer_as_they_are_more),
    };
    return cmocka_run_group_tests_name("growth", tests, NULL, NULL);
}
