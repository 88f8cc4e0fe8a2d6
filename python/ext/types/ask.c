/* SPDX-License-Identifier: MIT */
#include "types/ask.h"

#include "capture/object_map.h"
#include "live/errors.h"
#include "live/guard.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "live/progress_line.h"
#include "live/without_gil.h"
#include "live/world.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/set_table.h"
#include "types/source.h"
#include "types/type_heap_view.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/dominators.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/progress.h>
#include <heapy/reach.h>
#include <heapy/referrers.h>
#include <heapy/retained_rows.h>
#include <heapy/stat.h>
#include <heapy/status.h>

/* Some nodes (taken over, NULL with an exception passes it on) of a snapshot as LiveObjects, which the
   snapshot's hold where there are many. */
static PyObject *
objects_of_nodes(PyObject *session, const heapy_snapshot *snapshot, heapy_node_set *nodes)
{
    heapy_address_map *map = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (nodes &&
        heapy_address_map_subset(heapy_snapshot_map(snapshot), heapy_node_set_words(nodes), &map, &err))
        raise_heapy_error(&err);
    heapy_node_set_destroy(nodes);
    if (!map)
        return NULL;
    return LiveObjects_select(session, map);
}

/* Some objects as nodes of what a source took. */
typedef struct taken_nodes {
    PyObject *taken; /* the Snapshot */
    heapy_snapshot *snapshot;
    heapy_node_set *nodes;
} taken_nodes;

/* taken: a new reference, taken over; NULL with an exception passes it on.  -1 with an exception;
   taken_nodes_deinit() in any case. */
static int
taken_nodes_init(taken_nodes *out, PyObject *taken, const heapy_address_map *objects)
{
    *out = (taken_nodes){.taken = taken};
    if (!taken || !(out->snapshot = Snapshot_get(taken)))
        return -1;
    out->nodes = nodes_in_snapshot(out->snapshot, objects);
    if (!out->nodes)
        return -1;
    return 0;
}

static void
taken_nodes_deinit(taken_nodes *self)
{
    heapy_node_set_destroy(self->nodes);
    Py_XDECREF(self->taken);
}

/* ---- around a set ---- */

/* The engine, without the GIL where it may. */
static heapy_status
ask_engine(const source_methods *source, heapy_snapshot *snapshot, heapy_question question, heapy_node start,
           const heapy_node_set *nodes, heapy_node_set **found, heapy_error *err)
{
    released_gil released = source_let_go(source);
    heapy_status status = heapy_ask(snapshot, question, start, nodes, found, err);
    gil_take(&released);
    return status;
}

/* The answer in nodes; NULL with an exception. */
static heapy_node_set *
ask_about_nodes(PyObject *session, const source_methods *source, heapy_question question,
                const taken_nodes *about)
{
    heapy_node start = root_of_snapshot(session, about->snapshot);
    heapy_node_set *found = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status;
    if (start == HEAPY_NO_NODE && question == HEAPY_ASK_IMMEDIATE_DOMINATORS)
        /* from a start that is no node nothing is reached */
        status = heapy_node_set_create(heapy_node_set_range(about->nodes), &found, &err);
    else
        status = ask_engine(source, about->snapshot, question, start, about->nodes, &found, &err);
    if (!status)
        return found;
    raise_heapy_error(&err);
    return NULL;
}

/* Let the engine answer on a snapshot. */
static PyObject *
answer_on_snapshot(PyObject *session, const source_methods *source, heapy_question question,
                   const heapy_address_map *objects)
{
    PyObject *taken = source->take(session, objects, HEAPY_NEEDS_EDGES | HEAPY_NEEDS_ALL_EDGES),
             *answer = NULL;
    taken_nodes about;
    if (taken_nodes_init(&about, taken, objects) == 0)
        answer =
            objects_of_nodes(session, about.snapshot, ask_about_nodes(session, source, question, &about));
    taken_nodes_deinit(&about);
    return answer;
}

PyObject *
ask_around(PyObject *session, heapy_question question, const heapy_address_map *objects)
{
    const source_methods *source = source_of(session);
    held_objects *found = NULL;
    int result = NO_SHORTCUT;
    if (!source)
        return NULL;
    if (source->answer)
        result = source->answer(session, question, objects, &found);
    if (result == NO_SHORTCUT)
        return answer_on_snapshot(session, source, question, objects);
    if (result < 0)
        return NULL;
    return LiveObjects_wrap(session, found);
}

/* ---- sizes ---- */

int
ask_size(PyObject *session, const heapy_address_map *objects, uint64_t *out)
{
    const source_methods *source = source_of(session);
    int result = NO_SHORTCUT;
    if (!source)
        return -1;
    if (source->size)
        result = source->size(session, objects, out);
    if (result != NO_SHORTCUT)
        return result;
    taken_nodes about;
    result = taken_nodes_init(&about, source->take_all(session), objects);
    if (!result)
        *out = heapy_size_of_set(heapy_snapshot_graph(about.snapshot), about.nodes);
    taken_nodes_deinit(&about);
    return result;
}

/* What nodes retain, with a line on the terminal and Ctrl-C.  -1 with an exception. */
static int
retained_by_nodes(heapy_snapshot *snapshot, const heapy_node_set *nodes, uint64_t *out)
{
    heapy_error err = HEAPY_ERROR_INIT;
    progress_line line = {0};
    const heapy_progress progress = progress_of(&line);
    line.released = gil_release();
    heapy_status status = heapy_ask_retained(snapshot, &progress, nodes, out, &err);
    gil_take(&line.released);
    progress_end(&line);
    if (status == HEAPY_CANCELLED && deliver_interrupt() == 0) /* its handler lets us */
        status = heapy_ask_retained(snapshot, NULL, nodes, out, &err);
    if (!status)
        return 0;
    if (!PyErr_Occurred())
        raise_heapy_error(&err);
    return -1;
}

int
ask_retained_size(PyObject *session, const heapy_address_map *objects, uint64_t *out)
{
    const source_methods *source = source_of(session);
    int result = NO_SHORTCUT;
    if (!source)
        return -1;
    if (source->retained)
        result = source->retained(session, objects, out);
    if (result != NO_SHORTCUT)
        return result;
    taken_nodes about;
    result = taken_nodes_init(&about, source->take_all(session), objects);
    if (!result)
        result = retained_by_nodes(about.snapshot, about.nodes, out);
    taken_nodes_deinit(&about);
    return result;
}

PyObject *
ask_about_set(PyObject *set, heapy_question question)
{
    IdentitySet *self = (IdentitySet *)set;
    const heapy_address_map *map = IdentitySet_map(set);
    if (!map || !Session_is_usable(self->session))
        return NULL;
    if (!heapy_address_map_count(map))
        return Py_NewRef(set); /* Nothing */
    guard objects = guard_begin(self->objects);
    PyObject *result = IdentitySet_share_only(self->session, ask_around(self->session, question, map), NULL);
    guard_end(&objects);
    return result;
}

/* ---- of several sets at once ---- */

bool
append_set(PyObject *session, PyObject *list, PyObject *objects)
{
    PyObject *set = IdentitySet_share_only(session, objects, NULL);
    if (!set)
        return false;
    bool is_done = PyList_Append(list, set) == 0;
    Py_DECREF(set);
    return is_done;
}

/* What set number `which` alone dominates, as LiveObjects; NULL with an exception. */
static PyObject *
dominated_by_one(PyObject *session, const heapy_snapshot *snapshot, heapy_node_set *const *nodes,
                 size_t count, size_t which)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_node_set *found = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_node_set_create(heapy_graph_node_count(graph), &found, &err);
    if (!status)
        status =
            heapy_dominated_alone(graph, (const heapy_node_set *const *)nodes, count, which, found, &err);
    if (!status)
        return objects_of_nodes(session, snapshot, found);
    heapy_node_set_destroy(found);
    raise_heapy_error(&err);
    return NULL;
}

/* Let the engine answer on a snapshot. */
static int
dominated_alone_on_snapshot(PyObject *session, const source_methods *source, PyObject *sets, PyObject *list)
{
    PyObject *taken = source->take_all(session);
    const heapy_snapshot *snapshot = NULL;
    heapy_node_set **nodes = NULL;
    size_t count = (size_t)PyList_GET_SIZE(sets);
    int result = -1;
    if (!taken || !(snapshot = Snapshot_get(taken)))
        goto done;
    nodes = heapy_alloc_zeroed(count, sizeof *nodes);
    if (!nodes) {
        PyErr_NoMemory();
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        const heapy_address_map *map = IdentitySet_map(PyList_GET_ITEM(sets, (Py_ssize_t)i));
        if (!map || !(nodes[i] = nodes_in_snapshot(snapshot, map)))
            goto done;
    }
    for (size_t i = 0; i < count; i++)
        if (!append_set(session, list, dominated_by_one(session, snapshot, nodes, count, i)))
            goto done;
    result = ANSWERED;
done:
    for (size_t i = 0; nodes && i < count; i++)
        heapy_node_set_destroy(nodes[i]);
    heapy_free(nodes);
    Py_XDECREF(taken);
    return result;
}

PyObject *
ask_dominated_alone(PyObject *session, PyObject *sets)
{
    const source_methods *source = source_of(session);
    if (!source)
        return NULL;
    PyObject *list = PyList_New(0);
    if (!list)
        return NULL;
    /* Several walks are to see one moment. */
    stopped_world world = world_stop();
    int result = NO_SHORTCUT;
    if (source->dominated_alone)
        result = source->dominated_alone(session, sets, list);
    if (result == NO_SHORTCUT)
        result = dominated_alone_on_snapshot(session, source, sets, list);
    if (result < 0)
        Py_CLEAR(list);
    world_start(&world);
    return list;
}

/* The rows of the set's nodes.  is_whole: by row: are all its objects part of the moment?  Others cannot be
   reached. */
static int
row_of_each_node(PyObject *set, heapy_snapshot *heap, size_t row_count, uint32_t *rows, bool *is_whole)
{
    const heapy_address_map *map = IdentitySet_map(set);
    if (!map)
        return -1;
    size_t count = heapy_address_map_count(map);
    uint32_t *of_objects = heapy_alloc_array(count, sizeof *of_objects);
    if (!of_objects) {
        PyErr_NoMemory();
        return -1;
    }
    if (IdentitySet_rows_of_objects(set, of_objects) < 0) {
        heapy_free(of_objects);
        return -1;
    }
    memset(rows, 0xff, heapy_address_map_count(heapy_snapshot_map(heap)) * sizeof *rows); /* HEAPY_NO_CLASS */
    for (size_t row = 0; row < row_count; row++)
        is_whole[row] = true;
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    for (size_t i = 0; i < count; i++) {
        heapy_node node =
            heapy_address_map_rank(heapy_snapshot_map(heap), heapy_address_iterator_next(&iterator));
        is_whole[of_objects[i]] &= node != HEAPY_NO_NODE;
        if (node != HEAPY_NO_NODE)
            rows[node] = of_objects[i];
    }
    heapy_free(of_objects);
    return 0;
}

/* A row with objects that cannot be reached is asked about alone. */
static PyObject *
retained_by_row(PyObject *set, size_t row, bool is_whole, uint64_t bytes)
{
    if (is_whole)
        return PyLong_FromUnsignedLongLong(bytes);
    PyObject *part = IdentitySet_row(set, row);
    if (!part)
        return NULL;
    const heapy_address_map *map = IdentitySet_map(part);
    int result = -1;
    if (map)
        result = ask_retained_size(((IdentitySet *)set)->session, map, &bytes);
    Py_DECREF(part);
    if (result < 0)
        return NULL;
    return PyLong_FromUnsignedLongLong(bytes);
}

static PyObject *
retained_rows(PyObject *set, const source_methods *source, heapy_snapshot *heap, size_t row_count)
{
    uint32_t *rows = heapy_alloc_array(heapy_address_map_count(heapy_snapshot_map(heap)), sizeof *rows);
    uint64_t *retained = heapy_alloc_array(row_count, sizeof *retained);
    bool *is_whole = heapy_alloc_array(row_count, sizeof *is_whole);
    heapy_error err = HEAPY_ERROR_INIT;
    PyObject *list = NULL;
    if (!rows || !retained || !is_whole)
        PyErr_NoMemory();
    else if (row_of_each_node(set, heap, row_count, rows, is_whole) == 0) {
        progress_line line = {0};
        const heapy_progress progress = progress_of(&line);
        line.released = source_let_go(source);
        heapy_status status =
            heapy_retained_by_class(heapy_snapshot_graph(heap), rows, row_count, &progress, retained, &err);
        gil_take(&line.released);
        progress_end(&line);
        if (status == HEAPY_CANCELLED && deliver_interrupt() == 0) /* its handler lets us */
            status =
                heapy_retained_by_class(heapy_snapshot_graph(heap), rows, row_count, NULL, retained, &err);
        if (!status)
            list = PyList_New((Py_ssize_t)row_count);
        else if (!PyErr_Occurred())
            raise_heapy_error(&err);
    }
    for (size_t i = 0; list && i < row_count; i++) {
        PyObject *bytes = retained_by_row(set, i, is_whole[i], retained[i]);
        if (bytes)
            PyList_SET_ITEM(list, (Py_ssize_t)i, bytes);
        else
            Py_CLEAR(list);
    }
    heapy_free(rows);
    heapy_free(retained);
    heapy_free(is_whole);
    return list;
}

PyObject *
ask_retained_rows(PyObject *set)
{
    heapy_table table;
    PyObject *session = ((IdentitySet *)set)->session;
    if (!Session_is_usable(session) || IdentitySet_table(set, 0, &table) < 0)
        return NULL;
    const source_methods *source = source_of(session); /* the table may have run code */
    if (!source)
        return NULL;
    PyObject *moment = source->take_all(session), *list = NULL;
    if (!moment)
        return NULL;
    heapy_snapshot *heap = Snapshot_get(moment);
    if (heap)
        list = retained_rows(set, source, heap, table.row_count);
    Py_DECREF(moment);
    return list;
}
