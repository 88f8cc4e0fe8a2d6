/* SPDX-License-Identifier: MIT */
/* Where a session's snapshots come from: the live heap, or a snapshot that it keeps. */
#ifndef HEAPY_LIVE_SOURCE_H
#define HEAPY_LIVE_SOURCE_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/node_set.h>
#include <heapy/snapshot.h>
#include <stdbool.h>

/* Beside the HEAPY_NEEDS_... of heapy/kind.h. */
enum {
    NEEDS_OWNER_OBJECTS = 1 << 16, /* live_owner() shall know owners that are no nodes */
    NEEDS_ALL_EDGES = 1 << 17,     /* edges between all nodes; else those that lead to the objects will do */
    NEEDS_LENGTHS = 1 << 18,       /* of containers, and names of modules */
};

/*
 * Take a snapshot of `objects` (held), with what `needs` says.  With HEAPY_NEEDS_EDGES the nodes are `objects`, the
 * root and what refers to the objects, or with NEEDS_ALL_EDGES the visible heap; with HEAPY_NEEDS_OWNER_NODES the
 * owners of their dicts too.  Sizes, and where objects were allocated, may run code, at the end.  New reference to a
 * Snapshot, for use while `objects` are held; NULL with an exception.
 *
 * Where the session keeps a snapshot it is taken from that, and ValueError says which object is not part of it.
 */
PyObject *source_take(PyObject *session, const heapy_address_map *objects, unsigned needs);

/* Does the session keep a snapshot? */
bool source_is_kept(PyObject *session);

/* How paths are looked for. */
enum {
    PATHS_IN_WHOLE = 1,     /* keep everything the sources reach, for a search that avoids references */
    PATHS_SKIP_GLOBALS = 2, /* frames lead to their own variables and the next frame only, not to what is
                               their module's: its variables, functions and code */
};

/*
 * The same of what lies on the shortest paths from `sources` to `targets` around `avoid` (all held; NULL: nothing),
 * with edges; sources and targets are nodes in any case.  Of a kept snapshot it is everything.
 */
PyObject *source_take_paths(PyObject *session, const heapy_address_map *sources, const heapy_address_map *targets,
                            const heapy_address_map *avoid, unsigned how);

/* The numbers that the objects of `map` have in a snapshot; heapy_free().  NULL with ValueError when one is not
   there. */
heapy_node *numbers_in_snapshot(const heapy_snapshot *snapshot, const heapy_address_map *map);

/* The same as a set of nodes; heapy_node_set_destroy(). */
heapy_node_set *nodes_in_snapshot(const heapy_snapshot *snapshot, const heapy_address_map *map);

/* The owners of the dicts among the nodes of a live snapshot as a held map; NULL with an exception. */
heapy_address_map *owners_in_snapshot(const heapy_snapshot *snapshot);

#endif
