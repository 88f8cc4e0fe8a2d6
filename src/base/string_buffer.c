/* SPDX-License-Identifier: MIT */
#include "string_buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "heapy/memory.h"

void
heapy__string_buffer_deinit(heapy__string_buffer *buffer)
{
    heapy_free(buffer->text);
    *buffer = (heapy__string_buffer){0};
}

static bool
reserve(heapy__string_buffer *buffer, size_t length)
{
    if (buffer->failed)
        return false;
    if (buffer->length + length < buffer->capacity)
        return true;
    size_t wanted = 2 * buffer->capacity + length + 64;
    char *text = heapy_realloc_array(buffer->text, wanted, 1);
    if (!text) {
        buffer->failed = true;
        return false;
    }
    buffer->text = text;
    buffer->capacity = wanted;
    return true;
}

void
heapy__string_buffer_append(heapy__string_buffer *buffer, const char *text, size_t length)
{
    if (!reserve(buffer, length))
        return;
    memcpy(buffer->text + buffer->length, text, length);
    buffer->length += length;
    buffer->text[buffer->length] = '\0';
}

void
heapy__string_buffer_puts(heapy__string_buffer *buffer, const char *text)
{
    heapy__string_buffer_append(buffer, text, strlen(text));
}

void
heapy__string_buffer_pad(heapy__string_buffer *buffer, size_t blanks)
{
    if (!reserve(buffer, blanks))
        return;
    memset(buffer->text + buffer->length, ' ', blanks);
    buffer->length += blanks;
    buffer->text[buffer->length] = '\0';
}

void
heapy__string_buffer_printf(heapy__string_buffer *buffer, const char *format, ...)
{
    char line[256];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof line)
        buffer->failed = true; /* formats here print a few numbers: cannot happen */
    else
        heapy__string_buffer_append(buffer, line, (size_t)length);
}

char *
heapy__copy_text(const char *text)
{
    size_t length = strlen(text) + 1;
    char *copy = heapy_alloc_array(length, 1);
    if (!copy)
        return NULL;
    return memcpy(copy, text, length);
}
