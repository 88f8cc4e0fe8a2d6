/* SPDX-License-Identifier: MIT */
#include "types/source.h"

#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "live/live_words.h"
#include "live/producers.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/type_heap_view.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/graph.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/status.h>

const source_methods *
source_of(PyObject *session)
{
    if (!Session_is_usable(session))
        return NULL;
    return ((Session *)session)->source;
}

released_gil
source_let_go(const source_methods *source)
{
    if (source->may_let_go)
        return gil_release();
    return (released_gil){0};
}

/* Where the walks of another process began: at its root, or at an object of the user's, which then is the
   only root and has no name. */
static heapy_node
root_elsewhere(const heapy_graph *graph)
{
    bool is_users = heapy_graph_root_count(graph) == 1 &&
                    heapy_label_kind_of(heapy_graph_root_label(graph, 0)) == HEAPY_LABEL_UNNAMED;
    if (is_users)
        return heapy_graph_root_target(graph, 0);
    return heapy_graph_root(graph);
}

heapy_node
root_of_snapshot(PyObject *session, const heapy_snapshot *snapshot)
{
    if (((Session *)session)->source->is_elsewhere)
        return root_elsewhere(heapy_snapshot_graph(snapshot));
    capture_view view;
    Session_capture_view(session, &view);
    return heapy_snapshot_node(snapshot, (uintptr_t)view.root);
}

/* One node as a map, empty where it is none; NULL with an exception. */
static heapy_address_map *
map_of_node(const heapy_snapshot *snapshot, heapy_node node)
{
    uintptr_t address = 0;
    if (node == HEAPY_NO_NODE)
        return map_of_addresses(&address, 0);
    address = heapy_snapshot_address(snapshot, node);
    return map_of_addresses(&address, 1);
}

heapy_address_map *
map_of_root(PyObject *session, const heapy_snapshot *snapshot)
{
    return map_of_node(snapshot, root_of_snapshot(session, snapshot));
}

PyObject *
snapshot_that_has(PyObject *moment, unsigned needs)
{
    if (!moment)
        return NULL;
    heapy_snapshot *snapshot = Snapshot_get(moment);
    if (!snapshot)
        return NULL;
    if (needs & HEAPY_NEEDS_PRODUCERS &&
        !heapy_graph_facts(heapy_snapshot_graph(snapshot), HEAPY_ALLOCATION_SITES)) {
        raise_not_traced();
        return NULL;
    }
    Py_INCREF(moment);
    if (needs & HEAPY_NEEDS_REFERRERS && !snapshot_referrers(snapshot))
        Py_CLEAR(moment);
    return moment;
}

PyObject *
keep_itself(PyObject *session, PyObject *(*take)(PyObject *session))
{
    (void)take;
    return Py_NewRef(session);
}

PyObject *
unreachable_in_kept(PyObject *session, bool with_reachable, bool is_tracked, PyObject **reachable,
                    heapy_classifier_form by)
{
    (void)session, (void)with_reachable, (void)is_tracked, (void)reachable, (void)by;
    PyErr_SetString(PyExc_ValueError,
                    "a snapshot does not change, and has no unreachable objects: ask the session that "
                    "took it");
    return NULL;
}

PyObject *
heap_in_snapshot(PyObject *session, PyObject *moment)
{
    if (!moment)
        return NULL;
    const heapy_snapshot *snapshot = Snapshot_get(moment);
    if (!snapshot)
        return NULL;
    /* Not what the view begins at, which may be an object of the user's. */
    heapy_address_map *root = map_of_node(snapshot, heapy_graph_root(heapy_snapshot_graph(snapshot))), *map;
    if (!root)
        return NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status =
        heapy_address_map_combine(heapy_snapshot_map(snapshot), root, HEAPY_DIFFERENCE, &map, &err);
    heapy_address_map_destroy(root);
    if (status) {
        raise_heapy_error(&err);
        return NULL;
    }
    return IdentitySet_share_only(session, LiveObjects_select(session, map), NULL);
}

PyObject *
source_take(PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    const source_methods *source = source_of(session);
    if (!source)
        return NULL;
    return source->take(session, objects, needs);
}

PyObject *
snapshot_of_capture(PyObject *session, heapy_graph *graph, PyObject *types, dict_owners *owners,
                    const heapy_address_map *objects, held_objects *nodes)
{
    module_state *state = state_of_type(Py_TYPE(session));
    heapy_snapshot *snapshot = NULL;
    PyObject *keeper = NULL, *result = NULL;
    if (nodes) {
        objects = held_addresses(nodes);
        keeper = LiveObjects_wrap(session, nodes);
    }
    if (nodes && !keeper) {
        heapy_graph_destroy(graph);
        Py_XDECREF(types);
        dict_owners_deinit(owners);
        return NULL;
    }
    if (live_snapshot_create(&state->capture, graph, objects, keeper, types, owners, &snapshot) == 0)
        result = Snapshot_wrap(session, snapshot, keeper);
    Py_XDECREF(keeper);
    return result;
}

/* ---- objects and nodes ---- */

heapy_node *
numbers_in_snapshot(const heapy_snapshot *snapshot, const heapy_address_map *map)
{
    size_t count = heapy_address_map_count(map);
    heapy_node *numbers = heapy_alloc_array(count, sizeof *numbers);
    if (!numbers) {
        PyErr_NoMemory();
        return NULL;
    }
    heapy_address_map_numbers(map, heapy_snapshot_map(snapshot), numbers);
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] != HEAPY_NO_NODE)
            continue;
        PyErr_Format(
            PyExc_ValueError,
            "the object at %p is not part of this snapshot: it was made later, could not be reached, "
            "or is hidden; ask the session that took the snapshot",
            (void *)heapy_address_map_select(map, (heapy_node)i));
        heapy_free(numbers);
        return NULL;
    }
    return numbers;
}

heapy_node_set *
nodes_in_snapshot(const heapy_snapshot *snapshot, const heapy_address_map *map)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_node_set *nodes = NULL;
    heapy_node *numbers = numbers_in_snapshot(snapshot, map);
    if (!numbers)
        return NULL;
    if (heapy_node_set_create(heapy_graph_node_count(heapy_snapshot_graph(snapshot)), &nodes, &err))
        raise_heapy_error(&err);
    for (size_t i = 0; nodes && i < heapy_address_map_count(map); i++)
        heapy_node_set_add(nodes, numbers[i]);
    heapy_free(numbers);
    return nodes;
}

int
members_init(snapshot_members *out, const heapy_snapshot *snapshot, const heapy_address_map *map)
{
    *out = (snapshot_members){0};
    if (map == heapy_snapshot_map(snapshot))
        return 0;
    out->members.nodes = out->numbers = numbers_in_snapshot(snapshot, map);
    out->members.count = heapy_address_map_count(map);
    if (!out->numbers)
        return -1;
    return 0;
}

void
members_deinit(snapshot_members *members)
{
    heapy_free(members->numbers);
    *members = (snapshot_members){0};
}

const heapy_members *
members_or_all(const snapshot_members *members)
{
    if (!members->numbers)
        return NULL;
    return &members->members;
}

int
taken_members_init(taken_members *out, PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    *out = (taken_members){.taken = source_take(session, objects, needs)};
    if (!out->taken)
        return -1;
    out->snapshot = Snapshot_get(out->taken);
    if (out->snapshot && members_init(&out->members, out->snapshot, objects) == 0)
        return 0;
    taken_members_deinit(out);
    return -1;
}

void
taken_members_deinit(taken_members *taken)
{
    members_deinit(&taken->members);
    Py_CLEAR(taken->taken);
}

/* Where the owner of a dict is: a node, or in a live snapshot perhaps an object that is none.  0: it has
 * none. */
static uintptr_t
address_of_owner(const heapy_snapshot *snapshot, heapy_node dict)
{
    if (snapshot_is_live(snapshot))
        return (uintptr_t)live_owner(snapshot, dict);
    heapy_node owner = heapy_graph_owner(heapy_snapshot_graph(snapshot), dict);
    if (owner == HEAPY_NO_NODE)
        return 0;
    return heapy_snapshot_address(snapshot, owner);
}

heapy_address_map *
owners_in_snapshot(const heapy_snapshot *snapshot, const heapy_members *members)
{
    size_t count = members ? members->count : heapy_graph_node_count(heapy_snapshot_graph(snapshot)),
           known = 0;
    uintptr_t *addresses = heapy_alloc_array(count, sizeof *addresses);
    if (!addresses) {
        PyErr_NoMemory();
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        uintptr_t address = address_of_owner(snapshot, members ? members->nodes[i] : (heapy_node)i);
        if (address)
            addresses[known++] = address;
    }
    heapy_address_map *map = map_of_addresses(addresses, known);
    heapy_free(addresses);
    return map;
}
