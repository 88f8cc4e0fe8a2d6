/* SPDX-License-Identifier: MIT */
#include "types/graph_questions.h"

#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "live/progress_line.h"
#include "live/guard.h"
#include "live/world.h"
#include "types/live_source.h"
#include "types/module_state.h"
#include "types/type_snapshot.h"
#include "types/set_table.h"
#include "types/type_heap_view.h"
#include "types/type_identity_set.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"

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

/* ---- numbers and sets of nodes ---- */

static PyObject *
moment_of(PyObject *session)
{
    return ((Session *)session)->moment;
}

/* Nodes (taken over, NULL with an exception passes it on) of the moment as LiveObjects, which the moment's
   hold where there are many. */
static PyObject *
objects_of(PyObject *session, heapy_snapshot *heap, heapy_node_set *nodes)
{
    heapy_address_map *map = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (nodes && heapy_address_map_subset(heapy_snapshot_map(heap), heapy_node_set_words(nodes), &map, &err))
        raise_heapy_error(&err);
    heapy_node_set_destroy(nodes);
    return map ? LiveObjects_select(session, map) : NULL;
}

static heapy_node_set *
no_nodes(heapy_snapshot *heap)
{
    heapy_node_set *nodes = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_node_set_create(heapy_address_map_count(heapy_snapshot_map(heap)), &nodes, &err))
        raise_heapy_error(&err);
    return nodes;
}

static heapy_node
root_node(PyObject *session, heapy_snapshot *heap)
{
    return heapy_address_map_rank(heapy_snapshot_map(heap), (uintptr_t)state_of_type(Py_TYPE(session))->capture.root);
}

/* ---- in a snapshot ---- */

/* `status` of filling `out`; on failure it is destroyed. */
static heapy_node_set *
filled(heapy_status status, heapy_node_set *out, heapy_error *err)
{
    if (!status)
        return out;
    heapy_node_set_destroy(out);
    raise_heapy_error(err);
    return NULL;
}

static heapy_node_set *
kept_referents(PyObject *session, heapy_snapshot *heap, const heapy_node_set *nodes)
{
    (void)session;
    heapy_node_set *out = no_nodes(heap);
    if (out)
        heapy_referents_of_set(heapy_snapshot_graph(heap), nodes, out);
    return out;
}

static heapy_node_set *
kept_referrers(PyObject *session, heapy_snapshot *heap, const heapy_node_set *nodes)
{
    (void)session;
    const heapy_referrers *referrers = snapshot_referrers(heap);
    heapy_node_set *out = referrers ? no_nodes(heap) : NULL;
    if (out)
        heapy_referrers_of_set(referrers, nodes, out);
    return out;
}

/* The roots that have no name: types that only their instances lead to (H-35). */
static void
add_types_as_starts(const heapy_graph *graph, heapy_node_set *starts)
{
    for (size_t i = 0; i < heapy_graph_root_count(graph); i++)
        if (heapy_label_kind_of(heapy_graph_root_label(graph, i)) == HEAPY_LABEL_UNNAMED)
            heapy_node_set_add(starts, heapy_graph_root_target(graph, i));
}

/* The nodes at which walks of the session begin. */
static heapy_node_set *
starts_of(PyObject *session, heapy_snapshot *heap)
{
    capture_view view;
    Session_capture_view(session, &view);
    heapy_node node = heapy_address_map_rank(heapy_snapshot_map(heap), (uintptr_t)view.root);
    heapy_node_set *starts = no_nodes(heap);
    if (starts && node != HEAPY_NO_NODE)
        heapy_node_set_add(starts, node);
    if (starts && node != HEAPY_NO_NODE && node == root_node(session, heap))
        add_types_as_starts(heapy_snapshot_graph(heap), starts);
    return starts;
}

static heapy_node_set *
kept_immediate_dominators(PyObject *session, heapy_snapshot *heap, const heapy_node_set *nodes)
{
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_referrers *referrers = snapshot_referrers(heap);
    heapy_node_set *all = referrers ? kept_referrers(session, heap, nodes) : NULL;
    heapy_node_set *out = all ? no_nodes(heap) : NULL, *starts = out ? starts_of(session, heap) : NULL;
    /* What the root itself refers to has no immediate dominator but the root, which is no object. */
    heapy_node root = root_node(session, heap);
    bool is_below_root = starts && root != HEAPY_NO_NODE && heapy_node_set_contains(starts, root) &&
                         heapy_node_set_contains(all, root);
    if (out && !starts) {
        heapy_node_set_destroy(out);
        out = NULL;
    } else if (out && !is_below_root) {
        out = filled(heapy_immediate_dominators(heapy_snapshot_graph(heap), referrers, starts, nodes, out, &err), out, &err);
    }
    heapy_node_set_destroy(all);
    heapy_node_set_destroy(starts);
    return out;
}

static heapy_node_set *
kept_dominated(PyObject *session, heapy_snapshot *heap, const heapy_node_set *nodes)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_node_set *out = no_nodes(heap);
    heapy_node root = root_node(session, heap);
    bool has_root = root != HEAPY_NO_NODE && heapy_node_set_contains(nodes, root);
    if (!out)
        return NULL;
    if (has_root)
        heapy_node_set_complement(out); /* everything there is */
    else
        out = filled(heapy_dominated(heapy_snapshot_graph(heap), nodes, out, &err), out, &err);
    if (out && has_root)
        heapy_node_set_remove(out, root);
    return out;
}

static PyObject *
ask_snapshot(PyObject *session, const heapy_address_map *objects,
             heapy_node_set *(*answer)(PyObject *session, heapy_snapshot *heap, const heapy_node_set *nodes))
{
    heapy_snapshot *heap = Snapshot_get(moment_of(session));
    heapy_node_set *nodes = heap ? nodes_in_snapshot(heap, objects) : NULL;
    heapy_node_set *out = nodes ? answer(session, heap, nodes) : NULL;
    heapy_node_set_destroy(nodes);
    return objects_of(session, heap, out);
}

/* ---- either way ---- */

static int
capture_only_referrers(const capture_view *view, const heapy_address_map *objects, heapy_address_map **out)
{
    return capture_referrers(view, objects, out, NULL);
}

/* A collection half-way would run finalizers; what is asked of a live heap is asked with it paused. */
#define DEFINE_QUESTION(name, capture_function, kept_function)                                               \
    PyObject *name(PyObject *session, const heapy_address_map *objects)                                      \
    {                                                                                                        \
        if (moment_of(session))                                                                              \
            return ask_snapshot(session, objects, kept_function);                                            \
        capture_view view;                                                                                   \
        heapy_address_map *answer = NULL;                                                                    \
        Session_capture_view(session, &view);                                                                \
        stopped_world world = world_stop();                                                                    \
        int result = capture_function(&view, objects, &answer);                                              \
        world_start(&world);                                                                                     \
        return result < 0 ? NULL : LiveObjects_wrap(session, answer);                                        \
    }

DEFINE_QUESTION(ask_referents, capture_referents, kept_referents)
DEFINE_QUESTION(ask_referrers, capture_only_referrers, kept_referrers)
DEFINE_QUESTION(ask_immediate_dominators, capture_immediate_dominators, kept_immediate_dominators)
DEFINE_QUESTION(ask_dominated, capture_dominated, kept_dominated)

int
ask_size(PyObject *session, const heapy_address_map *objects, uint64_t *out)
{
    module_state *state = state_of_type(Py_TYPE(session));
    if (!moment_of(session))
        return capture_total_size(&state->capture, objects, ((Session *)session)->warned_types, out);
    heapy_snapshot *heap = Snapshot_get(moment_of(session));
    heapy_node_set *nodes = heap ? nodes_in_snapshot(heap, objects) : NULL;
    if (!nodes)
        return -1;
    *out = heapy_size_of_set(heapy_snapshot_graph(heap), nodes);
    heapy_node_set_destroy(nodes);
    return 0;
}

/* One object that the roots reach: its place in the tree has it.  1: it is something else. */
static int
retained_by_one(PyObject *session, const heapy_address_map *objects, uint64_t *out)
{
    if (heapy_address_map_count(objects) != 1)
        return 1;
    heapy_snapshot *heap = Snapshot_get(moment_of(session));
    heapy_node *numbers = heap ? numbers_in_snapshot(heap, objects) : NULL;
    if (!numbers)
        return -1;
    heapy_node node = numbers[0];
    heapy_free(numbers);
    const heapy_dominators *dominators = snapshot_dominators(heap);
    if (!dominators)
        return -1;
    if (!heapy_dominators_has(dominators, node))
        return 1;
    *out = heapy_retained_size(dominators, node);
    return 0;
}

int
ask_retained_size(PyObject *session, const heapy_address_map *objects, uint64_t *out)
{
    if (moment_of(session)) {
        int result = retained_by_one(session, objects, out);
        if (result <= 0)
            return result;
        heapy_snapshot *heap = Snapshot_get(moment_of(session));
        heapy_node_set *nodes = heap ? nodes_in_snapshot(heap, objects) : NULL;
        heapy_node_set *dominated = nodes ? kept_dominated(session, heap, nodes) : NULL;
        if (dominated)
            *out = heapy_size_of_set(heapy_snapshot_graph(heap), dominated);
        result = dominated ? 0 : -1;
        heapy_node_set_destroy(nodes);
        heapy_node_set_destroy(dominated);
        return result;
    }
    PyObject *dominated = ask_dominated(session, objects);
    const heapy_address_map *map = dominated ? LiveObjects_map(dominated) : NULL;
    int result = map ? ask_size(session, map, out) : -1;
    Py_XDECREF(dominated);
    return result;
}

PyObject *
ask_about_set(PyObject *set, graph_question question)
{
    IdentitySet *self = (IdentitySet *)set;
    const heapy_address_map *map = IdentitySet_map(set);
    if (!map || !Session_is_usable(self->session))
        return NULL;
    if (!heapy_address_map_count(map))
        return Py_NewRef(set); /* Nothing */
    guard objects = guard_begin(self->objects);
    PyObject *answer = question(self->session, map);
    PyObject *result = answer ? IdentitySet_share(self->session, answer, NULL) : NULL;
    guard_end(&objects);
    Py_XDECREF(answer);
    return result;
}

/* ---- of several sets at once ---- */

/* A moment to answer from: the session's, or one of now.  New reference. */
static PyObject *
any_moment(PyObject *session)
{
    PyObject *moment = moment_of(session);
    return moment ? Py_NewRef(moment) : Snapshot_take(session);
}

/* The same of a live heap: what `starts` reach around `avoid`, held. */
static heapy_address_map *
reach_around(PyObject *session, const heapy_address_map *starts, const heapy_address_map *avoid)
{
    capture_view view;
    heapy_address_map *reached = NULL;
    Session_capture_view(session, &view);
    return capture_reachable(&view, starts, avoid, false, &reached) < 0 ? NULL : reached;
}

static heapy_address_map *
combined(const heapy_address_map *a, const heapy_address_map *b, heapy_set_operation operation)
{
    heapy_address_map *result = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_address_map_combine(a, b, operation, &result, &err))
        raise_heapy_error(&err);
    return result;
}

/* all: the union of the sets; around: what the root reaches around it. */
static PyObject *
live_dominated_alone(PyObject *session, const heapy_address_map *set, const heapy_address_map *all,
                     const heapy_address_map *around)
{
    heapy_address_map *own = reach_around(session, set, around);
    heapy_address_map *avoid = own ? combined(around, set, HEAPY_UNION) : NULL;
    heapy_address_map *others = avoid ? reach_around(session, all, avoid) : NULL;
    heapy_address_map *alone = others ? combined(own, others, HEAPY_DIFFERENCE) : NULL;
    if (alone)
        capture_hold(alone);
    capture_release_keeping_exception(own);
    heapy_address_map_destroy(avoid);
    capture_release_keeping_exception(others);
    return alone ? LiveObjects_wrap(session, alone) : NULL;
}

static PyObject *
kept_dominated_alone(PyObject *session, heapy_snapshot *heap, heapy_node_set *const *nodes, size_t count,
                     size_t which)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_node_set *out = no_nodes(heap);
    if (out)
        out = filled(
            heapy_dominated_alone(heapy_snapshot_graph(heap), (const heapy_node_set *const *)nodes, count, which, out, &err),
            out, &err);
    return out ? objects_of(session, heap, out) : NULL;
}

/* Append the identity set of LiveObjects (taken over, NULL with an exception) to `list`. */
static bool
append_set(PyObject *session, PyObject *list, PyObject *objects)
{
    PyObject *set = objects ? IdentitySet_share(session, objects, NULL) : NULL;
    bool is_done = set && PyList_Append(list, set) == 0;
    Py_XDECREF(objects);
    Py_XDECREF(set);
    return is_done;
}

static bool
append_kept(PyObject *session, PyObject *sets, PyObject *list)
{
    heapy_snapshot *heap = Snapshot_get(moment_of(session));
    size_t count = (size_t)PyList_GET_SIZE(sets);
    heapy_node_set **nodes = heap ? heapy_alloc_zeroed(count, sizeof *nodes) : NULL;
    bool is_done = nodes;
    if (heap && !nodes)
        PyErr_NoMemory();
    for (size_t i = 0; is_done && i < count; i++) {
        const heapy_address_map *map = IdentitySet_map(PyList_GET_ITEM(sets, (Py_ssize_t)i));
        is_done = map && (nodes[i] = nodes_in_snapshot(heap, map));
    }
    for (size_t i = 0; is_done && i < count; i++)
        is_done = append_set(session, list, kept_dominated_alone(session, heap, nodes, count, i));
    for (size_t i = 0; nodes && i < count; i++)
        heapy_node_set_destroy(nodes[i]);
    heapy_free(nodes);
    return is_done;
}

static bool
append_live(PyObject *session, PyObject *sets, PyObject *list)
{
    heapy_address_map *all = map_of_objects(NULL, 0), *around = NULL;
    heapy_address_map *root = all ? map_of_objects(&state_of_type(Py_TYPE(session))->capture.root, 1) : NULL;
    bool is_done = root;
    for (Py_ssize_t i = 0; is_done && i < PyList_GET_SIZE(sets); i++) {
        const heapy_address_map *map = IdentitySet_map(PyList_GET_ITEM(sets, i));
        heapy_address_map *both = map ? combined(all, map, HEAPY_UNION) : NULL;
        is_done = both;
        if (both) {
            heapy_address_map_destroy(all);
            all = both;
        }
    }
    if (is_done)
        is_done = (around = reach_around(session, root, all)) != NULL;
    for (Py_ssize_t i = 0; is_done && i < PyList_GET_SIZE(sets); i++) {
        const heapy_address_map *map = IdentitySet_map(PyList_GET_ITEM(sets, i));
        is_done = map && append_set(session, list, live_dominated_alone(session, map, all, around));
    }
    heapy_address_map_destroy(all);
    heapy_address_map_destroy(root);
    capture_release_keeping_exception(around);
    return is_done;
}

PyObject *
ask_dominated_alone(PyObject *session, PyObject *sets)
{
    PyObject *list = PyList_New(0);
    if (!list)
        return NULL;
    /* Several walks are to see one moment. */
    stopped_world world = world_stop();
    if (!(moment_of(session) ? append_kept(session, sets, list) : append_live(session, sets, list)))
        Py_CLEAR(list);
    world_start(&world);
    return list;
}

/* The rows of the set's nodes.  is_whole: by row: are all its objects part of the moment?  Others cannot be
   reached. */
static int
row_of_each_node(PyObject *set, heapy_snapshot *heap, size_t row_count, uint32_t *rows, bool *is_whole)
{
    memset(rows, 0xff, heapy_address_map_count(heapy_snapshot_map(heap)) * sizeof *rows); /* HEAPY_NO_CLASS */
    for (size_t row = 0; row < row_count; row++) {
        PyObject *part = IdentitySet_row(set, row);
        const heapy_address_map *map = part ? IdentitySet_map(part) : NULL;
        if (!map) {
            Py_XDECREF(part);
            return -1;
        }
        heapy_address_iterator iterator;
        heapy_address_iterator_init(&iterator, map);
        is_whole[row] = true;
        for (uintptr_t address; (address = heapy_address_iterator_next(&iterator));) {
            heapy_node node = heapy_address_map_rank(heapy_snapshot_map(heap), address);
            is_whole[row] &= node != HEAPY_NO_NODE;
            if (node != HEAPY_NO_NODE)
                rows[node] = (uint32_t)row;
        }
        Py_DECREF(part);
    }
    return 0;
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

static PyObject *
retained_rows(PyObject *set, heapy_snapshot *heap, size_t row_count)
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
        heapy_status status =
            heapy_retained_by_class(heapy_snapshot_graph(heap), rows, row_count, &progress, retained, &err);
        progress_end(&line);
        if (status == HEAPY_CANCELLED && deliver_interrupt() == 0) /* its handler lets us */
            status = heapy_retained_by_class(heapy_snapshot_graph(heap), rows, row_count, NULL, retained, &err);
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
    PyObject *moment = any_moment(session);
    heapy_snapshot *heap = moment ? Snapshot_get(moment) : NULL;
    PyObject *list = heap ? retained_rows(set, heap, table.row_count) : NULL;
    Py_XDECREF(moment);
    return list;
}
