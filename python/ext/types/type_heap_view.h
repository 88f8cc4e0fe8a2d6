/* SPDX-License-Identifier: MIT */
/* Views of the heap. */
#ifndef HEAPY_TYPE_HEAP_VIEW_H
#define HEAPY_TYPE_HEAP_VIEW_H

#include <Python.h>

#include "live/live_capture.h"
#include "types/module_state.h"

/* How the session walks the heap; borrowed members, for use while the session lives.  A question begins with
   it: what only returned calls hold is let go first (live/returned_calls.h), so finalizers may run. */
void Session_capture_view(PyObject *session, capture_view *out);

PyObject *HeapView_create(module_state *state, PyObject *tag);

#endif
