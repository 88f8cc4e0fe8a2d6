/* SPDX-License-Identifier: MIT */
/* What sessions say of places: addresses, the root, two moments side by side; and of letting go of a file. */
#include "types/session_places.h"

#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/source.h"
#include "types/source_file.h"
#include "types/source_parts.h"
#include "types/type_heap_view.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/graph.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/status.h>

PyObject *
Session_whole(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    if (!Session_is_usable(self))
        return NULL;
    return source_of(self)->take_all(self);
}

/* The only set of a session's that the root is in: of what it is at. */
PyObject *
Session_root_set(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    if (!Session_is_usable(self))
        return NULL;
    if (!((Session *)self)->source->is_elsewhere) {
        capture_view view;
        Session_capture_view(self, &view);
        return IdentitySet_of_object(self, view.root);
    }
    PyObject *moment = ((Session *)self)->source->take_all(self);
    if (!moment)
        return NULL;
    heapy_snapshot *snapshot = Snapshot_get(moment);
    heapy_address_map *map = NULL;
    if (snapshot)
        map = map_of_root(self, snapshot);
    Py_DECREF(moment);
    if (!map)
        return NULL;
    return IdentitySet_keep(self, map, NULL);
}

PyObject *
Session_begins_at_root(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    if (!Session_is_usable(self))
        return NULL;
    if (!((Session *)self)->source->is_elsewhere) {
        capture_view view;
        Session_capture_view(self, &view);
        return PyBool_FromLong(view.root == state_of_type(Py_TYPE(self))->capture.root);
    }
    PyObject *moment = ((Session *)self)->source->take_all(self);
    if (!moment)
        return NULL;
    const heapy_snapshot *snapshot = Snapshot_get(moment);
    bool is_root =
        snapshot && root_of_snapshot(self, snapshot) == heapy_graph_root(heapy_snapshot_graph(snapshot));
    Py_DECREF(moment);
    if (!snapshot)
        return NULL;
    return PyBool_FromLong(is_root);
}

/* An address is one of a kept heap, or it is not. */
static int
check_is_node(PyObject *self, uintptr_t address)
{
    PyObject *moment = ((Session *)self)->source->take(self, NULL, 0);
    if (!moment)
        return -1;
    const heapy_snapshot *snapshot = Snapshot_get(moment);
    bool is_node = snapshot && heapy_snapshot_node(snapshot, address) != HEAPY_NO_NODE;
    if (snapshot && !is_node)
        PyErr_Format(PyExc_ValueError, "at: no object of this snapshot begins at %p", (void *)address);
    Py_DECREF(moment);
    if (!is_node)
        return -1;
    return 0;
}

/* -1 with ValueError for an int that no address is, with TypeError for what is no int. */
static int
address_of_number(PyObject *number, uintptr_t *out)
{
    *out = (uintptr_t)PyLong_AsUnsignedLongLong(number);
    if (!PyErr_Occurred())
        return 0;
    if (PyErr_ExceptionMatches(PyExc_OverflowError)) {
        PyErr_Clear();
        PyErr_Format(PyExc_ValueError, "at: %R is no address: x.addresses gives those of a set", number);
    }
    return -1;
}

PyObject *
kept_at(PyObject *self, PyObject *numbers)
{
    size_t count = (size_t)PyTuple_GET_SIZE(numbers);
    heapy_address_map *map = NULL;
    uintptr_t *addresses = heapy_alloc_array(count, sizeof *addresses);
    if (!addresses)
        return PyErr_NoMemory();
    for (size_t i = 0; i < count; i++) {
        if (address_of_number(PyTuple_GET_ITEM(numbers, (Py_ssize_t)i), &addresses[i]) < 0 ||
            check_is_node(self, addresses[i]) < 0)
            goto done;
    }
    map = map_of_addresses(addresses, count);
done:
    heapy_free(addresses);
    if (!map)
        return NULL;
    return IdentitySet_keep(self, map, NULL);
}

/* Append the live object at an address. */
static int
append_object_at(PyObject *self, PyObject *list, PyObject *number)
{
    capture_view view;
    uintptr_t address;
    if (address_of_number(number, &address) < 0)
        return -1;
    Session_capture_view(self, &view);
    PyObject *object = capture_object_of_number(&view, number);
    if (!object)
        return -1;
    int result = PyList_Append(list, object);
    Py_DECREF(object);
    return result;
}

PyObject *
live_at(PyObject *self, PyObject *numbers)
{
    held_objects *held = NULL;
    PyObject *found = PyList_New(0);
    if (!found)
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(numbers); i++)
        if (append_object_at(self, found, PyTuple_GET_ITEM(numbers, i)) < 0)
            goto done;
    held = objects_of_iterable(found);
done:
    Py_DECREF(found);
    if (!held)
        return NULL;
    return IdentitySet_wrap(self, held, NULL);
}

PyObject *
Session_at(PyObject *self, PyObject *args)
{
    if (!Session_is_usable(self))
        return NULL;
    return ((Session *)self)->source->at(self, args);
}

PyObject *
Session_close(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    close_snapshot_file(self);
    Py_RETURN_NONE;
}

PyObject *
Session_enter(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return Py_NewRef(self);
}

PyObject *
Session_exit(PyObject *self, PyObject *Py_UNUSED(exception))
{
    return Session_close(self, NULL);
}

/* ---- two moments ---- */

/* The objects of `map` that have the same type in both snapshots of one process: there types are told by
   their addresses.  A new map; NULL with an exception. */
static heapy_address_map *
with_same_type(const heapy_address_map *map, const heapy_snapshot *a, const heapy_snapshot *b)
{
    const heapy_graph *left = heapy_snapshot_graph(a), *right = heapy_snapshot_graph(b);
    heapy_node_set *same = NULL;
    heapy_address_map *result = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_node_set_create(heapy_address_map_count(map), &same, &err);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    heapy_node i = 0;
    for (uintptr_t address; !status && (address = heapy_address_iterator_next(&iterator)); i++) {
        heapy_type x = heapy_graph_types(left)[heapy_snapshot_node(a, address)];
        heapy_type y = heapy_graph_types(right)[heapy_snapshot_node(b, address)];
        if (heapy_graph_type_row(left, x).identity == heapy_graph_type_row(right, y).identity)
            heapy_node_set_add(same, i);
    }
    if (!status)
        status = heapy_address_map_subset(map, heapy_node_set_words(same), &result, &err);
    if (status)
        raise_heapy_error(&err);
    heapy_node_set_destroy(same);
    return result;
}

static PyObject *
kept_or_null(PyObject *session, heapy_address_map *map)
{
    if (!map)
        return NULL;
    return IdentitySet_keep(session, map, NULL);
}

/* The snapshot that a session keeps, with its types; held by *taken (new reference).  NULL with an exception.
 */
static const heapy_snapshot *
kept_snapshot(PyObject *session, PyObject **taken)
{
    const source_methods *source = source_of(session);
    if (!source)
        return NULL;
    *taken = source->moment(session, 0);
    if (!*taken)
        return NULL;
    return Snapshot_get(*taken);
}

/* Those of a session's objects that are not among `others`, as an identity set. */
static PyObject *
set_without(PyObject *session, const heapy_snapshot *snapshot, const heapy_address_map *others)
{
    return kept_or_null(session, combine_maps(heapy_snapshot_map(snapshot), others, HEAPY_DIFFERENCE));
}

PyObject *
Session_compare_objects(PyObject *self, PyObject *older)
{
    PyObject *taken = NULL, *formerly = NULL, *new = NULL, *gone = NULL, *stayed = NULL, *result = NULL;
    heapy_address_map *both = NULL, *kept = NULL;
    const heapy_snapshot *a, *b;
    if (Py_TYPE(older) != Py_TYPE(self)) {
        PyErr_Format(PyExc_TypeError, "compare: a session expected, not %.200s", Py_TYPE(older)->tp_name);
        return NULL;
    }
    b = kept_snapshot(older, &formerly);
    if (!b)
        goto done;
    a = kept_snapshot(self, &taken);
    if (!a)
        goto done;
    both = combine_maps(heapy_snapshot_map(a), heapy_snapshot_map(b), HEAPY_INTERSECTION);
    if (!both)
        goto done;
    kept = with_same_type(both, a, b);
    if (!kept)
        goto done;
    new = set_without(self, a, kept);
    if (!new)
        goto done;
    gone = set_without(older, b, kept);
    if (!gone)
        goto done;
    stayed = IdentitySet_keep(self, kept, NULL);
    kept = NULL; /* taken over */
    if (stayed)
        result = PyTuple_Pack(3, new, gone, stayed);
done:
    heapy_address_map_destroy(both);
    heapy_address_map_destroy(kept);
    Py_XDECREF(new);
    Py_XDECREF(gone);
    Py_XDECREF(stayed);
    Py_XDECREF(taken);
    Py_XDECREF(formerly);
    return result;
}
