/* SPDX-License-Identifier: MIT */
/*
 * Which rows of `objects` a statement is given, and in which order: ranges of nodes, or nodes in an order
 * that was made for the statement.
 */
#ifndef HEAPY_CLI_SQL_OBJECT_ROWS_H
#define HEAPY_CLI_SQL_OBJECT_ROWS_H

#include "sql_table.h"

/* Columns of the table. */
enum {
    OBJECT_SNAPSHOT,
    OBJECT_NODE,
    OBJECT_ADDRESS,
    OBJECT_TYPE,
    OBJECT_KIND,
    OBJECT_SIZE,
    OBJECT_LENGTH,
    OBJECT_OWNER,
    OBJECT_RETAINED,
    OBJECT_DOMINATOR,
    OBJECT_IS_NEW,
    OBJECT_TEXT,
    OBJECT_COLUMN_COUNT
};

/*
 * Either the nodes first .. last, forward or backward, or those of a list: `nodes`, or as far as `sort` has
 * been asked, which sorts the places of `nodes`.
 */
typedef struct object_rows {
    int64_t first, last;
    bool is_backward;
    heapy_node node;
    const bool *types, *kinds; /* by class: may it be?  NULL: all may */
    bool *owned_types, *owned_kinds;
    const heapy_node *nodes;
    heapy_node *owned_nodes;
    size_t count, place;
    heapy_incremental_sort *sort;
    const uint32_t *sorted;
    size_t sorted_count;
    const sql_heap *heap; /* of the comparison */
} object_rows;

/* sql_table's begin, next and close; `rows` is an object_rows. */
heapy_status object_rows_begin(sql_cursor *cursor, void *rows, bool *at_end, heapy_error *err);
heapy_status object_rows_next(sql_cursor *cursor, void *rows, bool *at_end, heapy_error *err);
void object_rows_close(void *rows);

#endif
