/* SPDX-License-Identifier: MIT */
/* Rows of reference patterns as guppy prints them: ` 4: b ---- [-] 40 list: 0x7fc42e4ca000*1,
 * 0x7fc42e4ca080*1...`. */
#ifndef HEAPY_PATTERN_TEXT_H
#define HEAPY_PATTERN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "heapy/classifier.h"
#include "heapy/kind_text.h"
#include "heapy/pattern.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_pattern_text_options {
    size_t line_length;   /* columns of a line */
    bool shows_owners;    /* of an attribute dict, its owner */
    bool shows_addresses; /* of all nodes, in place of their texts: their class says no more of them */
    const heapy_kind_writer *kinds; /* borrowed: rows of one class are called by its kind, in short; NULL: by
                                       the name of the class.  The classes have a classifier */
} heapy_pattern_text_options;

enum { HEAPY_PATTERN_LINE_LENGTH = 80 };

#define HEAPY_PATTERN_TEXT_OPTIONS_INIT {HEAPY_PATTERN_LINE_LENGTH, true, false, NULL}

/*
 * The name of a row: a letter for each step from row 0, a the first of brothers; `_52_` from the 53rd on.
 * Three equal letters and more are one with their number.  Row 0 is `_`. text: owned, heapy_text_free().
 * HEAPY_INVALID for a row that was not made.  O(depth).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_pattern_row_name(const heapy_pattern *pattern, size_t row,
                                                               char **text, heapy_error *err);

/*
 * `40 list: 0x7fc42e4ca000*1, 0x7fc42e4ca080*1...`: how many nodes of what class, and as many of them as fit
 * into `width` characters, at least one; of nodes of several classes, which only row 0 has, addresses. text:
 * owned UTF-8.  O(text), and what the words take.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_pattern_summary(const heapy_pattern *pattern, size_t row,
                                                              size_t width,
                                                              const heapy_pattern_text_options *options,
                                                              char **text, heapy_error *err);

/* The line before the summary, whose last character is a blank, and the whole line.  text: owned UTF-8. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_pattern_line_start(const heapy_pattern *pattern, size_t row,
                                                                 char **text, heapy_error *err);
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_pattern_line(const heapy_pattern *pattern, size_t row,
                                                           const heapy_pattern_text_options *options,
                                                           char **text, heapy_error *err);

/*
 * The line above the rows of a pattern by classes of `by`: `Reference Pattern by <[dict of] class>.`
 *
 * writer  of the kinds that it may name; as expressions, whatever is_brief says.
 * text    owned UTF-8.  O(text).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_pattern_label(const heapy_classifier *by,
                                                            const heapy_kind_writer *writer, char **text,
                                                            heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
