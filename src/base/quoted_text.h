/* SPDX-License-Identifier: MIT */
/* Texts in quotes, as Python's repr() of a str writes them (Objects/unicodeobject.c, unicode_repr). */
#ifndef HEAPY_BASE_QUOTED_TEXT_H
#define HEAPY_BASE_QUOTED_TEXT_H

#include "string_buffer.h"

/* Append `length` bytes of UTF-8 in quotes: ' unless the text has some and no ", with what cannot be printed
   escaped.  A byte that is not part of UTF-8 is written as the lone surrogate \udcXX that Python makes of it.
 */
void heapy__string_buffer_quote(heapy__string_buffer *buffer, const char *text, size_t length);

#endif
