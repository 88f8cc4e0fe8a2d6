/* SPDX-License-Identifier: MIT */
/*
 * Node sets: sets of objects by identity (N-1 to N-18).
 *
 *     ImmNodeSet   the objects of a session's set, which it shares, or a map of its own
 *     MutNodeSet   bits, address / 8
 *
 * Either holds each of its objects once.  Where both are asked the mutable one is written as a map first.
 */
#include "types/node_set_members.h"

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

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *set; /* an immutable one; NULL at the end */
    held_iterator position;
} NodeSetIterator;

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
    node_members given = {0};
    if (!iterable)
        held = hold_objects(NULL, 0);
    else if (NodeSet_check(state, iterable))
        held = NodeSet_hold_members((NodeSet *)iterable);
    else if (node_members_collect(state, iterable, &given) == 0)
        held = given.made; /* taken over */
    else
        node_members_deinit(&given);
    if (!held)
        return NULL;
    return ImmNodeSet_create(type, tag, held);
}

/* ---- operators ---- */

static PyObject *
operate(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    module_state *state = state_if_ours(Py_TYPE(a));
    heapy_address_map *result = NULL;
    held_objects *held = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    node_members left, right = {0};
    if (!state || !NodeSet_check(state, a) || !NodeSet_can_take(state, b))
        Py_RETURN_NOTIMPLEMENTED;
    if (NodeSet_check(state, b) && NodeSet_check_tags(a, b) < 0)
        return NULL;
    if (node_members_collect(state, b, &right) == 0 && node_members_of((NodeSet *)a, &left) == 0) {
        if (heapy_address_map_combine(node_members_map(&left), node_members_map(&right), operation, &result,
                                      &err))
            raise_heapy_error(&err);
        else
            held = capture_hold(result);
        node_members_deinit(&left);
    }
    node_members_deinit(&right);
    if (!held)
        return NULL;
    return ImmNodeSet_create(state->imm_node_set_type, tag_of(a), held);
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

/* ---- reading ---- */

static Py_ssize_t
node_set_length(PyObject *object)
{
    NodeSet *self = (NodeSet *)object;
    node_members own;
    if (NodeSet_is_mutable(self))
        return (Py_ssize_t)heapy_bit_set_length(self->bits);
    if (node_members_of(self, &own) < 0)
        return -1;
    return (Py_ssize_t)heapy_address_map_count(node_members_map(&own));
}

static int
node_set_contains(PyObject *object, PyObject *member)
{
    NodeSet *self = (NodeSet *)object;
    node_members own;
    if (NodeSet_is_mutable(self))
        return heapy_bit_set_contains(self->bits, bit_of_object(member));
    if (node_members_of(self, &own) < 0)
        return -1;
    return heapy_address_map_contains(node_members_map(&own), (uintptr_t)member);
}

/* In address order.  A mutable set is iterated over as it is now. */
static PyObject *
node_set_iter(PyObject *object)
{
    module_state *state = state_of_type(Py_TYPE(object));
    NodeSet *self = (NodeSet *)object;
    PyObject *set;
    node_members own;
    NodeSetIterator *iterator = NULL;
    if (NodeSet_is_mutable(self)) {
        held_objects *held = NodeSet_hold_members(self);
        if (!held)
            return NULL;
        set = ImmNodeSet_create(state->imm_node_set_type, tag_of(object), held);
    } else {
        set = Py_NewRef(object);
    }
    if (set && node_members_of((NodeSet *)set, &own) == 0)
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
    node_members own;
    if (!set || (held_addresses(set->held) != self->position.position.map &&
                 node_members_of(set, &own) < 0)) /* the collector may have cleared it */
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
    node_members left, right = {0};
    PyObject *result = NULL;
    if (node_members_of((NodeSet *)a, &left) < 0)
        return NULL;
    if (node_members_of((NodeSet *)b, &right) == 0)
        result = address_maps_compare(node_members_map(&left), node_members_map(&right), operation);
    node_members_deinit(&left);
    node_members_deinit(&right);
    return result;
}

static Py_hash_t
imm_hash(PyObject *self)
{
    node_members own;
    if (node_members_of((NodeSet *)self, &own) < 0)
        return -1;
    return address_map_hash(node_members_map(&own));
}

static PyObject *
imm_obj_at(PyObject *self, PyObject *address)
{
    node_members own;
    if (!PyLong_Check(address)) {
        PyErr_Format(PyExc_TypeError, "obj_at(): an address is an int, not %.200s",
                     Py_TYPE(address)->tp_name);
        return NULL;
    }
    void *object = PyLong_AsVoidPtr(address);
    if ((!object && PyErr_Occurred()) || node_members_of((NodeSet *)self, &own) < 0)
        return NULL;
    if (object && (uintptr_t)object % 8 == 0 &&
        heapy_address_map_contains(node_members_map(&own), (uintptr_t)object))
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
    if (NodeSet_is_mutable(self))
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
get_is_immutable(PyObject *self, void *closure)
{
    (void)closure;
    return PyBool_FromLong(!NodeSet_is_mutable((NodeSet *)self));
}

/* ---- life ---- */

static PyMethodDef node_set_methods[] = {
    {"__sizeof__", node_set_sizeof, METH_NOARGS, DOC_NodeSet___sizeof__},
    {"__reduce__", node_set_reduce, METH_NOARGS, DOC_NodeSet___reduce__},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef node_set_getset[] = {
    {"_hiding_tag_", NodeSet_get_hiding_tag, NULL, DOC_NodeSet__hiding_tag_, NULL},
    {"is_immutable", get_is_immutable, NULL, DOC_NodeSet_is_immutable, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot node_set_slots[] = {
    {Py_tp_doc, DOC_NodeSet},
    {Py_tp_traverse, NodeSet_traverse},
    {Py_tp_clear, NodeSet_clear},
    {Py_tp_dealloc, NodeSet_dealloc},
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
    {Py_tp_traverse, NodeSet_traverse},
    {Py_tp_clear, NodeSet_clear},
    {Py_tp_dealloc, NodeSet_dealloc},
    {Py_tp_hash, imm_hash},
    {Py_tp_richcompare, node_set_compare},
    {Py_tp_methods, imm_node_set_methods},
    {0, NULL},
};

PyType_Spec imm_node_set_spec = {
    .name = "guppy.sets.setsc.ImmNodeSet",
    .basicsize = sizeof(NodeSet),
    .flags = NODE_SET_FLAGS,
    .slots = imm_node_set_slots,
};
