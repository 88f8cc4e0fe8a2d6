/* SPDX-License-Identifier: MIT */
/*
 * Plans of virtual tables: SQLite asks for one before it reads, and hands its text to the cursor that does.
 *
 *     type=? node>=? largest first          the conditions, each with a value, then the order
 */
#ifndef HEAPY_CLI_SQL_PLAN_H
#define HEAPY_CLI_SQL_PLAN_H

#include "sql_table.h"

/* A table as a connection has it. */
typedef struct sql_instance {
    sqlite3_vtab base;
    const sql_table *table;
    sql_session *session;
} sql_instance;

/* xBestIndex: write a plan into `info`. */
int sql_choose_plan(sqlite3_vtab *vtab, sqlite3_index_info *info);

/* Add the text of a condition to a plan. */
void sql_write_condition(sqlite3_str *plan, const char *column, sql_comparison comparison);

/* Read the conditions of a plan with copies of their values; false: there is no memory for one, and the
   cursor has those before it. */
bool sql_read_conditions(sql_cursor *cursor, const char *plan, int count, sqlite3_value **values);

#endif
