/* SPDX-License-Identifier: MIT */
/* Virtual tables: how they are connected, and cursors, which go from file to file. */
#include "sql_plan.h"

#include <string.h>

/* What sqlite3_create_module_v2() keeps. */
typedef struct table_module {
    const sql_table *table;
    sql_session *session;
} table_module;

/* ---- connecting ---- */

static char *
schema_of(const sql_table *table)
{
    sqlite3_str *schema = sqlite3_str_new(NULL);
    sqlite3_str_appendall(schema, "CREATE TABLE x(");
    const char *comma = "";
    for (int i = 0; i < table->column_count; i++) {
        sqlite3_str_appendf(schema, "%s\"%w\" %s", comma, table->columns[i].name, table->columns[i].type);
        if (table->columns[i].is_argument)
            sqlite3_str_appendall(schema, " HIDDEN");
        comma = ", ";
    }
    sqlite3_str_appendall(schema, ")");
    return sqlite3_str_finish(schema);
}

static int
connect_table(sqlite3 *db, void *context, int count, const char *const *arguments, sqlite3_vtab **out,
              char **message)
{
    const table_module *module = context;
    (void)count;
    (void)arguments;
    (void)message;
    char *schema = schema_of(module->table);
    sql_instance *instance = sqlite3_malloc(sizeof *instance);
    module->session->is_declaring = true;
    int result = SQLITE_NOMEM;
    if (schema && instance)
        result = sqlite3_declare_vtab(db, schema);
    module->session->is_declaring = false;
    sqlite3_free(schema);
    if (result) {
        sqlite3_free(instance);
        return result;
    }
    *instance = (sql_instance){{0}, module->table, module->session};
    *out = &instance->base;
    return SQLITE_OK;
}

static int
disconnect_table(sqlite3_vtab *vtab)
{
    sqlite3_free(vtab);
    return SQLITE_OK;
}

/* ---- cursors ---- */

static void *
rows_of_cursor(sql_cursor *cursor)
{
    return cursor + 1;
}

static int
open_cursor(sqlite3_vtab *vtab, sqlite3_vtab_cursor **out)
{
    const sql_instance *instance = (const sql_instance *)vtab;
    size_t bytes = sizeof(sql_cursor) + instance->table->rows_bytes;
    sql_cursor *cursor = sqlite3_malloc64(bytes);
    if (!cursor)
        return SQLITE_NOMEM;
    memset(cursor, 0, bytes);
    cursor->table = instance->table;
    cursor->session = instance->session;
    cursor->at_end = true;
    *out = &cursor->base;
    return SQLITE_OK;
}

static void
forget(sql_cursor *cursor)
{
    for (int i = 0; i < cursor->condition_count; i++)
        sqlite3_value_free(cursor->conditions[i].value);
    cursor->condition_count = 0;
    if (cursor->table->close)
        cursor->table->close(rows_of_cursor(cursor));
    memset(rows_of_cursor(cursor), 0, cursor->table->rows_bytes);
}

static int
close_cursor(sqlite3_vtab_cursor *base)
{
    forget((sql_cursor *)base);
    sqlite3_free(base);
    return SQLITE_OK;
}

static int
failed(sqlite3_vtab *vtab, heapy_status status, const heapy_error *err)
{
    sqlite3_free(vtab->zErrMsg);
    vtab->zErrMsg = sqlite3_mprintf("%s", err->message);
    if (status == HEAPY_NO_MEMORY)
        return SQLITE_NOMEM;
    if (status == HEAPY_CANCELLED)
        return SQLITE_INTERRUPT;
    return SQLITE_ERROR;
}

/* Go on to the first row of the next file that has one. */
static int
begin_next(sql_cursor *cursor)
{
    heapy_error err = HEAPY_ERROR_INIT;
    cursor->at_end = true;
    while (cursor->at_end && cursor->next_heap < cursor->heap_end) {
        cursor->heap = &cursor->session->heaps[cursor->next_heap++];
        if (cursor->table->close)
            cursor->table->close(rows_of_cursor(cursor));
        memset(rows_of_cursor(cursor), 0, cursor->table->rows_bytes);
        cursor->at_end = false;
        heapy_status status = cursor->table->begin(cursor, rows_of_cursor(cursor), &cursor->at_end, &err);
        if (status)
            return failed(cursor->base.pVtab, status, &err);
    }
    return SQLITE_OK;
}

/* Which files are read: all, the one that is asked for, or none. */
static void
choose_files(sql_cursor *cursor)
{
    size_t count = cursor->session->heap_count;
    int64_t snapshot;
    cursor->next_heap = cursor->heap_end = 0;
    for (int i = 0; i < cursor->condition_count; i++)
        if (cursor->conditions[i].comparison == SQL_EQUAL &&
            sqlite3_value_type(cursor->conditions[i].value) == SQLITE_NULL)
            return; /* nothing is equal to NULL */
    switch (sql_asked_number(cursor, cursor->table->snapshot_column, &snapshot)) {
    case SQL_ANSWER_NUMBER:
        if (snapshot < 0 || (uint64_t)snapshot >= count)
            return;
        cursor->next_heap = (size_t)snapshot;
        cursor->heap_end = (size_t)snapshot + 1;
        return;
    case SQL_ANSWER_NOTHING:
        return;
    case SQL_ANSWER_NONE:
        cursor->heap_end = count;
        return;
    }
}

static int
filter(sqlite3_vtab_cursor *base, int order, const char *plan, int count, sqlite3_value **values)
{
    sql_cursor *cursor = (sql_cursor *)base;
    forget(cursor);
    cursor->order = (sql_order)order;
    if (!sql_read_conditions(cursor, plan, count, values))
        return SQLITE_NOMEM;
    choose_files(cursor);
    return begin_next(cursor);
}

static int
next_row(sqlite3_vtab_cursor *base)
{
    sql_cursor *cursor = (sql_cursor *)base;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = cursor->table->next(cursor, rows_of_cursor(cursor), &cursor->at_end, &err);
    if (status)
        return failed(base->pVtab, status, &err);
    if (!cursor->at_end)
        return SQLITE_OK;
    return begin_next(cursor);
}

static int
is_at_end(sqlite3_vtab_cursor *base)
{
    return ((sql_cursor *)base)->at_end;
}

static int
put_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    sql_cursor *cursor = (sql_cursor *)base;
    heapy_error err = HEAPY_ERROR_INIT;
    if (column == cursor->table->snapshot_column) {
        sqlite3_result_int64(context, (sqlite3_int64)sql_snapshot_number(cursor));
        return SQLITE_OK;
    }
    heapy_status status = cursor->table->put(cursor, rows_of_cursor(cursor), column, context, &err);
    if (!status)
        return SQLITE_OK;
    sqlite3_result_error(context, err.message, -1);
    return failed(base->pVtab, status, &err);
}

static int
put_row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    sql_cursor *cursor = (sql_cursor *)base;
    *out = (sqlite3_int64)cursor->table->row_number(cursor, rows_of_cursor(cursor));
    return SQLITE_OK;
}

/* ---- rows of several files ---- */

size_t
sql_snapshot_number(const sql_cursor *cursor)
{
    return (size_t)(cursor->heap - cursor->session->heaps);
}

uint64_t
sql_row_number(const sql_cursor *cursor, uint64_t number)
{
    return (uint64_t)sql_snapshot_number(cursor) << 57 | number;
}

/* ---- results ---- */

void
sql_put_node(sqlite3_context *context, heapy_node node)
{
    if (node == HEAPY_NO_NODE)
        sqlite3_result_null(context);
    else
        sqlite3_result_int64(context, node);
}

void
sql_put_size(sqlite3_context *context, uint64_t size)
{
    if (size > INT64_MAX)
        size = INT64_MAX;
    sqlite3_result_int64(context, (sqlite3_int64)size);
}

void
sql_put_constant(sqlite3_context *context, const char *text)
{
    sqlite3_result_text(context, text, -1, SQLITE_STATIC); /* of NULL it is NULL */
}

static void
free_text(void *text)
{
    heapy_text_free(text);
}

void
sql_put_text(sqlite3_context *context, char *text)
{
    sqlite3_result_text(context, text, -1, free_text);
}

/* ---- registering ---- */

static const sqlite3_module module = {
    .iVersion = 1,
    .xConnect = connect_table, /* without xCreate a table is there by its name and cannot be made */
    .xBestIndex = sql_choose_plan,
    .xDisconnect = disconnect_table,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next_row,
    .xEof = is_at_end,
    .xColumn = put_column,
    .xRowid = put_row_number,
};

int
sql_table_register(sqlite3 *db, const sql_table *table, sql_session *session)
{
    table_module *kept = sqlite3_malloc(sizeof *kept);
    if (!kept)
        return SQLITE_NOMEM;
    *kept = (table_module){table, session};
    return sqlite3_create_module_v2(db, table->name, &module, kept, sqlite3_free);
}

const sql_table *
sql_table_named(const char *name)
{
    for (const sql_table *const *table = sql_tables; *table; table++)
        if (!sqlite3_stricmp((*table)->name, name))
            return *table;
    return NULL;
}
