/* SPDX-License-Identifier: MIT */
/*
 * Equivalence relations: hp.Type, hp.Clodo and the others, and those made of them (K-60 to K-68, K-91, K-100,
 * K-110).  relation_kinds.c has the kinds they make.
 */
#include "types/equivalence_relation.h"

#include "heapyc_docs.h"
#include "types/identity_set.h"
#include "types/kind_definition.h"
#include "types/kind_render.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"
#include "types/relation_kinds.h"
#include "types/type_classifier.h"
#include "types/type_kind.h"
#include "types/type_session.h"
#include "types/type_set_of_kinds.h"
#include "types/uniset_operands.h"

#include <heapy/classifier.h>
#include <heapy/kind.h>

/* ---- text ---- */

static PyObject *
relation_repr(PyObject *er)
{
    return relation_text(er, false);
}

static PyObject *
relation_str(PyObject *er)
{
    return relation_text(er, true);
}

/* ---- membership ---- */

/* Is one of a tuple's kinds a class of the relation?  It may leave an exception. */
static bool
has_class_of(PyObject *literals, PyTypeObject *kind_type, PyObject *er)
{
    bool is_found = false;
    for (Py_ssize_t i = 0; !is_found && i < PyTuple_GET_SIZE(literals); i++) {
        PyObject *literal = PyTuple_GET_ITEM(literals, i), *of = NULL;
        if (Py_TYPE(literal) == kind_type)
            of = Kind_relation(literal);
        if (of)
            is_found = EquivalenceRelation_equal(of, er);
        Py_XDECREF(of);
    }
    return is_found;
}

/* Is the kind an intersection of one class of each part? */
static int
is_class_of_parts(PyObject *er, PyObject *kind)
{
    PyObject *literals = PyObject_GetAttrString(kind, "arg");
    if (!literals)
        return -1;
    const heapy_kind *expression = ((Kind *)kind)->kind;
    bool is_class = PyTuple_Check(literals) && heapy_kind_term_count(expression) == 1 &&
                    PyTuple_GET_SIZE(literals) == EquivalenceRelation_part_count(er);
    for (Py_ssize_t i = 0; is_class && i < EquivalenceRelation_part_count(er); i++)
        is_class = has_class_of(literals, Py_TYPE(kind), PyTuple_GET_ITEM(EquivalenceRelation_parts(er), i));
    Py_DECREF(literals);
    if (PyErr_Occurred())
        return -1;
    return is_class;
}

static int
contains_kind(PyObject *self, PyObject *kind)
{
    PyObject *of = Kind_relation(kind);
    if (!of && PyErr_Occurred())
        return -1;
    if (!of && form_of(self) != HEAPY_BY_ALL)
        return 0;
    if (!of)
        return is_class_of_parts(self, kind);
    bool is_class;
    if (form_of(of) == HEAPY_BY_CLODO) /* the dicts of a type are a class of no coarser relation */
        is_class = form_of(self) == HEAPY_BY_CLODO || form_of(self) == HEAPY_BY_UNITY;
    else
        is_class = EquivalenceRelation_is_finer(of, self);
    Py_DECREF(of);
    return is_class;
}

/* Is a set one of the relation's classes, or of those below it; or, of objects, are they all in one? */
static int
relation_contains(PyObject *self, PyObject *object)
{
    module_state *state = state_if_ours(Py_TYPE(object));
    if (!((EquivalenceRelation *)self)->session || !state)
        return 0;
    if (Kind_check(state, object))
        return contains_kind(self, object);
    if (!IdentitySet_check(state, object) || IdentitySet_is_empty(object))
        return 0;
    PyObject *set = IdentitySet_by(object, self);
    if (!set)
        return -1;
    Py_ssize_t rows = PyObject_Size(set);
    Py_DECREF(set);
    if (rows < 0)
        return -1;
    return rows == 1;
}

static PyObject *
relation_subscript(PyObject *self, PyObject *key)
{
    PyObject *session = ((EquivalenceRelation *)self)->session;
    module_state *state = state_of_type(Py_TYPE(self));
    if (!Session_is_usable(session))
        return NULL;
    if (!IdentitySet_check(state, key) && !NodeSet_check(state, key))
        return PyErr_Format(PyExc_TypeError, "IdentitySet or NodeSet expected, got %.200s",
                            Py_TYPE(key)->tp_name);
    PyObject *set = uniset_require(session, key);
    if (!set)
        return NULL;
    PyObject *by = IdentitySet_by(set, self);
    Py_DECREF(set);
    if (!by)
        return NULL;
    PyObject *kind = IdentitySet_kind(by);
    Py_DECREF(by);
    return kind;
}

/* ---- attributes ---- */

static PyObject *
relation_dictof(PyObject *self, void *closure)
{
    (void)closure;
    return EquivalenceRelation_dictof(self);
}

static PyObject *
relation_refdby(PyObject *self, void *closure)
{
    (void)closure;
    return EquivalenceRelation_refdby(self);
}

static PyObject *
relation_session(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(((EquivalenceRelation *)self)->session);
}

static PyObject *
relation_classifier(PyObject *self, void *closure)
{
    (void)closure;
    return EquivalenceRelation_classifier(self);
}

static PyObject *
relation_erargs(PyObject *self, void *closure)
{
    (void)closure;
    if (form_of(self) == HEAPY_BY_ALL)
        return Py_NewRef(EquivalenceRelation_parts(self));
    return PyTuple_New(0);
}

static PyObject *
relation_brief(PyObject *self, void *closure)
{
    (void)closure;
    return relation_str(self);
}

static PyObject *
relation_sokind(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *none = PyTuple_New(0);
    if (!none)
        return NULL;
    PyObject *empty = SetOfKinds_create(self, none);
    Py_DECREF(none);
    if (!empty)
        return NULL;
    PyObject *result = PyObject_Call(empty, args, kwargs);
    Py_DECREF(empty);
    return result;
}

static PyObject *
relation_call(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *session = ((EquivalenceRelation *)self)->session;
    if (!Session_is_usable(session))
        return NULL;
    return relation_make_kind(self, args, kwargs);
}

/* hp.Type.Int and its like, after what every relation has. */
static PyObject *
relation_getattro(PyObject *self, PyObject *name)
{
    PyObject *value = PyObject_GenericGetAttr(self, name);
    PyObject *session = ((EquivalenceRelation *)self)->session;
    if (value || form_of(self) != HEAPY_BY_TYPE || !session ||
        !PyErr_ExceptionMatches(PyExc_AttributeError) || !PyUnicode_GET_LENGTH(name) ||
        PyUnicode_READ_CHAR(name, 0) == '_')
        return value;
    PyErr_Clear();
    return kind_of_named_type(session, name);
}

/* ---- life ---- */

static int
relation_traverse(PyObject *object, visitproc visit, void *arg)
{
    EquivalenceRelation *self = (EquivalenceRelation *)object;
    VISIT_OWN_HEAD(object);
    Py_VISIT(self->session);
    Py_VISIT(self->parts);
    return 0;
}

static int
relation_clear(PyObject *object)
{
    EquivalenceRelation *self = (EquivalenceRelation *)object;
    be_forgotten(object, &self->remembered);
    Py_CLEAR(self->session);
    return 0; /* the parts stay: other objects count on them */
}

static void
relation_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    relation_clear(self);
    Py_XDECREF(EquivalenceRelation_parts(self));
    heapy_classifier_release(((EquivalenceRelation *)self)->by);
    own_object_free(self);
}

static PyGetSetDef relation_getset[] = {
    {"brief", relation_brief, NULL, DOC_EquivalenceRelation_brief, NULL},
    {"classifier", relation_classifier, NULL, DOC_EquivalenceRelation_classifier, NULL},
    {"_session", relation_session, NULL, NULL, NULL},
    {"dictof", relation_dictof, NULL, DOC_EquivalenceRelation_dictof, NULL},
    {"erargs", relation_erargs, NULL, DOC_EquivalenceRelation_erargs, NULL},
    {"refdby", relation_refdby, NULL, DOC_EquivalenceRelation_refdby, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef relation_methods[] = {
    {"_pattern_label", relation_pattern_label, METH_NOARGS, DOC_EquivalenceRelation__pattern_label},
    {"sokind", (PyCFunction)(void (*)(void))relation_sokind, METH_VARARGS | METH_KEYWORDS,
     DOC_EquivalenceRelation_sokind},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot relation_slots[] = {
    {Py_tp_doc, DOC_EquivalenceRelation},
    {Py_tp_traverse, relation_traverse},
    {Py_tp_clear, relation_clear},
    {Py_tp_dealloc, relation_dealloc},
    {Py_tp_repr, relation_repr},
    {Py_tp_str, relation_str},
    {Py_tp_call, relation_call},
    {Py_tp_getattro, relation_getattro},
    {Py_tp_getset, relation_getset},
    {Py_tp_methods, relation_methods},
    {Py_sq_contains, relation_contains},
    {Py_mp_subscript, relation_subscript},
    {0, NULL},
};

PyType_Spec equivalence_relation_spec = {
    .name = "guppy.heapy.UniSet.EquivalenceRelation",
    .basicsize = sizeof(EquivalenceRelation),
    .flags = OWN_TYPE_FLAGS,
    .slots = relation_slots,
};
