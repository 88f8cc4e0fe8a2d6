/* SPDX-License-Identifier: MIT */
/* The text of a str without making an object, or the copy that PyUnicode_AsUTF8 would leave in it. */
#ifndef HEAPY_STR_UTF8_H
#define HEAPY_STR_UTF8_H

#include <Python.h>
#include <stddef.h>

/* What becomes of lone surrogates, which UTF-8 does not have, and of NUL, at which other texts end. */
typedef enum utf8_form {
    UTF8_ESCAPED, /* as Python's source would have them: \udc80, \x00 */
    UTF8_KEPT     /* encoded like other code points, so that texts that differ still do */
} utf8_form;

/* Put the bytes of one character, at most four, at `end`; returns what follows them. */
char *put_utf8(char *end, Py_UCS4 character);

/* UTF-8 with a NUL after it; length: without that, may be NULL.  "?" for a str of the old API that nobody has
   looked at yet (3.10, 3.11).  Owned, heapy_free(); NULL: no memory. */
char *str_to_utf8(PyObject *text, utf8_form form, size_t *length);

#endif
