/* SPDX-License-Identifier: MIT */
#include "live/relations.h"

#include "capture/object_map.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "live/text.h"
#include "live/world.h"

#include <heapy/memory.h>
#include <stdlib.h>
#include <string.h>

relation_code
relation_code_of(heapy_label label)
{
    switch (heapy_label_kind_of(label)) {
    case HEAPY_LABEL_ATTRIBUTE:
        return CODE_ATTRIBUTE;
    case HEAPY_LABEL_INDEX:
    case HEAPY_LABEL_VALUE:
        return CODE_INDEX;
    case HEAPY_LABEL_KEY:
        return CODE_KEY;
    case HEAPY_LABEL_INTERNAL:
        return CODE_INTERNAL;
    case HEAPY_LABEL_LOCAL:
        return CODE_LOCAL;
    case HEAPY_LABEL_STACK:
        return CODE_STACK;
    case HEAPY_LABEL_MEMBER:
        return CODE_MEMBER;
    case HEAPY_LABEL_UNNAMED:
    case HEAPY_LABEL_SEVERAL:
    case HEAPY_LABEL_KIND_COUNT:
        break;
    }
    return CODE_UNKNOWN;
}

/* The key of a dict's value: borrowed, NULL when it is not part of the heap. */
static PyObject *
key_of_value(const heapy_graph *graph, const heapy_address_map *map, heapy_node source, uint64_t edge,
             heapy_label label)
{
    heapy_node key = heapy_graph_key_of_edge(graph, source, edge, label);
    return key == HEAPY_NO_NODE ? NULL : object_at_address(heapy_address_map_select(map, key));
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

/* ---- order ---- */

typedef struct ordered_step {
    heapy_path_step step;
    int code, rank;        /* rank: numbers, tuples, strings, others */
    const char *type_name; /* of the key, of others */
    const char *name;      /* of what is named */
    uint32_t number;       /* of what is numbered */
    PyObject *key;         /* borrowed; NULL: none */
    size_t place;          /* where it came */
} ordered_step;

static int
compare_steps(const void *a, const void *b)
{
    const ordered_step *x = a, *y = b;
    if (x->code != y->code)
        return (unsigned)x->code < (unsigned)y->code ? -1 : 1; /* unknown ones last */
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    int order = x->type_name && y->type_name ? strcmp(x->type_name, y->type_name) : 0;
    if (!order && x->name && y->name)
        order = strcmp(x->name, y->name);
    if (!order && !x->key && !y->key)
        order = (x->number > y->number) - (x->number < y->number);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

static ordered_step
describe_step(const heapy_graph *graph, const heapy_address_map *map, heapy_node source, heapy_path_step step,
              size_t place)
{
    const heapy_label *parts;
    heapy_graph_label_parts(graph, heapy_graph_labels(graph) + step.edge, &parts);
    heapy_label label = parts[step.name];
    heapy_label_kind kind = heapy_label_kind_of(label);
    ordered_step result = {.step = step, .code = relation_code_of(label), .place = place};
    if (heapy_label_is_named(kind)) {
        result.rank = 2;
        result.name = heapy_graph_name(graph, heapy_label_number(label), NULL);
    } else if (kind != HEAPY_LABEL_VALUE) {
        result.number = heapy_label_number(label);
    } else if ((result.key = key_of_value(graph, map, source, step.edge, label))) {
        PyTypeObject *type = Py_TYPE(result.key);
        result.rank = PyLong_Check(result.key) || PyFloat_Check(result.key) ? 0
                      : PyTuple_Check(result.key)                           ? 1
                      : PyUnicode_Check(result.key)                         ? 2
                                                                            : 3;
        result.type_name = result.rank == 3 ? type->tp_name : NULL;
    }
    return result;
}

/* Keys that may be compared, in place; what cannot be keeps its order. */
static int
sort_keys(ordered_step *steps, size_t count)
{
    PyObject *pairs = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; pairs && i < count; i++) {
        PyObject *pair = Py_BuildValue("(On)", steps[i].key, (Py_ssize_t)i);
        if (!pair) {
            Py_CLEAR(pairs);
            break;
        }
        PyList_SET_ITEM(pairs, (Py_ssize_t)i, pair);
    }
    if (!pairs)
        return -1;
    if (PyList_Sort(pairs) < 0) {
        Py_DECREF(pairs);
        if (!PyErr_ExceptionMatches(PyExc_Exception) || PyErr_ExceptionMatches(PyExc_MemoryError))
            return -1;
        PyErr_Clear();
        return 0;
    }
    ordered_step *sorted = heapy_alloc_array(count, sizeof *sorted);
    bool is_whole = PyList_GET_SIZE(pairs) == (Py_ssize_t)count; /* a comparison may do anything */
    for (size_t i = 0; sorted && is_whole && i < count; i++)
        sorted[i] = steps[PyLong_AsSsize_t(PyTuple_GET_ITEM(PyList_GET_ITEM(pairs, (Py_ssize_t)i), 1))];
    if (sorted && is_whole)
        memcpy(steps, sorted, count * sizeof *sorted);
    Py_DECREF(pairs);
    if (!sorted)
        PyErr_NoMemory();
    heapy_free(sorted);
    return sorted ? 0 : -1;
}

static bool
are_of_one_sort(const ordered_step *a, const ordered_step *b)
{
    return a->key && b->key && a->code == b->code && a->rank == b->rank &&
           (!a->type_name || !strcmp(a->type_name, b->type_name));
}

int
order_relations(const heapy_graph *graph, const heapy_address_map *map, heapy_node source,
                heapy_path_step *steps, size_t count)
{
    ordered_step *ordered = heapy_alloc_array(count, sizeof *ordered);
    if (!ordered) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        ordered[i] = describe_step(graph, map, source, steps[i], i);
    qsort(ordered, count, sizeof *ordered, compare_steps);
    int result = 0;
    for (size_t i = 0, end; !result && i < count; i = end) {
        for (end = i + 1; end < count && are_of_one_sort(&ordered[i], &ordered[end]); end++)
            ;
        if (end - i > 1)
            result = sort_keys(ordered + i, end - i);
    }
    for (size_t i = 0; !result && i < count; i++)
        steps[i] = ordered[i].step;
    heapy_free(ordered);
    return result;
}

/* ---- between two objects ---- */

/* What the source refers to, as a graph and its nodes, which are held. */
static int
capture_source(const capture_view *view, PyObject *source, heapy_graph **graph, heapy_address_map **map)
{
    heapy_address_map *one = map_of_objects(&source, 1), *targets = NULL, *nodes = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    stopped_world world = world_stop();
    int result = one ? capture_referents(view, one, &targets) : -1;
    if (!result && heapy_address_map_combine(one, targets, HEAPY_UNION, &nodes, &err))
        result = raise_heapy_error(&err);
    if (!result) {
        capture_hold(nodes);
        result = capture_references(view, nodes, one, 0, graph, NULL, NULL);
    }
    world_start(&world);
    heapy_address_map_destroy(one);
    capture_release_keeping_exception(targets);
    if (result)
        capture_release_keeping_exception(nodes);
    else
        *map = nodes;
    return result;
}

static int
add_relator(void *lists, int code, PyObject *relator)
{
    return code < 0 ? 0 : PyList_Append(PyList_GET_ITEM((PyObject *)lists, code), relator);
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
            result = relator ? add_relator(lists, relation_code_of(parts[i]), relator) : -1;
            Py_XDECREF(relator);
        }
    }
    return result;
}

/* [[], [], ...] */
static PyObject *
empty_lists(void)
{
    PyObject *lists = PyList_New(CODE_COUNT);
    for (Py_ssize_t i = 0; lists && i < CODE_COUNT; i++) {
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
    PyObject *tuples = PyTuple_New(CODE_COUNT);
    for (Py_ssize_t i = 0; tuples && i < CODE_COUNT; i++) {
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
    heapy_address_map *map = NULL;
    size_t references = 0;
    if (capture_source(view, source, &graph, &map))
        return NULL;
    PyObject *lists = empty_lists(), *tuples = NULL;
    int result = lists ? add_references(graph, map, source, target, lists, &references) : -1;
    if (!result)
        result = capture_direct_relations(view, source, target, add_relator, lists);
    if (!result)
        tuples = tuples_of_lists(lists);
    Py_XDECREF(lists);
    heapy_graph_destroy(graph);
    capture_release_keeping_exception(map);
    if (tuples && count)
        *count = references;
    return tuples;
}
