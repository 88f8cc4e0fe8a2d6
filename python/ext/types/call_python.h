/* SPDX-License-Identifier: MIT */
/* Calls of what the package has in Python. */
#ifndef HEAPY_CALL_PYTHON_H
#define HEAPY_CALL_PYTHON_H

#include <Python.h>

/* guppy.MODULE.function(a, b): what is written in Python.  New reference. */
PyObject *call_package(const char *module, const char *function, PyObject *a, PyObject *b);

/* guppy.MODULE.function(first, *args, **kwargs); args and kwargs may be NULL.  New reference. */
PyObject *call_package_with(const char *module, const char *function, PyObject *first, PyObject *args,
                            PyObject *kwargs);

#endif
