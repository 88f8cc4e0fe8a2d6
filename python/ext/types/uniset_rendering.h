/* SPDX-License-Identifier: MIT */
/* Methods of sets: how members are shown, one by one. */
#ifndef HEAPY_UNISET_RENDERING_H
#define HEAPY_UNISET_RENDERING_H

#include <Python.h>

/* x.get_render(): what shows members of the set, x._render where one heading says what all texts are, else
   x._render_address. */
PyObject *uniset_get_render(PyObject *self, PyObject *ignored);

/* A member's text as tables by Id have it; that of the owner for a dict that somebody owns. */
PyObject *uniset_render(PyObject *self, PyObject *object);
PyObject *uniset_render_address(PyObject *self, PyObject *object);

#endif
