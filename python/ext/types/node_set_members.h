/* SPDX-License-Identifier: MIT */
/* What is in node sets, and what their types have in common. */
#ifndef HEAPY_NODE_SET_MEMBERS_H
#define HEAPY_NODE_SET_MEMBERS_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/bit_set.h>
#include <stdbool.h>

#include "capture/own_object_head.h"
#include "live/held_objects.h"
#include "types/module_state.h"
#include "types/own_object.h"

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

static inline bool
NodeSet_is_mutable(const NodeSet *self)
{
    return self->bits;
}

/* What is in a set, while no Python code runs that could change or free it. */
typedef struct node_members {
    const held_objects *objects;
    heapy_address_map *listed; /* of a mutable set, which holds them: made to be asked; owned */
    held_objects *made;        /* of an iterable: held, so that Python code may run; owned */
} node_members;

/* -1 with an exception, as for a set that the collector has cleared; nothing is in *out then. */
int node_members_of(NodeSet *set, node_members *out);

/* Those of a node set or any iterable.  What an iterable gave before it failed stays in *out, and the
   exception is set: -1. */
int node_members_collect(module_state *state, PyObject *iterable, node_members *out);

/* May run finalizers.  An exception that is on its way goes on. */
void node_members_deinit(node_members *m);

const heapy_address_map *node_members_map(const node_members *m);

/* A copy of the members that holds them; NULL with an exception. */
held_objects *NodeSet_hold_members(NodeSet *set);

/* An immutable set; takes over `held`, also on failure. */
PyObject *ImmNodeSet_create(PyTypeObject *type, PyObject *tag, held_objects *held);

/* Is the object one that operators of node sets take?  An identity set is not, as it says how to get at its
   objects when it is iterated over; its own operators take node sets. */
bool NodeSet_can_take(const module_state *state, PyObject *object);

/* Sets that are hidden from different sessions do not mix (N-11); one that is hidden from none goes with any.
   -1 with an exception. */
int NodeSet_check_tags(PyObject *a, PyObject *b);

/* Members leave one by one, from the end, where nothing has to be moved: needs no memory. */
void NodeSet_release_bits(heapy_bit_set *bits);

/* What the types of node sets have alike. */
enum { NODE_SET_FLAGS = (OWN_TYPE_FLAGS & ~Py_TPFLAGS_DISALLOW_INSTANTIATION) | Py_TPFLAGS_BASETYPE };
PyObject *NodeSet_get_hiding_tag(PyObject *set, void *closure);
int NodeSet_traverse(PyObject *set, visitproc visit, void *arg);
int NodeSet_clear(PyObject *set);
void NodeSet_dealloc(PyObject *set);

#endif
