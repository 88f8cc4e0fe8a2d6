/* SPDX-License-Identifier: MIT */
/* What an attribute of a set of several objects gives. */
#ifndef HEAPY_TYPE_MAPPING_PROXY_H
#define HEAPY_TYPE_MAPPING_PROXY_H

#include <Python.h>

PyObject *MappingProxy_create(PyObject *set);

#endif
