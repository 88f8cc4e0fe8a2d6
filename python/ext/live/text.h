/* SPDX-License-Identifier: MIT */
/* Between the engine's texts and str. */
#ifndef HEAPY_LIVE_TEXT_H
#define HEAPY_LIVE_TEXT_H

#include <Python.h>

/* UTF-8 of the engine as a str; what is no UTF-8 is replaced.  length: bytes, or SIZE_MAX up to the NUL.  New
   reference. */
PyObject *text_from_utf8(const char *text, size_t length);

/* The same of a text from the engine, which is freed. */
PyObject *text_taken_over(char *text, size_t length);

/* UTF-8 of a str in the engine's memory, heapy_text_free().  errors: what becomes of lone surrogates, as
   str.encode() has it.  NULL with an exception. */
char *encoded_text(PyObject *text, const char *errors);

/* UTF-8 of a str in the engine's memory, heapy_text_free(); lone surrogates and NULs are replaced.  NULL with
   an exception. */
char *utf8_of_text(PyObject *text);

/* The texts of a list (taken over; NULL with an exception passes it on), with `separator` between.  New
   reference. */
PyObject *join_texts(PyObject *texts, const char *separator);

#endif
