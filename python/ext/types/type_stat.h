/* SPDX-License-Identifier: MIT */
/* Stats: tables without their objects. */
#ifndef HEAPY_TYPE_STAT_H
#define HEAPY_TYPE_STAT_H

#include <Python.h>
#include <heapy/stat.h>
#include <heapy/table.h>

#include "capture/own_object_head.h"

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    heapy_stat *stat;
    PyObject *first_header;
    PyObject *more; /* remembered, not held (own_object.h) */
} Stat;

/* time.time() */
double seconds_now(void);

/* Takes over `stat`, also on failure.  first_header: borrowed, NULL for "". */
PyObject *Stat_wrap(PyObject *session, heapy_stat *stat, PyObject *first_header);
PyObject *Stat_of_set(PyObject *set);
PyObject *Stat_of_table(PyObject *session, const heapy_table *table, double time_made); /* copied */
/* The same, but of an empty set with the header that the stat of `like` has. */
PyObject *Stat_of_set_or_empty(PyObject *set, PyObject *like);
PyObject *Stat_subtract(PyObject *a, PyObject *b);

#endif
