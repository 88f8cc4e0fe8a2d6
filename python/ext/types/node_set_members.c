/* SPDX-License-Identifier: MIT */
#include "types/node_set_members.h"

#include "capture/own_object_head.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/type_live_objects.h"

#include <heapy/address_map.h>
#include <heapy/bit_set.h>
#include <heapy/status.h>

static int
map_of_bits(const heapy_bit_set *bits, heapy_address_map **out)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_address_map *map;
    heapy_bit_iterator iterator;
    int64_t bit;
    if (heapy_address_map_create(&map, &err))
        return raise_heapy_error(&err);
    heapy_bit_iterator_init(&iterator, bits);
    while (!err.status && heapy_bit_iterator_next(&iterator, &bit))
        err.status = heapy_address_map_add(map, (uintptr_t)object_of_held_bit(bit), NULL, &err);
    if (!err.status)
        err.status = heapy_address_map_freeze(map, &err);
    if (err.status) {
        heapy_address_map_destroy(map);
        return raise_heapy_error(&err);
    }
    *out = map;
    return 0;
}

int
node_members_of(NodeSet *self, node_members *out)
{
    *out = (node_members){0};
    if (NodeSet_is_mutable(self)) {
        if (map_of_bits(self->bits, &out->listed) < 0)
            return -1;
        out->objects = capture_lent(out->listed);
    } else {
        if (self->objects)
            out->objects = LiveObjects_held(self->objects);
        else
            out->objects = self->held;
        if (!out->objects && !self->objects)
            PyErr_SetString(PyExc_RuntimeError, "this set was cleared by the garbage collector");
    }
    if (!out->objects)
        return -1;
    return 0;
}

/* May run finalizers.  An exception that is on its way goes on. */
void
node_members_deinit(node_members *m)
{
    heapy_address_map_destroy(m->listed);
    capture_release_keeping_exception(m->made);
}

const heapy_address_map *
node_members_map(const node_members *m)
{
    return held_addresses(m->objects);
}

/* A copy of the members that holds them; NULL with an exception. */
held_objects *
NodeSet_hold_members(NodeSet *self)
{
    node_members own;
    heapy_address_map *copy = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (node_members_of(self, &own) < 0)
        return NULL;
    if (own.listed) {
        copy = own.listed;
        own.listed = NULL;
    } else if (heapy_address_map_combine(node_members_map(&own), node_members_map(&own), HEAPY_UNION, &copy,
                                         &err)) {
        raise_heapy_error(&err);
    }
    node_members_deinit(&own);
    if (!copy)
        return NULL;
    return capture_hold(copy);
}

/* Objects are held one by one as they come: what yields them may let go of each before the next. */
static void
add_objects(heapy_address_map *map, PyObject *iterator)
{
    heapy_error err = HEAPY_ERROR_INIT;
    for (PyObject *object; !err.status && (object = PyIter_Next(iterator));) {
        bool is_new = false;
        if (heapy_address_map_add(map, (uintptr_t)object, &is_new, &err))
            raise_heapy_error(&err);
        if (!is_new)
            Py_DECREF(object);
    }
}

/* Those of a node set or any iterable.  What an iterable gave before it failed stays in *out, and the
   exception is set: -1. */
int
node_members_collect(module_state *state, PyObject *iterable, node_members *out)
{
    if (NodeSet_check(state, iterable))
        return node_members_of((NodeSet *)iterable, out);
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_address_map *map = NULL;
    *out = (node_members){0};
    PyObject *iterator = PyObject_GetIter(iterable);
    if (iterator && heapy_address_map_create(&map, &err))
        raise_heapy_error(&err);
    if (map)
        add_objects(map, iterator);
    Py_XDECREF(iterator);
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (map && heapy_address_map_freeze(map, NULL)) { /* no memory even to list them: they stay */
        heapy_address_map_destroy(map);
        map = NULL;
        if (!type)
            PyErr_NoMemory();
    }
    if (type)
        PyErr_Restore(type, value, traceback);
    out->objects = out->made = capture_held(map);
    return PyErr_Occurred() ? -1 : 0;
}

/* ---- making ---- */

PyObject *
NodeSet_wrap(PyObject *session, PyObject *live_objects)
{
    module_state *state = state_of_type(Py_TYPE(session));
    if (!LiveObjects_held(live_objects))
        return NULL;
    NodeSet *self = own_object_new(state->imm_node_set_type, tag_of(session));
    if (self)
        self->objects = Py_NewRef(live_objects);
    return (PyObject *)self;
}

PyObject *
NodeSet_of_held(PyObject *session, held_objects *held)
{
    if (!held)
        return NULL;
    PyObject *objects = LiveObjects_wrap(session, held);
    if (!objects)
        return NULL;
    PyObject *nodes = NodeSet_wrap(session, objects);
    Py_DECREF(objects);
    return nodes;
}

PyObject *
NodeSet_objects(PyObject *session, PyObject *node_set)
{
    NodeSet *self = (NodeSet *)node_set;
    if (self->objects)
        return Py_NewRef(self->objects);
    held_objects *held = NodeSet_hold_members(self);
    if (!held)
        return NULL;
    return LiveObjects_wrap(session, held);
}

/* An immutable set; takes over `held`, also on failure. */
PyObject *
ImmNodeSet_create(PyTypeObject *type, PyObject *tag, held_objects *held)
{
    NodeSet *self = own_object_new(type, tag);
    if (self)
        self->held = held;
    else
        capture_release_keeping_exception(held);
    return (PyObject *)self;
}

/* Members leave one by one, from the end, where nothing has to be moved: needs no memory. */
void
NodeSet_release_bits(heapy_bit_set *bits)
{
    int64_t lowest, highest;
    while (heapy_bit_set_extremes(bits, &lowest, &highest)) {
        heapy_bit_set_remove(bits, highest);
        Py_DECREF(object_of_held_bit(highest));
    }
}

/* ---- what their types have alike ---- */

/* Sets that are hidden from different sessions do not mix (N-11); one that is hidden from none goes with any.
 */
int
NodeSet_check_tags(PyObject *a, PyObject *b)
{
    if (!tag_of(a) || !tag_of(b) || tag_of(a) == tag_of(b))
        return 0;
    PyErr_SetString(PyExc_ValueError,
                    "node sets with different hiding tags cannot be combined; immnodeset(s) is one without");
    return -1;
}

/* An identity set says how to get at its objects when it is iterated over; its own operators take node sets.
 */
bool
NodeSet_can_take(const module_state *state, PyObject *object)
{
    if (PyType_IsSubtype(Py_TYPE(object), state->uniset_type))
        return false;
    return Py_TYPE(object)->tp_iter || PySequence_Check(object);
}

bool
NodeSet_holds(PyObject *object, const PyObject *member)
{
    const NodeSet *self = (const NodeSet *)object;
    if (NodeSet_is_mutable(self))
        return heapy_bit_set_contains(self->bits, bit_of_object(member));
    return self->held && heapy_address_map_contains(held_addresses(self->held), (uintptr_t)member);
}

PyObject *
NodeSet_get_hiding_tag(PyObject *self, void *closure)
{
    (void)closure;
    if (tag_of(self))
        return Py_NewRef(tag_of(self));
    PyErr_Format(PyExc_AttributeError, "this %.200s object has no hiding tag", Py_TYPE(self)->tp_name);
    return NULL;
}

int
NodeSet_traverse(PyObject *object, visitproc visit, void *arg)
{
    const NodeSet *self = (const NodeSet *)object;
    VISIT_OWN_HEAD(object);
    Py_VISIT(self->objects);
    int result = 0;
    if (self->held)
        result = held_objects_visit(self->held, visit, arg);
    if (result)
        return result;
    if (self->bits) {
        heapy_bit_iterator iterator;
        int64_t bit;
        heapy_bit_iterator_init(&iterator, self->bits);
        while (heapy_bit_iterator_next(&iterator, &bit))
            Py_VISIT(object_of_held_bit(bit));
    }
    return 0;
}

int
NodeSet_clear(PyObject *object)
{
    NodeSet *self = (NodeSet *)object;
    held_objects *held = self->held;
    Py_CLEAR(self->objects);
    self->held = NULL;
    capture_release(held);
    if (self->bits)
        NodeSet_release_bits(self->bits);
    return 0;
}

void
NodeSet_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    NodeSet_clear(self);
    heapy_bit_set_destroy(((NodeSet *)self)->bits);
    own_object_free(self);
}
