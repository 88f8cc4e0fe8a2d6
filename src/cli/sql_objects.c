/* SPDX-License-Identifier: MIT */
/* The table `objects`: ranges of nodes, or nodes in an order that was made for the statement. */
#include "sql_table.h"

#include <stdlib.h>
#include <string.h>

enum {
    SNAPSHOT,
    NODE,
    ADDRESS,
    TYPE,
    KIND,
    SIZE,
    LENGTH,
    OWNER,
    RETAINED,
    DOMINATOR,
    IS_NEW,
    TEXT,
    COLUMN_COUNT
};

static const sql_column columns[COLUMN_COUNT] = {
    [SNAPSHOT] = {"snapshot", "INTEGER", SQL_BY_VALUE, 0, false},
    [NODE] = {"node", "INTEGER", SQL_BY_VALUE | SQL_BY_RANGE, 0, false},
    [ADDRESS] = {"address", "INTEGER", SQL_BY_VALUE | SQL_BY_RANGE, HEAPY_FILE_ADDRESSES, false},
    [TYPE] = {"type", "TEXT", SQL_BY_VALUE, 0, false},
    [KIND] = {"kind", "TEXT", SQL_BY_VALUE, HEAPY_FILE_OWNERS, false},
    [SIZE] = {"size", "INTEGER", 0, HEAPY_FILE_SIZES, false},
    [LENGTH] = {"length", "INTEGER", 0, HEAPY_FILE_LENGTHS, false},
    [OWNER] = {"owner", "INTEGER", 0, HEAPY_FILE_OWNERS, false},
    [RETAINED] = {"retained", "INTEGER", 0, HEAPY_FILE_SIZES | HEAPY_FILE_EDGES, false},
    [DOMINATOR] = {"dominator", "INTEGER", SQL_BY_VALUE, HEAPY_FILE_SIZES | HEAPY_FILE_EDGES, false},
    [IS_NEW] = {"is_new", "INTEGER", 0, HEAPY_FILE_BEFORE, false},
    [TEXT] = {"text", "TEXT", 0,
              HEAPY_FILE_ADDRESSES | HEAPY_FILE_LENGTHS | HEAPY_FILE_FACTS | HEAPY_FILE_TEXTS, false},
};

/*
 * Either the nodes first .. last, forward or backward, or those of a list: `nodes`, or as far as `sort` has
 * been asked, which sorts the places of `nodes`.
 */
typedef struct object_rows {
    int64_t first, last;
    bool is_backward;
    heapy_node node;
    const bool *types, *kinds; /* by class: may it be?  NULL: all may */
    bool *owned_types, *owned_kinds;
    const heapy_node *nodes;
    heapy_node *owned_nodes;
    size_t count, place;
    heapy_incremental_sort *sort;
    const uint32_t *sorted;
    size_t sorted_count;
    const sql_heap *heap; /* of the comparison */
} object_rows;

static void
close_rows(void *context)
{
    object_rows *rows = context;
    heapy_free(rows->owned_types);
    heapy_free(rows->owned_kinds);
    heapy_free(rows->owned_nodes);
    heapy_incremental_sort_destroy(rows->sort);
    memset(rows, 0, sizeof *rows);
}

static bool
may_be(const object_rows *rows, heapy_node node)
{
    return node >= rows->first && node <= rows->last &&
           (!rows->types || rows->types[rows->heap->types.of_nodes[node]]) &&
           (!rows->kinds || rows->kinds[rows->heap->kinds.of_nodes[node]]);
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
    if (!sql_asked_range(cursor, NODE, &rows->first, &rows->last))
        return false;
    if (asks(cursor, ADDRESS) && heapy_snapshot_map(heap->snapshot)) {
        int64_t lowest = 0, highest = INT64_MAX;
        if (!sql_asked_range(cursor, ADDRESS, &lowest, &highest))
            return false;
        int64_t first = (int64_t)sql_heap_first_at(heap, (uint64_t)lowest),
                last = (int64_t)sql_heap_first_at(heap, (uint64_t)highest + 1) - 1;
        rows->first = first > rows->first ? first : rows->first;
        rows->last = last < rows->last ? last : rows->last;
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

static int
compare_retained(uint32_t a, uint32_t b, void *context)
{
    const object_rows *rows = context;
    uint64_t x = heapy_retained_size(rows->heap->dominators, rows->nodes[a]),
             y = heapy_retained_size(rows->heap->dominators, rows->nodes[b]);
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
    sql_answer answer = sql_asked_number(cursor, DOMINATOR, &dominator);
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

static heapy_status next_object(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err);

static heapy_status
begin_objects(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    object_rows *rows = context;
    sql_heap *heap = cursor->heap;
    bool is_any_type, is_any_kind, is_list = false, needs_dominators = asks(cursor, DOMINATOR);
    rows->heap = heap;
    heapy_status status = sql_heap_need_types(heap, err);
    if (!status && (asks(cursor, KIND) || cursor->order == SQL_ORDER_KIND))
        status = sql_heap_need_kinds(heap, err);
    if (!status)
        status = classes_named(cursor, TYPE, &heap->types, &rows->owned_types, &is_any_type, err);
    if (!status)
        status = classes_named(cursor, KIND, &heap->kinds, &rows->owned_kinds, &is_any_kind, err);
    if (!status && (needs_dominators || cursor->order == SQL_ORDER_RETAINED))
        status = sql_heap_need_dominators(heap, &cursor->session->progress, err);
    if (status)
        return status;
    rows->types = rows->owned_types;
    rows->kinds = rows->owned_kinds;
    *at_end = !is_any_type || !is_any_kind || !narrow(cursor, rows);
    if (*at_end)
        return HEAPY_OK;
    if (needs_dominators)
        status = begin_dominated(cursor, rows, &is_list, err);
    else
        status = HEAPY_OK;
    *at_end = !status && is_list && !rows->count;
    if (!status && !*at_end)
        status = begin_order(cursor, rows, err);
    if (status || *at_end)
        return status;
    return next_object(cursor, context, at_end, err);
}

/* ---- going on ---- */

/* The node at a place of the list. */
static heapy_status
listed(object_rows *rows, size_t place, heapy_node *node, heapy_error *err)
{
    if (!rows->sort) {
        *node = rows->nodes[rows->is_backward ? rows->count - 1 - place : place];
        return HEAPY_OK;
    }
    if (place >= rows->sorted_count) { /* ten at first, then twice as many */
        size_t wanted = rows->sorted_count ? 2 * rows->sorted_count : 10;
        wanted = wanted < rows->count ? wanted : rows->count;
        heapy_status status = heapy_incremental_sort_first(rows->sort, wanted, &rows->sorted, err);
        if (status)
            return status;
        rows->sorted_count = wanted;
    }
    *node = rows->nodes[rows->sorted[place]];
    return HEAPY_OK;
}

static heapy_status
next_object(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
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
        rows->node = (heapy_node)(rows->is_backward ? rows->last : rows->first);
        bool is_row = may_be(rows, rows->node);
        if (rows->is_backward)
            rows->last--;
        else
            rows->first++;
        if (is_row)
            return HEAPY_OK;
    }
    *at_end = true;
    return HEAPY_OK;
}

/* ---- columns ---- */

static heapy_status
put_object(sql_cursor *cursor, void *context, int column, sqlite3_context *result, heapy_error *err)
{
    const object_rows *rows = context;
    sql_heap *heap = cursor->heap;
    heapy_node node = rows->node;
    heapy_status status = HEAPY_OK;
    uint64_t number;
    char *text;
    uint32_t c;
    switch (column) {
    case NODE:
        sqlite3_result_int64(result, node);
        break;
    case ADDRESS:
        number = heapy_snapshot_address(heap->snapshot, node);
        if (number)
            sql_put_size(result, number);
        break;
    case TYPE:
        c = heap->types.of_nodes[node];
        sqlite3_result_text(result, heap->types.names[c], (int)heap->types.lengths[c], SQLITE_STATIC);
        break;
    case KIND:
        status = sql_heap_need_kinds(heap, err);
        if (!status) {
            c = heap->kinds.of_nodes[node];
            sqlite3_result_text(result, heap->kinds.names[c], (int)heap->kinds.lengths[c], SQLITE_STATIC);
        }
        break;
    case SIZE:
        if (heap->sizes.narrow)
            sql_put_size(result, heapy_size_of(&heap->sizes, node));
        break;
    case LENGTH:
        number = heapy_graph_length(heap->graph, node);
        if (number != HEAPY_NO_LENGTH)
            sql_put_size(result, number);
        break;
    case OWNER:
        sql_put_node(result, heapy_graph_owner(heap->graph, node));
        break;
    case RETAINED:
        status = sql_heap_need_dominators(heap, &cursor->session->progress, err);
        if (!status)
            sql_put_size(result, heapy_retained_size(heap->dominators, node));
        break;
    case DOMINATOR:
        status = sql_heap_need_dominators(heap, &cursor->session->progress, err);
        if (!status)
            sql_put_node(result, heapy_dominator(heap->dominators, node));
        break;
    case IS_NEW:
        status = sql_heap_need_before(heap, err);
        if (!status && heap->before)
            sqlite3_result_int(result, !heapy_node_set_contains(heap->before, node));
        break;
    case TEXT:
        status = heapy_snapshot_text(heap->snapshot, node, HEAPY_TEXT_ROW, &text, err);
        if (!status)
            sql_put_text(result, text);
        break;
    default:
        break;
    }
    return status;
}

static uint64_t
object_number(const sql_cursor *cursor, const void *rows)
{
    return sql_row_number(cursor, ((const object_rows *)rows)->node);
}

/* ---- plans ---- */

/* Nodes ascend with their addresses; nothing that stands behind one of the two changes the order. */
static sql_order
order_objects(const int *of, const bool *descending, int count)
{
    bool then_rows = count == 1 || ((of[1] == NODE || of[1] == ADDRESS) && !descending[1]);
    switch (of[0]) {
    case NODE:
        return descending[0] ? SQL_ORDER_ROWS_BACKWARD : SQL_ORDER_ROWS;
    case SIZE:
        return descending[0] && then_rows ? SQL_ORDER_SIZE : SQL_ORDER_NONE;
    case RETAINED:
        return descending[0] && then_rows ? SQL_ORDER_RETAINED : SQL_ORDER_NONE;
    case TYPE:
        return !descending[0] && then_rows ? SQL_ORDER_TYPE : SQL_ORDER_NONE;
    case KIND:
        return !descending[0] && then_rows ? SQL_ORDER_KIND : SQL_ORDER_NONE;
    default:
        return SQL_ORDER_NONE;
    }
}

static double
object_count(const sql_heap *heap)
{
    return (double)heap->node_count;
}

static double
objects_left(int column, double rows)
{
    switch (column) {
    case NODE:
    case ADDRESS:
        return 1;
    case DOMINATOR:
        return rows < 4 ? rows : 4;
    case SNAPSHOT:
        return rows / 2;
    default:
        return rows / 50;
    }
}

const sql_table sql_objects = {
    .name = "objects",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .snapshot_column = SNAPSHOT,
    .rows_bytes = sizeof(object_rows),
    .close = close_rows,
    .begin = begin_objects,
    .next = next_object,
    .put = put_object,
    .row_number = object_number,
    .order = order_objects,
    .rows_of = object_count,
    .left = objects_left,
};
