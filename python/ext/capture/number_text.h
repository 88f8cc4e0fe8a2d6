/* SPDX-License-Identifier: MIT */
/* Numbers as Python's repr() writes them, by plain reads. */
#ifndef HEAPY_NUMBER_TEXT_H
#define HEAPY_NUMBER_TEXT_H

#include <Python.h>
#include <stdbool.h>

#include "capture/text_out.h"

/* An exact int or bool.  False, and nothing is put, of one with more digits than Python shows by default. */
bool put_int(text_out *out, PyObject *object);

/* The shortest text that reads back as the same float. */
void put_float(text_out *out, double value);

void put_complex(text_out *out, double real, double imaginary);

#endif
