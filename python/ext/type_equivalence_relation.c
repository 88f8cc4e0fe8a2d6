/* SPDX-License-Identifier: MIT */
/* Equivalence relations: hp.Type, hp.Clodo and the others (K-60, K-63, K-70, K-71). */
#include "heapyc_docs.h"
#include "types.h"

#include <string.h>

#define RELATION_NAME(name, code) [RELATION_##code] = #name,
static const char *const names[RELATION_COUNT] = {RELATION_MAP(RELATION_NAME)};
#undef RELATION_NAME

PyObject *
EquivalenceRelation_create(PyObject *session, relation which)
{
    module_state *state = state_of_type(Py_TYPE(session));
    EquivalenceRelation *self = own_object_new(state->equivalence_relation_type, tag_of(session));
    if (self) {
        self->session = Py_NewRef(session);
        self->which = which;
    }
    return (PyObject *)self;
}

int
relation_from_object(PyObject *session, PyObject *by)
{
    module_state *state = state_of_type(Py_TYPE(session));
    if (Py_TYPE(by) == state->equivalence_relation_type)
        return ((EquivalenceRelation *)by)->which;
    if (!PyUnicode_Check(by)) {
        PyErr_Format(PyExc_TypeError, "by: an equivalence relation or the name of one expected, not %.200s",
                     Py_TYPE(by)->tp_name);
        return -1;
    }
    if (!PyUnicode_GET_LENGTH(by))
        return RELATION_UNITY;
    for (int i = 0; i < RELATION_COUNT; i++)
        if (!PyUnicode_CompareWithASCIIString(by, names[i]))
            return i;
    PyErr_Format(
        PyExc_ValueError,
        "by: no such equivalence relation: %R; there are Type, Clodo, Size, Module, Id, Idset and Unity", by);
    return -1;
}

static PyObject *
relation_repr(PyObject *self)
{
    PyObject *session = ((EquivalenceRelation *)self)->session;
    PyObject *prefix = session ? Session_prefix(session) : PyUnicode_FromString("");
    PyObject *text =
        prefix ? PyUnicode_FromFormat("%U%s", prefix, names[((EquivalenceRelation *)self)->which]) : NULL;
    Py_XDECREF(prefix);
    return text;
}

static PyObject *
relation_str(PyObject *self)
{
    return PyUnicode_FromFormat("Equiv. relation %s", names[((EquivalenceRelation *)self)->which]);
}

/* ---- making kinds ---- */

static PyObject *
make_type_kind(PyObject *session, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"kind", NULL};
    PyObject *type;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:Type", keywords, &type))
        return NULL;
    if (!PyType_Check(type)) {
        PyErr_Format(PyExc_TypeError, "Type: a type expected, not %.200s", Py_TYPE(type)->tp_name);
        return NULL;
    }
    return Kind_create(session, KIND_TYPE, type);
}

static PyObject *
make_clodo_kind(PyObject *session, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"tc", "dictof", NULL};
    PyObject *type = NULL, *dictof = NULL;
    if (PyArg_ParseTupleAndKeywords(args, kwargs, "|OO:Clodo", keywords, &type, &dictof)) {
        if (type && !dictof && PyType_Check(type) && type != (PyObject *)&PyDict_Type)
            return Kind_create(session, KIND_TYPE, type);
        if (!type && dictof && PyType_Check(dictof))
            return Kind_create(session, KIND_DICT_OF, dictof);
        if (!type && dictof && PyTuple_CheckExact(dictof) && !PyTuple_GET_SIZE(dictof))
            return Kind_create(session, KIND_DICT_NO_OWNER, NULL);
    }
    PyErr_SetString(PyExc_TypeError, "Argument should be either\n"
                                     "    <type except dict>\n"
                                     "    dictof=<type>\n"
                                     "    dictof=()");
    return NULL;
}

static PyObject *
relation_call(PyObject *self, PyObject *args, PyObject *kwargs)
{
    EquivalenceRelation *relation = (EquivalenceRelation *)self;
    if (!relation->session || !Session_is_usable(relation->session))
        return new_reference_or_error(NULL);
    if (relation->which == RELATION_TYPE)
        return make_type_kind(relation->session, args, kwargs);
    if (relation->which == RELATION_CLODO)
        return make_clodo_kind(relation->session, args, kwargs);
    PyErr_Format(PyExc_TypeError, "%s makes no kinds; Type and Clodo do", names[relation->which]);
    return NULL;
}

static int
relation_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((EquivalenceRelation *)self)->session);
    return 0;
}

static int
relation_clear(PyObject *self)
{
    Py_CLEAR(((EquivalenceRelation *)self)->session);
    return 0;
}

static void
relation_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    relation_clear(self);
    own_object_free(self);
}

static PyType_Slot relation_slots[] = {
    {Py_tp_doc, DOC_EquivalenceRelation}, {Py_tp_traverse, relation_traverse},
    {Py_tp_clear, relation_clear},        {Py_tp_dealloc, relation_dealloc},
    {Py_tp_repr, relation_repr},          {Py_tp_str, relation_str},
    {Py_tp_call, relation_call},          {0, NULL},
};

PyType_Spec equivalence_relation_spec = {
    .name = "guppy.heapy.UniSet.EquivalenceRelation",
    .basicsize = sizeof(EquivalenceRelation),
    .flags = OWN_TYPE_FLAGS,
    .slots = relation_slots,
};
