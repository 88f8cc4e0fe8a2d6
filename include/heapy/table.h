/* SPDX-License-Identifier: MIT */
/*
 * A table is rows before it is text: what partitions and stats produce and renderers show.
 *
 * A plain value: the strings and rows are borrowed from whoever made it.
 */
#ifndef HEAPY_TABLE_H
#define HEAPY_TABLE_H

#include <stdbool.h>
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

typedef struct heapy_text_options {
    size_t first_row;   /* begin with this row */
    size_t max_rows;    /* at most so many, one more if it would be the only one left; 0: all */
    size_t line_length; /* columns at which lines are wrapped */
    bool with_label;    /* begin with the lines of totals */
} heapy_text_options;

enum { HEAPY_DEFAULT_ROWS = 10, HEAPY_DEFAULT_LINE_LENGTH = 100 };

#define HEAPY_TEXT_OPTIONS_INIT {0, HEAPY_DEFAULT_ROWS, HEAPY_DEFAULT_LINE_LENGTH, true}

/*
 * Render `table` as guppy does: label, header, rows, and `<N more rows. Type e.g. '_.more' to view.>`.
 * Percentages are rounded half to even, those of nothing are 0; lines wrap at blanks and after hyphens like
 * Python's textwrap.
 *
 * text    owned UTF-8 with a NUL after it, heapy_text_free(); no newline at the end.
 * length  bytes, may be NULL.
 *
 * O(text).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_table_render(const heapy_table *table,
                                                           const heapy_text_options *options, char **text,
                                                           size_t *length, heapy_error *err);
HEAPY_API void heapy_text_free(char *text); /* NULL does nothing */

/* The row after the last that a rendering with these options shows. */
HEAPY_API size_t heapy_table_end_row(const heapy_table *table, const heapy_text_options *options);

#ifdef __cplusplus
}
#endif

#endif
