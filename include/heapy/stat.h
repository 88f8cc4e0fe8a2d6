/* SPDX-License-Identifier: MIT */
/*
 * A stat is the numbers and names of a table, without the objects: it can be kept, sliced, subtracted from
 * another, written to a file and read back.
 *
 * Stats never change.  The file format is that of guppy3 3.1.7, so both read each other's files:
 *
 *     .loader: _load_stat
 *     .format: SetFormat            or IdFormat, DiffFormat
 *     .timemade: 1795351066.897550
 *     .count: 6                     a difference has .b_count and .b_size before it
 *     .size: 514
 *     .kindname:
 *     .kindheader: Kind (class / dict of class)
 *     .numrows: 5
 *     .r: 1 296 dict of __main__.C  count, size, name; in IdFormat size, name
 *     .end: .loader: _load_stat
 */
#ifndef HEAPY_STAT_H
#define HEAPY_STAT_H

#include <stdbool.h>
#include <stddef.h>

#include "heapy/status.h"
#include "heapy/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_stat heapy_stat;

/*
 * The numbers and names of `table`, all of whose rows must have been made (HEAPY_INVALID: one has no name).
 *
 * time_made  seconds since 1970.
 * out        owned, heapy_stat_destroy(); indices and cumulative sizes are computed afresh.
 *
 * O(rows + text).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_stat_create(const heapy_table *table, double time_made,
                                                          heapy_stat **out, heapy_error *err);
HEAPY_API void heapy_stat_destroy(heapy_stat *stat); /* NULL does nothing */

/* Rows and totals; borrowed until the stat is destroyed. */
HEAPY_API const heapy_table *heapy_stat_table(const heapy_stat *stat);
HEAPY_API double heapy_stat_time_made(const heapy_stat *stat);

/* "SetFormat", "IdFormat", "DiffFormat"; "" of none. */
HEAPY_API const char *heapy_table_format_name(heapy_table_format format);

/* Directives of the file it was read from that mean nothing to a stat: name without dot, and value; both
   borrowed.  False past the last one. */
HEAPY_API bool heapy_stat_directive(const heapy_stat *stat, size_t number, const char **name,
                                    const char **value);

/* The rows first, first + step, ... (row_count of them, all of which are there; else HEAPY_INVALID) as a stat
   with totals of its own; step may be negative.  O(rows taken). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_stat_slice(const heapy_stat *stat, size_t first, ptrdiff_t step,
                                                         size_t row_count, heapy_stat **out,
                                                         heapy_error *err);

/*
 * a - b: for each name the count and size of a's rows less those of b's, without what is 0 in both; largest
 * absolute size first, ties as they come in a and then in b.  HEAPY_INVALID when the headers differ.
 * O(rows log rows).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_stat_diff(const heapy_stat *a, const heapy_stat *b,
                                                        double time_made, heapy_stat **out, heapy_error *err);

/* The text of its file.  text: owned, heapy_text_free().  Newlines in names become blanks.  O(text). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_stat_write(const heapy_stat *stat, char **text, size_t *length,
                                                         heapy_error *err);

/* ---- reading: a line at a time, so that nothing past the end of a stat is ever read ---- */

/*
 * What comes between a file and a stat that is appended, by the last `count` bytes of the file (at least
 * HEAPY_STAT_END of them if it has so many): "" where its last line has its end.  Behind the piece of a line
 * that a writer left who died over it a point, so that the piece with the first line of the stat is never the
 * last line of one.  Static.
 */
#define HEAPY_STAT_END 26
HEAPY_API const char *heapy_stat_separator(const char *end, size_t count);

typedef struct heapy_stat_reader heapy_stat_reader;

/* source: named in errors; copied.  out: owned, heapy_stat_reader_destroy(). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_stat_reader_create(const char *source, heapy_stat_reader **out,
                                                                 heapy_error *err);
HEAPY_API void heapy_stat_reader_destroy(heapy_stat_reader *reader); /* NULL does nothing */

/*
 * Give the reader the next line: `length` bytes of UTF-8, its end of line included or not.  Empty lines are
 * skipped.
 * A line that ends in `.loader: _load_stat` within a stat, and is not its last, begins another, and what
 * there was is let go: a writer died over it.
 *
 * is_complete: whether it was the last line of the stat, `.end: .loader: _load_stat`.
 *
 * HEAPY_INVALID names source, line number and what is wrong with it; it may be a line after the last.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_stat_reader_feed(heapy_stat_reader *reader, const char *line,
                                                               size_t length, bool *is_complete,
                                                               heapy_error *err);

/* Whether a line other than empty ones was given. */
HEAPY_API bool heapy_stat_reader_has_begun(const heapy_stat_reader *reader);

/*
 * Whether `line`, the last of a file and not yet given, is one whose rest a writer may still be writing: it
 * has no end of line, and is neither the last line of the stat nor something no stat begins with.
 */
HEAPY_API bool heapy_stat_reader_is_cut(const heapy_stat_reader *reader, const char *line, size_t length);

/* The stat of the lines given, once; HEAPY_INVALID when something it needs is missing.  out: owned. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_stat_reader_finish(heapy_stat_reader *reader, heapy_stat **out,
                                                                 heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
