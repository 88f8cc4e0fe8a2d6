/* SPDX-License-Identifier: MIT */
/* A kept snapshot as a source: take() gives it. */
#include "types/source.h"

#include "capture/object_map.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "live/live_words.h"
#include "live/producers.h"
#include "types/module_state.h"
#include "types/type_identity_set.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/graph.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/status.h>

static PyObject *
kept_take(PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    PyObject *kept = ((Session *)session)->moment;
    heapy_snapshot *snapshot = Snapshot_get(kept);
    (void)objects;
    if (!snapshot)
        return NULL;
    if (needs & HEAPY_NEEDS_PRODUCERS &&
        !heapy_graph_facts(heapy_snapshot_graph(snapshot), HEAPY_ALLOCATION_SITES)) {
        raise_not_traced();
        return NULL;
    }
    if (needs & HEAPY_NEEDS_REFERRERS && !snapshot_referrers(snapshot))
        return NULL;
    return Py_NewRef(kept);
}

static PyObject *
kept_take_paths(PyObject *session, const heapy_address_map *sources, const heapy_address_map *targets,
                const heapy_address_map *avoid, unsigned how)
{
    (void)sources, (void)avoid, (void)how;
    return kept_take(session, targets, HEAPY_NEEDS_EDGES);
}

static PyObject *
kept_take_all(PyObject *session)
{
    return Py_NewRef(((Session *)session)->moment);
}

/* The objects stay held by the snapshot. */
static PyObject *
kept_heap(PyObject *self)
{
    PyObject *moment = ((Session *)self)->moment;
    const heapy_snapshot *heap = Snapshot_get(moment);
    heapy_address_map *root = heap ? map_of_objects(&state_of_type(Py_TYPE(self))->capture.root, 1) : NULL,
                      *map;
    heapy_error err = HEAPY_ERROR_INIT;
    PyObject *objects = NULL, *set = NULL;
    if (!root)
        return NULL;
    if (heapy_address_map_combine(heapy_snapshot_map(heap), root, HEAPY_DIFFERENCE, &map, &err))
        raise_heapy_error(&err);
    else
        objects = LiveObjects_unite(self, map, Snapshot_objects(moment), Snapshot_objects(moment));
    if (objects)
        set = IdentitySet_share(self, objects, NULL);
    heapy_address_map_destroy(root);
    Py_XDECREF(objects);
    return set;
}

static PyObject *
kept_holder(PyObject *session)
{
    return Snapshot_objects(((Session *)session)->moment);
}

const source_methods kept_source = {
    .holder = kept_holder,
    .heap = kept_heap,
    .take = kept_take,
    .take_paths = kept_take_paths,
    .take_all = kept_take_all,
    .is_whole = true,
};
