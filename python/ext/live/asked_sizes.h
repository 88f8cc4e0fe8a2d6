/* SPDX-License-Identifier: MIT */
/* Sizes that only the objects themselves know. */
#ifndef HEAPY_ASKED_SIZES_H
#define HEAPY_ASKED_SIZES_H

#include <Python.h>
#include <stdbool.h>
#include <stdint.h>

struct type_record;

/* Bytes of `object` alone, by its own __sizeof__, which may run code: even code that gives the object another
   class, so whoever asks keeps the type of `record` alive.  A bad one is replaced, and told of once per type
   (warned_types); -1 with an exception that is to be passed on.  Asked by a __sizeof__ in Python that is
   itself being asked, those in Python are replaced without a word. */
int asked_size(PyObject *object, const struct type_record *record, PyObject *warned_types, uint64_t *out);

/* The same of types whose __sizeof__ is a C function; of others the basic size, and false. */
bool asked_size_in_c(PyObject *object, const struct type_record *record, uint64_t *out);

#endif
