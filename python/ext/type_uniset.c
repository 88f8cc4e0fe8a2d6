/* SPDX-License-Identifier: MIT */
/*
 * What all sorts of sets share: which objects stand for a set, operators and comparisons (K-10 to K-19g,
 * K-40 to K-45, S-95).
 */
#include "capture.h"
#include "heapyc_docs.h"
#include "types.h"

static bool
is_set(const module_state *state, PyObject *object)
{
    return IdentitySet_check(state, object) || Kind_check(state, object);
}

PyObject *
uniset_session(PyObject *set)
{
    module_state *state = state_of_type(Py_TYPE(set));
    return IdentitySet_check(state, set) ? ((IdentitySet *)set)->session : ((Kind *)set)->session;
}

PyObject *
uniset_from(PyObject *session, PyObject *object)
{
    module_state *state = state_of_type(Py_TYPE(session));
    const session_settings *settings = &((Session *)session)->settings;
    if (is_set(state, object))
        return Py_NewRef(object);
    if (NodeSet_check(state, object))
        return IdentitySet_share(session, ((NodeSet *)object)->objects, RELATION_CLODO);
    if (settings->auto_convert_type && PyType_Check(object))
        return Kind_create(session, KIND_TYPE, object);
    if (settings->auto_convert_iter && (Py_TYPE(object)->tp_iter || PySequence_Check(object))) {
        heapy_address_map *held = objects_of_iterable(object);
        return held ? IdentitySet_wrap(session, held, RELATION_CLODO) : NULL;
    }
    return NULL;
}

PyObject *
uniset_require(PyObject *session, PyObject *object)
{
    PyObject *set = uniset_from(session, object);
    if (!set && !PyErr_Occurred())
        PyErr_Format(PyExc_TypeError,
                     "an argument of type '%.200s' cannot be converted to a set of this session; "
                     "hp.iso(x) is the set that has x, hp.idset(xs) the set of what is in xs",
                     Py_TYPE(object)->tp_name);
    return set;
}

/* Both operands as sets.  0: done; 1: `b` stands for none; -1 with an exception. */
static int
convert_operands(PyObject *a, PyObject *b, PyObject **left, PyObject **right, bool must_convert)
{
    module_state *state = state_if_ours(Py_TYPE(a));
    PyObject *ours = state && is_set(state, a) ? a : b;
    state = state_if_ours(Py_TYPE(ours));
    PyObject *session = state && is_set(state, ours) ? uniset_session(ours) : NULL;
    if (!session) {
        new_reference_or_error(NULL);
        return -1;
    }
    *left = must_convert ? uniset_require(session, a) : uniset_from(session, a);
    *right = *left ? must_convert ? uniset_require(session, b) : uniset_from(session, b) : NULL;
    if (*right)
        return 0;
    Py_CLEAR(*left);
    return PyErr_Occurred() ? -1 : 1;
}

/* Sets whose sessions hide different things do not combine (S-95). */
static bool
have_one_tag(PyObject *a, PyObject *b)
{
    return tag_of(a) == tag_of(b);
}

static int
check_tags(PyObject *a, PyObject *b)
{
    if (have_one_tag(a, b))
        return 0;
    PyErr_Format(PyExc_ValueError,
                 "sets of sessions with different hiding tags cannot be combined: the tags are at %p and "
                 "%p",
                 (void *)tag_of(a), (void *)tag_of(b));
    return -1;
}

/* ---- operators ---- */

/* A kind and an identity set, or two kinds.  Py_NotImplemented where the result is no set we can name. */
static PyObject *
combine_with_kind(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    module_state *state = state_of_type(Py_TYPE(a));
    bool a_is_kind = Kind_check(state, a), b_is_kind = Kind_check(state, b);
    if (operation == HEAPY_INTERSECTION && a_is_kind != b_is_kind)
        return a_is_kind ? IdentitySet_select(b, a) : IdentitySet_select(a, b);
    if (operation == HEAPY_DIFFERENCE && !a_is_kind) {
        PyObject *members = IdentitySet_select(a, b);
        PyObject *rest = members ? IdentitySet_combine(a, members, HEAPY_DIFFERENCE) : NULL;
        Py_XDECREF(members);
        return rest;
    }
    Py_RETURN_NOTIMPLEMENTED;
}

static PyObject *
operate(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    PyObject *left, *right, *result = NULL;
    module_state *of_a = state_if_ours(Py_TYPE(a)), *of_b = state_if_ours(Py_TYPE(b));
    if (!(of_a && is_set(of_a, a)) && !(of_b && is_set(of_b, b)))
        Py_RETURN_NOTIMPLEMENTED; /* equivalence relations */
    if (convert_operands(a, b, &left, &right, true))
        return NULL;
    if (check_tags(left, right) == 0) {
        module_state *state = state_of_type(Py_TYPE(left));
        result = IdentitySet_check(state, left) && IdentitySet_check(state, right)
                     ? IdentitySet_combine(left, right, operation)
                     : combine_with_kind(left, right, operation);
    }
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

static PyObject *
uniset_disjoint(PyObject *self, PyObject *other)
{
    PyObject *common = operate(self, other, HEAPY_INTERSECTION);
    if (!common)
        return NULL;
    if (common == Py_NotImplemented) {
        Py_DECREF(common);
        PyErr_SetString(PyExc_TypeError, "disjoint: one of the two must be an identity set");
        return NULL;
    }
    PyObject *result = PyBool_FromLong(IdentitySet_is_empty(common));
    Py_DECREF(common);
    return result;
}

/* ---- comparisons ---- */

/* Is one part of b the same kind as a? */
static bool
is_same_part(const Kind *a, const Kind *b)
{
    if (a->form != b->form)
        return false;
    if (a->form == KIND_SIZE)
        return PyObject_RichCompareBool(a->arg, b->arg, Py_EQ) == 1;
    return a->arg == b->arg;
}

/* Parts of a kind that is no union: itself. */
static Py_ssize_t
part_count(const Kind *kind)
{
    return kind->form == KIND_UNION ? PyTuple_GET_SIZE(kind->parts) : 1;
}

static const Kind *
part_at(const Kind *kind, Py_ssize_t i)
{
    return kind->form == KIND_UNION ? (const Kind *)PyTuple_GET_ITEM(kind->parts, i) : kind;
}

/* Every dict of an owner is a dict, and everything is in Anything (K-49). */
static bool
part_is_in(const Kind *a, const Kind *b)
{
    return b->form == KIND_ANYTHING || is_same_part(a, b) ||
           ((a->form == KIND_DICT_OF || a->form == KIND_DICT_NO_OWNER) && b->form == KIND_TYPE &&
            b->arg == (PyObject *)&PyDict_Type);
}

static bool
kind_is_subset(const Kind *a, const Kind *b)
{
    for (Py_ssize_t i = 0; i < part_count(a); i++) {
        bool is_in = false;
        for (Py_ssize_t k = 0; !is_in && k < part_count(b); k++)
            is_in = part_is_in(part_at(a, i), part_at(b, k));
        if (!is_in)
            return false;
    }
    return true;
}

/* a <= b: 1, 0, or -1 with an exception. */
static int
is_subset(PyObject *a, PyObject *b)
{
    module_state *state = state_of_type(Py_TYPE(a));
    if (IdentitySet_check(state, a) && IdentitySet_is_empty(a))
        return 1;
    if (Kind_check(state, a))
        return Kind_check(state, b) && kind_is_subset((const Kind *)a, (const Kind *)b);
    const heapy_address_map *members = IdentitySet_map(a);
    if (!members)
        return -1;
    if (Kind_check(state, b)) {
        heapy_address_map *selected = Kind_select(b, members);
        if (!selected)
            return -1;
        int result = heapy_address_map_count(selected) == heapy_address_map_count(members);
        heapy_address_map_destroy(selected);
        return result;
    }
    const heapy_address_map *others = IdentitySet_map(b);
    PyObject *result = others ? address_maps_compare(members, others, Py_LE) : NULL;
    Py_XDECREF(result);
    return result ? result == Py_True : -1;
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

static PyObject *
uniset_compare(PyObject *a, PyObject *b, int operation)
{
    module_state *state = state_if_ours(Py_TYPE(a));
    if (state && Py_TYPE(a) == state->equivalence_relation_type)
        Py_RETURN_NOTIMPLEMENTED; /* the same relation, or another */
    PyObject *left, *right;
    bool is_equality = operation == Py_EQ || operation == Py_NE;
    int converted = convert_operands(a, b, &left, &right, !is_equality);
    if (converted < 0)
        return NULL;
    if (converted == 1)
        return PyBool_FromLong(operation == Py_NE);
    int result = -1;
    if (is_equality && !have_one_tag(left, right)) {
        result = operation == Py_NE;
    } else if (check_tags(left, right) == 0) {
        int a_in_b = operation == Py_GE ? 0 : is_subset(left, right);
        int b_in_a = a_in_b < 0 || operation == Py_LE ? 0 : is_subset(right, left);
        if (a_in_b >= 0 && b_in_a >= 0)
            result = answer(operation, a_in_b, b_in_a);
    }
    Py_DECREF(left);
    Py_DECREF(right);
    return result < 0 ? NULL : PyBool_FromLong(result);
}

static Py_hash_t
hash_part(const Kind *part)
{
    if (part->form == KIND_SIZE)
        return PyObject_Hash(part->arg) + KIND_SIZE;
    return (Py_hash_t)((uintptr_t)part->arg >> 4) + part->form;
}

static Py_hash_t
uniset_hash(PyObject *self)
{
    module_state *state = state_of_type(Py_TYPE(self));
    if (IdentitySet_check(state, self)) {
        const heapy_address_map *map = IdentitySet_map(self);
        return map ? address_map_hash(map) : -1;
    }
    if (!Kind_check(state, self))
        return (Py_hash_t)((uintptr_t)self >> 4);
    Py_hash_t hash = 0; /* of any order of the parts */
    for (Py_ssize_t i = 0; i < part_count((const Kind *)self); i++)
        hash ^= hash_part(part_at((const Kind *)self, i));
    return hash == -1 ? -2 : hash;
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
    {"__copy__", uniset_copy, METH_NOARGS, DOC_UniSet___copy__},
    {"__deepcopy__", uniset_deepcopy, METH_O, DOC_UniSet___deepcopy__},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef uniset_getset[] = {
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
    {0, NULL},
};

PyType_Spec uniset_spec = {
    .name = "guppy.heapy.UniSet.UniSet",
    .basicsize = sizeof(own_object),
    .flags = OWN_TYPE_FLAGS | Py_TPFLAGS_BASETYPE,
    .slots = uniset_slots,
};
