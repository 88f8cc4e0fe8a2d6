/* SPDX-License-Identifier: MIT */
/* The methods of a session that walk the heap (session_heap.c), for its method table (type_session.c). */
#ifndef HEAPY_SESSION_HEAP_H
#define HEAPY_SESSION_HEAP_H

#include <Python.h>

PyObject *Session_heap(PyObject *self, PyObject *ignored);
PyObject *Session_dominos_alone(PyObject *self, PyObject *sets);
PyObject *Session_gc_referrers(PyObject *self, PyObject *args);
PyObject *Session_snapshot(PyObject *self, PyObject *args, PyObject *kwargs);
PyObject *Session_snapshot_unasked(PyObject *self, PyObject *ignored);
PyObject *Session_save(PyObject *self, PyObject *args, PyObject *kwargs);
PyObject *Session_before(PyObject *self, PyObject *ignored);
PyObject *Session_capture_graph(PyObject *self, PyObject *ignored);

#endif
