/* SPDX-License-Identifier: MIT */
/* The objects that the collector tracks. */
#ifndef HEAPY_COLLECTOR_LISTS_H
#define HEAPY_COLLECTOR_LISTS_H

#include "cpython/internals.h"
#include "cpython/mimalloc_pages.h"

#ifndef Py_GIL_DISABLED
static inline void
visit_collector_list(PyGC_Head *head, void (*visit)(PyObject *, void *), void *arg)
{
    for (PyGC_Head *at = _PyGCHead_NEXT(head); at && at != head; at = _PyGCHead_NEXT(at))
        visit((PyObject *)(at + 1), arg);
}

/*
 * Include/internal/pycore_gc.h and, from 3.14 on, pycore_interp_structs.h: three generations and the
 * permanent one, each the head of a doubly linked list.  3.14.0 to 3.14.4 call the three young and old[2], in
 * one row with the permanent one; so they are found in every 3.14 from that one backwards.
 */
static inline void
visit_collector_lists(PyInterpreterState *interp, void (*visit)(PyObject *, void *), void *arg)
{
    struct gc_generation *permanent = &interp->gc.permanent_generation;
#if PY_VERSION_HEX < 0x030E0000
    struct gc_generation *generations = interp->gc.generations;
#else
    struct gc_generation *generations = permanent - NUM_GENERATIONS;
#endif
    for (int i = 0; i < NUM_GENERATIONS; i++)
        visit_collector_list(&generations[i].head, visit, arg);
    visit_collector_list(&permanent->head, visit, arg);
}

#if PY_VERSION_HEX >= 0x030E0000
struct tracked_visitor {
    void (*visit)(PyObject *, void *);
    void *arg;
};

static int
visit_tracked_object(PyObject *object, void *arg)
{
    struct tracked_visitor *visitor = arg;
    visitor->visit(object, visitor->arg);
    return 1; /* go on: Python/gc.c, PyUnstable_GC_VisitObjects */
}
#endif

/*
 * Call visit(object, arg) for every object the collector tracks, frozen ones included where they can be seen.
 * visit must not allocate objects.
 *
 * The lists are read rather than asked of PyUnstable_GC_VisitObjects, which takes twice as long, which some
 * releases keep from the permanent generation, and which from 3.14 on writes the count of every object: in a
 * forked process that copies most of the heap.  It is asked where the lists may stand elsewhere, in another
 * micro release than the one built for while the branch is open.
 */
static inline void
visit_tracked_objects(PyInterpreterState *interp, void (*visit)(PyObject *, void *), void *arg)
{
#if PY_VERSION_HEX < 0x030E0000
    visit_collector_lists(interp, visit, arg);
#else
    if (Py_Version == PY_VERSION_HEX) {
        visit_collector_lists(interp, visit, arg);
        return;
    }
    struct tracked_visitor visitor = {visit, arg};
    PyUnstable_GC_VisitObjects(visit_tracked_object, &visitor);
#endif
}

/* The same for every object that may have a dict: with a GIL the collector tracks all of them. */
static inline void
visit_possible_owners(PyInterpreterState *interp, void (*visit)(PyObject *, void *), void *arg)
{
    visit_tracked_objects(interp, visit, arg);
}
#endif

#endif
