/* SPDX-License-Identifier: MIT */
/* Partitions of identity sets. */
#ifndef HEAPY_TYPE_PARTITION_H
#define HEAPY_TYPE_PARTITION_H

#include <Python.h>

/* The set's Partition: the same one as long as somebody has it. */
PyObject *Partition_of(PyObject *set);
PyObject *Partition_set(PyObject *partition);

/* Where it remembers what `more` gave (own_object.h). */
PyObject **Partition_more(PyObject *partition); /* borrowed */

#endif
