/* SPDX-License-Identifier: MIT */
/* What defines a kind (K-116): the relation of which it is a class, and with which argument. */
#include "types/kind_definition.h"

#include "cpython/module_support.h"
#include "live/errors.h"
#include "live/live_atoms.h"
#include "live/text.h"
#include "types/equivalence_relation.h"
#include "types/kind_of_class.h"
#include "types/type_kind.h"
#include "types/type_session.h"
#include "types/type_set_of_kinds.h"
#include "types/uniset_operators.h"

#include <heapy/kind.h>
#include <heapy/status.h>

/* A kind of one term of this one, or of one literal of its only term. */
static PyObject *
part_of_kind(const Kind *self, size_t term, Py_ssize_t literal)
{
    const heapy_kind *part = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    bool is_complement = false;
    heapy_status status;
    if (literal < 0) {
        status = heapy_kind_term(self->kind, term, &part, &err);
    } else {
        const heapy_atom *atom = heapy_kind_literal(self->kind, term, (size_t)literal, &is_complement);
        status = heapy_kind_create(atom, &part, &err);
    }
    if (status) {
        raise_heapy_error(&err);
        return NULL;
    }
    PyObject *kind = Kind_wrap(self->session, part, NULL, NULL);
    if (kind && is_complement)
        Py_SETREF(kind, uniset_complement(kind));
    return kind;
}

static PyObject *
parts_of_kind(const Kind *self)
{
    size_t count = heapy_kind_term_count(self->kind);
    bool is_union = count > 1;
    if (!is_union)
        count = heapy_kind_literal_count(self->kind, 0);
    PyObject *parts = PyTuple_New((Py_ssize_t)count), *part;
    for (size_t i = 0; parts && i < count; i++) {
        if (is_union)
            part = part_of_kind(self, i, -1);
        else
            part = part_of_kind(self, 0, (Py_ssize_t)i);
        if (!part)
            Py_CLEAR(parts);
        else
            PyTuple_SET_ITEM(parts, (Py_ssize_t)i, part);
    }
    return parts;
}

static PyObject *
kind_of_expression(PyObject *session, const heapy_kind *kind)
{
    return Kind_wrap(session, heapy_kind_retain(kind), NULL, NULL);
}

static PyObject *
tuple_of_kinds(PyObject *session, const heapy_atom *atom)
{
    PyObject *kinds = PyTuple_New((Py_ssize_t)atom->kind_count);
    for (size_t i = 0; kinds && i < atom->kind_count; i++) {
        PyObject *kind = kind_of_expression(session, atom->kinds[i]);
        if (!kind)
            Py_CLEAR(kinds);
        else
            PyTuple_SET_ITEM(kinds, (Py_ssize_t)i, kind);
    }
    return kinds;
}

static PyObject *
arg_of_producer(const heapy_atom *atom)
{
    if (atom->number == HEAPY_NO_LINE)
        return Py_BuildValue("(zO)", atom->name, Py_None);
    return Py_BuildValue("(zL)", atom->name, (long long)atom->number);
}

/* The str that a text is the repr of.  It may come from a file, so nothing of it is run. */
static PyObject *
str_of_repr(PyObject *text)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    PyObject *inside = PyUnicode_Substring(text, 1, length > 1 ? length - 1 : 1);
    if (!inside)
        return NULL;
    /* What is printable stands in it as it is; as ASCII all is escaped. */
    PyObject *escaped = PyUnicode_AsEncodedString(inside, "ascii", "backslashreplace");
    Py_DECREF(inside);
    if (!escaped)
        return NULL;
    PyObject *str =
        PyUnicode_DecodeUnicodeEscape(PyBytes_AS_STRING(escaped), PyBytes_GET_SIZE(escaped), "strict");
    Py_DECREF(escaped);
    return str;
}

/* The relations as hp.Via() takes them: what their reprs are of. */
static PyObject *
arg_of_relations(const heapy_atom *atom)
{
    PyObject *arg = PyTuple_New((Py_ssize_t)atom->text_count);
    for (size_t i = 0; arg && i < atom->text_count; i++) {
        PyObject *text = text_from_utf8(atom->texts[i], SIZE_MAX), *relation = NULL;
        if (text)
            relation = str_of_repr(text);
        Py_XDECREF(text);
        if (!relation)
            Py_CLEAR(arg);
        else
            PyTuple_SET_ITEM(arg, (Py_ssize_t)i, relation);
    }
    return arg;
}

static PyObject *
arg_of_referrers(PyObject *session, const heapy_atom *atom)
{
    PyObject *kinds = tuple_of_kinds(session, atom), *arg = NULL;
    if (!kinds)
        return NULL;
    PyObject *er = EquivalenceRelation_of(session, atom->classifier);
    if (er)
        arg = SetOfKinds_create(er, kinds);
    Py_DECREF(kinds);
    Py_XDECREF(er);
    return arg;
}

static PyObject *
arg_of_atom(PyObject *session, const heapy_atom *atom)
{
    if (atom->comparison != HEAPY_EQ) {
        heapy_atom plain = *atom;
        plain.comparison = HEAPY_EQ;
        return Kind_create(session, &plain);
    }
    switch (atom->form) {
    case HEAPY_ATOM_TYPE:
    case HEAPY_ATOM_MODULE:
    case HEAPY_ATOM_ID:
        if (!Session_has_objects(session))
            return NULL;
        return Py_XNewRef(live_object_of_atom(atom));
    case HEAPY_ATOM_CLASSES:
        return EquivalenceRelation_of(session, atom->classifier);
    case HEAPY_ATOM_SIZE:
        return PyLong_FromString(atom->name, NULL, 10);
    case HEAPY_ATOM_DICT_OF:
        if (!atom->kind_count)
            return Session_nothing(session);
        return kind_of_expression(session, atom->kinds[0]);
    case HEAPY_ATOM_REFERRERS:
        return arg_of_referrers(session, atom);
    case HEAPY_ATOM_REFERENCES:
        return arg_of_relations(atom);
    case HEAPY_ATOM_PRODUCER:
        return arg_of_producer(atom);
    case HEAPY_ATOM_FIRST_MATCH:
        return PyLong_FromLongLong(atom->number);
    case HEAPY_ATOM_FACT:
        if (!atom->name)
            break;
        return text_from_utf8(atom->name, SIZE_MAX);
    case HEAPY_ATOM_ANYTHING:
    case HEAPY_ATOM_NO_PRODUCER:
    case HEAPY_ATOM_MEMBERS:
        break;
    }
    Py_RETURN_NONE;
}

/* The atom that a kind is, NULL: it is something else. */
static const heapy_atom *
only_atom(const Kind *self)
{
    if (self->added || self->removed)
        return NULL;
    return heapy_kind_atom(self->kind);
}

PyObject *
Kind_arg(PyObject *object, void *closure)
{
    (void)closure;
    Kind *self = (Kind *)object;
    if (!Session_is_usable(self->session))
        return NULL;
    const heapy_atom *atom = only_atom(self);
    if (atom)
        return arg_of_atom(self->session, atom);
    if (heapy_kind_term_count(self->kind) == 1 && heapy_kind_literal_count(self->kind, 0) == 1 &&
        !self->added && !self->removed)
        return uniset_complement(object);
    return parts_of_kind(self);
}

PyObject *
Kind_relation(PyObject *object)
{
    Kind *self = (Kind *)object;
    const heapy_atom *atom = only_atom(self);
    if (!atom || atom->comparison != HEAPY_EQ)
        return NULL;
    switch (atom->form) {
    case HEAPY_ATOM_ANYTHING:
        return Session_relation(self->session, HEAPY_BY_UNITY);
    case HEAPY_ATOM_TYPE:
        return Session_relation(self->session, HEAPY_BY_TYPE);
    case HEAPY_ATOM_SIZE:
        return Session_relation(self->session, HEAPY_BY_SIZE);
    case HEAPY_ATOM_MODULE:
        return Session_relation(self->session, HEAPY_BY_MODULE);
    case HEAPY_ATOM_ID:
        return Session_relation(self->session, HEAPY_BY_ID);
    case HEAPY_ATOM_REFERENCES:
        return Session_relation(self->session, HEAPY_BY_REFERENCES);
    case HEAPY_ATOM_PRODUCER:
    case HEAPY_ATOM_NO_PRODUCER:
        return Session_relation(self->session, HEAPY_BY_PRODUCER);
    case HEAPY_ATOM_REFERRERS: {
        PyObject *inner = EquivalenceRelation_of(self->session, atom->classifier);
        if (!inner)
            return NULL;
        PyObject *er = EquivalenceRelation_refdby(inner);
        Py_DECREF(inner);
        return er;
    }
    case HEAPY_ATOM_FACT:
    case HEAPY_ATOM_FIRST_MATCH:
        return EquivalenceRelation_of(self->session, atom->classifier);
    case HEAPY_ATOM_DICT_OF: { /* a class of Clodo where the owners are a type, or none */
        if (!atom->kind_count)
            return Session_relation(self->session, HEAPY_BY_CLODO);
        const heapy_atom *owner = heapy_kind_atom(atom->kinds[0]);
        if (!owner || owner->form != HEAPY_ATOM_TYPE || owner->comparison != HEAPY_EQ)
            return NULL;
        return Session_relation(self->session, HEAPY_BY_CLODO);
    }
    case HEAPY_ATOM_CLASSES:
    case HEAPY_ATOM_MEMBERS:
        break;
    }
    return NULL;
}
