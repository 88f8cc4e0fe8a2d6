/* SPDX-License-Identifier: MIT */
/* All sorts of sets. */
#ifndef HEAPY_TYPE_UNISET_H
#define HEAPY_TYPE_UNISET_H

#include <Python.h>
#include <heapy/address_map.h>

/* The set that `object` stands for in a session: a set of it, a type, a node set, perhaps an iterable.  New
   reference; NULL without exception when it stands for none, with one when something went wrong. */
PyObject *uniset_from(PyObject *session, PyObject *object);

/* -1 with ValueError when an object is a set of another process or file than the session; what is no set is
   not looked at. */
int uniset_check_beside(PyObject *session, PyObject *object);

/* The same, with TypeError when it stands for none. */
PyObject *uniset_require(PyObject *session, PyObject *object);

PyObject *uniset_session(PyObject *set); /* borrowed */

/* Operators between sets of one session, converted already. */
PyObject *uniset_combine(PyObject *a, PyObject *b, heapy_set_operation operation);
PyObject *uniset_complement(PyObject *a);

/* a <= b: 1, 0, or -1 with an exception. */
int uniset_is_subset(PyObject *a, PyObject *b);
int uniset_is_disjoint(PyObject *a, PyObject *b);

/* Is `object` a member of the set?  1, 0, or -1 with an exception. */
int uniset_contains(PyObject *set, PyObject *object);

#endif
