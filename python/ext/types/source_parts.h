/* SPDX-License-Identifier: MIT */
/* What sources have in files of their own; source_methods (types/source.h) says what each does. */
#ifndef HEAPY_SOURCE_PARTS_H
#define HEAPY_SOURCE_PARTS_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/classifier.h>
#include <stdbool.h>

#include "live/held_objects.h"

/* heap_stat.c */
int live_count(PyObject *session, const heapy_classifier *by, const heapy_address_map *without,
               PyObject **out);

/* type_session.c */
PyObject *live_describe(PyObject *session);
PyObject *kept_describe(PyObject *session);

/* session_heap.c */
PyObject *live_keep(PyObject *session, PyObject *(*take)(PyObject *session));
PyObject *live_write(PyObject *session, PyObject *args, PyObject *kwargs);
PyObject *kept_write(PyObject *session, PyObject *args, PyObject *kwargs);

/* session_places.c */
PyObject *live_at(PyObject *session, PyObject *numbers);
PyObject *kept_at(PyObject *session, PyObject *numbers);

/* source_live.c: what a session sees of the heap, held.  NULL with an exception. */
held_objects *visible_heap(PyObject *session);

/* source_live_aside.c */
PyObject *live_reference(PyObject *session);
PyObject *live_unreachable(PyObject *session, bool with_reachable, bool is_tracked, PyObject **reachable,
                           heapy_classifier_form by);

#endif
