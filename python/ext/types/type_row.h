/* SPDX-License-Identifier: MIT */
/* Rows of tables as objects. */
#ifndef HEAPY_TYPE_ROW_H
#define HEAPY_TYPE_ROW_H

#include <Python.h>
#include <heapy/table.h>
#include <stdbool.h>

/* An iterator over the rows (or, sets: the sets of the rows) of a set's partition or of a stat. */
PyObject *RowIterator_create(PyObject *top, size_t first_row, bool gives_sets);

/* A row object of `type`, with the numbers and name of `row`. */
PyObject *StatRow_create(PyTypeObject *type, PyObject *tag, const heapy_row *row);

/* Row `row` of a set's partition or of a stat as an object. */
PyObject *row_object(PyObject *top, size_t row);

#endif
