/* SPDX-License-Identifier: MIT */
/* The methods of a session whose answers are Python, in the package, for its tables (type_session.c). */
#ifndef HEAPY_SESSION_PACKAGE_H
#define HEAPY_SESSION_PACKAGE_H

#include <Python.h>

PyObject *Session_loadall(PyObject *self, PyObject *source);
PyObject *Session_loadc(PyObject *self, PyObject *source);
PyObject *Session_dumph(PyObject *self, PyObject *file);
PyObject *Session_get_view(PyObject *self, void *closure);
PyObject *Session_get_parent(PyObject *self, void *closure);
PyObject *Session_get_root_node(PyObject *self, void *closure);
PyObject *Session_compare(PyObject *self, PyObject *older);
PyObject *Session_get_info(PyObject *self, void *closure);
PyObject *Session_dominators(PyObject *self, PyObject *ignored);
PyObject *Session_get_help(PyObject *self, void *closure);
PyObject *Session_test(PyObject *self, PyObject *args, PyObject *kwargs);
PyObject *Session_pb(PyObject *self, PyObject *args, PyObject *kwargs);
PyObject *Session_monitor(PyObject *self, PyObject *ignored);
PyObject *Session_why(PyObject *self, PyObject *object);
PyObject *Session_get_objects(PyObject *self, void *closure);
PyObject *Session_get_edges(PyObject *self, void *closure);

#endif
