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

typedef enum heapy_table_format {
    HEAPY_FORMAT_SET,  /* a row a class: index, count, size, cumulative size, with percentages of the whole */
    HEAPY_FORMAT_ID,   /* a row an object: index, size, cumulative size */
    HEAPY_FORMAT_DIFF, /* a row a class of either side of A - B: differences, percentages of B */
    HEAPY_FORMAT_COUNT
} heapy_table_format;

#define HEAPY_NO_INDEX INT64_MIN

typedef struct heapy_row {
    int64_t index;      /* as shown; a row taken from a table keeps the index it had there */
    int64_t count;      /* objects; negative in differences */
    int64_t size;       /* bytes */
    int64_t cumulative; /* bytes in this row and the rows before it */
    const char *name;   /* UTF-8; may hold newlines */
} heapy_row;

typedef struct heapy_table {
    heapy_table_format format;
    const char *kind_name;         /* of an Id table: what its objects are, UTF-8; else "" */
    const char *header;            /* of the Kind column, UTF-8 */
    int64_t count;                 /* objects in the whole set, or A - B */
    int64_t size;                  /* bytes of the whole set, or A - B */
    int64_t base_count, base_size; /* of B, in a difference */
    size_t row_count;
    const heapy_row *rows; /* at least those up to the last that is to be rendered */
} heapy_table;

#endif
