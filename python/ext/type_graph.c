/* SPDX-License-Identifier: MIT */
/*
 * Graphs: one moment of the heap with its edges and labels, and strong references to every object in it, so
 * that whatever is listed from it later is still what it was (H-91, H-92).
 */
#include "capture.h"
#include "errors.h"
#include "heapyc_docs.h"
#include "types.h"

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    PyObject *objects; /* LiveObjects */
    heapy_graph *graph;
} Graph;

PyObject *
Graph_wrap(PyObject *session, heapy_address_map *map, heapy_graph *graph)
{
    module_state *state = state_of_type(Py_TYPE(session));
    PyObject *objects = LiveObjects_wrap(session, map);
    Graph *self = objects ? own_object_new(state->graph_type, tag_of(session)) : NULL;
    if (!self) {
        Py_XDECREF(objects);
        heapy_graph_destroy(graph);
        return NULL;
    }
    self->session = Py_NewRef(session);
    self->objects = objects;
    self->graph = graph;
    return (PyObject *)self;
}

static const heapy_address_map *
map_of(Graph *self)
{
    return LiveObjects_map(self->objects);
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
append_edge(Graph *self, PyObject *list, const heapy_address_map *map, heapy_node target, heapy_label label)
{
    PyObject *shown = label_to_python(self->graph, label);
    PyObject *object = (PyObject *)heapy_address_map_select(map, target);
    PyObject *pair = shown ? PyTuple_Pack(2, object, shown) : NULL;
    int result = pair ? PyList_Append(list, pair) : -1;
    Py_XDECREF(pair);
    Py_XDECREF(shown);
    return result;
}

static PyObject *
graph_edges(PyObject *object, PyObject *source)
{
    Graph *self = (Graph *)object;
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
    heapy_graph_edges(self->graph, node, &edge, &end);
    for (; list && edge < end; edge++)
        if (append_edge(self, list, map, heapy_graph_targets(self->graph)[edge],
                        heapy_graph_labels(self->graph)[edge]) < 0)
            Py_CLEAR(list);
    return list;
}

static PyObject *
graph_roots(PyObject *object, PyObject *Py_UNUSED(ignored))
{
    Graph *self = (Graph *)object;
    const heapy_address_map *map = map_of(self);
    PyObject *list = map ? PyList_New(0) : NULL;
    for (size_t i = 0; list && i < heapy_graph_root_count(self->graph); i++)
        if (append_edge(self, list, map, heapy_graph_root_target(self->graph, i),
                        heapy_graph_root_label(self->graph, i)) < 0)
            Py_CLEAR(list);
    return list;
}

static PyObject *
graph_validate(PyObject *object, PyObject *Py_UNUSED(ignored))
{
    Graph *self = (Graph *)object;
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_address_map *map = map_of(self);
    if (!map)
        return NULL;
    if (heapy_address_map_check(map, &err) || heapy_graph_validate(self->graph, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
graph_count(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromSize_t(heapy_graph_node_count(((Graph *)self)->graph));
}

static PyObject *
graph_edge_count(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromUnsignedLongLong(heapy_graph_edge_count(((Graph *)self)->graph));
}

static PyObject *
graph_kept_bytes(PyObject *self, void *closure)
{
    (void)closure;
    const heapy_address_map *map = map_of((Graph *)self);
    return map ? PyLong_FromSize_t(heapy_graph_bytes(((Graph *)self)->graph) + heapy_address_map_bytes(map))
               : NULL;
}

static int
graph_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((Graph *)self)->session);
    Py_VISIT(((Graph *)self)->objects);
    return 0;
}

/* No tp_clear: a graph never changes; cycles through one are broken by its LiveObjects. */
static void
graph_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(((Graph *)self)->session);
    Py_XDECREF(((Graph *)self)->objects);
    heapy_graph_destroy(((Graph *)self)->graph);
    own_object_free(self);
}

static PyGetSetDef graph_getset[] = {
    {"count", graph_count, NULL, DOC_Graph_count, NULL},
    {"edge_count", graph_edge_count, NULL, DOC_Graph_edge_count, NULL},
    {"kept_bytes", graph_kept_bytes, NULL, DOC_Graph_kept_bytes, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef graph_methods[] = {
    {"edges", graph_edges, METH_O, DOC_Graph_edges},
    {"roots", graph_roots, METH_NOARGS, DOC_Graph_roots},
    {"validate", graph_validate, METH_NOARGS, DOC_Graph_validate},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot graph_slots[] = {
    {Py_tp_doc, DOC_Graph},       {Py_tp_traverse, graph_traverse}, {Py_tp_dealloc, graph_dealloc},
    {Py_tp_getset, graph_getset}, {Py_tp_methods, graph_methods},   {0, NULL},
};

PyType_Spec graph_spec = {
    .name = "guppy.heapy.heapyc.Graph",
    .basicsize = sizeof(Graph),
    .flags = OWN_TYPE_FLAGS,
    .slots = graph_slots,
};
