/* SPDX-License-Identifier: MIT */
/* All sorts of sets: what each has, as attributes and operators. */
#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "types/call_python.h"
#include "types/kind_of_class.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/type_family.h"
#include "types/type_kind.h"
#include "types/type_session.h"
#include "types/uniset_class.h"
#include "types/uniset_comparisons.h"
#include "types/uniset_operands.h"
#include "types/uniset_operators.h"
#include "types/uniset_rendering.h"

#include <heapy/address_map.h>

static PyObject *
operate(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    PyObject *left, *right, *result = NULL;
    module_state *of_a = state_if_ours(Py_TYPE(a)), *of_b = state_if_ours(Py_TYPE(b));
    if (!(of_a && uniset_check(of_a, a)) && !(of_b && uniset_check(of_b, b)))
        Py_RETURN_NOTIMPLEMENTED;
    if (uniset_operands(a, b, &left, &right, true))
        return NULL;
    if (uniset_check_tags(left, right) == 0)
        result = uniset_combine(left, right, operation);
    Py_DECREF(left);
    Py_DECREF(right);
    return result;
}

static PyObject *
uniset_or(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_UNION);
}

static PyObject *
uniset_and(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_INTERSECTION);
}

static PyObject *
uniset_subtract(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_DIFFERENCE);
}

static PyObject *
uniset_xor(PyObject *a, PyObject *b)
{
    return operate(a, b, HEAPY_SYMMETRIC_DIFFERENCE);
}

/* -1: an exception is on its way. */
static PyObject *
bool_or_error(int value)
{
    if (value < 0)
        return NULL;
    return PyBool_FromLong(value);
}

static PyObject *
uniset_disjoint(PyObject *self, PyObject *other)
{
    PyObject *left, *right;
    if (uniset_operands(self, other, &left, &right, true))
        return NULL;
    int result = -1;
    if (uniset_check_tags(left, right) == 0)
        result = uniset_is_disjoint(left, right);
    Py_DECREF(left);
    Py_DECREF(right);
    return bool_or_error(result);
}

static PyObject *
uniset_compare(PyObject *a, PyObject *b, int operation)
{
    PyObject *left, *right;
    bool is_equality = operation == Py_EQ || operation == Py_NE;
    int converted = uniset_operands(a, b, &left, &right, !is_equality);
    if (converted < 0)
        return NULL;
    if (converted == 1)
        return PyBool_FromLong(operation == Py_NE);
    int result = -1;
    if (is_equality && !uniset_have_one_tag(left, right))
        result = operation == Py_NE;
    else if (uniset_check_tags(left, right) == 0)
        result = uniset_holds(left, right, operation);
    Py_DECREF(left);
    Py_DECREF(right);
    return bool_or_error(result);
}

/* ---- attributes that all sorts have ---- */

static PyObject *
uniset_doc(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *session = uniset_session(self);
    if (!Session_is_usable(session))
        return NULL;
    return call_package("guppy.etc.Help", "listing_of", self, session);
}

static PyObject *
uniset_dictof(PyObject *self, void *closure)
{
    (void)closure;
    return set_dictof(self);
}

static PyObject *
uniset_fam(PyObject *self, void *closure)
{
    (void)closure;
    return Family_of(self);
}

static PyObject *
uniset_get_examples(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(env))
{
    return PyList_New(0);
}

static PyObject *
uniset_test_contains(PyObject *self, PyObject *args)
{
    PyObject *object, *env;
    if (!PyArg_ParseTuple(args, "OO:test_contains", &object, &env))
        return NULL;
    PyObject *family = NULL, *set_name = NULL, *object_name = NULL, *message = NULL, *result = NULL;
    int is_in = PySequence_Contains(self, object);
    if (is_in < 0)
        return NULL;
    if (is_in)
        Py_RETURN_TRUE;
    family = Family_of(self);
    if (!family)
        goto done;
    set_name = PyObject_CallMethod(env, "name", "(O)", self);
    if (!set_name)
        goto done;
    object_name = PyObject_CallMethod(env, "name", "(O)", object);
    if (!object_name)
        goto done;
    message = PyUnicode_FromFormat("%S: %S does not contain %S", (PyObject *)Py_TYPE(family), set_name,
                                   object_name);
    if (message)
        result = PyObject_CallMethod(env, "failed", "(O)", message);
done:
    Py_XDECREF(family);
    Py_XDECREF(set_name);
    Py_XDECREF(object_name);
    Py_XDECREF(message);
    return result;
}

static PyObject *
uniset_call(PyObject *self, PyObject *args, PyObject *kwargs)
{
    (void)args, (void)kwargs;
    return PyErr_Format(PyExc_ValueError, "a set of type %.100s cannot be called", Py_TYPE(self)->tp_name);
}

static PyObject *
uniset_copy(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return Py_NewRef(self);
}

static PyObject *
uniset_deepcopy(PyObject *self, PyObject *Py_UNUSED(memo))
{
    return Py_NewRef(self);
}

static PyObject *
uniset_hiding_tag(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(tag_of(self));
}

static int
uniset_traverse(PyObject *self, visitproc visit, void *arg)
{
    VISIT_OWN_HEAD(self);
    return 0;
}

static void
uniset_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    own_object_free(self);
}

static PyMethodDef uniset_methods[] = {
    {"disjoint", uniset_disjoint, METH_O, DOC_UniSet_disjoint},
    {"get_ckc", uniset_get_ckc, METH_NOARGS, DOC_UniSet_get_ckc},
    {"get_examples", uniset_get_examples, METH_O, DOC_UniSet_get_examples},
    {"get_render", uniset_get_render, METH_NOARGS, DOC_UniSet_get_render},
    {"test_contains", uniset_test_contains, METH_VARARGS, DOC_UniSet_test_contains},
    {"_render", uniset_render, METH_O, DOC_UniSet__render},
    {"_render_address", uniset_render_address, METH_O, DOC_UniSet__render_address},
    {"__copy__", uniset_copy, METH_NOARGS, DOC_UniSet___copy__},
    {"__deepcopy__", uniset_deepcopy, METH_O, DOC_UniSet___deepcopy__},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef uniset_getset[] = {
    {"biper", uniset_biper, NULL, DOC_UniSet_biper, NULL},
    {"dictof", uniset_dictof, NULL, DOC_UniSet_dictof, NULL},
    {"doc", uniset_doc, NULL, DOC_UniSet_doc, NULL},
    {"fam", uniset_fam, NULL, DOC_UniSet_fam, NULL},
    {"_hiding_tag_", uniset_hiding_tag, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot uniset_slots[] = {
    {Py_tp_doc, DOC_UniSet},
    {Py_tp_traverse, uniset_traverse},
    {Py_tp_dealloc, uniset_dealloc},
    {Py_tp_richcompare, uniset_compare},
    {Py_tp_hash, uniset_hash},
    {Py_tp_call, uniset_call},
    {Py_tp_methods, uniset_methods},
    {Py_tp_getset, uniset_getset},
    {Py_nb_or, uniset_or},
    {Py_nb_and, uniset_and},
    {Py_nb_subtract, uniset_subtract},
    {Py_nb_xor, uniset_xor},
    {Py_nb_invert, uniset_complement},
    {0, NULL},
};

PyType_Spec uniset_spec = {
    .name = "guppy.heapy.UniSet.UniSet",
    .basicsize = sizeof(own_object),
    .flags = OWN_TYPE_FLAGS | Py_TPFLAGS_BASETYPE,
    .slots = uniset_slots,
};
