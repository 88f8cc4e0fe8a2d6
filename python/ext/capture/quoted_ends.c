/* SPDX-License-Identifier: MIT */
/* unicode_repr (Objects/unicodeobject.c), bytes_repr (Objects/bytesobject.c), repr_str (Lib/reprlib.py). */
#include "capture/quoted_ends.h"

enum { LIMIT = 30, HEAD = (LIMIT - 3) / 2, TAIL = LIMIT - 3 - HEAD, LONG_BYTES = 1 << 16 };

/* Some of the characters of a str or bytes: the first ones, then those from another place on. */
typedef struct ends {
    PyObject *of;
    bool is_str;
    Py_ssize_t head, tail_start, tail;
} ends;

static ends
ends_of(PyObject *of, Py_ssize_t head, Py_ssize_t tail_start, Py_ssize_t tail)
{
    return (ends){of, PyUnicode_CheckExact(of), head, tail_start, tail};
}

static Py_UCS4
character_of(const ends *e, Py_ssize_t i)
{
    Py_ssize_t at = i < e->head ? i : e->tail_start + i - e->head;
    if (e->is_str)
        return PyUnicode_READ_CHAR(e->of, at);
    return (unsigned char)((PyBytesObject *)e->of)->ob_sval[at];
}

/* ' unless there are some and no " */
static char
quote_of(const ends *e)
{
    bool has_single = false, has_double = false;
    for (Py_ssize_t i = 0; i < e->head + e->tail && !has_double; i++) {
        Py_UCS4 character = character_of(e, i);
        has_single |= character == '\'';
        has_double |= character == '"';
    }
    return has_single && !has_double ? '"' : '\'';
}

static void
put_escaped(text_out *out, Py_UCS4 character, bool is_str)
{
    if (character == '\t')
        text_out_string(out, "\\t");
    else if (character == '\n')
        text_out_string(out, "\\n");
    else if (character == '\r')
        text_out_string(out, "\\r");
    else if (character < 0x7f ? character >= ' '
                              : is_str && character > 0x7f && Py_UNICODE_ISPRINTABLE(character))
        text_out_character(out, character);
    else if (character <= 0xff)
        text_out_format(out, "\\x%02x", (unsigned)character);
    else if (character <= 0xffff)
        text_out_format(out, "\\u%04x", (unsigned)character);
    else
        text_out_format(out, "\\U%08x", (unsigned)character);
}

static void
put_quoted(text_out *out, const ends *e, char quote)
{
    const char mark[] = {quote, '\0'};
    text_out_string(out, e->is_str ? "" : "b");
    text_out_string(out, mark);
    for (Py_ssize_t i = 0; i < e->head + e->tail && !out->failed; i++) {
        Py_UCS4 character = character_of(e, i);
        if (character == (Py_UCS4)quote || character == '\\')
            text_out_string(out, "\\");
        if (character == '\\')
            text_out_string(out, "\\");
        else
            put_escaped(out, character, e->is_str);
    }
    text_out_string(out, mark);
}

static void
put_ends(text_out *out, ends e)
{
    put_quoted(out, &e, quote_of(&e));
}

/* A str of the old API that nobody has looked at yet (3.10, 3.11) has no characters to read. */
static Py_ssize_t
length_of_str(PyObject *str)
{
    if (!PyUnicode_IS_READY(str))
        return 0;
    return PyUnicode_GET_LENGTH(str);
}

void
put_str_repr(text_out *out, PyObject *str)
{
    put_ends(out, ends_of(str, length_of_str(str), 0, 0));
}

void
put_bytes_repr(text_out *out, PyObject *bytes)
{
    put_ends(out, ends_of(bytes, Py_SIZE(bytes), 0, 0));
}

/* The first characters of the text from `start` on, and the last ones, are as many as are shown. */
static bool
is_too_long(const text_out *out, size_t start)
{
    size_t count = 0;
    for (size_t i = start; i < out->length; i++)
        count += ((unsigned char)out->text[i] & 0xc0) != 0x80;
    return count > LIMIT;
}

void
put_short_str(text_out *out, PyObject *str, bool as_reprlib)
{
    Py_ssize_t length = length_of_str(str);
    size_t start = out->length;
    put_ends(out, ends_of(str, length < LIMIT ? length : LIMIT, 0, 0));
    if (out->failed || !is_too_long(out, start))
        return;
    out->length = start;
    Py_ssize_t tail_start = length - TAIL;
    if (tail_start < 0 && as_reprlib)
        tail_start += length; /* x[len(x) - 14:], where a negative place counts from the end */
    if (tail_start < 0)
        tail_start = 0;
    put_ends(out, ends_of(str, HEAD < length ? HEAD : length, tail_start, length - tail_start));
    text_out_cut(out, start, 0, HEAD, TAIL);
}

void
put_short_bytes(text_out *out, PyObject *bytes)
{
    Py_ssize_t length = Py_SIZE(bytes);
    size_t start = out->length;
    ends whole = ends_of(bytes, length, 0, 0);
    ends shown = whole;
    if (length > 2 * LIMIT)
        shown = ends_of(bytes, LIMIT, length - LIMIT, LIMIT);
    put_quoted(out, &shown, quote_of(length <= LONG_BYTES ? &whole : &shown));
    if (!out->failed && is_too_long(out, start))
        text_out_cut(out, start, LIMIT, HEAD, TAIL);
}
