/* SPDX-License-Identifier: MIT */
/* The rows of the heap without its objects. */
#ifndef HEAPY_HEAP_STAT_H
#define HEAPY_HEAP_STAT_H

#include <Python.h>

/* hp.stat(by='Clodo') */
PyObject *Session_stat(PyObject *session, PyObject *args, PyObject *kwargs);

#endif
