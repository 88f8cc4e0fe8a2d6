/* SPDX-License-Identifier: MIT */
/* Tables as guppy prints them, to the character. */
#ifndef HEAPY_TABLE_TEXT_H
#define HEAPY_TABLE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "heapy/memory.h"
#include "heapy/status.h"
#include "heapy/table.h"

#ifdef __cplusplus
extern "C" {
#endif

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
 * Python's textwrap.  HEAPY_INVALID: the table lacks a text, or a row to be shown a name.
 *
 * text    owned UTF-8 with a NUL after it, heapy_text_free(); no newline at the end.
 * length  bytes, may be NULL.
 *
 * O(text).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_table_render(const heapy_table *table,
                                                           const heapy_text_options *options, char **text,
                                                           size_t *length, heapy_error *err);

/* The row after the last that a rendering with these options shows. */
HEAPY_API size_t heapy_table_end_row(const heapy_table *table, const heapy_text_options *options);

#ifdef __cplusplus
}
#endif

#endif
