/* SPDX-License-Identifier: MIT */
/* Node sets. */
#ifndef HEAPY_TYPE_NODE_SET_H
#define HEAPY_TYPE_NODE_SET_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/bit_set.h>
#include <stdbool.h>

#include "capture/own_object_head.h"
#include "live/held_objects.h"
#include "types/module_state.h"

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *objects;   /* LiveObjects, when it shows those of a session's set; else NULL */
    held_objects *held;  /* of another immutable one: its own */
    heapy_bit_set *bits; /* of a mutable one: the addresses / 8 of what it holds */
} NodeSet;

/* An immutable node set of LiveObjects, or of held objects (taken over; NULL with an exception passes it on).
   session: an own object, whose tag it gets.  New reference. */
PyObject *NodeSet_wrap(PyObject *session, PyObject *live_objects);
PyObject *NodeSet_of_held(PyObject *session, held_objects *held);

/* The members as LiveObjects of a session; those of a mutable one as they are now.  New reference. */
PyObject *NodeSet_objects(PyObject *session, PyObject *node_set);

/* Does the node set itself, not its LiveObjects, hold this object?  Runs no Python code. */
bool NodeSet_holds(PyObject *node_set, const PyObject *member);

static inline bool
NodeSet_check(const module_state *state, PyObject *object)
{
    return PyType_IsSubtype(Py_TYPE(object), state->node_set_type);
}

#endif
