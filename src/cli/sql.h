/* SPDX-License-Identifier: MIT */
/*
 * `heapy sql`: statements over the columns of snapshot files, by SQLite.
 *
 * Nothing is imported and nothing can be changed: statements read the tables that there are, and may make
 * TEMP views.  docs/sql.md has the tables.
 */
#ifndef HEAPY_CLI_SQL_H
#define HEAPY_CLI_SQL_H

#include <stdbool.h>
#include <stdio.h>

#include <heapy/heapy.h>

typedef struct sql_input {
    const char *path;          /* as it was given */
    heapy_snapshot_file *file; /* borrowed, as the path */
} sql_input;

/* LINES: a JSON object for each row, on a line of its own. */
typedef enum sql_form { SQL_FORM_TEXT, SQL_FORM_CSV, SQL_FORM_TSV, SQL_FORM_JSON, SQL_FORM_LINES } sql_form;

/*
 * text        the statements, with semicolons between them.
 * parameters  `NAME=VALUE`, for `:NAME` and its kin.
 * row_limit   rows of text; 0: all.
 * timeout     seconds, after which it ends with HEAPY_LIMIT; 0: none.
 * progress    asked while it runs; its saying no ends it with HEAPY_CANCELLED.
 * head        of JSON: the beginning of the document, without a comma; NULL of other forms.
 * is_shown    a terminal shows the rows: what would move its cursor is escaped in CSV and TSV too.
 * out         gets the rows; after a failure what it got is half a document.  Whether writing failed,
 * ferror() knows.
 */
typedef struct sql_request {
    const char *text;
    const char *const *parameters;
    size_t parameter_count;
    sql_form form;
    size_t row_limit;
    double timeout;
    heapy_progress progress;
    const char *head;
    bool is_shown;
    FILE *out;
} sql_request;

/*
 * Run the statements.  HEAPY_INVALID: SQL that is wrong, that is refused, or that asks for what a file has
 * not; the message says where.  HEAPY_OS: writing failed.
 */
heapy_status sql_run(const sql_request *request, const sql_input *inputs, size_t input_count,
                     heapy_error *err);

/* A row of a difference, for conditions. */
typedef struct sql_diff_row {
    const char *kind;
    int64_t count, size, before_count, before_size, after_count, after_size;
    double growth; /* percent of before_size; NAN where that is 0 */
} sql_diff_row;

/* Which rows meet a condition of SQL over the columns of a row: meets[i].  HEAPY_INVALID: it is no condition.
 */
heapy_status sql_meet(const char *condition, const sql_diff_row *rows, size_t count, bool *meets,
                      heapy_error *err);

#endif
