/* SPDX-License-Identifier: MIT */
/* Conditions over the rows of a difference: --fail-if. */
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "sql.h"
#include "sql_heap.h"

/* A condition may read nothing but the values of the row, and call functions of them. */
static int
authorize(void *context, int action, const char *first, const char *second, const char *database,
          const char *inner)
{
    (void)context;
    (void)first;
    (void)database;
    (void)inner;
    switch (action) {
    case SQLITE_SELECT:
        return SQLITE_OK;
    case SQLITE_READ:
        return database ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_FUNCTION:
        return sqlite3_stricmp(second, "load_extension") ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

static int
bind_row(sqlite3_stmt *statement, const sql_diff_row *row)
{
    const int64_t numbers[] = {row->count,       row->size,        row->before_count,
                               row->before_size, row->after_count, row->after_size};
    int result = sqlite3_bind_text(statement, 1, row->kind, -1, SQLITE_STATIC);
    for (int i = 0; !result && i < 6; i++)
        result = sqlite3_bind_int64(statement, 2 + i, numbers[i]);
    if (!result && !isnan(row->growth))
        result = sqlite3_bind_double(statement, 8, row->growth);
    return result;
}

static heapy_status
failed(sqlite3 *db, const char *condition, heapy_error *err)
{
    if (sqlite3_errcode(db) == SQLITE_NOMEM)
        return sql_fail(err, HEAPY_NO_MEMORY, "no memory for the condition \"%s\"", condition);
    return sql_fail(err, HEAPY_INVALID,
                    "\"%s\" is no condition over kind, count, size, before_..., after_... and "
                    "growth: %s",
                    condition, sqlite3_errmsg(db));
}

static heapy_status
ask_rows(sqlite3 *db, sqlite3_stmt *statement, const char *condition, const sql_diff_row *rows, size_t count,
         bool *meets, heapy_error *err)
{
    for (size_t i = 0; i < count; i++) {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
        if (bind_row(statement, &rows[i]) || sqlite3_step(statement) != SQLITE_ROW)
            return failed(db, condition, err);
        meets[i] = sqlite3_column_double(statement, 0) != 0; /* as WHERE takes it */
    }
    return HEAPY_OK;
}

/* Prepare what a condition is put into; NULL: it is no such condition, which is in *err. */
static sqlite3_stmt *
prepare(sqlite3 *db, const char *before, const char *condition, const char *after, heapy_error *err)
{
    /* The row.  The condition stands on a line of its own: a comment at its end ends there. */
    static const char row[] = " FROM (SELECT ?1 AS kind, ?2 AS count, ?3 AS size, ?4 AS before_count, "
                              "?5 AS before_size, ?6 AS after_count, ?7 AS after_size, ?8 AS growth)";
    sqlite3_stmt *statement = NULL;
    const char *rest = "";
    char *text = sqlite3_mprintf("%s%s\n%s%s", before, condition, after, row);
    if (!text) {
        sql_fail(err, HEAPY_NO_MEMORY, "no memory for the condition \"%s\"", condition);
        return NULL;
    }
    if (sqlite3_prepare_v2(db, text, -1, &statement, &rest)) {
        failed(db, condition, err);
    } else if (*rest || sqlite3_column_count(statement) != 1 ||
               sqlite3_bind_parameter_count(statement) != 8) {
        sql_fail(err, HEAPY_INVALID, "\"%s\" is no single condition", condition);
        sqlite3_finalize(statement);
        statement = NULL;
    }
    sqlite3_free(text);
    return statement;
}

/*
 * Is it one expression?  What is one in brackets may close them and open others: `1) OR (1`.  Between two
 * words no bracket is open that it could close, so its own match; and what would end this CASE and begin
 * another is none in brackets.  Hence both are asked.
 */
static sqlite3_stmt *
prepare_expression(sqlite3 *db, const char *condition, heapy_error *err)
{
    sqlite3_stmt *between_words = prepare(db, "SELECT CASE WHEN ", condition, "THEN 1 ELSE 0 END", err);
    if (!between_words)
        return NULL;
    sqlite3_finalize(between_words);
    return prepare(db, "SELECT (", condition, ")", err);
}

heapy_status
sql_meet(const char *condition, const sql_diff_row *rows, size_t count, bool *meets, heapy_error *err)
{
    sqlite3 *db = NULL;
    heapy_status status = HEAPY_OK;
    if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL)) {
        sqlite3_close(db);
        return sql_fail(err, HEAPY_NO_MEMORY, "no memory for the condition \"%s\"", condition);
    }
    sqlite3_set_authorizer(db, authorize, NULL);
    sqlite3_stmt *statement = prepare_expression(db, condition, err);
    if (!statement)
        status = err->status;
    else
        status = ask_rows(db, statement, condition, rows, count, meets, err);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return status;
}
