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

enum { LONGEST_CHARACTER = 6 /* bytes of \udc80 */ };

static char *
put_escaped(char *end, Py_UCS4 ch)
{
    static const char digits[] = "0123456789abcdef";
    if (ch && (ch < 0xd800 || ch >= 0xe000))
        return put_utf8(end, ch);
    *end++ = '\\';
    *end++ = ch ? 'u' : 'x';
    for (int shift = ch ? 12 : 4; shift >= 0; shift -= 4)
        *end++ = digits[ch >> shift & 0xf];
    return end;
}

char *
str_to_utf8(PyObject *str, utf8_form form, size_t *length)
{
    bool is_ready = PyUnicode_IS_READY(str);
    size_t count = 1;
    if (is_ready)
        count = (size_t)PyUnicode_GET_LENGTH(str);
    bool is_ascii = is_ready && PyUnicode_IS_COMPACT_ASCII(str) &&
                    (form == UTF8_KEPT || !memchr(PyUnicode_DATA(str), 0, count));
    char *text = heapy_alloc_array(is_ascii ? 1 : LONGEST_CHARACTER, count + 1), *end = text;
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
        if (form == UTF8_ESCAPED)
            end = put_escaped(end, ch);
        else
            end = put_utf8(end, ch);
    }
    *end = '\0';
    if (length)
        *length = (size_t)(end - text);
    return text;
}
