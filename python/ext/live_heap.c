/* SPDX-License-Identifier: MIT */
#include "live_heap.h"

#include "errors.h"

#include <heapy/memory.h>

void
live_heap_deinit(live_heap *heap)
{
    heapy_graph_destroy(heap->graph);
    Py_XDECREF(heap->types);
    dict_owners_deinit(&heap->owners);
    heapy_free(heap->owner_nodes);
    Py_XDECREF(heap->objects);
    *heap = (live_heap){0};
}

/* Replace *map (held, owned; NULL: empty) by its union with `more`. */
static int
add_to_map(heapy_address_map **map, const heapy_address_map *more)
{
    heapy_address_map *both;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_address_map_combine(*map, more, HEAPY_UNION, &both, &err))
        return raise_heapy_error(&err);
    capture_hold(both);
    capture_release(*map);
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

/* All nodes: `objects`, what `visible` has, the root, and the owners of dicts among all those if asked for.
   Held. */
static heapy_address_map *
collect_nodes(module_state *state, const heapy_address_map *objects, const heapy_address_map *visible,
              bool with_owners)
{
    dict_owners owners = {0};
    heapy_address_map *more = map_of_objects(&state->root, visible ? 1 : 0), *nodes = NULL;
    heapy_graph *graph = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    int result = more ? 0 : -1;
    if (!result && heapy_address_map_combine(objects, more, HEAPY_UNION, &nodes, &err))
        result = raise_heapy_error(&err);
    if (nodes)
        capture_hold(nodes);
    if (!result && visible)
        result = add_to_map(&nodes, visible);
    if (!result && with_owners) {
        result = capture_columns(state, nodes, COLUMN_OWNERS, NULL, &graph, NULL, &owners);
        heapy_address_map_destroy(more);
        more = result ? NULL : map_of_owners(&owners);
        result = more ? add_to_map(&nodes, more) : -1;
    }
    heapy_graph_destroy(graph);
    heapy_address_map_destroy(more);
    dict_owners_deinit(&owners);
    if (!result)
        return nodes;
    capture_release_keeping_exception(nodes);
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
    heapy_address_map *visible = NULL, *nodes = NULL;
    int result = 0;
    Session_capture_view(session, &view);
    if (with_edges)
        result = capture_heap(&view, &visible);
    if (!result && (with_edges || with_owner_nodes)) {
        nodes = collect_nodes(state, objects, visible, with_owner_nodes);
        result = nodes ? 0 : -1;
    }
    heap->map = nodes ? nodes : objects;
    if (!result && with_edges)
        result = capture_references(&view, nodes, visible, columns, &heap->graph, &heap->types, owners);
    else if (!result)
        result = capture_columns(state, heap->map, columns, warned_types, &heap->graph, &heap->types, owners);
    if (result)
        capture_release_keeping_exception(visible);
    else
        capture_release(visible);
    if (result) {
        capture_release_keeping_exception(nodes);
        return -1;
    }
    if (nodes && !(heap->objects = LiveObjects_wrap(session, nodes)))
        return -1;
    return with_owner_nodes ? number_owners(heap) : 0;
}

int
live_heap_init(live_heap *out, PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    *out = (live_heap){0};
    /* A collection half-way would run finalizers, and the moment would be over. */
    int was_enabled = needs & HEAPY_NEEDS_EDGES ? PyGC_Disable() : 0;
    int result = capture(out, session, objects, needs);
    if (was_enabled)
        PyGC_Enable();
    if (result)
        live_heap_deinit(out);
    return result;
}
