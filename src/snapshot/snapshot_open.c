/* SPDX-License-Identifier: MIT */
/*
 * Open files: what is known of one, and snapshots of it, for whose graphs file_columns.c lends its columns.
 *
 * A chunk's checksum says that it is what was written.  What was written may still be nonsense, so the graph
 * checks what its columns mean, as it does for every builder, and what it reports is told of the file.
 */
#include "snapshot_file_internal.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../graph/graph_internal.h"
#include "file_columns.h"
#include "heapy/memory.h"

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

/* When this process was forked while a thread held the lock, that thread is not here to give it back. */
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

/* Begin the graph of a file; the builder keeps the file open. */
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
        status = heapy__blame_file(file, heapy__file_add_columns(file, builder, needs, err), "graph", err);
    if (status) {
        heapy_graph_builder_destroy(builder);
        return status;
    }
    heapy__graph_part part = HEAPY__PART_TYPES;
    status = heapy__graph_builder_finish(builder, out, &part, err);
    return heapy__blame_file(file, status, chunk_of_part[part], err);
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
        status = heapy__file_check_tables(file, err);
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
        status = heapy__file_load_map(file, err);
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
