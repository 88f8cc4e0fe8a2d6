/* SPDX-License-Identifier: MIT */
/*
 * A snapshot file as a source.
 *
 * A session of a file has the file and a Snapshot of those of its columns that were needed so far.  A
 * question that needs more gets a larger one, which takes its place; what was answered before keeps its own.
 * Sets are addresses of the process that the file is of: no object is here, and none is looked for.
 */
#include "types/source_file.h"

#include "cpython/module_support.h"
#include "live/errors.h"
#include "live/live_atoms.h"
#include "live/without_gil.h"
#include "types/identity_set.h"
#include "types/kind_of_class.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/source.h"
#include "types/source_parts.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/classify.h>
#include <heapy/graph.h>
#include <heapy/kind.h>
#include <heapy/node_set.h>
#include <heapy/snapshot_file.h>
#include <heapy/status.h>
#include <string.h>

enum {
    EVERY_SESSION = HEAPY_FILE_ADDRESSES, /* what sets are made of */
    WITH_TEXTS = HEAPY_FILE_TEXTS | HEAPY_FILE_LENGTHS | HEAPY_FILE_FACTS | HEAPY_FILE_OWNERS,
    WITH_EDGES = HEAPY_FILE_EDGES | HEAPY_FILE_SIZES | HEAPY_FILE_KEYS | WITH_TEXTS
};

/* The exception for what a file is found to be. */
static void
raise_file_error(const heapy_error *err)
{
    if (err->status != HEAPY_BAD_FILE && err->status != HEAPY_UNSUPPORTED) {
        raise_heapy_error(err);
        return;
    }
    PyObject *package = import_module("guppy.heapy");
    if (!package)
        return;
    PyObject *exception = PyObject_GetAttrString(package, "BadSnapshot");
    Py_DECREF(package);
    if (!exception)
        return;
    PyObject *text = PyUnicode_DecodeUTF8(err->message, (Py_ssize_t)strlen(err->message), "backslashreplace");
    if (text)
        PyErr_SetObject(exception, text);
    Py_DECREF(exception);
    Py_XDECREF(text);
}

/* The columns that a need (HEAPY_NEEDS_...) is about. */
static unsigned
columns_of(unsigned needs)
{
    static const struct {
        unsigned needs, columns;
    } rows[] = {
        {HEAPY_NEEDS_SIZES | HEAPY_NEEDS_ALL_SIZES, HEAPY_FILE_SIZES},
        {HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_OWNER_NODES, HEAPY_FILE_OWNERS},
        {HEAPY_NEEDS_PRODUCERS | HEAPY_NEEDS_FACTS, HEAPY_FILE_FACTS},
        {HEAPY_NEEDS_LENGTHS | HEAPY_NEEDS_MODULES | HEAPY_NEEDS_OWNER_TEXTS, WITH_TEXTS},
        {HEAPY_NEEDS_EDGES | HEAPY_NEEDS_ALL_EDGES | HEAPY_NEEDS_REFERENCE_NAMES | HEAPY_NEEDS_REFERRERS,
         WITH_EDGES},
    };
    unsigned columns = EVERY_SESSION;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        columns |= needs & rows[i].needs ? rows[i].columns : 0;
    return columns;
}

/* ---- snapshots ---- */

static PyObject *
raise_closed(void)
{
    PyErr_SetString(PyExc_ValueError, "this snapshot file was closed: open it again");
    return NULL;
}

/* Columns of a file, without the GIL.  NULL with an exception. */
static heapy_snapshot *
load_columns(heapy_snapshot_file *file, unsigned columns)
{
    heapy_snapshot *snapshot = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    released_gil released = gil_release();
    heapy_status status = heapy_snapshot_file_snapshot(file, columns, &snapshot, &err);
    gil_take(&released);
    if (status)
        raise_file_error(&err);
    return snapshot;
}

/* The session's Snapshot, after it was given these columns; borrowed, NULL with an exception. */
static PyObject *
snapshot_with(PyObject *self, unsigned columns)
{
    Session *session = (Session *)self;
    if (!session->file)
        return raise_closed();
    columns |= session->file_columns;
    if (session->moment && columns == session->file_columns)
        return session->moment;
    heapy_snapshot_file *file = heapy_snapshot_file_retain(session->file);
    heapy_snapshot *snapshot = load_columns(file, columns);
    heapy_snapshot_file_close(file);
    if (!snapshot)
        return NULL;
    if (!session->file) { /* by another thread, meanwhile */
        heapy_snapshot_release(snapshot);
        return raise_closed();
    }
    if (!heapy_snapshot_map(snapshot)) {
        heapy_snapshot_release(snapshot);
        PyErr_SetString(PyExc_ValueError, "this snapshot file has no addresses: sets of it have no members");
        return NULL;
    }
    PyObject *moment = Snapshot_wrap(self, snapshot, NULL);
    if (!moment)
        return NULL;
    session->file_columns = columns;
    Py_XSETREF(session->moment, moment);
    return moment;
}

static PyObject *
file_moment(PyObject *session, unsigned needs)
{
    return snapshot_that_has(snapshot_with(session, columns_of(needs)), needs);
}

static PyObject *
file_take(PyObject *session, const heapy_address_map *objects, unsigned needs)
{
    (void)objects;
    return file_moment(session, needs);
}

static PyObject *
file_take_paths(PyObject *session, const heapy_address_map *sources, const heapy_address_map *targets,
                const heapy_address_map *avoid, unsigned how, bool *is_part)
{
    (void)sources, (void)avoid, (void)how;
    *is_part = false;
    return file_take(session, targets, HEAPY_NEEDS_EDGES);
}

static PyObject *
file_take_all(PyObject *session)
{
    return Py_XNewRef(snapshot_with(session, WITH_EDGES));
}

static PyObject *
file_heap(PyObject *session)
{
    return heap_in_snapshot(session, snapshot_with(session, EVERY_SESSION));
}

static PyObject *
is_a_file(PyObject *session, PyObject *args, PyObject *kwargs)
{
    (void)session, (void)args, (void)kwargs;
    PyErr_SetString(PyExc_ValueError, "this snapshot is a file already: copy the file");
    return NULL;
}

const source_methods file_source = {
    .heap = file_heap,
    .describe = kept_describe,
    .reference = file_heap,
    .unreachable = unreachable_in_kept,
    .keep = keep_itself,
    .write = is_a_file,
    .moment = file_moment,
    .at = kept_at,
    .take = file_take,
    .take_paths = file_take_paths,
    .take_all = file_take_all,
    .is_elsewhere = true,
    .may_let_go = true,
};

/* ---- kinds of types ---- */

static const heapy_graph *
graph_of(PyObject *session)
{
    PyObject *moment = snapshot_with(session, EVERY_SESSION);
    if (!moment)
        return NULL;
    const heapy_snapshot *snapshot = Snapshot_get(moment);
    if (!snapshot)
        return NULL;
    return heapy_snapshot_graph(snapshot);
}

static bool
is_same_text(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}

/* Is it what people write: MODULE.QUALNAME, of builtins QUALNAME alone? */
static bool
is_written(heapy_type_row row, const char *text)
{
    size_t length = 0;
    if (row.module)
        length = strlen(row.module);
    if (!row.module || !row.qualname)
        return is_same_text(row.name, text);
    if (!strcmp(row.module, "builtins") && !strcmp(row.qualname, text))
        return true;
    return !strncmp(text, row.module, length) && text[length] == '.' &&
           !strcmp(text + length + 1, row.qualname);
}

static PyObject *
kind_of_row(PyObject *session, const heapy_graph *graph, heapy_type type)
{
    const heapy_kind *kind;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!heapy_type_kind(graph, type, &kind, &err))
        return Kind_wrap(session, kind, NULL, NULL);
    raise_heapy_error(&err);
    return NULL;
}

PyObject *
file_kind_of_type(PyObject *session, PyTypeObject *type)
{
    const heapy_graph *graph = graph_of(session);
    const heapy_kind *here;
    PyObject *kind = NULL;
    heapy_type t = 0;
    if (!graph || live_type_kind(&state_of_type(Py_TYPE(session))->capture, type, &here) < 0)
        return NULL;
    heapy_atom atom = *heapy_kind_atom(here);
    for (; t < heapy_graph_type_count(graph); t++) {
        heapy_type_row row = heapy_graph_type_row(graph, t);
        if (is_same_text(row.module, atom.module) && is_same_text(row.qualname, atom.qualname))
            break;
    }
    atom.identity = 0; /* of this process */
    atom.supertypes = NULL;
    atom.supertype_count = 0;
    if (t < heapy_graph_type_count(graph))
        kind = kind_of_row(session, graph, t);
    else
        kind = Kind_create(session, &atom);
    heapy_kind_release(here);
    return kind;
}

PyObject *
file_kind_of_text(PyObject *session, PyObject *text)
{
    const heapy_graph *graph = graph_of(session);
    if (!graph)
        return NULL;
    const char *utf8 = PyUnicode_AsUTF8(text);
    if (!utf8)
        return NULL;
    for (heapy_type t = 0; t < heapy_graph_type_count(graph); t++)
        if (is_written(heapy_graph_type_row(graph, t), utf8))
            return kind_of_row(session, graph, t);
    return PyErr_Format(
        PyExc_ValueError,
        "the file has no type %R: the names of types are MODULE.QUALNAME, of builtins QUALNAME", text);
}

const char *
file_heading_of_type(PyObject *session, uint64_t identity)
{
    const heapy_graph *graph = graph_of(session);
    PyErr_Clear(); /* a session that was closed: no text is known */
    if (!graph)
        return NULL;
    heapy_type type = heapy_graph_type_of_identity(graph, identity);
    if (type == HEAPY_NO_TYPE)
        return NULL;
    return heapy_role_heading(heapy_graph_type_role(graph, type));
}

/* ---- opening and closing ---- */

/* What was there before the reference point, as a set; NULL without exception: nothing was. */
static PyObject *
set_before(PyObject *session)
{
    heapy_node_set *nodes;
    heapy_address_map *map = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_snapshot *snapshot = Snapshot_get(((Session *)session)->moment);
    if (heapy_snapshot_file_before(((Session *)session)->file, &nodes, &err)) {
        raise_file_error(&err);
        return NULL;
    }
    if (heapy_node_set_count(nodes) &&
        heapy_address_map_subset(heapy_snapshot_map(snapshot), heapy_node_set_words(nodes), &map, &err))
        raise_heapy_error(&err);
    heapy_node_set_destroy(nodes);
    if (!map)
        return NULL;
    return IdentitySet_keep(session, map, NULL);
}

static PyObject *
session_of_file(module_state *state, heapy_snapshot_file *file)
{
    PyObject *session = PyObject_CallNoArgs((PyObject *)state->session_type);
    if (!session) {
        heapy_snapshot_file_close(file);
        return NULL;
    }
    ((Session *)session)->file = file;
    ((Session *)session)->source = &file_source;
    if (snapshot_with(session, EVERY_SESSION))
        ((Session *)session)->relheap = set_before(session);
    if (PyErr_Occurred())
        Py_CLEAR(session);
    return session;
}

PyObject *
open_snapshot_file(PyObject *module, PyObject *args)
{
    module_state *state = PyModule_GetState(module);
    heapy_snapshot_file *file;
    heapy_error err = HEAPY_ERROR_INIT;
    PyObject *path;
    if (!PyArg_ParseTuple(args, "O&:_open_snapshot", PyUnicode_FSConverter, &path))
        return NULL;
    released_gil released = gil_release();
    heapy_status status = heapy_snapshot_open(PyBytes_AS_STRING(path), NULL, &file, &err);
    gil_take(&released);
    Py_DECREF(path);
    if (!status)
        return session_of_file(state, file);
    raise_file_error(&err);
    return NULL;
}

void
close_snapshot_file(PyObject *self)
{
    Session *session = (Session *)self;
    heapy_snapshot_file *file = session->file;
    session->file = NULL;
    heapy_snapshot_file_close(file);
    if (session->source == &file_source)
        Py_CLEAR(session->moment);
}

/* ---- what is known of the whole ---- */

PyObject *
snapshot_file_facts(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Session *session = (Session *)self;
    if (session->source != &file_source)
        Py_RETURN_NONE;
    if (!snapshot_with(self, EVERY_SESSION))
        return NULL;
    const heapy_snapshot_file_info info = heapy_snapshot_file_describe(session->file);
    static const char *const contents[] = {"none", "names", "values"};
    return Py_BuildValue("{sOsKsnsKsnsIss}", "info",
                         PyUnicode_DecodeUTF8(info.info, (Py_ssize_t)info.info_length, "surrogatepass"),
                         "bytes", (unsigned long long)info.file_bytes, "objects", (Py_ssize_t)info.node_count,
                         "edges", (unsigned long long)info.edge_count, "types", (Py_ssize_t)info.type_count,
                         "format", (unsigned)info.format, "contents", contents[info.contents]);
}
