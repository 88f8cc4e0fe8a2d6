/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of a file: columns lent to a graph where they lie, and what is small copied into it.
 *
 * A chunk's checksum says that it is what was written.  What was written may still be nonsense, so the graph
 * checks what its columns mean, as it does for every builder, and what it reports is told of the file.
 */
#include "snapshot_file_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../graph/graph_internal.h"
#include "heapy/memory.h"

/* ---- chunks ---- */

static const char *
part_of(char *room, const char *name, const char *part)
{
    snprintf(room, HEAPY__CHUNK_NAME_BYTES, "%s.%s", name, part);
    return room;
}

bool
heapy__file_has(const heapy_snapshot_file *file, const char *name, const char *part)
{
    char room[HEAPY__CHUNK_NAME_BYTES];
    return heapy__chunk_is_there(&file->reader, part_of(room, name, part));
}

heapy_status
heapy__file_load_texts(heapy_snapshot_file *file, const char *name, uint64_t count, heapy__file_texts *out,
                       heapy_error *err)
{
    char room[HEAPY__CHUNK_NAME_BYTES];
    const void *starts, *bytes;
    size_t start_count, byte_count;
    uint64_t wanted = count == HEAPY__ANY_COUNT ? count : count + 1;
    heapy_status status = heapy__chunk_load(&file->reader, part_of(room, name, "starts"), sizeof(uint64_t),
                                            wanted, &starts, &start_count, err);
    uint64_t offset = heapy__chunk_offset(&file->reader, room);
    if (!status)
        status = heapy__chunk_load(&file->reader, part_of(room, name, "bytes"), 1, HEAPY__ANY_COUNT, &bytes,
                                   &byte_count, err);
    if (status)
        return status;
    *out = (heapy__file_texts){starts, bytes, start_count - 1};
    bool is_whole = start_count && !out->starts[0] && out->starts[start_count - 1] == byte_count;
    for (size_t i = 0; is_whole && i + 1 < start_count; i++)
        is_whole = out->starts[i] < out->starts[i + 1] && out->starts[i + 1] <= byte_count &&
                   !out->bytes[out->starts[i + 1] - 1];
    if (is_whole)
        return HEAPY_OK;
    return heapy__bad_file(&file->reader, err, offset, "the texts of %s do not follow each other", name);
}

heapy_status
heapy__file_load_sparse(heapy_snapshot_file *file, const char *name, heapy_sparse_values *out,
                        heapy_error *err)
{
    char room[HEAPY__CHUNK_NAME_BYTES];
    heapy__chunk_reader *reader = &file->reader;
    size_t nodes = (size_t)file->graph.node_count;
    const void *words, *ranks, *values;
    heapy_status status = heapy__chunk_load(reader, part_of(room, name, "nodes"), sizeof(uint64_t),
                                            heapy__bitmap_words(nodes), &words, NULL, err);
    if (!status)
        status = heapy__chunk_load(reader, part_of(room, name, "ranks"), sizeof(uint32_t),
                                   heapy__sparse_column_blocks(nodes), &ranks, NULL, err);
    if (!status)
        status = heapy__chunk_load(reader, part_of(room, name, "numbers"), sizeof(uint32_t), HEAPY__ANY_COUNT,
                                   &values, &out->count, err);
    if (status)
        return status;
    out->words = words;
    out->ranks = ranks;
    out->values = values;
    return HEAPY_OK;
}

/* What a builder says is wrong, said of the file. */
static heapy_status
blame_file(const heapy_snapshot_file *file, heapy_status status, const char *chunk, heapy_error *err)
{
    if (status != HEAPY_INVALID && status != HEAPY_LIMIT)
        return status;
    char message[sizeof err->message];
    snprintf(message, sizeof message, "%s", err->message);
    return heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, chunk), "%.95s", message);
}

/* ---- what opening reads ---- */

/* Are there as many targets as edges, where the file has edges?  Who asks for their number reads no column.
 */
static heapy_status
check_edge_count(const heapy_snapshot_file *file, heapy_error *err)
{
    const heapy__chunk_reader *reader = &file->reader;
    uint64_t count = heapy__chunk_count(reader, "edge.targets", sizeof(heapy_node));
    bool has_targets = heapy__chunk_is_there(reader, "edge.targets");
    if (file->graph.edge_count == count || (!has_targets && heapy__chunk_is_there(reader, "edge.offsets")))
        return HEAPY_OK; /* a column that is missing is named when it is loaded */
    return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "graph"),
                           "%" PRIu64 " references are not as many as their targets, %" PRIu64,
                           file->graph.edge_count, count);
}

static heapy_status
read_graph(heapy_snapshot_file *file, heapy_error *err)
{
    const void *graph;
    size_t length;
    heapy_status status =
        heapy__chunk_load(&file->reader, "graph", sizeof(heapy__file_graph), 1, &graph, NULL, err);
    if (status)
        return status;
    file->graph = *(const heapy__file_graph *)graph;
    if (file->graph.node_count != heapy__chunk_count(&file->reader, "types", sizeof(heapy_type)) ||
        file->graph.node_count >= HEAPY_NO_NODE)
        return heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, "graph"),
                               "%" PRIu64 " nodes are not as many as types of nodes", file->graph.node_count);
    status = check_edge_count(file, err);
    if (status)
        return status;
    if (file->graph.contents > HEAPY_CONTENTS_VALUES || file->graph.fact_count > HEAPY__MOST_CHUNKS)
        return heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, "graph"),
                               "its contents are of no known kind");
    if (!heapy__chunk_is_there(&file->reader, "info"))
        return HEAPY_OK;
    const void *info;
    status = heapy__chunk_load(&file->reader, "info", 1, HEAPY__ANY_COUNT, &info, &length, err);
    char *copy = NULL;
    if (!status)
        copy = heapy_alloc_array(length + 1, 1);
    if (!status && !copy)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the info of a snapshot file");
    if (status)
        return status;
    memcpy(copy, info, length);
    copy[length] = '\0';
    file->info = copy;
    file->info_length = length;
    return HEAPY_OK;
}

static const char *
text_of(const heapy__file_texts *texts, uint32_t number)
{
    if (number >= texts->count)
        return NULL;
    return texts->bytes + texts->starts[number];
}

static heapy_status
add_types(heapy_snapshot_file *file, heapy_graph_builder *builder, heapy_error *err)
{
    const void *rows, *bases;
    size_t base_count, first = 0;
    heapy__file_texts texts;
    heapy__chunk_reader *reader = &file->reader;
    heapy_status status = heapy__chunk_load(reader, "type.rows", sizeof(heapy__file_type),
                                            file->graph.type_count, &rows, NULL, err);
    if (!status)
        status = heapy__chunk_load(reader, "type.bases", sizeof(heapy_type), HEAPY__ANY_COUNT, &bases,
                                   &base_count, err);
    if (!status)
        status = heapy__file_load_texts(file, "type.texts", HEAPY__ANY_COUNT, &texts, err);
    for (uint32_t t = 0; !status && t < file->graph.type_count; t++) {
        const heapy__file_type *row = (const heapy__file_type *)rows + t;
        heapy_type same;
        uint32_t role = row->role & ~HEAPY__FILE_TYPE_ALIAS;
        const heapy_type_row type = {.name = text_of(&texts, row->name),
                                     .module = text_of(&texts, row->module),
                                     .qualname = text_of(&texts, row->qualname),
                                     .is_alias = row->role & HEAPY__FILE_TYPE_ALIAS,
                                     .role = role < HEAPY_ROLE_COUNT ? (heapy_role)role : HEAPY_ROLE_COUNT,
                                     .identity = row->identity,
                                     .node = row->node,
                                     .bases = (const heapy_type *)bases + first,
                                     .base_count = row->base_count};
        if (row->base_count > base_count - first)
            return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "type.bases"),
                                   "type %" PRIu32 " has bases that are not there", t);
        status = heapy_graph_builder_add_type(builder, &type, &same, err);
        first += row->base_count;
    }
    if (!status && first != base_count)
        return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "type.bases"),
                               "%zu bases belong to no type", base_count - first);
    return blame_file(file, status, "type.rows", err);
}

static heapy_status
add_names(heapy_snapshot_file *file, heapy_graph_builder *builder, heapy_error *err)
{
    heapy__file_texts names;
    uint32_t number;
    heapy_status status = heapy__file_load_texts(file, "name", file->graph.name_count, &names, err);
    for (size_t i = 0; !status && i < names.count; i++) {
        size_t length = (size_t)(names.starts[i + 1] - names.starts[i]) - 1;
        status = heapy_graph_builder_intern(builder, names.bytes + names.starts[i], length, &number, err);
        if (!status && number != i)
            return heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, "name.starts"),
                                   "name %zu is there twice", i);
    }
    return blame_file(file, status, "name.starts", err);
}

/* ---- columns ---- */

/* Sizes, whose sum is kept in a signed number of 64 bits by everything that adds them up. */
static heapy_status
add_sizes(heapy_snapshot_file *file, heapy_graph_builder *builder, heapy_error *err)
{
    heapy_sizes sizes = {.node_count = (size_t)file->graph.node_count};
    const void *narrow, *large;
    uint64_t total = 0;
    heapy__chunk_reader *reader = &file->reader;
    heapy_status status =
        heapy__chunk_load(reader, "sizes", sizeof(uint32_t), sizes.node_count, &narrow, NULL, err);
    if (!status)
        status = heapy__chunk_load(reader, "sizes.large", sizeof(heapy_large_size), HEAPY__ANY_COUNT, &large,
                                   &sizes.large_count, err);
    if (status)
        return status;
    sizes.narrow = narrow;
    sizes.large = large;
    for (size_t i = 0; i < sizes.node_count; i++)
        total += sizes.narrow[i]; /* less than 2^64, for either is less than 2^32 */
    if (total > INT64_MAX / 2)
        total = INT64_MAX / 2 + 1;
    for (size_t i = 0; i < sizes.large_count; i++)
        if (sizes.large[i].size > INT64_MAX || (total += sizes.large[i].size) > INT64_MAX / 2)
            return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "sizes.large"),
                                   "sizes add up to more than 2^62 bytes");
    return blame_file(file, heapy_graph_builder_lend_sizes(builder, &sizes, err), "sizes", err);
}

/* Columns of facts: a name, the texts of values, and which nodes have which. */
static heapy_status
add_facts(heapy_snapshot_file *file, heapy_graph_builder *builder, uint32_t number, heapy_error *err)
{
    char prefix[24], room[HEAPY__CHUNK_NAME_BYTES];
    const void *name, *values;
    size_t length, value_count;
    heapy__file_texts texts;
    heapy_facts *facts = NULL;
    snprintf(prefix, sizeof prefix, "fact.%" PRIu32, number);
    heapy_status status = heapy__chunk_load(&file->reader, part_of(room, prefix, "name"), 1, HEAPY__ANY_COUNT,
                                            &name, &length, err);
    if (!status && (!length || ((const char *)name)[length - 1]))
        return heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, room),
                               "facts %" PRIu32 " have no name", number);
    if (!status)
        status = heapy_graph_builder_begin_facts(builder, name, &facts, err);
    if (!status)
        status = heapy__file_load_texts(file, part_of(room, prefix, "texts"), HEAPY__ANY_COUNT, &texts, err);
    if (!status)
        status = heapy__chunk_load(&file->reader, part_of(room, prefix, "values"), sizeof(uint32_t),
                                   HEAPY__ANY_COUNT, &values, &value_count, err);
    for (size_t v = 0; !status && v < value_count; v++) {
        uint32_t text = ((const uint32_t *)values)[v], same;
        if (text >= texts.count)
            return heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, room),
                                   "fact %zu has text %" PRIu32 " of %zu", v, text, texts.count);
        status = heapy_facts_add_value(facts, texts.bytes + texts.starts[text],
                                       (size_t)(texts.starts[text + 1] - texts.starts[text]) - 1, &same, err);
    }
    if (!status && heapy__file_has(file, prefix, "nodes")) {
        heapy_sparse_values of_nodes;
        status = heapy__file_load_sparse(file, prefix, &of_nodes, err);
        if (!status)
            status = heapy_facts_lend(facts, &of_nodes, err);
    }
    return blame_file(file, status, part_of(room, prefix, "name"), err);
}

/* The builder takes lists that are made of others, and a file of a few such would fill any memory. */
static heapy_status
check_list_labels(heapy__chunk_reader *reader, const heapy_label *labels, size_t count, heapy_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (heapy_label_kind_of(labels[i]) == HEAPY_LABEL_SEVERAL)
            return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "label.lists"),
                                   "a list of labels has the list 0x%x in it", labels[i]);
    return HEAPY_OK;
}

static heapy_status
add_labels(heapy_snapshot_file *file, heapy_graph_builder *builder, heapy_error *err)
{
    const void *counts, *labels, *roots;
    size_t list_count, label_count, root_count, first = 0;
    heapy__chunk_reader *reader = &file->reader;
    heapy_status status = heapy__chunk_load(reader, "label.counts", sizeof(uint32_t), HEAPY__ANY_COUNT,
                                            &counts, &list_count, err);
    if (!status)
        status = heapy__chunk_load(reader, "label.lists", sizeof(heapy_label), HEAPY__ANY_COUNT, &labels,
                                   &label_count, err);
    if (!status)
        status = check_list_labels(reader, labels, label_count, err);
    if (!status)
        status = heapy__chunk_load(reader, "roots", sizeof(heapy__file_root), HEAPY__ANY_COUNT, &roots,
                                   &root_count, err);
    for (size_t i = 0; !status && i < list_count; i++) {
        uint32_t count = ((const uint32_t *)counts)[i];
        heapy_label same;
        if (count > label_count - first)
            return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "label.counts"),
                                   "list %zu has labels that are not there", i);
        status = heapy_graph_builder_several(builder, (const heapy_label *)labels + first, count, &same, err);
        first += count;
    }
    if (!status && first != label_count)
        return heapy__bad_file(reader, err, heapy__chunk_offset(reader, "label.counts"),
                               "%zu labels belong to no list", label_count - first);
    for (size_t i = 0; !status && i < root_count; i++) {
        const heapy__file_root *root = (const heapy__file_root *)roots + i;
        status = heapy_graph_builder_add_root(builder, root->target, root->label, err);
    }
    return blame_file(file, status, "label.counts", err);
}

static heapy_status
add_edges(heapy_snapshot_file *file, heapy_graph_builder *builder, heapy_error *err)
{
    heapy__chunk_reader *reader = &file->reader;
    uint64_t nodes = file->graph.node_count, count = file->graph.edge_count;
    bool is_wide = heapy__chunk_count(reader, "edge.offsets", sizeof(uint64_t)) == nodes + 1;
    const void *offsets, *targets, *labels;
    heapy_status status = add_labels(file, builder, err);
    if (status || !heapy__chunk_is_there(reader, "edge.offsets"))
        return status;
    status = heapy__chunk_load(reader, "edge.offsets", is_wide ? sizeof(uint64_t) : sizeof(uint32_t),
                               nodes + 1, &offsets, NULL, err);
    if (!status)
        status = heapy__chunk_load(reader, "edge.targets", sizeof(uint32_t), count, &targets, NULL, err);
    if (!status)
        status = heapy__chunk_load(reader, "edge.labels", sizeof(heapy_label), count, &labels, NULL, err);
    if (status)
        return status;
    const heapy_lent_edges edges = {.offsets32 = is_wide ? NULL : offsets,
                                    .offsets64 = is_wide ? offsets : NULL,
                                    .targets = targets,
                                    .labels = labels,
                                    .count = (size_t)count};
    return blame_file(file, heapy_graph_builder_lend_edges(builder, &edges, err), "edge.offsets", err);
}

static heapy_status
add_columns(heapy_snapshot_file *file, heapy_graph_builder *builder, unsigned needs, heapy_error *err)
{
    heapy_sparse_values values;
    heapy_status status = add_types(file, builder, err);
    if (!status)
        status = add_names(file, builder, err);
    if (!status)
        status = blame_file(file, heapy_graph_builder_set_root(builder, file->graph.root, err), "graph", err);
    if (!status && needs & HEAPY_FILE_SIZES)
        status = add_sizes(file, builder, err);
    if (!status && needs & HEAPY_FILE_OWNERS) {
        status = heapy__file_load_sparse(file, "owner", &values, err);
        if (!status)
            status = heapy_graph_builder_lend_owners(builder, &values, err);
    }
    if (!status && needs & HEAPY_FILE_LENGTHS) {
        status = heapy__file_load_sparse(file, "length", &values, err);
        if (!status)
            status = heapy_graph_builder_lend_lengths(builder, &values, err);
    }
    /* The list of facts begins with the last one. */
    for (uint32_t i = needs & HEAPY_FILE_FACTS ? file->graph.fact_count : 0; !status && i-- > 0;)
        status = add_facts(file, builder, i, err);
    if (!status && needs & HEAPY_FILE_EDGES)
        status = add_edges(file, builder, err);
    return status;
}

static heapy_status
load_map(heapy_snapshot_file *file, heapy_error *err)
{
    const void *records, *words;
    size_t record_count, word_count;
    if (file->map)
        return HEAPY_OK;
    heapy_status status = heapy__chunk_load(&file->reader, "address.regions", sizeof(heapy_region_record),
                                            HEAPY__ANY_COUNT, &records, &record_count, err);
    if (!status)
        status = heapy__chunk_load(&file->reader, "address.words", sizeof(uint64_t), HEAPY__ANY_COUNT, &words,
                                   &word_count, err);
    heapy_address_map *map = NULL;
    if (!status)
        status = blame_file(file, heapy_address_map_lend(records, record_count, words, word_count, &map, err),
                            "address.regions", err);
    if (!status && heapy_address_map_count(map) != file->graph.node_count)
        status = heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, "address.regions"),
                                 "%zu addresses for %" PRIu64 " nodes", heapy_address_map_count(map),
                                 file->graph.node_count);
    if (status)
        heapy_address_map_destroy(map);
    else
        file->map = map;
    return status;
}

/* ---- files ---- */

static unsigned
columns_of(const heapy_snapshot_file *file)
{
    static const struct {
        const char *chunk;
        unsigned column;
    } chunks[] = {{"sizes", HEAPY_FILE_SIZES},          {"owner.nodes", HEAPY_FILE_OWNERS},
                  {"length.nodes", HEAPY_FILE_LENGTHS}, {"fact.0.name", HEAPY_FILE_FACTS},
                  {"edge.offsets", HEAPY_FILE_EDGES},   {"address.regions", HEAPY_FILE_ADDRESSES},
                  {"row.nodes", HEAPY_FILE_TEXTS},      {"owner.row.nodes", HEAPY_FILE_TEXTS},
                  {"order.nodes", HEAPY_FILE_TEXTS},    {"key.nodes", HEAPY_FILE_KEYS},
                  {"group.nodes", HEAPY_FILE_KEYS},     {"before", HEAPY_FILE_BEFORE}};
    unsigned columns = 0;
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++)
        if (heapy__chunk_is_there(&file->reader, chunks[i].chunk))
            columns |= chunks[i].column;
    return columns;
}

heapy_snapshot_file *
heapy_snapshot_file_retain(heapy_snapshot_file *file)
{
    if (file)
        atomic_fetch_add_explicit(&file->uses, 1, memory_order_relaxed);
    return file;
}

void
heapy_snapshot_file_close(heapy_snapshot_file *file)
{
    if (!file || atomic_fetch_sub_explicit(&file->uses, 1, memory_order_acq_rel) != 1)
        return;
    heapy_address_map_destroy(file->map);
    heapy__chunk_reader_deinit(&file->reader);
    pthread_mutex_destroy(&file->lock);
    heapy_free((void *)(uintptr_t)file->info);
    heapy_free(file);
}

/* Of a process that this one was forked from, the thread that held the lock is not here. */
static void
lock_file(heapy_snapshot_file *file)
{
    long process = (long)getpid(), holder = atomic_load(&file->holder);
    if (holder && holder != process && atomic_compare_exchange_strong(&file->holder, &holder, 0))
        pthread_mutex_init(&file->lock, NULL);
    pthread_mutex_lock(&file->lock);
    atomic_store(&file->holder, process);
}

static void
unlock_file(heapy_snapshot_file *file)
{
    atomic_store(&file->holder, 0);
    pthread_mutex_unlock(&file->lock);
}

static void
let_go_of_file(void *file)
{
    heapy_snapshot_file_close(file);
}

/* The graph of a file, unfinished. */
static heapy_status
begin_graph(heapy_snapshot_file *file, heapy_graph_builder **out, heapy_error *err)
{
    const void *types;
    heapy_status status = heapy__chunk_load(&file->reader, "types", sizeof(heapy_type),
                                            file->graph.node_count, &types, NULL, err);
    if (status)
        return status;
    const heapy_keeper keeper = {let_go_of_file, heapy_snapshot_file_retain(file)};
    return heapy_graph_builder_create_lent((size_t)file->graph.node_count, types, &keeper, out, err);
}

/* The chunk that is told of where a part of a graph is wrong. */
static const char *const chunk_of_part[HEAPY__GRAPH_PARTS] = {
    [HEAPY__PART_TYPES] = "type.rows",      [HEAPY__PART_NODES] = "types",
    [HEAPY__PART_OWNERS] = "owner.numbers", [HEAPY__PART_SIZES] = "sizes.large",
    [HEAPY__PART_LENGTHS] = "length.nodes", [HEAPY__PART_FACTS] = "fact.0.values",
    [HEAPY__PART_LISTS] = "label.lists",    [HEAPY__PART_OFFSETS] = "edge.offsets",
    [HEAPY__PART_EDGES] = "edge.targets",   [HEAPY__PART_ROOTS] = "roots"};

static heapy_status
make_graph(heapy_snapshot_file *file, unsigned needs, heapy_graph **out, heapy_error *err)
{
    heapy_graph_builder *builder = NULL;
    heapy_status status = begin_graph(file, &builder, err);
    if (!status)
        status = blame_file(file, add_columns(file, builder, needs, err), "graph", err);
    if (status) {
        heapy_graph_builder_destroy(builder);
        return status;
    }
    heapy__graph_part part = HEAPY__PART_TYPES;
    status = heapy__graph_builder_finish(builder, out, &part, err);
    return blame_file(file, status, chunk_of_part[part], err);
}

/* The type table and names, and that they fit together.  Which node is of which type is a column like others,
   which who asks for counts does not wait for. */
static heapy_status
check_tables(heapy_snapshot_file *file, heapy_error *err)
{
    heapy_graph_builder *builder = NULL;
    heapy_status status = heapy_graph_builder_create(0, &builder, err);
    if (!status)
        status = blame_file(file, add_types(file, builder, err), "graph", err);
    if (!status)
        status = blame_file(file, add_names(file, builder, err), "graph", err);
    if (!status)
        status =
            blame_file(file, heapy__graph_check_types(builder->graph, (size_t)file->graph.node_count, err),
                       "type.rows", err);
    heapy_graph_builder_destroy(builder);
    return status;
}

heapy_status
heapy_snapshot_open(const char *path, const heapy_snapshot_open_options *options, heapy_snapshot_file **out,
                    heapy_error *err)
{
    heapy_error unseen = HEAPY_ERROR_INIT;
    if (!path || !out)
        return heapy__fail_null(err, "path or out");
    if (!err)
        err = &unseen; /* messages are made of messages */
    heapy_snapshot_file *file = heapy_alloc_zeroed(1, sizeof *file);
    if (!file)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to open a snapshot file");
    atomic_init(&file->uses, 1);
    atomic_init(&file->holder, 0);
    pthread_mutex_init(&file->lock, NULL);
    heapy_status status = heapy__chunk_reader_init(&file->reader, path, options, err);
    if (!status)
        status = read_graph(file, err);
    if (!status)
        status = check_tables(file, err);
    if (status) {
        heapy_snapshot_file_close(file);
        return status;
    }
    *out = file;
    return HEAPY_OK;
}

heapy_snapshot_file_info
heapy_snapshot_file_describe(const heapy_snapshot_file *file)
{
    if (!file)
        return (heapy_snapshot_file_info){.info = ""};
    heapy_snapshot_file_info info = {.file_bytes = file->reader.file_bytes,
                                     .edge_count = file->graph.edge_count,
                                     .node_count = (size_t)file->graph.node_count,
                                     .type_count = file->graph.type_count,
                                     .format = file->reader.format,
                                     .contents = (heapy_contents)file->graph.contents,
                                     .columns = columns_of(file),
                                     .info = file->info ? file->info : "",
                                     .info_length = file->info_length};
    for (size_t i = 0; i < file->reader.count; i++)
        info.is_compressed |= file->reader.entries[i].codec != HEAPY__PLAIN;
    return info;
}

heapy_status
heapy_snapshot_file_snapshot(heapy_snapshot_file *file, unsigned needs, heapy_snapshot **out,
                             heapy_error *err)
{
    heapy_error unseen = HEAPY_ERROR_INIT;
    heapy_graph *graph = NULL;
    heapy_words words;
    if (!file || !out)
        return heapy__fail_null(err, "file or out");
    if (needs & ~(unsigned)HEAPY_FILE_EVERYTHING)
        return heapy__fail(err, HEAPY_INVALID, "0x%x are no columns of a file", needs);
    if (!err)
        err = &unseen;
    needs &= columns_of(file) | HEAPY_FILE_EDGES; /* there may be roots without edges */
    lock_file(file);
    heapy_status status = make_graph(file, needs, &graph, err);
    if (!status && needs & HEAPY_FILE_ADDRESSES)
        status = load_map(file, err);
    if (!status)
        status = heapy__file_words_create(file, graph, needs, &words, err);
    unlock_file(file);
    if (status) {
        heapy_graph_destroy(graph);
        return status;
    }
    return heapy_snapshot_create(graph, needs & HEAPY_FILE_ADDRESSES ? file->map : NULL, &words, out, err);
}

heapy_status
heapy_snapshot_file_before(heapy_snapshot_file *file, heapy_node_set **out, heapy_error *err)
{
    heapy_error unseen = HEAPY_ERROR_INIT;
    const void *words = NULL;
    heapy_node_set *before;
    if (!file || !out)
        return heapy__fail_null(err, "file or out");
    if (!err)
        err = &unseen;
    size_t nodes = (size_t)file->graph.node_count;
    heapy_status status = HEAPY_OK;
    lock_file(file);
    if (heapy__chunk_is_there(&file->reader, "before"))
        status = heapy__chunk_load(&file->reader, "before", sizeof(uint64_t), heapy__bitmap_words(nodes),
                                   &words, NULL, err);
    unlock_file(file);
    if (!status && words && nodes % 64 && ((const uint64_t *)words)[nodes / 64] >> nodes % 64)
        status = heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, "before"),
                                 "nodes before the reference point are not there");
    if (!status)
        status = heapy_node_set_create(nodes, &before, err);
    if (status)
        return status;
    for (size_t i = words ? heapy__bitmap_next(words, nodes, 0) : nodes; i < nodes;
         i = heapy__bitmap_next(words, nodes, i + 1))
        heapy_node_set_add(before, (heapy_node)i);
    *out = before;
    return HEAPY_OK;
}
