/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of live objects, with strong references to every object in them, so that whatever is asked or
 * listed of them later is what it was (H-91, H-92).  Reverse edges and dominators are made when something
 * first needs them, and kept.
 */
#include "types/type_snapshot.h"
#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "live/live_capture.h"
#include "live/live_words.h"
#include "live/producers.h"
#include "live/progress_line.h"
#include "live/text.h"
#include "live/without_gil.h"
#include "live/world.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/snapshot_branches.h"
#include "types/snapshot_save.h"
#include "types/type_heap_view.h"
#include "types/type_live_objects.h"
#include "types/type_stat.h"

#include <heapy/address_map.h>
#include <heapy/dominators.h>
#include <heapy/graph.h>
#include <heapy/memory.h>
#include <heapy/progress.h>
#include <heapy/reference.h>
#include <heapy/referrers.h>
#include <heapy/status.h>

typedef struct {
    OWN_OBJECT_HEAD
    heapy_snapshot *snapshot;
    PyObject *objects; /* the LiveObjects that the snapshot's words keep, borrowed; NULL: the caller's */
    double time;       /* when it was taken: time.time() */
} Snapshot;

PyObject *
Snapshot_wrap(PyObject *session, heapy_snapshot *snapshot, PyObject *objects)
{
    Snapshot *self = own_object_new(state_of_type(Py_TYPE(session))->snapshot_type, tag_of(session));
    if (!self) {
        heapy_snapshot_release(snapshot);
        return NULL;
    }
    self->snapshot = snapshot;
    self->objects = objects;
    self->time = seconds_now();
    return (PyObject *)self;
}

static PyObject *
take(PyObject *session, bool is_traced, bool asks_no_code)
{
    module_state *state = state_of_type(Py_TYPE(session));
    capture_view view;
    held_objects *held;
    heapy_graph *graph;
    PyObject *types, *result = NULL;
    dict_owners owners = {0};
    heapy_snapshot *snapshot;
    Session_capture_view(session, &view);
    if (is_traced)
        view.add_facts = add_allocation_sites;
    else
        view.add_facts = NULL;
    view.asks_no_code = asks_no_code;
    if (capture_graph(&view, &held, &graph, &types, NULL) < 0)
        return NULL;
    PyObject *objects = LiveObjects_wrap(session, held);
    if (!objects) {
        heapy_graph_destroy(graph);
        Py_DECREF(types);
        return NULL;
    }
    if (live_snapshot_create(&state->capture, graph, LiveObjects_map(objects), objects, types, &owners,
                             &snapshot) == 0)
        result = Snapshot_wrap(session, snapshot, objects);
    Py_DECREF(objects);
    return result;
}

static PyObject *
take_in_stopped_world(PyObject *session, bool asks_no_code)
{
    int is_traced = allocation_sites_are_traced(); /* asks Python code, of tracemalloc */
    if (is_traced < 0)
        return NULL;
    double begun = seconds_now();
    /* A collection half-way would run finalizers, and the moment would be over. */
    stopped_world world = world_stop();
    PyObject *result = take(session, is_traced, asks_no_code);
    world_start(&world);
    if (result)
        ((Snapshot *)result)->time = begun;
    return result;
}

PyObject *
Snapshot_take(PyObject *session)
{
    return take_in_stopped_world(session, false);
}

PyObject *
Snapshot_take_unasked(PyObject *session)
{
    return take_in_stopped_world(session, true);
}

heapy_snapshot *
Snapshot_get(PyObject *object)
{
    Snapshot *self = (Snapshot *)object;
    if (self->objects && !LiveObjects_map(self->objects))
        return NULL;
    return self->snapshot;
}

PyObject *
Snapshot_objects(PyObject *snapshot)
{
    return ((Snapshot *)snapshot)->objects;
}

const heapy_referrers *
snapshot_referrers(heapy_snapshot *snapshot)
{
    const heapy_referrers *referrers = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    released_gil released = gil_release();
    heapy_status status = heapy_snapshot_referrers(snapshot, &referrers, &err);
    gil_take(&released);
    if (status)
        raise_heapy_error(&err);
    return referrers;
}

heapy_dominators *
snapshot_dominators(heapy_snapshot *snapshot)
{
    heapy_dominators *dominators = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    progress_line line = {0};
    const heapy_progress progress = progress_of(&line);
    line.released = gil_release();
    heapy_status status = heapy_snapshot_dominators(snapshot, &progress, &dominators, &err);
    gil_take(&line.released);
    progress_end(&line);
    if (status == HEAPY_CANCELLED && deliver_interrupt() == 0) /* its handler lets us */
        status = heapy_snapshot_dominators(snapshot, NULL, &dominators, &err);
    if (status && !PyErr_Occurred())
        raise_heapy_error(&err);
    if (PyErr_Occurred())
        return NULL;
    return dominators;
}

/* ---- as Python sees it ---- */

static const heapy_graph *
graph_of(const Snapshot *self)
{
    return heapy_snapshot_graph(self->snapshot);
}

/* NULL with an exception when the collector has cleared it. */
static const heapy_address_map *
map_of(Snapshot *self)
{
    if (!Snapshot_get((PyObject *)self))
        return NULL;
    return heapy_snapshot_map(self->snapshot);
}

heapy_node
Snapshot_node_of(PyObject *self, PyObject *object)
{
    const heapy_address_map *map = map_of((Snapshot *)self);
    heapy_node node = HEAPY_NO_NODE;
    if (map)
        node = heapy_address_map_rank(map, (uintptr_t)object);
    if (map && node == HEAPY_NO_NODE)
        PyErr_Format(PyExc_KeyError, "no object at %p in this snapshot", (void *)object);
    return node;
}

static PyObject *label_to_python(const heapy_graph *graph, heapy_label label);

/* Make ('several', label, label, ...) of a list of labels. */
static PyObject *
several_to_python(const heapy_graph *graph, heapy_label label)
{
    const heapy_label *parts;
    size_t count = heapy_graph_label_parts(graph, &label, &parts);
    PyObject *labels = PyTuple_New((Py_ssize_t)count + 1);
    PyObject *word = NULL;
    if (labels)
        word = PyUnicode_FromString("several");
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
    heapy_label_kind kind = heapy_label_kind_of(label);
    if (kind == HEAPY_LABEL_UNNAMED)
        Py_RETURN_NONE;
    if (kind == HEAPY_LABEL_SEVERAL)
        return several_to_python(graph, label);
    if (!heapy_label_is_named(kind))
        return Py_BuildValue("(sI)", heapy_label_kind_name(kind), (unsigned)heapy_label_number(label));
    size_t length;
    const char *name = heapy_graph_name(graph, heapy_label_number(label), &length);
    PyObject *text = PyUnicode_DecodeUTF8(name, (Py_ssize_t)length, "surrogatepass");
    if (!text)
        return NULL;
    return Py_BuildValue("(sN)", heapy_label_kind_name(kind), text);
}

/* Append (object, label) to `list`. */
static int
append_edge(Snapshot *self, PyObject *list, heapy_node target, heapy_label label)
{
    PyObject *object = live_object(self->snapshot, target);
    if (!object)
        return -1;
    PyObject *shown = label_to_python(graph_of(self), label);
    if (!shown)
        return -1;
    PyObject *pair = PyTuple_Pack(2, object, shown);
    Py_DECREF(shown);
    if (!pair)
        return -1;
    int result = PyList_Append(list, pair);
    Py_DECREF(pair);
    return result;
}

static PyObject *
snapshot_edges(PyObject *object, PyObject *source)
{
    Snapshot *self = (Snapshot *)object;
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
    heapy_graph_edges(graph_of(self), node, &edge, &end);
    for (; list && edge < end; edge++)
        if (append_edge(self, list, heapy_graph_targets(graph_of(self))[edge],
                        heapy_graph_labels(graph_of(self))[edge]) < 0)
            Py_CLEAR(list);
    return list;
}

/* (target, or its address; code, text) of a reference; NULL with an exception. */
static PyObject *
reference_to_python(const heapy_snapshot *snapshot, heapy_node source, uint64_t edge, heapy_label label,
                    bool by_address)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_reference reference = heapy_reference_of_edge(graph, source, edge, label);
    heapy_error err = HEAPY_ERROR_INIT;
    char *text;
    if (heapy_reference_text(snapshot, reference, "", HEAPY_TEXT_KEY, &text, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    heapy_node node = heapy_graph_targets(graph)[edge];
    PyObject *target;
    if (by_address)
        target = PyLong_FromSize_t(heapy_snapshot_address(snapshot, node));
    else
        target = Py_XNewRef(live_object(snapshot, node));
    if (!target) {
        heapy_text_free(text);
        return NULL;
    }
    return Py_BuildValue("(NiN)", target, (int)heapy_reference_code_of(label),
                         text_taken_over(text, SIZE_MAX));
}

/* One for each name of each reference of a node. */
static PyObject *
references_of_node(Snapshot *self, heapy_node node, bool by_address)
{
    PyObject *list = NULL;
    if (node != HEAPY_NO_NODE)
        list = PyList_New(0);
    uint64_t edge = 0, end = 0;
    if (list)
        heapy_graph_edges(graph_of(self), node, &edge, &end);
    for (; list && edge < end; edge++) {
        const heapy_label *parts;
        size_t count =
            heapy_graph_label_parts(graph_of(self), heapy_graph_labels(graph_of(self)) + edge, &parts);
        for (size_t i = 0; list && i < count; i++) {
            PyObject *item = reference_to_python(self->snapshot, node, edge, parts[i], by_address);
            if (!item || PyList_Append(list, item) < 0)
                Py_CLEAR(list);
            Py_XDECREF(item);
        }
    }
    return list;
}

static PyObject *
snapshot_relations(PyObject *object, PyObject *source)
{
    return references_of_node((Snapshot *)object, Snapshot_node_of(object, source), false);
}

heapy_node
Snapshot_node_at(PyObject *self, PyObject *number)
{
    uintptr_t address = (uintptr_t)PyLong_AsUnsignedLongLong(number);
    if (PyErr_Occurred() || !Snapshot_get(self))
        return HEAPY_NO_NODE;
    heapy_node node = heapy_snapshot_node(((Snapshot *)self)->snapshot, address);
    if (node == HEAPY_NO_NODE)
        PyErr_Format(PyExc_KeyError, "no object at %p in this snapshot", (void *)address);
    return node;
}

static PyObject *
snapshot_relations_at(PyObject *object, PyObject *number)
{
    return references_of_node((Snapshot *)object, Snapshot_node_at(object, number), true);
}

static PyObject *
snapshot_roots(PyObject *object, PyObject *Py_UNUSED(ignored))
{
    Snapshot *self = (Snapshot *)object;
    const heapy_address_map *map = map_of(self);
    PyObject *list = NULL;
    if (map)
        list = PyList_New(0);
    for (size_t i = 0; list && i < heapy_graph_root_count(graph_of(self)); i++)
        if (append_edge(self, list, heapy_graph_root_target(graph_of(self), i),
                        heapy_graph_root_label(graph_of(self), i)) < 0)
            Py_CLEAR(list);
    return list;
}

static int
snapshot_contains(PyObject *self, PyObject *object)
{
    const heapy_address_map *map = map_of((Snapshot *)self);
    if (!map)
        return -1;
    return heapy_address_map_contains(map, (uintptr_t)object);
}

static PyObject *
snapshot_has_all(PyObject *self, PyObject *set)
{
    if (!IdentitySet_check(state_of_type(Py_TYPE(self)), set)) {
        PyErr_Format(PyExc_TypeError, "has_all: an identity set expected, not %.200s", Py_TYPE(set)->tp_name);
        return NULL;
    }
    const heapy_address_map *map = map_of((Snapshot *)self);
    if (!map)
        return NULL;
    const heapy_address_map *members = IdentitySet_map(set);
    if (!members)
        return NULL;
    return PyBool_FromLong(heapy_address_map_is_subset(members, map));
}

static PyObject *
snapshot_validate(PyObject *object, PyObject *Py_UNUSED(ignored))
{
    Snapshot *self = (Snapshot *)object;
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_address_map *map = map_of(self);
    if (!map)
        return NULL;
    if (heapy_address_map_check(map, &err) || heapy_graph_validate(graph_of(self), &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
snapshot_total(PyObject *self, void *closure)
{
    (void)closure;
    const heapy_dominators *dominators = snapshot_dominators(((Snapshot *)self)->snapshot);
    if (!dominators)
        return NULL;
    return PyLong_FromUnsignedLongLong(heapy_retained_by_roots(dominators));
}

static PyObject *
snapshot_count(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromSize_t(heapy_graph_node_count(graph_of((Snapshot *)self)));
}

static PyObject *
snapshot_edge_count(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromUnsignedLongLong(heapy_graph_edge_count(graph_of((Snapshot *)self)));
}

static PyObject *
snapshot_kept_bytes(PyObject *self, void *closure)
{
    (void)closure;
    const heapy_address_map *map = map_of((Snapshot *)self);
    if (!map)
        return NULL;
    size_t bytes = heapy_snapshot_bytes(((Snapshot *)self)->snapshot) + heapy_address_map_bytes(map);
    return PyLong_FromSize_t(bytes);
}

static PyObject *
snapshot_time(PyObject *self, void *closure)
{
    (void)closure;
    return PyFloat_FromDouble(((Snapshot *)self)->time);
}

static int
snapshot_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    const heapy_snapshot *snapshot = ((Snapshot *)self)->snapshot;
    if (!snapshot_is_live(snapshot))
        return 0;
    return live_snapshot_traverse(snapshot, visit, arg);
}

/* No tp_clear: a snapshot never changes; cycles through one are broken by its LiveObjects. */
static void
snapshot_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    heapy_snapshot_release(((Snapshot *)self)->snapshot);
    own_object_free(self);
}

static PyGetSetDef snapshot_getset[] = {
    {"count", snapshot_count, NULL, DOC_Snapshot_count, NULL},
    {"edge_count", snapshot_edge_count, NULL, DOC_Snapshot_edge_count, NULL},
    {"kept_bytes", snapshot_kept_bytes, NULL, DOC_Snapshot_kept_bytes, NULL},
    {"total", snapshot_total, NULL, DOC_Snapshot_total, NULL},
    {"time", snapshot_time, NULL, DOC_Snapshot_time, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef snapshot_methods[] = {
    {"branch_path", Snapshot_branch_path, METH_VARARGS, DOC_Snapshot_branch_path},
    {"dominated", Snapshot_dominated, METH_VARARGS, DOC_Snapshot_dominated},
    {"dominated_at", Snapshot_dominated_at, METH_VARARGS, DOC_Snapshot_dominated_at},
    {"dominator", Snapshot_dominator, METH_O, DOC_Snapshot_dominator},
    {"dominator_at", Snapshot_dominator_at, METH_O, DOC_Snapshot_dominator_at},
    {"edges", snapshot_edges, METH_O, DOC_Snapshot_edges},
    {"has_all", snapshot_has_all, METH_O, DOC_Snapshot_has_all},
    {"relations", snapshot_relations, METH_O, DOC_Snapshot_relations},
    {"relations_at", snapshot_relations_at, METH_O, DOC_Snapshot_relations_at},
    {"roots", snapshot_roots, METH_NOARGS, DOC_Snapshot_roots},
    {"validate", snapshot_validate, METH_NOARGS, DOC_Snapshot_validate},
    {"write", Snapshot_write, METH_VARARGS, DOC_Snapshot_write},
    {"write_branches", Snapshot_write_branches, METH_VARARGS, DOC_Snapshot_write_branches},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot snapshot_slots[] = {
    {Py_tp_doc, DOC_Snapshot},
    {Py_tp_traverse, snapshot_traverse},
    {Py_tp_dealloc, snapshot_dealloc},
    {Py_tp_getset, snapshot_getset},
    {Py_tp_methods, snapshot_methods},
    {Py_sq_contains, snapshot_contains},
    {0, NULL},
};

PyType_Spec snapshot_spec = {
    .name = "guppy.heapy.heapyc.Snapshot",
    .basicsize = sizeof(Snapshot),
    .flags = OWN_TYPE_FLAGS,
    .slots = snapshot_slots,
};
