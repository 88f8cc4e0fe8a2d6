/* SPDX-License-Identifier: MIT */
/* Reading a graph. */
#include <assert.h>

#include "graph_internal.h"
#include "heapy/memory.h"

void
heapy_graph_destroy(heapy_graph *graph)
{
    if (!graph)
        return;
    heapy_free(graph->type_table);
    heapy__name_table_deinit(&graph->type_names);
    heapy_free(graph->types);
    heapy_free(graph->sizes);
    heapy_free(graph->owners);
    heapy_free(graph->offsets32);
    heapy_free(graph->offsets64);
    heapy_free(graph->edges.targets);
    heapy_free(graph->edges.labels);
    heapy__name_table_deinit(&graph->names);
    heapy_free(graph->lists);
    heapy_free(graph->list_labels);
    heapy_free(graph->roots);
    heapy_free(graph);
}

size_t
heapy_graph_node_count(const heapy_graph *graph)
{
    return graph->node_count;
}

size_t
heapy_graph_type_count(const heapy_graph *graph)
{
    return graph->type_count;
}

const char *
heapy_graph_type_name(const heapy_graph *graph, heapy_type type)
{
    assert(type < graph->type_count);
    return heapy__name_table_get(&graph->type_names, graph->type_table[type].name, NULL);
}

unsigned
heapy_graph_type_flags(const heapy_graph *graph, heapy_type type)
{
    assert(type < graph->type_count);
    return graph->type_table[type].flags;
}

const heapy_type *
heapy_graph_types(const heapy_graph *graph)
{
    return graph->types;
}

const uint64_t *
heapy_graph_sizes(const heapy_graph *graph)
{
    return graph->sizes;
}

const heapy_type *
heapy_graph_owners(const heapy_graph *graph)
{
    return graph->owners;
}

bool
heapy_graph_has_edges(const heapy_graph *graph)
{
    return graph->offsets32 || graph->offsets64;
}

uint64_t
heapy_graph_edge_count(const heapy_graph *graph)
{
    return graph->edges.count;
}

void
heapy_graph_edges(const heapy_graph *graph, heapy_node node, uint64_t *first, uint64_t *end)
{
    assert(node < graph->node_count);
    if (graph->offsets32) {
        *first = graph->offsets32[node];
        *end = graph->offsets32[node + 1];
    } else if (graph->offsets64) {
        *first = graph->offsets64[node];
        *end = graph->offsets64[node + 1];
    } else {
        *first = *end = 0;
    }
}

const uint32_t *
heapy_graph_targets(const heapy_graph *graph)
{
    return graph->edges.targets;
}

const heapy_label *
heapy_graph_labels(const heapy_graph *graph)
{
    return graph->edges.labels;
}

size_t
heapy_graph_label_parts(const heapy_graph *graph, const heapy_label *label, const heapy_label **parts)
{
    if (heapy_label_kind_of(*label) != HEAPY_LABEL_SEVERAL) {
        *parts = label;
        return 1;
    }
    const label_list *list = &graph->lists[heapy_label_number(*label)];
    *parts = graph->list_labels + list->first;
    return list->count;
}

heapy_node
heapy_graph_key_of_edge(const heapy_graph *graph, heapy_node source, uint64_t edge, heapy_label label)
{
    const heapy_label *labels = graph->edges.labels;
    heapy_label key = heapy_label_make(HEAPY_LABEL_KEY, heapy_label_number(label));
    uint64_t first, end;
    heapy_graph_edges(graph, source, &first, &end);
    /* A plain dict's keys stand just before their values. */
    if (edge > first && labels[edge - 1] == key)
        return graph->edges.targets[edge - 1];
    for (uint64_t e = first; e < end; e++)
        if (labels[e] == key)
            return graph->edges.targets[e];
    return HEAPY_NO_NODE;
}

size_t
heapy_graph_name_count(const heapy_graph *graph)
{
    return graph->names.count;
}

const char *
heapy_graph_name(const heapy_graph *graph, uint32_t name, size_t *length)
{
    return heapy__name_table_get(&graph->names, name, length);
}

size_t
heapy_graph_root_count(const heapy_graph *graph)
{
    return graph->root_count;
}

heapy_node
heapy_graph_root_target(const heapy_graph *graph, size_t root)
{
    assert(root < graph->root_count);
    return graph->roots[root].target;
}

heapy_label
heapy_graph_root_label(const heapy_graph *graph, size_t root)
{
    assert(root < graph->root_count);
    return graph->roots[root].label;
}

size_t
heapy_graph_bytes(const heapy_graph *graph)
{
    size_t nodes = graph->node_count;
    size_t bytes = sizeof *graph + graph->type_capacity * sizeof *graph->type_table;
    bytes += graph->list_capacity * sizeof *graph->lists;
    bytes += graph->list_label_capacity * sizeof *graph->list_labels;
    bytes += heapy__name_table_bytes(&graph->type_names) + heapy__name_table_bytes(&graph->names);
    bytes += nodes * (sizeof *graph->types + sizeof *graph->sizes);
    bytes += graph->owners ? nodes * sizeof *graph->owners : 0;
    bytes += graph->offsets32 ? (nodes + 1) * sizeof *graph->offsets32 : 0;
    bytes += graph->offsets64 ? (nodes + 1) * sizeof *graph->offsets64 : 0;
    bytes += graph->edges.capacity * (sizeof *graph->edges.targets + sizeof *graph->edges.labels);
    return bytes + graph->root_capacity * sizeof *graph->roots;
}
