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
#include "types/module_state.h"
#include "types/set_table.h"
#include "types/source.h"
#include "types/type_heap_view.h"
#include "types/type_identity_set.h"
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
    return map ? LiveObjects_select(session, map) : NULL;
}

/* ---- around a set ---- */

/* The engine, without the GIL where the snapshot is the session's. */
static heapy_status
ask_engine(const source_methods *source, heapy_snapshot *snapshot, heapy_question question, heapy_node start,
           const heapy_node_set *nodes, heapy_node_set **found, heapy_error *err)
{
    released_gil released = source->is_whole ? gil_release() : (released_gil){0};
    heapy_status status = heapy_ask(snapshot, question, start, nodes, found, err);
    gil_take(&released);
    return status;
}

/* By the engine, on a snapshot. */
static PyObject *
answer_on_snapshot(PyObject *session, const source_methods *source, heapy_question question,
                   const heapy_address_map *objects)
{
    PyObject *taken = source->take(session, objects, HEAPY_NEEDS_EDGES | HEAPY_NEEDS_ALL_EDGES),
             *answer = NULL;
    heapy_snapshot *snapshot = taken ? Snapshot_get(taken) : NULL;
    heapy_node_set *nodes = snapshot ? nodes_in_snapshot(snapshot, objects) : NULL, *found = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_node start = nodes ? root_of_snapshot(session, snapshot) : HEAPY_NO_NODE;
    if (nodes && start == HEAPY_NO_NODE && question == HEAPY_ASK_IMMEDIATE_DOMINATORS) {
        heapy_node_set_destroy(nodes); /* from a start that is no node nothing is reached */
        nodes = NULL;
        if (heapy_node_set_create(heapy_address_map_count(heapy_snapshot_map(snapshot)), &found, &err))
            raise_heapy_error(&err);
    }
    if (nodes && ask_engine(source, snapshot, question, start, nodes, &found, &err))
        raise_heapy_error(&err);
    heapy_node_set_destroy(nodes);
    if (found)
        answer = objects_of_nodes(session, snapshot, found);
    Py_XDECREF(taken);
    return answer;
}

PyObject *
ask_around(PyObject *session, heapy_question question, const heapy_address_map *objects)
{
    const source_methods *source = source_of(session);
    held_objects *found = NULL;
    int result = !source          ? -1
                 : source->answer ? source->answer(session, question, objects, &found)
                                  : NO_SHORTCUT;
    if (result == NO_SHORTCUT)
        return answer_on_snapshot(session, source, question, objects);
    return result < 0 ? NULL : LiveObjects_wrap(session, found);
}

/* ---- sizes ---- */

int
ask_size(PyObject *session, const heapy_address_map *objects, uint64_t *out)
{
    const source_methods *source = source_of(session);
    int result = !source ? -1 : source->size ? source->size(session, objects, out) : NO_SHORTCUT;
    if (result != NO_SHORTCUT)
        return result;
    PyObject *taken = source->take_all(session);
    const heapy_snapshot *snapshot = taken ? Snapshot_get(taken) : NULL;
    heapy_node_set *nodes = snapshot ? nodes_in_snapshot(snapshot, objects) : NULL;
    if (nodes)
        *out = heapy_size_of_set(heapy_snapshot_graph(snapshot), nodes);
    result = nodes ? 0 : -1;
    heapy_node_set_destroy(nodes);
    Py_XDECREF(taken);
    return result;
}

/* Of a whole snapshot the engine has it. */
static int
retained_in_snapshot(PyObject *session, const source_methods *source, const heapy_address_map *objects,
                     uint64_t *out)
{
    PyObject *taken = source->take_all(session);
    heapy_snapshot *snapshot = taken ? Snapshot_get(taken) : NULL;
    heapy_node_set *nodes = snapshot ? nodes_in_snapshot(snapshot, objects) : NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    int result = nodes ? 0 : -1;
    if (nodes) {
        progress_line line = {0};
        const heapy_progress progress = progress_of(&line);
        line.released = gil_release();
        heapy_status status = heapy_ask_retained(snapshot, &progress, nodes, out, &err);
        gil_take(&line.released);
        progress_end(&line);
        if (status == HEAPY_CANCELLED && deliver_interrupt() == 0) /* its handler lets us */
            status = heapy_ask_retained(snapshot, NULL, nodes, out, &err);
        if (status)
            result = PyErr_Occurred() ? -1 : raise_heapy_error(&err);
    }
    heapy_node_set_destroy(nodes);
    Py_XDECREF(taken);
    return result;
}

int
ask_retained_size(PyObject *session, const heapy_address_map *objects, uint64_t *out)
{
    const source_methods *source = source_of(session);
    if (!source)
        return -1;
    if (source->is_whole)
        return retained_in_snapshot(session, source, objects, out);
    PyObject *dominated = ask_around(session, HEAPY_ASK_DOMINATED, objects);
    const heapy_address_map *map = dominated ? LiveObjects_map(dominated) : NULL;
    int result = map ? ask_size(session, map, out) : -1;
    Py_XDECREF(dominated);
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
    PyObject *answer = ask_around(self->session, question, map);
    PyObject *result = answer ? IdentitySet_share(self->session, answer, NULL) : NULL;
    guard_end(&objects);
    Py_XDECREF(answer);
    return result;
}

/* ---- of several sets at once ---- */

bool
append_set(PyObject *session, PyObject *list, PyObject *objects)
{
    PyObject *set = objects ? IdentitySet_share(session, objects, NULL) : NULL;
    bool is_done = set && PyList_Append(list, set) == 0;
    Py_XDECREF(objects);
    Py_XDECREF(set);
    return is_done;
}

/* By the engine, on a snapshot. */
static int
dominated_alone_on_snapshot(PyObject *session, const source_methods *source, PyObject *sets, PyObject *list)
{
    PyObject *taken = source->take_all(session);
    const heapy_snapshot *snapshot = taken ? Snapshot_get(taken) : NULL;
    size_t count = (size_t)PyList_GET_SIZE(sets);
    heapy_node_set **nodes = snapshot ? heapy_alloc_zeroed(count, sizeof *nodes) : NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    bool is_done = nodes;
    if (snapshot && !nodes)
        PyErr_NoMemory();
    for (size_t i = 0; is_done && i < count; i++) {
        const heapy_address_map *map = IdentitySet_map(PyList_GET_ITEM(sets, (Py_ssize_t)i));
        is_done = map && (nodes[i] = nodes_in_snapshot(snapshot, map));
    }
    for (size_t i = 0; is_done && i < count; i++) {
        heapy_node_set *found = NULL;
        const heapy_graph *graph = heapy_snapshot_graph(snapshot);
        heapy_status status = heapy_node_set_create(heapy_graph_node_count(graph), &found, &err);
        if (!status)
            status =
                heapy_dominated_alone(graph, (const heapy_node_set *const *)nodes, count, i, found, &err);
        if (status) {
            heapy_node_set_destroy(found);
            found = NULL;
            raise_heapy_error(&err);
        }
        is_done = found && append_set(session, list, objects_of_nodes(session, snapshot, found));
    }
    for (size_t i = 0; nodes && i < count; i++)
        heapy_node_set_destroy(nodes[i]);
    heapy_free(nodes);
    Py_XDECREF(taken);
    return is_done ? ANSWERED : -1;
}

PyObject *
ask_dominated_alone(PyObject *session, PyObject *sets)
{
    const source_methods *source = source_of(session);
    PyObject *list = source ? PyList_New(0) : NULL;
    if (!list)
        return NULL;
    /* Several walks are to see one moment. */
    stopped_world world = world_stop();
    int result = source->dominated_alone ? source->dominated_alone(session, sets, list) : NO_SHORTCUT;
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
    size_t count = map ? heapy_address_map_count(map) : 0;
    uint32_t *of_objects = map ? heapy_alloc_array(count, sizeof *of_objects) : NULL;
    int result = of_objects ? IdentitySet_rows_of_objects(set, of_objects) : -1;
    if (map && !of_objects)
        PyErr_NoMemory();
    memset(rows, 0xff, heapy_address_map_count(heapy_snapshot_map(heap)) * sizeof *rows); /* HEAPY_NO_CLASS */
    for (size_t row = 0; row < row_count; row++)
        is_whole[row] = true;
    heapy_address_iterator iterator;
    if (!result)
        heapy_address_iterator_init(&iterator, map);
    for (size_t i = 0; !result && i < count; i++) {
        heapy_node node =
            heapy_address_map_rank(heapy_snapshot_map(heap), heapy_address_iterator_next(&iterator));
        is_whole[of_objects[i]] &= node != HEAPY_NO_NODE;
        if (node != HEAPY_NO_NODE)
            rows[node] = of_objects[i];
    }
    heapy_free(of_objects);
    return result;
}

/* A row with objects that cannot be reached is asked about alone. */
static PyObject *
retained_by_row(PyObject *set, size_t row, bool is_whole, uint64_t bytes)
{
    if (is_whole)
        return PyLong_FromUnsignedLongLong(bytes);
    PyObject *part = IdentitySet_row(set, row);
    const heapy_address_map *map = part ? IdentitySet_map(part) : NULL;
    int result = map ? ask_retained_size(((IdentitySet *)set)->session, map, &bytes) : -1;
    Py_XDECREF(part);
    return result < 0 ? NULL : PyLong_FromUnsignedLongLong(bytes);
}

/* is_kept: other threads may go on meanwhile. */
static PyObject *
retained_rows(PyObject *set, heapy_snapshot *heap, bool is_kept, size_t row_count)
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
        line.released = is_kept ? gil_release() : (released_gil){0};
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
    PyObject *moment = source ? source->take_all(session) : NULL;
    heapy_snapshot *heap = moment ? Snapshot_get(moment) : NULL;
    PyObject *list = heap ? retained_rows(set, heap, source->is_whole, table.row_count) : NULL;
    Py_XDECREF(moment);
    return list;
}
