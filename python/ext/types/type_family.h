/* SPDX-License-Identifier: MIT */
/* Families: the sorts of sets. */
#ifndef HEAPY_TYPE_FAMILY_H
#define HEAPY_TYPE_FAMILY_H

#include <Python.h>

PyObject *Family_of(PyObject *set);

/* A family of the session's by its type.  classifier: borrowed or NULL.  slot: where its relation remembers
   it; NULL: nowhere. */
PyObject *Family_create(PyObject *session, PyTypeObject *type, PyObject *classifier, PyObject **slot);

#endif
