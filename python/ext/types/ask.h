/* SPDX-License-Identifier: MIT */
/*
 * What a set is asked about the objects around it: of the heap as it is now,
 * or in a snapshot of the heap as it was.
 */
#ifndef HEAPY_ASK_H
#define HEAPY_ASK_H

#include <Python.h>
#include <heapy/address_map.h>
#include <heapy/questions.h>
#include <stdbool.h>

/* The answer to a question about what is around some objects (frozen, held) of a session: new LiveObjects,
   NULL with an exception. */
PyObject *ask_around(PyObject *session, heapy_question question, const heapy_address_map *objects);

/* The bytes of some objects, each alone; and of all that they dominate.  -1 with an exception. */
int ask_size(PyObject *session, const heapy_address_map *objects, uint64_t *out);
int ask_retained_size(PyObject *session, const heapy_address_map *objects, uint64_t *out);

/* Append the identity set of LiveObjects (taken over, NULL with an exception) to `list`.  False with an
 * exception. */
bool append_set(PyObject *session, PyObject *list, PyObject *objects);

/* Find of each set in a list what it alone dominates while the others keep what they reach: a new
 * list of identity sets. */
PyObject *ask_dominated_alone(PyObject *session, PyObject *sets);

/* The bytes that each row of the set's table retains as a whole, in the order of the table: a new list of
   int. One moment, O(objects + references) for 512 rows. */
PyObject *ask_retained_rows(PyObject *set);

/* The identity set that answers a question about `set`, in its session. */
PyObject *ask_about_set(PyObject *set, heapy_question question);

#endif
