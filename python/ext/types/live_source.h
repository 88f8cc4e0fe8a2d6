/* SPDX-License-Identifier: MIT */
/* Where a session's snapshots come from: the live heap, or a snapshot that it keeps. */
#ifndef HEAPY_LIVE_SOURCE_H
#define HEAPY_LIVE_SOURCE_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/node_set.h>
#include <heapy/snapshot.h>
#include <stdbool.h>

/*
 * Take a snapshot in which `objects` (held) are nodes, with what `needs` (HEAPY_NEEDS_..., heapy/classifier.h) says.
 * With HEAPY_NEEDS_EDGES the nodes are `objects`, the root and what refers to the objects, or with
 * HEAPY_NEEDS_ALL_EDGES the visible heap; with HEAPY_NEEDS_OWNER_NODES the owners of their dicts too.  Sizes, and where
 * objects were allocated, may run code, at the end.  New reference to a Snapshot, for use while `objects` are held;
 * NULL with an exception.
 *
 * Where the session keeps a snapshot that is it.  members_init() says whether the objects are part of it.
 */
PyObject *source_take(PyObject *session, const heapy_address_map *objects, unsigned needs);

/* Does the session keep a snapshot? */
bool source_is_kept(PyObject *session);

/* The objects of a map (borrowed) as members of a snapshot.  -1 with ValueError when one is not part of it; else
   members_deinit(). */
typedef struct snapshot_members {
    heapy_members members;
    heapy_node *numbers; /* owned; NULL: they are all nodes */
} snapshot_members;
int members_init(snapshot_members *out, const heapy_snapshot *snapshot, const heapy_address_map *map);
void members_deinit(snapshot_members *members);

/* For the engine: NULL where they are all nodes. */
const heapy_members *members_or_all(const snapshot_members *members);

/* A shortcut past snapshots: those of `objects` (held) whose type `accepts` says yes to, as capture_select_by_type()
   does.  1: *out has them; 0: there is no such shortcut here; -1 with an exception. */
int source_select_by_type(PyObject *session, const heapy_address_map *objects,
                          bool (*accepts)(PyTypeObject *type, void *context), void *context, bool holds,
                          heapy_address_map **out);

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

/* The owners of the dicts among members (NULL: all nodes) of a live snapshot as a held map; NULL with an exception. */
heapy_address_map *owners_in_snapshot(const heapy_snapshot *snapshot, const heapy_members *members);

#endif
