/* SPDX-License-Identifier: MIT */
/* Table-valued functions: what is around a node.  Their argument is a hidden column, as SQLite has it. */
#include "sql_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NODE, START, SNAPSHOT, COLUMN_COUNT };

enum { WALKS = HEAPY_FILE_EDGES, DOMINATES = HEAPY_FILE_EDGES | HEAPY_FILE_SIZES };

static const sql_column columns[COLUMN_COUNT] = {
    [NODE] = {"node", "INTEGER", 0, 0, false},
    [START] = {"start", "INTEGER", SQL_BY_VALUE, 0, true},
    [SNAPSHOT] = {"snapshot", "INTEGER", SQL_BY_VALUE, 0, true},
};

/* A set of nodes, or of a path its nodes and steps. */
typedef struct walk_rows {
    heapy_node_set *set;
    heapy_node start, node;
    heapy_node *nodes;
    heapy_path_step *steps;
    size_t length, place;
} walk_rows;

static void
close_walk(void *context)
{
    walk_rows *rows = context;
    heapy_node_set_destroy(rows->set);
    heapy_free(rows->nodes);
    heapy_free(rows->steps);
    memset(rows, 0, sizeof *rows);
}

/* The node that a function is asked about.  *at_end: nobody can be meant by it, such as by NULL. */
static heapy_status
start_of(const sql_cursor *cursor, int column, heapy_node *start, bool *at_end, heapy_error *err)
{
    int64_t number, snapshot;
    const char *name = cursor->table->name;
    bool has_node = false, has_snapshot = false;
    for (int i = 0; i < cursor->condition_count; i++) {
        has_node |= cursor->conditions[i].column == column;
        has_snapshot |= cursor->conditions[i].column == cursor->table->snapshot_column;
    }
    if (!has_node)
        return sql_fail(err, HEAPY_INVALID, "%s() is asked about a node: %s(NODE)", name, name);
    if (!has_snapshot && cursor->session->heap_count > 1)
        return sql_fail(err, HEAPY_INVALID, "%zu files are given: say which one is meant, %s(NODE, SNAPSHOT)",
                        cursor->session->heap_count, name);
    if (has_snapshot &&
        sql_asked_number(cursor, cursor->table->snapshot_column, &snapshot) != SQL_ANSWER_NUMBER)
        return sql_fail(err, HEAPY_INVALID, "%s(): a snapshot is a number from 0 to %zu", name,
                        cursor->session->heap_count - 1);
    if (sql_asked_number(cursor, column, &number) != SQL_ANSWER_NUMBER)
        return sql_fail(err, HEAPY_INVALID, "%s(): a node is a whole number", name);
    if (number < 0 || (uint64_t)number >= cursor->heap->node_count)
        return sql_fail(err, HEAPY_INVALID, "%s(): there is no node %" PRId64 ": %s has %zu", name, number,
                        cursor->heap->path, cursor->heap->node_count);
    *start = (heapy_node)number;
    *at_end = false;
    return HEAPY_OK;
}

static heapy_status
next_walked(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    walk_rows *rows = context;
    (void)cursor;
    (void)err;
    rows->node = heapy_node_set_next(rows->set, rows->node + 1);
    *at_end = rows->node == HEAPY_NO_NODE;
    return HEAPY_OK;
}

/* Ask a question about one node, whose answer is a set. */
typedef heapy_status walk(sql_heap *heap, const sql_session *session, const heapy_node_set *start,
                          heapy_node node, heapy_node_set **out, heapy_error *err);

static heapy_status
begin_walk(sql_cursor *cursor, walk_rows *rows, walk *ask, bool *at_end, heapy_error *err)
{
    heapy_node_set *start = NULL;
    heapy_status status = start_of(cursor, START, &rows->start, at_end, err);
    if (!status && !*at_end)
        status = sql_heap_need_edges(cursor->heap, err);
    if (!status)
        status = heapy_node_set_create(cursor->heap->node_count, &start, err);
    if (!status) {
        heapy_node_set_add(start, rows->start);
        status = ask(cursor->heap, cursor->session, start, rows->start, &rows->set, err);
    }
    heapy_node_set_destroy(start);
    if (status)
        return status;
    rows->node = heapy_node_set_next(rows->set, 0);
    *at_end = rows->node == HEAPY_NO_NODE;
    return HEAPY_OK;
}

static heapy_status
ask_referrers(sql_heap *heap, const sql_session *session, const heapy_node_set *start, heapy_node node,
              heapy_node_set **out, heapy_error *err)
{
    (void)session;
    (void)node;
    heapy_status status = sql_heap_need_referrers(heap, err);
    if (status)
        return status;
    return heapy_ask(heap->snapshot, HEAPY_ASK_REFERRERS, HEAPY_NO_NODE, start, out, err);
}

static heapy_status
ask_referents(sql_heap *heap, const sql_session *session, const heapy_node_set *start, heapy_node node,
              heapy_node_set **out, heapy_error *err)
{
    (void)session;
    (void)node;
    return heapy_ask(heap->snapshot, HEAPY_ASK_REFERENTS, HEAPY_NO_NODE, start, out, err);
}

static heapy_status
ask_reachable(sql_heap *heap, const sql_session *session, const heapy_node_set *start, heapy_node node,
              heapy_node_set **out, heapy_error *err)
{
    (void)session;
    (void)node;
    heapy_status status = heapy_node_set_create(heap->node_count, out, err);
    if (!status)
        status = heapy_reach(heap->graph, start, NULL, HEAPY_AVOID_ENTIRELY, *out, err);
    if (status) {
        heapy_node_set_destroy(*out);
        *out = NULL;
    }
    return status;
}

/* What is below a node in the dominator tree. */
static heapy_status
add_branch(sql_heap *heap, heapy_node node, heapy_node_set *out, heapy_error *err)
{
    heapy_node *waiting = NULL, *children;
    size_t count = 0, capacity = 0, child_count;
    heapy_status status = HEAPY_OK;
    heapy_node_set_add(out, node);
    for (;;) {
        children = NULL;
        child_count = 0;
        status = heapy_dominated_children(heap->dominators, node, &children, &child_count, err);
        for (size_t i = 0; !status && i < child_count; i++) {
            heapy_node *grown = heapy_grow(waiting, count, &capacity, sizeof *waiting);
            if (!grown) {
                status = sql_fail(err, HEAPY_NO_MEMORY, "no memory for %zu dominated objects", count);
                break;
            }
            waiting = grown;
            waiting[count++] = children[i];
            heapy_node_set_add(out, children[i]);
        }
        heapy_free(children);
        if (status || !count)
            break;
        node = waiting[--count];
    }
    heapy_free(waiting);
    return status;
}

static heapy_status
ask_dominated(sql_heap *heap, const sql_session *session, const heapy_node_set *start, heapy_node node,
              heapy_node_set **out, heapy_error *err)
{
    heapy_status status = sql_heap_need_dominators(heap, &session->progress, err);
    if (status)
        return status;
    if (!heapy_dominators_has(heap->dominators, node)) /* it is in no tree */
        return heapy_ask(heap->snapshot, HEAPY_ASK_DOMINATED, HEAPY_NO_NODE, start, out, err);
    status = heapy_node_set_create(heap->node_count, out, err);
    if (!status)
        status = add_branch(heap, node, *out, err);
    if (status) {
        heapy_node_set_destroy(*out);
        *out = NULL;
    }
    return status;
}

#define BEGINS(function, ask)                                                                                \
    static heapy_status function(sql_cursor *cursor, void *rows, bool *at_end, heapy_error *err)             \
    {                                                                                                        \
        return begin_walk(cursor, rows, ask, at_end, err);                                                   \
    }
BEGINS(begin_referrers, ask_referrers)
BEGINS(begin_referents, ask_referents)
BEGINS(begin_reachable, ask_reachable)
BEGINS(begin_dominated, ask_dominated)
#undef BEGINS

static heapy_status
put_walked(sql_cursor *cursor, void *context, int column, sqlite3_context *result, heapy_error *err)
{
    const walk_rows *rows = context;
    (void)cursor;
    (void)err;
    sqlite3_result_int64(result, column == START ? rows->start : rows->node);
    return HEAPY_OK;
}

/* Start and row share the number, and files are spread over all of it. */
static uint64_t
walked_number(const sql_cursor *cursor, const void *context)
{
    const walk_rows *rows = context;
    return ((uint64_t)rows->start << 32 | rows->node) +
           sql_snapshot_number(cursor) * UINT64_C(0x9E3779B97F4A7C15);
}

#define WALK(variable, text, of, begins)                                                                     \
    const sql_table variable = {                                                                             \
        .name = text,                                                                                        \
        .columns = columns,                                                                                  \
        .column_count = COLUMN_COUNT,                                                                        \
        .snapshot_column = SNAPSHOT,                                                                         \
        .needs = of,                                                                                         \
        .rows_bytes = sizeof(walk_rows),                                                                     \
        .close = close_walk,                                                                                 \
        .begin = begins,                                                                                     \
        .next = next_walked,                                                                                 \
        .put = put_walked,                                                                                   \
        .row_number = walked_number,                                                                         \
    }
WALK(sql_referrers, "referrers", WALKS, begin_referrers);
WALK(sql_referents, "referents", WALKS, begin_referents);
WALK(sql_reachable, "reachable", WALKS, begin_reachable);
WALK(sql_dominated, "dominated", DOMINATES, begin_dominated);
#undef WALK

/* ---- path ---- */

enum { PATH_STEP, PATH_NODE, PATH_LABEL, PATH_START, PATH_SNAPSHOT, PATH_COLUMN_COUNT };

static const sql_column path_columns[PATH_COLUMN_COUNT] = {
    [PATH_STEP] = {"step", "INTEGER", 0, 0, false},
    [PATH_NODE] = {"node", "INTEGER", 0, 0, false},
    [PATH_LABEL] = {"label", "TEXT", 0, HEAPY_FILE_KEYS | HEAPY_FILE_ADDRESSES, false},
    [PATH_START] = {"start", "INTEGER", SQL_BY_VALUE, 0, true},
    [PATH_SNAPSHOT] = {"snapshot", "INTEGER", SQL_BY_VALUE, 0, true},
};

static heapy_status
begin_path(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    walk_rows *rows = context;
    heapy_status status = start_of(cursor, PATH_START, &rows->start, at_end, err);
    if (!status)
        status = sql_heap_path(cursor->heap, rows->start, &rows->nodes, &rows->steps, &rows->length, err);
    if (!status)
        *at_end = !rows->nodes;
    return status;
}

static heapy_status
next_step(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    walk_rows *rows = context;
    (void)cursor;
    (void)err;
    *at_end = ++rows->place > rows->length;
    return HEAPY_OK;
}

/* The name of the step that leads to the current node; of the first there is none. */
static heapy_status
put_step(const sql_heap *heap, const walk_rows *rows, sqlite3_context *result, heapy_error *err)
{
    const heapy_label *parts;
    char *text;
    if (!rows->place)
        return HEAPY_OK;
    const heapy_path_step *step = &rows->steps[rows->place - 1];
    heapy_node source = rows->nodes[rows->place - 1];
    heapy_graph_label_parts(heap->graph, &heap->labels[step->edge], &parts);
    heapy_reference reference = heapy_reference_of_edge(heap->graph, source, step->edge, parts[step->name]);
    heapy_status status = heapy_reference_text(heap->snapshot, reference, "", HEAPY_TEXT_KEY, &text, err);
    if (!status)
        sql_put_text(result, text);
    return status;
}

static heapy_status
put_path(sql_cursor *cursor, void *context, int column, sqlite3_context *result, heapy_error *err)
{
    const walk_rows *rows = context;
    switch (column) {
    case PATH_STEP:
        sqlite3_result_int64(result, (sqlite3_int64)rows->place);
        return HEAPY_OK;
    case PATH_NODE:
        sqlite3_result_int64(result, rows->nodes[rows->place]);
        return HEAPY_OK;
    case PATH_START:
        sqlite3_result_int64(result, rows->start);
        return HEAPY_OK;
    default:
        return put_step(cursor->heap, rows, result, err);
    }
}

static uint64_t
path_number(const sql_cursor *cursor, const void *context)
{
    const walk_rows *rows = context;
    return ((uint64_t)rows->start << 32 | rows->place) +
           sql_snapshot_number(cursor) * UINT64_C(0x9E3779B97F4A7C15);
}

const sql_table sql_path = {
    .name = "path",
    .columns = path_columns,
    .column_count = PATH_COLUMN_COUNT,
    .snapshot_column = PATH_SNAPSHOT,
    .needs = WALKS,
    .rows_bytes = sizeof(walk_rows),
    .close = close_walk,
    .begin = begin_path,
    .next = next_step,
    .put = put_path,
    .row_number = path_number,
};
