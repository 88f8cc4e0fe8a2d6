/* SPDX-License-Identifier: MIT */
/*
 * Node graphs: pairs of objects, by identity (H-101).
 *
 * An array of pairs, put in order of address and rid of doubles when it is first read after a change.
 */
#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/held_objects.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"
#include "types/type_live_objects.h"

#include <heapy/address_map.h>
#include <heapy/memory.h>
#include <stdlib.h>
#include <structmember.h>

typedef struct edge {
    PyObject *source, *target; /* owned */
} edge;

typedef struct {
    OWN_OBJECT_HEAD
    edge *edges;
    size_t count, capacity;
    char is_mapping, is_sorted;
} NodeGraph;

/* ---- edges ---- */

static int
compare_edges(const void *a, const void *b)
{
    const edge *x = a, *y = b;
    if (x->source != y->source)
        return (uintptr_t)x->source < (uintptr_t)y->source ? -1 : 1;
    return ((uintptr_t)x->target > (uintptr_t)y->target) - ((uintptr_t)x->target < (uintptr_t)y->target);
}

/* Doubles are dropped; nothing can die by it, since the first of them stays. */
static void
sort_edges(NodeGraph *self)
{
    if (self->is_sorted)
        return;
    qsort(self->edges, self->count, sizeof *self->edges, compare_edges);
    size_t kept = 0;
    for (size_t i = 0; i < self->count; i++) {
        if (kept && !compare_edges(&self->edges[kept - 1], &self->edges[i])) {
            Py_DECREF(self->edges[i].source);
            Py_DECREF(self->edges[i].target);
        } else {
            self->edges[kept++] = self->edges[i];
        }
    }
    self->count = kept;
    self->is_sorted = true;
}

static int
add_edge(NodeGraph *self, PyObject *source, PyObject *target)
{
    edge *edges = heapy_grow(self->edges, self->count, &self->capacity, sizeof *edges);
    if (!edges) {
        PyErr_NoMemory();
        return -1;
    }
    self->edges = edges;
    edges[self->count++] = (edge){Py_NewRef(source), Py_NewRef(target)};
    self->is_sorted = false;
    return 0;
}

/* The edges of a source: first .. end - 1.  O(log edges). */
static void
edges_of(NodeGraph *self, PyObject *source, size_t *first, size_t *end)
{
    sort_edges(self);
    size_t low = 0, high = self->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((uintptr_t)self->edges[middle].source < (uintptr_t)source)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low < self->count && self->edges[low].source == source)
        low++;
    *end = low;
}

static NodeGraph *
new_graph(PyTypeObject *type, PyObject *tag, bool is_mapping)
{
    NodeGraph *self = own_object_new(type, tag);
    if (self) {
        self->is_mapping = is_mapping;
        self->is_sorted = true;
    }
    return self;
}

static int
add_pairs(NodeGraph *self, PyObject *pairs)
{
    PyObject *iterator = PyObject_GetIter(pairs);
    if (!iterator)
        return -1;
    int result = 0;
    for (PyObject *pair; !result && (pair = PyIter_Next(iterator));) {
        if (PyTuple_Check(pair) && PyTuple_GET_SIZE(pair) == 2) {
            result = add_edge(self, PyTuple_GET_ITEM(pair, 0), PyTuple_GET_ITEM(pair, 1));
        } else {
            PyErr_SetString(PyExc_TypeError, "update: right argument must be sequence of 2-tuples");
            result = -1;
        }
        Py_DECREF(pair);
    }
    Py_DECREF(iterator);
    return result || PyErr_Occurred() ? -1 : 0;
}

static PyObject *
node_graph_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"edges", "is_mapping", "hiding_tag", NULL};
    PyObject *pairs = NULL, *tag = Py_None;
    int is_mapping = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OpO:NodeGraph", names, &pairs, &is_mapping, &tag))
        return NULL;
    NodeGraph *self = new_graph(type, tag, is_mapping);
    if (self && pairs && pairs != Py_None && add_pairs(self, pairs) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

/* ---- as a mapping ---- */

static PyObject *
targets_of(NodeGraph *self, PyObject *source)
{
    size_t first, end;
    edges_of(self, source, &first, &end);
    if (self->is_mapping) {
        if (end - first == 1)
            return Py_NewRef(self->edges[first].target);
        if (first == end)
            PyErr_SetObject(PyExc_KeyError, source);
        else
            PyErr_SetString(PyExc_ValueError, "Ambiguos mapping");
        return NULL;
    }
    PyObject *targets = PyTuple_New((Py_ssize_t)(end - first));
    for (size_t i = first; targets && i < end; i++)
        PyTuple_SET_ITEM(targets, (Py_ssize_t)(i - first), Py_NewRef(self->edges[i].target));
    return targets;
}

static PyObject *
node_graph_subscript(PyObject *self, PyObject *source)
{
    return targets_of((NodeGraph *)self, source);
}

/* Replace the targets of a source by as many others. */
static int
node_graph_assign(PyObject *object, PyObject *source, PyObject *value)
{
    NodeGraph *self = (NodeGraph *)object;
    if (!value) {
        PyErr_SetString(PyExc_NotImplementedError, "edges cannot be deleted: make a new graph without them");
        return -1;
    }
    PyObject *targets;
    if (self->is_mapping)
        targets = PyTuple_Pack(1, value);
    else
        targets = PySequence_Tuple(value);
    if (!targets)
        return -1;
    size_t first, end;
    edges_of(self, source, &first, &end);
    if ((size_t)PyTuple_GET_SIZE(targets) != end - first) {
        PyErr_Format(PyExc_ValueError, "the number of targets is %zu and cannot be changed to %zd",
                     end - first, PyTuple_GET_SIZE(targets));
        Py_DECREF(targets);
        return -1;
    }
    PyObject *old = PyTuple_New(PyTuple_GET_SIZE(targets)); /* let go of at the end */
    for (size_t i = first; old && i < end; i++) {
        PyTuple_SET_ITEM(old, (Py_ssize_t)(i - first), self->edges[i].target);
        self->edges[i].target = Py_NewRef(PyTuple_GET_ITEM(targets, (Py_ssize_t)(i - first)));
    }
    self->is_sorted = false;
    Py_DECREF(targets);
    Py_XDECREF(old);
    if (!old)
        return -1;
    return 0;
}

static Py_ssize_t
node_graph_length(PyObject *self)
{
    sort_edges((NodeGraph *)self);
    return (Py_ssize_t)((NodeGraph *)self)->count;
}

/* ---- iterating ---- */

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *graph;
    size_t at, count;
} NodeGraphIterator;

static PyObject *
node_graph_iter(PyObject *self)
{
    module_state *state = state_of_type(Py_TYPE(self));
    NodeGraphIterator *iterator = own_object_new(state->node_graph_iterator_type, tag_of(self));
    if (!iterator)
        return NULL;
    sort_edges((NodeGraph *)self);
    iterator->graph = Py_NewRef(self);
    iterator->count = ((NodeGraph *)self)->count;
    return (PyObject *)iterator;
}

static PyObject *
iterator_next(PyObject *object)
{
    NodeGraphIterator *self = (NodeGraphIterator *)object;
    NodeGraph *graph = (NodeGraph *)self->graph;
    if (!graph)
        return NULL;
    if (!graph->is_sorted || graph->count != self->count) {
        PyErr_SetString(PyExc_RuntimeError, "nodegraph changed size during iteration");
        return NULL;
    }
    if (self->at == self->count)
        return NULL;
    const edge *e = &graph->edges[self->at++];
    return PyTuple_Pack(2, e->source, e->target);
}

static int
iterator_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((NodeGraphIterator *)self)->graph);
    return 0;
}

static int
iterator_clear(PyObject *self)
{
    Py_CLEAR(((NodeGraphIterator *)self)->graph);
    return 0;
}

static void
iterator_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    iterator_clear(self);
    own_object_free(self);
}

/* ---- methods ---- */

static PyObject *
node_graph_add_edge(PyObject *self, PyObject *args)
{
    PyObject *source, *target;
    if (!PyArg_ParseTuple(args, "OO:add_edge", &source, &target) ||
        add_edge((NodeGraph *)self, source, target) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *
node_graph_add_edges_n1(PyObject *self, PyObject *args)
{
    PyObject *sources, *target;
    if (!PyArg_ParseTuple(args, "OO:add_edges_n1", &sources, &target))
        return NULL;
    PyObject *iterator = PyObject_GetIter(sources);
    int result = 0;
    if (!iterator)
        return NULL;
    for (PyObject *source; !result && (source = PyIter_Next(iterator));) {
        result = add_edge((NodeGraph *)self, source, target);
        Py_DECREF(source);
    }
    Py_DECREF(iterator);
    if (result || PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *
node_graph_as_flat_list(PyObject *object, PyObject *Py_UNUSED(ignored))
{
    NodeGraph *self = (NodeGraph *)object;
    sort_edges(self);
    PyObject *list = PyList_New((Py_ssize_t)(2 * self->count));
    for (size_t i = 0; list && i < self->count; i++) {
        PyList_SET_ITEM(list, (Py_ssize_t)(2 * i), Py_NewRef(self->edges[i].source));
        PyList_SET_ITEM(list, (Py_ssize_t)(2 * i + 1), Py_NewRef(self->edges[i].target));
    }
    return list;
}

static int
node_graph_drop(PyObject *object)
{
    NodeGraph *self = (NodeGraph *)object;
    edge *edges = self->edges;
    size_t count = self->count;
    self->edges = NULL;
    self->count = self->capacity = 0;
    self->is_sorted = true;
    for (size_t i = 0; i < count; i++) {
        Py_DECREF(edges[i].source);
        Py_DECREF(edges[i].target);
    }
    heapy_free(edges);
    return 0;
}

static PyObject *
node_graph_clear(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    node_graph_drop(self);
    Py_RETURN_NONE;
}

/* A new graph of the edges whose source is in `domain` (NULL: all), each turned round if so asked. */
static PyObject *
copy_edges(NodeGraph *self, const heapy_address_map *domain, bool is_turned)
{
    NodeGraph *copy = new_graph(Py_TYPE(self), tag_of((PyObject *)self), self->is_mapping);
    for (size_t i = 0; copy && i < self->count; i++) {
        const edge *e = &self->edges[i];
        if (domain && !heapy_address_map_contains(domain, (uintptr_t)e->source))
            continue;
        int result;
        if (is_turned)
            result = add_edge(copy, e->target, e->source);
        else
            result = add_edge(copy, e->source, e->target);
        if (result < 0)
            Py_CLEAR(copy);
    }
    return (PyObject *)copy;
}

static PyObject *
node_graph_copy(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return copy_edges((NodeGraph *)self, NULL, false);
}

static PyObject *
node_graph_inverted(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return copy_edges((NodeGraph *)self, NULL, true);
}

static PyObject *
node_graph_invert(PyObject *object, PyObject *Py_UNUSED(ignored))
{
    NodeGraph *self = (NodeGraph *)object;
    for (size_t i = 0; i < self->count; i++)
        self->edges[i] = (edge){self->edges[i].target, self->edges[i].source};
    self->is_sorted = false;
    Py_RETURN_NONE;
}

static PyObject *
node_graph_update(PyObject *self, PyObject *pairs)
{
    if (add_pairs((NodeGraph *)self, pairs) < 0)
        return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *
node_graph_updated(PyObject *self, PyObject *pairs)
{
    PyObject *copy = copy_edges((NodeGraph *)self, NULL, false);
    if (copy && add_pairs((NodeGraph *)copy, pairs) < 0)
        Py_CLEAR(copy);
    return copy;
}

/* The objects at one end of the edges whose source is in `domain` (NULL: all), as a node set. */
static PyObject *
ends_of(NodeGraph *self, const heapy_address_map *domain, bool are_targets)
{
    PyObject **objects = heapy_alloc_array(self->count, sizeof *objects);
    size_t count = 0;
    if (!objects)
        return PyErr_NoMemory();
    for (size_t i = 0; i < self->count; i++)
        if (!domain || heapy_address_map_contains(domain, (uintptr_t)self->edges[i].source))
            objects[count++] = are_targets ? self->edges[i].target : self->edges[i].source;
    held_objects *held = hold_objects(objects, count);
    heapy_free(objects);
    return NodeSet_of_held((PyObject *)self, held);
}

static PyObject *
node_graph_get_domain(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return ends_of((NodeGraph *)self, NULL, false);
}

static PyObject *
node_graph_get_range(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return ends_of((NodeGraph *)self, NULL, true);
}

static PyObject *
node_graph_relimg(PyObject *self, PyObject *domain)
{
    held_objects *held = objects_of_iterable(domain);
    PyObject *set = NULL;
    if (held)
        set = ends_of((NodeGraph *)self, held_addresses(held), true);
    capture_release_keeping_exception(held);
    return set;
}

static PyObject *
node_graph_domain_restricted(PyObject *self, PyObject *domain)
{
    held_objects *held = objects_of_iterable(domain);
    PyObject *graph = NULL;
    if (held)
        graph = copy_edges((NodeGraph *)self, held_addresses(held), false);
    capture_release_keeping_exception(held);
    return graph;
}

static PyObject *
node_graph_domain_covers(PyObject *object, PyObject *objects)
{
    held_objects *held = objects_of_iterable(objects);
    if (!held)
        return NULL;
    bool covers = true;
    held_iterator iterator;
    held_iterator_init(&iterator, held);
    for (PyObject *source; covers && (source = held_iterator_next(&iterator));) {
        size_t first, end;
        edges_of((NodeGraph *)object, source, &first, &end);
        covers = first != end;
    }
    capture_release(held);
    return PyBool_FromLong(covers);
}

static PyObject *
node_graph_sizeof(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromSize_t(sizeof(NodeGraph) + ((NodeGraph *)self)->capacity * sizeof(edge));
}

static PyObject *
node_graph_hiding_tag(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(tag_of(self));
}

/* ---- life ---- */

static int
node_graph_traverse(PyObject *object, visitproc visit, void *arg)
{
    NodeGraph *self = (NodeGraph *)object;
    VISIT_OWN_HEAD(object);
    for (size_t i = 0; i < self->count; i++) {
        Py_VISIT(self->edges[i].source);
        Py_VISIT(self->edges[i].target);
    }
    return 0;
}

static void
node_graph_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    node_graph_drop(self);
    own_object_free(self);
}

static PyMethodDef node_graph_methods[] = {
    {"add_edge", node_graph_add_edge, METH_VARARGS, DOC_NodeGraph_add_edge},
    {"add_edges_n1", node_graph_add_edges_n1, METH_VARARGS, DOC_NodeGraph_add_edges_n1},
    {"as_flat_list", node_graph_as_flat_list, METH_NOARGS, DOC_NodeGraph_as_flat_list},
    {"clear", node_graph_clear, METH_NOARGS, DOC_NodeGraph_clear},
    {"copy", node_graph_copy, METH_NOARGS, DOC_NodeGraph_copy},
    {"domain_covers", node_graph_domain_covers, METH_O, DOC_NodeGraph_domain_covers},
    {"domain_restricted", node_graph_domain_restricted, METH_O, DOC_NodeGraph_domain_restricted},
    {"get_domain", node_graph_get_domain, METH_NOARGS, DOC_NodeGraph_get_domain},
    {"get_range", node_graph_get_range, METH_NOARGS, DOC_NodeGraph_get_range},
    {"invert", node_graph_invert, METH_NOARGS, DOC_NodeGraph_invert},
    {"inverted", node_graph_inverted, METH_NOARGS, DOC_NodeGraph_inverted},
    {"relimg", node_graph_relimg, METH_O, DOC_NodeGraph_relimg},
    {"update", node_graph_update, METH_O, DOC_NodeGraph_update},
    {"updated", node_graph_updated, METH_O, DOC_NodeGraph_updated},
    {"__sizeof__", node_graph_sizeof, METH_NOARGS, DOC_NodeGraph___sizeof__},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef node_graph_members[] = {
    {"is_mapping", T_BYTE, offsetof(NodeGraph, is_mapping), READONLY, DOC_NodeGraph_is_mapping},
    {"is_sorted", T_BYTE, offsetof(NodeGraph, is_sorted), READONLY, DOC_NodeGraph_is_sorted},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef node_graph_getset[] = {
    {"_hiding_tag_", node_graph_hiding_tag, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot node_graph_slots[] = {
    {Py_tp_doc, DOC_NodeGraph},
    {Py_tp_new, node_graph_new},
    {Py_tp_traverse, node_graph_traverse},
    {Py_tp_clear, node_graph_drop},
    {Py_tp_dealloc, node_graph_dealloc},
    {Py_tp_iter, node_graph_iter},
    {Py_tp_methods, node_graph_methods},
    {Py_tp_members, node_graph_members},
    {Py_tp_getset, node_graph_getset},
    {Py_mp_subscript, node_graph_subscript},
    {Py_mp_ass_subscript, node_graph_assign},
    {Py_mp_length, node_graph_length},
    {0, NULL},
};

PyType_Spec node_graph_spec = {
    .name = "guppy.heapy.heapyc.NodeGraph",
    .basicsize = sizeof(NodeGraph),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = node_graph_slots,
};

static PyType_Slot iterator_slots[] = {
    {Py_tp_traverse, iterator_traverse}, {Py_tp_clear, iterator_clear},   {Py_tp_dealloc, iterator_dealloc},
    {Py_tp_iter, PyObject_SelfIter},     {Py_tp_iternext, iterator_next}, {0, NULL},
};

PyType_Spec node_graph_iterator_spec = {
    .name = "guppy.heapy.heapyc.NodeGraphIterator",
    .basicsize = sizeof(NodeGraphIterator),
    .flags = OWN_TYPE_FLAGS,
    .slots = iterator_slots,
};
