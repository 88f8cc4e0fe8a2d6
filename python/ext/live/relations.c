/* SPDX-License-Identifier: MIT */
#include "live/relations.h"

#include "capture/object_map.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "live/text.h"
#include "live/world.h"

#include <heapy/reference.h>

/* The key of a dict's value: borrowed, NULL when it is not part of the heap. */
static PyObject *
key_of_value(const heapy_graph *graph, const heapy_address_map *map, heapy_node source, uint64_t edge,
             heapy_label label)
{
    heapy_node key = heapy_graph_key_of_edge(graph, source, edge, label);
    if (key == HEAPY_NO_NODE)
        return NULL;
    return object_at_address(heapy_address_map_select(map, key));
}

PyObject *
relator_of(const heapy_graph *graph, const heapy_address_map *map, heapy_node source, uint64_t edge,
           heapy_label label)
{
    heapy_label_kind kind = heapy_label_kind_of(label);
    if (kind == HEAPY_LABEL_UNNAMED || kind == HEAPY_LABEL_SEVERAL)
        Py_RETURN_NONE;
    if (kind == HEAPY_LABEL_VALUE) {
        PyObject *key = key_of_value(graph, map, source, edge, label);
        return Py_NewRef(key ? key : Py_None);
    }
    if (!heapy_label_is_named(kind))
        return PyLong_FromUnsignedLong(heapy_label_number(label));
    size_t length;
    const char *name = heapy_graph_name(graph, heapy_label_number(label), &length);
    return text_from_utf8(name, length);
}

/* ---- between two objects ---- */

/* What the source refers to, as a graph and its nodes, which are held. */
static int
capture_source(const capture_view *view, PyObject *source, heapy_graph **graph, held_objects **out)
{
    held_objects *one = hold_objects(&source, 1), *targets = NULL, *nodes = NULL;
    heapy_address_map *both = NULL;
    if (!one)
        return -1;
    stopped_world world = world_stop();
    int result = capture_referents(view, one, &targets);
    if (!result)
        both = combine_maps(held_addresses(one), held_addresses(targets), HEAPY_UNION);
    if (both) {
        nodes = capture_hold(both);
        result = capture_references(view, nodes, one, 0, graph, NULL, NULL);
    } else {
        result = -1;
    }
    world_start(&world);
    capture_release_keeping_exception(one);
    capture_release_keeping_exception(targets);
    if (result)
        capture_release_keeping_exception(nodes);
    else
        *out = nodes;
    return result;
}

static int
add_relator(void *lists, int code, PyObject *relator)
{
    if (code < 0)
        return 0;
    return PyList_Append(PyList_GET_ITEM((PyObject *)lists, code), relator);
}

static int
add_references(const heapy_graph *graph, const heapy_address_map *map, PyObject *source, PyObject *target,
               PyObject *lists, size_t *count)
{
    heapy_node from = heapy_address_map_rank(map, (uintptr_t)source);
    heapy_node to = heapy_address_map_rank(map, (uintptr_t)target);
    uint64_t edge, end;
    heapy_graph_edges(graph, from, &edge, &end);
    int result = 0;
    for (; !result && edge < end; edge++) {
        if (heapy_graph_targets(graph)[edge] != to)
            continue;
        const heapy_label *parts;
        size_t names = heapy_graph_label_parts(graph, heapy_graph_labels(graph) + edge, &parts);
        ++*count;
        for (size_t i = 0; !result && i < names; i++) {
            PyObject *relator = relator_of(graph, map, from, edge, parts[i]);
            if (relator)
                result = add_relator(lists, heapy_reference_code_of(parts[i]), relator);
            else
                result = -1;
            Py_XDECREF(relator);
        }
    }
    return result;
}

/* Make the list [[], [], ...], with a list for each code of references. */
static PyObject *
empty_lists(void)
{
    PyObject *lists = PyList_New(HEAPY_REFERENCE_CODE_COUNT);
    for (Py_ssize_t i = 0; lists && i < HEAPY_REFERENCE_CODE_COUNT; i++) {
        PyObject *list = PyList_New(0);
        if (!list)
            Py_CLEAR(lists);
        else
            PyList_SET_ITEM(lists, i, list);
    }
    return lists;
}

static PyObject *
tuples_of_lists(PyObject *lists)
{
    PyObject *tuples = PyTuple_New(HEAPY_REFERENCE_CODE_COUNT);
    for (Py_ssize_t i = 0; tuples && i < HEAPY_REFERENCE_CODE_COUNT; i++) {
        PyObject *tuple = PyList_AsTuple(PyList_GET_ITEM(lists, i));
        if (!tuple)
            Py_CLEAR(tuples);
        else
            PyTuple_SET_ITEM(tuples, i, tuple);
    }
    return tuples;
}

PyObject *
relate_objects(const capture_view *view, PyObject *source, PyObject *target, size_t *count)
{
    heapy_graph *graph = NULL;
    held_objects *nodes = NULL;
    size_t references = 0;
    capture_view alone = *view;
    alone.names_references_alone = true;
    if (capture_source(&alone, source, &graph, &nodes))
        return NULL;
    PyObject *lists = empty_lists(), *tuples = NULL;
    int result =
        lists ? add_references(graph, held_addresses(nodes), source, target, lists, &references) : -1;
    if (!result)
        result = capture_direct_relations(view, source, target, add_relator, lists);
    if (!result)
        tuples = tuples_of_lists(lists);
    Py_XDECREF(lists);
    heapy_graph_destroy(graph);
    capture_release_keeping_exception(nodes);
    if (tuples && count)
        *count = references;
    return tuples;
}
