/* SPDX-License-Identifier: MIT */
/* Questions whose answer is a set of live objects: a look, then a reference to each. */
#include "live/looking.h" /* first: it asks for the interpreter's internals */

#include "live/live_capture.h"

#include "capture/capture_relate.h"
#include "capture/object_map.h"
#include "live/errors.h"

/* Hold a map (taken over) that a look found, then warn: so that nothing in it can die by what the warning
 * runs. */
static int
hand_over(look *l, heapy_address_map *map, held_objects **out)
{
    held_objects *held = capture_hold(map);
    if (look_warn(l) < 0) {
        capture_release_keeping_exception(held);
        return -1;
    }
    *out = held;
    return 0;
}

int
capture_heap(const capture_view *view, held_objects **out)
{
    look l;
    int result = look_take(&l, view, NULL, capture_walk_heap);
    if (!result)
        result = hand_over(&l, capture_take_map(&l.c), out);
    look_deinit(&l);
    return result;
}

int
capture_unreachable(const capture_view *view, bool with_reachable, bool only_tracked, held_objects **out,
                    held_objects **reachable_out)
{
    const capture_question question = {.with_reachable = with_reachable, .only_tracked = only_tracked};
    look l;
    int result = look_take(&l, view, &question, capture_walk_tracked);
    held_objects *reachable = NULL;
    if (!result && reachable_out) {
        reachable = capture_hold(l.c.reachable);
        l.c.reachable = NULL;
    }
    if (!result)
        result = hand_over(&l, capture_take_map(&l.c), out);
    if (result)
        capture_release_keeping_exception(reachable);
    else if (reachable_out)
        *reachable_out = reachable;
    look_deinit(&l);
    return result;
}

/* ---- questions about some objects ---- */

/* Ask one question of the heap.  keys: new objects as `out`; NULL: they are not wanted. */
static int
ask(const capture_view *view, const capture_question *question, capture_step step, held_objects **out,
    held_objects **keys)
{
    look l;
    held_objects *named = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    int result = look_take(&l, view, question, step);
    if (!result && keys) {
        if (heapy_address_map_freeze(l.c.search.keys, &err)) {
            result = raise_heapy_error(&err);
        } else {
            named = capture_hold(l.c.search.keys);
            l.c.search.keys = NULL;
        }
    }
    if (!result)
        result = hand_over(&l, capture_take_map(&l.c), out);
    if (result)
        capture_release_keeping_exception(named);
    else if (keys)
        *keys = named;
    look_deinit(&l);
    return result;
}

int
capture_referents(const capture_view *view, const held_objects *objects, held_objects **out)
{
    const capture_question question = {.objects = held_addresses(objects)};
    return ask(view, &question, capture_find_referents, out, NULL);
}

int
capture_referrers(const capture_view *view, const held_objects *objects, held_objects **out,
                  held_objects **keys)
{
    const capture_question question = {.objects = held_addresses(objects), .with_keys = keys};
    return ask(view, &question, capture_find_referrers, out, keys);
}

int
capture_immediate_dominators(const capture_view *view, const held_objects *objects, held_objects **out)
{
    const capture_question question = {.objects = held_addresses(objects)};
    return ask(view, &question, capture_find_immediate_dominators, out, NULL);
}

int
capture_dominated(const capture_view *view, const held_objects *objects, held_objects **out)
{
    const capture_question question = {.objects = held_addresses(objects)};
    return ask(view, &question, capture_find_dominated, out, NULL);
}

int
capture_reachable(const capture_view *view, const held_objects *starts, const held_objects *avoid,
                  bool may_end_there, held_objects **out)
{
    const capture_question question = {
        .sources = held_addresses(starts), .avoid = held_addresses(avoid), .may_end_there = may_end_there};
    return ask(view, &question, capture_find_reachable, out, NULL);
}

int
capture_path_nodes(const capture_view *view, const held_objects *sources, const held_objects *targets,
                   const held_objects *avoid, held_objects **out, held_objects **keys)
{
    const capture_question question = {.objects = held_addresses(targets),
                                       .sources = held_addresses(sources),
                                       .avoid = held_addresses(avoid),
                                       .with_keys = keys};
    return ask(view, &question, capture_find_path_nodes, out, keys);
}

/* ---- one object ---- */

PyObject *
capture_object_at(const capture_view *view, uintptr_t address)
{
    look l;
    PyObject *found = NULL;
    for (size_t i = 0; i < view->state->known_type_count; i++)
        if ((uintptr_t)view->state->known_types[i].type == address)
            return Py_NewRef(object_at_address(address));
    if (look_take(&l, view, NULL, capture_walk_heap) == 0) {
        if (heapy_address_map_contains(l.c.map, address))
            found = object_at_address(address);
        else
            found = capture_tracked_at(&l.c, address);
        Py_XINCREF(found);
    }
    look_deinit(&l);
    return found;
}

PyObject *
capture_object_of_number(const capture_view *view, PyObject *address)
{
    PyObject *number = PyNumber_Index(address);
    if (!number)
        return NULL;
    size_t value = PyLong_AsSize_t(number);
    bool is_address = !PyErr_Occurred();
    PyErr_Clear(); /* an int that is none */
    PyObject *object = NULL;
    if (is_address && value)
        object = capture_object_at(view, (uintptr_t)value);
    if (!object && !PyErr_Occurred()) {
        PyObject *hex = PyNumber_ToBase(number, 16);
        if (hex)
            PyErr_Format(PyExc_ValueError, "No object found at address %U", hex);
        Py_XDECREF(hex);
    }
    Py_DECREF(number);
    return object;
}

/* ---- two objects ---- */

int
capture_direct_relations(const capture_view *view, PyObject *source, const PyObject *target,
                         int (*give)(void *context, int code, PyObject *relator), void *context)
{
    look l;
    found_relations found = {0};
    heapy_error err = HEAPY_ERROR_INIT;
    int result = look_begin(&l, view, true);
    if (!result &&
        (capture_begin_walk(&l.c, &err) || capture_find_direct_relations(&l.c, source, target, &found, &err)))
        result = raise_heapy_error(&err);
    for (size_t i = 0; i < found.count; i++)
        Py_XINCREF(found.items[i].relator);
    look_deinit(&l);
    for (size_t i = 0; i < found.count; i++) {
        PyObject *relator = found.items[i].relator;
        if (!relator && !result)
            relator = PyLong_FromSize_t(found.items[i].number);
        if (!relator)
            result = -1;
        if (!result)
            result = give(context, (int)found.items[i].code, relator);
        Py_XDECREF(relator);
    }
    heapy_free(found.items);
    return result;
}
