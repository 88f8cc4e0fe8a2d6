/* SPDX-License-Identifier: MIT */
/* The tables of identity sets. */
#ifndef HEAPY_SET_TABLE_H
#define HEAPY_SET_TABLE_H

#include <Python.h>
#include <heapy/partition.h>
#include <heapy/stat.h>

typedef struct set_table set_table;

/* The table of an identity set, with at least its first row_count rows (or all it has); borrowed while the
   set lives.  -1 with an exception. */
int IdentitySet_table(PyObject *set, size_t row_count, heapy_table *out);

/* time.time() of when it was made. */
double IdentitySet_table_time(PyObject *set);

/* The sets of row i, and of several rows; both as T-40 and K-51 say.  The table must have been made. */
PyObject *IdentitySet_row(PyObject *set, size_t row);
PyObject *IdentitySet_rows(PyObject *set, Py_ssize_t first, Py_ssize_t step, Py_ssize_t count);

/* x[key] for an int or slice. */
PyObject *IdentitySet_subscript(PyObject *set, PyObject *key);

/* The row that shows each object, in order of address.  rows: one for each object of the set, the caller's.
   -1 with an exception.  The table must have been made.  O(objects). */
int IdentitySet_rows_of_objects(PyObject *set, uint32_t *rows);

/* The kind of row i. */
PyObject *IdentitySet_row_kind(PyObject *set, size_t row);

/* Make the table now if the set's relation looks at what refers to its objects: that is of the moment of the
   call, whatever is printed when (H-91).  Of a snapshot every moment is the same.  -1 with an exception. */
int IdentitySet_look(PyObject *set);

/* What such a table is made of, which says the classes of the moment; borrowed while the set lives.  NULL:
   the set has none. */
const heapy_partition *IdentitySet_moment(PyObject *set);

void set_table_destroy(set_table *table); /* NULL does nothing */
int set_table_traverse(const set_table *table, visitproc visit, void *arg);

#endif
