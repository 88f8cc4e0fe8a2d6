/* SPDX-License-Identifier: MIT */
/* Values of builtin types compared by plain reads. */
#ifndef HEAPY_VALUE_ORDER_H
#define HEAPY_VALUE_ORDER_H

#include <Python.h>
#include <stdbool.h>
#include <stdint.h>

/* Below 0, 0 or above 0, for two of one exact type that has an order of values: int, bool, float, str, bytes;
   of any other type 0.  NaNs come last, so that the order stays one. */
int compare_values(PyObject *a, PyObject *b);

/*
 * Are two keys equal, as a dict has it?  Of int, bool, float, complex, str, bytes, and tuples and frozensets
 * of them; anything else is like itself only, as are frozensets of more than 4096 members, and what is in
 * more than ten others.
 */
bool are_equal_values(PyObject *a, PyObject *b);

/* Equal keys have equal ones. */
uint64_t hash_of_value(PyObject *object);

#endif
