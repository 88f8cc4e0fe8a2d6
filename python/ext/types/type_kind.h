/* SPDX-License-Identifier: MIT */
/* Kinds: sets by what their objects have in common. */
#ifndef HEAPY_TYPE_KIND_H
#define HEAPY_TYPE_KIND_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/kind.h>
#include <stdbool.h>

#include "capture/own_object_head.h"
#include "types/module_state.h"

/*
 * A kind is the engine's expression, and finitely many objects for which it is not so: (kind | added) -
 * removed.  Both are evaluated when kinds are combined, so identity sets in expressions stay small and
 * exact.
 */
typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    const heapy_kind *kind;
    PyObject *hosts;       /* tuple: what the expression's atoms name, kept alive */
    PyObject *added;       /* LiveObjects that are in it though not in `kind`; or NULL */
    PyObject *removed;     /* LiveObjects that are in `kind` and not in it; or NULL */
    PyObject **remembered; /* of hp.Anything: where the session has it (own_object.h) */
} Kind;

/* The set of an expression (taken over, also on failure): a kind, or what `added` has (Nothing if nothing)
   where the expression has no member.  added, removed: maps of objects that somebody holds, taken over; NULL:
   none. */
PyObject *Kind_wrap(PyObject *session, const heapy_kind *kind, heapy_address_map *added,
                    heapy_address_map *removed);

/* The set of an expression, borrowed: that of an identity set alone is one. */
PyObject *set_of_expression(PyObject *session, const heapy_kind *kind);

/* The identity set that an atom of the form HEAPY_ATOM_MEMBERS names, which the caller keeps alive. */
PyObject *set_of_members(PyObject *session, const heapy_atom *atom);

/* The expressions of a tuple of sets, each owned; NULL with an exception.  Call release_expressions. */
const heapy_kind **expressions_of(PyObject *sets);
void release_expressions(const heapy_kind **expressions, size_t count);

/* Any set as an expression alone, in which identity sets are atoms; NULL with an exception. */
const heapy_kind *expression_of_set(PyObject *set);

static inline bool
Kind_check(const module_state *state, PyObject *object)
{
    return Py_TYPE(object) == state->kind_type;
}

#endif
