/* SPDX-License-Identifier: MIT */
#include "capture/text_out.h"

#include "capture/str_utf8.h"

#include <heapy/memory.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool
make_room(text_out *out, size_t count)
{
    if (out->failed)
        return false;
    size_t needed = out->length + count + 1;
    if (needed <= out->capacity)
        return true;
    size_t capacity = needed + needed / 2 + 64;
    char *text = heapy_realloc_array(out->text, capacity, 1);
    if (!text) {
        out->failed = true;
        return false;
    }
    out->text = text;
    out->capacity = capacity;
    return true;
}

void
text_out_bytes(text_out *out, const char *bytes, size_t count)
{
    if (!make_room(out, count))
        return;
    memcpy(out->text + out->length, bytes, count);
    out->length += count;
    out->text[out->length] = '\0';
}

void
text_out_string(text_out *out, const char *string)
{
    text_out_bytes(out, string, strlen(string));
}

void
text_out_character(text_out *out, Py_UCS4 character)
{
    if (!make_room(out, 4))
        return;
    out->length = (size_t)(put_utf8(out->text + out->length, character) - out->text);
    out->text[out->length] = '\0';
}

void
text_out_format(text_out *out, const char *format, ...)
{
    char number[100];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(number, sizeof number, format, arguments);
    va_end(arguments);
    if (length > 0)
        text_out_bytes(out, number, (size_t)length < sizeof number ? (size_t)length : sizeof number - 1);
}

void
text_out_str(text_out *out, PyObject *str)
{
    size_t length;
    char *text = str_to_utf8(str, UTF8_ESCAPED, &length);
    if (text)
        text_out_bytes(out, text, length);
    else
        out->failed = true;
    heapy_free(text);
}

static bool
begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

void
text_out_cut(text_out *out, size_t start, size_t limit, size_t head, size_t tail)
{
    if (out->failed)
        return;
    size_t count = 0, head_end = 0, tail_start = 0, at = 0;
    for (size_t i = start; i < out->length; i++)
        count += begins_character(out->text[i]);
    if (count <= limit)
        return;
    for (size_t i = start; i < out->length; i++) {
        if (!begins_character(out->text[i]))
            continue;
        if (at == head)
            head_end = i;
        if (at == count - tail)
            tail_start = i;
        at++;
    }
    size_t rest = out->length - tail_start;
    static const char dots[] = "...";
    if (!make_room(out, sizeof dots))
        return;
    memmove(out->text + head_end + sizeof dots - 1, out->text + tail_start, rest + 1);
    memcpy(out->text + head_end, dots, sizeof dots - 1);
    out->length = head_end + sizeof dots - 1 + rest;
}
