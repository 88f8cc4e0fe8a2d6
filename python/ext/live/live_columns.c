/* SPDX-License-Identifier: MIT */
/*
 * Columns and references of live objects as a graph.  What may run code is asked last, object by object, with
 * every object held.
 */
#include "live/looking.h" /* first: it asks for the interpreter's internals */

#include "live/live_capture.h"

#include "capture/capture_walk.h"
#include "capture/object_map.h"
#include "live/asked_sizes.h"
#include "live/errors.h"
#include "live/held_objects.h"

#include <stdlib.h>

void
dict_owners_deinit(dict_owners *owners)
{
    for (size_t i = 0; i < owners->count; i++)
        Py_DECREF(owners->items[i].owner);
    heapy_free(owners->items);
    *owners = (dict_owners){0};
}

PyObject *
dict_owners_find(const dict_owners *owners, heapy_node dict)
{
    size_t low = 0, high = owners->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (owners->items[middle].dict < dict)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < owners->count && owners->items[low].dict == dict)
        return owners->items[low].owner;
    return NULL;
}

/* ---- sizes that are asked for ---- */

/* Every NODES_PER_POLL calls, let the handlers of signals that came run. */
static int
poll_signals(size_t *until_poll)
{
    if (--*until_poll)
        return 0;
    *until_poll = NODES_PER_POLL;
    return PyErr_CheckSignals();
}

/* The size of a deferred node; -1 with an exception. */
static int
size_of_deferred(const look *l, PyObject *object, const type_record *record, PyObject *warned_types,
                 uint64_t *out)
{
    if (!l->c.view || !l->c.view->asks_no_code)
        return asked_size(object, record, warned_types, out);
    asked_size_in_c(object, record, out);
    return 0;
}

/* Give the size of each deferred node.  The objects of `map` are held: each still is what it was. */
static int
ask_deferred_sizes(look *l, const heapy_address_map *map, PyObject *warned_types,
                   bool (*give)(void *context, heapy_node node, uint64_t size), void *context)
{
    size_t until_poll = NODES_PER_POLL;
    if (l->c.deferred_count)
        world_let_code_run();
    for (size_t i = 0; i < l->c.deferred_count; i++) {
        deferred_size deferred = l->c.deferred[i];
        PyObject *object = object_at_address(heapy_address_map_select(map, deferred.node));
        uint64_t size;
        if (size_of_deferred(l, object, &l->c.records[deferred.record], warned_types, &size) < 0 ||
            poll_signals(&until_poll) < 0)
            return -1;
        if (!give(context, deferred.node, size)) {
            PyErr_NoMemory();
            return -1;
        }
    }
    return 0;
}

static bool
add_size(void *total, heapy_node node, uint64_t size)
{
    (void)node;
    *(uint64_t *)total += size;
    return true;
}

static bool
put_size(void *sizes, heapy_node node, uint64_t size)
{
    return heapy_size_writer_put(sizes, node, size);
}

int
capture_total_size(capture_state *state, const held_objects *objects, PyObject *warned_types, uint64_t *out)
{
    const capture_view view = {.state = state};
    look l;
    heapy_error err = HEAPY_ERROR_INIT;
    uint64_t total = 0;
    int result = look_begin(&l, &view, false);
    if (!result &&
        (capture_begin(&l.c, &err) || capture_sum_sizes(&l.c, held_addresses(objects), &total, &err)))
        result = raise_heapy_error(&err);
    if (!result) {
        look_hold_types(&l);
        world_start(&l.world);
        result = ask_deferred_sizes(&l, held_addresses(objects), warned_types, add_size, &total);
    }
    if (!result)
        *out = total;
    look_deinit(&l);
    return result;
}

/* The deferred objects as a held map; NULL with an exception. */
static held_objects *
hold_deferred(const look *l, const heapy_address_map *map)
{
    size_t count = l->c.deferred_count;
    PyObject **objects = heapy_alloc_array(count, sizeof *objects);
    for (size_t i = 0; objects && i < count; i++)
        objects[i] = object_at_address(heapy_address_map_select(map, l->c.deferred[i].node));
    held_objects *held = NULL;
    if (objects)
        held = hold_objects(objects, count);
    if (!objects)
        PyErr_NoMemory();
    heapy_free(objects);
    return held;
}

/* ---- into a graph ---- */

/* Sort by Shell's method: the C library's sort may take memory, which a forked child must not. */
static void
sort_by_dict(dict_owners *owners)
{
    size_t gap = 1;
    while (gap < owners->count / 3)
        gap = 3 * gap + 1;
    for (; gap; gap /= 3)
        for (size_t i = gap; i < owners->count; i++) {
            const struct dict_owner moved = owners->items[i];
            size_t at = i;
            for (; at >= gap && owners->items[at - gap].dict > moved.dict; at -= gap)
                owners->items[at] = owners->items[at - gap];
            owners->items[at] = moved;
        }
}

void
sort_owners(const capture *c, dict_owners *owners)
{
    const heapy_type *types = heapy_graph_builder_types(c->builder);
    size_t kept = 0;
    for (size_t i = 0; i < owners->count; i++)
        if (c->records[c->record_of_type[types[owners->items[i].dict]]].is_exact_dict)
            owners->items[kept++] = owners->items[i];
    owners->count = kept;
    sort_by_dict(owners);
}

/* The owners of exact dicts that are no nodes, with a reference to each. */
static void
hold_owners(const capture *c, dict_owners *owners)
{
    sort_owners(c, owners);
    for (size_t i = 0; i < owners->count; i++)
        Py_INCREF(owners->items[i].owner);
}

/* The types of the graph's type table, in its order. */
static PyObject *
graph_types(const capture *c)
{
    PyObject *types = PyTuple_New((Py_ssize_t)c->graph_type_count);
    for (size_t t = 0; types && t < c->graph_type_count; t++) {
        const type_record *record = &c->records[c->record_of_type[t]];
        PyObject *type = record->is_unsound ? (PyObject *)&PyBaseObject_Type : (PyObject *)record->type;
        PyTuple_SET_ITEM(types, (Py_ssize_t)t, Py_NewRef(type));
    }
    return types;
}

static int
put_deferred_sizes(look *l, const heapy_address_map *map)
{
    heapy_size_writer *sizes;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!l->c.deferred_count)
        return 0;
    if (heapy_graph_builder_sizes(l->c.builder, &sizes, &err))
        return raise_heapy_error(&err);
    return ask_deferred_sizes(l, map, l->c.view->warned_types, put_size, sizes);
}

/* The columns are read, types and owners held; then code may run. */
static int
fill_columns(look *l, const heapy_address_map *map, unsigned columns, PyObject **types, dict_owners *owners)
{
    heapy_error err = HEAPY_ERROR_INIT;
    const capture_view *view = l->c.view;
    l->c.elsewhere = owners;
    heapy_status status = capture_read_columns(&l->c, map, columns, &err);
    if (status && owners)
        owners->count = 0; /* none is held yet */
    if (status)
        return raise_heapy_error(&err);
    if (owners)
        hold_owners(&l->c, owners);
    if (types && !(*types = graph_types(&l->c)))
        return -1;
    look_hold_types(l);
    world_start(&l->world);
    if (view->add_facts)
        world_let_code_run();
    if (view->add_facts && view->add_facts(l->c.builder, map) < 0)
        return -1;
    return put_deferred_sizes(l, map);
}

/* Turn the builder into the graph. */
static int
finish(capture *c, heapy_graph **out)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_graph_builder *builder = c->builder;
    c->builder = NULL;
    if (heapy_graph_builder_finish(builder, out, &err))
        return raise_heapy_error(&err);
    return 0;
}

/* Columns of `map`, and edges where the look has taken them, as a graph. */
static int
make_graph(look *l, const heapy_address_map *map, unsigned columns, heapy_graph **out, PyObject **types,
           dict_owners *owners)
{
    dict_owners held = {0}, *held_wanted = NULL;
    PyObject *tuple = NULL, **tuple_wanted = NULL;
    if (types)
        tuple_wanted = &tuple;
    if (owners)
        held_wanted = &held;
    int result = fill_columns(l, map, columns, tuple_wanted, held_wanted);
    if (!result)
        result = finish(&l->c, out);
    if (result) {
        dict_owners_deinit(&held);
        Py_XDECREF(tuple);
        return -1;
    }
    if (types)
        *types = tuple;
    if (owners)
        *owners = held;
    return 0;
}

int
capture_columns_of_view(const capture_view *view, const held_objects *objects, unsigned columns,
                        heapy_graph **out, PyObject **types, dict_owners *owners)
{
    look l;
    heapy_error err = HEAPY_ERROR_INIT;
    int result = look_begin(&l, view, false);
    if (!result && capture_begin(&l.c, &err))
        result = raise_heapy_error(&err);
    if (!result)
        result = make_graph(&l, held_addresses(objects), columns, out, types, owners);
    look_deinit(&l);
    return result;
}

int
capture_columns(capture_state *state, const held_objects *objects, unsigned columns, PyObject *warned_types,
                heapy_graph **out, PyObject **types, dict_owners *owners)
{
    const capture_view view = {.state = state, .warned_types = warned_types};
    return capture_columns_of_view(&view, objects, columns, out, types, owners);
}

int
capture_unheld_columns(const capture_view *view, const heapy_address_map *without, unsigned columns,
                       heapy_graph **out)
{
    look l;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_graph *graph = NULL;
    heapy_address_map *objects = NULL;
    held_objects *held = NULL;
    int result = look_take(&l, view, NULL, capture_walk_heap);
    if (result)
        goto done;
    result = -1;
    objects = capture_take_map(&l.c);
    if (without && combine_into(&objects, without, HEAPY_DIFFERENCE) < 0)
        goto done;
    if (capture_read_columns(&l.c, objects, columns, &err)) {
        raise_heapy_error(&err);
        goto done;
    }
    /* Only what code is to be asked of is held while that runs. */
    held = hold_deferred(&l, objects);
    if (!held)
        goto done;
    look_hold_types(&l);
    world_start(&l.world);
    if (put_deferred_sizes(&l, objects) || finish(&l.c, &graph))
        goto done;
    if (look_warn(&l) < 0) {
        heapy_graph_destroy(graph);
        goto done;
    }
    *out = graph;
    result = 0;
done:
    look_deinit(&l);
    heapy_address_map_destroy(objects);
    capture_release_keeping_exception(held);
    return result;
}

int
capture_graph(const capture_view *view, held_objects **out, heapy_graph **graph_out, PyObject **types,
              dict_owners *owners)
{
    look l;
    heapy_graph *graph = NULL;
    int result = look_take(&l, view, NULL, capture_walk_with_edges);
    held_objects *objects = NULL;
    if (!result)
        objects = capture_hold(capture_take_map(&l.c));
    if (objects)
        result = make_graph(&l, held_addresses(objects), COLUMN_ALL, &graph, types, owners);
    if (!result && look_warn(&l) < 0) {
        heapy_graph_destroy(graph);
        if (types)
            Py_CLEAR(*types);
        if (owners)
            dict_owners_deinit(owners);
        result = -1;
    }
    look_deinit(&l);
    if (result) {
        capture_release_keeping_exception(objects);
        return -1;
    }
    *out = objects;
    *graph_out = graph;
    return 0;
}

int
capture_references(const capture_view *view, const held_objects *objects, const held_objects *visible,
                   unsigned columns, heapy_graph **out, PyObject **types, dict_owners *owners)
{
    look l;
    heapy_error err = HEAPY_ERROR_INIT;
    /* No handler may run: the maps are of this moment. */
    int result = look_begin(&l, view, true);
    if (!result && capture_begin_walk(&l.c, &err))
        result = raise_heapy_error(&err);
    if (!result) {
        heapy_address_map_destroy(capture_take_map(&l.c));
        l.c.map = (heapy_address_map *)held_addresses(objects); /* borrowed */
        l.c.visible = held_addresses(visible);
        if (capture_add_edges(&l.c, &err))
            result = raise_heapy_error(&err);
        else
            result = make_graph(&l, held_addresses(objects), columns, out, types, owners);
        l.c.map = NULL;
    }
    look_deinit(&l);
    return result;
}
