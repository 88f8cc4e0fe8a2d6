/* SPDX-License-Identifier: MIT */
/*
 * What is looked at, kept while code of the user's may run: a __sizeof__ or a finalizer that lets go of the
 * very set in whose name it was called.
 */
#ifndef HEAPY_GUARD_H
#define HEAPY_GUARD_H

#include <Python.h>

typedef struct guard {
    PyObject *kept; /* owned; NULL: nothing */
} guard;

/* Keep an object, or nothing (NULL).  Guards nest. */
guard guard_begin(PyObject *object);

/* Let go of it, which may be the last reference and run code.  An exception on its way goes on.  The second
   call does nothing. */
void guard_end(guard *kept);

#endif
