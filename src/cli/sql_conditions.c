/* SPDX-License-Identifier: MIT */
/* Conditions of a plan: written as text, read again with their values, and asked for. */
#include "sql_plan.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The longer ones first: a text that begins with `<=` begins with `<`. */
static const struct {
    const char *text;
    sql_comparison comparison;
} comparisons[] = {
    {"<=", SQL_LESS_EQUAL}, {">=", SQL_GREATER_EQUAL}, {"=", SQL_EQUAL}, {"<", SQL_LESS}, {">", SQL_GREATER}};

enum { COMPARISON_COUNT = sizeof comparisons / sizeof *comparisons };

void
sql_write_condition(sqlite3_str *plan, const char *column, sql_comparison comparison)
{
    for (size_t i = 0; i < COMPARISON_COUNT; i++)
        if (comparisons[i].comparison == comparison)
            sqlite3_str_appendf(plan, "%s%s?", column, comparisons[i].text);
}

static int
column_named(const sql_table *table, const char *name, size_t length)
{
    for (int i = 0; i < table->column_count; i++)
        if (strlen(table->columns[i].name) == length && !memcmp(table->columns[i].name, name, length))
            return i;
    return -1;
}

static sql_comparison
comparison_written(const char *text)
{
    for (size_t i = 0; i < COMPARISON_COUNT; i++)
        if (!strncmp(comparisons[i].text, text, strlen(comparisons[i].text)))
            return comparisons[i].comparison;
    return SQL_EQUAL;
}

bool
sql_read_conditions(sql_cursor *cursor, const char *plan, int count, sqlite3_value **values)
{
    for (int i = 0; i < count; i++) {
        size_t length = strcspn(plan, "<>=");
        sql_condition *condition = &cursor->conditions[i];
        condition->column = column_named(cursor->table, plan, length);
        condition->comparison = comparison_written(plan + length);
        plan = strchr(plan, '?') + 1;
        plan += *plan == ' ';
        condition->value = sqlite3_value_dup(values[i]);
        if (!condition->value)
            return false;
        cursor->condition_count++;
    }
    return true;
}

/* ---- what a cursor is asked ---- */

/* A text that is a whole number in digits alone.  sqlite3_value_numeric_type() would know others, but follows
   a pointer that copies of values do not have from SQLite 3.53 on. */
static bool
number_written(sqlite3_value *value, int64_t *out)
{
    const char *text = (const char *)sqlite3_value_text(value);
    char *end;
    if (!text || !(isdigit((unsigned char)*text) || (*text == '-' && isdigit((unsigned char)text[1]))))
        return false;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return !errno && end == text + sqlite3_value_bytes(value);
}

/* A value as a number of 64 bits, and whether it was between two of them.  None: SQLite looks at every row.
 */
static sql_answer
number_of(sqlite3_value *value, int64_t *out, bool *is_between)
{
    *is_between = false;
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        *out = sqlite3_value_int64(value);
        return SQL_ANSWER_NUMBER;
    case SQLITE_TEXT:
        return number_written(value, out) ? SQL_ANSWER_NUMBER : SQL_ANSWER_NONE;
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
