/* SPDX-License-Identifier: MIT */
/*
 * Where a session's snapshots come from.
 *
 * A session has one source, which alone knows whether its heap is live or kept.  take() gives a snapshot, on
 * which the engine answers; a shortcut gives an answer without one, where walking the heap finds it sooner
 * than a graph is made. Who asks goes through ask.h, and nothing above tests which source there is.
 */
#ifndef HEAPY_SOURCE_H
#define HEAPY_SOURCE_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/classifier.h>
#include <heapy/kind.h>
#include <heapy/node_set.h>
#include <heapy/questions.h>
#include <heapy/snapshot.h>
#include <stdbool.h>

#include "live/live_capture.h"
#include "live/without_gil.h"

/* How paths are looked for. */
enum {
    PATHS_IN_WHOLE = 1,     /* keep everything the sources reach, for a search that avoids references */
    PATHS_SKIP_GLOBALS = 2, /* frames lead to their own variables and the next frame only, not to what is
                               their module's: its variables, functions and code */
};

/* A shortcut's answers: -1 with an exception, or one of these. */
enum { ANSWERED = 0, NO_SHORTCUT = 1 };

/* All objects and sets given are held by the caller, who frees what comes out. */
typedef struct source_methods {
    /* repr() of the session. */
    PyObject *(*describe)(PyObject *session);

    /* Everything there is but the root: an identity set. */
    PyObject *(*heap)(PyObject *session);

    /* A Snapshot in which `objects` (NULL: all that there are) are nodes, with what `needs` says; for use
       while they are held. */
    PyObject *(*take)(PyObject *session, const heapy_address_map *objects, unsigned needs);

    /* The same of what lies on the shortest paths from `sources` to `targets` around `avoid` (NULL: nothing).
       is_part: it was taken for them and has nothing else of what leads to them; else it has everything. */
    PyObject *(*take_paths)(PyObject *session, const heapy_address_map *sources,
                            const heapy_address_map *targets, const heapy_address_map *avoid, unsigned how,
                            bool *is_part);

    /* The same of everything. */
    PyObject *(*take_all)(PyObject *session);

    /* The LiveObjects that hold everything take() gives; borrowed.  NULL: there is no such object. */
    PyObject *(*holder)(PyObject *session);

    /* What hp.snapshot() gives: a session that goes on answering of this moment, by Snapshot_take() or
       Snapshot_take_unasked(). */
    PyObject *(*keep)(PyObject *session, PyObject *(*take)(PyObject *session));

    /* hp.snapshot() with a path, and more arguments: what is known of the file it has written. */
    PyObject *(*write)(PyObject *session, PyObject *args, PyObject *kwargs);

    /* The Snapshot of the one moment that all answers are of, with what `needs` says.  Live: ValueError. */
    PyObject *(*moment)(PyObject *session, unsigned needs);

    /* hp.at(): the set of the objects at addresses, a tuple of what should be ints. */
    PyObject *(*at)(PyObject *session, PyObject *numbers);

    /* The visible heap by Clodo, as a reference point keeps it. */
    PyObject *(*reference)(PyObject *session);

    /* What the collector knows, after a collection, as capture_unreachable() has it, by a relation;
       reachable: NULL, or that of the same moment comes out there.  A heap that does not change: ValueError.
     */
    PyObject *(*unreachable)(PyObject *session, bool with_reachable, bool is_tracked, PyObject **reachable,
                             heapy_classifier_form by);

    bool is_elsewhere; /* its objects are of another process: there are only their addresses */
    bool may_let_go;   /* the engine may work on what take() gives while other threads run */

    /* Shortcuts, each of which may be NULL. */
    int (*answer)(PyObject *session, heapy_question question, const heapy_address_map *objects,
                  held_objects **out);
    int (*size)(PyObject *session, const heapy_address_map *objects, uint64_t *out);     /* bytes */
    int (*retained)(PyObject *session, const heapy_address_map *objects, uint64_t *out); /* bytes */
    int (*dominated_alone)(PyObject *session, PyObject *sets, PyObject *list);
    /* The rows of hp.stat(), less what `without` (NULL: nothing) has. */
    int (*count)(PyObject *session, const heapy_classifier *by, const heapy_address_map *without,
                 PyObject **out);
    /* The objects that may be in a kind, after a look at their types; is_exact: they are.  If they are exact
       and `held` is not NULL they come out there. */
    int (*narrow)(PyObject *session, const heapy_kind *kind, const heapy_address_map *objects,
                  held_objects **held, heapy_address_map **out, bool *is_exact);
} source_methods;

extern const source_methods live_source, kept_source, file_source;

/* The source of a session; NULL with an exception when it can be used no more. */
const source_methods *source_of(PyObject *session);

/*
 * Take a snapshot in which `objects` (held) are nodes, with what `needs` (HEAPY_NEEDS_...,
 * heapy/classifier.h) says. With HEAPY_NEEDS_EDGES the nodes are `objects`, the root and what refers to the
 * objects, or with HEAPY_NEEDS_ALL_EDGES the visible heap; with HEAPY_NEEDS_OWNER_NODES the owners of their
 * dicts too.  Sizes, and where objects were allocated, may run code, at the end.  New reference to a
 * Snapshot, for use while `objects` are held; NULL with an exception.  Of a heap that is kept it is
 * everything, and members_init() finds the objects in it.
 */
PyObject *source_take(PyObject *session, const heapy_address_map *objects, unsigned needs);

/* Let go of the GIL for the engine's work on what a source gave, if that may be; gil_take(). */
released_gil source_let_go(const source_methods *source);

/* Where walks begin in a session's snapshot; HEAPY_NO_NODE where that is no node of it. */
heapy_node root_of_snapshot(PyObject *session, const heapy_snapshot *snapshot);

/* The same as a map, empty where it is no node; NULL with an exception. */
heapy_address_map *map_of_root(PyObject *session, const heapy_snapshot *snapshot);

/* A session's Snapshot (borrowed; NULL with an exception passes it on) as take() gives it: a new reference,
   NULL with an exception where it has not what `needs` says. */
PyObject *snapshot_that_has(PyObject *moment, unsigned needs);

/* The methods keep() and unreachable() of a source whose heap does not change; the latter is a ValueError. */
PyObject *keep_itself(PyObject *session, PyObject *(*take)(PyObject *session));
PyObject *unreachable_in_kept(PyObject *session, bool with_reachable, bool is_tracked, PyObject **reachable,
                              heapy_classifier_form by);

/* Everything in it but the root, as an identity set; where there are many objects, the snapshot goes on
   holding them.  The same. */
PyObject *heap_in_snapshot(PyObject *session, PyObject *moment);

/* The objects of a map (borrowed) as members of a snapshot.  -1 with ValueError when one is not part of it;
   else members_deinit(). */
typedef struct snapshot_members {
    heapy_members members;
    heapy_node *numbers; /* owned; NULL: they are all nodes */
} snapshot_members;
int members_init(snapshot_members *out, const heapy_snapshot *snapshot, const heapy_address_map *map);
void members_deinit(snapshot_members *members);

/* A snapshot that was taken of some objects, and those as its members. */
typedef struct taken_members {
    PyObject *taken;                /* the Snapshot; owned */
    const heapy_snapshot *snapshot; /* what it has */
    snapshot_members members;
} taken_members;

/* source_take() and members_init(); -1 with an exception, else taken_members_deinit(). */
int taken_members_init(taken_members *out, PyObject *session, const heapy_address_map *objects,
                       unsigned needs);
void taken_members_deinit(taken_members *taken);

/* For the engine: NULL where they are all nodes. */
const heapy_members *members_or_all(const snapshot_members *members);

/* The numbers that the objects of `map` have in a snapshot; heapy_free().  NULL with ValueError when one is
   not there. */
heapy_node *numbers_in_snapshot(const heapy_snapshot *snapshot, const heapy_address_map *map);

/* The same as a set of nodes; heapy_node_set_destroy(). */
heapy_node_set *nodes_in_snapshot(const heapy_snapshot *snapshot, const heapy_address_map *map);

/* Make the Snapshot of what was captured, all of it taken over.  nodes: NULL: the caller holds `objects`,
   which are its nodes. */
PyObject *snapshot_of_capture(PyObject *session, heapy_graph *graph, PyObject *types, dict_owners *owners,
                              const heapy_address_map *objects, held_objects *nodes);

/* The owners of the dicts among members (NULL: all nodes) of a snapshot, held as long as it is; NULL with an
   exception. */
heapy_address_map *owners_in_snapshot(const heapy_snapshot *snapshot, const heapy_members *members);

#endif
