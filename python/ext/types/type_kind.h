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

/* The kind of objects whose referrers' classes by er are `kinds` (a tuple). */
PyObject *referrers_kind(PyObject *er, PyObject *kinds);

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

/* The kind of one atom. */
PyObject *Kind_create(PyObject *session, const heapy_atom *atom);

/* Kinds of one atom each. */
PyObject *Kind_of_type(PyObject *session, PyObject *type);
PyObject *Kind_of_owner(PyObject *session, PyObject *owners); /* a set, or NULL: dicts without owner */
PyObject *Kind_of_size(PyObject *session, PyObject *size);    /* an int, bytes */
PyObject *Kind_of_module(PyObject *session, PyObject *module);
PyObject *Kind_of_non_modules(PyObject *session);
PyObject *Kind_of_object(PyObject *session, PyObject *object);
PyObject *Kind_of_relations(PyObject *session, PyObject *texts); /* a tuple of str: reprs of relations */
PyObject *Kind_of_producer(PyObject *session, PyObject *file, PyObject *line); /* str or None, int or None */
PyObject *Kind_of_unknown_producer(PyObject *session);
PyObject *Kind_of_index(PyObject *er, PyObject *index); /* of a findex */
PyObject *Kind_of_anything(PyObject *session);

/* The set of an expression, borrowed: that of an identity set alone is one. */
PyObject *set_of_expression(PyObject *session, const heapy_kind *kind);

/* The identity set that an atom of the form HEAPY_ATOM_MEMBERS names, which the caller keeps alive. */
PyObject *set_of_members(PyObject *session, const heapy_atom *atom);

/* The expressions of a tuple of sets, each owned; NULL with an exception.  Call release_expressions. */
const heapy_kind **expressions_of(PyObject *sets);
void release_expressions(const heapy_kind **expressions, size_t count);

/* Any set as an expression alone, in which identity sets are atoms; NULL with an exception. */
const heapy_kind *expression_of_set(PyObject *set);

/* The relation of which the kind is one class; new reference, NULL without exception when there is none. */
PyObject *Kind_relation(PyObject *kind);

static inline bool
Kind_check(const module_state *state, PyObject *object)
{
    return Py_TYPE(object) == state->kind_type;
}

/* The dicts that objects of the set own (K-90). */
PyObject *set_dictof(PyObject *set);

#endif
