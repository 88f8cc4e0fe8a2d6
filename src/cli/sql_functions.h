/* SPDX-License-Identifier: MIT */
/* The functions of SQL that know of heaps: path_text, brief, hex, bytes, retained_set. */
#ifndef HEAPY_CLI_SQL_FUNCTIONS_H
#define HEAPY_CLI_SQL_FUNCTIONS_H

#include "sql_table.h"

/* Make them known to a connection.  session: borrowed while it is open. */
int sql_functions_register(sqlite3 *db, sql_session *session);

/* HEAPY_FILE_...: what a function reads; 0 of those that are SQLite's. */
unsigned sql_function_needs(const char *name);

/* `2G`, `1.5 MiB`, `300`: bytes, a K being 1024.  false: it is no such text. */
bool sql_parse_bytes(const char *text, int64_t *out);

#endif
