/* SPDX-License-Identifier: MIT */
/*
 * What all sorts of sets share: which objects stand for a set, operators and comparisons (K-10 to K-19g,
 * K-40 to K-49e, S-95).
 *
 * Every set is an expression, and finitely many objects for which it is not so.  An identity set has no
 * expression, a relation nothing else.
 */
#include "types/type_uniset.h"

#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "types/call_python.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/type_equivalence_relation.h"
#include "types/type_family.h"
#include "types/type_identity_set.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/uniset_class.h"
#include "types/uniset_operands.h"
#include "types/uniset_operators.h"
#include "types/uniset_parts.h"
#include "types/uniset_rendering.h"

#include <heapy/address_map.h>
#include <heapy/kind.h>

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

/* ---- comparisons ---- */

static bool
is_empty_map(heapy_address_map *map)
{
    bool result = !heapy_address_map_count(map);
    heapy_address_map_destroy(map);
    return result;
}

/* Do the named objects agree with a <= b (or with: nothing is in both)?  1, 0, or -1 with an exception. */
static int
objects_agree(const set_parts *a, const set_parts *b, heapy_set_operation must_be_empty)
{
    if (!a->added && !a->removed && !b->added && !b->removed)
        return 1;
    heapy_address_map *objects, *rest = combine_named(a, b, must_be_empty, &objects);
    if (!rest)
        return -1;
    heapy_address_map_destroy(objects);
    return is_empty_map(rest);
}

/* Both: of identity sets no expression has to be asked. */
static int
compare_identity_sets(PyObject *a, PyObject *b, int operation)
{
    const heapy_address_map *left = IdentitySet_map(a);
    if (!left)
        return -1;
    const heapy_address_map *right = IdentitySet_map(b);
    if (!right)
        return -1;
    PyObject *result = address_maps_compare(left, right, operation);
    if (!result)
        return -1;
    Py_DECREF(result);
    return result == Py_True;
}

int
uniset_is_subset(PyObject *a, PyObject *b)
{
    module_state *state = state_of_type(Py_TYPE(a));
    if (IdentitySet_check(state, a) && IdentitySet_check(state, b))
        return compare_identity_sets(a, b, Py_LE);
    if (EquivalenceRelation_check(state, a) && EquivalenceRelation_check(state, b))
        return EquivalenceRelation_is_finer(a, b);
    set_pair sets;
    int result = set_pair_init(&sets, a, b);
    if (!result && heapy_kind_is_subset(sets.a.kind, sets.b.kind))
        result = objects_agree(&sets.a, &sets.b, HEAPY_DIFFERENCE);
    set_pair_deinit(&sets);
    return result;
}

int
uniset_is_disjoint(PyObject *a, PyObject *b)
{
    set_pair sets;
    int result = set_pair_init(&sets, a, b);
    if (!result && heapy_kind_is_disjoint(sets.a.kind, sets.b.kind))
        result = objects_agree(&sets.a, &sets.b, HEAPY_INTERSECTION);
    set_pair_deinit(&sets);
    return result;
}

/* -1, 0 or 1: what `operation` gives when a <= b and b <= a are these. */
static int
answer(int operation, int a_in_b, int b_in_a)
{
    switch (operation) {
    case Py_LE:
        return a_in_b;
    case Py_GE:
        return b_in_a;
    case Py_LT:
        return a_in_b && !b_in_a;
    case Py_GT:
        return b_in_a && !a_in_b;
    case Py_EQ:
        return a_in_b && b_in_a;
    default:
        return !(a_in_b && b_in_a);
    }
}

/* 1, 0, or -1 with an exception; of the two inclusions only what the operation asks for is looked at. */
static int
compare_sets(PyObject *a, PyObject *b, int operation)
{
    int a_in_b = 0, b_in_a = 0;
    if (operation != Py_GE)
        a_in_b = uniset_is_subset(a, b);
    if (a_in_b < 0)
        return -1;
    if ((operation == Py_EQ || operation == Py_NE) && a == b)
        b_in_a = a_in_b;
    else if (operation != Py_LE)
        b_in_a = uniset_is_subset(b, a);
    if (b_in_a < 0)
        return -1;
    return answer(operation, a_in_b, b_in_a);
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
        result = compare_sets(left, right, operation);
    Py_DECREF(left);
    Py_DECREF(right);
    return bool_or_error(result);
}

static Py_hash_t
hash_of_identity_set(PyObject *set)
{
    const heapy_address_map *map = IdentitySet_map(set);
    if (!map)
        return -1;
    return address_map_hash(map);
}

static Py_hash_t
uniset_hash(PyObject *self)
{
    module_state *state = state_of_type(Py_TYPE(self));
    if (EquivalenceRelation_check(state, self))
        return EquivalenceRelation_hash(self);
    if (IdentitySet_check(state, self))
        return hash_of_identity_set(self);
    const Kind *kind = (const Kind *)self;
    if (heapy_kind_is_nothing(kind->kind) && !kind->added) { /* it equals the session's Nothing */
        if (!kind->session) {
            new_reference_or_error(NULL);
            return -1;
        }
        PyObject *nothing = Session_nothing(kind->session);
        if (!nothing)
            return -1;
        Py_hash_t hash = hash_of_identity_set(nothing);
        Py_DECREF(nothing);
        return hash;
    }
    Py_hash_t hash = (Py_hash_t)heapy_kind_hash(kind->kind);
    return hash == -1 ? -2 : hash;
}

int
uniset_contains(PyObject *set, PyObject *object)
{
    return PySequence_Contains(set, object);
}

/* ---- attributes that all sorts have ---- */

static PyObject *
uniset_doc(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *session = uniset_session(self);
    if (!session || !Session_is_usable(session))
        return PyErr_Occurred() ? NULL : new_reference_or_error(NULL);
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
    int is_in = uniset_contains(self, object);
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
