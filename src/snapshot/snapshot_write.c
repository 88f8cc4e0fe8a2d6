/* SPDX-License-Identifier: MIT */
/* Writing a snapshot: which chunks there are, in the order in which a reader wants them. */
#include "snapshot_write.h"

#include <stdio.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../graph/graph_internal.h"
#include "heapy/memory.h"

bool
heapy_snapshot_file_has_zstd(void)
{
    return heapy__codec_is_there();
}

/* ---- tables of texts: NAME.starts and NAME.bytes, each text with a NUL ---- */

/* The starts of one more text than there are: where the next one would begin. */
static void
write_name_table(heapy__chunk_writer *writer, const char *name, const heapy__name_table *table)
{
    char part[HEAPY__CHUNK_NAME_BYTES];
    uint64_t start = 0;
    snprintf(part, sizeof part, "%s.starts", name);
    heapy__chunk_begin(writer, part, sizeof start, HEAPY__CHUNK_REQUIRED);
    heapy__chunk_put(writer, &start, sizeof start);
    for (size_t i = 0; i < table->count; i++) {
        start = table->starts[i + 1];
        heapy__chunk_put(writer, &start, sizeof start);
    }
    heapy__chunk_end(writer);
    snprintf(part, sizeof part, "%s.bytes", name);
    heapy__chunk_write(writer, part, HEAPY__CHUNK_REQUIRED, table->text, (size_t)start, 1);
}

/* ---- the graph ---- */

static uint32_t
fact_count(const heapy_graph *graph, heapy_contents contents)
{
    uint32_t count = 0;
    for (const heapy_facts *facts = graph->facts; facts && contents; facts = facts->next)
        count++;
    return count;
}

static void
write_types(heapy__chunk_writer *writer, const heapy_graph *graph)
{
    heapy__chunk_begin(writer, "type.rows", sizeof(heapy__file_type), HEAPY__CHUNK_REQUIRED);
    const heapy__type_table *types = graph->type_table;
    for (size_t t = 0; t < types->count; t++) {
        const graph_type *type = &types->rows[t];
        const heapy__file_type row = {.name = type->name,
                                      .module = type->module,
                                      .qualname = type->qualname,
                                      .role = (uint32_t)type->role |
                                              (type->is_alias ? HEAPY__FILE_TYPE_ALIAS : 0),
                                      .identity = type->identity,
                                      .node = type->node,
                                      .base_count = type->base_count};
        heapy__chunk_put(writer, &row, sizeof row);
    }
    heapy__chunk_end(writer);
    heapy__chunk_begin(writer, "type.bases", sizeof(heapy_type), HEAPY__CHUNK_REQUIRED);
    for (size_t t = 0; t < types->count; t++) /* they may lie in another order */
        heapy__chunk_put(writer, types->bases + types->rows[t].first_base,
                         types->rows[t].base_count * sizeof(heapy_type));
    heapy__chunk_end(writer);
    write_name_table(writer, "type.texts", &types->texts);
}

void
heapy__write_sparse(heapy__chunk_writer *writer, const char *name, const heapy__sparse_column *column)
{
    char part[HEAPY__CHUNK_NAME_BYTES];
    snprintf(part, sizeof part, "%s.nodes", name);
    heapy__chunk_write(writer, part, 0, column->words, heapy__bitmap_words(column->node_count),
                       sizeof *column->words);
    snprintf(part, sizeof part, "%s.ranks", name);
    heapy__chunk_write(writer, part, 0, column->ranks, heapy__sparse_column_blocks(column->node_count),
                       sizeof *column->ranks);
    snprintf(part, sizeof part, "%s.numbers", name);
    heapy__chunk_write(writer, part, 0, column->values, column->count, sizeof *column->values);
}

/* fact.0 is the first in the list. */
static void
write_facts(heapy__chunk_writer *writer, const heapy_graph *graph)
{
    size_t i = 0;
    for (const heapy_facts *facts = graph->facts; facts; facts = facts->next, i++) {
        char name[HEAPY__CHUNK_NAME_BYTES];
        snprintf(name, sizeof name, "fact.%zu.name", i);
        const char *text = heapy__name_table_get(&graph->fact_names, facts->name, NULL);
        heapy__chunk_write(writer, name, 0, text, strlen(text) + 1, 1);
        snprintf(name, sizeof name, "fact.%zu.texts", i);
        write_name_table(writer, name, &facts->texts);
        snprintf(name, sizeof name, "fact.%zu.values", i);
        heapy__chunk_write(writer, name, 0, facts->values, facts->value_count, sizeof *facts->values);
        snprintf(name, sizeof name, "fact.%zu", i);
        if (facts->of_nodes.words)
            heapy__write_sparse(writer, name, &facts->of_nodes);
    }
}

void
heapy__write_sizes(heapy__chunk_writer *writer, const heapy_graph *graph)
{
    heapy__chunk_write(writer, "sizes", 0, graph->sizes.narrow, graph->node_count,
                       sizeof *graph->sizes.narrow);
    heapy__chunk_write(writer, "sizes.large", 0, graph->sizes.large, graph->sizes.large_count,
                       sizeof *graph->sizes.large);
}

static void
write_columns(heapy__chunk_writer *writer, const heapy_graph *graph)
{
    size_t nodes = graph->node_count;
    heapy__chunk_write(writer, "types", HEAPY__CHUNK_REQUIRED, graph->types, nodes, sizeof *graph->types);
    if (graph->owners.words)
        heapy__write_sparse(writer, "owner", &graph->owners);
    if (graph->lengths.words)
        heapy__write_sparse(writer, "length", &graph->lengths);
}

static void
write_edges(heapy__chunk_writer *writer, const heapy_graph *graph)
{
    size_t nodes = graph->node_count, edges = graph->edges.count;
    const label_list *lists = graph->lists;
    heapy__chunk_begin(writer, "label.counts", sizeof lists->count, 0);
    for (size_t i = 0; i < graph->list_count; i++)
        heapy__chunk_put(writer, &lists[i].count, sizeof lists[i].count);
    heapy__chunk_end(writer);
    heapy__chunk_write(writer, "label.lists", 0, graph->list_labels, graph->list_label_count,
                       sizeof *graph->list_labels);
    heapy__chunk_write(writer, "roots", 0, graph->roots, graph->root_count, sizeof(heapy__file_root));
    if (!heapy_graph_has_edges(graph))
        return;
    if (graph->offsets32)
        heapy__chunk_write(writer, "edge.offsets", 0, graph->offsets32, nodes + 1, sizeof *graph->offsets32);
    else
        heapy__chunk_write(writer, "edge.offsets", 0, graph->offsets64, nodes + 1, sizeof *graph->offsets64);
    heapy__chunk_write(writer, "edge.targets", 0, graph->edges.targets, edges, sizeof *graph->edges.targets);
    heapy__chunk_write(writer, "edge.labels", 0, graph->edges.labels, edges, sizeof *graph->edges.labels);
}

/* ---- addresses ---- */

static heapy_status
write_addresses(heapy__chunk_writer *writer, const heapy_address_map *map)
{
    if (!map)
        return HEAPY_OK;
    uint64_t *words = heapy_alloc_array(HEAPY_REGION_LAYOUT_WORDS, sizeof *words);
    if (!words)
        return heapy__fail(writer->err, HEAPY_NO_MEMORY, "no memory to write addresses");
    heapy_region_record record = {0};
    heapy__chunk_begin(writer, "address.regions", sizeof record, 0);
    for (size_t i = 0; i < map->region_count; i++) {
        heapy_address_map_layout(map, i, &record, words);
        heapy__chunk_put(writer, &record, sizeof record);
    }
    heapy__chunk_end(writer);
    heapy__chunk_begin(writer, "address.words", sizeof *words, 0);
    for (size_t i = 0; i < map->region_count; i++)
        heapy__chunk_put(writer, words, heapy_address_map_layout(map, i, &record, words) * sizeof *words);
    heapy__chunk_end(writer);
    heapy_free(words);
    return HEAPY_OK;
}

/* ---- all of it ---- */

heapy_status
heapy__write_rest(heapy_snapshot_writer *whole, const heapy_snapshot *snapshot,
                  const heapy_snapshot_write_options *options)
{
    heapy__chunk_writer *writer = &whole->chunks;
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    const heapy__file_graph head = {.node_count = graph->node_count,
                                    .edge_count = whole->has_edges ? whole->edge_count : graph->edges.count,
                                    .type_count = (uint32_t)graph->type_table->count,
                                    .name_count = (uint32_t)graph->names.count,
                                    .fact_count = fact_count(graph, options->contents),
                                    .root = graph->root,
                                    .contents = (uint32_t)options->contents};
    heapy__chunk_write(writer, "graph", HEAPY__CHUNK_REQUIRED, &head, 1, sizeof head);
    heapy__chunk_write(writer, "info", 0, options->info, options->info ? options->info_length : 0, 1);
    write_types(writer, graph);
    write_name_table(writer, "name", &graph->names);
    write_columns(writer, graph);
    if (graph->sizes.narrow)
        heapy__write_sizes(writer, graph);
    heapy_status status = write_addresses(writer, heapy_snapshot_map(snapshot));
    if (status)
        return status;
    write_edges(writer, graph);
    if (options->before)
        heapy__chunk_write(writer, "before", 0, heapy_node_set_words(options->before),
                           heapy__bitmap_words(graph->node_count), sizeof(uint64_t));
    if (options->contents) {
        write_facts(writer, graph);
        status = heapy__write_words(writer, snapshot, options, whole->keys);
    }
    if (status)
        return status;
    return heapy__chunk_writer_finish(writer);
}
