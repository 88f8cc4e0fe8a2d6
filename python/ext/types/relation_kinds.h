/* SPDX-License-Identifier: MIT */
/* Kinds by what one calls an equivalence relation with. */
#ifndef HEAPY_RELATION_KINDS_H
#define HEAPY_RELATION_KINDS_H

#include <Python.h>

/* er(*args, **kwargs): the kind that they name. */
PyObject *relation_make_kind(PyObject *er, PyObject *args, PyObject *kwargs);

/* The type that `object` names: itself, or by a text of S-79; new reference. */
PyObject *type_from_object(PyObject *session, PyObject *object);

/* hp.Type.X (K-70b); new reference. */
PyObject *kind_of_named_type(PyObject *session, PyObject *name);

#endif
