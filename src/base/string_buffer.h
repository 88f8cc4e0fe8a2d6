/* SPDX-License-Identifier: MIT */
/*
 * Text under construction.  A failed append is remembered, so a renderer checks once, at the end.
 */
#ifndef HEAPY_BASE_STRING_BUFFER_H
#define HEAPY_BASE_STRING_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "heapy/status.h"

typedef struct heapy__string_buffer {
    char *text; /* NUL-terminated once anything was appended */
    size_t length, capacity;
    bool failed; /* some append found no memory */
} heapy__string_buffer;

/* A zeroed struct is an empty buffer. */
void heapy__string_buffer_deinit(heapy__string_buffer *buffer);
void heapy__string_buffer_append(heapy__string_buffer *buffer, const char *text, size_t length);
void heapy__string_buffer_puts(heapy__string_buffer *buffer, const char *text);
void heapy__string_buffer_pad(heapy__string_buffer *buffer, size_t blanks);
void heapy__string_buffer_printf(heapy__string_buffer *buffer, const char *format, ...) HEAPY_PRINTF(2, 3);

/* A copy of a text; owned, heapy_free().  NULL: no memory. */
char *heapy__copy_text(const char *text);

#endif
