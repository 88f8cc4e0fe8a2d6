/* SPDX-License-Identifier: MIT */
#include "types/live_source.h"

#include "capture/capture.h"
#include "capture/errors.h"
#include "capture/object_map.h"
#include "live/live_words.h"
#include "live/producers.h"
#include "live/world.h"
#include "types/module_state.h"
#include "types/type_heap_view.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/graph.h>
#include <heapy/kind.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/status.h>

bool
source_is_kept(PyObject *session)
{
    return ((Session *)session)->moment;
}

/* Replace *map (owned, not held) by its union with `more`. */
static int
add_to_map(heapy_address_map **map, const heapy_address_map *more)
{
    heapy_address_map *both;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_address_map_combine(*map, more, HEAPY_UNION, &both, &err))
        return raise_heapy_error(&err);
    heapy_address_map_destroy(*map);
    *map = both;
    return 0;
}

heapy_address_map *
owners_in_snapshot(const heapy_snapshot *snapshot, const heapy_members *members)
{
    size_t count = members ? members->count : heapy_graph_node_count(heapy_snapshot_graph(snapshot)), known = 0;
    PyObject **objects = heapy_alloc_array(count, sizeof *objects);
    if (!objects) {
        PyErr_NoMemory();
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        PyObject *owner = live_owner(snapshot, members ? members->nodes[i] : (heapy_node)i);
        if (owner)
            objects[known++] = owner;
    }
    heapy_address_map *map = map_of_objects(objects, known);
    heapy_free(objects);
    if (map)
        capture_hold(map);
    return map;
}

/* Add to *map the owners of its dicts, and hold it. */
static int
add_owners(module_state *state, heapy_address_map **map)
{
    dict_owners owners = {0};
    heapy_graph *graph = NULL;
    PyObject *types = NULL;
    heapy_snapshot *snapshot = NULL;
    int result = capture_columns(&state->capture, *map, COLUMN_OWNERS, NULL, &graph, &types, &owners);
    if (!result)
        result = live_snapshot_create(&state->capture, graph, *map, NULL, types, &owners, &snapshot);
    heapy_address_map *more = result ? NULL : owners_in_snapshot(snapshot, NULL);
    result = more ? add_to_map(map, more) : -1;
    if (!result)
        capture_hold(*map); /* before the owners are let go */
    capture_release_keeping_exception(more);
    heapy_snapshot_release(snapshot);
    return result;
}

/* All nodes: `objects`, what `visible` and `keys` have (either NULL: nothing), the root, and the owners of
   dicts among all those if asked for.  Held. */
static heapy_address_map *
collect_nodes(module_state *state, const heapy_address_map *objects, const heapy_address_map *visible,
              const heapy_address_map *keys, bool with_owners)
{
    heapy_address_map *more = map_of_objects(&state->capture.root, visible ? 1 : 0), *nodes = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    int result = more ? 0 : -1;
    if (!result && heapy_address_map_combine(objects, more, HEAPY_UNION, &nodes, &err))
        result = raise_heapy_error(&err);
    if (!result && visible)
        result = add_to_map(&nodes, visible);
    if (!result && keys)
        result = add_to_map(&nodes, keys);
    if (!result && with_owners)
        result = add_owners(state, &nodes);
    else if (!result)
        capture_hold(nodes);
    heapy_address_map_destroy(more);
    if (!result)
        return nodes;
    heapy_address_map_destroy(nodes);
    return NULL;
}

/* Make the Snapshot of what was captured, all of it taken over.  nodes: a map that is held; NULL: the caller holds
   `objects`, which are its nodes. */
static PyObject *
wrap(PyObject *session, heapy_graph *graph, PyObject *types, dict_owners *owners, const heapy_address_map *objects,
     heapy_address_map *nodes)
{
    module_state *state = state_of_type(Py_TYPE(session));
    heapy_snapshot *snapshot = NULL;
    PyObject *keeper = nodes ? LiveObjects_wrap(session, nodes) : NULL, *result = NULL;
    if (nodes && !keeper) {
        heapy_graph_destroy(graph);
        Py_XDECREF(types);
        dict_owners_deinit(owners);
        return NULL;
    }
    if (live_snapshot_create(&state->capture, graph, nodes ? nodes : objects, keeper, types, owners, &snapshot) == 0)
        result = Snapshot_wrap(session, snapshot, keeper);
    Py_XDECREF(keeper);
    return result;
}

static unsigned
columns_for(unsigned needs)
{
    unsigned owners = HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_OWNER_NODES | HEAPY_NEEDS_OWNER_TEXTS;
    return (needs & (HEAPY_NEEDS_SIZES | HEAPY_NEEDS_ALL_SIZES) ? COLUMN_SIZES : 0) | (needs & owners ? COLUMN_OWNERS : 0) |
           (needs & HEAPY_NEEDS_LENGTHS ? COLUMN_LENGTHS | COLUMN_MODULES : 0);
}

static PyObject *
take_live(PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    module_state *state = state_of_type(Py_TYPE(session));
    bool with_edges = needs & HEAPY_NEEDS_EDGES, with_owner_nodes = needs & HEAPY_NEEDS_OWNER_NODES;
    capture_view view;
    heapy_address_map *visible = NULL, *keys = NULL, *nodes = NULL;
    heapy_graph *graph = NULL;
    PyObject *types = NULL;
    dict_owners owners = {0}, *wanted = needs & HEAPY_NEEDS_OWNER_TEXTS ? &owners : NULL;
    int result = 0;
    Session_capture_view(session, &view);
    view.add_facts = needs & HEAPY_NEEDS_PRODUCERS ? add_allocation_sites : NULL;
    view.sized = needs & HEAPY_NEEDS_ALL_SIZES || !(with_edges || with_owner_nodes) ? NULL : objects;
    if (with_edges)
        result = needs & HEAPY_NEEDS_ALL_EDGES ? capture_heap(&view, &visible)
                                         : capture_referrers(&view, objects, &visible, &keys);
    if (!result && (with_edges || with_owner_nodes)) {
        nodes = collect_nodes(state, objects, visible, keys, with_owner_nodes);
        result = nodes ? 0 : -1;
    }
    if (!result && with_edges)
        result = capture_references(&view, nodes, visible, columns_for(needs), &graph, &types, wanted);
    else if (!result)
        result = capture_columns_of_view(&view, nodes ? nodes : objects, columns_for(needs), &graph, &types, wanted);
    capture_release_keeping_exception(visible);
    capture_release_keeping_exception(keys);
    if (!result)
        return wrap(session, graph, types, &owners, objects, nodes);
    capture_release_keeping_exception(nodes);
    return NULL;
}

/* ---- in a snapshot ---- */

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
        PyObject *object = object_at_address(heapy_address_map_select(map, (heapy_node)i));
        PyErr_Format(
            PyExc_ValueError,
            "the object of type '%.200s' at %p is not part of this snapshot: it was made later, could "
            "not be reached, or is hidden; ask the session that took the snapshot",
            Py_TYPE(object)->tp_name, (void *)object);
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
    if (numbers && heapy_node_set_create(heapy_graph_node_count(heapy_snapshot_graph(snapshot)), &nodes, &err))
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
    return out->numbers ? 0 : -1;
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
    return members->numbers ? &members->members : NULL;
}

/* What is kept answers everything; who asks finds its objects in it. */
static PyObject *
take_kept(PyObject *session, unsigned needs)
{
    PyObject *kept = ((Session *)session)->moment;
    heapy_snapshot *snapshot = Snapshot_get(kept);
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

PyObject *
source_take(PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    if (source_is_kept(session))
        return take_kept(session, needs);
    /* A collection half-way would run finalizers, and the moment would be over. */
    stopped_world world = needs & HEAPY_NEEDS_EDGES ? world_stop() : (stopped_world){0};
    PyObject *snapshot = take_live(session, objects, needs);
    world_start(&world);
    return snapshot;
}

/* ---- shortcuts ---- */

int
source_select_by_type(PyObject *session, const heapy_address_map *objects,
                      bool (*accepts)(PyTypeObject *type, void *context), void *context, bool holds,
                      heapy_address_map **out)
{
    if (source_is_kept(session)) /* types of live objects may be others by now */
        return 0;
    return capture_select_by_type(objects, accepts, context, holds, out) < 0 ? -1 : 1;
}

/* ---- paths ---- */

static PyObject *
take_live_paths(PyObject *session, const heapy_address_map *sources,
              const heapy_address_map *targets, const heapy_address_map *avoid, unsigned how)
{
    module_state *state = state_of_type(Py_TYPE(session));
    capture_view view;
    heapy_address_map *visible = NULL, *keys = NULL, *nodes = NULL, *nothing = NULL, *ends = NULL;
    heapy_graph *graph = NULL;
    PyObject *types = NULL;
    dict_owners owners = {0};
    heapy_error err = HEAPY_ERROR_INIT;
    Session_capture_view(session, &view);
    view.skips_globals = how & PATHS_SKIP_GLOBALS;
    int result = 0;
    bool is_whole = how & PATHS_IN_WHOLE;
    if (is_whole && !(nothing = map_of_objects(NULL, 0)))
        result = -1;
    if (!result)
        result = is_whole ? capture_reachable(&view, sources, nothing, false, &visible)
                          : capture_path_nodes(&view, sources, targets, avoid, &visible, &keys);
    if (!result && heapy_address_map_combine(sources, targets, HEAPY_UNION, &ends, &err))
        result = raise_heapy_error(&err);
    if (!result && avoid)
        result = add_to_map(&ends, avoid);
    if (!result)
        result = (nodes = collect_nodes(state, ends, visible, keys, false)) ? 0 : -1;
    if (!result)
        result = capture_references(&view, nodes, visible, 0, &graph, &types, NULL);
    capture_release_keeping_exception(visible);
    capture_release_keeping_exception(keys);
    heapy_address_map_destroy(nothing);
    heapy_address_map_destroy(ends);
    if (!result)
        return wrap(session, graph, types, &owners, NULL, nodes);
    capture_release_keeping_exception(nodes);
    return NULL;
}

PyObject *
source_take_paths(PyObject *session, const heapy_address_map *sources, const heapy_address_map *targets,
                  const heapy_address_map *avoid, unsigned how)
{
    if (source_is_kept(session))
        return take_kept(session, HEAPY_NEEDS_EDGES);
    stopped_world world = world_stop();
    PyObject *snapshot = take_live_paths(session, sources, targets, avoid, how);
    world_start(&world);
    return snapshot;
}
