/* SPDX-License-Identifier: MIT */
/* All sorts of sets. */
#ifndef HEAPY_TYPE_UNISET_H
#define HEAPY_TYPE_UNISET_H

#include <Python.h>
#include <heapy/address_map.h>

/* Operators between sets of one session, converted already. */
PyObject *uniset_combine(PyObject *a, PyObject *b, heapy_set_operation operation);
PyObject *uniset_complement(PyObject *a);

/* a <= b: 1, 0, or -1 with an exception. */
int uniset_is_subset(PyObject *a, PyObject *b);
int uniset_is_disjoint(PyObject *a, PyObject *b);

/* Is `object` a member of the set?  1, 0, or -1 with an exception. */
int uniset_contains(PyObject *set, PyObject *object);

#endif
