/* SPDX-License-Identifier: MIT */
#include "capture/str_utf8.h"

#include <heapy/memory.h>
#include <stdbool.h>
#include <string.h>

char *
put_utf8(char *end, Py_UCS4 ch)
{
    if (ch < 0x80) {
        *end++ = (char)ch;
        return end;
    }
    if (ch < 0x800) {
        *end++ = (char)(0xc0 | ch >> 6);
    } else {
        if (ch < 0x10000) {
            *end++ = (char)(0xe0 | ch >> 12);
        } else {
            *end++ = (char)(0xf0 | ch >> 18);
            *end++ = (char)(0x80 | (ch >> 12 & 0x3f));
        }
        *end++ = (char)(0x80 | (ch >> 6 & 0x3f));
    }
    *end++ = (char)(0x80 | (ch & 0x3f));
    return end;
}

char *
str_to_utf8(PyObject *str, surrogates how, size_t *length)
{
    bool is_ready = PyUnicode_IS_READY(str);
    size_t count = is_ready ? (size_t)PyUnicode_GET_LENGTH(str) : 1;
    bool is_ascii = is_ready && PyUnicode_IS_COMPACT_ASCII(str);
    char *text = heapy_alloc_array(1, (is_ascii ? count : 4 * count) + 1), *end = text;
    if (!text)
        return NULL;
    if (is_ascii) {
        memcpy(text, PyUnicode_DATA(str), count);
        end += count;
    } else if (!is_ready) {
        *end++ = '?';
    }
    for (size_t i = 0; is_ready && !is_ascii && i < count; i++) {
        Py_UCS4 ch = PyUnicode_READ_CHAR(str, (Py_ssize_t)i);
        bool is_lone = how == SURROGATES_AS_QUESTION_MARKS && ch >= 0xd800 && ch < 0xe000;
        end = put_utf8(end, is_lone ? '?' : ch);
    }
    *end = '\0';
    if (length)
        *length = (size_t)(end - text);
    return text;
}
