/* SPDX-License-Identifier: MIT */
/* LiveObjects: the strong references behind identity sets.  Several sets may show the same objects. */
#include "types/type_live_objects.h"

#include "capture/own_object_head.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/source.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/status.h>

PyObject *
LiveObjects_wrap(PyObject *session, held_objects *held)
{
    module_state *state = state_of_type(Py_TYPE(session));
    bool is_here = Py_TYPE(session) != state->session_type || Session_has_objects(session);
    LiveObjects *self = NULL;
    if (is_here)
        self = own_object_new(state->live_objects_type, tag_of(session));
    if (!self) {
        capture_release_keeping_exception(held);
        return NULL;
    }
    self->held = held;
    frame_holder_enter(&self->frames, &state->frame_holders, held);
    return (PyObject *)self;
}

/* LiveObjects of addresses (taken over, also on failure) that are nobody's here. */
static PyObject *
wrap_addresses(PyObject *session, heapy_address_map *map)
{
    LiveObjects *self = own_object_new(state_of_type(Py_TYPE(session))->live_objects_type, tag_of(session));
    if (!self) {
        heapy_address_map_destroy(map);
        return NULL;
    }
    self->named = map;
    self->is_elsewhere = true;
    return (PyObject *)self;
}

PyObject *
LiveObjects_keep(PyObject *session, heapy_address_map *map)
{
    if (((Session *)session)->source->is_elsewhere)
        return wrap_addresses(session, map);
    return LiveObjects_wrap(session, capture_hold(map));
}

bool
LiveObjects_is_aside(PyObject *live_objects)
{
    return ((LiveObjects *)live_objects)->is_aside;
}

enum { MANY_OBJECTS = 4096 };

/* One that may hold for another: not for long chains of unions, and not one whose objects count as let go. */
static bool
may_be_holder(const LiveObjects *self)
{
    return !self->holders[0] && !self->is_aside && !self->is_elsewhere;
}

PyObject *
LiveObjects_unite(PyObject *session, heapy_address_map *map, PyObject *a, PyObject *b)
{
    bool is_shared = heapy_address_map_count(map) >= MANY_OBJECTS && may_be_holder((LiveObjects *)a) &&
                     may_be_holder((LiveObjects *)b);
    if (!is_shared)
        return LiveObjects_keep(session, map);
    LiveObjects *self = own_object_new(state_of_type(Py_TYPE(session))->live_objects_type, tag_of(session));
    if (!self) {
        heapy_address_map_destroy(map);
        return NULL;
    }
    self->named = map;
    self->holders[0] = Py_NewRef(a);
    self->holders[1] = Py_NewRef(b);
    return (PyObject *)self;
}

PyObject *
LiveObjects_select(PyObject *session, heapy_address_map *map)
{
    const source_methods *source = ((Session *)session)->source;
    PyObject *all = NULL;
    if (source->holder)
        all = source->holder(session);
    if (all && LiveObjects_map(all) && heapy_address_map_count(map) >= MANY_OBJECTS &&
        heapy_address_map_is_subset(map, LiveObjects_map(all)))
        return LiveObjects_unite(session, map, all, all);
    if (PyErr_Occurred()) {
        heapy_address_map_destroy(map);
        return NULL;
    }
    return LiveObjects_keep(session, map);
}

/* The addresses, wherever they are kept; NULL: it was cleared. */
static const heapy_address_map *
addresses_of(const LiveObjects *self)
{
    if (!self->held)
        return self->named;
    return held_addresses(self->held);
}

/* Have the holders been cleared?  Then the objects may be gone. */
static bool
has_lost_holders(const LiveObjects *self)
{
    return self->holders[0] &&
           (!addresses_of((LiveObjects *)self->holders[0]) || !addresses_of((LiveObjects *)self->holders[1]));
}

const heapy_address_map *
LiveObjects_map(PyObject *live_objects)
{
    const heapy_address_map *map = NULL;
    if (live_objects)
        map = addresses_of((LiveObjects *)live_objects);
    if (!map || has_lost_holders((LiveObjects *)live_objects))
        return PyErr_SetString(PyExc_RuntimeError, "this set was cleared by the garbage collector"), NULL;
    return map;
}

const heapy_address_map *
LiveObjects_known_map(PyObject *live_objects)
{
    return addresses_of((LiveObjects *)live_objects);
}

const held_objects *
LiveObjects_held(PyObject *live_objects)
{
    const heapy_address_map *map = LiveObjects_map(live_objects);
    if (map && ((LiveObjects *)live_objects)->is_elsewhere) {
        raise_objects_elsewhere();
        return NULL;
    }
    if (!map)
        return NULL;
    return capture_lent(map);
}

/* Objects are held one by one as they come: what yields them may let go of each before the next. */
static int
add_objects(heapy_address_map *map, PyObject *iterator)
{
    heapy_error err = HEAPY_ERROR_INIT;
    for (PyObject *object; (object = PyIter_Next(iterator));) {
        bool is_new;
        if (heapy_address_map_add(map, (uintptr_t)object, &is_new, &err)) {
            Py_DECREF(object);
            return raise_heapy_error(&err);
        }
        if (!is_new)
            Py_DECREF(object);
    }
    if (PyErr_Occurred())
        return -1;
    if (heapy_address_map_freeze(map, &err))
        return raise_heapy_error(&err);
    return 0;
}

held_objects *
objects_of_iterable(PyObject *iterable)
{
    PyObject *iterator = PyObject_GetIter(iterable);
    if (!iterator)
        return NULL;
    heapy_address_map *map = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_address_map_create(&map, &err)) {
        raise_heapy_error(&err);
    } else if (add_objects(map, iterator) < 0) {
        PyObject *type, *value, *traceback;
        PyErr_Fetch(&type, &value, &traceback);
        if (heapy_address_map_freeze(map, NULL)) /* no memory even to list them: they stay */
            heapy_address_map_destroy(map);
        else
            capture_release(capture_held(map));
        map = NULL;
        PyErr_Restore(type, value, traceback);
    }
    Py_DECREF(iterator);
    return capture_held(map);
}

PyObject *
address_maps_compare(const heapy_address_map *a, const heapy_address_map *b, int operation)
{
    size_t m = heapy_address_map_count(a), n = heapy_address_map_count(b);
    bool result = false;
    switch (operation) {
    case Py_LT:
        result = m < n && heapy_address_map_is_subset(a, b);
        break;
    case Py_LE:
        result = heapy_address_map_is_subset(a, b);
        break;
    case Py_EQ:
        result = m == n && heapy_address_map_is_subset(a, b);
        break;
    case Py_NE:
        result = m != n || !heapy_address_map_is_subset(a, b);
        break;
    case Py_GT:
        result = m > n && heapy_address_map_is_subset(b, a);
        break;
    default: /* Py_GE */
        result = heapy_address_map_is_subset(b, a);
    }
    return PyBool_FromLong(result);
}

Py_hash_t
address_map_hash(const heapy_address_map *map)
{
    uint64_t hash = 0x345678;
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    for (uintptr_t address; (address = heapy_address_iterator_next(&iterator));)
        hash = (hash ^ address >> 3) * UINT64_C(0x9e3779b97f4a7c15);
    return (Py_hash_t)hash == -1 ? -2 : (Py_hash_t)hash;
}

static int
visit_others(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((LiveObjects *)self)->holders[0]);
    Py_VISIT(((LiveObjects *)self)->holders[1]);
    return 0;
}

static const held_objects *
held_by(PyObject *self)
{
    return ((LiveObjects *)self)->held;
}

void
LiveObjects_let_returned_go(PyTypeObject *session_type)
{
    module_state *state = state_of_type(session_type);
    const answer_types types = {&state->capture, state->live_objects_type, held_by, visit_others};
    clear_returned_calls(&state->frame_holders, &types);
}

static int
live_objects_traverse(PyObject *self, visitproc visit, void *arg)
{
    const held_objects *held = held_by(self);
    int result = visit_others(self, visit, arg);
    if (result)
        return result;
    if (!held)
        return 0;
    return held_objects_visit(held, visit, arg);
}

/*
 * The collector found the set unreachable, and all that only the set holds with it: perhaps everything, when
 * the program ends.  It would clear them in the order of its lists, which not every type survives that
 * otherwise goes by its count.  So they are let go before it clears anything, and go as if nobody had held
 * them.
 */
static void
live_objects_finalize(PyObject *self)
{
    LiveObjects *objects = (LiveObjects *)self;
    held_objects *held = objects->held;
    frame_holder_leave(&objects->frames);
    objects->held = NULL;
    capture_release_keeping_exception(held);
}

static int
live_objects_clear(PyObject *self)
{
    LiveObjects *objects = (LiveObjects *)self;
    held_objects *held = objects->held;
    heapy_address_map *named = objects->named;
    frame_holder_leave(&objects->frames);
    objects->held = NULL;
    objects->named = NULL;
    heapy_address_map_destroy(named);
    capture_release(held);
    Py_CLEAR(objects->holders[0]);
    Py_CLEAR(objects->holders[1]);
    return 0;
}

static void
live_objects_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    live_objects_clear(self);
    own_object_free(self);
}

static PyType_Slot live_objects_slots[] = {
    {Py_tp_traverse, live_objects_traverse},
    {Py_tp_finalize, live_objects_finalize},
    {Py_tp_clear, live_objects_clear},
    {Py_tp_dealloc, live_objects_dealloc},
    {0, NULL},
};

PyType_Spec live_objects_spec = {
    .name = "guppy._heapyc.LiveObjects",
    .basicsize = sizeof(LiveObjects),
    .flags = OWN_TYPE_FLAGS,
    .slots = live_objects_slots,
};
