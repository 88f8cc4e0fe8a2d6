/* SPDX-License-Identifier: MIT */
/* Comparisons between sets of one session. */
#ifndef HEAPY_UNISET_COMPARISONS_H
#define HEAPY_UNISET_COMPARISONS_H

#include <Python.h>

/* All: 1, 0, or -1 with an exception. */
int uniset_is_subset(PyObject *a, PyObject *b); /* a <= b */
int uniset_is_disjoint(PyObject *a, PyObject *b);

/* a OP b, Py_LT to Py_GE.  Of the two inclusions only what the operation asks for is looked at. */
int uniset_holds(PyObject *a, PyObject *b, int operation);

/* Equal sets have one hash; -1 with an exception. */
Py_hash_t uniset_hash(PyObject *self);

#endif
