/* SPDX-License-Identifier: MIT */
#include "types/type_classifier.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "types/call_python.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"
#include "types/type_kind.h"
#include "types/type_set_of_kinds.h"
#include "types/uniset_operands.h"

typedef struct {
    OWN_OBJECT_HEAD
    PyObject *er;
    PyObject **remembered;
} Classifier;

static PyObject *
classifier_create(PyObject *er)
{
    Classifier *self = own_object_new(state_of_type(Py_TYPE(er))->classifier_type, tag_of(er));
    if (!self)
        return NULL;
    self->er = Py_NewRef(er);
    return remember(&((EquivalenceRelation *)er)->classifier, &self->remembered, (PyObject *)self);
}

PyObject *
EquivalenceRelation_classifier(PyObject *er)
{
    PyObject *known = remembered(&((EquivalenceRelation *)er)->classifier);
    if (known)
        return known;
    return classifier_create(er);
}

static PyObject *
classifier_repr(PyObject *self)
{
    return PyUnicode_FromFormat("<classifier of %R>", ((Classifier *)self)->er);
}

static PyObject *
classifier_er(PyObject *self, void *closure)
{
    (void)closure;
    return Py_NewRef(((Classifier *)self)->er);
}

static PyObject *
classifier_cli(PyObject *self, void *closure)
{
    PyObject *er = classifier_er(self, closure);
    if (!er)
        return NULL;
    PyObject *result = call_package_with("guppy.heapy.ObjectClassifier", "ObjectClassifier", er, NULL, NULL);
    Py_DECREF(er);
    return result;
}

static int
classifier_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    Py_VISIT(((Classifier *)self)->er);
    return 0;
}

/* No tp_clear: every cycle through a relation goes through its session, or through what it is made of. */
static void
classifier_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    be_forgotten(self, &((Classifier *)self)->remembered);
    Py_XDECREF(((Classifier *)self)->er);
    own_object_free(self);
}

static PyGetSetDef classifier_getset[] = {
    {"er", classifier_er, NULL, DOC_Classifier_er, NULL},
    {"cli", classifier_cli, NULL, DOC_Classifier_cli, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot classifier_slots[] = {
    {Py_tp_doc, DOC_Classifier},   {Py_tp_traverse, classifier_traverse}, {Py_tp_dealloc, classifier_dealloc},
    {Py_tp_repr, classifier_repr}, {Py_tp_getset, classifier_getset},     {0, NULL},
};

PyType_Spec classifier_spec = {
    .name = "guppy.heapy.Classifiers.Classifier",
    .basicsize = sizeof(Classifier),
    .flags = OWN_TYPE_FLAGS,
    .slots = classifier_slots,
};
