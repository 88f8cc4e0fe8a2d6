/* SPDX-License-Identifier: MIT */
/* Printers: tables page by page. */
#ifndef HEAPY_TYPE_PRINTER_H
#define HEAPY_TYPE_PRINTER_H

#include <Python.h>
#include <heapy/stat.h>
#include <stdbool.h>

/* The table of whatever can be shown page by page: an identity set, a partition, a stat. */
int paged_table(PyObject *top, size_t row_count, heapy_table *out);
PyObject *paged_session(PyObject *top); /* borrowed */

/* Render rows from first_row on: a page, or all.  New reference. */
PyObject *render_page(PyObject *top, size_t first_row, bool with_label, bool is_whole);

/* The printer after the page that begins at first_row. */
PyObject *MorePrinter_after(PyObject *top, PyObject *previous, size_t first_row);
PyObject *AllPrinter_create(PyObject *top);

/* The getter of `.more` for a set, a partition or a stat: the same printer while it is used. */
PyObject *more_of(PyObject *top);

#endif
