/* SPDX-License-Identifier: MIT */
/* Edges that a graph gives on instead of keeping them. */
#include <string.h>

#include "support.h"

typedef struct taken_edges {
    heapy_node targets[200000];
    heapy_label labels[200000];
    uint32_t counts[60000];
    size_t edge_count, node_count, calls;
    size_t fails_at; /* the call that fails; 0: none */
} taken_edges;

static heapy_status
take_edges(void *context, const heapy_node *targets, const heapy_label *labels, size_t edge_count,
           const uint32_t *counts, size_t node_count, heapy_error *error)
{
    taken_edges *taken = context;
    if (++taken->calls == taken->fails_at) {
        strcpy(error->message, "the sink is full");
        return error->status = HEAPY_OS;
    }
    memcpy(taken->targets + taken->edge_count, targets, edge_count * sizeof *targets);
    memcpy(taken->labels + taken->edge_count, labels, edge_count * sizeof *labels);
    memcpy(taken->counts + taken->node_count, counts, node_count * sizeof *counts);
    taken->edge_count += edge_count;
    taken->node_count += node_count;
    return HEAPY_OK;
}

/* A graph of some nodes whose edges are drained: node i has `degree(i)` edges. */
static heapy_status
drain_graph(taken_edges *taken, size_t nodes, heapy_node wrong_target, heapy_graph **out)
{
    heapy_graph_builder *b;
    heapy_edge_writer *edges;
    heapy_type type;
    const heapy_edge_drain drain = {take_edges, taken};
    heapy_status status = heapy_graph_builder_create(nodes, &b, err);
    if (status)
        return status;
    status = add_type(b, "list", HEAPY_ROLE_SEQUENCE, &type, err);
    if (!status)
        status = heapy_graph_builder_drain_edges(b, &drain, &edges, err);
    if (status) {
        heapy_graph_builder_destroy(b);
        return status;
    }
    memset(heapy_graph_builder_types(b), 0, nodes * sizeof(heapy_type));
    bool is_done = true;
    for (size_t i = 0; is_done && i < nodes; i++) {
        for (size_t k = 0; is_done && k < i % 7; k++)
            is_done =
                heapy_edge_writer_put(edges, (heapy_node)((i * 7 + k) % nodes) + (i == 5000) * wrong_target,
                                      heapy_label_make(HEAPY_LABEL_INDEX, (uint32_t)k));
        is_done = is_done && !heapy_graph_builder_end_node(b, err);
    }
    return heapy_graph_builder_finish(b, out, err);
}

static void
edges_may_be_given_on_instead_of_kept(void **state)
{
    (void)state;
    static taken_edges taken;
    const size_t sizes[] = {0, 1, 20, 16384, 50001};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        heapy_graph *graph;
        taken = (taken_edges){.calls = 0};
        assert_ok(drain_graph(&taken, sizes[s], 0, &graph));
        assert_false(heapy_graph_has_edges(graph));
        assert_int_equal(heapy_graph_edge_count(graph), 0);
        assert_int_equal(taken.node_count, sizes[s]);
        size_t edge = 0;
        for (size_t i = 0; i < sizes[s]; i++) {
            assert_int_equal(taken.counts[i], i % 7);
            for (size_t k = 0; k < i % 7; k++, edge++) {
                assert_int_equal(taken.targets[edge], (i * 7 + k) % sizes[s]);
                assert_int_equal(taken.labels[edge], heapy_label_make(HEAPY_LABEL_INDEX, (uint32_t)k));
            }
        }
        assert_int_equal(taken.edge_count, edge);
        heapy_graph_destroy(graph);
    }
}

static void
edges_that_are_given_on_are_checked_and_a_failure_is_passed_on(void **state)
{
    (void)state;
    static taken_edges taken;
    heapy_graph *graph;
    taken = (taken_edges){.calls = 0};
    assert_int_equal(drain_graph(&taken, 50001, 1 << 20, &graph), HEAPY_INVALID);
    for (size_t call = 1; call <= 10; call++) {
        taken = (taken_edges){.fails_at = call};
        assert_int_equal(drain_graph(&taken, 50001, 0, &graph), HEAPY_OS);
        assert_string_equal(err->message, "the sink is full");
        assert_int_equal(taken.calls, call);
    }
}

static heapy_status
drain_once(heapy_error *error)
{
    static taken_edges taken;
    heapy_graph *graph;
    taken = (taken_edges){.calls = 0};
    heapy_status status = drain_graph(&taken, 30, 0, &graph);
    (void)error; /* it is err */
    if (!status)
        heapy_graph_destroy(graph);
    return status;
}

static void
each_failing_allocation_of_a_drain_is_reported(void **state)
{
    (void)state;
    fail_each_allocation(drain_once);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_may_be_given_on_instead_of_kept),
        cmocka_unit_test(edges_that_are_given_on_are_checked_and_a_failure_is_passed_on),
        cmocka_unit_test(each_failing_allocation_of_a_drain_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
