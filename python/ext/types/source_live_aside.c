/* SPDX-License-Identifier: MIT */
/*
 * Sets of the live heap that count as let go: reference points, and what heapu() gives.
 *
 * They hold their objects, and looking for garbage they are not what keeps it alive (H-60 to H-66).
 */
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "live/world.h"
#include "types/identity_set.h"
#include "types/source_parts.h"
#include "types/type_heap_view.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"

/* What a capture found, kept as a reference point or given by heapu(): its objects count as let go. */
static PyObject *
wrap_aside(PyObject *session, held_objects *held, heapy_classifier_form form)
{
    PyObject *objects = LiveObjects_wrap(session, held);
    if (!objects)
        return NULL;
    ((LiveObjects *)objects)->is_aside = true;
    PyObject *er = Session_relation(session, form), *set = NULL;
    if (er)
        set = IdentitySet_share(session, objects, er);
    Py_XDECREF(er);
    Py_DECREF(objects);
    return set;
}

PyObject *
live_reference(PyObject *session)
{
    held_objects *heap = visible_heap(session);
    if (!heap)
        return NULL;
    return wrap_aside(session, heap, HEAPY_BY_CLODO);
}

PyObject *
live_unreachable(PyObject *session, bool with_reachable, bool is_tracked, PyObject **reachable,
                 heapy_classifier_form by)
{
    capture_view view;
    held_objects *found, *visible = NULL, **wanted = NULL;
    if (reachable)
        wanted = &visible;
    Session_capture_view(session, &view);
    collect_garbage();
    if (!Session_is_usable(session) ||
        capture_unreachable(&view, with_reachable, is_tracked, &found, wanted) < 0)
        return NULL;
    PyObject *set = wrap_aside(session, found, by);
    if (reachable)
        *reachable = wrap_aside(session, visible, HEAPY_BY_CLODO);
    if (set && (!reachable || *reachable))
        return set;
    Py_XDECREF(set);
    if (reachable)
        Py_CLEAR(*reachable);
    return NULL;
}
