/* SPDX-License-Identifier: MIT */
/* Names of types as str. */
#ifndef HEAPY_TYPE_TEXTS_H
#define HEAPY_TYPE_TEXTS_H

#include "capture/capture_state.h"

/* The type's name in tables (K-130), as a str; new reference.  Runs no Python code. */
PyObject *capture_type_text(capture_state *state, PyTypeObject *type);

/* MODULE.NAME of a type, also where tables use a shorter name; new reference. */
PyObject *capture_type_own_text(capture_state *state, PyTypeObject *type);

/* The name X of types.XType, or NULL: borrowed. */
const char *capture_types_module_name(capture_state *state, PyTypeObject *type, size_t *length);

#endif
