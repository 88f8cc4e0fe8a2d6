/* SPDX-License-Identifier: MIT */
/* The dominator tree of a snapshot: methods of Snapshot. */
#ifndef HEAPY_SNAPSHOT_BRANCHES_H
#define HEAPY_SNAPSHOT_BRANCHES_H

#include <Python.h>

PyObject *Snapshot_dominated(PyObject *self, PyObject *args);
PyObject *Snapshot_dominated_at(PyObject *self, PyObject *args);
PyObject *Snapshot_dominator(PyObject *self, PyObject *object);
PyObject *Snapshot_dominator_at(PyObject *self, PyObject *number);
PyObject *Snapshot_write_branches(PyObject *self, PyObject *args);
PyObject *Snapshot_branch_path(PyObject *self, PyObject *args);

#endif
