/* SPDX-License-Identifier: MIT */
/*
 * Running statements: a connection in memory that holds nothing but our tables, and what may be done with it.
 *
 * All statements are prepared, and those that make views are run, once before: errors are found before a file
 * is read, and the authorizer, which SQLite asks about each column, learns which columns of the files will be
 * needed.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sql.h"
#include "sql_authorizer.h"
#include "sql_functions.h"
#include "sql_output.h"
#include "sql_table.h"

typedef struct connection {
    const sql_request *request;
    sql_session session;
    sqlite3 *db, *json;
    sql_authorizer allowed;
    double deadline; /* of the monotonic clock; 0: none */
    bool is_late;
} connection;

/* ---- stopping ---- */

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static bool
go_on(void *context, const char *stage, size_t done, size_t total)
{
    connection *c = context;
    const heapy_progress *progress = &c->request->progress;
    if (c->deadline != 0 && now() > c->deadline)
        c->is_late = true;
    return !c->is_late && (!progress->go_on || progress->go_on(progress->context, stage, done, total));
}

static int
stops(void *context)
{
    return !go_on(context, "query", 0, 0);
}

/* ---- errors ---- */

/* Where in the text an offset is, for people: lines and characters from 1. */
static void
place_of(const char *text, size_t offset, int *line, int *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < offset && text[i]; i++) {
        if (text[i] == '\n') {
            ++*line;
            *column = 1;
        } else if ((text[i] & 0xc0) != 0x80) {
            ++*column;
        }
    }
}

static heapy_status
failed(connection *c, const char *statement, int result, heapy_error *err)
{
    int line, column, offset = -1;
    char message[200];
    if (c->is_late)
        return sql_fail(err, HEAPY_LIMIT, "SQL: the statement takes longer than %g s, which --timeout allows",
                        c->request->timeout);
    if (result == SQLITE_INTERRUPT)
        return sql_fail(err, HEAPY_CANCELLED, "SQL: interrupted");
    if (result == SQLITE_NOMEM)
        return sql_fail(err, HEAPY_NO_MEMORY, "SQL: no memory");
    if (c->allowed.refused && (result & 0xff) == SQLITE_AUTH)
        snprintf(message, sizeof message, "%s not possible: files are only read", c->allowed.refused);
    else
        snprintf(message, sizeof message, "%s", sqlite3_errmsg(c->db));
#if SQLITE_VERSION_NUMBER >= 3038000
    if (sqlite3_libversion_number() >= 3038000)
        offset = sqlite3_error_offset(c->db);
#endif
    if (offset < 0 && statement == c->request->text) /* it came up while the first, perhaps only, one ran */
        return sql_fail(err, HEAPY_INVALID, "SQL: %s", message);
    place_of(c->request->text, (size_t)(statement - c->request->text) + (offset > 0 ? (size_t)offset : 0),
             &line, &column);
    return sql_fail(err, HEAPY_INVALID, "SQL, line %d, character %d: %s", line, column, message);
}

/* ---- connections ---- */

static void
close_connection(connection *c)
{
    sqlite3_finalize(c->session.facts);
    sqlite3_close(c->db);
    sqlite3_close(c->json);
    c->session.facts = NULL;
    c->db = c->json = NULL;
}

static int
restrict_connection(sqlite3 *db)
{
    int result = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!result)
        result = sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    if (!result)
        result = sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    return result;
}

/* A connection that has the tables of the session, and may do what it must. */
static heapy_status
open_connection(connection *c, heapy_error *err)
{
    int result = sqlite3_open_v2(":memory:", &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (!result)
        result = restrict_connection(c->db);
    for (const sql_table *const *table = sql_tables; !result && *table; table++)
        result = sql_table_register(c->db, *table, &c->session);
    if (!result)
        result = sql_functions_register(c->db, &c->session);
    if (!result)
        result = sqlite3_set_authorizer(c->db, sql_authorize, &c->allowed);
    if (!result)
        result = sqlite3_open_v2(":memory:", &c->json, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (!result) /* a SQLite without JSON knows no facts */
        sqlite3_prepare_v2(c->json, "SELECT CASE WHEN json_valid(?1) THEN json_extract(?1, ?2) END", -1,
                           &c->session.facts, NULL);
    sqlite3_progress_handler(c->db, 10000, stops, c);
    if (!result)
        return HEAPY_OK;
    close_connection(c);
    return sql_fail(err, result == SQLITE_NOMEM ? HEAPY_NO_MEMORY : HEAPY_UNSUPPORTED, "SQL: SQLite %s: %s",
                    sqlite3_libversion(), sqlite3_errstr(result));
}

/* ---- parameters ---- */

/* A value as it is written: a whole number (also 0x...), a number, or a text. */
static int
bind_value(sqlite3_stmt *statement, int place, const char *value)
{
    char *end;
    bool is_hex = value[0] == '0' && (value[1] == 'x' || value[1] == 'X');
    if (*value && !strchr(" \t\n\v\f\r", *value)) {
        unsigned long long address = 0;
        if (is_hex)
            address = strtoull(value, &end, 16);
        if (is_hex && !*end && end > value + 2)
            return sqlite3_bind_int64(statement, place, (sqlite3_int64)address);
        char *text = NULL;
        if (!is_hex)
            text = sqlite3_mprintf("%s", value);
        bool is_number =
            text && strspn(text, "+-0123456789.eE") == strlen(text) && strpbrk(text, "0123456789");
        sqlite3_free(text);
        if (is_number && strspn(value + (*value == '-'), "0123456789") == strlen(value + (*value == '-')) &&
            strlen(value) < 19)
            return sqlite3_bind_int64(statement, place, strtoll(value, NULL, 10));
        double number = 0;
        if (is_number)
            number = strtod(value, &end);
        if (is_number && !*end)
            return sqlite3_bind_double(statement, place, number);
    }
    return sqlite3_bind_text(statement, place, value, -1, SQLITE_STATIC);
}

/* The value that --param gave for `:name`, or NULL. */
static const char *
value_of(const sql_request *request, const char *name)
{
    for (size_t i = 0; name && i < request->parameter_count; i++) {
        const char *equals = strchr(request->parameters[i], '=');
        size_t length = 0;
        if (equals)
            length = (size_t)(equals - request->parameters[i]);
        if (equals && strlen(name + 1) == length && !strncmp(name + 1, request->parameters[i], length))
            return equals + 1;
    }
    return NULL;
}

static heapy_status
bind_parameters(connection *c, sqlite3_stmt *statement, heapy_error *err)
{
    for (int place = 1; place <= sqlite3_bind_parameter_count(statement); place++) {
        const char *name = sqlite3_bind_parameter_name(statement, place);
        const char *value = value_of(c->request, name);
        if (!name)
            return sql_fail(err, HEAPY_INVALID,
                            "SQL: a parameter has a name, :NAME, and --param NAME=VALUE gives it");
        if (!value)
            return sql_fail(err, HEAPY_INVALID, "SQL: %s has no value: --param %s=VALUE gives it", name,
                            name + 1);
        if (bind_value(statement, place, value))
            return sql_fail(err, HEAPY_NO_MEMORY, "SQL: no memory for %s", name);
    }
    return HEAPY_OK;
}

/* ---- running ---- */

static heapy_status
load_columns(connection *c, heapy_error *err)
{
    heapy_status status = HEAPY_OK;
    for (size_t i = 0; !status && i < c->session.heap_count; i++)
        status = sql_heap_load(&c->session.heaps[i], c->allowed.needs | c->session.needs, err);
    return status;
}

static heapy_status
run_statement(connection *c, sqlite3_stmt *statement, const char *text, sql_output *output, heapy_error *err)
{
    int result, columns = sqlite3_column_count(statement);
    bool is_written = true, is_enough = false;
    heapy_status status = HEAPY_OK;
    if (columns && !sqlite3_stmt_isexplain(statement))
        status = load_columns(c, err);
    if (!status)
        status = bind_parameters(c, statement, err);
    if (status)
        return status;
    if (columns)
        is_written = sql_output_begin(output, statement);
    while (is_written && !is_enough && (result = sqlite3_step(statement)) == SQLITE_ROW)
        is_written = sql_output_row(output, statement, &is_enough);
    if (is_written && !is_enough && result != SQLITE_DONE)
        return failed(c, text, result, err);
    if (is_written && columns)
        is_written = sql_output_end(output);
    if (is_written)
        return HEAPY_OK;
    return sql_fail(err, HEAPY_NO_MEMORY, "SQL: no memory for the rows");
}

/* Go through the statements.  output NULL: only those that give no rows are run; *with_rows counts the
 * others. */
static heapy_status
go_through(connection *c, sql_output *output, size_t *with_rows, heapy_error *err)
{
    const char *text = c->request->text, *rest;
    heapy_status status = HEAPY_OK;
    for (; !status && *text; text = rest) {
        sqlite3_stmt *statement;
        int result = sqlite3_prepare_v2(c->db, text, -1, &statement, &rest);
        if (result)
            return failed(c, text, result, err);
        if (!statement) /* a comment, or nothing */
            continue;
        if (sqlite3_column_count(statement))
            ++*with_rows;
        if (output || !sqlite3_column_count(statement))
            status = run_statement(c, statement, text, output, err);
        else
            status = bind_parameters(c, statement, err);
        sqlite3_finalize(statement);
    }
    return status;
}

static heapy_status
run_all(connection *c, heapy_error *err)
{
    const sql_request *request = c->request;
    size_t with_rows = 0;
    heapy_status status = open_connection(c, err);
    if (!status)
        status = go_through(c, NULL, &with_rows, err);
    close_connection(c);
    if (!status && with_rows != 1 && request->form != SQL_FORM_TEXT)
        status = sql_fail(err, HEAPY_INVALID,
                          "SQL: %zu of the statements give rows: this form of output takes one", with_rows);
    if (status)
        return status;
    sql_output *output = sql_output_create(request);
    if (!output)
        return sql_fail(err, HEAPY_NO_MEMORY, "SQL: no memory for the rows");
    status = open_connection(c, err);
    if (!status)
        status = go_through(c, output, &with_rows, err);
    close_connection(c);
    sql_output_destroy(output);
    return status;
}

heapy_status
sql_run(const sql_request *request, const sql_input *inputs, size_t input_count, heapy_error *err)
{
    const char *pushes = getenv("HEAPY_SQL_PUSHDOWN"); /* 0: for tests */
    if (!input_count || input_count > SQL_HEAP_LIMIT)
        return sql_fail(err, HEAPY_INVALID, "SQL: %zu files are given, and 1 to %d can be asked", input_count,
                        SQL_HEAP_LIMIT);
    sql_heap *heaps = heapy_alloc_array(input_count, sizeof *heaps);
    if (!heaps)
        return sql_fail(err, HEAPY_NO_MEMORY, "SQL: no memory for %zu files", input_count);
    for (size_t i = 0; i < input_count; i++)
        sql_heap_init(&heaps[i], inputs[i].path, inputs[i].file);
    connection c = {.request = request,
                    .session = {.heaps = heaps,
                                .heap_count = input_count,
                                .pushes = !pushes || strcmp(pushes, "0") != 0}};
    c.allowed.is_declaring = &c.session.is_declaring;
    if (request->timeout > 0)
        c.deadline = now() + request->timeout;
    c.session.progress = (heapy_progress){go_on, &c};
    heapy_status status = run_all(&c, err);
    for (size_t i = 0; i < input_count; i++)
        sql_heap_deinit(&heaps[i]);
    heapy_free(heaps);
    return status;
}
