/* SPDX-License-Identifier: MIT */
/* The objects that the collector tracks. */
#ifndef HEAPY_COLLECTOR_LISTS_H
#define HEAPY_COLLECTOR_LISTS_H

#include "cpython/internals.h"

/* Call visit(object, arg) for every object the collector tracks, frozen ones included where they can be
   seen.  On 3.14+ the object's count is raised during its call.  visit must not allocate objects. */
#if PY_VERSION_HEX < 0x030E0000
static inline void
visit_tracked_objects(PyInterpreterState *interp, void (*visit)(PyObject *, void *), void *arg)
{
    /* Include/internal/pycore_gc.h: three generations and the permanent one, doubly linked.  Reading them
       is twice as fast as PyUnstable_GC_VisitObjects, which some releases keep from the permanent one. */
    PyGC_Head *heads[NUM_GENERATIONS + 1];
    for (int i = 0; i < NUM_GENERATIONS; i++)
        heads[i] = &interp->gc.generations[i].head;
    heads[NUM_GENERATIONS] = &interp->gc.permanent_generation.head;
    for (int i = 0; i <= NUM_GENERATIONS; i++)
        for (PyGC_Head *g = _PyGCHead_NEXT(heads[i]); g && g != heads[i]; g = _PyGCHead_NEXT(g))
            visit((PyObject *)(g + 1), arg);
}
#else
struct tracked_visitor {
    void (*visit)(PyObject *, void *);
    void *arg;
};

static int
visit_tracked_object(PyObject *object, void *arg)
{
    struct tracked_visitor *visitor = arg;
    visitor->visit(object, visitor->arg);
    return 1; /* go on: Modules/gcmodule.c and Python/gc.c, PyUnstable_GC_VisitObjects */
}

static inline void
visit_tracked_objects(PyInterpreterState *interp, void (*visit)(PyObject *, void *), void *arg)
{
    (void)interp;
    struct tracked_visitor visitor = {visit, arg};
    PyUnstable_GC_VisitObjects(visit_tracked_object, &visitor);
}
#endif

#endif
