/* SPDX-License-Identifier: MIT */
/* Everything that code reading a graph relies on, checked in one place. */
#include "../base/fail.h"
#include "graph_internal.h"

static heapy_status
check_label(const heapy_graph *graph, heapy_label label, heapy_error *err)
{
    heapy_label_kind kind = heapy_label_kind_of(label);
    if (kind >= HEAPY_LABEL_KIND_COUNT)
        return heapy__fail(err, HEAPY_INVALID, "label 0x%x is of no known kind", label);
    if (heapy_label_is_named(kind) && heapy_label_number(label) >= graph->names.count)
        return heapy__fail(err, HEAPY_INVALID, "label 0x%x names name %u of %zu", label,
                           heapy_label_number(label), graph->names.count);
    if (kind == HEAPY_LABEL_SEVERAL && heapy_label_number(label) >= graph->list_count)
        return heapy__fail(err, HEAPY_INVALID, "label 0x%x stands for list %u of %zu", label,
                           heapy_label_number(label), graph->list_count);
    return HEAPY_OK;
}

static heapy_status
check_lists(const heapy_graph *graph, heapy_error *err)
{
    for (size_t i = 0; i < graph->list_label_count; i++) {
        heapy_label label = graph->list_labels[i];
        if (heapy_label_kind_of(label) == HEAPY_LABEL_SEVERAL)
            return heapy__fail(err, HEAPY_INVALID, "a list of labels has the list 0x%x in it", label);
        heapy_status status = check_label(graph, label, err);
        if (status)
            return status;
    }
    return HEAPY_OK;
}

heapy_status
heapy__graph_check_types(const heapy_graph *graph, size_t node_count, heapy_error *err)
{
    for (size_t t = 0; t < graph->type_table->count; t++) {
        const graph_type *type = &graph->type_table->rows[t];
        if (type->node != HEAPY_NO_NODE && type->node >= node_count)
            return heapy__fail(err, HEAPY_INVALID, "type %zu is node %u of %zu", t, type->node, node_count);
        for (uint32_t i = 0; i < type->base_count; i++)
            if (graph->type_table->bases[type->first_base + i] >= graph->type_table->count)
                return heapy__fail(err, HEAPY_INVALID, "type %zu inherits from type %u of %zu", t,
                                   graph->type_table->bases[type->first_base + i], graph->type_table->count);
    }
    return HEAPY_OK;
}

static heapy_status
check_types(const heapy_graph *graph, heapy_error *err)
{
    return heapy__graph_check_types(graph, graph->node_count, err);
}

static heapy_status
check_sparse(const heapy__sparse_column *column, const char *what, heapy_error *err)
{
    if (heapy__sparse_column_is_consistent(column))
        return HEAPY_OK;
    return heapy__fail(err, HEAPY_INVALID, "the %s of nodes do not agree with the bits that say who has one",
                       what);
}

static heapy_status
check_sizes(const heapy_graph *graph, heapy_error *err)
{
    const heapy_size_writer *sizes = &graph->sizes;
    for (size_t i = 0; i < sizes->large_count; i++)
        if (sizes->large[i].node >= graph->node_count ||
            (i && sizes->large[i - 1].node >= sizes->large[i].node))
            return heapy__fail(err, HEAPY_INVALID, "large size %zu is of node %u, which is out of order", i,
                               sizes->large[i].node);
    return HEAPY_OK;
}

static heapy_status
check_lengths(const heapy_graph *graph, heapy_error *err)
{
    return check_sparse(&graph->lengths, "lengths", err);
}

static heapy_status
check_facts(const heapy_graph *graph, heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    for (const heapy_facts *facts = graph->facts; !status && facts; facts = facts->next) {
        status = check_sparse(&facts->of_nodes, "facts", err);
        for (size_t i = 0; !status && i < facts->of_nodes.count; i++)
            if (facts->of_nodes.values[i] >= facts->value_count)
                status = heapy__fail(err, HEAPY_INVALID, "a node has fact %u of %zu",
                                     facts->of_nodes.values[i], facts->value_count);
    }
    return status;
}

static heapy_status
check_nodes(const heapy_graph *graph, heapy_error *err)
{
    for (size_t i = 0; i < graph->node_count; i++)
        if (graph->types[i] >= graph->type_table->count)
            return heapy__fail(err, HEAPY_INVALID, "node %zu has type %u of %zu", i, graph->types[i],
                               graph->type_table->count);
    if (graph->root != HEAPY_NO_NODE && graph->root >= graph->node_count)
        return heapy__fail(err, HEAPY_INVALID, "the root is node %u of %zu", graph->root, graph->node_count);
    return HEAPY_OK;
}

static heapy_status
check_owners(const heapy_graph *graph, heapy_error *err)
{
    heapy_status status = check_sparse(&graph->owners, "owners", err);
    for (size_t i = 0; !status && i < graph->owners.count; i++) {
        heapy_node owner = graph->owners.values[i];
        if (owner >= graph->node_count && owner - graph->node_count >= graph->type_table->count)
            return heapy__fail(err, HEAPY_INVALID, "the owner of dict number %zu has type %zu of %zu", i,
                               owner - graph->node_count, graph->type_table->count);
    }
    return status;
}

heapy_status
heapy__graph_check_edges(const heapy_graph *graph, const heapy_node *targets, const heapy_label *labels,
                         size_t count, heapy_error *err)
{
    for (size_t e = 0; e < count; e++) {
        if (targets[e] >= graph->node_count)
            return heapy__fail(err, HEAPY_INVALID, "edge %zu leads to node %u of %zu", e, targets[e],
                               graph->node_count);
        heapy_status status = check_label(graph, labels[e], err);
        if (status)
            return status;
    }
    return HEAPY_OK;
}

static heapy_status
check_offsets(const heapy_graph *graph, heapy_error *err)
{
    uint64_t expected = 0;
    for (size_t i = 0; heapy_graph_has_edges(graph) && i < graph->node_count; i++) {
        uint64_t first, end;
        heapy__graph_edges(graph, (heapy_node)i, &first, &end);
        if (first != expected || end < first)
            return heapy__fail(err, HEAPY_INVALID, "the edges of node %zu do not follow those before", i);
        expected = end;
    }
    if (expected < graph->edges.count)
        return heapy__fail(err, HEAPY_INVALID, "%zu edges belong to no node",
                           graph->edges.count - (size_t)expected);
    if (expected != graph->edges.count)
        return heapy__fail(err, HEAPY_INVALID, "nodes have %llu edges, and there are %zu",
                           (unsigned long long)expected, graph->edges.count);
    return HEAPY_OK;
}

static heapy_status
check_edges(const heapy_graph *graph, heapy_error *err)
{
    return heapy__graph_check_edges(graph, graph->edges.targets, graph->edges.labels, graph->edges.count,
                                    err);
}

static heapy_status
check_roots(const heapy_graph *graph, heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    for (size_t i = 0; !status && i < graph->root_count; i++) {
        if (graph->roots[i].target >= graph->node_count)
            return heapy__fail(err, HEAPY_INVALID, "root %zu leads to node %u of %zu", i,
                               graph->roots[i].target, graph->node_count);
        status = check_label(graph, graph->roots[i].label, err);
    }
    return status;
}

heapy_status
heapy__graph_validate(const heapy_graph *graph, heapy__graph_part *part, heapy_error *err)
{
    static heapy_status (*const checks[HEAPY__GRAPH_PARTS])(const heapy_graph *, heapy_error *) = {
        [HEAPY__PART_TYPES] = check_types,     [HEAPY__PART_NODES] = check_nodes,
        [HEAPY__PART_OWNERS] = check_owners,   [HEAPY__PART_SIZES] = check_sizes,
        [HEAPY__PART_LENGTHS] = check_lengths, [HEAPY__PART_FACTS] = check_facts,
        [HEAPY__PART_LISTS] = check_lists,     [HEAPY__PART_OFFSETS] = check_offsets,
        [HEAPY__PART_EDGES] = check_edges,     [HEAPY__PART_ROOTS] = check_roots};
    heapy_status status = HEAPY_OK;
    for (unsigned i = 0; !status && i < HEAPY__GRAPH_PARTS; i++) {
        *part = (heapy__graph_part)i;
        status = checks[i](graph, err);
    }
    return status;
}

heapy_status
heapy_graph_validate(const heapy_graph *graph, heapy_error *err)
{
    heapy__graph_part part;
    if (!graph)
        return heapy__fail_null(err, "graph");
    return heapy__graph_validate(graph, &part, err);
}
