/* SPDX-License-Identifier: MIT */
#include "types/classified.h"

#include "live/errors.h"
#include "live/guard.h"
#include "live/live_words.h"
#include "live/without_gil.h"
#include "types/equivalence_relation.h"
#include "types/own_object.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/classifier.h>
#include <heapy/kind.h>
#include <heapy/status.h>

void
classified_deinit(classified *of)
{
    classified gone = *of;
    *of = (classified){0};
    heapy_classes_destroy(gone.classes);
    members_deinit(&gone.members);
    Py_XDECREF(gone.taken);
    Py_XDECREF(gone.types);
    Py_XDECREF(gone.named);
    Py_XDECREF(gone.session);
}

int
classified_traverse(const classified *of, visitproc visit, void *arg)
{
    Py_VISIT(of->session);
    Py_VISIT(of->taken);
    Py_VISIT(of->types);
    Py_VISIT(of->named);
    return 0;
}

/* Do classes name objects that are not among those classified: by module or identity of others? */
static bool
names_other_objects(const heapy_classifier *by, bool is_other)
{
    switch (heapy_classifier_form_of(by)) {
    case HEAPY_BY_MODULE:
    case HEAPY_BY_ID:
    case HEAPY_BY_IDSET:
        return is_other;
    case HEAPY_BY_REFERRERS:
    case HEAPY_BY_OWNER:
        is_other = true;
        break;
    default:
        break;
    }
    for (size_t i = 0; i < heapy_classifier_part_count(by); i++)
        if (names_other_objects(heapy_classifier_part(by, i), is_other))
            return true;
    return false;
}

/* Below it, waiting for the GIL would take longer than the work. */
#define WORTH_LETTING_GO 10000 /* members */

/*
 * Let go of the GIL where the engine has much to do with columns alone.  Not for what a question captured for
 * itself, and not where the words of living objects are asked, which are read from the objects.
 */
static released_gil
release_for(const classified *of, const heapy_snapshot *snapshot, const heapy_classifier *by)
{
    const source_methods *source = source_of(of->session);
    const heapy_members *members = members_or_all(&of->members);
    size_t count;
    if (members)
        count = members->count;
    else
        count = heapy_address_map_count(heapy_snapshot_map(snapshot));
    if (!source || count < WORTH_LETTING_GO)
        return (released_gil){0};
    if (by && snapshot_is_live(snapshot) && heapy_classifier_needs(by) & HEAPY_NEEDS_WORDS)
        return (released_gil){0};
    return source_let_go(source);
}

static int
classify(classified *out, const heapy_classifier *by, PyObject *objects, unsigned needs)
{
    const heapy_address_map *map = LiveObjects_map(objects);
    heapy_error err = HEAPY_ERROR_INIT;
    if (!map)
        return -1;
    out->taken = source_take(out->session, map, heapy_classifier_needs(by) | needs);
    if (!out->taken)
        return -1;
    heapy_snapshot *snapshot = Snapshot_get(out->taken);
    if (!snapshot || members_init(&out->members, snapshot, map) < 0)
        return -1;
    if (snapshot_is_live(snapshot))
        out->types = Py_NewRef(live_types(snapshot));
    if (names_other_objects(by, false))
        out->named = Py_XNewRef(Snapshot_objects(out->taken));
    released_gil released = release_for(out, snapshot, by);
    heapy_status status = heapy_classify(by, snapshot, members_or_all(&out->members), &out->classes, &err);
    gil_take(&released);
    if (status)
        return raise_heapy_error(&err);
    return 0;
}

int
classified_init(classified *out, PyObject *er, PyObject *objects, unsigned needs)
{
    PyObject *session = ((EquivalenceRelation *)er)->session;
    *out = (classified){0};
    if (!Session_is_usable(session))
        return -1;
    const heapy_classifier *by = EquivalenceRelation_by(er);
    if (!by)
        return -1;
    guard kept = guard_begin(objects);
    guard relation = guard_begin(er);
    out->session = Py_NewRef(session);
    int result = classify(out, by, kept.kept, needs);
    if (result)
        classified_deinit(out);
    guard_end(&relation);
    guard_end(&kept);
    return result;
}

heapy_partition *
classified_partition(classified *of)
{
    heapy_snapshot *snapshot = Snapshot_get(of->taken);
    heapy_partition *partition = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_classes *classes = of->classes;
    if (!snapshot)
        return NULL;
    of->classes = NULL;
    released_gil released = release_for(of, snapshot, NULL);
    heapy_status status = heapy_partition_create(heapy_snapshot_graph(snapshot), members_or_all(&of->members),
                                                 classes, &partition, &err);
    gil_take(&released);
    if (status)
        raise_heapy_error(&err);
    return partition;
}

void
classified_drop_snapshot(classified *of)
{
    members_deinit(&of->members);
    Py_CLEAR(of->taken);
}

void
classified_share(classified *out, const classified *of)
{
    *out = (classified){
        .session = Py_XNewRef(of->session), .types = Py_XNewRef(of->types), .named = Py_XNewRef(of->named)};
}

PyObject *
set_of_class(const classified *of, const heapy_classes *classes, heapy_class which)
{
    const heapy_kind *kind;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_class_kind(classes, which, &kind, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    PyObject *set = set_of_expression(of->session, kind);
    heapy_kind_release(kind);
    return set;
}

unsigned
needs_of_texts(PyObject *er)
{
    const heapy_classifier *by = EquivalenceRelation_by(er);
    PyErr_Clear(); /* it will fail again where the relation is asked */
    return heapy_classifier_needs(by) & HEAPY_NEEDS_OWNERS
               ? HEAPY_NEEDS_OWNER_TEXTS | HEAPY_NEEDS_LENGTHS | HEAPY_NEEDS_MODULES
               : 0;
}
