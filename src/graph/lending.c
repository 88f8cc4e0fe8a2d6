/* SPDX-License-Identifier: MIT */
/*
 * Columns that a graph reads where they lie: in a file, say.
 *
 * Finishing checks them as it checks the builder's own.  The fields of a graph are not const, since a builder
 * writes its own columns through them; nothing writes what is lent.
 */
#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"

#define NOT_WRITTEN(pointer) ((void *)(uintptr_t)(pointer))

heapy_status
heapy_graph_builder_create_lent(size_t node_count, const heapy_type *types, const heapy_keeper *keeper,
                                heapy_graph_builder **out, heapy_error *err)
{
    heapy_graph_builder *builder = NULL;
    if (!types || !out)
        return heapy__let_go(keeper, heapy__fail_null(err, "types or out"));
    if (node_count >= HEAPY_NO_NODE)
        return heapy__let_go(keeper, heapy__fail(err, HEAPY_LIMIT,
                                                 "%zu nodes are more than the 2^32 - 1 a graph can number",
                                                 node_count));
    heapy_status status = heapy_graph_builder_create(0, &builder, err);
    if (status)
        return heapy__let_go(keeper, status);
    heapy_graph *graph = builder->graph;
    heapy_free(graph->types);
    graph->types = NOT_WRITTEN(types);
    graph->lent = LENT_TYPES;
    graph->node_count = node_count;
    if (keeper)
        graph->keeper = *keeper;
    *out = builder;
    return HEAPY_OK;
}

static heapy_status
there_already(heapy_error *err, const char *what)
{
    return heapy__fail(err, HEAPY_INVALID, "this graph has %s already", what);
}

heapy_status
heapy_graph_builder_lend_sizes(heapy_graph_builder *builder, const heapy_sizes *sizes, heapy_error *err)
{
    if (!builder || !sizes || !sizes->narrow || (sizes->large_count && !sizes->large))
        return heapy__fail_null(err, "builder or sizes");
    heapy_graph *graph = builder->graph;
    if (graph->sizes.narrow)
        return there_already(err, "sizes");
    if (sizes->node_count != graph->node_count)
        return heapy__fail(err, HEAPY_INVALID, "%zu sizes for %zu nodes", sizes->node_count,
                           graph->node_count);
    graph->lent |= LENT_SIZES;
    graph->sizes = (heapy_size_writer){.narrow = NOT_WRITTEN(sizes->narrow),
                                       .large = NOT_WRITTEN(sizes->large),
                                       .node_count = sizes->node_count,
                                       .large_count = sizes->large_count};
    return HEAPY_OK;
}

static heapy_status
lend_values(heapy__sparse_column *column, size_t node_count, const heapy_sparse_values *values,
            const char *what, heapy_error *err)
{
    if (!values || !values->words || !values->ranks || (values->count && !values->values))
        return heapy__fail_null(err, "the values");
    if (column->words)
        return there_already(err, what);
    *column = (heapy__sparse_column){.words = NOT_WRITTEN(values->words),
                                     .ranks = NOT_WRITTEN(values->ranks),
                                     .values = NOT_WRITTEN(values->values),
                                     .node_count = node_count,
                                     .count = values->count,
                                     .next = node_count,
                                     .is_lent = true};
    return HEAPY_OK;
}

heapy_status
heapy_graph_builder_lend_owners(heapy_graph_builder *builder, const heapy_sparse_values *owners,
                                heapy_error *err)
{
    if (!builder)
        return heapy__fail_null(err, "builder");
    heapy_graph *graph = builder->graph;
    if (builder->owners)
        return there_already(err, "owners");
    heapy_status status = lend_values(&graph->owners, graph->node_count, owners, "owners", err);
    if (!status)
        graph->has_owners = true;
    return status;
}

heapy_status
heapy_graph_builder_lend_lengths(heapy_graph_builder *builder, const heapy_sparse_values *lengths,
                                 heapy_error *err)
{
    if (!builder)
        return heapy__fail_null(err, "builder");
    return lend_values(&builder->graph->lengths, builder->graph->node_count, lengths, "lengths", err);
}

heapy_status
heapy_facts_lend(heapy_facts *facts, const heapy_sparse_values *of_nodes, heapy_error *err)
{
    if (!facts)
        return heapy__fail_null(err, "facts");
    return lend_values(&facts->of_nodes, facts->node_count, of_nodes, "facts of that name", err);
}

heapy_status
heapy_graph_builder_lend_edges(heapy_graph_builder *builder, const heapy_lent_edges *edges, heapy_error *err)
{
    if (!builder || !edges || !edges->offsets32 == !edges->offsets64 ||
        (edges->count && (!edges->targets || !edges->labels)))
        return heapy__fail_null(err, "builder, targets or labels, or of both offsets or none");
    heapy_graph *graph = builder->graph;
    if (heapy_graph_has_edges(graph))
        return there_already(err, "edges");
    graph->lent |= LENT_EDGES;
    graph->offsets32 = NOT_WRITTEN(edges->offsets32);
    graph->offsets64 = NOT_WRITTEN(edges->offsets64);
    graph->edges = (heapy_edge_writer){
        .targets = NOT_WRITTEN(edges->targets), .labels = NOT_WRITTEN(edges->labels), .count = edges->count};
    builder->ended = graph->node_count;
    return HEAPY_OK;
}
