/* SPDX-License-Identifier: MIT */
/* The methods of a session that make sets, kinds and relations of their arguments, for its tables
 * (type_session.c). */
#ifndef HEAPY_SESSION_SETS_H
#define HEAPY_SESSION_SETS_H

#include <Python.h>

PyObject *Session_iso(PyObject *self, PyObject *args, PyObject *kwargs);
PyObject *Session_idset(PyObject *self, PyObject *args, PyObject *kwargs);
PyObject *Session_findex(PyObject *self, PyObject *args);
PyObject *Session_union(PyObject *self, PyObject *sequence);
PyObject *Session_tc_repr(PyObject *self, PyObject *type);
PyObject *Session_tc_adapt(PyObject *self, PyObject *object);
PyObject *Session_uniset_from_setcastable(PyObject *self, PyObject *object);
PyObject *Session_from_nodes(PyObject *self, PyObject *nodes);

#endif
