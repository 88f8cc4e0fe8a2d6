/* SPDX-License-Identifier: MIT */
/* Which live objects are in a kind: the engine's selection on a snapshot, types first (K-41, K-45, K-46). */
#include "types/select_live.h"

#include "live/errors.h"
#include "live/held_objects.h"
#include "types/source.h"
#include "types/own_object.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/kind.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/status.h>

/* The objects of `map` whose node in the heap is chosen. */
static heapy_status
choose_objects(const heapy_snapshot *heap, const heapy_address_map *map, const heapy_node_set *chosen,
               heapy_address_map **out, heapy_error *err)
{
    if (heapy_snapshot_map(heap) == map)
        return heapy_address_map_subset(map, heapy_node_set_words(chosen), out, err);
    size_t count = heapy_address_map_count(map);
    heapy_node *numbers = heapy_alloc_array(count, sizeof *numbers);
    heapy_node_set *kept = NULL;
    heapy_status status = numbers ? heapy_node_set_create(count, &kept, err) : HEAPY_NO_MEMORY;
    if (!status) {
        heapy_address_map_numbers(map, heapy_snapshot_map(heap), numbers);
        for (size_t i = 0; i < count; i++)
            if (heapy_node_set_contains(chosen, numbers[i]))
                heapy_node_set_add(kept, (heapy_node)i);
        status = heapy_address_map_subset(map, heapy_node_set_words(kept), out, err);
    }
    heapy_free(numbers);
    heapy_node_set_destroy(kept);
    return status ? err->status = status : HEAPY_OK;
}

/* The nodes of `map` in a larger heap. */
static heapy_status
nodes_in_heap(const heapy_snapshot *heap, const heapy_address_map *map, heapy_node_set **out, heapy_error *err)
{
    *out = NULL;
    if (heapy_snapshot_map(heap) == map)
        return HEAPY_OK;
    heapy_status status = heapy_node_set_create(heapy_address_map_count(heapy_snapshot_map(heap)), out, err);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    for (uintptr_t address; !status && (address = heapy_address_iterator_next(&iterator));)
        heapy_node_set_add(*out, heapy_address_map_rank(heapy_snapshot_map(heap), address));
    return status;
}

/* Everything a kind asks for. */
static heapy_address_map *
select_by_all(PyObject *session, const heapy_kind *kind, const heapy_address_map *map, unsigned needs)
{
    heapy_node_set *nodes = NULL, *chosen = NULL;
    heapy_address_map *selected = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    PyObject *taken = source_take(session, map, needs | NEEDS_ALL_EDGES);
    const heapy_snapshot *heap = taken ? Snapshot_get(taken) : NULL;
    if (heap) {
        heapy_status status = nodes_in_heap(heap, map, &nodes, &err);
        if (!status)
            status = heapy_kind_select(kind, heap, nodes, &chosen, &err);
        if (!status)
            status = choose_objects(heap, map, chosen, &selected, &err);
        if (status)
            raise_heapy_error(&err);
    }
    heapy_node_set_destroy(nodes);
    heapy_node_set_destroy(chosen);
    Py_XDECREF(taken);
    return selected;
}

/* Where a look at the types leaves few, the rest is looked at in those alone. */
static heapy_address_map *
select_and_hold(PyObject *session, const heapy_kind *kind, const heapy_address_map *map, bool holds)
{
    const source_methods *source = source_of(session);
    heapy_address_map *candidates = NULL, *selected;
    bool is_exact = false;
    int result = !source           ? -1
                 : source->narrow ? source->narrow(session, kind, map, holds, &candidates, &is_exact)
                                  : NO_SHORTCUT;
    if (result < 0 || is_exact)
        return candidates;
    selected = select_by_all(session, kind, candidates ? candidates : map, heapy_kind_needs(kind));
    heapy_address_map_destroy(candidates);
    if (selected && holds)
        capture_hold(selected);
    return selected;
}

heapy_address_map *
select_objects(PyObject *session, const heapy_kind *kind, const heapy_address_map *map)
{
    return select_and_hold(session, kind, map, false);
}

/* Replace *map (owned, not held) by *map OP the objects. */
static int
apply_objects(heapy_address_map **map, const heapy_address_map *objects, heapy_set_operation operation)
{
    heapy_address_map *result;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_address_map_combine(*map, objects, operation, &result, &err))
        return raise_heapy_error(&err);
    heapy_address_map_destroy(*map);
    *map = result;
    return 0;
}

heapy_address_map *
Kind_select(PyObject *object, const heapy_address_map *map)
{
    Kind *self = (Kind *)object;
    if (!self->session || !Session_is_usable(self->session)) {
        if (!PyErr_Occurred())
            new_reference_or_error(NULL);
        return NULL;
    }
    heapy_address_map *selected = select_objects(self->session, self->kind, map), *common;
    const heapy_address_map *added = selected && self->added ? LiveObjects_map(self->added) : NULL;
    const heapy_address_map *removed = selected && self->removed ? LiveObjects_map(self->removed) : NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    int result = PyErr_Occurred() ? -1 : 0;
    if (!result && added) {
        if (heapy_address_map_combine(map, added, HEAPY_INTERSECTION, &common, &err)) {
            result = raise_heapy_error(&err);
        } else {
            result = apply_objects(&selected, common, HEAPY_UNION);
            heapy_address_map_destroy(common);
        }
    }
    if (!result && removed)
        result = apply_objects(&selected, removed, HEAPY_DIFFERENCE);
    if (!result)
        return selected;
    heapy_address_map_destroy(selected);
    return NULL;
}

heapy_address_map *
Kind_select_held(PyObject *object, const heapy_address_map *map)
{
    Kind *self = (Kind *)object;
    if (self->session && !self->added && !self->removed && Session_is_usable(self->session))
        return select_and_hold(self->session, self->kind, map, true);
    heapy_address_map *selected = PyErr_Occurred() ? NULL : Kind_select(object, map);
    if (selected)
        capture_hold(selected);
    return selected;
}
