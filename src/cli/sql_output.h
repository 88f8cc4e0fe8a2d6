/* SPDX-License-Identifier: MIT */
/* Rows of statements as text for people, CSV, TSV and JSON. */
#ifndef HEAPY_CLI_SQL_OUTPUT_H
#define HEAPY_CLI_SQL_OUTPUT_H

#include <sqlite3.h>
#include <stdio.h>

#include "sql.h"

typedef struct sql_output sql_output;

/* Rows as a request wants them; what it has is borrowed until it is destroyed.  NULL: no memory. */
sql_output *sql_output_create(const sql_request *request);
void sql_output_destroy(sql_output *output); /* NULL does nothing */

/* Begin the rows of a statement, add its current row, end them.  false: no memory.  *is_enough: no further
   row will be shown. */
bool sql_output_begin(sql_output *output, sqlite3_stmt *statement);
bool sql_output_row(sql_output *output, sqlite3_stmt *statement, bool *is_enough);
bool sql_output_end(sql_output *output);

#endif
