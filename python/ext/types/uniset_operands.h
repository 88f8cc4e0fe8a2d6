/* SPDX-License-Identifier: MIT */
/* Operands of what sets do: which set an object stands for, and which sets may be combined. */
#ifndef HEAPY_UNISET_OPERANDS_H
#define HEAPY_UNISET_OPERANDS_H

#include <Python.h>
#include <stdbool.h>

#include "types/module_state.h"

static inline bool
uniset_check(const module_state *state, PyObject *object)
{
    return PyType_IsSubtype(Py_TYPE(object), state->uniset_type);
}

PyObject *uniset_session(PyObject *set); /* borrowed */

/* The set that `object` stands for in a session: a set of it, a type, a node set, perhaps an iterable.  New
   reference; NULL without exception when it stands for none, with one when something went wrong. */
PyObject *uniset_from(PyObject *session, PyObject *object);

/* The same, with TypeError when it stands for none. */
PyObject *uniset_require(PyObject *session, PyObject *object);

/* -1 with ValueError when an object is a set of another process or file than the session; what is no set is
   not looked at. */
int uniset_check_beside(PyObject *session, PyObject *object);

/* Both operands, of which one is a set, as sets: new references.  0: done; 1: `b` stands for none, which may
   be unless must_convert; -1 with an exception. */
int uniset_operands(PyObject *a, PyObject *b, PyObject **left, PyObject **right, bool must_convert);

/* Sets whose sessions hide different things do not combine (S-95): -1 with ValueError where they would have
 * to. */
bool uniset_have_one_tag(PyObject *a, PyObject *b);
int uniset_check_tags(PyObject *a, PyObject *b);

#endif
