/* SPDX-License-Identifier: MIT */
/* Classifiers: what classifies for a relation; users only pass it on. */
#ifndef HEAPY_TYPE_CLASSIFIER_H
#define HEAPY_TYPE_CLASSIFIER_H

#include <Python.h>

/* The classifier of a relation, the same while it is used.  New reference. */
PyObject *EquivalenceRelation_classifier(PyObject *er);

#endif
