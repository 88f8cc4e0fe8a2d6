/* SPDX-License-Identifier: MIT */
/*
 * A table is rows before it is text: what partitions and stats produce and heapy/table_text.h shows.
 *
 * A plain value: the strings and rows are borrowed from whoever made it.
 */
#ifndef HEAPY_TABLE_H
#define HEAPY_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum heapy_table_format {
    HEAPY_FORMAT_SET,  /* a row a class: index, count, size, cumulative size, with percentages of the whole */
    HEAPY_FORMAT_ID,   /* a row an object: index, size, cumulative size */
    HEAPY_FORMAT_DIFF, /* a row a class of either side of A - B: differences, percentages of B */
    HEAPY_STAT_FORMAT_COUNT,                         /* those above are formats of stats */
    HEAPY_FORMAT_RETAINED = HEAPY_STAT_FORMAT_COUNT, /* a row a class: index, count, size, retained size */
    HEAPY_FORMAT_DOMINATED, /* a row a branch of the dominator tree: index, retained size, size of the object
                               alone */
    HEAPY_FORMAT_COUNT
} heapy_table_format;

/* What stands in a row.  The columns of each format have names: heapy_table_columns(). */
typedef enum heapy_column {
    HEAPY_COLUMN_INDEX,
    HEAPY_COLUMN_COUNT,
    HEAPY_COLUMN_SIZE,
    HEAPY_COLUMN_CUMULATIVE,
    HEAPY_COLUMN_RETAINED,
    HEAPY_COLUMN_NAME /* the only one that is no number */
} heapy_column;

typedef struct heapy_column_name {
    heapy_column column;
    const char *name; /* for programs: "index", "kind" */
} heapy_column_name;

#define HEAPY_NO_INDEX INT64_MIN

typedef struct heapy_row {
    int64_t index;      /* as shown; a row taken from a table keeps the index it had there */
    int64_t count;      /* objects; negative in differences */
    int64_t size;       /* bytes */
    int64_t cumulative; /* bytes in this row and the rows before it */
    const char *name;   /* UTF-8; may hold newlines */
    int64_t retained;   /* bytes that would go with the row; of the last two formats */
} heapy_row;

typedef struct heapy_table {
    heapy_table_format format;
    const char *kind_name; /* of an Id table: what its objects are, UTF-8; of branches: what they are of */
    const char *header;    /* of the Kind column, UTF-8 */
    int64_t count;         /* objects in the whole set, or A - B; branches */
    int64_t size;          /* bytes of the whole set, or A - B, or that the whole branch retains */
    int64_t base_count, base_size; /* of B, in a difference */
    size_t row_count;
    const heapy_row *rows; /* at least those up to the last that is to be rendered */
} heapy_table;

/* The columns of a format in their order, the last one being HEAPY_COLUMN_NAME; static storage.  NULL, and 0
   of them, of none. */
HEAPY_API const heapy_column_name *heapy_table_columns(heapy_table_format format, size_t *count);

/* The number in a column of a row; 0 of HEAPY_COLUMN_NAME. */
HEAPY_API int64_t heapy_row_number(const heapy_row *row, heapy_column column);

#ifdef __cplusplus
}
#endif

#endif
