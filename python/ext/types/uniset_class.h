/* SPDX-License-Identifier: MIT */
/* A set as a class of a relation. */
#ifndef HEAPY_UNISET_CLASS_H
#define HEAPY_UNISET_CLASS_H

#include <Python.h>

/* x.biper: the relation of two classes, the members of the set and all others; new reference. */
PyObject *uniset_biper(PyObject *self, void *closure);

/* x.get_ckc(): (classifier, key, comparison) of which the set is a class; new reference. */
PyObject *uniset_get_ckc(PyObject *self, PyObject *ignored);

#endif
