/* SPDX-License-Identifier: MIT */
/*
 * A set of live objects that are held, shared by the sets that show them.
 *
 *     IdentitySet --> LiveObjects --held--> a reference to each object
 *     IdentitySet --> (the same)                              x & y of the same objects, or x.bytype beside x
 *
 *     IdentitySet --> LiveObjects named: addresses            a large union
 *                      holders[0] --> LiveObjects --held-->
 *                      holders[1] --> LiveObjects --held-->
 *
 *     IdentitySet --> LiveObjects named: addresses            a large part of a kept snapshot
 *                      holders --> LiveObjects --held-->  <-- words of the heapy_snapshot <-- Snapshot
 *
 *     IdentitySet --> LiveObjects named, is_elsewhere         of a file: nobody holds anything
 *
 * Objects never refer back to what holds them, so cycles only lead through users' objects: the collector
 * breaks them at LiveObjects, whose held and named are NULL then.
 */
#ifndef HEAPY_TYPE_LIVE_OBJECTS_H
#define HEAPY_TYPE_LIVE_OBJECTS_H

#include <Python.h>
#include <heapy/address_map.h>
#include <stdbool.h>

#include "capture/own_object_head.h"
#include "live/held_objects.h"
#include "live/returned_calls.h"

typedef struct {
    OWN_OBJECT_HEAD
    held_objects *held;       /* the objects; NULL once cleared by the collector, and: */
    heapy_address_map *named; /* their addresses, where others hold them, or they are of another process */
    bool is_elsewhere;        /* that */
    bool is_aside;            /* a reference point or what heapu() gave: its objects count as let go */
    PyObject *holders[2];     /* of a union of large sets: the LiveObjects that hold its objects; else NULL */
    frame_holder frames;      /* of calls that ran when it was made */
} LiveObjects;

/* Do its objects count as let go?  For capture. */
bool LiveObjects_is_aside(PyObject *live_objects);

/* Let go of answers that only the frames of calls that returned hold.  Runs finalizers; for the beginning of
   a question. */
void LiveObjects_let_returned_go(PyTypeObject *session_type);

/* A new LiveObjects of a session's; takes over `held`, also on failure.  ValueError where the session's
   objects are elsewhere. */
PyObject *LiveObjects_wrap(PyObject *session, held_objects *held);

/* The union of two LiveObjects, as `map` (taken over, also on failure): large ones go on holding the objects
   themselves, so that none has to be touched. */
PyObject *LiveObjects_unite(PyObject *session, heapy_address_map *map, PyObject *a, PyObject *b);

/* Objects of a session that somebody holds now (`map` is taken over, also on failure): they are held from now
   on, or in a session whose objects are elsewhere only named. */
PyObject *LiveObjects_keep(PyObject *session, heapy_address_map *map);

/* The same, but in a snapshot many of them go on being held by its moment alone. */
PyObject *LiveObjects_select(PyObject *session, heapy_address_map *map);

/* The addresses of the objects; NULL with an exception when they were cleared. */
const heapy_address_map *LiveObjects_map(PyObject *live_objects);

/* The same without an exception. */
const heapy_address_map *LiveObjects_known_map(PyObject *live_objects);

/* The objects themselves; NULL with ValueError where they are elsewhere, or as above. */
const held_objects *LiveObjects_held(PyObject *live_objects);

/* The objects that iterating `iterable` gives; NULL with an exception. */
held_objects *objects_of_iterable(PyObject *iterable);

/* a OP b for any of the six comparisons, sets being ordered by inclusion.  New reference. */
PyObject *address_maps_compare(const heapy_address_map *a, const heapy_address_map *b, int operation);
Py_hash_t address_map_hash(const heapy_address_map *map);

#endif
