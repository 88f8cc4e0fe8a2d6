/* SPDX-License-Identifier: MIT */
/* What defines a kind (K-116). */
#ifndef HEAPY_KIND_DEFINITION_H
#define HEAPY_KIND_DEFINITION_H

#include <Python.h>

/* The getter `arg`: what is passed to the kind's relation to make it; of several classes, the kinds that they
 * are. */
PyObject *Kind_arg(PyObject *kind, void *closure);

/* The relation of which the kind is one class; new reference, NULL without exception when there is none. */
PyObject *Kind_relation(PyObject *kind);

#endif
