/* SPDX-License-Identifier: MIT */
/* A text under construction, in UTF-8, from memory of heapy_alloc_array(): where no Python may be used. */
#ifndef HEAPY_TEXT_OUT_H
#define HEAPY_TEXT_OUT_H

#include <Python.h>
#include <stdbool.h>
#include <stddef.h>

/* A zeroed struct is empty.  text: owned, NUL-terminated; NULL before anything was put.  After a failure
   nothing more is put. */
typedef struct text_out {
    char *text;
    size_t length, capacity;
    bool failed; /* there was no memory */
} text_out;

void text_out_bytes(text_out *out, const char *bytes, size_t count);
void text_out_string(text_out *out, const char *string);
void text_out_character(text_out *out, Py_UCS4 character);
void text_out_format(text_out *out, const char *format, ...); /* at most 100 bytes of numbers and addresses */

/* The characters of a str as a name is shown: NULs and lone surrogates escaped. */
void text_out_str(text_out *out, PyObject *str);

/* Of what was put from byte `start` on, if it is more than `limit` characters, leave the first `head` and the
   last `tail` with dots between. */
void text_out_cut(text_out *out, size_t start, size_t limit, size_t head, size_t tail);

#endif
