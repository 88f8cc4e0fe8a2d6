/* SPDX-License-Identifier: MIT */
/* Virtual tables: plans, cursors, and how they go from file to file. */
#include "sql_table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct table_instance {
    sqlite3_vtab base;
    const sql_table *table;
    sql_session *session;
} table_instance;

/* What sqlite3_create_module_v2() keeps. */
typedef struct table_module {
    const sql_table *table;
    sql_session *session;
} table_module;

static const char *const comparisons[] = {[SQL_EQUAL] = "=",
                                          [SQL_LESS] = "<",
                                          [SQL_LESS_EQUAL] = "<=",
                                          [SQL_GREATER] = ">",
                                          [SQL_GREATER_EQUAL] = ">="};

static const char *const orders[SQL_ORDER_COUNT] = {
    [SQL_ORDER_NONE] = "",
    [SQL_ORDER_ROWS] = " in order",
    [SQL_ORDER_ROWS_BACKWARD] = " backward",
    [SQL_ORDER_SIZE] = " largest first",
    [SQL_ORDER_RETAINED] = " most retained first",
    [SQL_ORDER_TYPE] = " by type",
    [SQL_ORDER_KIND] = " by kind",
};

/* ---- connecting ---- */

static char *
schema_of(const sql_table *table)
{
    sqlite3_str *schema = sqlite3_str_new(NULL);
    sqlite3_str_appendall(schema, "CREATE TABLE x(");
    for (int i = 0; i < table->column_count; i++)
        sqlite3_str_appendf(schema, "%s\"%w\" %s%s", i ? ", " : "", table->columns[i].name,
                            table->columns[i].type, table->columns[i].is_argument ? " HIDDEN" : "");
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
    table_instance *instance = sqlite3_malloc(sizeof *instance);
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
    *instance = (table_instance){{0}, module->table, module->session};
    *out = &instance->base;
    return SQLITE_OK;
}

static int
disconnect_table(sqlite3_vtab *vtab)
{
    sqlite3_free(vtab);
    return SQLITE_OK;
}

/* ---- plans ---- */

/* The operator of a constraint that may be pushed into this column, or -1. */
static int
pushable(const sql_column *column, sqlite3_index_info *info, int constraint)
{
    switch (info->aConstraint[constraint].op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
        if (!(column->pushed & (SQL_BY_VALUE | SQL_BY_RANGE)) ||
            sqlite3_stricmp(sqlite3_vtab_collation(info, constraint), "BINARY"))
            return -1;
        return SQL_EQUAL;
    case SQLITE_INDEX_CONSTRAINT_LT:
        return column->pushed & SQL_BY_RANGE ? SQL_LESS : -1;
    case SQLITE_INDEX_CONSTRAINT_LE:
        return column->pushed & SQL_BY_RANGE ? SQL_LESS_EQUAL : -1;
    case SQLITE_INDEX_CONSTRAINT_GT:
        return column->pushed & SQL_BY_RANGE ? SQL_GREATER : -1;
    case SQLITE_INDEX_CONSTRAINT_GE:
        return column->pushed & SQL_BY_RANGE ? SQL_GREATER_EQUAL : -1;
    default:
        return -1;
    }
}

/* The order that a statement wants, as the table can give it.  With several files each has an order of its
   own, which is that of all if one file is meant or the files come first. */
static sql_order
order_of(const table_instance *instance, const sqlite3_index_info *info, bool is_one_file)
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
rows_of(const table_instance *instance)
{
    double rows = 1;
    for (size_t i = 0; i < instance->session->heap_count; i++)
        rows += instance->table->rows_of ? instance->table->rows_of(&instance->session->heaps[i]) : 10;
    return rows;
}

/* What a table is read for: SQLite's authorizer says it of most columns, but not of those that USING joins.
 */
static unsigned
needs_of(const sql_table *table, const sqlite3_index_info *info)
{
    enum { LAST_BIT = 63 }; /* stands for all columns from there on */
    unsigned needs = table->needs;
    for (int i = 0; i < table->column_count; i++)
        if (info->colUsed >> (i < LAST_BIT ? i : LAST_BIT) & 1)
            needs |= table->columns[i].needs;
    for (int i = 0; i < info->nConstraint; i++)
        if (info->aConstraint[i].iColumn >= 0 && info->aConstraint[i].iColumn < table->column_count)
            needs |= table->columns[info->aConstraint[i].iColumn].needs;
    return needs;
}

static int
choose_plan(sqlite3_vtab *vtab, sqlite3_index_info *info)
{
    const table_instance *instance = (const table_instance *)vtab;
    const sql_table *table = instance->table;
    sqlite3_str *plan = sqlite3_str_new(NULL);
    bool is_one_file = instance->session->heap_count == 1;
    double rows = rows_of(instance), order_cost = 0;
    int used = 0;
    instance->session->needs |= needs_of(table, info);
    for (int i = 0; i < info->nConstraint; i++) {
        int number = info->aConstraint[i].iColumn;
        if (number < 0 || number >= table->column_count)
            continue;
        const sql_column *column = &table->columns[number];
        int comparison = pushable(column, info, i);
        if (column->is_argument && info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ &&
            !info->aConstraint[i].usable) { /* its value comes from a table that has not been read yet */
            sqlite3_free(sqlite3_str_finish(plan));
            return SQLITE_CONSTRAINT;
        }
        if (comparison < 0 || !info->aConstraint[i].usable || used == SQL_CONDITION_LIMIT ||
            (!instance->session->pushes && !column->is_argument))
            continue;
        info->aConstraintUsage[i].argvIndex = ++used;
        info->aConstraintUsage[i].omit = column->is_argument;
        sqlite3_str_appendf(plan, "%s%s%s?", used > 1 ? " " : "", column->name, comparisons[comparison]);
        is_one_file |= number == table->snapshot_column && comparison == SQL_EQUAL;
        if (comparison == SQL_EQUAL)
            rows = table->left ? table->left(number, rows) : rows / 4;
        else
            rows /= 3;
    }
    sql_order order = SQL_ORDER_NONE;
    if (instance->session->pushes)
        order = order_of(instance, info, is_one_file);
    if (order > SQL_ORDER_ROWS_BACKWARD)
        order_cost = rows / 10;
    sqlite3_str_appendall(plan, orders[order]);
    info->orderByConsumed = order != SQL_ORDER_NONE;
    info->idxNum = (int)order;
    info->estimatedRows = rows < 1 ? 1 : (sqlite3_int64)rows;
    info->estimatedCost = rows + order_cost;
    info->idxStr = sqlite3_str_finish(plan);
    info->needToFreeIdxStr = 1;
    return info->idxStr || (!used && order == SQL_ORDER_NONE) ? SQLITE_OK : SQLITE_NOMEM;
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
    const table_instance *instance = (const table_instance *)vtab;
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
    return status == HEAPY_CANCELLED ? SQLITE_INTERRUPT : SQLITE_ERROR;
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

/* The conditions as choose_plan() has written them, with their values. */
static bool
read_conditions(sql_cursor *cursor, const char *plan, int count, sqlite3_value **values)
{
    for (int i = 0; i < count; i++) {
        size_t length = strcspn(plan, "<>=");
        sql_condition *condition = &cursor->conditions[i];
        condition->column = -1;
        for (int k = 0; k < cursor->table->column_count; k++)
            if (strlen(cursor->table->columns[k].name) == length &&
                !memcmp(cursor->table->columns[k].name, plan, length))
                condition->column = k;
        plan += length;
        bool is_or_equal = plan[0] != '=' && plan[1] == '=';
        condition->comparison = plan[0] == '='   ? SQL_EQUAL
                                : plan[0] == '<' ? (is_or_equal ? SQL_LESS_EQUAL : SQL_LESS)
                                                 : (is_or_equal ? SQL_GREATER_EQUAL : SQL_GREATER);
        plan = strchr(plan, '?') + 1;
        plan += *plan == ' ';
        condition->value = sqlite3_value_dup(values[i]);
        if (!condition->value)
            return false;
        cursor->condition_count++;
    }
    return true;
}

static int
filter(sqlite3_vtab_cursor *base, int order, const char *plan, int count, sqlite3_value **values)
{
    sql_cursor *cursor = (sql_cursor *)base;
    int64_t snapshot;
    forget(cursor);
    cursor->order = (sql_order)order;
    if (!read_conditions(cursor, plan, count, values))
        return SQLITE_NOMEM;
    cursor->next_heap = 0;
    cursor->heap_end = cursor->session->heap_count;
    for (int i = 0; i < cursor->condition_count; i++)
        if (cursor->conditions[i].comparison == SQL_EQUAL &&
            sqlite3_value_type(cursor->conditions[i].value) == SQLITE_NULL)
            cursor->heap_end = 0; /* nothing is equal to NULL */
    switch (sql_asked_number(cursor, cursor->table->snapshot_column, &snapshot)) {
    case SQL_ANSWER_NUMBER:
        if (snapshot < 0 || (uint64_t)snapshot >= cursor->heap_end) {
            cursor->heap_end = 0;
        } else {
            cursor->next_heap = (size_t)snapshot;
            cursor->heap_end = (size_t)snapshot + 1;
        }
        break;
    case SQL_ANSWER_NOTHING:
        cursor->heap_end = 0;
        break;
    case SQL_ANSWER_NONE:
        break;
    }
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
    if (status)
        sqlite3_result_error(context, err.message, -1);
    if (!status)
        return SQLITE_OK;
    return failed(base->pVtab, status, &err);
}

static int
put_row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    sql_cursor *cursor = (sql_cursor *)base;
    *out = (sqlite3_int64)cursor->table->row_number(cursor, rows_of_cursor(cursor));
    return SQLITE_OK;
}

/* ---- what a cursor is asked ---- */

/* A value as a number of 64 bits, and whether it was between two of them. */
static sql_answer
number_of(sqlite3_value *value, int64_t *out, bool *is_between)
{
    *is_between = false;
    switch (sqlite3_value_numeric_type(value)) {
    case SQLITE_INTEGER:
        *out = sqlite3_value_int64(value);
        return SQL_ANSWER_NUMBER;
    case SQLITE_FLOAT: {
        double number = floor(sqlite3_value_double(value));
        if (!(number >= -0x1p63 && number < 0x1p63))
            return SQL_ANSWER_NONE;
        *out = (int64_t)number;
        *is_between = number < sqlite3_value_double(value);
        return SQL_ANSWER_NUMBER;
    }
    default:
        return SQL_ANSWER_NONE;
    }
}

sql_answer
sql_asked_number(const sql_cursor *cursor, int column, int64_t *out)
{
    bool is_between;
    for (int i = 0; i < cursor->condition_count; i++) {
        const sql_condition *condition = &cursor->conditions[i];
        if (condition->column != column || condition->comparison != SQL_EQUAL ||
            number_of(condition->value, out, &is_between) == SQL_ANSWER_NONE)
            continue;
        return is_between ? SQL_ANSWER_NOTHING : SQL_ANSWER_NUMBER;
    }
    return SQL_ANSWER_NONE;
}

bool
sql_asked_range(const sql_cursor *cursor, int column, int64_t *first, int64_t *last)
{
    for (int i = 0; i < cursor->condition_count; i++) {
        const sql_condition *condition = &cursor->conditions[i];
        int64_t number;
        bool is_between;
        if (condition->column != column ||
            number_of(condition->value, &number, &is_between) == SQL_ANSWER_NONE)
            continue;
        /* What is between two numbers is rounded outwards: SQLite looks again. */
        bool is_lower = condition->comparison != SQL_LESS && condition->comparison != SQL_LESS_EQUAL;
        bool is_upper = condition->comparison != SQL_GREATER && condition->comparison != SQL_GREATER_EQUAL;
        int64_t above = number + (is_between && number < INT64_MAX);
        if (is_lower && number > *first)
            *first = number;
        if (is_upper && above < *last)
            *last = above;
    }
    return *first <= *last;
}

const char *
sql_asked_text(const sql_cursor *cursor, int column, size_t *length)
{
    for (int i = 0; i < cursor->condition_count; i++) {
        const sql_condition *condition = &cursor->conditions[i];
        if (condition->column != column || condition->comparison != SQL_EQUAL ||
            sqlite3_value_type(condition->value) != SQLITE_TEXT)
            continue;
        const char *text = (const char *)sqlite3_value_text(condition->value);
        *length = (size_t)sqlite3_value_bytes(condition->value);
        return text;
    }
    return NULL;
}

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
    sqlite3_result_int64(context, size > INT64_MAX ? INT64_MAX : (sqlite3_int64)size);
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
    .xBestIndex = choose_plan,
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
