/* SPDX-License-Identifier: MIT */
/* Sets of kinds. */
#ifndef HEAPY_TYPE_SET_OF_KINDS_H
#define HEAPY_TYPE_SET_OF_KINDS_H

#include <Python.h>
#include <stdbool.h>

#include "types/module_state.h"

/* kinds: tuple, borrowed. */
PyObject *SetOfKinds_create(PyObject *er, PyObject *kinds);
PyObject *NoKinds_create(PyObject *session);
PyObject *SetOfKinds_er(PyObject *set);    /* borrowed */
PyObject *SetOfKinds_kinds(PyObject *set); /* borrowed tuple */

static inline bool
SetOfKinds_check(const module_state *state, PyObject *object)
{
    return Py_TYPE(object) == state->callable_set_of_kinds_type || Py_TYPE(object) == state->no_kinds_type;
}

/* What er.refdby(...) takes: the kinds of `er` in a tuple of kinds and sets of kinds.  New tuple. */
PyObject *kinds_of_arguments(PyObject *er, PyObject *args);

#endif
