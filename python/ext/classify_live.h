/* SPDX-License-Identifier: MIT */
/* Classes of live objects: what an equivalence relation makes of a set, and the kinds its classes are. */
#ifndef HEAPY_CLASSIFY_LIVE_H
#define HEAPY_CLASSIFY_LIVE_H

#include "capture.h"
#include "types.h"

typedef struct live_classes {
    relation by;
    heapy_graph *graph;     /* types, and sizes if asked for; owned */
    heapy_classes *classes; /* owned */
    PyObject *keys;         /* tuple: the types of the graph, or by Module the modules; owned */
    dict_owners owners;     /* if asked for; owned */
} live_classes;

enum {
    WITH_SIZES = 1, /* fill the graph's sizes, which may run code */
    WITH_OWNERS = 2 /* by Clodo: keep the owners of dicts */
};

/*
 * Classify the objects of `map` (held) by any relation but Id.  wants: flags of the above.  -1 with an
 * exception; else live_classes_deinit.  O(objects).
 */
int live_classes_init(live_classes *out, PyObject *session, const heapy_address_map *map, relation by,
                      unsigned wants);
void live_classes_deinit(live_classes *classes);

/* The kind that class `which` is: `size`, in bytes, of each of its members where they have one size.  By
   Idset there is none.  New reference. */
PyObject *class_kind(PyObject *session, relation by, const heapy_classes *classes, PyObject *keys,
                     heapy_class which);

#endif
