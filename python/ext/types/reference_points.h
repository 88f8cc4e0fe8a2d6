/* SPDX-License-Identifier: MIT */
/* The methods of a session about what heaps are relative to (reference_points.c), for its method table
   (type_session.c). */
#ifndef HEAPY_REFERENCE_POINTS_H
#define HEAPY_REFERENCE_POINTS_H

#include <Python.h>
#include <stdbool.h>

PyObject *Session_heapu(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords);
PyObject *Session_heapg(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords);
PyObject *Session_setref(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords);
PyObject *Session_setrelheap(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords);
PyObject *Session_setrelheapg(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords);
PyObject *Session_setrelheapu(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords);

/* set - reference; NULL for NULL, with its exception, and the set where there is no reference.  Takes the set
   over.  The operators decide what a reference point may be. */
PyObject *less_reference(PyObject *set, PyObject *reference);

/* `value` as what heapu() may subtract: Nothing, a Stat by Type, or with keeps_set an identity set.  New
   reference; NULL with TypeError or ValueError. */
PyObject *Session_unreachable_reference(PyObject *self, PyObject *value, bool keeps_set);

#endif
