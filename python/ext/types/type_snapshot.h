/* SPDX-License-Identifier: MIT */
/* A snapshot as a Python object: the one owner of an engine's snapshot of live objects. */
#ifndef HEAPY_TYPE_SNAPSHOT_H
#define HEAPY_TYPE_SNAPSHOT_H

#include <Python.h>
#include <heapy/dominators.h>
#include <heapy/referrers.h>
#include <heapy/snapshot.h>

/* Make a Snapshot of a session's.  snapshot: taken over, also on failure.  objects: the LiveObjects that hold
 * its nodes; NULL: the caller does, as long as it is used.  New reference. */
PyObject *Snapshot_wrap(PyObject *session, heapy_snapshot *snapshot, PyObject *objects);

/* The heap as a session sees it now: all of it, with the root and every column.  New reference.
   KeyboardInterrupt as for capture_heap. */
PyObject *Snapshot_take(PyObject *session);

/* The same for what shows no sizes (H-1): no object is asked for its size, so those whose size only a
   __sizeof__ in Python knows have their basic size. */
PyObject *Snapshot_take_unasked(PyObject *session);

/* Borrowed while the object lives; NULL with an exception when the collector has cleared it. */
heapy_snapshot *Snapshot_get(PyObject *snapshot);

/* The LiveObjects that hold its nodes; borrowed. */
PyObject *Snapshot_objects(PyObject *snapshot);

/* The number of an object, and of the one at an address (an int); HEAPY_NO_NODE with KeyError. */
heapy_node Snapshot_node_of(PyObject *snapshot, PyObject *object);
heapy_node Snapshot_node_at(PyObject *snapshot, PyObject *number);

/* As heapy_snapshot_referrers() and heapy_snapshot_dominators(), with a line on the terminal and Ctrl-C. NULL
   with an exception. */
const heapy_referrers *snapshot_referrers(heapy_snapshot *snapshot);
heapy_dominators *snapshot_dominators(heapy_snapshot *snapshot);

#endif
