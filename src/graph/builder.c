/* SPDX-License-Identifier: MIT */
/* Filling a graph.  A builder is a graph under construction plus the number of nodes whose edges ended. */
#include <assert.h>
#include <string.h>

#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"

struct heapy_graph_builder {
    heapy_graph *graph;
    size_t ended; /* nodes whose edges are complete */
};

heapy_status
heapy_graph_builder_create(size_t node_count, heapy_graph_builder **out, heapy_error *err)
{
    if (node_count >= HEAPY_NO_NODE)
        return heapy__fail(err, HEAPY_LIMIT, "%zu nodes are more than the 2^32 - 1 a graph can number",
                           node_count);
    heapy_graph_builder *builder = heapy_alloc_zeroed(1, sizeof *builder);
    heapy_graph *graph = heapy_alloc_zeroed(1, sizeof *graph);
    if (!builder || !graph) {
        heapy_free(builder);
        heapy_free(graph);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a graph builder");
    }
    builder->graph = graph;
    graph->node_count = node_count;
    graph->types = heapy_alloc_array(node_count, sizeof *graph->types);
    graph->sizes = heapy_alloc_zeroed(node_count, sizeof *graph->sizes);
    if (!graph->types || !graph->sizes) {
        heapy_graph_builder_destroy(builder);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the columns of %zu nodes", node_count);
    }
    memset(graph->types, 0xff, node_count * sizeof *graph->types); /* HEAPY_NO_TYPE */
    *out = builder;
    return HEAPY_OK;
}

void
heapy_graph_builder_destroy(heapy_graph_builder *builder)
{
    if (!builder)
        return;
    heapy_graph_destroy(builder->graph);
    heapy_free(builder);
}

heapy_status
heapy_graph_builder_add_type(heapy_graph_builder *builder, const char *name, unsigned flags, heapy_type *out,
                             heapy_error *err)
{
    heapy_graph *graph = builder->graph;
    graph_type *table =
        heapy_grow(graph->type_table, graph->type_count, &graph->type_capacity, sizeof *table);
    if (table)
        graph->type_table = table;
    uint32_t number;
    if (!table || !heapy__name_table_intern(&graph->type_names, name, strlen(name), &number))
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for type number %zu", graph->type_count);
    table[graph->type_count] = (graph_type){number, flags};
    *out = (heapy_type)graph->type_count++;
    return HEAPY_OK;
}

heapy_status
heapy_graph_builder_intern(heapy_graph_builder *builder, const char *name, size_t length, uint32_t *out,
                           heapy_error *err)
{
    if (!heapy__name_table_intern(&builder->graph->names, name, length, out))
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a label name of %zu bytes", length);
    return HEAPY_OK;
}

heapy_status
heapy_graph_builder_several(heapy_graph_builder *builder, const heapy_label *labels, size_t count,
                            heapy_label *out, heapy_error *err)
{
    heapy_graph *graph = builder->graph;
    label_list *lists = heapy_grow(graph->lists, graph->list_count, &graph->list_capacity, sizeof *lists);
    if (!lists)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a list of labels");
    graph->lists = lists;
    lists[graph->list_count] = (label_list){graph->list_label_count, 0};
    for (size_t i = 0; i < count; i++) {
        heapy_label *all =
            heapy_grow(graph->list_labels, graph->list_label_count, &graph->list_label_capacity, sizeof *all);
        if (!all)
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a list of labels");
        graph->list_labels = all;
        all[graph->list_label_count++] = labels[i];
        lists[graph->list_count].count++;
    }
    *out = heapy_label_make(HEAPY_LABEL_SEVERAL, graph->list_count++);
    return HEAPY_OK;
}

heapy_type *
heapy_graph_builder_types(heapy_graph_builder *builder)
{
    return builder->graph->types;
}

uint64_t *
heapy_graph_builder_sizes(heapy_graph_builder *builder)
{
    return builder->graph->sizes;
}

heapy_status
heapy_graph_builder_owners(heapy_graph_builder *builder, heapy_type **out, heapy_error *err)
{
    heapy_graph *graph = builder->graph;
    if (!graph->owners) {
        graph->owners = heapy_alloc_array(graph->node_count, sizeof *graph->owners);
        if (!graph->owners)
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the owners of %zu nodes",
                               graph->node_count);
        memset(graph->owners, 0xff, graph->node_count * sizeof *graph->owners); /* HEAPY_NO_TYPE */
    }
    *out = graph->owners;
    return HEAPY_OK;
}

heapy_status
heapy_graph_builder_begin_edges(heapy_graph_builder *builder, heapy_edge_writer **out, heapy_error *err)
{
    heapy_graph *graph = builder->graph;
    assert(!graph->offsets32);
    graph->offsets32 = heapy_alloc_array(graph->node_count + 1, sizeof *graph->offsets32);
    if (!graph->offsets32)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the edges of %zu nodes", graph->node_count);
    graph->offsets32[0] = 0;
    *out = &graph->edges;
    return HEAPY_OK;
}

bool
heapy_edge_writer_grow(heapy_edge_writer *writer)
{
    size_t capacity = writer->capacity, same = writer->capacity;
    uint32_t *targets = heapy_grow(writer->targets, writer->count, &capacity, sizeof *targets);
    if (targets)
        writer->targets = targets;
    heapy_label *labels = targets ? heapy_grow(writer->labels, writer->count, &same, sizeof *labels) : NULL;
    if (!labels)
        return false;
    writer->labels = labels;
    writer->capacity = capacity;
    return true;
}

static heapy_status
widen_offsets(heapy_graph *graph, size_t ended, heapy_error *err)
{
    graph->offsets64 = heapy_alloc_array(graph->node_count + 1, sizeof *graph->offsets64);
    if (!graph->offsets64)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for 64-bit edge offsets of %zu nodes",
                           graph->node_count);
    for (size_t i = 0; i <= ended; i++)
        graph->offsets64[i] = graph->offsets32[i];
    heapy_free(graph->offsets32);
    graph->offsets32 = NULL;
    return HEAPY_OK;
}

heapy_status
heapy_graph_builder_end_node(heapy_graph_builder *builder, heapy_error *err)
{
    heapy_graph *graph = builder->graph;
    if (builder->ended == graph->node_count)
        return heapy__fail(err, HEAPY_INVALID, "edges for more than %zu nodes", graph->node_count);
    if (graph->offsets32 && graph->edges.count > UINT32_MAX) {
        heapy_status status = widen_offsets(graph, builder->ended, err);
        if (status)
            return status;
    }
    builder->ended++;
    if (graph->offsets32)
        graph->offsets32[builder->ended] = (uint32_t)graph->edges.count;
    else
        graph->offsets64[builder->ended] = graph->edges.count;
    return HEAPY_OK;
}

heapy_status
heapy_graph_builder_add_root(heapy_graph_builder *builder, heapy_node target, heapy_label label,
                             heapy_error *err)
{
    heapy_graph *graph = builder->graph;
    graph_root *roots = heapy_grow(graph->roots, graph->root_count, &graph->root_capacity, sizeof *roots);
    if (!roots)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for root %zu", graph->root_count);
    graph->roots = roots;
    roots[graph->root_count++] = (graph_root){target, label};
    return HEAPY_OK;
}

/* Give back the room the edge columns did not use.  Failing to shrink is no error. */
static void
trim_edges(heapy_edge_writer *edges)
{
    uint32_t *targets = heapy_realloc_array(edges->targets, edges->count, sizeof *targets);
    if (!targets)
        return;
    edges->targets = targets;
    heapy_label *labels = heapy_realloc_array(edges->labels, edges->count, sizeof *labels);
    if (labels) {
        edges->labels = labels;
        edges->capacity = edges->count;
    }
}

heapy_graph *
heapy__graph_builder_take(heapy_graph_builder *builder)
{
    heapy_graph *graph = builder->graph;
    heapy_free(builder);
    return graph;
}

heapy_status
heapy_graph_builder_finish(heapy_graph_builder *builder, heapy_graph **out, heapy_error *err)
{
    heapy_graph *graph = builder->graph;
    heapy_status status = HEAPY_OK;
    if (heapy_graph_has_edges(graph) && builder->ended != graph->node_count)
        status = heapy__fail(err, HEAPY_INVALID, "only %zu of %zu nodes have their edges", builder->ended,
                             graph->node_count);
    if (!status)
        status = heapy_graph_validate(graph, err);
    if (status) {
        heapy_graph_builder_destroy(builder);
        return status;
    }
    if (heapy_graph_has_edges(graph))
        trim_edges(&graph->edges);
    *out = heapy__graph_builder_take(builder);
    return HEAPY_OK;
}
