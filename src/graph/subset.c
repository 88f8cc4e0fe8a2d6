/* SPDX-License-Identifier: MIT */
/* Some nodes of a graph as a graph of their own. */
#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"

static heapy_status
copy_types(const heapy_graph *graph, heapy_graph_builder *builder, heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    for (heapy_type t = 0; !status && t < heapy_graph_type_count(graph); t++) {
        heapy_type same;
        status = heapy_graph_builder_add_type(builder, heapy_graph_type_name(graph, t),
                                              heapy_graph_type_flags(graph, t), &same, err);
    }
    return status;
}

heapy_status
heapy_graph_subset(const heapy_graph *graph, const heapy_node *nodes, size_t count, heapy_graph **out,
                   heapy_error *err)
{
    heapy_graph_builder *builder = NULL;
    heapy_type *owners = NULL;
    heapy_status status = heapy_graph_builder_create(count, &builder, err);
    if (!status)
        status = copy_types(graph, builder, err);
    if (!status && graph->owners)
        status = heapy_graph_builder_owners(builder, &owners, err);
    if (status) {
        heapy_graph_builder_destroy(builder);
        return status;
    }
    heapy_type *types = heapy_graph_builder_types(builder);
    uint64_t *sizes = heapy_graph_builder_sizes(builder);
    for (size_t i = 0; i < count; i++) {
        types[i] = graph->types[nodes[i]];
        sizes[i] = graph->sizes[nodes[i]];
        if (owners)
            owners[i] = graph->owners[nodes[i]];
    }
    *out = heapy__graph_builder_take(builder); /* its rows are a checked graph's */
    return HEAPY_OK;
}
