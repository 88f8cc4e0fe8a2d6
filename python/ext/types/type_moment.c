/* SPDX-License-Identifier: MIT */
/*
 * Moments: the heap as it was at one time, with its edges and labels, and strong references to every object
 * in it, so that whatever is asked or listed of it later is what it was (H-91, H-92).  Reverse edges and
 * dominators are made when something first needs them, and kept.
 */
#include "live/errors.h"
#include "capture/object_map.h"
#include "capture/own_object_head.h"
#include "live/live_capture.h"
#include "live/progress_line.h"
#include "heapyc_docs.h"
#include "live/relations.h"
#include "live/world.h"
#include "types/live_heap.h"
#include "types/module_state.h"
#include "types/moment.h"
#include "types/own_object.h"
#include "types/type_heap_view.h"
#include "types/type_identity_set.h"
#include "types/type_live_objects.h"
#include "types/type_stat.h"

#include <heapy/address_map.h>
#include <heapy/dominators.h>
#include <heapy/graph.h>
#include <heapy/memory.h>
#include <heapy/progress.h>
#include <heapy/referrers.h>
#include <heapy/status.h>

typedef struct {
    OWN_OBJECT_HEAD
    live_heap heap;
    heapy_referrers *referrers;   /* NULL until asked for */
    heapy_dominators *dominators; /* NULL until asked for */
    double time;                  /* when it was taken: time.time() */
} Moment;

/* Owners that are no nodes themselves are forgotten: the graph has their type. */
static void
keep_owners_that_are_nodes(live_heap *heap)
{
    size_t kept = 0;
    for (size_t i = 0; i < heap->owners.count; i++) {
        struct dict_owner item = heap->owners.items[i];
        if (heapy_address_map_rank(heap->map, (uintptr_t)item.owner) == HEAPY_NO_NODE)
            Py_DECREF(item.owner);
        else
            heap->owners.items[kept++] = item;
    }
    heap->owners.count = kept;
}

static int
capture(Moment *self, PyObject *session)
{
    live_heap *heap = &self->heap;
    capture_view view;
    heapy_address_map *map;
    Session_capture_view(session, &view);
    self->time = seconds_now();
    if (capture_graph(&view, &map, &heap->graph, &heap->types, &heap->owners) < 0)
        return -1;
    heap->objects = LiveObjects_wrap(session, map);
    if (!heap->objects)
        return -1;
    heap->map = map;
    keep_owners_that_are_nodes(heap);
    return 0;
}

PyObject *
Moment_create(PyObject *session)
{
    module_state *state = state_of_type(Py_TYPE(session));
    Moment *self = own_object_new(state->moment_type, tag_of(session));
    if (!self)
        return NULL;
    /* A collection half-way would run finalizers, and the moment would be over. */
    stopped_world world = world_stop();
    int result = capture(self, session);
    world_start(&world);
    if (result < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

const live_heap *
Moment_heap(PyObject *moment)
{
    const live_heap *heap = &((Moment *)moment)->heap;
    return LiveObjects_map(heap->objects) ? heap : NULL;
}

PyObject *
Moment_objects(PyObject *moment)
{
    return ((Moment *)moment)->heap.objects;
}

const heapy_referrers *
Moment_referrers(PyObject *moment)
{
    Moment *self = (Moment *)moment;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!self->referrers && heapy_referrers_create(self->heap.graph, &self->referrers, &err))
        raise_heapy_error(&err);
    return self->referrers;
}

heapy_dominators *
Moment_dominators(PyObject *moment)
{
    Moment *self = (Moment *)moment;
    heapy_error err = HEAPY_ERROR_INIT;
    progress_line line = {0};
    const heapy_progress progress = progress_of(&line);
    if (self->dominators || !Moment_referrers(moment))
        return self->dominators;
    heapy_status status =
        heapy_dominators_create(self->heap.graph, self->referrers, &progress, &self->dominators, &err);
    progress_end(&line);
    if (status == HEAPY_CANCELLED && deliver_interrupt() == 0) /* its handler lets us */
        status = self->dominators ? HEAPY_OK
                                  : heapy_dominators_create(self->heap.graph, self->referrers, NULL,
                                                            &self->dominators, &err);
    if (status && !PyErr_Occurred())
        raise_heapy_error(&err);
    return PyErr_Occurred() ? NULL : self->dominators;
}

static const heapy_address_map *
map_of(Moment *self)
{
    return LiveObjects_map(self->heap.objects);
}

/* The number of an object; HEAPY_NO_NODE with KeyError. */
static heapy_node
node_of(Moment *self, PyObject *object)
{
    const heapy_address_map *map = map_of(self);
    heapy_node node = map ? heapy_address_map_rank(map, (uintptr_t)object) : HEAPY_NO_NODE;
    if (map && node == HEAPY_NO_NODE)
        PyErr_Format(PyExc_KeyError, "no object at %p in this moment", (void *)object);
    return node;
}

static PyObject *label_to_python(const heapy_graph *graph, heapy_label label);

/* ('several', label, label, ...) */
static PyObject *
several_to_python(const heapy_graph *graph, heapy_label label)
{
    const heapy_label *parts;
    size_t count = heapy_graph_label_parts(graph, &label, &parts);
    PyObject *labels = PyTuple_New((Py_ssize_t)count + 1);
    PyObject *word = labels ? PyUnicode_FromString("several") : NULL;
    if (word)
        PyTuple_SET_ITEM(labels, 0, word);
    else
        Py_CLEAR(labels);
    for (size_t i = 0; labels && i < count; i++) {
        PyObject *part = label_to_python(graph, parts[i]);
        if (!part)
            Py_CLEAR(labels);
        else
            PyTuple_SET_ITEM(labels, (Py_ssize_t)i + 1, part);
    }
    return labels;
}

/* (kind, number or name) of a label; None when unnamed. */
static PyObject *
label_to_python(const heapy_graph *graph, heapy_label label)
{
    static const char *const kinds[HEAPY_LABEL_KIND_COUNT] = {
        [HEAPY_LABEL_ATTRIBUTE] = "attribute", [HEAPY_LABEL_INDEX] = "index",
        [HEAPY_LABEL_VALUE] = "value",         [HEAPY_LABEL_KEY] = "key",
        [HEAPY_LABEL_INTERNAL] = "internal",   [HEAPY_LABEL_LOCAL] = "local",
        [HEAPY_LABEL_STACK] = "stack",         [HEAPY_LABEL_MEMBER] = "member",
    };
    heapy_label_kind kind = heapy_label_kind_of(label);
    if (kind == HEAPY_LABEL_UNNAMED)
        Py_RETURN_NONE;
    if (kind == HEAPY_LABEL_SEVERAL)
        return several_to_python(graph, label);
    if (!heapy_label_is_named(kind))
        return Py_BuildValue("(sI)", kinds[kind], (unsigned)heapy_label_number(label));
    size_t length;
    const char *name = heapy_graph_name(graph, heapy_label_number(label), &length);
    PyObject *text = PyUnicode_DecodeUTF8(name, (Py_ssize_t)length, "surrogatepass");
    return text ? Py_BuildValue("(sN)", kinds[kind], text) : NULL;
}

/* Append (object, label) to `list`. */
static int
append_edge(Moment *self, PyObject *list, const heapy_address_map *map, heapy_node target, heapy_label label)
{
    PyObject *shown = label_to_python(self->heap.graph, label);
    PyObject *object = object_at_address(heapy_address_map_select(map, target));
    PyObject *pair = shown ? PyTuple_Pack(2, object, shown) : NULL;
    int result = pair ? PyList_Append(list, pair) : -1;
    Py_XDECREF(pair);
    Py_XDECREF(shown);
    return result;
}

static PyObject *
moment_edges(PyObject *object, PyObject *source)
{
    Moment *self = (Moment *)object;
    const heapy_address_map *map = map_of(self);
    if (!map)
        return NULL;
    heapy_node node = heapy_address_map_rank(map, (uintptr_t)source);
    if (node == HEAPY_NO_NODE) {
        PyErr_Format(PyExc_KeyError, "no object at %p in this graph", (void *)source);
        return NULL;
    }
    PyObject *list = PyList_New(0);
    uint64_t edge, end;
    heapy_graph_edges(self->heap.graph, node, &edge, &end);
    for (; list && edge < end; edge++)
        if (append_edge(self, list, map, heapy_graph_targets(self->heap.graph)[edge],
                        heapy_graph_labels(self->heap.graph)[edge]) < 0)
            Py_CLEAR(list);
    return list;
}

/* (target, code, relator) for each name of each reference of an object. */
static PyObject *
moment_relations(PyObject *object, PyObject *source)
{
    Moment *self = (Moment *)object;
    const live_heap *heap = &self->heap;
    heapy_node node = node_of(self, source);
    PyObject *list = node == HEAPY_NO_NODE ? NULL : PyList_New(0);
    uint64_t edge = 0, end = 0;
    if (list)
        heapy_graph_edges(heap->graph, node, &edge, &end);
    for (; list && edge < end; edge++) {
        const heapy_label *parts;
        size_t count = heapy_graph_label_parts(heap->graph, heapy_graph_labels(heap->graph) + edge, &parts);
        PyObject *target =
            object_at_address(heapy_address_map_select(heap->map, heapy_graph_targets(heap->graph)[edge]));
        for (size_t i = 0; list && i < count; i++) {
            PyObject *relator = relator_of(heap->graph, heap->map, node, edge, parts[i]);
            PyObject *item =
                relator ? Py_BuildValue("(OiN)", target, (int)relation_code_of(parts[i]), relator) : NULL;
            if (!item || PyList_Append(list, item) < 0)
                Py_CLEAR(list);
            Py_XDECREF(item);
        }
    }
    return list;
}

static PyObject *
moment_roots(PyObject *object, PyObject *Py_UNUSED(ignored))
{
    Moment *self = (Moment *)object;
    const heapy_address_map *map = map_of(self);
    PyObject *list = map ? PyList_New(0) : NULL;
    for (size_t i = 0; list && i < heapy_graph_root_count(self->heap.graph); i++)
        if (append_edge(self, list, map, heapy_graph_root_target(self->heap.graph, i),
                        heapy_graph_root_label(self->heap.graph, i)) < 0)
            Py_CLEAR(list);
    return list;
}

static int
moment_contains(PyObject *self, PyObject *object)
{
    const heapy_address_map *map = map_of((Moment *)self);
    return map ? heapy_address_map_contains(map, (uintptr_t)object) : -1;
}

static PyObject *
moment_has_all(PyObject *self, PyObject *set)
{
    if (!IdentitySet_check(state_of_type(Py_TYPE(self)), set)) {
        PyErr_Format(PyExc_TypeError, "has_all: an identity set expected, not %.200s", Py_TYPE(set)->tp_name);
        return NULL;
    }
    const heapy_address_map *map = map_of((Moment *)self), *members = map ? IdentitySet_map(set) : NULL;
    return members ? PyBool_FromLong(heapy_address_map_is_subset(members, map)) : NULL;
}

static PyObject *
moment_validate(PyObject *object, PyObject *Py_UNUSED(ignored))
{
    Moment *self = (Moment *)object;
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_address_map *map = map_of(self);
    if (!map)
        return NULL;
    if (heapy_address_map_check(map, &err) || heapy_graph_validate(self->heap.graph, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    Py_RETURN_NONE;
}

/* ---- dominators ---- */

static PyObject *
moment_dominated(PyObject *object, PyObject *of)
{
    Moment *self = (Moment *)object;
    heapy_node parent = of == Py_None ? HEAPY_NO_NODE : node_of(self, of), *children;
    size_t count;
    heapy_error err = HEAPY_ERROR_INIT;
    if (parent == HEAPY_NO_NODE && of != Py_None)
        return NULL;
    heapy_dominators *dominators = Moment_dominators(object);
    const heapy_address_map *map = dominators ? map_of(self) : NULL;
    if (!map)
        return NULL;
    if (heapy_dominated_children(dominators, parent, &children, &count, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    const heapy_sizes sizes = heapy_graph_sizes(self->heap.graph);
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; list && i < count; i++) {
        PyObject *item = Py_BuildValue("(OKK)", object_at_address(heapy_address_map_select(map, children[i])),
                                       (unsigned long long)heapy_retained_size(dominators, children[i]),
                                       (unsigned long long)heapy_size_of(&sizes, children[i]));
        if (!item)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, (Py_ssize_t)i, item);
    }
    heapy_free(children);
    return list;
}

static PyObject *
moment_dominator(PyObject *object, PyObject *of)
{
    Moment *self = (Moment *)object;
    heapy_node node = node_of(self, of);
    const heapy_dominators *dominators = node == HEAPY_NO_NODE ? NULL : Moment_dominators(object);
    if (!dominators)
        return NULL;
    if (!heapy_dominators_has(dominators, node)) {
        PyErr_SetString(PyExc_ValueError, "the root does not reach this object");
        return NULL;
    }
    heapy_node parent = heapy_dominator(dominators, node);
    return Py_NewRef(parent == HEAPY_NO_NODE
                         ? Py_None
                         : object_at_address(heapy_address_map_select(map_of(self), parent)));
}

static PyObject *
moment_total(PyObject *self, void *closure)
{
    (void)closure;
    const heapy_dominators *dominators = Moment_dominators(self);
    return dominators ? PyLong_FromUnsignedLongLong(heapy_retained_by_roots(dominators)) : NULL;
}

static PyObject *
moment_count(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromSize_t(heapy_graph_node_count(((Moment *)self)->heap.graph));
}

static PyObject *
moment_edge_count(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromUnsignedLongLong(heapy_graph_edge_count(((Moment *)self)->heap.graph));
}

static PyObject *
moment_kept_bytes(PyObject *self, void *closure)
{
    (void)closure;
    const heapy_address_map *map = map_of((Moment *)self);
    const Moment *moment = (Moment *)self;
    if (!map)
        return NULL;
    size_t bytes = heapy_graph_bytes(moment->heap.graph) + heapy_address_map_bytes(map);
    bytes += moment->heap.owners.capacity * sizeof *moment->heap.owners.items;
    bytes += moment->referrers ? heapy_referrers_bytes(moment->referrers) : 0;
    bytes += moment->dominators ? heapy_dominators_bytes(moment->dominators) : 0;
    return PyLong_FromSize_t(bytes);
}

static PyObject *
moment_time(PyObject *self, void *closure)
{
    (void)closure;
    return PyFloat_FromDouble(((Moment *)self)->time);
}

static int
moment_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    const live_heap *heap = &((Moment *)self)->heap;
    Py_VISIT(heap->objects);
    Py_VISIT(heap->types);
    for (size_t i = 0; i < heap->owners.count; i++)
        Py_VISIT(heap->owners.items[i].owner);
    return 0;
}

/* No tp_clear: a moment never changes; cycles through one are broken by its LiveObjects. */
static void
moment_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    live_heap_deinit(&((Moment *)self)->heap);
    heapy_referrers_destroy(((Moment *)self)->referrers);
    heapy_dominators_destroy(((Moment *)self)->dominators);
    own_object_free(self);
}

static PyGetSetDef moment_getset[] = {
    {"count", moment_count, NULL, DOC_Moment_count, NULL},
    {"edge_count", moment_edge_count, NULL, DOC_Moment_edge_count, NULL},
    {"kept_bytes", moment_kept_bytes, NULL, DOC_Moment_kept_bytes, NULL},
    {"total", moment_total, NULL, DOC_Moment_total, NULL},
    {"time", moment_time, NULL, DOC_Moment_time, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef moment_methods[] = {
    {"dominated", moment_dominated, METH_O, DOC_Moment_dominated},
    {"dominator", moment_dominator, METH_O, DOC_Moment_dominator},
    {"edges", moment_edges, METH_O, DOC_Moment_edges},
    {"has_all", moment_has_all, METH_O, DOC_Moment_has_all},
    {"relations", moment_relations, METH_O, DOC_Moment_relations},
    {"roots", moment_roots, METH_NOARGS, DOC_Moment_roots},
    {"validate", moment_validate, METH_NOARGS, DOC_Moment_validate},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot moment_slots[] = {
    {Py_tp_doc, DOC_Moment},
    {Py_tp_traverse, moment_traverse},
    {Py_tp_dealloc, moment_dealloc},
    {Py_tp_getset, moment_getset},
    {Py_tp_methods, moment_methods},
    {Py_sq_contains, moment_contains},
    {0, NULL},
};

PyType_Spec moment_spec = {
    .name = "guppy.heapy.heapyc.Moment",
    .basicsize = sizeof(Moment),
    .flags = OWN_TYPE_FLAGS,
    .slots = moment_slots,
};
