/* SPDX-License-Identifier: MIT */
/* Tables that Python puts together, and stats, as the engine writes them. */
#ifndef HEAPY_TABLE_WRITER_H
#define HEAPY_TABLE_WRITER_H

#include <Python.h>
#include <heapy/table.h>
#include <stdbool.h>

/* The module's function _write_table. */
PyObject *write_table(PyObject *module, PyObject *args, PyObject *kwargs);

/* The module's function _why_text. */
PyObject *write_why(PyObject *module, PyObject *args);

/* A table as `how` says: "json", "csv", or as text from row `first` on.  max_rows: at most so many; 0: all.
 */
PyObject *write_table_as(const char *how, const heapy_table *table, size_t first, size_t max_rows,
                         bool with_label);

/* A table as JSON or CSV, from the arguments of Stat.as_json and Stat.as_csv. */
PyObject *table_as_json(const heapy_table *table, PyObject *args, PyObject *kwargs);
PyObject *table_as_csv(const heapy_table *table, PyObject *args, PyObject *kwargs);

#endif
