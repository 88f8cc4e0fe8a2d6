/* SPDX-License-Identifier: MIT */
/* A kept snapshot as a source: take() gives it, or the columns of some of its objects. */
#include "types/source.h"

#include "live/held_objects.h"
#include "live/live_capture.h"
#include "live/errors.h"
#include "capture/object_map.h"
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

/* The columns of the objects alone. */
static PyObject *
take_part(PyObject *session, const heapy_snapshot *whole, const heapy_address_map *objects)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_graph *graph = NULL;
    dict_owners owners = {0};
    size_t count = heapy_address_map_count(objects);
    heapy_node *numbers = numbers_in_snapshot(whole, objects);
    int result = numbers ? live_owners_of(whole, numbers, count, &owners) : -1;
    if (!result && heapy_graph_subset(heapy_snapshot_graph(whole), numbers, count, &graph, &err)) {
        dict_owners_deinit(&owners);
        result = raise_heapy_error(&err);
    }
    heapy_free(numbers);
    return result ? NULL : snapshot_of_capture(session, graph, Py_NewRef(live_types(whole)), &owners, objects, NULL);
}

static PyObject *
kept_take(PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    PyObject *kept = ((Session *)session)->moment;
    const heapy_snapshot *snapshot = Snapshot_get(kept);
    if (!snapshot)
        return NULL;
    if (needs & HEAPY_NEEDS_PRODUCERS &&
        !heapy_graph_facts(heapy_snapshot_graph(snapshot), HEAPY_ALLOCATION_SITES)) {
        raise_not_traced();
        return NULL;
    }
    if (!(needs & (HEAPY_NEEDS_EDGES | HEAPY_NEEDS_OWNER_NODES)))
        return take_part(session, snapshot, objects);
    heapy_node *numbers = numbers_in_snapshot(snapshot, objects);
    heapy_free(numbers);
    return numbers ? Py_NewRef(kept) : NULL;
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
