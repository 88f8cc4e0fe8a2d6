/* SPDX-License-Identifier: MIT */
/* A file as SQL looks at it: what is derived of its columns, each thing once. */
#include "sql_heap.h"

#include "class_retained.h"
#include "index_file.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static heapy_status
no_memory(const sql_heap *heap, heapy_error *err)
{
    return sql_fail(err, HEAPY_NO_MEMORY, "%s: no memory for a column of %zu objects", heap->path,
                    heap->node_count);
}

/* ---- loading ---- */

static void
classing_deinit(sql_classing *classing)
{
    heapy_free(classing->names);
    heapy_free(classing->lengths);
    heapy_free(classing->counts);
    heapy_free(classing->sizes);
    heapy_free(classing->largest);
    heapy_free(classing->first);
    heapy_free(classing->retained);
    heapy_free(classing->ranks);
    heapy_free(classing->grouped);
    *classing = (sql_classing){0};
}

static void
let_go(sql_heap *heap)
{
    classing_deinit(&heap->types);
    classing_deinit(&heap->kinds);
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

/* ---- types and kinds ---- */

heapy_status
sql_heap_need_types(sql_heap *heap, heapy_error *err)
{
    sql_classing *types = &heap->types;
    size_t count = heapy_graph_type_count(heap->graph);
    if (types->names)
        return HEAPY_OK;
    types->names = heapy_alloc_array(count, sizeof *types->names);
    types->lengths = heapy_alloc_array(count, sizeof *types->lengths);
    if (!types->names || !types->lengths) {
        classing_deinit(types);
        return no_memory(heap, err);
    }
    types->of_nodes = heapy_graph_types(heap->graph);
    types->count = count;
    for (heapy_type t = 0; t < count; t++) {
        types->names[t] = heapy_graph_type_name(heap->graph, t);
        types->lengths[t] = strlen(types->names[t]);
    }
    return HEAPY_OK;
}

heapy_status
sql_heap_need_kinds(sql_heap *heap, heapy_error *err)
{
    sql_classing *kinds = &heap->kinds;
    const heapy_classifier *clodo;
    if (kinds->names)
        return HEAPY_OK;
    if (!heap->kind_classes) {
        heapy_status status = heapy_classifier_create(HEAPY_BY_CLODO, NULL, 0, &clodo, err);
        if (status)
            return status;
        status = heapy_classify(clodo, heap->snapshot, NULL, &heap->kind_classes, err);
        heapy_classifier_release(clodo);
        if (status)
            return status;
    }
    size_t count = heapy_classes_count(heap->kind_classes);
    kinds->names = heapy_alloc_array(count, sizeof *kinds->names);
    kinds->lengths = heapy_alloc_array(count, sizeof *kinds->lengths);
    if (!kinds->names || !kinds->lengths) {
        classing_deinit(kinds);
        return no_memory(heap, err);
    }
    kinds->of_nodes = heapy_classes_of_members(heap->kind_classes);
    kinds->count = count;
    for (heapy_class c = 0; c < count; c++) {
        kinds->names[c] = heapy_classes_name(heap->kind_classes, c);
        kinds->lengths[c] = strlen(kinds->names[c]);
    }
    return HEAPY_OK;
}

heapy_status
sql_heap_count(sql_heap *heap, sql_classing *classing, heapy_error *err)
{
    if (classing->counts)
        return HEAPY_OK;
    uint64_t *counts = heapy_alloc_zeroed(classing->count, sizeof *counts),
             *sizes = heapy_alloc_zeroed(classing->count, sizeof *sizes),
             *largest = heapy_alloc_zeroed(classing->count, sizeof *largest);
    heapy_node *first = heapy_alloc_array(classing->count, sizeof *first);
    if (!counts || !sizes || !largest || !first) {
        heapy_free(counts);
        heapy_free(sizes);
        heapy_free(largest);
        heapy_free(first);
        return no_memory(heap, err);
    }
    memset(first, 0xff, classing->count * sizeof *first); /* HEAPY_NO_NODE */
    for (size_t node = heap->node_count; node-- > 0;) {
        uint32_t c = classing->of_nodes[node];
        uint64_t size = heapy_size_of(&heap->sizes, (heapy_node)node);
        counts[c]++;
        sizes[c] += size;
        largest[c] = size > largest[c] ? size : largest[c];
        first[c] = (heapy_node)node;
    }
    classing->counts = counts;
    classing->sizes = sizes;
    classing->largest = largest;
    classing->first = first;
    return HEAPY_OK;
}

/* A class and its name, to be sorted by it. */
typedef struct named_class {
    const char *name;
    size_t length;
    uint32_t number;
} named_class;

static int
compare_names(const void *a, const void *b)
{
    const named_class *x = a, *y = b;
    int order = memcmp(x->name, y->name, x->length < y->length ? x->length : y->length);
    if (order)
        return order;
    return (x->length > y->length) - (x->length < y->length);
}

/* The place of each class's name among the names; *rank_count: how many different ones there are. */
static uint32_t *
ranks_of(const sql_classing *classing, size_t *rank_count)
{
    named_class *named = heapy_alloc_array(classing->count, sizeof *named);
    uint32_t *ranks = heapy_alloc_array(classing->count, sizeof *ranks), rank = 0;
    if (!named || !ranks) {
        heapy_free(named);
        heapy_free(ranks);
        return NULL;
    }
    for (uint32_t c = 0; c < classing->count; c++)
        named[c] = (named_class){classing->names[c], classing->lengths[c], c};
    qsort(named, classing->count, sizeof *named, compare_names);
    for (size_t i = 0; i < classing->count; i++) {
        rank += i && compare_names(&named[i - 1], &named[i]) != 0;
        ranks[named[i].number] = rank;
    }
    heapy_free(named);
    *rank_count = (size_t)rank + 1;
    return ranks;
}

heapy_status
sql_heap_group(sql_heap *heap, sql_classing *classing, heapy_error *err)
{
    size_t rank_count = 0;
    if (classing->grouped)
        return HEAPY_OK;
    uint32_t *ranks = ranks_of(classing, &rank_count);
    uint32_t *next = NULL;
    if (ranks)
        next = heapy_alloc_zeroed(rank_count + 1, sizeof *next);
    heapy_node *grouped = NULL;
    if (next)
        grouped = heapy_alloc_array(heap->node_count, sizeof *grouped);
    if (!grouped) {
        heapy_free(ranks);
        heapy_free(next);
        return no_memory(heap, err);
    }
    for (size_t node = 0; node < heap->node_count; node++)
        next[ranks[classing->of_nodes[node]] + 1]++;
    for (size_t rank = 0; rank < rank_count; rank++)
        next[rank + 1] += next[rank];
    for (size_t node = 0; node < heap->node_count; node++)
        grouped[next[ranks[classing->of_nodes[node]]]++] = (heapy_node)node;
    heapy_free(next);
    classing->ranks = ranks;
    classing->grouped = grouped;
    return HEAPY_OK;
}

heapy_status
sql_heap_retained_by(sql_heap *heap, sql_classing *classing, const heapy_progress *progress, heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    if (!classing->retained)
        status = sql_heap_need_edges(heap, err);
    if (status || classing->retained)
        return status;
    uint64_t *retained = heapy_alloc_zeroed(classing->count, sizeof *retained);
    if (!retained)
        return no_memory(heap, err);
    status = class_retained(heap->path, heap->snapshot, &heap->dominators, classing->of_nodes,
                            classing->count, progress, retained, err);
    if (status)
        heapy_free(retained);
    else
        classing->retained = retained;
    return status;
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
        status = no_memory(heap, err);
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
            status = no_memory(heap, err);
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
