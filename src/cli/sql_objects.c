/* SPDX-License-Identifier: MIT */
/* The table `objects`: its columns, and what it says of plans. */
#include "sql_object_rows.h"

static const sql_column columns[OBJECT_COLUMN_COUNT] = {
    [OBJECT_SNAPSHOT] = {"snapshot", "INTEGER", SQL_BY_VALUE, 0, false},
    [OBJECT_NODE] = {"node", "INTEGER", SQL_BY_VALUE | SQL_BY_RANGE, 0, false},
    [OBJECT_ADDRESS] = {"address", "INTEGER", SQL_BY_VALUE | SQL_BY_RANGE, HEAPY_FILE_ADDRESSES, false},
    [OBJECT_TYPE] = {"type", "TEXT", SQL_BY_VALUE, 0, false},
    [OBJECT_KIND] = {"kind", "TEXT", SQL_BY_VALUE, HEAPY_FILE_OWNERS, false},
    [OBJECT_SIZE] = {"size", "INTEGER", 0, HEAPY_FILE_SIZES, false},
    [OBJECT_LENGTH] = {"length", "INTEGER", 0, HEAPY_FILE_LENGTHS, false},
    [OBJECT_OWNER] = {"owner", "INTEGER", 0, HEAPY_FILE_OWNERS, false},
    [OBJECT_RETAINED] = {"retained", "INTEGER", 0, HEAPY_FILE_SIZES | HEAPY_FILE_EDGES, false},
    [OBJECT_DOMINATOR] = {"dominator", "INTEGER", SQL_BY_VALUE, HEAPY_FILE_SIZES | HEAPY_FILE_EDGES, false},
    [OBJECT_IS_NEW] = {"is_new", "INTEGER", 0, HEAPY_FILE_BEFORE, false},
    [OBJECT_TEXT] = {"text", "TEXT", 0,
                     HEAPY_FILE_ADDRESSES | HEAPY_FILE_LENGTHS | HEAPY_FILE_FACTS | HEAPY_FILE_TEXTS, false},
};

/* ---- columns ---- */

/* The name of a node's class; the table has its names while it is open. */
static void
put_class(const sql_classing *classing, heapy_node node, sqlite3_context *result)
{
    uint32_t c = classing->of_nodes[node];
    sqlite3_result_text(result, classing->names[c], (int)classing->lengths[c], SQLITE_STATIC);
}

static heapy_status
put_object(sql_cursor *cursor, void *context, int column, sqlite3_context *result, heapy_error *err)
{
    const object_rows *rows = context;
    sql_heap *heap = cursor->heap;
    heapy_node node = rows->node;
    heapy_status status = HEAPY_OK;
    uint64_t number;
    char *text;
    switch (column) {
    case OBJECT_NODE:
        sqlite3_result_int64(result, node);
        break;
    case OBJECT_ADDRESS:
        number = heapy_snapshot_address(heap->snapshot, node);
        if (number)
            sql_put_size(result, number);
        break;
    case OBJECT_TYPE:
        put_class(&heap->types, node, result);
        break;
    case OBJECT_KIND:
        status = sql_heap_need_kinds(heap, err);
        if (!status)
            put_class(&heap->kinds, node, result);
        break;
    case OBJECT_SIZE:
        if (heap->sizes.narrow)
            sql_put_size(result, heapy_size_of(&heap->sizes, node));
        break;
    case OBJECT_LENGTH:
        number = heapy_graph_length(heap->graph, node);
        if (number != HEAPY_NO_LENGTH)
            sql_put_size(result, number);
        break;
    case OBJECT_OWNER:
        sql_put_node(result, heapy_graph_owner(heap->graph, node));
        break;
    case OBJECT_RETAINED:
        status = sql_heap_need_dominators(heap, &cursor->session->progress, err);
        if (!status && heapy_dominators_has(heap->dominators, node))
            sql_put_size(result, heapy_retained_size(heap->dominators, node));
        break;
    case OBJECT_DOMINATOR:
        status = sql_heap_need_dominators(heap, &cursor->session->progress, err);
        if (!status)
            sql_put_node(result, heapy_dominator(heap->dominators, node));
        break;
    case OBJECT_IS_NEW:
        status = sql_heap_need_before(heap, err);
        if (!status && heap->before)
            sqlite3_result_int(result, !heapy_node_set_contains(heap->before, node));
        break;
    case OBJECT_TEXT:
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
    bool then_rows = count == 1 || ((of[1] == OBJECT_NODE || of[1] == OBJECT_ADDRESS) && !descending[1]);
    static const sql_order ascending_orders[OBJECT_COLUMN_COUNT] = {
        [OBJECT_NODE] = SQL_ORDER_ROWS, [OBJECT_TYPE] = SQL_ORDER_TYPE, [OBJECT_KIND] = SQL_ORDER_KIND};
    static const sql_order descending_orders[OBJECT_COLUMN_COUNT] = {[OBJECT_NODE] = SQL_ORDER_ROWS_BACKWARD,
                                                                     [OBJECT_SIZE] = SQL_ORDER_SIZE,
                                                                     [OBJECT_RETAINED] = SQL_ORDER_RETAINED};
    if (of[0] < 0 || (of[0] != OBJECT_NODE && !then_rows))
        return SQL_ORDER_NONE;
    if (descending[0])
        return descending_orders[of[0]];
    return ascending_orders[of[0]];
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
    case OBJECT_NODE:
    case OBJECT_ADDRESS:
        return 1;
    case OBJECT_DOMINATOR:
        if (rows < 4)
            return rows;
        return 4;
    case OBJECT_SNAPSHOT:
        return rows / 2;
    default:
        return rows / 50;
    }
}

const sql_table sql_objects = {
    .name = "objects",
    .columns = columns,
    .column_count = OBJECT_COLUMN_COUNT,
    .snapshot_column = OBJECT_SNAPSHOT,
    .rows_bytes = sizeof(object_rows),
    .close = object_rows_close,
    .begin = object_rows_begin,
    .next = object_rows_next,
    .put = put_object,
    .row_number = object_number,
    .order = order_objects,
    .rows_of = object_count,
    .left = objects_left,
};
