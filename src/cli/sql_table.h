/* SPDX-License-Identifier: MIT */
/*
 * Virtual tables over columns: what all of them share.
 *
 * SQLite asks a table how it would answer given some conditions and an order (xBestIndex).  The answer is
 * written as text, `type=? order by size desc`, which EXPLAIN QUERY PLAN shows, and which the cursor reads
 * again.  SQLite tests every condition once more, so a table may give more rows than were asked for, never
 * fewer.
 */
#ifndef HEAPY_CLI_SQL_TABLE_H
#define HEAPY_CLI_SQL_TABLE_H

#include <sqlite3.h>

#include "sql_heap.h"

/* One run of `heapy sql`: the files, and who may stop it. */
typedef struct sql_session {
    sql_heap *heaps;
    size_t heap_count;
    heapy_progress progress; /* asked by whatever takes long */
    sqlite3_stmt *facts;     /* of ?1, the JSON of a file, ?2 */
    unsigned needs;          /* HEAPY_FILE_...: of the plans that were made */
    bool is_declaring;       /* a table of ours declares itself, which the authorizer must let pass */
    bool pushes;             /* false: every table is read whole, for tests */
} sql_session;

typedef enum sql_comparison {
    SQL_EQUAL,
    SQL_LESS,
    SQL_LESS_EQUAL,
    SQL_GREATER,
    SQL_GREATER_EQUAL
} sql_comparison;

/* Ways in which a column may be asked. */
enum { SQL_BY_VALUE = 1, SQL_BY_RANGE = 2 };

typedef struct sql_column {
    const char *name, *type;
    unsigned pushed;  /* SQL_BY_... */
    unsigned needs;   /* HEAPY_FILE_...: what it is read from */
    bool is_argument; /* hidden: the argument of a table-valued function */
} sql_column;

/* In which order rows can be given. */
typedef enum sql_order {
    SQL_ORDER_NONE,
    SQL_ORDER_ROWS,          /* as they are numbered */
    SQL_ORDER_ROWS_BACKWARD, /* the other way round */
    SQL_ORDER_SIZE,          /* largest first, then as they are numbered */
    SQL_ORDER_RETAINED,
    SQL_ORDER_TYPE, /* by name, then as they are numbered */
    SQL_ORDER_KIND,
    SQL_ORDER_COUNT
} sql_order;

typedef struct sql_condition {
    int column;
    sql_comparison comparison;
    sqlite3_value *value; /* owned */
} sql_condition;

enum { SQL_CONDITION_LIMIT = 12 };

typedef struct sql_cursor sql_cursor;

/*
 * What one table is.  `snapshot` is one of its columns, and conditions on it are met before `begin`, which
 * is called for each file that is left.
 *
 * close        free what `rows` has, the table's own part of a cursor, zeros at first.  May be NULL.
 * begin        go to the first row of cursor->heap; *at_end: there is none.
 * next         go to the next.
 * put          a column of the current row, as the result of `context`.
 * order        how these columns can be ordered by, when they are named in this order (`descending` of each):
 *              SQL_ORDER_NONE where they cannot.  May be NULL.
 * row_number   another one for each row of all files: SQLite joins the answers of OR by it.
 * rows_of      about how many rows a file has; may be NULL, for a few.
 * left         about how many of `rows` are left by equality of a column; may be NULL.
 */
typedef struct sql_table {
    const char *name;
    const sql_column *columns;
    int column_count, snapshot_column;
    unsigned needs; /* HEAPY_FILE_... of any row */
    size_t rows_bytes;
    void (*close)(void *rows);
    heapy_status (*begin)(sql_cursor *cursor, void *rows, bool *at_end, heapy_error *err);
    heapy_status (*next)(sql_cursor *cursor, void *rows, bool *at_end, heapy_error *err);
    heapy_status (*put)(sql_cursor *cursor, void *rows, int column, sqlite3_context *context,
                        heapy_error *err);
    uint64_t (*row_number)(const sql_cursor *cursor, const void *rows);
    sql_order (*order)(const int *columns, const bool *descending, int count);
    double (*rows_of)(const sql_heap *heap);
    double (*left)(int column, double rows);
} sql_table;

struct sql_cursor {
    sqlite3_vtab_cursor base;
    const sql_table *table;
    sql_session *session;
    sql_condition conditions[SQL_CONDITION_LIMIT];
    int condition_count;
    sql_order order;
    sql_heap *heap; /* the current file */
    size_t next_heap, heap_end;
    bool at_end;
    /* `rows` of the table follow */
};

/* Make the tables known to a connection.  session: borrowed while it is open. */
int sql_table_register(sqlite3 *db, const sql_table *table, sql_session *session);

/* The tables there are, NULL behind the last. */
extern const sql_table *const sql_tables[];
const sql_table *sql_table_named(const char *name);

/* What a whole number is asked for: the value of the first condition by this operator. */
typedef enum sql_answer {
    SQL_ANSWER_NONE,    /* nobody asked, or for something that is no number */
    SQL_ANSWER_NUMBER,  /* it is in *out */
    SQL_ANSWER_NOTHING, /* no whole number can meet it */
} sql_answer;
sql_answer sql_asked_number(const sql_cursor *cursor, int column, int64_t *out);

/* The range that conditions leave of 0 .. limit: *first to *last, both included; false: nothing. */
bool sql_asked_range(const sql_cursor *cursor, int column, int64_t *first, int64_t *last);

/* The text of a condition of equality, NULL if there is none on a text; *length its bytes. */
const char *sql_asked_text(const sql_cursor *cursor, int column, size_t *length);

size_t sql_snapshot_number(const sql_cursor *cursor);

/* The number of a row of the current file, `number` being below 2^57, as row_number wants it. */
uint64_t sql_row_number(const sql_cursor *cursor, uint64_t number);

/* Results. */
void sql_put_node(sqlite3_context *context, heapy_node node); /* NULL of HEAPY_NO_NODE */
void sql_put_size(sqlite3_context *context, uint64_t size);
void sql_put_constant(sqlite3_context *context, const char *text); /* borrowed while the file is open; NULL */
void sql_put_text(sqlite3_context *context, char *text);           /* heapy_text_free() */

#endif
