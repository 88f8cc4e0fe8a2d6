/* SPDX-License-Identifier: MIT */
/*
 * hp.stat(): the rows of the heap, counted while the world stands still and nothing of it is held (S-30,
 * T-60).
 *
 * To hold an object is to write to it.  In a forked process that makes its page private: a table of a million
 * objects would copy most of the parent.  Columns are all that counting needs.
 */
#include "types/heap_stat.h"

#include "live/errors.h"
#include "live/live_capture.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/source.h"
#include "types/source_parts.h"
#include "types/type_heap_view.h"
#include "types/type_session.h"
#include "types/type_stat.h"

#include <heapy/classifier.h>
#include <heapy/classify.h>
#include <heapy/graph.h>
#include <heapy/partition.h>
#include <heapy/snapshot.h>
#include <heapy/status.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { NEEDS_OF_COUNTING = HEAPY_NEEDS_SIZES | HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_MODULES };

/* Can columns alone say the classes?  By identity, by referrers and by the line of allocation objects are
 * asked. */
static bool
is_counted(const heapy_classifier *by)
{
    heapy_classifier_form form = heapy_classifier_form_of(by);
    if (heapy_classifier_needs(by) & ~(unsigned)NEEDS_OF_COUNTING || form == HEAPY_BY_ID ||
        form == HEAPY_BY_IDSET || form == HEAPY_BY_FIRST_MATCH)
        return false;
    for (size_t i = 0; i < heapy_classifier_part_count(by); i++)
        if (!is_counted(heapy_classifier_part(by, i)))
            return false;
    return true;
}

static PyObject *
count_rows(PyObject *session, const heapy_classifier *by, heapy_graph *graph, double time)
{
    heapy_snapshot *snapshot = NULL;
    heapy_classes *classes = NULL;
    heapy_partition *partition = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_snapshot_create(graph, NULL, NULL, &snapshot, &err);
    if (!status)
        status = heapy_classify(by, snapshot, NULL, &classes, &err);
    if (!status)
        status = heapy_partition_create(heapy_snapshot_graph(snapshot), NULL, classes, &partition, &err);
    PyObject *stat = NULL;
    if (status)
        raise_heapy_error(&err);
    else
        stat = Stat_of_table(session, heapy_partition_table(partition), time);
    heapy_partition_destroy(partition);
    heapy_snapshot_release(snapshot);
    return stat;
}

int
live_count(PyObject *session, const heapy_classifier *by, const heapy_address_map *without, PyObject **out)
{
    if (((Session *)session)->gcobjs || !is_counted(by))
        return NO_SHORTCUT;
    unsigned needs = heapy_classifier_needs(by);
    unsigned columns = COLUMN_SIZES | (needs & HEAPY_NEEDS_OWNERS ? COLUMN_OWNERS : 0) |
                       (needs & HEAPY_NEEDS_MODULES ? COLUMN_MODULES : 0);
    capture_view view;
    heapy_graph *graph;
    double begun = seconds_now();
    Session_capture_view(session, &view);
    if (capture_unheld_columns(&view, without, columns, &graph) < 0)
        return -1;
    *out = count_rows(session, by, graph, begun);
#ifdef __GLIBC__
    malloc_trim(0); /* what counting took goes back: the C library would keep it */
#endif
    if (!*out)
        return -1;
    return ANSWERED;
}

/* The same of what holds its objects: by any relation, of a snapshot, with any reference point. */
static PyObject *
stat_of_heap(PyObject *session, PyObject *er)
{
    PyObject *heap = PyObject_CallMethod(session, "heap", NULL), *stat = NULL;
    if (!heap)
        return NULL;
    PyObject *set = IdentitySet_by(heap, er);
    if (set)
        stat = Stat_of_set(set);
    Py_DECREF(heap);
    Py_XDECREF(set);
    return stat;
}

/* The rows of what is not in hp.relheap, counted in a walk; NO_SHORTCUT where a set of what there is must
 * tell. */
static int
count_new(PyObject *self, const heapy_classifier *classifier, PyObject **out)
{
    const source_methods *source = source_of(self);
    PyObject *reference = ((Session *)self)->relheap;
    if (!source)
        return -1;
    if (!source->count || (reference && !IdentitySet_check(state_of_type(Py_TYPE(self)), reference)))
        return NO_SHORTCUT;
    if (!reference)
        return source->count(self, classifier, NULL, out);
    Py_INCREF(reference);
    const heapy_address_map *without = IdentitySet_map(reference);
    int result = -1;
    if (without)
        result = source->count(self, classifier, without, out);
    Py_DECREF(reference);
    return result;
}

PyObject *
Session_stat(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"by", NULL};
    PyObject *by = NULL, *er, *stat = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:stat", names, &by) || !Session_is_usable(self))
        return NULL;
    if (by)
        er = relation_from_object(self, by);
    else
        er = Session_relation(self, HEAPY_BY_CLODO);
    if (!er)
        return NULL;
    const heapy_classifier *classifier = EquivalenceRelation_by(er);
    if (classifier && count_new(self, classifier, &stat) == NO_SHORTCUT)
        stat = stat_of_heap(self, er);
    Py_DECREF(er);
    return stat;
}
