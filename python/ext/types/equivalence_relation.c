/* SPDX-License-Identifier: MIT */
/* Equivalence relations, made, compared and found by name: what everything that has one calls. */
#include "types/equivalence_relation.h"

#include "capture/own_object_head.h"
#include "live/errors.h"
#include "types/identity_set.h"
#include "types/kind_render.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"
#include "types/type_kind.h"
#include "types/type_session.h"
#include "types/type_set_of_kinds.h"
#include "types/uniset_operands.h"

#include <heapy/classifier.h>
#include <heapy/memory.h>

/* The relations of RELATION_MAP: attributes of the session. */
static const struct {
    const char *name;
    heapy_classifier_form form;
} named[RELATION_COUNT] = {
#define RELATION_NAME(name, code) {#name, HEAPY_BY_##code},
    RELATION_MAP(RELATION_NAME)
#undef RELATION_NAME
};

static bool
is_relation(PyObject *object)
{
    module_state *state = state_if_ours(Py_TYPE(object));
    return state && EquivalenceRelation_check(state, object);
}

PyObject *
EquivalenceRelation_create(PyObject *session, heapy_classifier_form form, PyObject *parts)
{
    module_state *state = state_of_type(Py_TYPE(session));
    unsigned depth = 1;
    for (Py_ssize_t i = 0; parts && i < PyTuple_GET_SIZE(parts); i++) {
        PyObject *part = PyTuple_GET_ITEM(parts, i);
        unsigned of_part = 1;
        if (is_relation(part))
            of_part = ((EquivalenceRelation *)part)->depth;
        if (depth < of_part + 1)
            depth = of_part + 1;
    }
    if (depth > HEAPY_CLASSIFIER_MAX_DEPTH)
        return PyErr_Format(PyExc_OverflowError,
                            "a relation made of relations that are made of relations, more than %d deep",
                            HEAPY_CLASSIFIER_MAX_DEPTH);
    for (Py_ssize_t i = 0; parts && i < PyTuple_GET_SIZE(parts); i++)
        if (uniset_check_beside(session, PyTuple_GET_ITEM(parts, i)) < 0)
            return NULL;
    EquivalenceRelation *self = own_object_new(state->equivalence_relation_type, tag_of(session));
    if (self) {
        self->session = Py_NewRef(session);
        self->form = form;
        self->depth = depth;
        self->parts = Py_XNewRef(parts);
    }
    return (PyObject *)self;
}

/* ---- what classifies ---- */

/* The parts as classifiers, borrowed from them; NULL with an exception. */
static const heapy_classifier **
classifiers_of_parts(PyObject *er)
{
    const heapy_classifier **parts =
        heapy_alloc_array((size_t)EquivalenceRelation_part_count(er), sizeof *parts);
    if (!parts)
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; parts && i < EquivalenceRelation_part_count(er); i++) {
        parts[i] = EquivalenceRelation_by(PyTuple_GET_ITEM(EquivalenceRelation_parts(er), i));
        if (!parts[i]) {
            heapy_free(parts);
            return NULL;
        }
    }
    return parts;
}

/* The brief of a set as UTF-8, which a list keeps; NULL with an exception. */
static const char *
append_brief(PyObject *kept, PyObject *set)
{
    PyObject *brief = set_brief(set);
    if (!brief)
        return NULL;
    PyObject *bytes = PyUnicode_AsEncodedString(brief, "utf-8", "replace");
    Py_DECREF(brief);
    if (!bytes)
        return NULL;
    int failed = PyList_Append(kept, bytes);
    Py_DECREF(bytes); /* the list has it */
    if (failed)
        return NULL;
    return PyBytes_AS_STRING(bytes);
}

/* The parts are sets: what rows are called is their briefs. */
static const heapy_classifier *
classifier_of_sets(PyObject *er)
{
    size_t count = (size_t)EquivalenceRelation_part_count(er);
    const heapy_classifier *by = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_kind **kinds = expressions_of(EquivalenceRelation_parts(er));
    if (!kinds)
        return NULL;
    PyObject *kept = PyList_New(0);
    const char **names = heapy_alloc_array(count, sizeof *names);
    if (!kept)
        goto done;
    if (!names) {
        PyErr_NoMemory();
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = append_brief(kept, PyTuple_GET_ITEM(EquivalenceRelation_parts(er), (Py_ssize_t)i));
        if (!names[i])
            goto done;
    }
    if (heapy_classifier_of_kinds(kinds, names, count, &by, &err))
        raise_heapy_error(&err);
done:
    release_expressions(kinds, count);
    heapy_free(names);
    Py_XDECREF(kept);
    return by;
}

const heapy_classifier *
EquivalenceRelation_by(PyObject *er)
{
    EquivalenceRelation *self = (EquivalenceRelation *)er;
    const heapy_classifier *by = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (self->by)
        return self->by;
    if (self->form == HEAPY_BY_FIRST_MATCH) {
        by = classifier_of_sets(er);
    } else {
        const heapy_classifier **parts = classifiers_of_parts(er);
        if (parts &&
            heapy_classifier_create(self->form, parts, (size_t)EquivalenceRelation_part_count(er), &by, &err))
            raise_heapy_error(&err);
        heapy_free(parts);
    }
    if (by && self->by) /* made meanwhile, by code that a brief ran */
        heapy_classifier_release(by);
    else
        self->by = by;
    return self->by;
}

/* The relation whose parts are those of a classifier. */
static PyObject *
relation_of_parts(PyObject *session, const heapy_classifier *by)
{
    size_t relations = heapy_classifier_part_count(by), kinds = heapy_classifier_kind_count(by);
    PyObject *parts = PyTuple_New((Py_ssize_t)(relations + kinds)), *er = NULL, *part;
    for (size_t i = 0; parts && i < relations + kinds; i++) {
        if (i < relations)
            part = EquivalenceRelation_of(session, heapy_classifier_part(by, i));
        else
            part = set_of_expression(session, heapy_classifier_kind(by, i - relations));
        if (!part)
            Py_CLEAR(parts);
        else
            PyTuple_SET_ITEM(parts, (Py_ssize_t)i, part);
    }
    if (parts)
        er = EquivalenceRelation_create(session, heapy_classifier_form_of(by), parts);
    if (er)
        ((EquivalenceRelation *)er)->by = heapy_classifier_retain(by);
    Py_XDECREF(parts);
    return er;
}

PyObject *
EquivalenceRelation_of(PyObject *session, const heapy_classifier *by)
{
    heapy_classifier_form form = heapy_classifier_form_of(by);
    if (form == HEAPY_BY_ALL || form == HEAPY_BY_FIRST_MATCH)
        return relation_of_parts(session, by);
    if (form != HEAPY_BY_REFERRERS && form != HEAPY_BY_OWNER)
        return Session_relation(session, form);
    PyObject *part = EquivalenceRelation_of(session, heapy_classifier_part(by, 0)), *er;
    if (!part)
        return NULL;
    if (form == HEAPY_BY_REFERRERS)
        er = EquivalenceRelation_refdby(part);
    else
        er = EquivalenceRelation_dictof(part);
    Py_DECREF(part);
    return er;
}

/* ---- comparing ---- */

/* Do both belong to one session?  Then what they are made of decides; what cannot be compared is not equal.
 */
static bool
can_compare(PyObject *a, PyObject *b)
{
    bool can = ((EquivalenceRelation *)a)->session == ((EquivalenceRelation *)b)->session &&
               EquivalenceRelation_by(a) && EquivalenceRelation_by(b);
    PyErr_Clear();
    return can;
}

bool
EquivalenceRelation_equal(PyObject *a, PyObject *b)
{
    return a == b || (form_of(a) == form_of(b) && can_compare(a, b) &&
                      heapy_classifier_is_equal(EquivalenceRelation_by(a), EquivalenceRelation_by(b)));
}

bool
EquivalenceRelation_is_finer(PyObject *a, PyObject *b)
{
    return a == b || form_of(b) == HEAPY_BY_UNITY ||
           (can_compare(a, b) &&
            heapy_classifier_is_finer(EquivalenceRelation_by(a), EquivalenceRelation_by(b)));
}

Py_hash_t
EquivalenceRelation_hash(PyObject *er)
{
    const heapy_classifier *by = EquivalenceRelation_by(er);
    if (!by)
        return -1;
    Py_hash_t hash = (Py_hash_t)heapy_classifier_hash(by);
    return hash == -1 ? -2 : hash;
}

/* ---- making ---- */

/* Append `er` to the list unless one of it is as fine, in place of those it is finer than. */
static int
append_minimal(PyObject *list, PyObject *er)
{
    if (form_of(er) == HEAPY_BY_ALL) {
        for (Py_ssize_t i = 0; i < EquivalenceRelation_part_count(er); i++)
            if (append_minimal(list, PyTuple_GET_ITEM(EquivalenceRelation_parts(er), i)) < 0)
                return -1;
        return 0;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list);) {
        if (EquivalenceRelation_is_finer(PyList_GET_ITEM(list, i), er))
            return 0;
        if (!EquivalenceRelation_is_finer(er, PyList_GET_ITEM(list, i)))
            i++;
        else if (PySequence_DelItem(list, i) < 0)
            return -1;
    }
    return PyList_Append(list, er);
}

PyObject *
EquivalenceRelation_and(PyObject *session, PyObject *relations)
{
    PyObject *list = PyList_New(0), *parts = NULL, *result = NULL;
    if (!list)
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(relations); i++)
        if (append_minimal(list, PyTuple_GET_ITEM(relations, i)) < 0)
            goto done;
    if (PyList_GET_SIZE(list) == 1) {
        result = Py_NewRef(PyList_GET_ITEM(list, 0));
        goto done;
    }
    parts = PyList_AsTuple(list);
    if (parts)
        result = EquivalenceRelation_create(session, HEAPY_BY_ALL, parts);
done:
    Py_DECREF(list);
    Py_XDECREF(parts);
    return result;
}

/* A relation made of this one, the same while it is used. */
static PyObject *
derived(PyObject *er, PyObject **slot, heapy_classifier_form form)
{
    PyObject *session = ((EquivalenceRelation *)er)->session;
    if (!session)
        return new_reference_or_error(NULL);
    PyObject *known = remembered(slot);
    if (known)
        return known;
    PyObject *parts = PyTuple_Pack(1, er);
    if (!parts)
        return NULL;
    PyObject *made = EquivalenceRelation_create(session, form, parts);
    Py_DECREF(parts);
    if (!made)
        return NULL;
    return remember(slot, &((EquivalenceRelation *)made)->remembered, made);
}

PyObject *
EquivalenceRelation_refdby(PyObject *er)
{
    return derived(er, &((EquivalenceRelation *)er)->refdby, HEAPY_BY_REFERRERS);
}

PyObject *
EquivalenceRelation_dictof(PyObject *er)
{
    return derived(er, &((EquivalenceRelation *)er)->dictof, HEAPY_BY_OWNER);
}

PyObject *
EquivalenceRelation_in(PyObject *session, PyObject *er)
{
    if (((EquivalenceRelation *)er)->session == session)
        return Py_NewRef(er);
    /* A relation that names no sets is the same everywhere. */
    if (EquivalenceRelation_parts(er) && uniset_check_beside(session, er) < 0)
        return NULL;
    const heapy_classifier *by = EquivalenceRelation_by(er);
    if (!by)
        return NULL;
    return EquivalenceRelation_of(session, by);
}

/* ---- by name ---- */

/* The relation of one name; new reference. */
static PyObject *
relation_of_name(PyObject *session, PyObject *name, PyObject *by)
{
    for (int i = 0; i < RELATION_COUNT; i++)
        if (!PyUnicode_CompareWithASCIIString(name, named[i].name))
            return Session_relation(session, named[i].form);
    if (!PyUnicode_CompareWithASCIIString(name, "Rcs")) {
        PyObject *clodo = Session_relation(session, HEAPY_BY_CLODO);
        if (!clodo)
            return NULL;
        PyObject *rcs = EquivalenceRelation_refdby(clodo);
        Py_DECREF(clodo);
        return rcs;
    }
    return PyErr_Format(PyExc_ValueError,
                        "by(): No such equivalence relation defined in heapy.Use: %R in %R; there are Type, "
                        "Clodo, Rcs, Via, Size, Module, Id, Idset, Prod and Unity, joined by &",
                        name, by);
}

PyObject *
relation_from_object(PyObject *session, PyObject *by)
{
    if (is_relation(by))
        return Py_NewRef(by);
    if (!PyUnicode_Check(by))
        return PyErr_Format(PyExc_TypeError, "by(): Equivalence relation or string expected, not %.200s.",
                            Py_TYPE(by)->tp_name);
    if (!PyUnicode_GET_LENGTH(by))
        return Session_relation(session, HEAPY_BY_UNITY);
    PyObject *separator = PyUnicode_FromString("&");
    if (!separator)
        return NULL;
    PyObject *relations = NULL, *result = NULL, *parts = PyUnicode_Split(by, separator, -1);
    if (!parts)
        goto done;
    relations = PyTuple_New(PyList_GET_SIZE(parts));
    if (!relations)
        goto done;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(parts); i++) {
        PyObject *er = relation_of_name(session, PyList_GET_ITEM(parts, i), by);
        if (!er)
            goto done;
        PyTuple_SET_ITEM(relations, i, er);
    }
    result = EquivalenceRelation_and(session, relations);
done:
    Py_DECREF(separator);
    Py_XDECREF(parts);
    Py_XDECREF(relations);
    return result;
}
