/* SPDX-License-Identifier: MIT */
/* What of a session walks the heap: the visible heap, snapshots, and what the view asks. */
#include "types/session_heap.h"

#include "capture/own_object_head.h"
#include "cpython/module_support.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/world.h"
#include "types/ask.h"
#include "types/call_python.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/reference_points.h"
#include "types/source.h"
#include "types/source_parts.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

static PyObject *
relative_heap(Session *self)
{
    PyObject *heap = self->source->heap((PyObject *)self);
    if (heap && self->gcobjs) {
        PyObject *added = Py_NewRef(self->gcobjs);
        Py_SETREF(heap, PyNumber_Or(heap, added));
        Py_DECREF(added);
    }
    return less_reference(heap, self->relheap);
}

PyObject *
Session_heap(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    if (!Session_is_usable(self))
        return NULL;
    /* Making the result must not set off a collection either (H-54). */
    stopped_world world = world_stop();
    PyObject *heap = relative_heap((Session *)self);
    world_start(&world);
    return heap;
}

/* A session like this one, whose heap is that of now for good. */
static Session *
frozen_copy(Session *self)
{
    PyObject *arguments = PyTuple_Pack(1, tag_of((PyObject *)self));
    if (!arguments)
        return NULL;
    Session *copy = (Session *)PyObject_CallObject((PyObject *)Py_TYPE(self), arguments);
    Py_DECREF(arguments);
    if (!copy)
        return NULL;
    copy->settings = self->settings;
    Py_SETREF(copy->view, Py_NewRef(self->view));
    copy->relheap = Py_XNewRef(self->relheap);
    copy->parent = Py_XNewRef(self->parent);
    Py_XSETREF(copy->pattern_settings, Py_XNewRef(self->pattern_settings));
    copy->default_reprefix = Session_prefix((PyObject *)self);
    if (!copy->default_reprefix)
        Py_CLEAR(copy);
    return copy;
}

PyObject *
live_keep(PyObject *self, PyObject *(*take)(PyObject *session))
{
    Session *copy = frozen_copy((Session *)self);
    PyObject *snapshot = NULL;
    if (copy)
        snapshot = take(self);
    if (!snapshot) {
        Py_XDECREF(copy);
        return NULL;
    }
    copy->moment = snapshot;
    copy->source = &kept_source;
    return (PyObject *)copy;
}

PyObject *
Session_snapshot(PyObject *self, PyObject *args, PyObject *kwargs)
{
    if (!Session_is_usable(self))
        return NULL;
    if (!PyTuple_GET_SIZE(args) && !kwargs)
        return ((Session *)self)->source->keep(self, Snapshot_take);
    return ((Session *)self)->source->write(self, args, kwargs);
}

PyObject *
Session_snapshot_unasked(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    if (!Session_is_usable(self))
        return NULL;
    return ((Session *)self)->source->keep(self, Snapshot_take_unasked);
}

PyObject *
live_write(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return call_package_with("guppy.heapy.SnapshotFile", "take", self, args, kwargs);
}

PyObject *
kept_write(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return call_package_with("guppy.heapy.SnapshotFile", "take_kept", self, args, kwargs);
}

PyObject *
Session_save(PyObject *self, PyObject *args, PyObject *kwargs)
{
    if (!Session_is_usable(self))
        return NULL;
    PyObject *moment = ((Session *)self)->source->moment(self, 0); /* else it has none to save */
    if (!moment)
        return NULL;
    Py_DECREF(moment);
    return call_package_with("guppy.heapy.SnapshotFile", "save", self, args, kwargs);
}

PyObject *
Session_before(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Session *session = (Session *)self;
    if (!Session_is_usable(self))
        return NULL;
    if (!session->relheap)
        Py_RETURN_NONE;
    PyObject *heap = session->source->heap(self), *kept = Py_NewRef(session->relheap);
    PyObject *before = NULL;
    if (heap)
        before = PyNumber_And(heap, kept);
    Py_DECREF(kept);
    Py_XDECREF(heap);
    return before;
}

PyObject *
Session_capture_graph(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    if (!Session_is_usable(self))
        return NULL;
    return Snapshot_take(self);
}

/* ---- for the view ---- */

PyObject *
Session_dominos_alone(PyObject *self, PyObject *sets)
{
    if (!Session_is_usable(self))
        return NULL;
    if (!PyList_Check(sets)) {
        PyErr_SetString(PyExc_TypeError, "a list of sets expected");
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(sets); i++)
        if (!IdentitySet_check(state_of_type(Py_TYPE(self)), PyList_GET_ITEM(sets, i))) {
            PyErr_SetString(PyExc_TypeError, "a list of identity sets expected");
            return NULL;
        }
    return ask_dominated_alone(self, sets);
}

/* gc.get_referrers(*members) */
static PyObject *
collector_referrers(PyObject *members)
{
    PyObject *gc = import_module("gc"), *list = NULL;
    if (!gc)
        return NULL;
    PyObject *function = PyObject_GetAttrString(gc, "get_referrers");
    if (function)
        list = PyObject_Call(function, members, NULL);
    Py_DECREF(gc);
    Py_XDECREF(function);
    return list;
}

PyObject *
Session_gc_referrers(PyObject *self, PyObject *args)
{
    module_state *state = state_of_type(Py_TYPE(self));
    PyObject *set, *members = NULL, *list = NULL, *kept = NULL, *result = NULL;
    int without_own;
    if (!PyArg_ParseTuple(args, "O!p:_gc_referrers", state->identity_set_type, &set, &without_own) ||
        !Session_is_usable(self))
        return NULL;
    PyObject *nodes = NodeSet_wrap(self, ((IdentitySet *)set)->objects);
    if (!nodes)
        return NULL;
    members = PySequence_Tuple(nodes);
    if (!members)
        goto done;
    list = collector_referrers(members);
    if (!list)
        goto done;
    kept = PyList_New(0);
    if (!kept)
        goto done;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        PyObject *object = PyList_GET_ITEM(list, i);
        /* What holds the members for us is not what is asked about. */
        bool is_ours =
            object == members || Py_TYPE(object) == state->live_objects_type ||
            (without_own && (Py_TYPE(object) == state->node_graph_type || NodeSet_check(state, object)));
        if (!is_ours && PyList_Append(kept, object) < 0)
            goto done;
    }
    result = NodeSet_of_held(self, objects_of_iterable(kept));
done:
    Py_DECREF(nodes);
    Py_XDECREF(members);
    Py_XDECREF(list);
    Py_XDECREF(kept);
    return result;
}
