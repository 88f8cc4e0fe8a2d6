/* SPDX-License-Identifier: MIT */
#include "classify_live.h"

#include "capture.h"
#include "errors.h"
#include "render.h"

#include <heapy/memory.h>
#include <stdlib.h>

void
live_classes_deinit(live_classes *classes)
{
    heapy_graph_destroy(classes->graph);
    heapy_classes_destroy(classes->classes);
    Py_CLEAR(classes->keys);
    dict_owners_deinit(&classes->owners);
    *classes = (live_classes){0};
}

/* Classes whose names are a list of str.  of_nodes is taken over. */
static int
classes_of_names(const char *header, size_t node_count, heapy_class *of_nodes, PyObject *names,
                 heapy_classes **out)
{
    size_t count = (size_t)PyList_GET_SIZE(names);
    const char **texts = heapy_alloc_array(count, sizeof *texts);
    PyObject *encoded = PyList_New(0);
    int result = texts && encoded ? 0 : -1;
    if (!texts)
        PyErr_NoMemory();
    for (size_t i = 0; !result && i < count; i++) {
        PyObject *bytes =
            PyUnicode_AsEncodedString(PyList_GET_ITEM(names, (Py_ssize_t)i), "utf-8", "replace");
        if (!bytes || PyList_Append(encoded, bytes) < 0)
            result = -1;
        else
            texts[i] = PyBytes_AS_STRING(bytes);
        Py_XDECREF(bytes);
    }
    heapy_error err = HEAPY_ERROR_INIT;
    if (result)
        heapy_free(of_nodes);
    else if (heapy_classes_create(header, node_count, of_nodes, count, texts, out, &err))
        result = raise_heapy_error(&err);
    heapy_free(texts);
    Py_XDECREF(encoded);
    return result;
}

/* ---- by module ---- */

/* The row of the module type in the graph's type table, or HEAPY_NO_TYPE. */
static heapy_type
module_type_row(PyObject *types)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(types); i++)
        if (PyTuple_GET_ITEM(types, i) == (PyObject *)&PyModule_Type)
            return (heapy_type)i;
    return HEAPY_NO_TYPE;
}

/* Class 0 is everything that is no module; then a class a module, which modules (a list) gets. */
static int
number_modules(module_state *state, const heapy_address_map *map, const heapy_graph *graph,
               heapy_type module_row, heapy_class *of_nodes, PyObject *modules, PyObject *names)
{
    const heapy_type *types = heapy_graph_types(graph);
    for (size_t i = 0; i < heapy_graph_node_count(graph); i++) {
        of_nodes[i] = 0;
        if (types[i] != module_row)
            continue;
        PyObject *module = (PyObject *)heapy_address_map_select(map, (heapy_node)i);
        PyObject *name = render_object(state, module);
        if (!name || PyList_Append(names, name) < 0 || PyList_Append(modules, module) < 0) {
            Py_XDECREF(name);
            return -1;
        }
        Py_DECREF(name);
        of_nodes[i] = (heapy_class)(PyList_GET_SIZE(names) - 1);
    }
    return 0;
}

static int
classify_by_module(live_classes *out, module_state *state, const heapy_address_map *map)
{
    size_t count = heapy_graph_node_count(out->graph);
    heapy_class *of_nodes = heapy_alloc_array(count, sizeof *of_nodes);
    PyObject *names = Py_BuildValue("[s]", "~module"), *modules = Py_BuildValue("[O]", Py_None);
    int result = -1;
    if (!of_nodes)
        PyErr_NoMemory();
    else if (names && modules)
        result = number_modules(state, map, out->graph, module_type_row(out->keys), of_nodes, modules, names);
    if (!result)
        result = classes_of_names("Module", count, of_nodes, names, &out->classes);
    else
        heapy_free(of_nodes);
    if (!result) {
        Py_SETREF(out->keys, PyList_AsTuple(modules));
        result = out->keys ? 0 : -1;
    }
    Py_XDECREF(names);
    Py_XDECREF(modules);
    return result;
}

/* ---- by identity ---- */

/* "<1 int: 1>" for each object: its class "or dict of" and its own text. */
static int
brief_each(module_state *state, const heapy_address_map *map, const heapy_classes *clodo,
           const dict_owners *owners, PyObject *names)
{
    const heapy_class *classes = heapy_classes_of_nodes(clodo);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    size_t node = 0;
    for (uintptr_t address; (address = heapy_address_iterator_next(&iterator)); node++) {
        PyObject *text =
            render_brief_item(state, (PyObject *)address, dict_owners_find(owners, (heapy_node)node));
        PyObject *class = text_from_utf8(heapy_classes_name(clodo, classes[node]), SIZE_MAX);
        PyObject *name = text && class ? PyUnicode_FromFormat("<1 %U: %U>", class, text) : NULL;
        int failed = !name || PyList_Append(names, name) < 0;
        Py_XDECREF(text);
        Py_XDECREF(class);
        Py_XDECREF(name);
        if (failed)
            return -1;
    }
    return 0;
}

static int
classify_by_idset(live_classes *out, module_state *state, const heapy_address_map *map)
{
    size_t count = heapy_graph_node_count(out->graph);
    heapy_class *of_nodes = heapy_alloc_array(count, sizeof *of_nodes);
    heapy_classes *clodo = NULL;
    PyObject *names = PyList_New(0);
    heapy_error err = HEAPY_ERROR_INIT;
    int result = names ? 0 : -1;
    if (!of_nodes) {
        PyErr_NoMemory();
        result = -1;
    }
    for (size_t i = 0; !result && i < count; i++)
        of_nodes[i] = (heapy_class)i;
    if (!result && heapy_classify(out->graph, HEAPY_BY_CLODO, &clodo, &err))
        result = raise_heapy_error(&err);
    if (!result)
        result = brief_each(state, map, clodo, &out->owners, names);
    if (!result)
        result = classes_of_names("by identity set", count, of_nodes, names, &out->classes);
    else
        heapy_free(of_nodes);
    heapy_classes_destroy(clodo);
    Py_XDECREF(names);
    return result;
}

/* ---- all ---- */

static int
classify(live_classes *out, module_state *state, const heapy_address_map *map)
{
    static const heapy_classifier classifiers[] = {
        [RELATION_TYPE] = HEAPY_BY_TYPE,
        [RELATION_CLODO] = HEAPY_BY_CLODO,
        [RELATION_SIZE] = HEAPY_BY_SIZE,
        [RELATION_UNITY] = HEAPY_BY_UNITY,
    };
    if (out->by == RELATION_MODULE)
        return classify_by_module(out, state, map);
    if (out->by == RELATION_IDSET)
        return classify_by_idset(out, state, map);
    heapy_error err = HEAPY_ERROR_INIT;
    return heapy_classify(out->graph, classifiers[out->by], &out->classes, &err) ? raise_heapy_error(&err)
                                                                                 : 0;
}

int
live_classes_init(live_classes *out, PyObject *session, const heapy_address_map *map, relation by,
                  unsigned wants)
{
    module_state *state = state_of_type(Py_TYPE(session));
    *out = (live_classes){.by = by};
    bool by_owner = by == RELATION_CLODO || by == RELATION_IDSET;
    unsigned columns = (wants & WITH_SIZES ? COLUMN_SIZES : 0) | (by_owner ? COLUMN_OWNERS : 0);
    bool keeps_owners = by == RELATION_IDSET || (by_owner && wants & WITH_OWNERS);
    int result = capture_columns(state, map, columns, ((Session *)session)->warned_types, &out->graph,
                                 &out->keys, keeps_owners ? &out->owners : NULL);
    if (!result)
        result = classify(out, state, map);
    if (result)
        live_classes_deinit(out);
    return result;
}

PyObject *
class_kind(PyObject *session, relation by, const heapy_classes *classes, PyObject *keys, heapy_class which)
{
    heapy_type type = 0;
    PyObject *arg, *kind;
    switch (by) {
    case RELATION_TYPE:
    case RELATION_CLODO:
        switch (heapy_classes_form(classes, which, &type)) {
        case HEAPY_CLASS_DICT_OF:
            return Kind_create(session, KIND_DICT_OF, PyTuple_GET_ITEM(keys, (Py_ssize_t)type));
        case HEAPY_CLASS_DICT_NO_OWNER:
            return Kind_create(session, KIND_DICT_NO_OWNER, NULL);
        case HEAPY_CLASS_TYPE:
        case HEAPY_CLASS_OTHER:
            break;
        }
        return Kind_create(session, KIND_TYPE, PyTuple_GET_ITEM(keys, (Py_ssize_t)type));
    case RELATION_SIZE: /* the class's name is its size */
        arg = PyLong_FromString(heapy_classes_name(classes, which), NULL, 10);
        kind = arg ? Kind_create(session, KIND_SIZE, arg) : NULL;
        Py_XDECREF(arg);
        return kind;
    case RELATION_MODULE:
        return which ? Kind_create(session, KIND_MODULE, PyTuple_GET_ITEM(keys, (Py_ssize_t)which))
                     : Kind_create(session, KIND_NO_MODULE, NULL);
    case RELATION_ID:
    case RELATION_IDSET:
    case RELATION_UNITY:
    case RELATION_COUNT:
        break;
    }
    return Kind_create(session, KIND_ANYTHING, NULL);
}
