/* SPDX-License-Identifier: MIT */
/* The table `snapshots`: a row for each file, and the list of all tables. */
#include "sql_table.h"

#include <string.h>

enum { SNAPSHOT, PATH, ID, TIME, PID, HOST, PYTHON, RSS, OBJECTS, EDGES, SIZE, LABELS, COLUMN_COUNT };

static const sql_column columns[COLUMN_COUNT] = {
    [SNAPSHOT] = {"snapshot", "INTEGER", SQL_BY_VALUE, 0, false},
    [PATH] = {"path", "TEXT", 0, 0, false},
    [ID] = {"id", "TEXT", 0, 0, false},
    [TIME] = {"time", "REAL", 0, 0, false},
    [PID] = {"pid", "INTEGER", 0, 0, false},
    [HOST] = {"host", "TEXT", 0, 0, false},
    [PYTHON] = {"python", "TEXT", 0, 0, false},
    [RSS] = {"rss", "INTEGER", 0, 0, false},
    [OBJECTS] = {"objects", "INTEGER", 0, 0, false},
    [EDGES] = {"edges", "INTEGER", 0, 0, false},
    [SIZE] = {"size", "INTEGER", 0, HEAPY_FILE_SIZES, false},
    [LABELS] = {"labels", "TEXT", 0, 0, false},
};

/* Where the info of a file has a column. */
static const char *const facts[COLUMN_COUNT] = {
    [ID] = "$.id",         [TIME] = "$.time", [PID] = "$.pid",       [HOST] = "$.host",
    [PYTHON] = "$.python", [RSS] = "$.rss",   [LABELS] = "$.labels",
};

static heapy_status
begin_snapshot(sql_cursor *cursor, void *rows, bool *at_end, heapy_error *err)
{
    (void)cursor;
    (void)rows;
    (void)at_end;
    (void)err;
    return HEAPY_OK;
}

static heapy_status
next_snapshot(sql_cursor *cursor, void *rows, bool *at_end, heapy_error *err)
{
    (void)cursor;
    (void)rows;
    (void)err;
    *at_end = true;
    return HEAPY_OK;
}

/* What the file does not say, or says in no JSON, is NULL. */
static void
put_fact(const sql_cursor *cursor, const char *fact, sqlite3_context *result)
{
    sqlite3_stmt *ask = cursor->session->facts;
    const heapy_snapshot_file_info *info = &cursor->heap->info;
    if (!ask || !info->info)
        return;
    sqlite3_bind_text64(ask, 1, info->info, info->info_length, SQLITE_STATIC, SQLITE_UTF8);
    sqlite3_bind_text(ask, 2, fact, -1, SQLITE_STATIC);
    if (sqlite3_step(ask) == SQLITE_ROW)
        sqlite3_result_value(result, sqlite3_column_value(ask, 0));
    sqlite3_reset(ask);
    sqlite3_clear_bindings(ask);
}

static heapy_status
put_size(sql_heap *heap, sqlite3_context *result, heapy_error *err)
{
    uint64_t size = 0;
    if (!heap->sizes.narrow)
        return HEAPY_OK;
    heapy_status status = sql_heap_need_types(heap, err);
    if (!status)
        status = sql_heap_count(heap, &heap->types, err);
    for (size_t t = 0; !status && t < heap->types.count; t++)
        size += heap->types.sizes[t];
    if (!status)
        sql_put_size(result, size);
    return status;
}

static heapy_status
put_snapshot(sql_cursor *cursor, void *rows, int column, sqlite3_context *result, heapy_error *err)
{
    (void)rows;
    switch (column) {
    case PATH:
        sql_put_constant(result, cursor->heap->path);
        return HEAPY_OK;
    case OBJECTS:
        sql_put_size(result, cursor->heap->info.node_count);
        return HEAPY_OK;
    case EDGES:
        sql_put_size(result, cursor->heap->info.edge_count);
        return HEAPY_OK;
    case SIZE:
        return put_size(cursor->heap, result, err);
    default:
        put_fact(cursor, facts[column], result);
        return HEAPY_OK;
    }
}

static uint64_t
snapshot_number(const sql_cursor *cursor, const void *rows)
{
    (void)rows;
    return sql_snapshot_number(cursor);
}

static const sql_table sql_snapshots = {
    .name = "snapshots",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .snapshot_column = SNAPSHOT,
    .begin = begin_snapshot,
    .next = next_snapshot,
    .put = put_snapshot,
    .row_number = snapshot_number,
};

extern const sql_table sql_objects, sql_types, sql_kinds, sql_edges, sql_roots, sql_referrers, sql_referents,
    sql_dominated, sql_reachable, sql_path;

const sql_table *const sql_tables[] = {
    &sql_snapshots, &sql_objects,   &sql_types,     &sql_kinds,     &sql_edges, &sql_roots,
    &sql_referrers, &sql_referents, &sql_dominated, &sql_reachable, &sql_path,  NULL,
};
