/* SPDX-License-Identifier: MIT */
/* Stacked areas as pixels, for the profile browser. */
#ifndef HEAPY_STACKED_PICTURE_H
#define HEAPY_STACKED_PICTURE_H

#include <Python.h>

/* The module's function _stacked_picture. */
PyObject *stacked_picture(PyObject *module, PyObject *args);

#endif
