/* SPDX-License-Identifier: MIT */
/* Reading a graph. */
#include <string.h>

#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"

static void
destroy_facts(heapy_facts *facts)
{
    while (facts) {
        heapy_facts *next = facts->next;
        heapy__sparse_column_deinit(&facts->of_nodes);
        heapy__name_table_deinit(&facts->texts);
        heapy_free(facts->values);
        heapy_free(facts);
        facts = next;
    }
}

void
heapy_graph_destroy(heapy_graph *graph)
{
    if (!graph)
        return;
    heapy__type_table_release(graph->type_table);
    heapy_free(graph->types_of_nodes);
    if (!(graph->lent & LENT_TYPES))
        heapy_free(graph->types);
    if (!(graph->lent & LENT_SIZES)) {
        heapy_free(graph->sizes.narrow);
        heapy_free(graph->sizes.large);
    }
    heapy__sparse_column_deinit(&graph->owners);
    heapy__sparse_column_deinit(&graph->lengths);
    destroy_facts(graph->facts);
    heapy__name_table_deinit(&graph->fact_names);
    if (!(graph->lent & LENT_EDGES)) {
        heapy_free(graph->offsets32);
        heapy_free(graph->offsets64);
        heapy_free(graph->edges.targets);
        heapy_free(graph->edges.labels);
    }
    heapy__name_table_deinit(&graph->names);
    heapy_free(graph->lists);
    heapy_free(graph->list_labels);
    heapy_free(graph->roots);
    heapy_keeper keeper = graph->keeper;
    heapy_free(graph);
    if (keeper.release)
        keeper.release(keeper.context);
}

size_t
heapy_graph_node_count(const heapy_graph *graph)
{
    return graph ? graph->node_count : 0;
}

size_t
heapy_graph_type_count(const heapy_graph *graph)
{
    return graph ? graph->type_table->count : 0;
}

static bool
has_node(const heapy_graph *graph, heapy_node node)
{
    return graph && node < graph->node_count;
}

/* ---- types ---- */

static const char *
type_text(const heapy__type_table *table, uint32_t number)
{
    if (number == NO_TEXT)
        return NULL;
    return heapy__name_table_get(&table->texts, number, NULL);
}

heapy__type_table *
heapy__type_table_new(void)
{
    heapy__type_table *table = heapy_alloc_zeroed(1, sizeof *table);
    if (table)
        atomic_init(&table->uses, 1);
    return table;
}

heapy__type_table *
heapy__type_table_retain(heapy__type_table *table)
{
    atomic_fetch_add_explicit(&table->uses, 1, memory_order_relaxed);
    return table;
}

void
heapy__type_table_release(heapy__type_table *table)
{
    if (!table || atomic_fetch_sub_explicit(&table->uses, 1, memory_order_acq_rel) != 1)
        return;
    heapy_free(table->rows);
    heapy__name_table_deinit(&table->texts);
    heapy_free(table->bases);
    heapy_free(table);
}

heapy_type_row
heapy__type_table_row(const heapy__type_table *table, heapy_type type)
{
    if (!table || type >= table->count) {
        heapy_type_row none = HEAPY_TYPE_ROW_INIT;
        none.name = "";
        return none;
    }
    const graph_type *row = &table->rows[type];
    return (heapy_type_row){.name = type_text(table, row->name),
                            .module = type_text(table, row->module),
                            .qualname = type_text(table, row->qualname),
                            .is_alias = row->is_alias,
                            .role = row->role,
                            .identity = row->identity,
                            .node = row->node,
                            .bases = row->base_count ? table->bases + row->first_base : NULL,
                            .base_count = row->base_count};
}

heapy_status
heapy__type_table_check(const heapy__type_table *table, heapy_type type, heapy_error *err)
{
    if (type < table->count)
        return HEAPY_OK;
    return heapy__fail(err, HEAPY_INVALID, "there is no type %u among %zu", type, table->count);
}

heapy_type_row
heapy_graph_type_row(const heapy_graph *graph, heapy_type type)
{
    return heapy__type_table_row(graph ? graph->type_table : NULL, type);
}

const char *
heapy_graph_type_name(const heapy_graph *graph, heapy_type type)
{
    if (type >= heapy_graph_type_count(graph))
        return "";
    return type_text(graph->type_table, graph->type_table->rows[type].name);
}

heapy_role
heapy_graph_type_role(const heapy_graph *graph, heapy_type type)
{
    return type < heapy_graph_type_count(graph) ? graph->type_table->rows[type].role : HEAPY_ROLE_OBJECT;
}

heapy_type
heapy_graph_type_of_node(const heapy_graph *graph, heapy_node node)
{
    if (!graph)
        return HEAPY_NO_TYPE;
    size_t low = 0, high = graph->type_node_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (graph->types_of_nodes[middle].node < node)
            low = middle + 1;
        else
            high = middle;
    }
    return low < graph->type_node_count && graph->types_of_nodes[low].node == node
               ? graph->types_of_nodes[low].type
               : HEAPY_NO_TYPE;
}

heapy_type
heapy_graph_type_of_identity(const heapy_graph *graph, uint64_t identity)
{
    for (heapy_type t = 0; identity && t < heapy_graph_type_count(graph); t++)
        if (graph->type_table->rows[t].identity == identity)
            return t;
    return HEAPY_NO_TYPE;
}

/* ---- columns ---- */

const heapy_type *
heapy_graph_types(const heapy_graph *graph)
{
    if (!graph)
        return NULL;
    return graph->types;
}

heapy_role
heapy_graph_role(const heapy_graph *graph, heapy_node node)
{
    return has_node(graph, node) ? graph->type_table->rows[graph->types[node]].role : HEAPY_ROLE_OBJECT;
}

heapy_sizes
heapy_graph_sizes(const heapy_graph *graph)
{
    if (!graph || !graph->sizes.narrow)
        return (heapy_sizes){NULL, NULL, 0, 0};
    return (heapy_sizes){graph->sizes.narrow, graph->sizes.large, graph->sizes.large_count,
                         graph->node_count};
}

uint64_t
heapy_large_size_of(const heapy_sizes *sizes, heapy_node node)
{
    size_t low = 0, high = sizes ? sizes->large_count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sizes->large[middle].node < node)
            low = middle + 1;
        else
            high = middle;
    }
    return sizes && low < sizes->large_count && sizes->large[low].node == node ? sizes->large[low].size : 0;
}

bool
heapy_graph_has_owners(const heapy_graph *graph)
{
    return graph && graph->has_owners;
}

heapy_node
heapy_graph_owner(const heapy_graph *graph, heapy_node node)
{
    if (!has_node(graph, node))
        return HEAPY_NO_NODE;
    heapy_node owner = heapy__sparse_column_get(&graph->owners, node, HEAPY_NO_NODE);
    return owner < graph->node_count ? owner : HEAPY_NO_NODE;
}

heapy_type
heapy_graph_owner_type(const heapy_graph *graph, heapy_node node)
{
    if (!has_node(graph, node))
        return HEAPY_NO_TYPE;
    heapy_node owner = heapy__sparse_column_get(&graph->owners, node, HEAPY_NO_NODE);
    if (owner < graph->node_count)
        return graph->types[owner];
    if (owner == HEAPY_NO_NODE)
        return HEAPY_NO_TYPE;
    return (heapy_type)(owner - graph->node_count);
}

uint64_t
heapy_graph_length(const heapy_graph *graph, heapy_node node)
{
    if (!has_node(graph, node) || !graph->lengths.words ||
        !(graph->lengths.words[node >> 6] >> (node & 63) & 1))
        return HEAPY_NO_LENGTH;
    return heapy__sparse_column_get(&graph->lengths, node, 0);
}

/* ---- facts ---- */

const heapy_facts *
heapy_graph_facts(const heapy_graph *graph, const char *name)
{
    for (const heapy_facts *facts = graph && name ? graph->facts : NULL; facts; facts = facts->next)
        if (!strcmp(heapy__name_table_get(&graph->fact_names, facts->name, NULL), name))
            return facts;
    return NULL;
}

uint32_t
heapy_facts_of_node(const heapy_facts *facts, heapy_node node)
{
    if (!facts || node >= facts->node_count)
        return HEAPY_NO_FACT;
    return heapy__sparse_column_get(&facts->of_nodes, node, HEAPY_NO_FACT);
}

size_t
heapy_facts_value_count(const heapy_facts *facts)
{
    return facts ? facts->value_count : 0;
}

const char *
heapy_facts_value(const heapy_facts *facts, uint32_t value)
{
    if (value >= heapy_facts_value_count(facts))
        return "";
    return heapy__name_table_get(&facts->texts, facts->values[value], NULL);
}

/* ---- edges ---- */

bool
heapy_graph_has_edges(const heapy_graph *graph)
{
    return graph && (graph->offsets32 || graph->offsets64);
}

uint64_t
heapy_graph_edge_count(const heapy_graph *graph)
{
    return graph ? graph->edges.count : 0;
}

void
heapy_graph_edges(const heapy_graph *graph, heapy_node node, uint64_t *first, uint64_t *end)
{
    if (!first || !end)
        return;
    *first = *end = 0;
    if (has_node(graph, node))
        heapy__graph_edges(graph, node, first, end);
}

const uint32_t *
heapy_graph_targets(const heapy_graph *graph)
{
    if (!graph)
        return NULL;
    return graph->edges.targets;
}

const heapy_label *
heapy_graph_labels(const heapy_graph *graph)
{
    if (!graph)
        return NULL;
    return graph->edges.labels;
}

size_t
heapy_graph_label_parts(const heapy_graph *graph, const heapy_label *label, const heapy_label **parts)
{
    if (!graph || !label || !parts)
        return 0;
    *parts = label;
    if (heapy_label_kind_of(*label) != HEAPY_LABEL_SEVERAL)
        return 1;
    if (heapy_label_number(*label) >= graph->list_count)
        return 0;
    const label_list *list = &graph->lists[heapy_label_number(*label)];
    *parts = graph->list_labels + list->first;
    return list->count;
}

heapy_node
heapy_graph_key_of_edge(const heapy_graph *graph, heapy_node source, uint64_t edge, heapy_label label)
{
    const heapy_label *labels = heapy_graph_labels(graph);
    heapy_label key = heapy_label_make(HEAPY_LABEL_KEY, heapy_label_number(label));
    uint64_t first, end;
    heapy_graph_edges(graph, source, &first, &end);
    if (edge < first || edge >= end)
        return HEAPY_NO_NODE;
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
    return graph ? graph->names.count : 0;
}

const char *
heapy_graph_name(const heapy_graph *graph, uint32_t name, size_t *length)
{
    if (length)
        *length = 0;
    if (name >= heapy_graph_name_count(graph))
        return "";
    return heapy__name_table_get(&graph->names, name, length);
}

heapy_node
heapy_graph_root(const heapy_graph *graph)
{
    return graph ? graph->root : HEAPY_NO_NODE;
}

size_t
heapy_graph_root_count(const heapy_graph *graph)
{
    return graph ? graph->root_count : 0;
}

heapy_node
heapy_graph_root_target(const heapy_graph *graph, size_t root)
{
    return root < heapy_graph_root_count(graph) ? graph->roots[root].target : HEAPY_NO_NODE;
}

heapy_label
heapy_graph_root_label(const heapy_graph *graph, size_t root)
{
    return root < heapy_graph_root_count(graph) ? graph->roots[root].label : HEAPY_LABEL_UNNAMED;
}

size_t
heapy_graph_bytes(const heapy_graph *graph)
{
    if (!graph)
        return 0;
    size_t nodes = graph->node_count;
    size_t bytes = sizeof *graph + sizeof *graph->type_table;
    bytes += graph->type_table->capacity * sizeof *graph->type_table->rows;
    bytes += graph->type_table->count * sizeof *graph->types_of_nodes;
    bytes += graph->type_table->base_capacity * sizeof *graph->type_table->bases;
    bytes += graph->list_capacity * sizeof *graph->lists;
    bytes += graph->list_label_capacity * sizeof *graph->list_labels;
    bytes += heapy__name_table_bytes(&graph->type_table->texts) + heapy__name_table_bytes(&graph->names);
    bytes += graph->lent & LENT_TYPES ? 0 : nodes * sizeof *graph->types;
    bytes += graph->sizes.narrow && !(graph->lent & LENT_SIZES) ? nodes * sizeof *graph->sizes.narrow : 0;
    bytes += graph->sizes.large_capacity * sizeof *graph->sizes.large;
    bytes += heapy__sparse_column_bytes(&graph->owners) + heapy__sparse_column_bytes(&graph->lengths);
    for (const heapy_facts *facts = graph->facts; facts; facts = facts->next)
        bytes += sizeof *facts + heapy__sparse_column_bytes(&facts->of_nodes) +
                 heapy__name_table_bytes(&facts->texts) + facts->value_capacity * sizeof *facts->values;
    if (!(graph->lent & LENT_EDGES)) {
        bytes += graph->offsets32 ? (nodes + 1) * sizeof *graph->offsets32 : 0;
        bytes += graph->offsets64 ? (nodes + 1) * sizeof *graph->offsets64 : 0;
    }
    bytes += graph->edges.capacity * (sizeof *graph->edges.targets + sizeof *graph->edges.labels);
    return bytes + graph->root_capacity * sizeof *graph->roots;
}
