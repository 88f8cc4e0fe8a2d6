/* SPDX-License-Identifier: MIT */
/* Families: the sorts of sets. */
#ifndef HEAPY_TYPE_FAMILY_H
#define HEAPY_TYPE_FAMILY_H

#include <Python.h>

PyObject *Family_of(PyObject *set);

#endif
