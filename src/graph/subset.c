/* SPDX-License-Identifier: MIT */
/* Some nodes of a graph as a graph of their own. */
#include <string.h>

#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"

/* The numbers that nodes of a graph have among some of them. */
typedef struct renumbering {
    const heapy_graph *graph;
    const heapy_node *nodes;
    size_t count;
    heapy_node *number_of; /* by node of the graph; HEAPY_NO_NODE: it is not among them.  NULL: not needed */
} renumbering;

/* Types and owners lead to other nodes, by number. */
static heapy_status
number_nodes(renumbering *r, heapy_error *err)
{
    size_t all = heapy_graph_node_count(r->graph);
    for (size_t i = 0; i < r->count; i++)
        if (r->nodes[i] >= all)
            return heapy__fail(err, HEAPY_INVALID, "there is no node %u among %zu", r->nodes[i], all);
    if (!r->graph->has_owners && !r->graph->type_node_count)
        return HEAPY_OK;
    r->number_of = heapy_alloc_array(all, sizeof *r->number_of);
    if (!r->number_of)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the numbers of %zu nodes", all);
    memset(r->number_of, 0xff, all * sizeof *r->number_of); /* HEAPY_NO_NODE */
    for (size_t i = 0; i < r->count; i++)
        r->number_of[r->nodes[i]] = (heapy_node)i;
    return HEAPY_OK;
}

static heapy_status
copy_types(const renumbering *r, heapy_graph_builder *builder, heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    for (heapy_type t = 0; !status && t < heapy_graph_type_count(r->graph); t++) {
        heapy_type same;
        heapy_type_row row = heapy_graph_type_row(r->graph, t);
        if (row.node != HEAPY_NO_NODE && r->number_of)
            row.node = r->number_of[row.node];
        status = heapy_graph_builder_add_type(builder, &row, &same, err);
    }
    for (size_t i = 0; !status && i < r->count; i++)
        heapy_graph_builder_types(builder)[i] = r->graph->types[r->nodes[i]];
    return status;
}

static heapy_status
copy_sizes(const renumbering *r, heapy_graph_builder *builder, heapy_error *err)
{
    heapy_sizes sizes = heapy_graph_sizes(r->graph);
    heapy_size_writer *writer;
    if (!sizes.narrow)
        return HEAPY_OK;
    heapy_status status = heapy_graph_builder_sizes(builder, &writer, err);
    for (size_t i = 0; !status && i < r->count; i++)
        if (!heapy_size_writer_put(writer, (heapy_node)i, heapy_size_of(&sizes, r->nodes[i])))
            status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the size of node %zu", i);
    return status;
}

static heapy_status
copy_owners(const renumbering *r, heapy_graph_builder *builder, heapy_error *err)
{
    heapy_node *owners;
    if (!r->graph->has_owners)
        return HEAPY_OK;
    heapy_status status = heapy_graph_builder_owners(builder, &owners, err);
    for (size_t i = 0; !status && i < r->count; i++) {
        heapy_type type = heapy_graph_owner_type(r->graph, r->nodes[i]);
        if (type == HEAPY_NO_TYPE)
            continue;
        heapy_node owner = heapy_graph_owner(r->graph, r->nodes[i]);
        if (owner != HEAPY_NO_NODE && r->number_of)
            owner = r->number_of[owner];
        owners[i] = owner != HEAPY_NO_NODE ? owner : heapy_owner_elsewhere(r->count, type);
    }
    return status;
}

static heapy_status
copy_lengths(const renumbering *r, heapy_graph_builder *builder, heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    for (size_t i = 0; !status && r->graph->lengths.words && i < r->count; i++) {
        uint64_t length = heapy_graph_length(r->graph, r->nodes[i]);
        if (length != HEAPY_NO_LENGTH)
            status = heapy_graph_builder_add_length(builder, (heapy_node)i, length, err);
    }
    return status;
}

static heapy_status
copy_facts(const renumbering *r, heapy_graph_builder *builder, heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    for (const heapy_facts *from = r->graph->facts; !status && from; from = from->next) {
        heapy_facts *to;
        const char *name = heapy__name_table_get(&r->graph->fact_names, from->name, NULL);
        status = heapy_graph_builder_begin_facts(builder, name, &to, err);
        for (uint32_t v = 0; !status && v < from->value_count; v++) {
            uint32_t same;
            const char *text = heapy_facts_value(from, v);
            status = heapy_facts_add_value(to, text, strlen(text), &same, err);
        }
        for (size_t i = 0; !status && i < r->count; i++) {
            uint32_t value = heapy_facts_of_node(from, r->nodes[i]);
            if (value != HEAPY_NO_FACT)
                status = heapy_facts_add(to, (heapy_node)i, value, err);
        }
    }
    return status;
}

heapy_status
heapy_graph_subset(const heapy_graph *graph, const heapy_node *nodes, size_t count, heapy_graph **out,
                   heapy_error *err)
{
    if (!graph || (!nodes && count) || !out)
        return heapy__fail_null(err, "graph, nodes or out");
    renumbering r = {.graph = graph, .nodes = nodes, .count = count};
    heapy_graph_builder *builder = NULL;
    heapy_status status = number_nodes(&r, err);
    if (!status)
        status = heapy_graph_builder_create(count, &builder, err);
    if (!status)
        status = copy_types(&r, builder, err);
    if (!status)
        status = copy_sizes(&r, builder, err);
    if (!status)
        status = copy_owners(&r, builder, err);
    if (!status)
        status = copy_lengths(&r, builder, err);
    if (!status)
        status = copy_facts(&r, builder, err);
    if (!status && graph->root != HEAPY_NO_NODE && r.number_of)
        status = heapy_graph_builder_set_root(builder, r.number_of[graph->root], err);
    heapy_free(r.number_of);
    if (status) {
        heapy_graph_builder_destroy(builder);
        return status;
    }
    heapy_graph *subset = heapy__graph_builder_take(builder); /* its rows are a checked graph's */
    if (!subset)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu nodes of a graph", count);
    *out = subset;
    return HEAPY_OK;
}
