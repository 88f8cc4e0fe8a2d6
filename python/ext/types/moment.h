/* SPDX-License-Identifier: MIT */
/* Moments: a captured heap that is kept, for many questions about one time. */
#ifndef HEAPY_MOMENT_H
#define HEAPY_MOMENT_H

#include <Python.h>
#include <heapy/dominators.h>
#include <heapy/referrers.h>

#include "types/live_heap.h"

/* The heap as a session sees it now: all of it, with the root, edges, labels, sizes and owners of dicts.  New
   reference.  KeyboardInterrupt as for capture_heap. */
PyObject *Moment_create(PyObject *session);

/* Borrowed while the moment lives; NULL with an exception when the collector has cleared it.  Nodes are the
   visible heap and the root. */
const live_heap *Moment_heap(PyObject *moment);

/* The LiveObjects that hold them; borrowed. */
PyObject *Moment_objects(PyObject *moment);

/* Made at the first call, then kept; borrowed.  NULL with an exception. */
const heapy_referrers *Moment_referrers(PyObject *moment);
heapy_dominators *Moment_dominators(PyObject *moment);

#endif
