/* SPDX-License-Identifier: MIT */
/* The tables `edges` and `roots`: a row for each name of each reference. */
#include "edge_text.h"
#include "sql_table.h"

#include <string.h>

enum { SNAPSHOT, SOURCE, TARGET, RELATION, NAME, NUMBER, KEY, LABEL, COLUMN_COUNT };

enum { KEY_TEXTS = HEAPY_FILE_KEYS | HEAPY_FILE_ADDRESSES };

static const sql_column columns[COLUMN_COUNT] = {
    [SNAPSHOT] = {"snapshot", "INTEGER", SQL_BY_VALUE, 0, false},
    [SOURCE] = {"source", "INTEGER", SQL_BY_VALUE | SQL_BY_RANGE, 0, false},
    [TARGET] = {"target", "INTEGER", SQL_BY_VALUE, 0, false},
    [RELATION] = {"relation", "TEXT", 0, 0, false},
    [NAME] = {"name", "TEXT", 0, 0, false},
    [NUMBER] = {"number", "INTEGER", 0, 0, false},
    [KEY] = {"key", "INTEGER", 0, 0, false},
    [LABEL] = {"label", "TEXT", 0, KEY_TEXTS, false},
};

/* Edges of the sources first .. last, or of those of a list of referrers, which may name one several times.
 */
typedef struct edge_rows {
    int64_t first, last;
    const heapy_node *sources; /* NULL: all of the range */
    size_t source_count, place;
    heapy_node target; /* HEAPY_NO_NODE: any */
    heapy_node source;
    uint64_t edge, end;
    const heapy_label *parts;
    size_t part, part_count;
} edge_rows;

/* Go to the next source that may have an edge; false: there is none. */
static bool
next_source(const sql_heap *heap, edge_rows *rows)
{
    if (!rows->sources) {
        if (rows->first > rows->last)
            return false;
        rows->source = (heapy_node)rows->first++;
    } else {
        heapy_node before = rows->source;
        bool is_first = rows->place == 0;
        do {
            if (rows->place == rows->source_count)
                return false;
            rows->source = rows->sources[rows->place++];
        } while ((!is_first && rows->source == before) || rows->source < rows->first ||
                 rows->source > rows->last);
    }
    heapy_graph_edges(heap->graph, rows->source, &rows->edge, &rows->end);
    return true;
}

static heapy_status
next_edge(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    edge_rows *rows = context;
    const sql_heap *heap = cursor->heap;
    (void)err;
    if (++rows->part < rows->part_count)
        return HEAPY_OK;
    rows->edge++; /* at first it stands one before the first */
    for (;;) {
        while (rows->edge >= rows->end)
            if (!next_source(heap, rows)) {
                *at_end = true;
                return HEAPY_OK;
            }
        if (rows->target == HEAPY_NO_NODE || heap->targets[rows->edge] == rows->target)
            break;
        rows->edge++;
    }
    rows->part = 0;
    rows->part_count = heapy_graph_label_parts(heap->graph, &heap->labels[rows->edge], &rows->parts);
    return HEAPY_OK;
}

static heapy_status
begin_edges(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    edge_rows *rows = context;
    sql_heap *heap = cursor->heap;
    int64_t target, source;
    heapy_status status = sql_heap_need_edges(heap, err);
    if (status)
        return status;
    rows->last = (int64_t)heap->node_count - 1;
    rows->target = HEAPY_NO_NODE;
    *at_end = !sql_asked_range(cursor, SOURCE, &rows->first, &rows->last);
    sql_answer answer = sql_asked_number(cursor, TARGET, &target);
    if (answer == SQL_ANSWER_NOTHING ||
        (answer == SQL_ANSWER_NUMBER && (target < 0 || (uint64_t)target >= heap->node_count)))
        *at_end = true;
    if (*at_end)
        return HEAPY_OK;
    if (answer == SQL_ANSWER_NUMBER) {
        rows->target = (heapy_node)target;
        if (sql_asked_number(cursor, SOURCE, &source) ==
            SQL_ANSWER_NONE) { /* of one source they are at hand */
            status = sql_heap_need_referrers(heap, err);
            if (status)
                return status;
            rows->sources = heapy_referrers_get(heap->referrers, rows->target, &rows->source_count);
            if (!rows->source_count) {
                *at_end = true;
                return HEAPY_OK;
            }
        }
    }
    return next_edge(cursor, context, at_end, err);
}

/* The text of a reference behind its source: `.name`, `[key]`. */
static heapy_status
put_label(const sql_heap *heap, heapy_reference reference, sqlite3_context *result, heapy_error *err)
{
    char *text;
    heapy_status status = heapy_reference_text(heap->snapshot, reference, "", HEAPY_TEXT_KEY, &text, err);
    if (!status)
        sql_put_text(result, text);
    return status;
}

static heapy_status
put_edge(sql_cursor *cursor, void *context, int column, sqlite3_context *result, heapy_error *err)
{
    const edge_rows *rows = context;
    const sql_heap *heap = cursor->heap;
    heapy_label label = rows->parts[rows->part];
    size_t length = 0;
    const char *name;
    switch (column) {
    case SOURCE:
        sqlite3_result_int64(result, rows->source);
        break;
    case TARGET:
        sqlite3_result_int64(result, heap->targets[rows->edge]);
        break;
    case RELATION:
        sql_put_constant(result, edge_relation(label));
        break;
    case NAME:
        name = edge_name(heap->graph, label, &length);
        if (name)
            sqlite3_result_text64(result, name, length, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case NUMBER:
        if (edge_has_number(label))
            sqlite3_result_int64(result, heapy_label_number(label));
        break;
    case KEY:
        sql_put_node(result, heapy_reference_of_edge(heap->graph, rows->source, rows->edge, label).key);
        break;
    case LABEL:
        return put_label(heap, heapy_reference_of_edge(heap->graph, rows->source, rows->edge, label), result,
                         err);
    default:
        break;
    }
    return HEAPY_OK;
}

/* 33 bits for the edge and 24 for which of its names it is. */
static uint64_t
edge_number(const sql_cursor *cursor, const void *context)
{
    const edge_rows *rows = context;
    return sql_row_number(cursor, rows->edge << 24 | rows->part);
}

static sql_order
order_edges(const int *of, const bool *descending, int count)
{
    return of[0] == SOURCE && !descending[0] && count == 1 ? SQL_ORDER_ROWS : SQL_ORDER_NONE;
}

static double
edge_count(const sql_heap *heap)
{
    return (double)heap->info.edge_count;
}

static double
edges_left(int column, double rows)
{
    if (column == SNAPSHOT)
        return rows / 2;
    if (rows < 4)
        return rows;
    return 4;
}

const sql_table sql_edges = {
    .name = "edges",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .snapshot_column = SNAPSHOT,
    .needs = HEAPY_FILE_EDGES,
    .rows_bytes = sizeof(edge_rows),
    .begin = begin_edges,
    .next = next_edge,
    .put = put_edge,
    .row_number = edge_number,
    .order = order_edges,
    .rows_of = edge_count,
    .left = edges_left,
};

/* ---- roots ---- */

enum { ROOT_SNAPSHOT, ROOT_NAME, ROOT_TARGET, ROOT_COLUMN_COUNT };

static const sql_column root_columns[ROOT_COLUMN_COUNT] = {
    [ROOT_SNAPSHOT] = {"snapshot", "INTEGER", SQL_BY_VALUE, 0, false},
    [ROOT_NAME] = {"name", "TEXT", 0, 0, false},
    [ROOT_TARGET] = {"target", "INTEGER", SQL_BY_VALUE, 0, false},
};

typedef struct root_rows {
    size_t root, part, part_count;
    heapy_label label;
    const heapy_label *parts;
    int64_t target; /* -1: any */
} root_rows;

/* Go to the first name of the first root from `root` on that leads to the target. */
static heapy_status
find_root(const sql_heap *heap, root_rows *rows, bool *at_end)
{
    for (; rows->root < heapy_graph_root_count(heap->graph); rows->root++) {
        rows->label = heapy_graph_root_label(heap->graph, rows->root);
        rows->part_count = heapy_graph_label_parts(heap->graph, &rows->label, &rows->parts);
        rows->part = 0;
        if (rows->part_count &&
            (rows->target < 0 || heapy_graph_root_target(heap->graph, rows->root) == rows->target))
            return HEAPY_OK;
    }
    *at_end = true;
    return HEAPY_OK;
}

static heapy_status
begin_roots(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    root_rows *rows = context;
    (void)err;
    if (sql_asked_number(cursor, ROOT_TARGET, &rows->target) == SQL_ANSWER_NONE)
        rows->target = -1;
    return find_root(cursor->heap, rows, at_end);
}

static heapy_status
next_root(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    root_rows *rows = context;
    (void)err;
    if (++rows->part < rows->part_count)
        return HEAPY_OK;
    rows->root++;
    return find_root(cursor->heap, rows, at_end);
}

static heapy_status
put_root(sql_cursor *cursor, void *context, int column, sqlite3_context *result, heapy_error *err)
{
    const root_rows *rows = context;
    const heapy_reference reference = {rows->parts[rows->part], HEAPY_NO_NODE};
    size_t length = 0;
    const char *name = edge_name(cursor->heap->graph, reference.label, &length);
    if (column == ROOT_TARGET)
        sql_put_node(result, heapy_graph_root_target(cursor->heap->graph, rows->root));
    else if (name)
        sqlite3_result_text64(result, name, length, SQLITE_STATIC, SQLITE_UTF8);
    else
        return put_label(cursor->heap, reference, result, err);
    return HEAPY_OK;
}

static uint64_t
root_number(const sql_cursor *cursor, const void *context)
{
    const root_rows *rows = context;
    return sql_row_number(cursor, (uint64_t)rows->root << 24 | rows->part);
}

const sql_table sql_roots = {
    .name = "roots",
    .columns = root_columns,
    .column_count = ROOT_COLUMN_COUNT,
    .snapshot_column = ROOT_SNAPSHOT,
    .needs = HEAPY_FILE_EDGES,
    .rows_bytes = sizeof(root_rows),
    .begin = begin_roots,
    .next = next_root,
    .put = put_root,
    .row_number = root_number,
};
