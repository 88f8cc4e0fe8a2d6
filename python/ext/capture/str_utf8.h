/* SPDX-License-Identifier: MIT */
/* The text of a str without making an object, or the copy that PyUnicode_AsUTF8 would leave in it. */
#ifndef HEAPY_STR_UTF8_H
#define HEAPY_STR_UTF8_H

#include <Python.h>
#include <stddef.h>

/* What becomes of lone surrogates, which UTF-8 does not have. */
typedef enum surrogates {
    SURROGATES_AS_QUESTION_MARKS,
    SURROGATES_KEPT /* encoded like other code points, so that texts that differ still do */
} surrogates;

/* Put the bytes of one character, at most four, at `end`; returns what follows them. */
char *put_utf8(char *end, Py_UCS4 character);

/* UTF-8 with a NUL after it; length: without that, may be NULL.  "?" for a str of the old API that nobody has
   looked at yet (3.10, 3.11).  Owned, heapy_free(); NULL: no memory. */
char *str_to_utf8(PyObject *text, surrogates how, size_t *length);

#endif
