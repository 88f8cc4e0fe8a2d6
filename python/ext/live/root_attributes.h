/* SPDX-License-Identifier: MIT */
/* The root as Python sees it. */
#ifndef HEAPY_ROOT_ATTRIBUTES_H
#define HEAPY_ROOT_ATTRIBUTES_H

#include "capture/capture_state.h"

/* The value of attribute `name` of the root: None where the field is NULL; new reference.  NULL with
   AttributeError (H-16), or, when the name has no interpreter number, after a DeprecationWarning (H-17). */
PyObject *capture_root_attribute(capture_state *state, const char *name);

/* The names of all attributes of the root: a list of str.  New reference. */
PyObject *capture_root_names(capture_state *state);

#endif
