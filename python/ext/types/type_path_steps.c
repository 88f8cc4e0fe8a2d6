/* SPDX-License-Identifier: MIT */
/* One path of a search: made for every path that is listed, so it is small, and what Python sees of it is
   made when it is asked for. */
#include "types/type_path_steps.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "live/live_words.h"
#include "live/relations.h"
#include "live/text.h"
#include "types/call_python.h"
#include "types/found_paths.h"
#include "types/module_state.h"
#include "types/own_object.h"

#include <heapy/graph.h>
#include <heapy/memory.h>
#include <heapy/path_text.h>
#include <heapy/reference.h>
#include <string.h>

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *paths;
    heapy_path_step *steps;
    heapy_node source;
} PathSteps;

PyObject *
PathSteps_wrap(PyObject *paths, heapy_node source, const heapy_path_step *steps)
{
    size_t length = Paths_length(paths);
    PathSteps *self = own_object_new(state_of_type(Py_TYPE(paths))->path_steps_type, tag_of(paths));
    if (!self)
        return NULL;
    self->paths = Py_NewRef(paths);
    self->source = source;
    self->steps = heapy_alloc_array(length, sizeof *self->steps);
    if (!self->steps) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    memcpy(self->steps, steps, length * sizeof *steps);
    return (PyObject *)self;
}

/* The text of a key as str; NULL with an exception. */
static PyObject *
text_of_key(const heapy_snapshot *snapshot, heapy_node key, heapy_text_use use)
{
    heapy_error err = HEAPY_ERROR_INIT;
    char *text;
    if (!heapy_snapshot_text(snapshot, key, use, &text, &err))
        return text_taken_over(text, SIZE_MAX);
    raise_heapy_error(&err);
    return NULL;
}

/* A key that is not in this process, as what is known of it. */
static PyObject *
key_elsewhere(const heapy_snapshot *snapshot, heapy_node key)
{
    PyObject *brief = text_of_key(snapshot, key, HEAPY_TEXT_KEY), *result = NULL;
    if (!brief)
        return NULL;
    PyObject *whole = text_of_key(snapshot, key, HEAPY_TEXT_FULL_KEY);
    if (whole)
        result = call_package("guppy.heapy.Relations", "KeyElsewhere", brief, whole);
    Py_DECREF(brief);
    Py_XDECREF(whole);
    return result;
}

/* What a reference is about, as an object. */
static PyObject *
relator_of_step(const heapy_snapshot *snapshot, heapy_node source, uint64_t edge, heapy_label label)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_node key = HEAPY_NO_NODE;
    if (heapy_label_kind_of(label) == HEAPY_LABEL_VALUE && !snapshot_is_live(snapshot))
        key = heapy_graph_key_of_edge(graph, source, edge, label);
    if (key != HEAPY_NO_NODE)
        return key_elsewhere(snapshot, key);
    return relator_of(graph, heapy_snapshot_map(snapshot), source, edge, label);
}

/* (set of the target, code, relator) */
static PyObject *
step_to_python(const PathSteps *self, const heapy_snapshot *snapshot, heapy_node source, heapy_path_step step)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    const heapy_label *parts;
    heapy_graph_label_parts(graph, heapy_graph_labels(graph) + step.edge, &parts);
    PyObject *target = Paths_set_of_node(self->paths, heapy_graph_targets(graph)[step.edge]);
    PyObject *relator = NULL;
    if (target)
        relator = relator_of_step(snapshot, source, step.edge, parts[step.name]);
    if (relator)
        return Py_BuildValue("(NiN)", target, (int)heapy_reference_code_of(parts[step.name]), relator);
    Py_XDECREF(target);
    return NULL;
}

static PyObject *
path_steps_steps(PyObject *object, PyObject *Py_UNUSED(ignored))
{
    PathSteps *self = (PathSteps *)object;
    const heapy_snapshot *snapshot = Paths_snapshot(self->paths);
    size_t length = Paths_length(self->paths);
    PyObject *list = NULL;
    if (snapshot)
        list = PyList_New((Py_ssize_t)length);
    heapy_node at = self->source;
    for (size_t i = 0; list && i < length; i++) {
        PyObject *step = step_to_python(self, snapshot, at, self->steps[i]);
        if (step)
            PyList_SET_ITEM(list, (Py_ssize_t)i, step);
        else
            Py_CLEAR(list);
        at = heapy_graph_targets(heapy_snapshot_graph(snapshot))[self->steps[i].edge];
    }
    return list;
}

/* name: NULL: a template of the source's text. */
static PyObject *
text_of(PathSteps *self, const char *name, bool is_safe)
{
    heapy_path_form form = name ? HEAPY_PATH_PLAIN : HEAPY_PATH_TEMPLATE;
    heapy_path_writer *writer = Paths_writer(self->paths, is_safe, form);
    heapy_error err = HEAPY_ERROR_INIT;
    char *text;
    size_t bytes;
    if (!writer)
        return NULL;
    if (heapy_path_text(writer, name, self->source, self->steps, Paths_length(self->paths), &text, &bytes,
                        &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    return text_taken_over(text, bytes);
}

static PyObject *
path_steps_text(PyObject *self, PyObject *args)
{
    const char *name;
    int is_safe;
    if (!PyArg_ParseTuple(args, "zp:text", &name, &is_safe) || !Paths_snapshot(((PathSteps *)self)->paths))
        return NULL;
    return text_of((PathSteps *)self, name, is_safe);
}

static PyObject *
path_steps_source(PyObject *object, void *closure)
{
    (void)closure;
    PathSteps *self = (PathSteps *)object;
    const heapy_snapshot *snapshot = Paths_snapshot(self->paths);
    if (!snapshot)
        return NULL;
    return Paths_set_of_node(self->paths, self->source);
}

static PyObject *
path_steps_source_brief(PyObject *object, void *closure)
{
    (void)closure;
    PathSteps *self = (PathSteps *)object;
    char *text = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!Paths_snapshot(self->paths))
        return NULL;
    if (Paths_source_brief(self->paths, self->source, &text, &err)) {
        if (!PyErr_Occurred())
            raise_heapy_error(&err);
        return NULL;
    }
    PyObject *brief = text_from_utf8(text, SIZE_MAX);
    heapy_text_free(text);
    return brief;
}

static PyObject *
path_steps_target(PyObject *object, void *closure)
{
    (void)closure;
    PathSteps *self = (PathSteps *)object;
    const heapy_snapshot *snapshot = Paths_snapshot(self->paths);
    if (!snapshot)
        return NULL;
    heapy_path_step last = self->steps[Paths_length(self->paths) - 1];
    return Paths_set_of_node(self->paths, heapy_graph_targets(heapy_snapshot_graph(snapshot))[last.edge]);
}

static Py_ssize_t
path_steps_length(PyObject *self)
{
    return (Py_ssize_t)Paths_length(((PathSteps *)self)->paths);
}

static int
path_steps_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((PathSteps *)self)->paths);
    return 0;
}

/* No tp_clear: it never changes. */
static void
path_steps_dealloc(PyObject *object)
{
    PathSteps *self = (PathSteps *)object;
    PyObject_GC_UnTrack(object);
    heapy_free(self->steps);
    Py_XDECREF(self->paths);
    own_object_free(object);
}

static PyGetSetDef path_steps_getset[] = {
    {"source", path_steps_source, NULL, DOC_PathSteps_source, NULL},
    {"source_brief", path_steps_source_brief, NULL, DOC_PathSteps_source_brief, NULL},
    {"target", path_steps_target, NULL, DOC_PathSteps_target, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef path_steps_methods[] = {
    {"steps", path_steps_steps, METH_NOARGS, DOC_PathSteps_steps},
    {"text", path_steps_text, METH_VARARGS, DOC_PathSteps_text},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot path_steps_slots[] = {
    {Py_tp_doc, DOC_PathSteps},
    {Py_tp_traverse, path_steps_traverse},
    {Py_tp_dealloc, path_steps_dealloc},
    {Py_tp_getset, path_steps_getset},
    {Py_tp_methods, path_steps_methods},
    {Py_sq_length, path_steps_length},
    {0, NULL},
};

PyType_Spec path_steps_spec = {
    .name = "guppy._heapyc.PathSteps",
    .basicsize = sizeof(PathSteps),
    .flags = OWN_TYPE_FLAGS,
    .slots = path_steps_slots,
};
