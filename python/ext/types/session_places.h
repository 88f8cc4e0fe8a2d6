/* SPDX-License-Identifier: MIT */
/* The methods of a session that speak of places (session_places.c), for its method table (type_session.c). */
#ifndef HEAPY_SESSION_PLACES_H
#define HEAPY_SESSION_PLACES_H

#include <Python.h>

PyObject *Session_whole(PyObject *self, PyObject *ignored);
PyObject *Session_root_set(PyObject *self, PyObject *ignored);
PyObject *Session_begins_at_root(PyObject *self, PyObject *ignored);
PyObject *Session_at(PyObject *self, PyObject *args);
PyObject *Session_close(PyObject *self, PyObject *ignored);
PyObject *Session_enter(PyObject *self, PyObject *ignored);
PyObject *Session_exit(PyObject *self, PyObject *exception);
PyObject *Session_compare_objects(PyObject *self, PyObject *older);

#endif
