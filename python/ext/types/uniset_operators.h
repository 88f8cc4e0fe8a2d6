/* SPDX-License-Identifier: MIT */
/* Operators between sets of one session. */
#ifndef HEAPY_UNISET_OPERATORS_H
#define HEAPY_UNISET_OPERATORS_H

#include <Python.h>
#include <heapy/address_map.h>

/* a OP b, both sets already; new reference, NULL with an exception. */
PyObject *uniset_combine(PyObject *a, PyObject *b, heapy_set_operation operation);
PyObject *uniset_complement(PyObject *a);

#endif
