/* SPDX-License-Identifier: MIT */
#include "sql_object_rows.h"

#include <stdlib.h>
#include <string.h>

void
object_rows_close(void *context)
{
    object_rows *rows = context;
    heapy_free(rows->owned_types);
    heapy_free(rows->owned_kinds);
    heapy_free(rows->owned_nodes);
    heapy_incremental_sort_destroy(rows->sort);
    memset(rows, 0, sizeof *rows);
}

static bool
is_of_classes(const object_rows *rows, heapy_node node)
{
    if (rows->types && !rows->types[rows->heap->types.of_nodes[node]])
        return false;
    return !rows->kinds || rows->kinds[rows->heap->kinds.of_nodes[node]];
}

static bool
may_be(const object_rows *rows, heapy_node node)
{
    return node >= rows->first && node <= rows->last && is_of_classes(rows, node);
}

/* ---- beginning ---- */

/* The classes of one name.  *flags: NULL where none is asked for; *is_any: is there one? */
static heapy_status
classes_named(const sql_cursor *cursor, int column, const sql_classing *classing, bool **flags, bool *is_any,
              heapy_error *err)
{
    size_t length;
    const char *name = sql_asked_text(cursor, column, &length);
    *is_any = true;
    if (!name)
        return HEAPY_OK;
    *flags = heapy_alloc_array(classing->count, sizeof **flags);
    if (!*flags)
        return sql_fail(err, HEAPY_NO_MEMORY, "no memory for %zu classes", classing->count);
    *is_any = false;
    for (size_t c = 0; c < classing->count; c++) {
        (*flags)[c] = classing->lengths[c] == length && !memcmp(classing->names[c], name, length);
        *is_any |= (*flags)[c];
    }
    return HEAPY_OK;
}

static bool
asks(const sql_cursor *cursor, int column)
{
    for (int i = 0; i < cursor->condition_count; i++)
        if (cursor->conditions[i].column == column)
            return true;
    return false;
}

/* Narrow the range of nodes by what is asked of nodes and addresses; false: nothing is left. */
static bool
narrow(const sql_cursor *cursor, object_rows *rows)
{
    const sql_heap *heap = cursor->heap;
    rows->first = 0;
    rows->last = (int64_t)heap->node_count - 1;
    if (!sql_asked_range(cursor, OBJECT_NODE, &rows->first, &rows->last))
        return false;
    if (asks(cursor, OBJECT_ADDRESS) && heapy_snapshot_map(heap->snapshot)) {
        int64_t lowest = 0, highest = INT64_MAX;
        if (!sql_asked_range(cursor, OBJECT_ADDRESS, &lowest, &highest))
            return false;
        int64_t first = (int64_t)sql_heap_first_at(heap, (uint64_t)lowest),
                last = (int64_t)sql_heap_first_at(heap, (uint64_t)highest + 1) - 1;
        if (first > rows->first)
            rows->first = first;
        if (last < rows->last)
            rows->last = last;
    }
    return rows->first <= rows->last;
}

static int
compare_sizes(uint32_t a, uint32_t b, void *context)
{
    const object_rows *rows = context;
    uint64_t x = heapy_size_of(&rows->heap->sizes, rows->nodes[a]),
             y = heapy_size_of(&rows->heap->sizes, rows->nodes[b]);
    return (x < y) - (x > y);
}

/* One more than what it retains; 0 of what is in no tree, which has none: NULL is the least for SQLite. */
static uint64_t
retained_rank(const object_rows *rows, uint32_t row)
{
    const heapy_dominators *tree = rows->heap->dominators;
    heapy_node node = rows->nodes[row];
    return heapy_dominators_has(tree, node) ? heapy_retained_size(tree, node) + 1 : 0;
}

static int
compare_retained(uint32_t a, uint32_t b, void *context)
{
    uint64_t x = retained_rank(context, a), y = retained_rank(context, b);
    return (x < y) - (x > y);
}

/* Collect the nodes that may be, and begin to sort them. */
static heapy_status
begin_sorting(object_rows *rows, heapy_compare compare, heapy_error *err)
{
    size_t room = (size_t)(rows->last - rows->first + 1);
    if (!rows->nodes) {
        rows->owned_nodes = heapy_alloc_array(room, sizeof *rows->owned_nodes);
        if (!rows->owned_nodes)
            return sql_fail(err, HEAPY_NO_MEMORY, "%s: no memory to sort %zu objects", rows->heap->path,
                            room);
        for (int64_t node = rows->first; node <= rows->last; node++)
            if (may_be(rows, (heapy_node)node))
                rows->owned_nodes[rows->count++] = (heapy_node)node;
        rows->nodes = rows->owned_nodes;
    }
    return heapy_incremental_sort_create(rows->count, NULL, NULL, 1, compare, rows, &rows->sort, err);
}

static int
compare_nodes(const void *a, const void *b)
{
    heapy_node x = *(const heapy_node *)a, y = *(const heapy_node *)b;
    return (x > y) - (x < y);
}

/* The nodes that one dominates immediately, as a list in their order. */
static heapy_status
begin_dominated(sql_cursor *cursor, object_rows *rows, bool *is_list, heapy_error *err)
{
    int64_t dominator;
    sql_answer answer = sql_asked_number(cursor, OBJECT_DOMINATOR, &dominator);
    *is_list = answer != SQL_ANSWER_NONE;
    if (answer != SQL_ANSWER_NUMBER || dominator < 0 || (uint64_t)dominator >= cursor->heap->node_count)
        return HEAPY_OK; /* a list of nothing, or no list */
    heapy_status status = heapy_dominated_children(cursor->heap->dominators, (heapy_node)dominator,
                                                   &rows->owned_nodes, &rows->count, err);
    if (!status) {
        qsort(rows->owned_nodes, rows->count, sizeof *rows->owned_nodes, compare_nodes);
        rows->nodes = rows->owned_nodes;
    }
    return status;
}

static heapy_status
begin_order(sql_cursor *cursor, object_rows *rows, heapy_error *err)
{
    sql_classing *classing = &cursor->heap->types;
    heapy_status status = HEAPY_OK;
    switch (cursor->order) {
    case SQL_ORDER_SIZE:
        return begin_sorting(rows, compare_sizes, err);
    case SQL_ORDER_RETAINED:
        return begin_sorting(rows, compare_retained, err);
    case SQL_ORDER_KIND:
        classing = &cursor->heap->kinds;
        /* fall through */
    case SQL_ORDER_TYPE:
        status = sql_heap_group(cursor->heap, classing, err);
        rows->nodes = classing->grouped;
        rows->count = cursor->heap->node_count;
        return status;
    case SQL_ORDER_ROWS_BACKWARD:
        rows->is_backward = true;
        return HEAPY_OK;
    default:
        return HEAPY_OK;
    }
}

/* What is derived of the file for what is asked, and the classes that are. */
static heapy_status
prepare(sql_cursor *cursor, object_rows *rows, bool *is_any, heapy_error *err)
{
    sql_heap *heap = cursor->heap;
    bool is_any_type, is_any_kind;
    heapy_status status = sql_heap_need_types(heap, err);
    if (!status && (asks(cursor, OBJECT_KIND) || cursor->order == SQL_ORDER_KIND))
        status = sql_heap_need_kinds(heap, err);
    if (!status)
        status = classes_named(cursor, OBJECT_TYPE, &heap->types, &rows->owned_types, &is_any_type, err);
    if (!status)
        status = classes_named(cursor, OBJECT_KIND, &heap->kinds, &rows->owned_kinds, &is_any_kind, err);
    if (!status && (asks(cursor, OBJECT_DOMINATOR) || cursor->order == SQL_ORDER_RETAINED))
        status = sql_heap_need_dominators(heap, &cursor->session->progress, err);
    if (status)
        return status;
    rows->types = rows->owned_types;
    rows->kinds = rows->owned_kinds;
    *is_any = is_any_type && is_any_kind;
    return HEAPY_OK;
}

heapy_status
object_rows_begin(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    object_rows *rows = context;
    bool is_any, is_list = false;
    rows->heap = cursor->heap;
    heapy_status status = prepare(cursor, rows, &is_any, err);
    if (status)
        return status;
    *at_end = !is_any || !narrow(cursor, rows);
    if (*at_end)
        return HEAPY_OK;
    if (asks(cursor, OBJECT_DOMINATOR))
        status = begin_dominated(cursor, rows, &is_list, err);
    if (status)
        return status;
    *at_end = is_list && !rows->count;
    if (*at_end)
        return HEAPY_OK;
    status = begin_order(cursor, rows, err);
    if (status)
        return status;
    return object_rows_next(cursor, context, at_end, err);
}

/* ---- going on ---- */

/* The node at a place of the list. */
static heapy_status
listed(object_rows *rows, size_t place, heapy_node *node, heapy_error *err)
{
    if (!rows->sort) {
        if (rows->is_backward)
            place = rows->count - 1 - place;
        *node = rows->nodes[place];
        return HEAPY_OK;
    }
    if (place >= rows->sorted_count) { /* ten at first, then twice as many */
        size_t wanted = 10;
        if (rows->sorted_count)
            wanted = 2 * rows->sorted_count;
        if (wanted > rows->count)
            wanted = rows->count;
        heapy_status status = heapy_incremental_sort_first(rows->sort, wanted, &rows->sorted, err);
        if (status)
            return status;
        rows->sorted_count = wanted;
    }
    *node = rows->nodes[rows->sorted[place]];
    return HEAPY_OK;
}

/* The next node of the range, which may be none of the rows. */
static heapy_node
next_of_range(object_rows *rows)
{
    if (rows->is_backward)
        return (heapy_node)rows->last--;
    return (heapy_node)rows->first++;
}

heapy_status
object_rows_next(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    object_rows *rows = context;
    (void)cursor;
    if (rows->nodes) {
        while (rows->place < rows->count) {
            heapy_status status = listed(rows, rows->place++, &rows->node, err);
            if (status || may_be(rows, rows->node))
                return status;
        }
        *at_end = true;
        return HEAPY_OK;
    }
    while (rows->first <= rows->last) {
        rows->node = next_of_range(rows);
        if (is_of_classes(rows, rows->node))
            return HEAPY_OK;
    }
    *at_end = true;
    return HEAPY_OK;
}
