/* SPDX-License-Identifier: MIT */
/* Node sets: immutable sets of objects by identity (K-25c, K-19b). */
#include "capture.h"
#include "errors.h"
#include "heapyc_docs.h"
#include "types.h"

PyObject *
NodeSet_wrap(PyObject *session, PyObject *live_objects)
{
    module_state *state = state_of_type(Py_TYPE(session));
    NodeSet *self = own_object_new(state->imm_node_set_type, tag_of(session));
    if (self)
        self->objects = Py_NewRef(live_objects);
    return (PyObject *)self;
}

static const heapy_address_map *
map_of(PyObject *self)
{
    return LiveObjects_map(((NodeSet *)self)->objects);
}

static Py_ssize_t
node_set_length(PyObject *self)
{
    const heapy_address_map *map = map_of(self);
    return map ? (Py_ssize_t)heapy_address_map_count(map) : -1;
}

static int
node_set_contains(PyObject *self, PyObject *object)
{
    const heapy_address_map *map = map_of(self);
    return map ? heapy_address_map_contains(map, (uintptr_t)object) : -1;
}

/* The objects in address order. */
static PyObject *
node_set_iter(PyObject *self)
{
    const heapy_address_map *map = map_of(self);
    PyObject *list = map ? PyList_New((Py_ssize_t)heapy_address_map_count(map)) : NULL;
    if (!list)
        return NULL;
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++)
        PyList_SET_ITEM(list, i, Py_NewRef((PyObject *)heapy_address_iterator_next(&iterator)));
    PyObject *result = PyObject_GetIter(list);
    Py_DECREF(list);
    return result;
}

static PyObject *
operate(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    module_state *state = state_if_ours(Py_TYPE(a));
    if (!state || !NodeSet_check(state, a) || !NodeSet_check(state, b))
        Py_RETURN_NOTIMPLEMENTED;
    const heapy_address_map *left = map_of(a), *right = left ? map_of(b) : NULL;
    heapy_address_map *result;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!right)
        return NULL;
    if (heapy_address_map_combine(left, right, operation, &result, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    capture_hold(result);
    PyObject *objects = LiveObjects_wrap(a, result); /* tagged like a */
    PyObject *set = objects ? NodeSet_wrap(a, objects) : NULL;
    Py_XDECREF(objects);
    return set;
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

static PyObject *
node_set_compare(PyObject *a, PyObject *b, int operation)
{
    module_state *state = state_if_ours(Py_TYPE(a));
    if (!state || !NodeSet_check(state, b))
        Py_RETURN_NOTIMPLEMENTED;
    const heapy_address_map *left = map_of(a), *right = left ? map_of(b) : NULL;
    return right ? address_maps_compare(left, right, operation) : NULL;
}

static Py_hash_t
node_set_hash(PyObject *self)
{
    const heapy_address_map *map = map_of(self);
    return map ? address_map_hash(map) : -1;
}

static PyObject *
node_set_sizeof(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    const heapy_address_map *map = map_of(self);
    return map ? PyLong_FromSize_t(sizeof(NodeSet) + heapy_address_map_bytes(map)) : NULL;
}

static PyObject *
node_set_hiding_tag(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(tag_of(self));
}

static int
node_set_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((NodeSet *)self)->objects);
    return 0;
}

static int
node_set_clear(PyObject *self)
{
    Py_CLEAR(((NodeSet *)self)->objects);
    return 0;
}

static void
node_set_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    node_set_clear(self);
    own_object_free(self);
}

static PyMethodDef node_set_methods[] = {
    {"__sizeof__", node_set_sizeof, METH_NOARGS, DOC_NodeSet___sizeof__},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef node_set_getset[] = {
    {"_hiding_tag_", node_set_hiding_tag, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot node_set_slots[] = {
    {Py_tp_doc, DOC_NodeSet},
    {Py_tp_traverse, node_set_traverse},
    {Py_tp_clear, node_set_clear},
    {Py_tp_dealloc, node_set_dealloc},
    {Py_tp_hash, node_set_hash},
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
    .name = "guppy.sets.NodeSet",
    .basicsize = sizeof(NodeSet),
    .flags = OWN_TYPE_FLAGS | Py_TPFLAGS_BASETYPE,
    .slots = node_set_slots,
};

static PyType_Slot imm_node_set_slots[] = {
    {Py_tp_doc, DOC_ImmNodeSet},
    {Py_tp_traverse, node_set_traverse},
    {Py_tp_clear, node_set_clear},
    {Py_tp_dealloc, node_set_dealloc},
    {0, NULL},
};

PyType_Spec imm_node_set_spec = {
    .name = "guppy.sets.ImmNodeSet",
    .basicsize = sizeof(NodeSet),
    .flags = OWN_TYPE_FLAGS,
    .slots = imm_node_set_slots,
};
