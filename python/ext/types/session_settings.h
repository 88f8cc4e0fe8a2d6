/* SPDX-License-Identifier: MIT */
/* What may be assigned to a session (S-13, S-14) and what users may tune, for its tables (type_session.c). */
#ifndef HEAPY_SESSION_SETTINGS_H
#define HEAPY_SESSION_SETTINGS_H

#include <Python.h>

PyObject *Session_get_reprefix(PyObject *self, void *closure);
PyObject *Session_get_default_reprefix(PyObject *self, void *closure);
int Session_set_reprefix(PyObject *self, PyObject *value, void *closure);
int Session_set_default_reprefix(PyObject *self, PyObject *value, void *closure);
PyObject *Session_get_relheapu(PyObject *self, void *closure);
int Session_set_relheapu(PyObject *self, PyObject *value, void *closure);
int Session_setattro(PyObject *self, PyObject *name, PyObject *value);
PyObject *Session_get_pattern_settings(PyObject *self, void *closure);
PyObject *Session_get_setting(PyObject *self, PyObject *name);
PyObject *Session_set_setting(PyObject *self, PyObject *args);
PyObject *Session_get_gcobjs(PyObject *self, void *closure);
int Session_set_gcobjs(PyObject *self, PyObject *value, void *closure);
PyObject *Session_get_relheap(PyObject *self, void *closure);
int Session_set_relheap(PyObject *self, PyObject *value, void *closure);
PyObject *Session_get_relheapg(PyObject *self, void *closure);
int Session_set_relheapg(PyObject *self, PyObject *value, void *closure);

#endif
