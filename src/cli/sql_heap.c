/* SPDX-License-Identifier: MIT */
/* A file as SQL looks at it: what is derived of its columns, each thing once. */
#include "sql_heap.h"

#include "index_file.h"

#include <stdarg.h>
#include <stdio.h>

heapy_status
sql_fail(heapy_error *err, heapy_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (err) {
        err->status = status;
        err->os_errno = 0;
        vsnprintf(err->message, sizeof err->message, format, arguments);
    }
    va_end(arguments);
    return status;
}

heapy_status
sql_heap_no_memory(const sql_heap *heap, heapy_error *err)
{
    return sql_fail(err, HEAPY_NO_MEMORY, "%s: no memory for a column of %zu objects", heap->path,
                    heap->node_count);
}

/* ---- loading ---- */

static void
let_go(sql_heap *heap)
{
    sql_classing_deinit(&heap->types);
    sql_classing_deinit(&heap->kinds);
    heapy_classes_destroy(heap->kind_classes);
    heapy_path_writer_destroy(heap->writer);
    heapy_snapshot_release(heap->snapshot);
    heap->kind_classes = NULL;
    heap->writer = NULL;
    heap->snapshot = NULL;
    heap->dominators = NULL;
    heap->referrers = NULL;
}

void
sql_heap_init(sql_heap *heap, const char *path, heapy_snapshot_file *file)
{
    *heap = (sql_heap){.path = path, .file = file, .info = heapy_snapshot_file_describe(file)};
    heap->node_count = heap->info.node_count;
}

void
sql_heap_deinit(sql_heap *heap)
{
    let_go(heap);
    heapy_node_set_destroy(heap->before);
    heap->before = NULL;
}

heapy_status
sql_heap_load(sql_heap *heap, unsigned needs, heapy_error *err)
{
    heapy_snapshot *snapshot;
    if (heap->snapshot && (needs & ~heap->loaded) == 0)
        return HEAPY_OK;
    needs |= heap->loaded;
    heapy_status status = heapy_snapshot_file_snapshot(heap->file, needs, &snapshot, err);
    if (status)
        return status;
    let_go(heap);
    heap->snapshot = snapshot;
    heap->loaded = needs;
    heap->graph = heapy_snapshot_graph(snapshot);
    heap->sizes = heapy_graph_sizes(heap->graph);
    heap->targets = heapy_graph_targets(heap->graph);
    heap->labels = heapy_graph_labels(heap->graph);
    return HEAPY_OK;
}

/* ---- what needs edges ---- */

heapy_status
sql_heap_need_edges(const sql_heap *heap, heapy_error *err)
{
    if (heapy_graph_has_edges(heap->graph))
        return HEAPY_OK;
    return sql_fail(err, HEAPY_INVALID, "%s: there are no references in this file", heap->path);
}

heapy_status
sql_heap_need_dominators(sql_heap *heap, const heapy_progress *progress, heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    if (!heap->dominators)
        status = sql_heap_need_edges(heap, err);
    if (!status && !heap->dominators) {
        index_use_dominators(heap->path, heap->snapshot);
        status = heapy_snapshot_dominators(heap->snapshot, progress, &heap->dominators, err);
    }
    return status;
}

heapy_status
sql_heap_need_referrers(sql_heap *heap, heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    if (!heap->referrers)
        status = sql_heap_need_edges(heap, err);
    if (!status && !heap->referrers) {
        index_use_referrers(heap->path, heap->snapshot);
        status = heapy_snapshot_referrers(heap->snapshot, &heap->referrers, err);
    }
    return status;
}

heapy_status
sql_heap_need_before(sql_heap *heap, heapy_error *err)
{
    if (heap->before || !(heap->info.columns & HEAPY_FILE_BEFORE))
        return HEAPY_OK;
    return heapy_snapshot_file_before(heap->file, &heap->before, err);
}

heapy_status
sql_heap_need_writer(sql_heap *heap, heapy_error *err)
{
    if (heap->writer)
        return HEAPY_OK;
    return heapy_path_writer_create(heap->snapshot, HEAPY_TEXT_KEY, HEAPY_PATH_PLAIN, &heap->writer, err);
}

/* ---- addresses and paths ---- */

size_t
sql_heap_first_at(const sql_heap *heap, uint64_t address)
{
    size_t low = 0, high = heap->node_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (heapy_snapshot_address(heap->snapshot, (heapy_node)middle) < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first of the paths that were found. */
static heapy_status
first_path(const sql_heap *heap, heapy_shortest_paths *paths, heapy_node **nodes, heapy_path_step **steps,
           size_t *length, heapy_error *err)
{
    const uint32_t zero = 0;
    size_t count = heapy_paths_length(paths);
    heapy_node source;
    heapy_path_step *taken = heapy_alloc_array(count, sizeof *taken);
    heapy_node *passed = heapy_alloc_array(count + 1, sizeof *passed);
    heapy_status status;
    if (taken && passed)
        status = heapy_paths_get(paths, &zero, 1, &source, taken, err);
    else
        status = sql_heap_no_memory(heap, err);
    if (status) {
        heapy_free(taken);
        heapy_free(passed);
        return status;
    }
    passed[0] = source;
    for (size_t i = 0; i < count; i++)
        passed[i + 1] = heap->targets[taken[i].edge];
    *nodes = passed;
    *steps = taken;
    *length = count;
    return HEAPY_OK;
}

heapy_status
sql_heap_path(const sql_heap *heap, heapy_node target, heapy_node **nodes, heapy_path_step **steps,
              size_t *length, heapy_error *err)
{
    heapy_node_set *sources = NULL, *targets = NULL;
    heapy_shortest_paths *paths = NULL;
    *nodes = NULL;
    *steps = NULL;
    *length = 0;
    heapy_status status = sql_heap_need_edges(heap, err);
    if (!status)
        status = heapy_snapshot_sources(heap->snapshot, &sources, err);
    if (!status && heapy_node_set_contains(sources, target)) { /* it is there without a step */
        *nodes = heapy_alloc_array(1, sizeof **nodes);
        if (*nodes)
            (*nodes)[0] = target;
        else
            status = sql_heap_no_memory(heap, err);
        heapy_node_set_destroy(sources);
        return status;
    }
    if (!status)
        status = heapy_node_set_create(heap->node_count, &targets, err);
    if (!status) {
        heapy_node_set_add(targets, target);
        status =
            heapy_snapshot_paths(heap->snapshot, &(heapy_path_question){.targets = targets}, &paths, err);
    }
    if (!status && heapy_paths_length(paths))
        status = first_path(heap, paths, nodes, steps, length, err);
    heapy_shortest_paths_destroy(paths);
    heapy_node_set_destroy(sources);
    heapy_node_set_destroy(targets);
    return status;
}
