/* SPDX-License-Identifier: MIT */
/* The nodes of a file by type and by kind: names, counts, what each class retains, and the nodes in their
 * order. */
#include "class_retained.h"
#include "sql_heap.h"

#include <heapy/memory.h>
#include <stdlib.h>
#include <string.h>

void
sql_classing_deinit(sql_classing *classing)
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
        sql_classing_deinit(types);
        return sql_heap_no_memory(heap, err);
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
        sql_classing_deinit(kinds);
        return sql_heap_no_memory(heap, err);
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
        return sql_heap_no_memory(heap, err);
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
        return sql_heap_no_memory(heap, err);
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
        return sql_heap_no_memory(heap, err);
    status = class_retained(heap->path, heap->snapshot, &heap->dominators, classing->of_nodes,
                            classing->count, progress, retained, err);
    if (status)
        heapy_free(retained);
    else
        classing->retained = retained;
    return status;
}
