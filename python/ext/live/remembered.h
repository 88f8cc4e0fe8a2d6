/* SPDX-License-Identifier: MIT */
/*
 * What is made once and kept, when several threads ask for it at once and there is no GIL.
 *
 * The lock is one for all, and held for a few instructions, in which nothing waits and no code runs: a thread
 * is never stopped (world.h) with it in its hand.
 */
#ifndef HEAPY_REMEMBERED_H
#define HEAPY_REMEMBERED_H

#include <Python.h>
#include <stdbool.h>

/* Nests not.  Without effect where there is a GIL. */
void brief_lock(void);
void brief_unlock(void);

/* What a place has that does not hold it, if it is not being freed: a new reference, else NULL. */
PyObject *remembered(PyObject **slot);

/* Put an object there, for remembered(); it must be taken away before it is freed. */
void remember_there(PyObject **slot, PyObject *made);

/* Take it away, if it is the one that is there. */
void forget_there(PyObject **slot, const PyObject *gone);

/* Keep what was made where nothing is kept yet.  False: somebody was faster. */
bool keep_first(void **slot, void *made);

#endif
