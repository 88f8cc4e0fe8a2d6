/* SPDX-License-Identifier: MIT */
/* Classes of live objects: what an equivalence relation makes of a set, and the kinds its classes are. */
#ifndef HEAPY_CLASSIFY_LIVE_H
#define HEAPY_CLASSIFY_LIVE_H

#include <Python.h>
#include <heapy/classify.h>

typedef struct live_classes {
    PyObject *er;           /* owned */
    PyObject *snapshot;     /* of the set itself: types, and sizes and owners if asked for; owned */
    heapy_classes *classes; /* owned */
    PyObject *keys;    /* what the classes stand for: types, modules, reprs of references; owned */
    PyObject *objects; /* LiveObjects whose numbers are the classes, where each object is one; owned */
    struct live_classes *inner; /* of and-ed relations: each; else of the referrers or owners; owned */
    size_t inner_count;
} live_classes;

enum {
    WITH_SIZES = 1, /* fill the sizes, which may run code */
    WITH_OWNERS = 2 /* keep the owners of dicts */
};

/*
 * Classify the objects of LiveObjects by a relation.  wants: flags of the above.  -1 with an exception; else
 * live_classes_deinit.  O(objects), and O(heap) for relations that look at referrers.
 */
int live_classes_init(live_classes *out, PyObject *er, PyObject *objects, unsigned wants);
void live_classes_deinit(live_classes *classes);
int live_classes_traverse(const live_classes *classes, visitproc visit, void *arg);

/* `classes` is taken out, to be owned by who asks: what is left still answers class_kind(). */
heapy_classes *live_classes_take(live_classes *classes);

/* Free what only making a table needs. */
void live_classes_drop_snapshot(live_classes *classes);

/* The set that class `which` of `of` (the classes that may have been taken out) is.  New reference. */
PyObject *class_kind(const live_classes *classes, const heapy_classes *of, heapy_class which);

#endif
