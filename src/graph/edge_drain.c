/* SPDX-License-Identifier: MIT */
/*
 * Edges that a graph does not keep: who takes them gets them in rooms of some ten thousand, checked as finish
 * would check them.
 */
#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"

enum { ROOM = 1 << 14 };

heapy_status
heapy_graph_builder_drain_edges(heapy_graph_builder *builder, const heapy_edge_drain *drain,
                                heapy_edge_writer **out, heapy_error *err)
{
    if (!builder || !drain || !drain->take || !out)
        return heapy__fail_null(err, "builder, drain or out");
    heapy_graph *graph = builder->graph;
    if (heapy_graph_has_edges(graph) || builder->drain.take)
        return heapy__fail(err, HEAPY_INVALID, "the edges of this graph have begun already");
    graph->edges.targets = heapy_alloc_array(ROOM, sizeof *graph->edges.targets);
    graph->edges.labels = heapy_alloc_array(ROOM, sizeof *graph->edges.labels);
    builder->counts = heapy_alloc_array(ROOM, sizeof *builder->counts);
    if (!graph->edges.targets || !graph->edges.labels || !builder->counts)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for edges that are not kept");
    graph->edges.capacity = ROOM;
    graph->edges.drained_by = builder;
    builder->drain = *drain;
    *out = &graph->edges;
    return HEAPY_OK;
}

heapy_status
heapy__builder_drain(heapy_graph_builder *builder, heapy_error *err)
{
    heapy_edge_writer *edges = &builder->graph->edges;
    heapy_error *failure = &builder->drain_error;
    if (!failure->status)
        failure->status =
            heapy__graph_check_edges(builder->graph, edges->targets, edges->labels, edges->count, failure);
    if (!failure->status)
        failure->status =
            builder->drain.take(builder->drain.context, edges->targets, edges->labels, edges->count,
                                builder->counts, builder->waiting_counts, failure);
    builder->drained += edges->count;
    edges->count = builder->waiting_counts = 0;
    if (failure->status && err)
        *err = *failure;
    return failure->status;
}

heapy_status
heapy__builder_count_edges(heapy_graph_builder *builder, heapy_error *err)
{
    uint64_t end = builder->drained + builder->graph->edges.count, count = end - builder->counted;
    if (count > UINT32_MAX)
        return heapy__fail(err, HEAPY_LIMIT, "a node has more than 2^32 - 1 edges");
    builder->counts[builder->waiting_counts++] = (uint32_t)count;
    builder->counted = end;
    if (builder->waiting_counts != ROOM)
        return HEAPY_OK;
    return heapy__builder_drain(builder, err);
}

heapy_status
heapy__builder_end_drain(heapy_graph_builder *builder, heapy_error *err)
{
    heapy_edge_writer *edges = &builder->graph->edges;
    heapy_status status = heapy__builder_drain(builder, err);
    heapy_free(edges->targets);
    heapy_free(edges->labels);
    heapy_free(builder->counts);
    *edges = (heapy_edge_writer){0};
    builder->counts = NULL;
    builder->drain = (heapy_edge_drain){0};
    return status;
}
