/* SPDX-License-Identifier: MIT */
#include "types/live_heap.h"

#include "live/errors.h"
#include "capture/object_map.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "live/world.h"
#include "types/module_state.h"
#include "types/moment.h"
#include "types/type_heap_view.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"

#include <heapy/address_map.h>
#include <heapy/graph.h>
#include <heapy/kind.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/status.h>

void
live_heap_deinit(live_heap *heap)
{
    heapy_free(heap->owner_nodes);
    if (!heap->moment) {
        heapy_graph_destroy(heap->graph);
        Py_XDECREF(heap->types);
        dict_owners_deinit(&heap->owners);
    }
    Py_XDECREF(heap->moment);
    Py_XDECREF(heap->objects);
    *heap = (live_heap){0};
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

/* The owners as a frozen map that nobody holds. */
static heapy_address_map *
map_of_owners(const dict_owners *owners)
{
    PyObject **objects = heapy_alloc_array(owners->count, sizeof *objects);
    if (!objects) {
        PyErr_NoMemory();
        return NULL;
    }
    for (size_t i = 0; i < owners->count; i++)
        objects[i] = owners->items[i].owner;
    heapy_address_map *map = map_of_objects(objects, owners->count);
    heapy_free(objects);
    return map;
}

heapy_address_map *
held_owners(const dict_owners *owners)
{
    heapy_address_map *map = map_of_owners(owners);
    if (map)
        capture_hold(map);
    return map;
}

/* Add to *map the owners of its dicts. */
static int
add_owners(module_state *state, heapy_address_map **map)
{
    dict_owners owners = {0};
    heapy_graph *graph = NULL;
    int result = capture_columns(&state->capture, *map, COLUMN_OWNERS, NULL, &graph, NULL, &owners);
    heapy_address_map *more = result ? NULL : map_of_owners(&owners);
    result = more ? add_to_map(map, more) : -1;
    if (!result)
        capture_hold(*map); /* before the owners are let go */
    heapy_graph_destroy(graph);
    heapy_address_map_destroy(more);
    dict_owners_deinit(&owners);
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

static int
number_owners(live_heap *heap)
{
    size_t count = heapy_address_map_count(heap->map);
    heap->owner_nodes = heapy_alloc_array(count, sizeof *heap->owner_nodes);
    if (!heap->owner_nodes) {
        PyErr_NoMemory();
        return -1;
    }
    memset(heap->owner_nodes, 0xff, count * sizeof *heap->owner_nodes); /* HEAPY_NO_NODE */
    for (size_t i = 0; i < heap->owners.count; i++) {
        const struct dict_owner *item = &heap->owners.items[i];
        heap->owner_nodes[item->dict] = heapy_address_map_rank(heap->map, (uintptr_t)item->owner);
    }
    return 0;
}

static int
capture(live_heap *heap, PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    module_state *state = state_of_type(Py_TYPE(session));
    bool with_edges = needs & HEAPY_NEEDS_EDGES, with_owner_nodes = needs & HEAPY_NEEDS_OWNER_NODES;
    bool keeps_owners = with_owner_nodes || needs & NEEDS_OWNER_OBJECTS;
    unsigned columns = (needs & HEAPY_NEEDS_SIZES ? COLUMN_SIZES : 0) |
                       (keeps_owners || needs & HEAPY_NEEDS_OWNERS ? COLUMN_OWNERS : 0);
    dict_owners *owners = keeps_owners ? &heap->owners : NULL;
    PyObject *warned_types = ((Session *)session)->warned_types;
    capture_view view;
    heapy_address_map *visible = NULL, *keys = NULL, *nodes = NULL;
    int result = 0;
    Session_capture_view(session, &view);
    if (with_edges)
        result = needs & NEEDS_ALL_EDGES ? capture_heap(&view, &visible)
                                         : capture_referrers(&view, objects, &visible, &keys);
    if (!result && (with_edges || with_owner_nodes)) {
        nodes = collect_nodes(state, objects, visible, keys, with_owner_nodes);
        result = nodes ? 0 : -1;
    }
    heap->map = nodes ? nodes : objects;
    if (!result && with_edges)
        result = capture_references(&view, nodes, visible, columns, &heap->graph, &heap->types, owners);
    else if (!result)
        result = capture_columns(&state->capture, heap->map, columns, warned_types, &heap->graph,
                                 &heap->types, owners);
    capture_release_keeping_exception(visible);
    capture_release_keeping_exception(keys);
    if (result) {
        capture_release_keeping_exception(nodes);
        return -1;
    }
    if (nodes && !(heap->objects = LiveObjects_wrap(session, nodes)))
        return -1;
    return with_owner_nodes ? number_owners(heap) : 0;
}

/* ---- in a snapshot ---- */

heapy_node *
numbers_in_moment(const live_heap *moment, const heapy_address_map *map)
{
    size_t count = heapy_address_map_count(map);
    heapy_node *numbers = heapy_alloc_array(count, sizeof *numbers);
    if (!numbers) {
        PyErr_NoMemory();
        return NULL;
    }
    heapy_address_map_numbers(map, moment->map, numbers);
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
nodes_in_moment(const live_heap *moment, const heapy_address_map *map)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_node_set *nodes = NULL;
    heapy_node *numbers = numbers_in_moment(moment, map);
    if (numbers && heapy_node_set_create(heapy_address_map_count(moment->map), &nodes, &err))
        raise_heapy_error(&err);
    for (size_t i = 0; nodes && i < heapy_address_map_count(map); i++)
        heapy_node_set_add(nodes, numbers[i]);
    heapy_free(numbers);
    return nodes;
}

/* The owners of the dicts among some nodes, by their numbers there. */
static int
select_owners(const heapy_graph *graph, const dict_owners *all, const heapy_node *numbers, size_t count,
              dict_owners *out)
{
    for (size_t i = 0; i < count; i++) {
        PyObject *owner = heapy_graph_owner_type(graph, numbers[i]) == HEAPY_NO_TYPE ? NULL : dict_owners_find(all, numbers[i]);
        struct dict_owner *items =
            owner ? heapy_grow(out->items, out->count, &out->capacity, sizeof *items) : NULL;
        if (!owner)
            continue;
        if (!items) {
            dict_owners_deinit(out);
            PyErr_NoMemory();
            return -1;
        }
        out->items = items;
        items[out->count++] = (struct dict_owner){(heapy_node)i, Py_NewRef(owner)};
    }
    return 0;
}

/* The columns of the objects alone. */
static int
take_subset(live_heap *out, const live_heap *moment, const heapy_address_map *objects, unsigned needs)
{
    heapy_error err = HEAPY_ERROR_INIT;
    size_t count = heapy_address_map_count(objects);
    heapy_node *numbers = numbers_in_moment(moment, objects);
    int result = numbers ? 0 : -1;
    out->map = objects;
    if (!result && heapy_graph_subset(moment->graph, numbers, count, &out->graph, &err))
        result = raise_heapy_error(&err);
    if (!result && needs & NEEDS_OWNER_OBJECTS)
        result = select_owners(moment->graph, &moment->owners, numbers, count, &out->owners);
    out->types = Py_NewRef(moment->types);
    heapy_free(numbers);
    return result;
}

static int
take_from_moment(live_heap *out, PyObject *moment, const heapy_address_map *objects, unsigned needs)
{
    const live_heap *heap = Moment_heap(moment);
    if (!heap)
        return -1;
    if (!(needs & (HEAPY_NEEDS_EDGES | HEAPY_NEEDS_OWNER_NODES)))
        return take_subset(out, heap, objects, needs);
    heapy_node *numbers = numbers_in_moment(heap, objects);
    if (!numbers)
        return -1;
    heapy_free(numbers);
    *out = *heap;
    Py_INCREF(out->objects);
    out->moment = Py_NewRef(moment);
    return needs & HEAPY_NEEDS_OWNER_NODES ? number_owners(out) : 0;
}

int
live_heap_init(live_heap *out, PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    *out = (live_heap){0};
    if (((Session *)session)->moment) {
        int taken = take_from_moment(out, ((Session *)session)->moment, objects, needs);
        if (taken)
            live_heap_deinit(out);
        return taken;
    }
    /* A collection half-way would run finalizers, and the moment would be over. */
    stopped_world world = needs & HEAPY_NEEDS_EDGES ? world_stop() : (stopped_world){0};
    int result = capture(out, session, objects, needs);
    world_start(&world);
    if (result)
        live_heap_deinit(out);
    return result;
}

/* ---- paths ---- */

static int
capture_paths(live_heap *heap, PyObject *session, const heapy_address_map *sources,
              const heapy_address_map *targets, const heapy_address_map *avoid, unsigned how)
{
    module_state *state = state_of_type(Py_TYPE(session));
    capture_view view;
    heapy_address_map *visible = NULL, *keys = NULL, *nodes = NULL, *nothing = NULL, *ends = NULL;
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
        result = capture_references(&view, nodes, visible, 0, &heap->graph, &heap->types, NULL);
    capture_release_keeping_exception(visible);
    capture_release_keeping_exception(keys);
    heapy_address_map_destroy(nothing);
    heapy_address_map_destroy(ends);
    if (result) {
        capture_release_keeping_exception(nodes);
        return -1;
    }
    heap->map = nodes;
    heap->objects = LiveObjects_wrap(session, nodes);
    return heap->objects ? 0 : -1;
}

int
live_heap_of_paths(live_heap *out, PyObject *session, const heapy_address_map *sources,
                   const heapy_address_map *targets, const heapy_address_map *avoid, unsigned how)
{
    PyObject *moment = ((Session *)session)->moment;
    *out = (live_heap){0};
    if (moment)
        return take_from_moment(out, moment, targets, HEAPY_NEEDS_EDGES);
    stopped_world world = world_stop();
    int result = capture_paths(out, session, sources, targets, avoid, how);
    world_start(&world);
    if (result)
        live_heap_deinit(out);
    return result;
}
