/* SPDX-License-Identifier: MIT */
/* A snapshot in memory into a file. */
#ifndef HEAPY_SNAPSHOT_SAVE_H
#define HEAPY_SNAPSHOT_SAVE_H

#include <Python.h>

/* Snapshot.write() */
PyObject *Snapshot_write(PyObject *self, PyObject *args);

#endif
