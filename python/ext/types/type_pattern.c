/* SPDX-License-Identifier: MIT */
/*
 * Reference patterns by class or type (P-60 to P-77): the engine's rows and lines, in the snapshot that a
 * session keeps. guppy/heapy/RefPat.py shows them, and makes patterns by other relations.
 */
#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/errors.h"
#include "live/text.h"
#include "live/without_gil.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/source.h"
#include "types/type_heap_view.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/classify.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/pattern.h>
#include <heapy/pattern_text.h>
#include <heapy/status.h>
#include <string.h>

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    PyObject *taken; /* the Snapshot */
    heapy_pattern *pattern;
    bool shows_owners;
} Pattern;

/* The whole of what a session keeps, as a Snapshot; new reference, NULL with an exception. */
static PyObject *
take(PyObject *session)
{
    const source_methods *source = source_of(session);
    if (!source)
        return NULL;
    return source->moment(session, HEAPY_NEEDS_EDGES | HEAPY_NEEDS_ALL_EDGES);
}

/* ---- making ---- */

/* NULL with an exception. */
static heapy_pattern *
make_pattern(heapy_snapshot *snapshot, const heapy_address_map *objects, bool by_class,
             const heapy_pattern_options *options)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_classes *classes = NULL;
    heapy_pattern *pattern = NULL;
    size_t count = heapy_address_map_count(objects);
    heapy_node *nodes = numbers_in_snapshot(snapshot, objects);
    if (!nodes)
        return NULL;
    const heapy_classifier *by = NULL;
    released_gil released = gil_release(); /* neither classes nor the search look at objects */
    heapy_status status =
        heapy_classifier_create(by_class ? HEAPY_BY_CLODO : HEAPY_BY_TYPE, NULL, 0, &by, &err);
    if (!status)
        status = heapy_classify(by, snapshot, NULL, &classes, &err);
    heapy_classifier_release(by);
    if (!status)
        status = heapy_pattern_create(snapshot, classes, nodes, count, options, &pattern, &err);
    gil_take(&released);
    heapy_free(nodes);
    if (status)
        raise_heapy_error(&err);
    return pattern;
}

/* The nodes of a set, or NULL for None.  -1 with an exception. */
static int
stop_nodes(const heapy_snapshot *snapshot, PyObject *stop, heapy_node_set **out)
{
    *out = NULL;
    if (stop == Py_None)
        return 0;
    if (!IdentitySet_check(state_of_type(Py_TYPE(stop)), stop)) {
        PyErr_Format(PyExc_TypeError, "Pattern: an identity set or None expected, not %.200s",
                     Py_TYPE(stop)->tp_name);
        return -1;
    }
    const heapy_address_map *map = IdentitySet_map(stop);
    if (!map)
        return -1;
    *out = nodes_in_snapshot(snapshot, map);
    if (!*out)
        return -1;
    return 0;
}

static PyObject *
pattern_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"session",           "set",  "by_class",   "depth", "dominators_only",
                            "without_ancestors", "stop", "is_partial", NULL};
    PyObject *session, *set, *stop;
    int by_class, dominators_only, without_ancestors, is_partial;
    Py_ssize_t depth;
    module_state *state = state_of_type(type);
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!O!pnppOp:Pattern", names, state->session_type, &session,
                                     state->identity_set_type, &set, &by_class, &depth, &dominators_only,
                                     &without_ancestors, &stop, &is_partial) ||
        !Session_is_usable(session))
        return NULL;
    heapy_node_set *stops = NULL;
    heapy_pattern *pattern = NULL;
    Pattern *self = NULL;
    PyObject *taken = take(session);
    if (!taken)
        return NULL;
    heapy_snapshot *snapshot = Snapshot_get(taken);
    const heapy_address_map *objects = IdentitySet_map(set);
    if (!snapshot || !objects || stop_nodes(snapshot, stop, &stops) < 0)
        goto done;
    const heapy_pattern_options options = {.depth = depth < 0 ? 0 : (size_t)depth,
                                           .without_ancestors = without_ancestors,
                                           .dominators_only = dominators_only,
                                           .is_partial = is_partial,
                                           .start = root_of_snapshot(session, snapshot),
                                           .stop = stops};
    pattern = make_pattern(snapshot, objects, by_class, &options);
    if (!pattern)
        goto done;
    self = own_object_new(type, tag_of(session));
    if (!self) {
        heapy_pattern_destroy(pattern);
        goto done;
    }
    self->session = Py_NewRef(session);
    self->taken = Py_NewRef(taken);
    self->shows_owners = by_class;
    self->pattern = pattern;
done:
    heapy_node_set_destroy(stops);
    Py_DECREF(taken);
    return (PyObject *)self;
}

/* ---- rows ---- */

/* 1: it is there; 0: there are not so many; -1 with an exception. */
static int
get_row(Pattern *self, Py_ssize_t number, heapy_pattern_row *row)
{
    bool found;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!Snapshot_get(self->taken))
        return -1;
    if (number < 0) {
        PyErr_SetString(PyExc_IndexError, "Pattern: rows are numbered from 0");
        return -1;
    }
    if (heapy_pattern_get(self->pattern, (size_t)number, row, &found, &err))
        return raise_heapy_error(&err);
    return found;
}

/* The same, where one that is not there is an IndexError. */
static bool
has_row(Pattern *self, Py_ssize_t number, heapy_pattern_row *row)
{
    int found = get_row(self, number, row);
    if (!found)
        PyErr_SetString(PyExc_IndexError, "Pattern: there are not so many rows");
    return found > 0;
}

/* A row's number; None of HEAPY_NO_PATTERN_ROW. */
static PyObject *
number_to_python(size_t row)
{
    if (row == HEAPY_NO_PATTERN_ROW)
        return Py_NewRef(Py_None);
    return PyLong_FromSize_t(row);
}

static PyObject *
pattern_row(PyObject *object, PyObject *number)
{
    Py_ssize_t index = PyNumber_AsSsize_t(number, PyExc_IndexError);
    heapy_pattern_row row;
    if (index == -1 && PyErr_Occurred())
        return NULL;
    int found = get_row((Pattern *)object, index, &row);
    if (found < 0)
        return NULL;
    if (!found)
        Py_RETURN_NONE;
    return Py_BuildValue("(NnNON)", number_to_python(row.parent), (Py_ssize_t)row.number,
                         number_to_python(row.same), row.mark == HEAPY_PATTERN_ROOT ? Py_True : Py_False,
                         text_from_utf8(row.name, SIZE_MAX));
}

static PyObject *
pattern_set(PyObject *object, PyObject *number)
{
    Pattern *self = (Pattern *)object;
    Py_ssize_t index = PyNumber_AsSsize_t(number, PyExc_IndexError);
    heapy_pattern_row row;
    heapy_error err = HEAPY_ERROR_INIT;
    if ((index == -1 && PyErr_Occurred()) || !has_row(self, index, &row))
        return NULL;
    heapy_snapshot *snapshot = Snapshot_get(self->taken);
    heapy_node_set *nodes = NULL;
    heapy_address_map *map = NULL;
    heapy_status status =
        heapy_node_set_create(heapy_graph_node_count(heapy_snapshot_graph(snapshot)), &nodes, &err);
    for (size_t i = 0; !status && i < row.count; i++)
        heapy_node_set_add(nodes, row.nodes[i]);
    if (!status)
        status =
            heapy_address_map_subset(heapy_snapshot_map(snapshot), heapy_node_set_words(nodes), &map, &err);
    heapy_node_set_destroy(nodes);
    if (status) {
        raise_heapy_error(&err);
        return NULL;
    }
    return IdentitySet_share_only(self->session, LiveObjects_select(self->session, map), NULL);
}

/* ---- text ---- */

typedef heapy_status row_writer(const heapy_pattern *pattern, size_t row, char **text, heapy_error *err);

static PyObject *
text_of_row(PyObject *object, PyObject *number, row_writer *write)
{
    Pattern *self = (Pattern *)object;
    Py_ssize_t index = PyNumber_AsSsize_t(number, PyExc_IndexError);
    heapy_pattern_row row;
    heapy_error err = HEAPY_ERROR_INIT;
    char *text;
    if ((index == -1 && PyErr_Occurred()) || !has_row(self, index, &row))
        return NULL;
    if (write(self->pattern, (size_t)index, &text, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    return text_taken_over(text, SIZE_MAX);
}

static PyObject *
pattern_start(PyObject *object, PyObject *number)
{
    return text_of_row(object, number, heapy_pattern_line_start);
}

static PyObject *
pattern_name(PyObject *object, PyObject *number)
{
    return text_of_row(object, number, heapy_pattern_row_name);
}

static PyObject *
pattern_summary(PyObject *object, PyObject *args)
{
    Pattern *self = (Pattern *)object;
    Py_ssize_t index, width;
    heapy_pattern_row row;
    heapy_error err = HEAPY_ERROR_INIT;
    char *text;
    if (!PyArg_ParseTuple(args, "nn:summary", &index, &width) || !has_row(self, index, &row))
        return NULL;
    const heapy_pattern_text_options options = {.shows_owners = self->shows_owners};
    if (heapy_pattern_summary(self->pattern, (size_t)index, width < 0 ? 0 : (size_t)width, &options, &text,
                              &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    return text_taken_over(text, SIZE_MAX);
}

static PyObject *
pattern_is_complete(PyObject *self, void *closure)
{
    (void)closure;
    return PyBool_FromLong(heapy_pattern_is_complete(((Pattern *)self)->pattern));
}

/* ---- life ---- */

static int
pattern_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((Pattern *)self)->session);
    Py_VISIT(((Pattern *)self)->taken);
    return 0;
}

/* No tp_clear: cycles through it are broken by its session. */
static void
pattern_dealloc(PyObject *object)
{
    Pattern *self = (Pattern *)object;
    PyObject_GC_UnTrack(object);
    heapy_pattern_destroy(self->pattern);
    Py_XDECREF(self->taken);
    Py_XDECREF(self->session);
    own_object_free(object);
}

static PyGetSetDef pattern_getset[] = {
    {"is_complete", pattern_is_complete, NULL, DOC_Pattern_is_complete, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef pattern_methods[] = {
    {"row", pattern_row, METH_O, DOC_Pattern_row},
    {"set", pattern_set, METH_O, DOC_Pattern_set},
    {"name", pattern_name, METH_O, DOC_Pattern_name},
    {"start", pattern_start, METH_O, DOC_Pattern_start},
    {"summary", pattern_summary, METH_VARARGS, DOC_Pattern_summary},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot pattern_slots[] = {
    {Py_tp_doc, DOC_Pattern},
    {Py_tp_new, pattern_new},
    {Py_tp_traverse, pattern_traverse},
    {Py_tp_dealloc, pattern_dealloc},
    {Py_tp_getset, pattern_getset},
    {Py_tp_methods, pattern_methods},
    {0, NULL},
};

PyType_Spec pattern_spec = {
    .name = "guppy._heapyc.Pattern",
    .basicsize = sizeof(Pattern),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = pattern_slots,
};
