/* SPDX-License-Identifier: MIT */
/* Stats in files. */
#ifndef HEAPY_STAT_IO_H
#define HEAPY_STAT_IO_H

#include <Python.h>
#include <stdbool.h>

PyObject *Stat_dump(PyObject *stat, PyObject *file, PyObject *mode);
PyObject *Stat_load(PyObject *session, PyObject *source, bool use_readline);

#endif
