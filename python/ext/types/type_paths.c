/* SPDX-License-Identifier: MIT */
/* Shortest paths as a Python object: as many as there are, in order and by level (P-3 to P-12).
   guppy/heapy/Path.py prints them. */
#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_words.h"
#include "live/progress_line.h"
#include "live/text.h"
#include "types/found_paths.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/source.h"
#include "types/type_path_steps.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/graph.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/path_text.h>
#include <heapy/progress.h>
#include <heapy/shortest_paths.h>
#include <heapy/status.h>

static const heapy_graph *
graph_of(const Paths *self)
{
    return heapy_snapshot_graph(Snapshot_get(self->heap));
}

/* ---- making ---- */

static int
check_pairs(PyObject *pairs)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(pairs); i++) {
        PyObject *pair = PyList_GET_ITEM(pairs, i);
        if (!PyTuple_CheckExact(pair) || PyTuple_GET_SIZE(pair) != 2) {
            PyErr_SetString(PyExc_TypeError, "avoid: a list of pairs of objects expected");
            return -1;
        }
    }
    return 0;
}

static PyObject *
paths_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"session", "sources", "targets", "avoid_nodes", "avoid_edges", "from_root", NULL};
    PyObject *session, *sources, *targets, *avoid, *pairs;
    int from_root;
    module_state *state = state_of_type(type);
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!O!O!O!O!p:Paths", names, state->session_type, &session,
                                     state->identity_set_type, &sources, state->identity_set_type, &targets,
                                     state->identity_set_type, &avoid, &PyList_Type, &pairs, &from_root))
        return NULL;
    const heapy_address_map *from = IdentitySet_map(sources), *to, *around;
    if (!from)
        return NULL;
    to = IdentitySet_map(targets);
    if (!to)
        return NULL;
    around = IdentitySet_map(avoid);
    if (!around || check_pairs(pairs) < 0 || !Session_is_usable(session))
        return NULL;
    if (!heapy_address_map_count(around))
        around = NULL;
    Paths *self = own_object_new(type, tag_of(session));
    if (!self)
        return NULL;
    self->session = Py_NewRef(session);
    unsigned how = PyList_GET_SIZE(pairs) ? PATHS_IN_WHOLE : 0;
    int result;
    if (from_root)
        result = Paths_find_from_root(self, from, to, around, pairs, how);
    else
        result = Paths_find(self, from, to, around, pairs, how, false);
    if (result || (!from_root && Paths_note_sources(self) < 0))
        Py_CLEAR(self);
    return (PyObject *)self;
}

/* ---- numbers ---- */

/* `count` digits of 32 bits as an int. */
static PyObject *
int_of_digits(const uint32_t *digits, size_t count)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(4 * count));
    if (!bytes)
        return NULL;
    unsigned char *to = (unsigned char *)PyBytes_AS_STRING(bytes);
    for (size_t i = 0; i < count; i++)
        for (int b = 0; b < 4; b++)
            *to++ = (unsigned char)(digits[i] >> 8 * b);
    PyObject *number = PyObject_CallMethod((PyObject *)&PyLong_Type, "from_bytes", "(Os)", bytes, "little");
    Py_DECREF(bytes);
    return number;
}

/* The digits of an int that is not negative; heapy_free(). */
static uint32_t *
digits_of_int(PyObject *number, size_t *count)
{
    PyObject *bits = PyObject_CallMethod(number, "bit_length", NULL);
    if (!bits)
        return NULL;
    Py_ssize_t length = PyLong_AsSsize_t(bits);
    Py_DECREF(bits);
    if (length < 0)
        return NULL;
    *count = (size_t)length / 32 + 1;
    PyObject *bytes = PyObject_CallMethod(number, "to_bytes", "ns", (Py_ssize_t)(4 * *count), "little");
    if (!bytes)
        return NULL;
    uint32_t *digits = heapy_alloc_array(*count, sizeof *digits);
    if (!digits)
        PyErr_NoMemory();
    const unsigned char *from = (const unsigned char *)PyBytes_AS_STRING(bytes);
    for (size_t i = 0; digits && i < *count; i++)
        digits[i] = (uint32_t)from[4 * i] | (uint32_t)from[4 * i + 1] << 8 | (uint32_t)from[4 * i + 2] << 16 |
                    (uint32_t)from[4 * i + 3] << 24;
    Py_DECREF(bytes);
    return digits;
}

static PyObject *
paths_number(PyObject *object, PyObject *from)
{
    Paths *self = (Paths *)object;
    heapy_node_set *nodes = NULL;
    uint32_t *digits;
    size_t count;
    heapy_error err = HEAPY_ERROR_INIT;
    if (from != Py_None) {
        if (!IdentitySet_check(state_of_type(Py_TYPE(object)), from)) {
            PyErr_SetString(PyExc_TypeError, "number: an identity set or None expected");
            return NULL;
        }
        const heapy_address_map *map = IdentitySet_map(from);
        if (!map)
            return NULL;
        heapy_address_map *known = combine_maps(map, Paths_map(self), HEAPY_INTERSECTION);
        if (!known)
            return NULL;
        nodes = nodes_in_snapshot(Snapshot_get(self->heap), known);
        heapy_address_map_destroy(known);
        if (!nodes)
            return NULL;
    }
    progress_line line = {0};
    const heapy_progress progress = progress_of(&line);
    heapy_status status = heapy_paths_number(self->paths, nodes, &progress, &digits, &count, &err);
    progress_end(&line);
    if (status == HEAPY_CANCELLED && deliver_interrupt() == 0) /* its handler lets us */
        status = heapy_paths_number(self->paths, nodes, NULL, &digits, &count, &err);
    heapy_node_set_destroy(nodes);
    if (status) {
        if (!PyErr_Occurred())
            raise_heapy_error(&err);
        return NULL;
    }
    PyObject *number = int_of_digits(digits, count);
    heapy_free(digits);
    return number;
}

/* ---- paths ---- */

/* The path at `positions`. */
static PyObject *
path_at(Paths *self, const uint32_t *positions, heapy_path_step *steps)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_node source;
    if (heapy_paths_at(self->paths, positions, &source, steps, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    return PathSteps_wrap((PyObject *)self, source, steps);
}

/* The paths from number `first` on, at most `count`. */
static PyObject *
list_paths(Paths *self, const uint32_t *digits, size_t digit_count, Py_ssize_t count)
{
    size_t length = heapy_paths_length(self->paths);
    uint32_t *positions = heapy_alloc_array(length + 1, sizeof *positions);
    heapy_path_step *steps = heapy_alloc_array(length, sizeof *steps);
    PyObject *list = PyList_New(0);
    heapy_error err = HEAPY_ERROR_INIT;
    bool found = true, is_done = positions && steps && list;
    if (!positions || !steps)
        PyErr_NoMemory();
    else if (list && heapy_paths_seek(self->paths, digits, digit_count, positions, &err))
        is_done = raise_heapy_error(&err) == 0;
    for (Py_ssize_t i = 0; is_done && found && i < count; i++) {
        PyObject *path = path_at(self, positions, steps);
        is_done = path && PyList_Append(list, path) == 0;
        Py_XDECREF(path);
        if (is_done && i + 1 < count && heapy_paths_next(self->paths, positions, &found, &err))
            is_done = raise_heapy_error(&err) == 0;
    }
    heapy_free(positions);
    heapy_free(steps);
    if (!is_done)
        Py_CLEAR(list);
    return list;
}

static PyObject *
paths_list(PyObject *object, PyObject *args)
{
    Paths *self = (Paths *)object;
    PyObject *first;
    Py_ssize_t count;
    size_t digit_count;
    if (!PyArg_ParseTuple(args, "O!n:list", &PyLong_Type, &first, &count))
        return NULL;
    uint32_t *digits = digits_of_int(first, &digit_count);
    if (!digits)
        return NULL;
    PyObject *list = list_paths(self, digits, digit_count, count);
    heapy_free(digits);
    return list;
}

/* The lines of the paths from number `first` on, at most `count`. */
static PyObject *
list_lines(Paths *self, const uint32_t *digits, size_t digit_count, Py_ssize_t count, const char *name)
{
    heapy_path_writer *writer = Paths_writer((PyObject *)self, true, HEAPY_PATH_PLAIN);
    const heapy_source_names names = {name, Paths_source_brief, self};
    heapy_path_lines *lines = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    char *text = NULL;
    size_t bytes;
    PyObject *list = NULL;
    if (writer)
        list = PyList_New(0);
    bool is_done = list;
    if (list && heapy_path_lines_create(self->paths, writer, &names, digits, digit_count, &lines, &err))
        is_done = raise_heapy_error(&err) == 0;
    for (Py_ssize_t i = 0; is_done && i < count; i++) {
        if (heapy_path_lines_next(lines, &text, &bytes, &err)) {
            is_done = raise_heapy_error(&err) == 0;
            break;
        }
        if (!text)
            break;
        PyObject *line = text_taken_over(text, bytes);
        is_done = line && PyList_Append(list, line) == 0;
        Py_XDECREF(line);
    }
    heapy_path_lines_destroy(lines);
    if (!is_done)
        Py_CLEAR(list);
    return list;
}

static PyObject *
paths_lines(PyObject *object, PyObject *args)
{
    PyObject *first;
    Py_ssize_t count;
    const char *name;
    size_t digit_count;
    if (!PyArg_ParseTuple(args, "O!nz:lines", &PyLong_Type, &first, &count, &name) || !Paths_snapshot(object))
        return NULL;
    uint32_t *digits = digits_of_int(first, &digit_count);
    if (!digits)
        return NULL;
    PyObject *list = list_lines((Paths *)object, digits, digit_count, count, name);
    heapy_free(digits);
    return list;
}

/* ---- levels ---- */

/* Level numbers come from guppy/heapy/Path.py; others are an error here. */
static int
level_of(const Paths *self, PyObject *number, size_t end, size_t *level)
{
    Py_ssize_t value = PyNumber_AsSsize_t(number, PyExc_IndexError);
    if (value == -1 && PyErr_Occurred())
        return -1;
    if (value < 0 || (size_t)value >= end || !heapy_paths_length(self->paths)) {
        PyErr_SetString(PyExc_IndexError, "paths have no such level");
        return -1;
    }
    *level = (size_t)value;
    return 0;
}

static PyObject *
paths_level(PyObject *object, PyObject *number)
{
    Paths *self = (Paths *)object;
    size_t level, count;
    if (level_of(self, number, heapy_paths_length(self->paths) + 1, &level) < 0)
        return NULL;
    const heapy_node *nodes = heapy_paths_level(self->paths, level, &count);
    return Paths_set_of_nodes(self, nodes, count, NULL);
}

/* The pairs of objects that a level's steps join. */
static PyObject *
paths_level_edges(PyObject *object, PyObject *number)
{
    Paths *self = (Paths *)object;
    size_t level, count;
    if (level_of(self, number, heapy_paths_length(self->paths), &level) < 0)
        return NULL;
    const heapy_node *nodes = heapy_paths_level(self->paths, level, &count);
    const heapy_snapshot *snapshot = Snapshot_get(self->heap);
    PyObject *list = NULL;
    if (snapshot && Session_has_objects(self->session))
        list = PyList_New(0);
    for (size_t i = 0; list && i < count; i++) {
        size_t step_count;
        const heapy_path_step *steps = heapy_paths_steps(self->paths, level, i, &step_count);
        for (size_t k = 0; list && k < step_count; k++) {
            heapy_node target = heapy_graph_targets(graph_of(self))[steps[k].edge];
            PyObject *pair = PyTuple_Pack(2, live_object(snapshot, nodes[i]), live_object(snapshot, target));
            if (!pair || PyList_Append(list, pair) < 0)
                Py_CLEAR(list);
            Py_XDECREF(pair);
        }
    }
    return list;
}

static PyObject *
paths_length(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromSize_t(heapy_paths_length(((Paths *)self)->paths));
}

/* ---- life ---- */

static int
paths_traverse(PyObject *object, visitproc visit, void *arg)
{
    Paths *self = (Paths *)object;
    VISIT_OWN_HEAD(object);
    Py_VISIT(self->session);
    Py_VISIT(self->heap);
    Py_VISIT(self->sources);
    return 0;
}

/* No tp_clear: it never changes; cycles through it are broken by its LiveObjects. */
static void
paths_dealloc(PyObject *object)
{
    Paths *self = (Paths *)object;
    PyObject_GC_UnTrack(object);
    for (size_t i = 0; i < 2 * HEAPY_PATH_FORM_COUNT; i++)
        heapy_path_writer_destroy(self->writers[i / HEAPY_PATH_FORM_COUNT][i % HEAPY_PATH_FORM_COUNT]);
    heapy_shortest_paths_destroy(self->paths);
    Py_CLEAR(self->heap);
    Py_CLEAR(self->sources);
    Py_XDECREF(self->session);
    own_object_free(object);
}

static PyGetSetDef paths_getset[] = {
    {"length", paths_length, NULL, DOC_Paths_length, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef paths_methods[] = {
    {"number", paths_number, METH_O, DOC_Paths_number},
    {"list", paths_list, METH_VARARGS, DOC_Paths_list},
    {"lines", paths_lines, METH_VARARGS, DOC_Paths_lines},
    {"level", paths_level, METH_O, DOC_Paths_level},
    {"level_edges", paths_level_edges, METH_O, DOC_Paths_level_edges},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot paths_slots[] = {
    {Py_tp_doc, DOC_Paths},
    {Py_tp_new, paths_new},
    {Py_tp_traverse, paths_traverse},
    {Py_tp_dealloc, paths_dealloc},
    {Py_tp_getset, paths_getset},
    {Py_tp_methods, paths_methods},
    {0, NULL},
};

PyType_Spec paths_spec = {
    .name = "guppy._heapyc.Paths",
    .basicsize = sizeof(Paths),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = paths_slots,
};
