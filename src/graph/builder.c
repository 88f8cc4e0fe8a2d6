/* SPDX-License-Identifier: MIT */
/* Filling a graph. */
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/heap_sort.h"
#include "graph_internal.h"
#include "heapy/memory.h"

heapy_status
heapy_graph_builder_create(size_t node_count, heapy_graph_builder **out, heapy_error *err)
{
    if (!out)
        return heapy__fail_null(err, "out");
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
    graph->root = HEAPY_NO_NODE;
    graph->types = heapy_alloc_array(node_count, sizeof *graph->types);
    graph->type_table = heapy__type_table_new();
    if (!graph->types || !graph->type_table) {
        heapy_graph_builder_destroy(builder);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the types of %zu nodes", node_count);
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
    heapy_free(builder->owners);
    heapy_free(builder->counts);
    heapy_free(builder);
}

/* ---- types ---- */

/* The number of a text; that of none is NO_TEXT. */
static bool
intern_type_text(heapy_graph *graph, const char *text, uint32_t *out)
{
    *out = NO_TEXT;
    return !text || heapy__name_table_intern(&graph->type_table->texts, text, strlen(text), out);
}

heapy_status
heapy_graph_builder_add_type(heapy_graph_builder *builder, const heapy_type_row *row, heapy_type *out,
                             heapy_error *err)
{
    if (!builder || !row || !out || (!row->bases && row->base_count))
        return heapy__fail_null(err, "builder, row, its bases or out");
    heapy_graph *graph = builder->graph;
    if (!row->name || (unsigned)row->role >= HEAPY_ROLE_COUNT)
        return heapy__fail(err, HEAPY_INVALID, "type number %zu has no name or no known role",
                           graph->type_table->count);
    graph_type *table = heapy_grow(graph->type_table->rows, graph->type_table->count,
                                   &graph->type_table->capacity, sizeof *table);
    if (table)
        graph->type_table->rows = table;
    graph_type type = {
        .role = row->role, .is_alias = row->is_alias, .identity = row->identity, .node = row->node};
    if (!table || !intern_type_text(graph, row->name, &type.name) ||
        !intern_type_text(graph, row->module, &type.module) ||
        !intern_type_text(graph, row->qualname, &type.qualname))
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for type number %zu", graph->type_table->count);
    table[graph->type_table->count] = type;
    heapy_type number = (heapy_type)graph->type_table->count++;
    heapy_status status = HEAPY_OK;
    if (row->base_count)
        status = heapy_graph_builder_set_bases(builder, number, row->bases, row->base_count, err);
    if (status)
        graph->type_table->count--;
    else
        *out = number;
    return status;
}

heapy_status
heapy_graph_builder_set_bases(heapy_graph_builder *builder, heapy_type type, const heapy_type *bases,
                              size_t count, heapy_error *err)
{
    if (!builder || (!bases && count))
        return heapy__fail_null(err, "builder or bases");
    heapy__type_table *table = builder->graph->type_table;
    heapy_status status = heapy__type_table_check(table, type, err);
    if (!status && count > UINT32_MAX - table->base_count)
        status = heapy__fail(err, HEAPY_LIMIT, "types inherit from more than 2^32 - 1 others");
    if (status)
        return status;
    size_t first = table->base_count;
    for (size_t i = 0; i < count; i++) {
        heapy_type *all = heapy_grow(table->bases, table->base_count, &table->base_capacity, sizeof *all);
        if (!all) {
            table->base_count = first;
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the bases of type %u", type);
        }
        table->bases = all;
        all[table->base_count++] = bases[i];
    }
    table->rows[type].first_base = (uint32_t)first;
    table->rows[type].base_count = (uint32_t)count;
    return HEAPY_OK;
}

heapy_status
heapy_graph_builder_set_type_node(heapy_graph_builder *builder, heapy_type type, heapy_node node,
                                  heapy_error *err)
{
    if (!builder)
        return heapy__fail_null(err, "builder");
    heapy_status status = heapy__type_table_check(builder->graph->type_table, type, err);
    if (!status)
        builder->graph->type_table->rows[type].node = node;
    return status;
}

/* ---- labels ---- */

heapy_status
heapy_graph_builder_intern(heapy_graph_builder *builder, const char *name, size_t length, uint32_t *out,
                           heapy_error *err)
{
    if (!builder || (!name && length) || !out)
        return heapy__fail_null(err, "builder, name or out");
    if (!heapy__name_table_intern(&builder->graph->names, name, length, out))
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a label name of %zu bytes", length);
    return HEAPY_OK;
}

/* Append a label to those in lists, or all of a list. */
static heapy_status
append_to_list(heapy_graph *graph, heapy_label label, heapy_error *err)
{
    bool is_list = heapy_label_kind_of(label) == HEAPY_LABEL_SEVERAL;
    if (is_list && heapy_label_number(label) >= graph->list_count)
        return heapy__fail(err, HEAPY_INVALID, "there is no list of labels %u among %zu",
                           heapy_label_number(label), (size_t)graph->list_count);
    label_list from = is_list ? graph->lists[heapy_label_number(label)] : (label_list){0, 1};
    if (from.count > UINT32_MAX - graph->list_label_count)
        return heapy__fail(err, HEAPY_LIMIT, "more than 2^32 - 1 labels in lists");
    for (uint32_t i = 0; i < from.count; i++) {
        heapy_label *all =
            heapy_grow(graph->list_labels, graph->list_label_count, &graph->list_label_capacity, sizeof *all);
        if (!all)
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a list of labels");
        graph->list_labels = all;
        all[graph->list_label_count++] = is_list ? all[from.first + i] : label;
    }
    return HEAPY_OK;
}

heapy_status
heapy_graph_builder_several(heapy_graph_builder *builder, const heapy_label *labels, size_t count,
                            heapy_label *out, heapy_error *err)
{
    if (!builder || !labels || !out)
        return heapy__fail_null(err, "builder, labels or out");
    if (!count)
        return heapy__fail(err, HEAPY_INVALID, "a reference by several names has at least one");
    heapy_graph *graph = builder->graph;
    label_list *lists = heapy_grow(graph->lists, graph->list_count, &graph->list_capacity, sizeof *lists);
    if (!lists)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a list of labels");
    graph->lists = lists;
    size_t first = graph->list_label_count;
    heapy_status status = HEAPY_OK;
    for (size_t i = 0; !status && i < count; i++)
        status = append_to_list(graph, labels[i], err);
    if (status) {
        graph->list_label_count = first; /* they would be in no list */
        return status;
    }
    lists[graph->list_count] = (label_list){(uint32_t)first, (uint32_t)(graph->list_label_count - first)};
    *out = heapy_label_make(HEAPY_LABEL_SEVERAL, graph->list_count++);
    return HEAPY_OK;
}

heapy_type *
heapy_graph_builder_types(heapy_graph_builder *builder)
{
    if (!builder)
        return NULL;
    return builder->graph->types;
}

/* ---- columns ---- */

heapy_status
heapy_graph_builder_sizes(heapy_graph_builder *builder, heapy_size_writer **out, heapy_error *err)
{
    if (!builder || !out)
        return heapy__fail_null(err, "builder or out");
    heapy_size_writer *sizes = &builder->graph->sizes;
    if (builder->graph->lent & LENT_SIZES)
        return heapy__fail(err, HEAPY_INVALID, "the sizes of this graph are lent");
    if (!sizes->narrow) {
        sizes->node_count = builder->graph->node_count;
        sizes->narrow = heapy_alloc_zeroed(sizes->node_count, sizeof *sizes->narrow);
        if (!sizes->narrow)
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the sizes of %zu nodes",
                               sizes->node_count);
    }
    *out = sizes;
    return HEAPY_OK;
}

bool
heapy_size_writer_put_large(heapy_size_writer *writer, heapy_node node, uint64_t size)
{
    if (!writer || node >= writer->node_count)
        return false;
    heapy_large_size *large =
        heapy_grow(writer->large, writer->large_count, &writer->large_capacity, sizeof *large);
    if (!large)
        return false;
    writer->large = large;
    large[writer->large_count++] = (heapy_large_size){.node = node, .size = size};
    writer->narrow[node] = HEAPY_LARGE_SIZE;
    return true;
}

heapy_status
heapy_graph_builder_owners(heapy_graph_builder *builder, heapy_node **out, heapy_error *err)
{
    if (!builder || !out)
        return heapy__fail_null(err, "builder or out");
    size_t count = builder->graph->node_count;
    if (builder->graph->has_owners)
        return heapy__fail(err, HEAPY_INVALID, "the owners of this graph are lent");
    if (!builder->owners) {
        builder->owners = heapy_alloc_array(count, sizeof *builder->owners);
        if (!builder->owners)
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the owners of %zu nodes", count);
        memset(builder->owners, 0xff, count * sizeof *builder->owners); /* HEAPY_NO_NODE */
    }
    *out = builder->owners;
    return HEAPY_OK;
}

/* Append to a column whose nodes ascend. */
static heapy_status
append_value(heapy__sparse_column *column, size_t node_count, heapy_node node, uint32_t value,
             const char *what, heapy_error *err)
{
    if (column->is_lent)
        return heapy__fail(err, HEAPY_INVALID, "the %s of node %u is lent", what, node);
    if (node >= node_count || (column->words && node < column->next))
        return heapy__fail(err, HEAPY_INVALID, "the %s of node %u of %zu comes late or again", what, node,
                           node_count);
    if ((!column->words && !heapy__sparse_column_init(column, node_count)) ||
        !heapy__sparse_column_append(column, node, value))
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the %s of node %u", what, node);
    return HEAPY_OK;
}

heapy_status
heapy_graph_builder_add_length(heapy_graph_builder *builder, heapy_node node, uint64_t length,
                               heapy_error *err)
{
    if (!builder)
        return heapy__fail_null(err, "builder");
    heapy_graph *graph = builder->graph;
    return append_value(&graph->lengths, graph->node_count, node,
                        length < UINT32_MAX ? (uint32_t)length : UINT32_MAX, "length", err);
}

heapy_status
heapy_graph_builder_begin_facts(heapy_graph_builder *builder, const char *name, heapy_facts **out,
                                heapy_error *err)
{
    if (!builder || !name || !out)
        return heapy__fail_null(err, "builder, name or out");
    heapy_graph *graph = builder->graph;
    if (heapy_graph_facts(graph, name))
        return heapy__fail(err, HEAPY_INVALID, "there are facts called %s already", name);
    heapy_facts *facts = heapy_alloc_zeroed(1, sizeof *facts);
    if (!facts || !heapy__name_table_intern(&graph->fact_names, name, strlen(name), &facts->name)) {
        heapy_free(facts);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the facts called %s", name);
    }
    facts->node_count = graph->node_count;
    facts->next = graph->facts;
    graph->facts = facts;
    *out = facts;
    return HEAPY_OK;
}

heapy_status
heapy_facts_add_value(heapy_facts *facts, const char *text, size_t length, uint32_t *out, heapy_error *err)
{
    if (!facts || (!text && length) || !out)
        return heapy__fail_null(err, "facts, text or out");
    uint32_t *values = heapy_grow(facts->values, facts->value_count, &facts->value_capacity, sizeof *values);
    if (values)
        facts->values = values;
    if (!values || !heapy__name_table_intern(&facts->texts, text, length, &values[facts->value_count]))
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for fact number %zu", facts->value_count);
    *out = (uint32_t)facts->value_count++;
    return HEAPY_OK;
}

heapy_status
heapy_facts_add(heapy_facts *facts, heapy_node node, uint32_t value, heapy_error *err)
{
    if (!facts)
        return heapy__fail_null(err, "facts");
    if (value >= facts->value_count)
        return heapy__fail(err, HEAPY_INVALID, "there is no fact %u among %zu", value, facts->value_count);
    return append_value(&facts->of_nodes, facts->node_count, node, value, "fact", err);
}

/* ---- edges ---- */

heapy_status
heapy_graph_builder_begin_edges(heapy_graph_builder *builder, heapy_edge_writer **out, heapy_error *err)
{
    if (!builder || !out)
        return heapy__fail_null(err, "builder or out");
    heapy_graph *graph = builder->graph;
    if (heapy_graph_has_edges(graph) || builder->drain.take)
        return heapy__fail(err, HEAPY_INVALID, "the edges of this graph have begun already");
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
    if (!writer)
        return false;
    if (writer->drained_by)
        return !heapy__builder_drain(writer->drained_by, NULL);
    size_t capacity = writer->capacity, same = writer->capacity;
    uint32_t *targets = heapy_grow(writer->targets, writer->count, &capacity, sizeof *targets);
    if (targets)
        writer->targets = targets;
    heapy_label *labels = NULL;
    if (targets)
        labels = heapy_grow(writer->labels, writer->count, &same, sizeof *labels);
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
    if (!builder)
        return heapy__fail_null(err, "builder");
    heapy_graph *graph = builder->graph;
    if ((!heapy_graph_has_edges(graph) && !builder->drain.take) || graph->lent & LENT_EDGES)
        return heapy__fail(err, HEAPY_INVALID, "the edges of this graph have not begun, or are lent");
    if (builder->ended == graph->node_count)
        return heapy__fail(err, HEAPY_INVALID, "edges for more than %zu nodes", graph->node_count);
    if (graph->offsets32 && graph->edges.count > UINT32_MAX) {
        heapy_status status = widen_offsets(graph, builder->ended, err);
        if (status)
            return status;
    }
    builder->ended++;
    if (builder->drain.take)
        return heapy__builder_count_edges(builder, err);
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
    if (!builder)
        return heapy__fail_null(err, "builder");
    heapy_graph *graph = builder->graph;
    graph_root *roots = heapy_grow(graph->roots, graph->root_count, &graph->root_capacity, sizeof *roots);
    if (!roots)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for root %zu", graph->root_count);
    graph->roots = roots;
    roots[graph->root_count++] = (graph_root){target, label};
    return HEAPY_OK;
}

heapy_status
heapy_graph_builder_set_root(heapy_graph_builder *builder, heapy_node node, heapy_error *err)
{
    if (!builder)
        return heapy__fail_null(err, "builder");
    if (node != HEAPY_NO_NODE && node >= builder->graph->node_count)
        return heapy__fail(err, HEAPY_INVALID, "node %u of %zu cannot be the root", node,
                           builder->graph->node_count);
    builder->graph->root = node;
    return HEAPY_OK;
}

/* ---- finishing ---- */

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

static int
compare_large_sizes(const void *a, const void *b)
{
    heapy_node x = ((const heapy_large_size *)a)->node, y = ((const heapy_large_size *)b)->node;
    return (x > y) - (x < y);
}

/* Sort the table of large sizes, without those that were put again; which of them came last is not known to a
   sort, so they are told apart first. */
void
heapy__graph_settle_sizes(heapy_graph *graph)
{
    heapy_size_writer *sizes = &graph->sizes;
    size_t kept = sizes->large_count;
    for (size_t i = sizes->large_count; i-- > 0;) { /* the last one of a node claims it */
        heapy_large_size *large = &sizes->large[i];
        if (sizes->narrow[large->node] != HEAPY_LARGE_SIZE)
            continue; /* replaced, or an earlier one of the same node */
        sizes->narrow[large->node] = 0;
        sizes->large[--kept] = *large;
    }
    if (kept)
        memmove(sizes->large, sizes->large + kept, (sizes->large_count - kept) * sizeof *sizes->large);
    sizes->large_count -= kept;
    for (size_t i = 0; i < sizes->large_count; i++)
        sizes->narrow[sizes->large[i].node] = HEAPY_LARGE_SIZE;
    heapy__heap_sort(sizes->large, sizes->large_count, sizeof *sizes->large, compare_large_sizes);
}

/* The owners as a column that takes room for those only that have one. */
static bool
settle_owners(heapy_graph_builder *builder)
{
    heapy_graph *graph = builder->graph;
    if (!builder->owners)
        return true;
    graph->has_owners = heapy__sparse_column_init(&graph->owners, graph->node_count);
    bool is_done = graph->has_owners;
    for (size_t i = 0; is_done && i < graph->node_count; i++)
        if (builder->owners[i] != HEAPY_NO_NODE)
            is_done = heapy__sparse_column_append(&graph->owners, (uint32_t)i, builder->owners[i]);
    if (is_done)
        heapy__sparse_column_finish(&graph->owners);
    heapy_free(builder->owners);
    builder->owners = NULL;
    return is_done;
}

static int
compare_type_nodes(const void *a, const void *b)
{
    heapy_node x = ((const type_of_node *)a)->node, y = ((const type_of_node *)b)->node;
    return (x > y) - (x < y);
}

/* Which types are nodes, to be found by node. */
static bool
settle_types(heapy_graph *graph)
{
    graph->types_of_nodes = heapy_alloc_array(graph->type_table->count, sizeof *graph->types_of_nodes);
    if (!graph->types_of_nodes)
        return false;
    for (heapy_type t = 0; t < graph->type_table->count; t++)
        if (graph->type_table->rows[t].node != HEAPY_NO_NODE)
            graph->types_of_nodes[graph->type_node_count++] =
                (type_of_node){graph->type_table->rows[t].node, t};
    heapy__heap_sort(graph->types_of_nodes, graph->type_node_count, sizeof *graph->types_of_nodes,
                     compare_type_nodes);
    return true;
}

/* Bring the columns into the form in which they are read. */
static bool
settle(heapy_graph_builder *builder)
{
    heapy_graph *graph = builder->graph;
    if (graph->sizes.large_count && !(graph->lent & LENT_SIZES))
        heapy__graph_settle_sizes(graph);
    if (graph->lengths.words && !graph->lengths.is_lent)
        heapy__sparse_column_finish(&graph->lengths);
    for (heapy_facts *facts = graph->facts; facts; facts = facts->next)
        if (facts->of_nodes.words && !facts->of_nodes.is_lent)
            heapy__sparse_column_finish(&facts->of_nodes);
    return settle_types(graph) && settle_owners(builder);
}

heapy_status
heapy_graph_builder_finish(heapy_graph_builder *builder, heapy_graph **out, heapy_error *err)
{
    heapy__graph_part part;
    if (builder && out)
        return heapy__graph_builder_finish(builder, out, &part, err);
    heapy_graph_builder_destroy(builder);
    return heapy__fail_null(err, "builder or out");
}

heapy_status
heapy__graph_builder_finish(heapy_graph_builder *builder, heapy_graph **out, heapy__graph_part *part,
                            heapy_error *err)
{
    heapy_graph *graph = builder->graph;
    heapy_status status = builder->drain.take ? builder->drain_error.status : HEAPY_OK;
    if (status && err)
        *err = builder->drain_error;
    if (!status && (heapy_graph_has_edges(graph) || builder->drain.take) &&
        builder->ended != graph->node_count)
        status = heapy__fail(err, HEAPY_INVALID, "only %zu of %zu nodes have their edges", builder->ended,
                             graph->node_count);
    if (!status && builder->drain.take)
        status = heapy__builder_end_drain(builder, err);
    if (!status && !settle(builder))
        status =
            heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the columns of %zu nodes", graph->node_count);
    if (!status)
        status = heapy__graph_validate(graph, part, err);
    if (status) {
        heapy_graph_builder_destroy(builder);
        return status;
    }
    if (heapy_graph_has_edges(graph) && !(graph->lent & LENT_EDGES))
        trim_edges(&graph->edges);
    heapy_free(builder->counts);
    heapy_free(builder);
    *out = graph;
    return HEAPY_OK;
}
