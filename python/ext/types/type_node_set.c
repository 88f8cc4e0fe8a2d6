/* SPDX-License-Identifier: MIT */
/*
 * Node sets: sets of objects by identity (N-1 to N-18).
 *
 *     ImmNodeSet   the objects of a session's set, which it shares, or a map of its own
 *     MutNodeSet   bits, address / 8
 *
 * Either holds each of its objects once.  Where both are asked the mutable one is written as a map first.
 */
#include "types/type_node_set.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/type_live_objects.h"

#include <heapy/address_map.h>
#include <heapy/bit_set.h>
#include <heapy/status.h>

static bool
is_mutable(const NodeSet *self)
{
    return self->bits;
}

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *set; /* an immutable one; NULL at the end */
    held_iterator position;
} NodeSetIterator;

/* ---- members ---- */

/* What is in a set, while no Python code runs that could change or free it. */
typedef struct members {
    const held_objects *objects;
    heapy_address_map *listed; /* of a mutable set, which holds them: made to be asked; owned */
    held_objects *made;        /* of an iterable: held, so that Python code may run; owned */
} members;

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

static int
members_of(NodeSet *self, members *out)
{
    *out = (members){0};
    if (is_mutable(self)) {
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
static void
members_deinit(members *m)
{
    heapy_address_map_destroy(m->listed);
    capture_release_keeping_exception(m->made);
}

static const heapy_address_map *
map_of(const members *m)
{
    return held_addresses(m->objects);
}

/* A copy of the members that holds them; NULL with an exception. */
static held_objects *
held_members(NodeSet *self)
{
    members own;
    heapy_address_map *copy = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (members_of(self, &own) < 0)
        return NULL;
    if (own.listed) {
        copy = own.listed;
        own.listed = NULL;
    } else if (heapy_address_map_combine(map_of(&own), map_of(&own), HEAPY_UNION, &copy, &err)) {
        raise_heapy_error(&err);
    }
    members_deinit(&own);
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
static int
collect(module_state *state, PyObject *iterable, members *out)
{
    if (NodeSet_check(state, iterable))
        return members_of((NodeSet *)iterable, out);
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_address_map *map = NULL;
    *out = (members){0};
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
    held_objects *held = held_members(self);
    if (!held)
        return NULL;
    return LiveObjects_wrap(session, held);
}

/* An immutable set; takes over `held`, also on failure. */
static PyObject *
imm_of_objects(PyTypeObject *type, PyObject *tag, held_objects *held)
{
    NodeSet *self = own_object_new(type, tag);
    if (self)
        self->held = held;
    else
        capture_release_keeping_exception(held);
    return (PyObject *)self;
}

static PyObject *
imm_node_set_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"iterable", "hiding_tag", NULL};
    PyObject *iterable = NULL, *tag = NULL;
    module_state *state = state_of_type(type);
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OO:ImmNodeSet", names, &iterable, &tag))
        return NULL;
    if (!state_is_usable(state))
        return NULL;
    if (iterable && type == state->imm_node_set_type && Py_TYPE(iterable) == type && tag_of(iterable) == tag)
        return Py_NewRef(iterable);
    held_objects *held = NULL;
    members given = {0};
    if (!iterable)
        held = hold_objects(NULL, 0);
    else if (NodeSet_check(state, iterable))
        held = held_members((NodeSet *)iterable);
    else if (collect(state, iterable, &given) == 0)
        held = given.made; /* taken over */
    else
        members_deinit(&given);
    if (!held)
        return NULL;
    return imm_of_objects(type, tag, held);
}

/* ---- changing ---- */

/* Make an object a member.  1: it was one, 0: it is now, -1: MemoryError. */
static int
insert(NodeSet *self, PyObject *object)
{
    heapy_error err = HEAPY_ERROR_INIT;
    bool is_new;
    if (heapy_bit_set_add(self->bits, bit_of_object(object), &is_new, &err))
        return raise_heapy_error(&err);
    if (is_new)
        Py_INCREF(object);
    return !is_new;
}

/* The same for several. */
static int
insert_all(NodeSet *self, const held_objects *objects)
{
    held_iterator iterator;
    held_iterator_init(&iterator, objects);
    for (PyObject *object; (object = held_iterator_next(&iterator));)
        if (insert(self, object) < 0)
            return -1;
    return 0;
}

/* Members that are in `map`, or are not, leave the set.  Letting go of them may run any code, which finds the
   set without them. */
static int
remove_members(NodeSet *self, const heapy_address_map *map, bool that_are_in)
{
    members own;
    heapy_address_map *leaving;
    heapy_error err = HEAPY_ERROR_INIT;
    if (members_of(self, &own) < 0)
        return -1;
    heapy_status status = heapy_address_map_combine(
        map_of(&own), map, that_are_in ? HEAPY_INTERSECTION : HEAPY_DIFFERENCE, &leaving, &err);
    members_deinit(&own);
    if (status)
        return raise_heapy_error(&err);
    held_objects *left = capture_held(leaving); /* the set's references are ours now */
    held_iterator iterator;
    held_iterator_init(&iterator, left);
    for (PyObject *object; (object = held_iterator_next(&iterator));)
        heapy_bit_set_remove(self->bits, bit_of_object(object));
    capture_release(left);
    return 0;
}

static int
toggle_members(NodeSet *self, const held_objects *objects)
{
    members own;
    heapy_address_map *entering;
    heapy_error err = HEAPY_ERROR_INIT;
    if (members_of(self, &own) < 0)
        return -1;
    heapy_status status =
        heapy_address_map_combine(held_addresses(objects), map_of(&own), HEAPY_DIFFERENCE, &entering, &err);
    members_deinit(&own);
    if (status)
        return raise_heapy_error(&err);
    held_objects *kept = capture_hold(entering); /* while what leaves is let go of */
    int result = remove_members(self, held_addresses(objects), true);
    if (!result)
        result = insert_all(self, kept);
    capture_release_keeping_exception(kept);
    return result;
}

static PyObject *
mut_add(PyObject *self, PyObject *object)
{
    if (insert((NodeSet *)self, object) < 0)
        return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *
mut_append(PyObject *self, PyObject *object)
{
    int was_there = insert((NodeSet *)self, object);
    if (was_there > 0)
        PyErr_SetString(PyExc_ValueError, "append(): the object is in the set already");
    if (was_there)
        return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *
mut_tas(PyObject *self, PyObject *object)
{
    int was_there = insert((NodeSet *)self, object);
    if (was_there < 0)
        return NULL;
    return PyBool_FromLong(was_there);
}

/* The caller still holds the object. */
static bool
take_out(PyObject *self, PyObject *object)
{
    bool was_there = heapy_bit_set_remove(((NodeSet *)self)->bits, bit_of_object(object));
    if (was_there)
        Py_DECREF(object);
    return was_there;
}

static PyObject *
mut_discard(PyObject *self, PyObject *object)
{
    take_out(self, object);
    Py_RETURN_NONE;
}

static PyObject *
mut_remove(PyObject *self, PyObject *object)
{
    if (take_out(self, object))
        Py_RETURN_NONE;
    PyErr_SetString(PyExc_ValueError, "remove(): the object is not in the set");
    return NULL;
}

static PyObject *
mut_tac(PyObject *self, PyObject *object)
{
    return PyBool_FromLong(take_out(self, object));
}

static PyObject *
mut_pop(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    int64_t lowest, highest;
    heapy_bit_set *bits = ((NodeSet *)self)->bits;
    if (!heapy_bit_set_extremes(bits, &lowest, &highest)) {
        PyErr_SetString(PyExc_ValueError, "pop(): the set is empty");
        return NULL;
    }
    heapy_bit_set_remove(bits, lowest);
    return object_of_held_bit(lowest);
}

/* Members leave one by one, from the end, where nothing has to be moved: needs no memory. */
static void
release_bits(heapy_bit_set *bits)
{
    int64_t lowest, highest;
    while (heapy_bit_set_extremes(bits, &lowest, &highest)) {
        heapy_bit_set_remove(bits, highest);
        Py_DECREF(object_of_held_bit(highest));
    }
}

static PyObject *
mut_clear_all(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    release_bits(((NodeSet *)self)->bits);
    Py_RETURN_NONE;
}

static PyObject *
mut_node_set_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"iterable", NULL};
    PyObject *iterable = NULL;
    module_state *state = state_of_type(type);
    heapy_error err = HEAPY_ERROR_INIT;
    members given = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:MutNodeSet", names, &iterable) ||
        !state_is_usable(state))
        return NULL;
    NodeSet *self = own_object_new(type, NULL);
    if (!self)
        return NULL;
    int result = 0;
    if (heapy_bit_set_create(NULL, 0, &self->bits, &err))
        result = raise_heapy_error(&err);
    if (!result && iterable)
        result = collect(state, iterable, &given);
    if (!result && given.objects)
        result = insert_all(self, given.objects);
    members_deinit(&given);
    if (result)
        Py_CLEAR(self);
    return (PyObject *)self;
}

/* ---- operators ---- */

/* Sets that are hidden from different sessions do not mix (N-11); one that is hidden from none goes with any.
 */
static int
check_tags(PyObject *a, PyObject *b)
{
    if (!tag_of(a) || !tag_of(b) || tag_of(a) == tag_of(b))
        return 0;
    PyErr_SetString(PyExc_ValueError,
                    "node sets with different hiding tags cannot be combined; immnodeset(s) is one without");
    return -1;
}

/* An identity set says how to get at its objects when it is iterated over; its own operators take node sets.
 */
static bool
is_iterable(const module_state *state, PyObject *object)
{
    if (PyType_IsSubtype(Py_TYPE(object), state->uniset_type))
        return false;
    return Py_TYPE(object)->tp_iter || PySequence_Check(object);
}

static PyObject *
operate(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    module_state *state = state_if_ours(Py_TYPE(a));
    heapy_address_map *result = NULL;
    held_objects *held = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    members left, right = {0};
    if (!state || !NodeSet_check(state, a) || !is_iterable(state, b))
        Py_RETURN_NOTIMPLEMENTED;
    if (NodeSet_check(state, b) && check_tags(a, b) < 0)
        return NULL;
    if (collect(state, b, &right) == 0 && members_of((NodeSet *)a, &left) == 0) {
        if (heapy_address_map_combine(map_of(&left), map_of(&right), operation, &result, &err))
            raise_heapy_error(&err);
        else
            held = capture_hold(result);
        members_deinit(&left);
    }
    members_deinit(&right);
    if (!held)
        return NULL;
    return imm_of_objects(state->imm_node_set_type, tag_of(a), held);
}

static PyObject *
node_set_or(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_UNION);
}

static PyObject *
node_set_and(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_INTERSECTION);
}

static PyObject *
node_set_subtract(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_DIFFERENCE);
}

static PyObject *
node_set_xor(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_SYMMETRIC_DIFFERENCE);
}

/* What an iterable gave before it failed counts (N-5), but for `&=`. */
static PyObject *
operate_in_place(PyObject *object, PyObject *other, heapy_set_operation operation)
{
    module_state *state = state_of_type(Py_TYPE(object));
    NodeSet *self = (NodeSet *)object;
    members right = {0};
    if (!is_iterable(state, other))
        Py_RETURN_NOTIMPLEMENTED;
    if (NodeSet_check(state, other) && check_tags(object, other) < 0)
        return NULL;
    int collected = collect(state, other, &right), result = -1;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (right.objects && operation == HEAPY_UNION)
        result = insert_all(self, right.objects);
    else if (right.objects && operation == HEAPY_DIFFERENCE)
        result = remove_members(self, map_of(&right), true);
    else if (right.objects && operation == HEAPY_SYMMETRIC_DIFFERENCE)
        result = toggle_members(self, right.objects);
    else if (collected == 0)
        result = remove_members(self, map_of(&right), false);
    if (type)
        PyErr_Restore(type, value, traceback);
    members_deinit(&right);
    if (result < 0 || collected < 0)
        return NULL;
    return Py_NewRef(object);
}

static PyObject *
mut_inplace_or(PyObject *self, PyObject *other)
{
    return operate_in_place(self, other, HEAPY_UNION);
}

static PyObject *
mut_inplace_and(PyObject *self, PyObject *other)
{
    return operate_in_place(self, other, HEAPY_INTERSECTION);
}

static PyObject *
mut_inplace_subtract(PyObject *self, PyObject *other)
{
    return operate_in_place(self, other, HEAPY_DIFFERENCE);
}

static PyObject *
mut_inplace_xor(PyObject *self, PyObject *other)
{
    return operate_in_place(self, other, HEAPY_SYMMETRIC_DIFFERENCE);
}

/* ---- reading ---- */

static Py_ssize_t
node_set_length(PyObject *object)
{
    NodeSet *self = (NodeSet *)object;
    members own;
    if (is_mutable(self))
        return (Py_ssize_t)heapy_bit_set_length(self->bits);
    if (members_of(self, &own) < 0)
        return -1;
    return (Py_ssize_t)heapy_address_map_count(map_of(&own));
}

static int
node_set_contains(PyObject *object, PyObject *member)
{
    NodeSet *self = (NodeSet *)object;
    members own;
    if (is_mutable(self))
        return heapy_bit_set_contains(self->bits, bit_of_object(member));
    if (members_of(self, &own) < 0)
        return -1;
    return heapy_address_map_contains(map_of(&own), (uintptr_t)member);
}

bool
NodeSet_holds(PyObject *object, const PyObject *member)
{
    const NodeSet *self = (const NodeSet *)object;
    if (is_mutable(self))
        return heapy_bit_set_contains(self->bits, bit_of_object(member));
    return self->held && heapy_address_map_contains(held_addresses(self->held), (uintptr_t)member);
}

/* In address order.  A mutable set is iterated over as it is now. */
static PyObject *
node_set_iter(PyObject *object)
{
    module_state *state = state_of_type(Py_TYPE(object));
    NodeSet *self = (NodeSet *)object;
    PyObject *set;
    members own;
    NodeSetIterator *iterator = NULL;
    if (is_mutable(self)) {
        held_objects *held = held_members(self);
        if (!held)
            return NULL;
        set = imm_of_objects(state->imm_node_set_type, tag_of(object), held);
    } else {
        set = Py_NewRef(object);
    }
    if (set && members_of((NodeSet *)set, &own) == 0)
        iterator = own_object_new(state->node_set_iterator_type, tag_of(object));
    if (iterator) {
        iterator->set = Py_NewRef(set);
        held_iterator_init(&iterator->position, own.objects);
    }
    Py_XDECREF(set);
    return (PyObject *)iterator;
}

static PyObject *
iterator_next(PyObject *object)
{
    NodeSetIterator *self = (NodeSetIterator *)object;
    NodeSet *set = (NodeSet *)self->set;
    members own;
    if (!set || (held_addresses(set->held) != self->position.position.map &&
                 members_of(set, &own) < 0)) /* the collector may have cleared it */
        return NULL;
    PyObject *member = held_iterator_next(&self->position);
    if (!member)
        Py_CLEAR(self->set);
    return Py_XNewRef(member);
}

static int
iterator_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((NodeSetIterator *)self)->set);
    return 0;
}

static int
iterator_clear(PyObject *self)
{
    Py_CLEAR(((NodeSetIterator *)self)->set);
    return 0;
}

static void
iterator_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    iterator_clear(self);
    own_object_free(self);
}

static PyType_Slot node_set_iterator_slots[] = {
    {Py_tp_traverse, iterator_traverse}, {Py_tp_clear, iterator_clear},   {Py_tp_dealloc, iterator_dealloc},
    {Py_tp_iter, PyObject_SelfIter},     {Py_tp_iternext, iterator_next}, {0, NULL},
};

PyType_Spec node_set_iterator_spec = {
    .name = "guppy.sets.setsc.NodeSetIterator",
    .basicsize = sizeof(NodeSetIterator),
    .flags = OWN_TYPE_FLAGS,
    .slots = node_set_iterator_slots,
};

static PyObject *
node_set_compare(PyObject *a, PyObject *b, int operation)
{
    module_state *state = state_if_ours(Py_TYPE(a));
    if (!state || !NodeSet_check(state, b))
        Py_RETURN_NOTIMPLEMENTED;
    members left, right = {0};
    PyObject *result = NULL;
    if (members_of((NodeSet *)a, &left) < 0)
        return NULL;
    if (members_of((NodeSet *)b, &right) == 0)
        result = address_maps_compare(map_of(&left), map_of(&right), operation);
    members_deinit(&left);
    members_deinit(&right);
    return result;
}

static Py_hash_t
imm_hash(PyObject *self)
{
    members own;
    if (members_of((NodeSet *)self, &own) < 0)
        return -1;
    return address_map_hash(map_of(&own));
}

static PyObject *
imm_obj_at(PyObject *self, PyObject *address)
{
    members own;
    if (!PyLong_Check(address)) {
        PyErr_Format(PyExc_TypeError, "obj_at(): an address is an int, not %.200s",
                     Py_TYPE(address)->tp_name);
        return NULL;
    }
    void *object = PyLong_AsVoidPtr(address);
    if ((!object && PyErr_Occurred()) || members_of((NodeSet *)self, &own) < 0)
        return NULL;
    if (object && (uintptr_t)object % 8 == 0 && heapy_address_map_contains(map_of(&own), (uintptr_t)object))
        return Py_NewRef((PyObject *)object);
    PyErr_Format(PyExc_ValueError, "obj_at(): no member is at address %p", object);
    return NULL;
}

static PyObject *
node_set_sizeof(PyObject *object, PyObject *Py_UNUSED(ignored))
{
    const NodeSet *self = (const NodeSet *)object;
    size_t bytes = (size_t)Py_TYPE(object)->tp_basicsize;
    const heapy_address_map *map =
        self->objects ? LiveObjects_map(self->objects) : held_addresses(self->held);
    PyErr_Clear(); /* cleared: it has none */
    if (is_mutable(self))
        bytes += heapy_bit_set_bytes(self->bits);
    else if (map)
        bytes += heapy_address_map_bytes(map);
    return PyLong_FromSize_t(bytes);
}

static PyObject *
node_set_reduce(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return PyErr_Format(PyExc_TypeError,
                        "cannot pickle or copy %.200s objects: they hold objects by identity",
                        Py_TYPE(self)->tp_name);
}

/* ---- attributes ---- */

static PyObject *
get_hiding_tag(PyObject *self, void *closure)
{
    (void)closure;
    if (tag_of(self))
        return Py_NewRef(tag_of(self));
    PyErr_Format(PyExc_AttributeError, "this %.200s object has no hiding tag", Py_TYPE(self)->tp_name);
    return NULL;
}

static int
set_hiding_tag(PyObject *self, PyObject *tag, void *closure)
{
    (void)closure;
    own_object_set_tag(self, tag);
    return 0;
}

static PyObject *
get_is_immutable(PyObject *self, void *closure)
{
    (void)closure;
    return PyBool_FromLong(!is_mutable((NodeSet *)self));
}

/* ---- life ---- */

static int
node_set_traverse(PyObject *object, visitproc visit, void *arg)
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

static int
node_set_clear(PyObject *object)
{
    NodeSet *self = (NodeSet *)object;
    held_objects *held = self->held;
    Py_CLEAR(self->objects);
    self->held = NULL;
    capture_release(held);
    if (self->bits)
        release_bits(self->bits);
    return 0;
}

static void
node_set_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    node_set_clear(self);
    heapy_bit_set_destroy(((NodeSet *)self)->bits);
    own_object_free(self);
}

static PyMethodDef node_set_methods[] = {
    {"__sizeof__", node_set_sizeof, METH_NOARGS, DOC_NodeSet___sizeof__},
    {"__reduce__", node_set_reduce, METH_NOARGS, DOC_NodeSet___reduce__},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef node_set_getset[] = {
    {"_hiding_tag_", get_hiding_tag, NULL, DOC_NodeSet__hiding_tag_, NULL},
    {"is_immutable", get_is_immutable, NULL, DOC_NodeSet_is_immutable, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot node_set_slots[] = {
    {Py_tp_doc, DOC_NodeSet},
    {Py_tp_traverse, node_set_traverse},
    {Py_tp_clear, node_set_clear},
    {Py_tp_dealloc, node_set_dealloc},
    {Py_tp_hash, PyObject_HashNotImplemented},
    {Py_tp_richcompare, node_set_compare},
    {Py_tp_iter, node_set_iter},
    {Py_tp_methods, node_set_methods},
    {Py_tp_getset, node_set_getset},
    {Py_sq_length, node_set_length},
    {Py_sq_contains, node_set_contains},
    {Py_nb_or, node_set_or},
    {Py_nb_and, node_set_and},
    {Py_nb_subtract, node_set_subtract},
    {Py_nb_xor, node_set_xor},
    {0, NULL},
};

PyType_Spec node_set_spec = {
    .name = "guppy.sets.setsc.NodeSet",
    .basicsize = sizeof(NodeSet),
    .flags = OWN_TYPE_FLAGS | Py_TPFLAGS_BASETYPE,
    .slots = node_set_slots,
};

static PyMethodDef imm_node_set_methods[] = {
    {"obj_at", imm_obj_at, METH_O, DOC_ImmNodeSet_obj_at},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot imm_node_set_slots[] = {
    {Py_tp_doc, DOC_ImmNodeSet},
    {Py_tp_new, imm_node_set_new},
    {Py_tp_traverse, node_set_traverse},
    {Py_tp_clear, node_set_clear},
    {Py_tp_dealloc, node_set_dealloc},
    {Py_tp_hash, imm_hash},
    {Py_tp_richcompare, node_set_compare},
    {Py_tp_methods, imm_node_set_methods},
    {0, NULL},
};

enum { NODE_SET_FLAGS = (OWN_TYPE_FLAGS & ~Py_TPFLAGS_DISALLOW_INSTANTIATION) | Py_TPFLAGS_BASETYPE };

PyType_Spec imm_node_set_spec = {
    .name = "guppy.sets.setsc.ImmNodeSet",
    .basicsize = sizeof(NodeSet),
    .flags = NODE_SET_FLAGS,
    .slots = imm_node_set_slots,
};

static PyMethodDef mut_node_set_methods[] = {
    {"add", mut_add, METH_O, DOC_MutNodeSet_add},
    {"append", mut_append, METH_O, DOC_MutNodeSet_append},
    {"discard", mut_discard, METH_O, DOC_MutNodeSet_discard},
    {"remove", mut_remove, METH_O, DOC_MutNodeSet_remove},
    {"pop", mut_pop, METH_NOARGS, DOC_MutNodeSet_pop},
    {"tas", mut_tas, METH_O, DOC_MutNodeSet_tas},
    {"tac", mut_tac, METH_O, DOC_MutNodeSet_tac},
    {"clear", mut_clear_all, METH_NOARGS, DOC_MutNodeSet_clear},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef mut_node_set_getset[] = {
    {"_hiding_tag_", get_hiding_tag, set_hiding_tag, DOC_NodeSet__hiding_tag_, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot mut_node_set_slots[] = {
    {Py_tp_doc, DOC_MutNodeSet},          {Py_tp_new, mut_node_set_new},
    {Py_tp_traverse, node_set_traverse},  {Py_tp_clear, node_set_clear},
    {Py_tp_dealloc, node_set_dealloc},    {Py_tp_methods, mut_node_set_methods},
    {Py_tp_getset, mut_node_set_getset},  {Py_nb_inplace_or, mut_inplace_or},
    {Py_nb_inplace_and, mut_inplace_and}, {Py_nb_inplace_subtract, mut_inplace_subtract},
    {Py_nb_inplace_xor, mut_inplace_xor}, {0, NULL},
};

PyType_Spec mut_node_set_spec = {
    .name = "guppy.sets.setsc.MutNodeSet",
    .basicsize = sizeof(NodeSet),
    .flags = NODE_SET_FLAGS,
    .slots = mut_node_set_slots,
};
