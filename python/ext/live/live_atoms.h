/* SPDX-License-Identifier: MIT */
/* Kinds of live types and objects, and the way back from what a kind names. */
#ifndef HEAPY_LIVE_ATOMS_H
#define HEAPY_LIVE_ATOMS_H

#include <Python.h>
#include <heapy/kind.h>

#include "capture/capture_state.h"

/* The kind of a type, of a module, of one object: what texts and comparisons need is read now.  out:
   heapy_kind_release().  -1 with an exception.  They name the object by its address: the caller keeps it. */
int live_type_kind(capture_state *state, PyTypeObject *type, const heapy_kind **out);
int live_module_kind(capture_state *state, PyObject *module, const heapy_kind **out);
int live_object_kind(PyObject *object, const heapy_kind **out);

/* The object that an atom names: a type, module or object of this process; borrowed.  NULL without exception:
 * none. */
PyObject *live_object_of_atom(const heapy_atom *atom);

/* Does the first of two live types inherit from the second?  For heapy_type_filter_accepts(). */
bool live_is_subtype(uint64_t identity, uint64_t of);

#endif
