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
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_atoms.h"
#include "live/render.h"
#include "types/call_python.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/source.h"
#include "types/source_file.h"
#include "types/source_select.h"
#include "types/type_equivalence_relation.h"
#include "types/type_family.h"
#include "types/type_identity_set.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_node_set.h"
#include "types/type_session.h"

#include <heapy/address_map.h>
#include <heapy/kind.h>
#include <heapy/status.h>

static bool
is_set(const module_state *state, PyObject *object)
{
    return PyType_IsSubtype(Py_TYPE(object), state->uniset_type);
}

PyObject *
uniset_session(PyObject *set)
{
    module_state *state = state_of_type(Py_TYPE(set));
    if (IdentitySet_check(state, set))
        return ((IdentitySet *)set)->session;
    return Kind_check(state, set) ? ((Kind *)set)->session : ((EquivalenceRelation *)set)->session;
}

PyObject *
uniset_from(PyObject *session, PyObject *object)
{
    module_state *state = state_of_type(Py_TYPE(session));
    const session_settings *settings = &((Session *)session)->settings;
    if (is_set(state, object)) {
        PyObject *other = uniset_session(object);
        return !other || Session_is_beside(session, other) ? Py_NewRef(object) : NULL;
    }
    if (NodeSet_check(state, object))
        return IdentitySet_of_nodes(session, object);
    if (settings->auto_convert_type && PyType_Check(object))
        return Kind_of_type(session, object);
    if (settings->auto_convert_iter && (Py_TYPE(object)->tp_iter || PySequence_Check(object))) {
        held_objects *held = objects_of_iterable(object);
        return held ? IdentitySet_wrap(session, held, NULL) : NULL;
    }
    return NULL;
}

int
uniset_check_beside(PyObject *session, PyObject *object)
{
    module_state *state = state_of_type(Py_TYPE(session));
    PyObject *other = is_set(state, object) ? uniset_session(object) : NULL;
    if (!other || Session_is_beside(session, other))
        return 0;
    PyErr_SetString(PyExc_ValueError,
                    "a set of a snapshot file can be used with sets of the same session only: "
                    "types and sizes can be named in each, x.addresses says which objects");
    return -1;
}

PyObject *
uniset_require(PyObject *session, PyObject *object)
{
    PyObject *set = uniset_from(session, object);
    if (!set && !PyErr_Occurred() && uniset_check_beside(session, object) < 0)
        return NULL;
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

/* ---- a set as its parts ---- */

/* What a set is, borrowed from it but for the expression. */
typedef struct set_parts {
    PyObject *session;
    const heapy_kind *kind;                   /* owned */
    const heapy_address_map *added, *removed; /* NULL: none */
} set_parts;

static int
set_parts_init(set_parts *out, PyObject *set)
{
    module_state *state = state_of_type(Py_TYPE(set));
    heapy_error err = HEAPY_ERROR_INIT;
    *out = (set_parts){.session = uniset_session(set)};
    if (!out->session) {
        new_reference_or_error(NULL);
        return -1;
    }
    if (IdentitySet_check(state, set)) {
        out->added = IdentitySet_map(set);
        if (!out->added)
            return -1;
        return heapy_kind_union_of_disjoint(NULL, 0, &out->kind, &err) ? raise_heapy_error(&err) : 0;
    }
    if (EquivalenceRelation_check(state, set)) {
        out->kind = expression_of_set(set);
        return out->kind ? 0 : -1;
    }
    const Kind *kind = (const Kind *)set;
    out->added = kind->added ? LiveObjects_map(kind->added) : NULL;
    out->removed = kind->removed ? LiveObjects_map(kind->removed) : NULL;
    if ((kind->added && !out->added) || (kind->removed && !out->removed))
        return -1;
    out->kind = heapy_kind_retain(kind->kind);
    return 0;
}

static heapy_address_map *
combine_maps(const heapy_address_map *a, const heapy_address_map *b, heapy_set_operation operation)
{
    heapy_address_map *result;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!heapy_address_map_combine(a, b, operation, &result, &err))
        return result;
    raise_heapy_error(&err);
    return NULL;
}

/* *map = *map OP other; `other` NULL: nothing to do. */
static int
apply_map(heapy_address_map **map, const heapy_address_map *other, heapy_set_operation operation)
{
    heapy_address_map *result = other ? combine_maps(*map, other, operation) : NULL;
    if (!other)
        return 0;
    heapy_address_map_destroy(*map);
    *map = result;
    return result ? 0 : -1;
}

/* All objects that either set names, not held: the sets hold them. */
static heapy_address_map *
named_objects(const set_parts *a, const set_parts *b)
{
    const heapy_address_map *maps[] = {a->added, a->removed, b->added, b->removed};
    heapy_address_map *all = map_of_objects(NULL, 0);
    for (size_t i = 0; all && i < 4; i++)
        if (apply_map(&all, maps[i], HEAPY_UNION) < 0) {
            heapy_address_map_destroy(all);
            return NULL;
        }
    return all;
}

/* Those of `objects` that are in the expression. */
static heapy_address_map *
select_named(PyObject *session, const heapy_kind *kind, const heapy_address_map *objects)
{
    if (heapy_kind_term_count(kind))
        return select_objects(session, kind, objects);
    return map_of_objects(NULL, 0);
}

/* Those of `objects`, which includes the named ones, that are in the set. */
static heapy_address_map *
members_among(const set_parts *set, const heapy_address_map *objects)
{
    heapy_address_map *members = select_named(set->session, set->kind, objects);
    if (members && apply_map(&members, set->added, HEAPY_UNION) == 0 &&
        apply_map(&members, set->removed, HEAPY_DIFFERENCE) == 0)
        return members;
    heapy_address_map_destroy(members);
    return NULL;
}

/* ---- operators ---- */

/* The set of an expression (taken over) in which, of `objects`, exactly `members` (taken over) are. */
static PyObject *
wrap_exactly(PyObject *session, const heapy_kind *kind, const heapy_address_map *objects,
             heapy_address_map *members)
{
    heapy_address_map *in_kind = members ? select_named(session, kind, objects) : NULL;
    heapy_address_map *added = in_kind ? combine_maps(members, in_kind, HEAPY_DIFFERENCE) : NULL;
    heapy_address_map *removed = added ? combine_maps(in_kind, members, HEAPY_DIFFERENCE) : NULL;
    heapy_address_map_destroy(members);
    heapy_address_map_destroy(in_kind);
    if (!removed) {
        heapy_address_map_destroy(added);
        heapy_kind_release(kind);
        return NULL;
    }
    return Kind_wrap(session, kind, added, removed);
}

static PyObject *
combine_parts(const set_parts *a, const set_parts *b, heapy_set_operation operation)
{
    const heapy_kind *kind;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_kind_combine(a->kind, b->kind, operation, &kind, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    if (!a->added && !a->removed && !b->added && !b->removed)
        return Kind_wrap(a->session, kind, NULL, NULL);
    heapy_address_map *objects = named_objects(a, b);
    heapy_address_map *left = objects ? members_among(a, objects) : NULL;
    heapy_address_map *right = left ? members_among(b, objects) : NULL;
    heapy_address_map *members = right ? combine_maps(left, right, operation) : NULL;
    PyObject *result = NULL;
    if (members)
        result = wrap_exactly(a->session, kind, objects, members);
    else
        heapy_kind_release(kind);
    heapy_address_map_destroy(left);
    heapy_address_map_destroy(right);
    heapy_address_map_destroy(objects);
    return result;
}

/* Nothing changes nothing: the other operand itself, or NULL when it is not as simple as that. */
static PyObject *
combine_with_nothing(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    module_state *state = state_of_type(Py_TYPE(a));
    bool a_is_nothing = IdentitySet_check(state, a) && IdentitySet_is_empty(a);
    bool b_is_nothing = IdentitySet_check(state, b) && IdentitySet_is_empty(b);
    if (!a_is_nothing && !b_is_nothing)
        return NULL;
    if (operation == HEAPY_INTERSECTION || (operation == HEAPY_DIFFERENCE && a_is_nothing))
        return Py_NewRef(a_is_nothing ? a : b);
    return IdentitySet_check(state, a_is_nothing ? b : a) ? NULL : Py_NewRef(a_is_nothing ? b : a);
}

PyObject *
uniset_combine(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    module_state *state = state_of_type(Py_TYPE(a));
    bool a_is_finite = IdentitySet_check(state, a), b_is_finite = IdentitySet_check(state, b);
    if (a_is_finite && b_is_finite)
        return IdentitySet_combine(a, b, operation);
    PyObject *result = combine_with_nothing(a, b, operation);
    if (result)
        return result;
    if (operation == HEAPY_INTERSECTION && EquivalenceRelation_check(state, a) &&
        EquivalenceRelation_check(state, b)) {
        PyObject *pair = PyTuple_Pack(2, a, b);
        result = pair ? EquivalenceRelation_and(uniset_session(a), pair) : NULL;
        Py_XDECREF(pair);
        return result;
    }
    if (operation == HEAPY_INTERSECTION && (a_is_finite || b_is_finite) &&
        Kind_check(state, a_is_finite ? b : a))
        return a_is_finite ? IdentitySet_select(a, b) : IdentitySet_select(b, a);
    if (operation == HEAPY_DIFFERENCE && a_is_finite && Kind_check(state, b)) {
        PyObject *members = IdentitySet_select(a, b);
        result = members ? IdentitySet_combine(a, members, HEAPY_DIFFERENCE) : NULL;
        Py_XDECREF(members);
        return result;
    }
    set_parts left = {0}, right = {0};
    if (set_parts_init(&left, a) == 0 && set_parts_init(&right, b) == 0)
        result = combine_parts(&left, &right, operation);
    heapy_kind_release(left.kind);
    heapy_kind_release(right.kind);
    return result;
}

/* What was added is what is missing now, and the other way round. */
PyObject *
uniset_complement(PyObject *a)
{
    set_parts parts;
    const heapy_kind *kind = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_address_map *added = NULL, *removed = NULL;
    if (set_parts_init(&parts, a) < 0) {
        heapy_kind_release(parts.kind);
        return NULL;
    }
    int result = heapy_kind_complement(parts.kind, &kind, &err) ? raise_heapy_error(&err) : 0;
    heapy_kind_release(parts.kind);
    if (!result && parts.removed)
        result = (added = combine_maps(parts.removed, parts.removed, HEAPY_UNION)) ? 0 : -1;
    if (!result && parts.added)
        result = (removed = combine_maps(parts.added, parts.added, HEAPY_UNION)) ? 0 : -1;
    if (result) {
        heapy_kind_release(kind);
        heapy_address_map_destroy(added);
        heapy_address_map_destroy(removed);
        return NULL;
    }
    return Kind_wrap(parts.session, kind, added, removed);
}

static PyObject *
operate(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    PyObject *left, *right, *result = NULL;
    module_state *of_a = state_if_ours(Py_TYPE(a)), *of_b = state_if_ours(Py_TYPE(b));
    if (!(of_a && is_set(of_a, a)) && !(of_b && is_set(of_b, b)))
        Py_RETURN_NOTIMPLEMENTED;
    if (convert_operands(a, b, &left, &right, true))
        return NULL;
    if (check_tags(left, right) == 0)
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

static PyObject *
uniset_disjoint(PyObject *self, PyObject *other)
{
    PyObject *left, *right;
    if (convert_operands(self, other, &left, &right, true))
        return NULL;
    int result = check_tags(left, right) < 0 ? -1 : uniset_is_disjoint(left, right);
    Py_DECREF(left);
    Py_DECREF(right);
    return result < 0 ? NULL : PyBool_FromLong(result);
}

/* ---- comparisons ---- */

static bool
is_empty_map(heapy_address_map *map)
{
    bool result = map && !heapy_address_map_count(map);
    heapy_address_map_destroy(map);
    return result;
}

/* Do the named objects agree with a <= b (or with: nothing is in both)?  1, 0, or -1 with an exception. */
static int
objects_agree(const set_parts *a, const set_parts *b, heapy_set_operation must_be_empty)
{
    if (!a->added && !a->removed && !b->added && !b->removed)
        return 1;
    heapy_address_map *objects = named_objects(a, b);
    heapy_address_map *left = objects ? members_among(a, objects) : NULL;
    heapy_address_map *right = left ? members_among(b, objects) : NULL;
    heapy_address_map *rest = right ? combine_maps(left, right, must_be_empty) : NULL;
    int result = rest ? is_empty_map(rest) : -1;
    heapy_address_map_destroy(left);
    heapy_address_map_destroy(right);
    heapy_address_map_destroy(objects);
    return result;
}

/* Both: of identity sets no expression has to be asked. */
static int
compare_identity_sets(PyObject *a, PyObject *b, int operation)
{
    const heapy_address_map *left = IdentitySet_map(a), *right = left ? IdentitySet_map(b) : NULL;
    PyObject *result = right ? address_maps_compare(left, right, operation) : NULL;
    Py_XDECREF(result);
    return result ? result == Py_True : -1;
}

int
uniset_is_subset(PyObject *a, PyObject *b)
{
    module_state *state = state_of_type(Py_TYPE(a));
    if (IdentitySet_check(state, a) && IdentitySet_check(state, b))
        return compare_identity_sets(a, b, Py_LE);
    if (EquivalenceRelation_check(state, a) && EquivalenceRelation_check(state, b))
        return EquivalenceRelation_is_finer(a, b);
    set_parts left = {0}, right = {0};
    int result = -1;
    if (set_parts_init(&left, a) == 0 && set_parts_init(&right, b) == 0)
        result =
            heapy_kind_is_subset(left.kind, right.kind) ? objects_agree(&left, &right, HEAPY_DIFFERENCE) : 0;
    heapy_kind_release(left.kind);
    heapy_kind_release(right.kind);
    return result;
}

int
uniset_is_disjoint(PyObject *a, PyObject *b)
{
    set_parts left = {0}, right = {0};
    int result = -1;
    if (set_parts_init(&left, a) == 0 && set_parts_init(&right, b) == 0)
        result = heapy_kind_is_disjoint(left.kind, right.kind)
                     ? objects_agree(&left, &right, HEAPY_INTERSECTION)
                     : 0;
    heapy_kind_release(left.kind);
    heapy_kind_release(right.kind);
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

static PyObject *
uniset_compare(PyObject *a, PyObject *b, int operation)
{
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
        bool asks_one = operation == Py_LE || (is_equality && left == right);
        int a_in_b = operation == Py_GE ? 0 : uniset_is_subset(left, right);
        int b_in_a = a_in_b < 0 || operation == Py_LE ? 0 : asks_one ? a_in_b : uniset_is_subset(right, left);
        if (a_in_b >= 0 && b_in_a >= 0)
            result = answer(operation, a_in_b, b_in_a);
    }
    Py_DECREF(left);
    Py_DECREF(right);
    return result < 0 ? NULL : PyBool_FromLong(result);
}

static Py_hash_t
uniset_hash(PyObject *self)
{
    module_state *state = state_of_type(Py_TYPE(self));
    if (EquivalenceRelation_check(state, self))
        return EquivalenceRelation_hash(self);
    if (IdentitySet_check(state, self)) {
        const heapy_address_map *map = IdentitySet_map(self);
        return map ? address_map_hash(map) : -1;
    }
    const Kind *kind = (const Kind *)self;
    if (heapy_kind_is_nothing(kind->kind) && !kind->added) { /* it equals the session's Nothing */
        PyObject *nothing = kind->session ? Session_nothing(kind->session) : new_reference_or_error(NULL);
        const heapy_address_map *map = nothing ? IdentitySet_map(nothing) : NULL;
        Py_hash_t hash = map ? address_map_hash(map) : -1;
        Py_XDECREF(nothing);
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
uniset_biper(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *session = uniset_session(self);
    if (!session)
        return new_reference_or_error(NULL);
    PyObject *parts = PyTuple_Pack(1, self);
    PyObject *er = parts ? EquivalenceRelation_create(session, HEAPY_BY_FIRST_MATCH, parts) : NULL;
    Py_XDECREF(parts);
    return er;
}

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
    int is_in = uniset_contains(self, object);
    if (is_in)
        return is_in < 0 ? NULL : Py_NewRef(Py_True);
    PyObject *family = Family_of(self);
    PyObject *set_name = family ? PyObject_CallMethod(env, "name", "(O)", self) : NULL;
    PyObject *object_name = set_name ? PyObject_CallMethod(env, "name", "(O)", object) : NULL;
    PyObject *message = object_name ? PyUnicode_FromFormat("%S: %S does not contain %S",
                                                           (PyObject *)Py_TYPE(family), set_name, object_name)
                                    : NULL;
    PyObject *result = message ? PyObject_CallMethod(env, "failed", "(O)", message) : NULL;
    Py_XDECREF(family);
    Py_XDECREF(set_name);
    Py_XDECREF(object_name);
    Py_XDECREF(message);
    return result;
}

/* ---- how members are rendered (K-135, K-136) ---- */

static PyObject *
uniset_render(PyObject *self, PyObject *object)
{
    module_state *state = state_of_type(Py_TYPE(self));
    PyObject *session = uniset_session(self), *owner = NULL;
    if (!session)
        return new_reference_or_error(NULL);
    if (PyDict_CheckExact(object)) { /* a dict that somebody owns shows its owner */
        PyObject *set = IdentitySet_of_object(session, object);
        PyObject *owners = set ? IdentitySet_owners(set) : NULL;
        Py_XDECREF(set);
        if (!owners)
            return NULL;
        if (!IdentitySet_is_empty(owners))
            owner = PyObject_GetAttrString(owners, "theone");
        Py_DECREF(owners);
    }
    PyObject *text = PyErr_Occurred() ? NULL : render_object(&state->capture, owner ? owner : object);
    Py_XDECREF(owner);
    return text;
}

static PyObject *
uniset_render_address(PyObject *Py_UNUSED(self), PyObject *object)
{
    return PyUnicode_FromFormat("%p", (void *)object);
}

/* How objects of an atom's class are shown: the heading says what the text is; NULL: by address. */
static const char *
heading_of_atom(PyObject *session, const heapy_atom *atom)
{
    if (atom->form == HEAPY_ATOM_TYPE && !((Session *)session)->source->is_elsewhere)
        return render_heading((const PyTypeObject *)live_object_of_atom(atom));
    if (atom->form == HEAPY_ATOM_TYPE)
        return file_heading_of_type(session, atom->identity);
    if (atom->form == HEAPY_ATOM_MODULE)
        return render_heading(&PyModule_Type);
    if (atom->form != HEAPY_ATOM_DICT_OF)
        return NULL;
    const heapy_atom *owner = atom->kind_count ? heapy_kind_atom(atom->kinds[0]) : NULL;
    return !atom->kind_count ? render_heading(&PyDict_Type) : owner ? heading_of_atom(session, owner) : NULL;
}

static bool
renders_alike(PyObject *session, const heapy_kind *kind)
{
    const char *first = NULL;
    for (size_t t = 0; t < heapy_kind_term_count(kind); t++) {
        bool is_complement;
        const heapy_atom *atom =
            heapy_kind_literal_count(kind, t) == 1 ? heapy_kind_literal(kind, t, 0, &is_complement) : NULL;
        const char *heading = atom ? heading_of_atom(session, atom) : NULL;
        if (!heading || (first && strcmp(first, heading) != 0))
            return false;
        first = heading;
    }
    return true;
}

static PyObject *
uniset_get_render(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    module_state *state = state_of_type(Py_TYPE(self));
    bool is_alike = false;
    PyObject *kind = IdentitySet_check(state, self) ? IdentitySet_kind(self) : Py_NewRef(self);
    if (!kind)
        return NULL;
    if (Kind_check(state, kind) && !((Kind *)kind)->added)
        is_alike = renders_alike(((Kind *)kind)->session, ((Kind *)kind)->kind);
    Py_DECREF(kind);
    return PyObject_GetAttrString(self, is_alike ? "_render" : "_render_address");
}

/* ---- classifier, key, comparison (K-120) ---- */

static PyObject *
ckc(PyObject *er, PyObject *key, const char *comparison)
{
    PyObject *classifier = er ? EquivalenceRelation_classifier(er) : NULL;
    PyObject *result = classifier && key ? Py_BuildValue("(OOs)", classifier, key, comparison) : NULL;
    Py_XDECREF(classifier);
    return result;
}

static PyObject *
ckc_of_identity_set(PyObject *self)
{
    PyObject *er = Session_relation(uniset_session(self), HEAPY_BY_IDSET);
    PyObject *nodes = er ? PyObject_GetAttrString(self, "nodes") : NULL;
    PyObject *result = nodes ? ckc(er, nodes, "<=") : NULL;
    Py_XDECREF(er);
    Py_XDECREF(nodes);
    return result;
}

/* Of an expression of several parts: by the first of the parts, or by each. */
static PyObject *
ckc_of_parts(PyObject *self, PyObject *parts, bool is_union)
{
    PyObject *session = uniset_session(self), *er, *key, *result;
    if (is_union) {
        er = EquivalenceRelation_create(session, HEAPY_BY_FIRST_MATCH, parts);
        key = PyLong_FromSsize_t(PyTuple_GET_SIZE(parts));
    } else {
        PyObject *relations = PyTuple_New(PyTuple_GET_SIZE(parts));
        key = PyTuple_New(PyTuple_GET_SIZE(parts));
        for (Py_ssize_t i = 0; relations && key && i < PyTuple_GET_SIZE(parts); i++) {
            PyObject *biper = uniset_biper(PyTuple_GET_ITEM(parts, i), NULL), *zero = PyLong_FromLong(0);
            if (!biper || !zero) {
                Py_XDECREF(biper);
                Py_XDECREF(zero);
                Py_CLEAR(relations);
                break;
            }
            PyTuple_SET_ITEM(relations, i, biper);
            PyTuple_SET_ITEM(key, i, zero);
        }
        er = relations && key ? EquivalenceRelation_create(session, HEAPY_BY_ALL, relations) : NULL;
        Py_XDECREF(relations);
    }
    result = er && key ? ckc(er, key, is_union ? "<" : "==") : NULL;
    Py_XDECREF(er);
    Py_XDECREF(key);
    return result;
}

static PyObject *
ckc_of_complement(PyObject *self, PyObject *opposite)
{
    PyObject *parts = opposite ? PyTuple_Pack(1, opposite) : NULL, *zero = PyLong_FromLong(0);
    PyObject *er =
        parts ? EquivalenceRelation_create(uniset_session(self), HEAPY_BY_FIRST_MATCH, parts) : NULL;
    PyObject *result = er && zero ? ckc(er, zero, "!=") : NULL;
    Py_XDECREF(parts);
    Py_XDECREF(zero);
    Py_XDECREF(er);
    return result;
}

static PyObject *
uniset_get_ckc(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    static const char *const symbols[] = {"==", "<", "<=", ">=", ">"};
    module_state *state = state_of_type(Py_TYPE(self));
    PyObject *session = uniset_session(self);
    if (!session || !Session_is_usable(session))
        return PyErr_Occurred() ? NULL : new_reference_or_error(NULL);
    if (IdentitySet_check(state, self))
        return ckc_of_identity_set(self);
    if (!Kind_check(state, self))
        return PyErr_Format(PyExc_AttributeError, "an equivalence relation is no class of one");
    PyObject *arg = PyObject_GetAttrString(self, "arg"), *result = NULL;
    const heapy_kind *kind = ((Kind *)self)->kind;
    bool is_exact = !((Kind *)self)->added && !((Kind *)self)->removed;
    const heapy_atom *atom = is_exact ? heapy_kind_atom(kind) : NULL;
    if (!arg)
        return NULL;
    if (atom) {
        PyObject *class = atom->comparison == HEAPY_EQ ? Py_NewRef(self) : Py_NewRef(arg);
        PyObject *er = Kind_check(state, class) ? Kind_relation(class) : NULL;
        PyObject *key = atom->comparison == HEAPY_EQ ? Py_NewRef(arg) : PyObject_GetAttrString(class, "arg");
        if (!er && !PyErr_Occurred())
            er = Session_relation(session, HEAPY_BY_CLODO);
        result = key ? ckc(er, key, symbols[atom->comparison]) : NULL;
        Py_XDECREF(er);
        Py_XDECREF(key);
        Py_DECREF(class);
    } else if (!is_exact || heapy_kind_term_count(kind) > 1 || heapy_kind_literal_count(kind, 0) != 1) {
        PyObject *parts =
            PyTuple_Check(arg) && PyTuple_GET_SIZE(arg) && is_exact ? Py_NewRef(arg) : PyTuple_Pack(1, self);
        result = parts ? ckc_of_parts(self, parts, !is_exact || heapy_kind_term_count(kind) > 1) : NULL;
        Py_XDECREF(parts);
    } else {
        result = ckc_of_complement(self, arg);
    }
    Py_DECREF(arg);
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
