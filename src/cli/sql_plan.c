/* SPDX-License-Identifier: MIT */
/* How a table would answer: which conditions it takes itself, and in which order it gives rows. */
#include "sql_plan.h"

static const char *const orders[SQL_ORDER_COUNT] = {
    [SQL_ORDER_NONE] = "",
    [SQL_ORDER_ROWS] = " in order",
    [SQL_ORDER_ROWS_BACKWARD] = " backward",
    [SQL_ORDER_SIZE] = " largest first",
    [SQL_ORDER_RETAINED] = " most retained first",
    [SQL_ORDER_TYPE] = " by type",
    [SQL_ORDER_KIND] = " by kind",
};

/* The comparison that a constraint is, if this column may take it; false: it may not. */
static bool
takes(const sql_column *column, sqlite3_index_info *info, int constraint, sql_comparison *out)
{
    switch (info->aConstraint[constraint].op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
        *out = SQL_EQUAL;
        return column->pushed & (SQL_BY_VALUE | SQL_BY_RANGE) &&
               !sqlite3_stricmp(sqlite3_vtab_collation(info, constraint), "BINARY");
    case SQLITE_INDEX_CONSTRAINT_LT:
        *out = SQL_LESS;
        break;
    case SQLITE_INDEX_CONSTRAINT_LE:
        *out = SQL_LESS_EQUAL;
        break;
    case SQLITE_INDEX_CONSTRAINT_GT:
        *out = SQL_GREATER;
        break;
    case SQLITE_INDEX_CONSTRAINT_GE:
        *out = SQL_GREATER_EQUAL;
        break;
    default:
        return false;
    }
    return column->pushed & SQL_BY_RANGE;
}

/* The order that a statement wants, as the table can give it.  With several files each has an order of its
   own, which is that of all if one file is meant or the files come first. */
static sql_order
order_of(const sql_instance *instance, const sqlite3_index_info *info, bool is_one_file)
{
    enum { LIMIT = 8 };
    const sql_table *table = instance->table;
    int columns[LIMIT], count = 0;
    bool descending[LIMIT];
    if (!table->order || !info->nOrderBy)
        return SQL_ORDER_NONE;
    for (int i = 0; i < info->nOrderBy && count < LIMIT; i++) {
        int column = info->aOrderBy[i].iColumn;
        if (column == table->snapshot_column) {
            if (!is_one_file && (count || info->aOrderBy[i].desc))
                return SQL_ORDER_NONE;
            is_one_file = true;
            continue;
        }
        if (!is_one_file)
            return SQL_ORDER_NONE;
        columns[count] = column;
        descending[count++] = info->aOrderBy[i].desc;
    }
    if (!count)
        return SQL_ORDER_ROWS;
    return table->order(columns, descending, count);
}

static double
rows_of(const sql_instance *instance)
{
    const sql_session *session = instance->session;
    double rows = 1;
    if (!instance->table->rows_of)
        return rows + 10 * (double)session->heap_count;
    for (size_t i = 0; i < session->heap_count; i++)
        rows += instance->table->rows_of(&session->heaps[i]);
    return rows;
}

/* About how many of `rows` a condition leaves. */
static double
rows_left(const sql_table *table, int column, sql_comparison comparison, double rows)
{
    if (comparison != SQL_EQUAL)
        return rows / 3;
    if (!table->left)
        return rows / 4;
    return table->left(column, rows);
}

/* What a table is read for: SQLite's authorizer says it of most columns, but not of those that USING joins.
 */
static unsigned
needs_of(const sql_table *table, const sqlite3_index_info *info)
{
    enum { LAST_BIT = 63 }; /* stands for all columns from there on */
    unsigned needs = table->needs;
    for (int i = 0; i < table->column_count; i++) {
        int bit = i < LAST_BIT ? i : LAST_BIT;
        if (info->colUsed >> bit & 1)
            needs |= table->columns[i].needs;
    }
    for (int i = 0; i < info->nConstraint; i++)
        if (info->aConstraint[i].iColumn >= 0 && info->aConstraint[i].iColumn < table->column_count)
            needs |= table->columns[info->aConstraint[i].iColumn].needs;
    return needs;
}

/* Is it the argument of a function whose value comes from a table that has not been read yet? */
static bool
waits_for_argument(const sql_table *table, const sqlite3_index_info *info)
{
    for (int i = 0; i < info->nConstraint; i++) {
        int column = info->aConstraint[i].iColumn;
        if (column >= 0 && column < table->column_count && table->columns[column].is_argument &&
            info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ && !info->aConstraint[i].usable)
            return true;
    }
    return false;
}

/* Write the conditions that the table takes; *rows: about how many they leave, *is_one_file: of one file?
   Returns how many there are. */
static int
take_conditions(const sql_instance *instance, sqlite3_index_info *info, sqlite3_str *plan, double *rows,
                bool *is_one_file)
{
    const sql_table *table = instance->table;
    int used = 0;
    for (int i = 0; i < info->nConstraint && used < SQL_CONDITION_LIMIT; i++) {
        int number = info->aConstraint[i].iColumn;
        sql_comparison comparison;
        if (number < 0 || number >= table->column_count || !info->aConstraint[i].usable)
            continue;
        const sql_column *column = &table->columns[number];
        if (!takes(column, info, i, &comparison) || (!instance->session->pushes && !column->is_argument))
            continue;
        if (used)
            sqlite3_str_appendall(plan, " ");
        sql_write_condition(plan, column->name, comparison);
        info->aConstraintUsage[i].argvIndex = ++used;
        info->aConstraintUsage[i].omit = column->is_argument;
        *is_one_file |= number == table->snapshot_column && comparison == SQL_EQUAL;
        *rows = rows_left(table, number, comparison, *rows);
    }
    return used;
}

int
sql_choose_plan(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
    const sql_instance *instance = (const sql_instance *)vtab;
    instance->session->needs |= needs_of(instance->table, info);
    if (waits_for_argument(instance->table, info))
        return SQLITE_CONSTRAINT;
    bool is_one_file = instance->session->heap_count == 1;
    double rows = rows_of(instance);
    sqlite3_str *plan = sqlite3_str_new(NULL);
    int used = take_conditions(instance, info, plan, &rows, &is_one_file);
    sql_order order = SQL_ORDER_NONE;
    if (instance->session->pushes)
        order = order_of(instance, info, is_one_file);
    sqlite3_str_appendall(plan, orders[order]);
    info->orderByConsumed = order != SQL_ORDER_NONE;
    info->idxNum = (int)order;
    info->estimatedCost = rows;
    if (order > SQL_ORDER_ROWS_BACKWARD)
        info->estimatedCost += rows / 10;
    info->estimatedRows = 1;
    if (rows > 1)
        info->estimatedRows = (sqlite3_int64)rows;
    info->idxStr = sqlite3_str_finish(plan);
    info->needToFreeIdxStr = 1;
    if (!info->idxStr && (used || order != SQL_ORDER_NONE))
        return SQLITE_NOMEM;
    return SQLITE_OK;
}
