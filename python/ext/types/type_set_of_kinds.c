/* SPDX-License-Identifier: MIT */
/* Sets of kinds: what the referrers of an object may be (K-102 to K-104). */
#include "types/type_set_of_kinds.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/kind_definition.h"
#include "types/kind_of_class.h"
#include "types/kind_render.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/type_classifier.h"
#include "types/type_kind.h"
#include "types/type_session.h"

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *er;
    PyObject *kinds; /* tuple */
    PyObject **remembered;
} SetOfKinds;

static PyObject *
create(PyTypeObject *type, PyObject *er, PyObject *kinds)
{
    SetOfKinds *self = own_object_new(type, tag_of(er));
    if (self) {
        self->er = Py_NewRef(er);
        self->kinds = Py_NewRef(kinds);
    }
    return (PyObject *)self;
}

PyObject *
SetOfKinds_create(PyObject *er, PyObject *kinds)
{
    return create(state_of_type(Py_TYPE(er))->callable_set_of_kinds_type, er, kinds);
}

PyObject *
NoKinds_create(PyObject *session)
{
    PyObject *er = Session_relation(session, HEAPY_BY_UNITY), *none = NULL;
    if (!er)
        return NULL;
    PyObject **slot = &((EquivalenceRelation *)er)->no_kinds, *self = remembered(slot);
    if (self)
        goto done;
    none = PyTuple_New(0);
    if (!none)
        goto done;
    self = create(state_of_type(Py_TYPE(session))->no_kinds_type, er, none);
    if (self)
        remember(slot, &((SetOfKinds *)self)->remembered, self);
done:
    Py_XDECREF(none);
    Py_DECREF(er);
    return self;
}

PyObject *
SetOfKinds_er(PyObject *set)
{
    return ((SetOfKinds *)set)->er;
}

PyObject *
SetOfKinds_kinds(PyObject *set)
{
    return ((SetOfKinds *)set)->kinds;
}

/* ---- the arguments of refdby ---- */

/* Is `kind` a class of the relation? */
static int
is_class_of(PyObject *er, PyObject *kind)
{
    module_state *state = state_of_type(Py_TYPE(er));
    if (!Kind_check(state, kind))
        return 0;
    heapy_classifier_form by = form_of(er);
    if (by == HEAPY_BY_OWNER || by == HEAPY_BY_MODULE || by == HEAPY_BY_IDSET) /* the rest is a complement */
        return 1;
    if (by == HEAPY_BY_ALL)
        return PySequence_Contains(er, kind);
    PyObject *of = Kind_relation(kind);
    if (!of)
        return PyErr_Occurred() ? -1 : 0;
    /* the dicts of a type are a class of Clodo, and so is each type */
    bool is_class;
    if (by == HEAPY_BY_CLODO)
        is_class = form_of(of) == HEAPY_BY_TYPE || form_of(of) == HEAPY_BY_CLODO;
    else
        is_class = EquivalenceRelation_equal(of, er);
    Py_DECREF(of);
    return is_class;
}

static int
check_class(PyObject *er, PyObject *argument)
{
    int is_class = is_class_of(er, argument);
    if (is_class == 1)
        return 0;
    if (is_class < 0)
        return -1;
    PyObject *brief = set_brief(argument);
    if (!brief)
        return -1;
    PyErr_Format(PyExc_ValueError, "get_kindarg: a kind by the classifier of %R expected, not %U", er, brief);
    Py_DECREF(brief);
    return -1;
}

static int
append_kinds(PyObject *list, PyObject *er, PyObject *argument)
{
    module_state *state = state_if_ours(Py_TYPE(argument));
    if (state && SetOfKinds_check(state, argument)) {
        PyObject *of = SetOfKinds_er(argument);
        Py_ssize_t count = PyTuple_GET_SIZE(SetOfKinds_kinds(argument));
        if (!EquivalenceRelation_equal(of, er)) {
            PyErr_Format(PyExc_ValueError,
                         "Expected a SoKind with the classifier of %R, argument had that of %R.", er, of);
            return -1;
        }
        for (Py_ssize_t i = 0; i < count; i++)
            if (PyList_Append(list, PyTuple_GET_ITEM(SetOfKinds_kinds(argument), i)) < 0)
                return -1;
        return 0;
    }
    if (!state || !(Kind_check(state, argument) || IdentitySet_check(state, argument))) {
        PyErr_Format(PyExc_TypeError,
                     "a kind or a set of kinds expected, not %.200s; hp.Type(t) is the kind of a type",
                     Py_TYPE(argument)->tp_name);
        return -1;
    }
    if (check_class(er, argument) < 0)
        return -1;
    return PyList_Append(list, argument);
}

PyObject *
kinds_of_arguments(PyObject *er, PyObject *args)
{
    PyObject *list = PyList_New(0);
    for (Py_ssize_t i = 0; list && i < PyTuple_GET_SIZE(args); i++)
        if (append_kinds(list, er, PyTuple_GET_ITEM(args, i)) < 0)
            Py_CLEAR(list);
    PyObject *tuple = NULL;
    if (list)
        tuple = PyList_AsTuple(list);
    Py_XDECREF(list);
    return tuple;
}

/* ---- the type ---- */

static PyObject *
set_of_kinds_call(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyObject *er = SetOfKinds_er(self), *kinds = SetOfKinds_kinds(self);
    PyObject *kind = PyObject_Call(er, args, kwargs);
    if (!kind)
        return NULL;
    PyObject *one = PyTuple_Pack(1, kind);
    Py_DECREF(kind);
    if (!one)
        return NULL;
    PyObject *more = PySequence_Concat(kinds, one);
    Py_DECREF(one);
    if (!more)
        return NULL;
    PyObject *result = SetOfKinds_create(er, more);
    Py_DECREF(more);
    return result;
}

static PyObject *
set_of_kinds_repr(PyObject *self)
{
    return SetOfKinds_text(SetOfKinds_er(self), SetOfKinds_kinds(self));
}

static PyObject *
set_of_kinds_refdby(PyObject *self, void *closure)
{
    (void)closure;
    return referrers_kind(SetOfKinds_er(self), SetOfKinds_kinds(self));
}

static PyObject *
set_of_kinds_er(PyObject *self, void *closure)
{
    (void)closure;
    return Py_NewRef(SetOfKinds_er(self));
}

static PyObject *
set_of_kinds_kinds(PyObject *self, void *closure)
{
    (void)closure;
    return Py_NewRef(SetOfKinds_kinds(self));
}

static PyObject *
set_of_kinds_classifier(PyObject *self, void *closure)
{
    (void)closure;
    return EquivalenceRelation_classifier(SetOfKinds_er(self));
}

/* Sets of kinds compare by content: as the kinds that refdby makes of them. */
static PyObject *
set_of_kinds_compare(PyObject *a, PyObject *b, int operation)
{
    module_state *state = state_if_ours(Py_TYPE(b));
    if ((operation != Py_EQ && operation != Py_NE) || !state || !SetOfKinds_check(state, b))
        Py_RETURN_NOTIMPLEMENTED;
    PyObject *x = set_of_kinds_refdby(a, NULL), *result = NULL;
    if (!x)
        return NULL;
    PyObject *y = set_of_kinds_refdby(b, NULL);
    if (y)
        result = PyObject_RichCompare(x, y, operation);
    Py_DECREF(x);
    Py_XDECREF(y);
    return result;
}

static Py_hash_t
set_of_kinds_hash(PyObject *self)
{
    PyObject *kind = set_of_kinds_refdby(self, NULL);
    Py_hash_t hash = -1;
    if (kind)
        hash = PyObject_Hash(kind);
    Py_XDECREF(kind);
    return hash;
}

static int
set_of_kinds_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((SetOfKinds *)self)->er);
    Py_VISIT(((SetOfKinds *)self)->kinds);
    return 0;
}

static void
set_of_kinds_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    be_forgotten(self, &((SetOfKinds *)self)->remembered);
    Py_XDECREF(((SetOfKinds *)self)->er);
    Py_XDECREF(((SetOfKinds *)self)->kinds);
    own_object_free(self);
}

static PyGetSetDef set_of_kinds_getset[] = {
    {"classifier", set_of_kinds_classifier, NULL, DOC_SoKind_classifier, NULL},
    {"er", set_of_kinds_er, NULL, DOC_SoKind_er, NULL},
    {"kinds", set_of_kinds_kinds, NULL, DOC_SoKind_kinds, NULL},
    {"refdby", set_of_kinds_refdby, NULL, DOC_SoKind_refdby, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot set_of_kinds_slots[] = {
    {Py_tp_doc, DOC_SoKind},
    {Py_tp_traverse, set_of_kinds_traverse},
    {Py_tp_dealloc, set_of_kinds_dealloc},
    {Py_tp_repr, set_of_kinds_repr},
    {Py_tp_richcompare, set_of_kinds_compare},
    {Py_tp_hash, set_of_kinds_hash},
    {Py_tp_getset, set_of_kinds_getset},
    {0, NULL},
};

PyType_Spec set_of_kinds_spec = {
    .name = "guppy.heapy.Classifiers.SoKind",
    .basicsize = sizeof(SetOfKinds),
    .flags = OWN_TYPE_FLAGS | Py_TPFLAGS_BASETYPE,
    .slots = set_of_kinds_slots,
};

static PyType_Slot callable_set_of_kinds_slots[] = {
    {Py_tp_doc, DOC_CallableSoKind},
    {Py_tp_traverse, set_of_kinds_traverse},
    {Py_tp_dealloc, set_of_kinds_dealloc},
    {Py_tp_call, set_of_kinds_call},
    {0, NULL},
};

PyType_Spec callable_set_of_kinds_spec = {
    .name = "guppy.heapy.Classifiers.CallableSoKind",
    .basicsize = sizeof(SetOfKinds),
    .flags = OWN_TYPE_FLAGS,
    .slots = callable_set_of_kinds_slots,
};

static PyType_Slot no_kinds_slots[] = {
    {Py_tp_doc, DOC_SoNoKind},
    {Py_tp_traverse, set_of_kinds_traverse},
    {Py_tp_dealloc, set_of_kinds_dealloc},
    {0, NULL},
};

PyType_Spec no_kinds_spec = {
    .name = "guppy.heapy.Classifiers.SoNoKind",
    .basicsize = sizeof(SetOfKinds),
    .flags = OWN_TYPE_FLAGS,
    .slots = no_kinds_slots,
};
