/* SPDX-License-Identifier: MIT */
/* Line wrapping as Python's textwrap.fill() does it with default options. */
#ifndef HEAPY_TEXT_WRAP_H
#define HEAPY_TEXT_WRAP_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/string_buffer.h"

/*
 * Append `text` (UTF-8, `length` bytes, no newlines) to `out`, wrapped at `width` columns: the first line
 * after `initial_indent` blanks, the others after `indent`.  Columns are code points.  No newline at the
 * end.  Lack of memory is noted in `out`.  O(length).
 */
void heapy__text_wrap(heapy__string_buffer *out, const char *text, size_t length, size_t initial_indent,
                      size_t indent, size_t width);

#endif
