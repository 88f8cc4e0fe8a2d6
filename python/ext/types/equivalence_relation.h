/* SPDX-License-Identifier: MIT */
/* Equivalence relations: what tables have a row for. */
#ifndef HEAPY_EQUIVALENCE_RELATION_H
#define HEAPY_EQUIVALENCE_RELATION_H

#include <Python.h>
#include <heapy/classifier.h>
#include <stdbool.h>

#include "capture/own_object_head.h"
#include "types/module_state.h"

/* The equivalence relations that are attributes of the session. */
#define RELATION_MAP(X)                                                                                      \
    X(Type, TYPE)                                                                                            \
    X(Clodo, CLODO)                                                                                          \
    X(Size, SIZE)                                                                                            \
    X(Module, MODULE)                                                                                        \
    X(Id, ID)                                                                                                \
    X(Idset, IDSET)                                                                                          \
    X(Unity, UNITY)                                                                                          \
    X(Via, REFERENCES)                                                                                       \
    X(Prod, PRODUCER)

#define RELATION_ONE(name, code) +1
enum { RELATION_COUNT = 0 RELATION_MAP(RELATION_ONE) };
#undef RELATION_ONE

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *session;
    heapy_classifier_form form;
    unsigned depth;             /* relations in relations: 1 for one without parts */
    PyObject *parts;            /* tuple of relations, or of sets; NULL: none */
    const heapy_classifier *by; /* what classifies, made when first asked for */
    PyObject *refdby, *dictof;  /* while there are any: remembered, not held (own_object.h) */
    PyObject *classifier;       /* the same */
    PyObject *family;           /* of its kinds; the same */
    PyObject *no_kinds;         /* hp.sonokind; the same of hp.Unity */
    PyObject **remembered;      /* where this one is */
} EquivalenceRelation;

/* parts: borrowed, or NULL. */
PyObject *EquivalenceRelation_create(PyObject *session, heapy_classifier_form form, PyObject *parts);

/* What classifies for it; borrowed.  NULL with an exception. */
const heapy_classifier *EquivalenceRelation_by(PyObject *er);

/* The relation of a session that a classifier is; new reference. */
PyObject *EquivalenceRelation_of(PyObject *session, const heapy_classifier *by);

/* The and-ed relation of a tuple of relations, without what others imply. */
PyObject *EquivalenceRelation_and(PyObject *session, PyObject *relations);

/* er.refdby and er.dictof; new references. */
PyObject *EquivalenceRelation_refdby(PyObject *er);
PyObject *EquivalenceRelation_dictof(PyObject *er);

/* The same relation, made alike? */
bool EquivalenceRelation_equal(PyObject *a, PyObject *b);
bool EquivalenceRelation_is_finer(PyObject *a, PyObject *b); /* a <= b */
Py_hash_t EquivalenceRelation_hash(PyObject *er);

/* The relation of another session as one of this session's; new reference. */
PyObject *EquivalenceRelation_in(PyObject *session, PyObject *er);

/* The relation that `by` (a relation, or names of some joined by "&", "" for Unity) means; new reference. */
PyObject *relation_from_object(PyObject *session, PyObject *by);

static inline bool
EquivalenceRelation_check(const module_state *state, PyObject *object)
{
    return Py_TYPE(object) == state->equivalence_relation_type;
}

/* Borrowed; NULL: none. */
static inline PyObject *
EquivalenceRelation_parts(PyObject *er)
{
    return ((EquivalenceRelation *)er)->parts;
}

static inline Py_ssize_t
EquivalenceRelation_part_count(PyObject *er)
{
    PyObject *parts = EquivalenceRelation_parts(er);
    return parts ? PyTuple_GET_SIZE(parts) : 0;
}

static inline heapy_classifier_form
form_of(PyObject *er)
{
    return ((EquivalenceRelation *)er)->form;
}

#endif
