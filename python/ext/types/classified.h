/* SPDX-License-Identifier: MIT */
/* The objects of a set by the classes of a relation: the engine's classes, and what they are said with. */
#ifndef HEAPY_CLASSIFIED_H
#define HEAPY_CLASSIFIED_H

#include <Python.h>
#include <heapy/classify.h>
#include <heapy/partition.h>

#include "types/source.h"

typedef struct classified {
    PyObject *session; /* owned, as all here */
    PyObject *taken;   /* the Snapshot */
    PyObject *types;   /* those that classes name, kept for them; or NULL */
    PyObject *named;   /* what keeps the objects that classes name; or NULL */
    snapshot_members members;
    heapy_classes *classes;
} classified;

/*
 * Classify the objects of LiveObjects by a relation.  needs: HEAPY_NEEDS_... of the snapshot beside what the
 * relation asks for.  -1 with an exception; else classified_deinit().  O(objects), and O(heap) for relations
 * that look at referrers.
 */
int classified_init(classified *out, PyObject *er, PyObject *objects, unsigned needs);
void classified_deinit(classified *of);
int classified_traverse(const classified *of, visitproc visit, void *arg);

/* The partition of the objects by their classes, which it takes; NULL with an exception. */
heapy_partition *classified_partition(classified *of);

/* Free what only making a table needs: what is left still keeps what classes name. */
void classified_drop_snapshot(classified *of);

/* Keep for other classes what `of` keeps for those that it has. */
void classified_share(classified *out, const classified *of);

/* What a class of `classes`, which `of` keeps, is as a set.  New reference. */
PyObject *set_of_class(const classified *of, const heapy_classes *classes, heapy_class which);

/* The needs of a table or brief that shows objects, too: of dicts their owners. */
unsigned needs_of_texts(PyObject *er);

#endif
