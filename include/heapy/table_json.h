/* SPDX-License-Identifier: MIT */
/* Tables for programs: JSON and CSV, with the columns that heapy_table_columns() names. */
#ifndef HEAPY_TABLE_JSON_H
#define HEAPY_TABLE_JSON_H

#include <stddef.h>

#include "heapy/memory.h"
#include "heapy/status.h"
#include "heapy/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * One object on one line, ASCII alone, as Python's json.dumps() writes it:
 *
 *     {"by": "type", "count": 3, "size": 80, "rows": [{"index": 0, "count": 2, "size": 56, ...}]}
 *
 * by        what the rows are by; NULL: not said.
 * max_rows  at most so many; 0: all.
 * text      owned, heapy_text_free().  Of a difference "before_count" and "before_size" follow the rows.
 *
 * Names are without the blanks around them; an index that is none is null.  HEAPY_INVALID as
 * heapy_table_render().
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_table_json(const heapy_table *table, const char *by,
                                                         size_t max_rows, char **text, heapy_error *err);

/*
 * A line with the names of the columns and a line a row, each with a newline behind it; UTF-8.  A field with
 * a comma, a quote or a newline in it is in quotes, its own quotes doubled (RFC 4180).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_table_csv(const heapy_table *table, size_t max_rows,
                                                        char **text, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
