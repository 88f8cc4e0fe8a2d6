/* SPDX-License-Identifier: MIT */
/* Which live objects are in a kind: the engine's selection on a snapshot, types first (K-41, K-45, K-46). */
#include "types/select_live.h"

#include "capture/capture.h"
#include "capture/errors.h"
#include "types/live_source.h"
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

static bool
is_subtype(const void *type, const void *of)
{
    return PyType_IsSubtype((PyTypeObject *)type, (PyTypeObject *)of);
}

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

/* What the types of objects say of them. */
typedef struct type_filter {
    const heapy_kind *kind;
    bool is_exact; /* no type seen left a question open */
} type_filter;

static bool
may_have(PyTypeObject *type, void *context)
{
    type_filter *filter = context;
    bool is_exact, result = heapy_kind_may_have_type(filter->kind, type, is_subtype, &is_exact);
    filter->is_exact &= is_exact;
    return result;
}

/* Does every term ask for a type?  Then the types leave little to look at more closely. */
static bool
asks_for_types(const heapy_kind *kind)
{
    for (size_t t = 0; t < heapy_kind_term_count(kind); t++) {
        bool asks = false;
        for (size_t i = 0; i < heapy_kind_literal_count(kind, t); i++) {
            bool is_complement;
            const heapy_atom *atom = heapy_kind_literal(kind, t, i, &is_complement);
            asks |= atom->form == HEAPY_ATOM_TYPE && !is_complement;
        }
        if (!asks)
            return false;
    }
    return true;
}

/* Types first: one look at each object, and the rest only at those that may be in the kind. */
static heapy_address_map *
select_and_hold(PyObject *session, const heapy_kind *kind, const heapy_address_map *map, bool holds)
{
    unsigned needs = heapy_kind_needs(kind);
    type_filter filter = {kind, true};
    heapy_address_map *candidates = NULL, *selected;
    bool only_types = heapy_kind_is_by_type(kind), is_live = !source_is_kept(session);
    if (!is_live || (!only_types && (needs & HEAPY_NEEDS_EDGES || !asks_for_types(kind)))) {
        selected = select_by_all(session, kind, map, needs);
    } else {
        if (capture_select_by_type(map, may_have, &filter, holds && only_types, &candidates) < 0)
            return NULL;
        if (filter.is_exact && (only_types || !holds))
            return candidates;
        selected = filter.is_exact ? candidates : select_by_all(session, kind, candidates, needs);
        if (selected != candidates)
            heapy_address_map_destroy(candidates);
    }
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
