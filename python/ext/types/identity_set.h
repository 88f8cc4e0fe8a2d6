/* SPDX-License-Identifier: MIT */
/* Identity sets. */
#ifndef HEAPY_IDENTITY_SET_H
#define HEAPY_IDENTITY_SET_H

#include <Python.h>
#include <heapy/address_map.h>
#include <stdbool.h>

#include "capture/own_object_head.h"
#include "live/held_objects.h"
#include "types/equivalence_relation.h"
#include "types/module_state.h"
#include "types/set_table.h"

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    PyObject *objects;     /* LiveObjects */
    PyObject *er;          /* EquivalenceRelation */
    set_table *table;      /* made when first asked for, then kept; owned */
    PyObject *more;        /* the printer of what str() leaves out; remembered, not held (own_object.h) */
    PyObject *partition;   /* the Partition that shows the set; the same */
    PyObject **remembered; /* of an empty set: where the session has its Nothing */
    PyObject *weakrefs;
} IdentitySet;

/* The identity set of the objects in `held` (taken over, also on failure): the session's Nothing, or a new
   singleton or multi set.  er: borrowed; NULL: Clodo. */
PyObject *IdentitySet_wrap(PyObject *session, held_objects *held, PyObject *er);

/* The same of objects that somebody holds now, or that are elsewhere (LiveObjects_keep()). */
PyObject *IdentitySet_keep(PyObject *session, heapy_address_map *map, PyObject *er);

/* The set that has one object. */
PyObject *IdentitySet_of_object(PyObject *session, PyObject *object);

/* The same of LiveObjects. */
PyObject *IdentitySet_share(PyObject *session, PyObject *live_objects, PyObject *er);

/* The same of LiveObjects that nobody else has: taken over; NULL with an exception passes it on. */
PyObject *IdentitySet_share_only(PyObject *session, PyObject *live_objects, PyObject *er);

/* The same, but whose table is not made even where the relation is one that looks (IdentitySet_look). */
PyObject *IdentitySet_new(PyObject *session, PyObject *live_objects, PyObject *er);

/* The same of a node set. */
PyObject *IdentitySet_of_nodes(PyObject *session, PyObject *node_set);

/* Is `object` an identity set of this module? */
static inline bool
IdentitySet_check(const module_state *state, PyObject *object)
{
    return PyType_IsSubtype(Py_TYPE(object), state->identity_set_type);
}

/* The set's objects; NULL with an exception when the set was cleared. */
const heapy_address_map *IdentitySet_map(PyObject *set);

/* a OP b as an identity set of a's session.  Both must be identity sets. */
PyObject *IdentitySet_combine(PyObject *a, PyObject *b, heapy_set_operation operation);

/* The members that are in `kind`. */
PyObject *IdentitySet_select(PyObject *set, PyObject *kind);
PyObject *IdentitySet_owners(PyObject *set);

bool IdentitySet_is_empty(PyObject *set);
PyObject *IdentitySet_by(PyObject *set, PyObject *er);
PyObject *IdentitySet_by_basic(PyObject *set, heapy_classifier_form form);
PyObject *IdentitySet_kind(PyObject *set);

#endif
