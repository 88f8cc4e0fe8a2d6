/* SPDX-License-Identifier: MIT */
/* The methods of a session that walk the heap (session_heap.c), for its method table (type_session.c). */
#ifndef HEAPY_SESSION_HEAP_H
#define HEAPY_SESSION_HEAP_H

#include <Python.h>
#include <stdbool.h>

PyObject *Session_heap(PyObject *self, PyObject *ignored);
PyObject *Session_heapu(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords);
PyObject *Session_heapg(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords);
PyObject *Session_setref(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords);
PyObject *Session_setrelheap(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords);
PyObject *Session_setrelheapg(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords);
PyObject *Session_setrelheapu(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords);
PyObject *Session_dominos_alone(PyObject *self, PyObject *sets);
PyObject *Session_gc_referrers(PyObject *self, PyObject *args);
PyObject *Session_snapshot(PyObject *self, PyObject *args, PyObject *kwargs);
PyObject *Session_save(PyObject *self, PyObject *args, PyObject *kwargs);
PyObject *Session_before(PyObject *self, PyObject *ignored);
PyObject *Session_capture_graph(PyObject *self, PyObject *ignored);

/* `value` as what heapu() may subtract: Nothing, a Stat by Type, or with keeps_set an identity set.  New
   reference; NULL with TypeError or ValueError. */
PyObject *Session_unreachable_reference(PyObject *self, PyObject *value, bool keeps_set);

#endif
