/* SPDX-License-Identifier: MIT */
/*
 * A set as a class of a relation: which relation, which class of it, and how they compare (K-120).
 *
 *     set                        relation                     key         comparison
 *     one class                  the one it is a class of     its arg     ==
 *     classes below or above     the same                     its arg     <, <=, >=, >
 *     an identity set            Idset                        its nodes   <=
 *     p & q                      biper of p & biper of q      (0, 0)      ==
 *     p | q                      by the first of p, q         2           <
 *     any with exceptions        its biper                    1           <
 *     not p                      biper of p                   0           !=
 */
#include "types/uniset_class.h"

#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/kind_definition.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/type_classifier.h"
#include "types/type_kind.h"
#include "types/type_session.h"
#include "types/uniset_operands.h"

#include <heapy/kind.h>

PyObject *
uniset_biper(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *session = uniset_session(self);
    if (!session)
        return new_reference_or_error(NULL);
    PyObject *parts = PyTuple_Pack(1, self);
    if (!parts)
        return NULL;
    PyObject *er = EquivalenceRelation_create(session, HEAPY_BY_FIRST_MATCH, parts);
    Py_DECREF(parts);
    return er;
}

static PyObject *
ckc(PyObject *er, PyObject *key, const char *comparison)
{
    PyObject *classifier = EquivalenceRelation_classifier(er);
    if (!classifier)
        return NULL;
    return Py_BuildValue("(NOs)", classifier, key, comparison);
}

static PyObject *
ckc_of_identity_set(PyObject *self)
{
    PyObject *er = Session_relation(uniset_session(self), HEAPY_BY_IDSET), *result = NULL;
    if (!er)
        return NULL;
    PyObject *nodes = PyObject_GetAttrString(self, "nodes");
    if (nodes)
        result = ckc(er, nodes, "<=");
    Py_DECREF(er);
    Py_XDECREF(nodes);
    return result;
}

/* A union is, by the first of its parts that has an object, whatever is below the class of none. */
static PyObject *
ckc_of_union(PyObject *self, PyObject *parts)
{
    PyObject *er = EquivalenceRelation_create(uniset_session(self), HEAPY_BY_FIRST_MATCH, parts),
             *result = NULL;
    if (!er)
        return NULL;
    PyObject *key = PyLong_FromSsize_t(PyTuple_GET_SIZE(parts));
    if (key)
        result = ckc(er, key, "<");
    Py_DECREF(er);
    Py_XDECREF(key);
    return result;
}

/* An intersection is a class by all of its parts, each of which is the class number 0 of its own relation. */
static PyObject *
ckc_of_intersection(PyObject *self, PyObject *parts)
{
    Py_ssize_t count = PyTuple_GET_SIZE(parts);
    PyObject *relations = PyTuple_New(count), *key = PyTuple_New(count), *er = NULL, *result = NULL;
    if (!relations || !key)
        goto done;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *biper = uniset_biper(PyTuple_GET_ITEM(parts, i), NULL);
        if (!biper)
            goto done;
        PyTuple_SET_ITEM(relations, i, biper);
        PyObject *zero = PyLong_FromLong(0);
        if (!zero)
            goto done;
        PyTuple_SET_ITEM(key, i, zero);
    }
    er = EquivalenceRelation_create(uniset_session(self), HEAPY_BY_ALL, relations);
    if (er)
        result = ckc(er, key, "==");
done:
    Py_XDECREF(relations);
    Py_XDECREF(key);
    Py_XDECREF(er);
    return result;
}

static PyObject *
ckc_of_complement(PyObject *self, PyObject *opposite)
{
    PyObject *parts = PyTuple_Pack(1, opposite), *zero = PyLong_FromLong(0), *er = NULL, *result = NULL;
    if (!parts || !zero)
        goto done;
    er = EquivalenceRelation_create(uniset_session(self), HEAPY_BY_FIRST_MATCH, parts);
    if (er)
        result = ckc(er, zero, "!=");
done:
    Py_XDECREF(parts);
    Py_XDECREF(zero);
    Py_XDECREF(er);
    return result;
}

/* A kind that is one class goes by the relation that it is a class of, else by Clodo. */
static PyObject *
ckc_of_atom(PyObject *self, PyObject *arg, heapy_comparison comparison)
{
    static const char *const symbols[] = {"==", "<", "<=", ">=", ">"};
    PyObject *class = comparison == HEAPY_EQ ? self : arg, *key, *er = NULL, *result = NULL;
    if (comparison == HEAPY_EQ)
        key = Py_NewRef(arg);
    else
        key = PyObject_GetAttrString(class, "arg");
    if (!key)
        return NULL;
    if (Kind_check(state_of_type(Py_TYPE(self)), class))
        er = Kind_relation(class);
    if (!er && !PyErr_Occurred())
        er = Session_relation(uniset_session(self), HEAPY_BY_CLODO);
    if (er)
        result = ckc(er, key, symbols[comparison]);
    Py_XDECREF(er);
    Py_DECREF(key);
    return result;
}

/* An expression of several parts, or one with exceptions, goes by its parts. */
static PyObject *
ckc_of_parts(PyObject *self, PyObject *arg, bool is_exact)
{
    bool is_union = !is_exact || heapy_kind_term_count(((Kind *)self)->kind) > 1;
    PyObject *parts;
    if (PyTuple_Check(arg) && PyTuple_GET_SIZE(arg) && is_exact)
        parts = Py_NewRef(arg);
    else
        parts = PyTuple_Pack(1, self);
    if (!parts)
        return NULL;
    PyObject *result;
    if (is_union)
        result = ckc_of_union(self, parts);
    else
        result = ckc_of_intersection(self, parts);
    Py_DECREF(parts);
    return result;
}

PyObject *
uniset_get_ckc(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    module_state *state = state_of_type(Py_TYPE(self));
    PyObject *session = uniset_session(self);
    if (!Session_is_usable(session))
        return NULL;
    if (IdentitySet_check(state, self))
        return ckc_of_identity_set(self);
    if (!Kind_check(state, self))
        return PyErr_Format(PyExc_AttributeError, "an equivalence relation is no class of one");
    PyObject *arg = PyObject_GetAttrString(self, "arg"), *result;
    if (!arg)
        return NULL;
    const heapy_kind *kind = ((Kind *)self)->kind;
    bool is_exact = !((Kind *)self)->added && !((Kind *)self)->removed;
    const heapy_atom *atom = heapy_kind_atom(kind);
    if (is_exact && atom)
        result = ckc_of_atom(self, arg, atom->comparison);
    else if (!is_exact || heapy_kind_term_count(kind) > 1 || heapy_kind_literal_count(kind, 0) != 1)
        result = ckc_of_parts(self, arg, is_exact);
    else
        result = ckc_of_complement(self, arg);
    Py_DECREF(arg);
    return result;
}
