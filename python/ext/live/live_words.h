/* SPDX-License-Identifier: MIT */
/*
 * Snapshots whose objects are here: the words of live objects, and the way from a node to its object.
 *
 * A snapshot made here keeps what its words read: the object that holds the nodes' objects, the types of its
 * type table, and owners of dicts that are no nodes.  It must be used, and let go of, with the GIL.
 */
#ifndef HEAPY_LIVE_WORDS_H
#define HEAPY_LIVE_WORDS_H

#include <Python.h>
#include <heapy/snapshot.h>

#include "capture/capture_state.h"
#include "live/live_capture.h"

/*
 * graph, types, owners  what capture gave: taken over, also on failure.  types: as in its type table.
 * map                   of the nodes; borrowed, kept by `keeper`.
 * keeper                what holds `map` and its objects; a reference is taken.  NULL: the caller does.
 * out                   heapy_snapshot_release().  -1 with an exception.
 */
int live_snapshot_create(capture_state *state, heapy_graph *graph, const heapy_address_map *map,
                         PyObject *keeper, PyObject *types, dict_owners *owners, heapy_snapshot **out);

/* Has the snapshot objects in this process?  Of one that has none nothing below may be asked. */
bool snapshot_is_live(const heapy_snapshot *snapshot);

/* The object of a node; borrowed while the snapshot lives.  NULL with ValueError when the snapshot's objects
   are not in this process. */
PyObject *live_object(const heapy_snapshot *snapshot, heapy_node node);

/* The type of a row of the type table; the same. */
PyObject *live_type(const heapy_snapshot *snapshot, heapy_type row);

/* The object whose attribute dict a node is; borrowed, NULL without exception when it has no owner. */
PyObject *live_owner(const heapy_snapshot *snapshot, heapy_node dict);

/* The types of the type table, as a tuple; borrowed. */
PyObject *live_types(const heapy_snapshot *snapshot);

/* For tp_traverse of the only object that has this snapshot. */
int live_snapshot_traverse(const heapy_snapshot *snapshot, visitproc visit, void *arg);

#endif
