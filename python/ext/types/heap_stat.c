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
#include "types/module_state.h"
#include "types/source.h"
#include "types/type_equivalence_relation.h"
#include "types/type_heap_view.h"
#include "types/type_identity_set.h"
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

/* Of the live heap, less the reference point. */
static PyObject *
count_heap(PyObject *session, const heapy_classifier *by, const heapy_address_map *without)
{
    unsigned needs = heapy_classifier_needs(by);
    unsigned columns = COLUMN_SIZES | (needs & HEAPY_NEEDS_OWNERS ? COLUMN_OWNERS : 0) |
                       (needs & HEAPY_NEEDS_MODULES ? COLUMN_MODULES : 0);
    capture_view view;
    heapy_graph *graph;
    double begun = seconds_now();
    Session_capture_view(session, &view);
    if (capture_unheld_columns(&view, without, columns, &graph) < 0)
        return NULL;
    PyObject *stat = count_rows(session, by, graph, begun);
#ifdef __GLIBC__
    malloc_trim(0); /* what counting took goes back: the C library would keep it */
#endif
    return stat;
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

PyObject *
Session_stat(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"by", NULL};
    PyObject *by = NULL, *stat = NULL;
    Session *session = (Session *)self;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:stat", names, &by) || !Session_is_usable(self))
        return NULL;
    PyObject *er = by ? relation_from_object(self, by) : Session_relation(self, HEAPY_BY_CLODO);
    const heapy_classifier *classifier = er ? EquivalenceRelation_by(er) : NULL;
    const source_methods *source = classifier ? source_of(self) : NULL;
    bool has_set = session->relheap && IdentitySet_check(state_of_type(Py_TYPE(self)), session->relheap);
    if (source &&
        (source->is_whole || session->gcobjs || (session->relheap && !has_set) || !is_counted(classifier))) {
        stat = stat_of_heap(self, er);
    } else if (source) {
        PyObject *reference = Py_XNewRef(session->relheap);
        const heapy_address_map *without = reference ? IdentitySet_map(reference) : NULL;
        if (without || !reference)
            stat = count_heap(self, classifier, without);
        Py_XDECREF(reference);
    }
    Py_XDECREF(er);
    return stat;
}
