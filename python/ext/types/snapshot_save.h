/* SPDX-License-Identifier: MIT */
/* A snapshot in memory into a file, and the heap of now by a copy of this process. */
#ifndef HEAPY_SNAPSHOT_SAVE_H
#define HEAPY_SNAPSHOT_SAVE_H

#include <Python.h>

/* Snapshot.write() */
PyObject *Snapshot_write(PyObject *self, PyObject *args);

/* Session._write_forked() */
PyObject *Session_write_forked(PyObject *self, PyObject *args);

#endif
