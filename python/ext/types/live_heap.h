/* SPDX-License-Identifier: MIT */
/* The objects a question is about, in one moment: what classifying and selecting look at. */
#ifndef HEAPY_LIVE_HEAP_H
#define HEAPY_LIVE_HEAP_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/graph.h>
#include <heapy/node_set.h>

#include "live/live_capture.h"

/* Beside the HEAPY_NEEDS_... of heapy/kind.h. */
enum {
    NEEDS_OWNER_OBJECTS = 1 << 16, /* keep the owners of dicts as objects */
    NEEDS_ALL_EDGES = 1 << 17      /* edges between all nodes; else those that lead to the objects will do */
};

typedef struct live_heap {
    const heapy_address_map *map; /* the graph's nodes: the objects asked about, or more */
    PyObject *objects;            /* LiveObjects that hold `map`; NULL: the caller does */
    heapy_graph *graph;           /* owned */
    PyObject *types;              /* tuple, as in the graph's type table; owned */
    dict_owners owners;           /* as asked for; owned */
    heapy_node *owner_nodes;      /* by node, as asked for; owned */
    PyObject *moment;             /* the Moment that owns the graph, types and owners; NULL: nobody else */
} live_heap;

/*
 * Capture what `needs` says of `objects` (held).  With HEAPY_NEEDS_EDGES the nodes are `objects`, the root
 * and what refers to the objects, or with NEEDS_ALL_EDGES the visible heap; with HEAPY_NEEDS_OWNER_NODES the
 * owners of their dicts too.  Sizes may run code, at the end.  -1 with an exception; else live_heap_deinit().
 *
 * In a session of a snapshot nothing is captured: it is taken from the session's moment, and ValueError says
 * which object is not part of that.
 */
int live_heap_init(live_heap *out, PyObject *session, const heapy_address_map *objects, unsigned needs);
void live_heap_deinit(live_heap *heap);

/* How paths are looked for. */
enum {
    PATHS_IN_WHOLE = 1,     /* keep everything the sources reach, for a search that avoids references */
    PATHS_SKIP_GLOBALS = 2, /* frames lead to their own variables and the next frame only, not to what is
                               their module's: its variables, functions and code */
};

/*
 * What lies on the shortest paths from `sources` to `targets` around `avoid` (all held; NULL: nothing), with
 * edges; sources and targets are nodes in any case.  As live_heap_init otherwise; in a snapshot it is
 * everything.
 */
int live_heap_of_paths(live_heap *out, PyObject *session, const heapy_address_map *sources,
                       const heapy_address_map *targets, const heapy_address_map *avoid, unsigned how);

/* The numbers that the objects of `map` have in the moment's map; heapy_free().  NULL with ValueError when
   one was not there. */
heapy_node *numbers_in_moment(const live_heap *moment, const heapy_address_map *map);

/* The same as a set of nodes; heapy_node_set_destroy(). */
heapy_node_set *nodes_in_moment(const live_heap *moment, const heapy_address_map *map);

/* Owners as a held map; NULL with an exception. */
heapy_address_map *held_owners(const dict_owners *owners);

#endif
