/* SPDX-License-Identifier: MIT */
/* Operators of sets: by their parts, and where it is simpler by what they are (K-40 to K-49e). */
#include "types/uniset_operators.h"

#include "live/errors.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/type_kind.h"
#include "types/uniset_operands.h"
#include "types/uniset_parts.h"

#include <heapy/address_map.h>
#include <heapy/kind.h>
#include <heapy/status.h>

/* The set of an expression (taken over) in which, of `objects`, exactly `members` (taken over) are. */
static PyObject *
wrap_exactly(PyObject *session, const heapy_kind *kind, const heapy_address_map *objects,
             heapy_address_map *members)
{
    heapy_address_map *in_kind = select_named(session, kind, objects), *added = NULL, *removed = NULL;
    PyObject *result = NULL;
    if (!in_kind)
        goto done;
    added = combine_maps(members, in_kind, HEAPY_DIFFERENCE);
    if (!added)
        goto done;
    removed = combine_maps(in_kind, members, HEAPY_DIFFERENCE);
    if (!removed)
        goto done;
    result = Kind_wrap(session, kind, added, removed); /* takes these three over */
    added = NULL;
    kind = NULL;
done:
    heapy_address_map_destroy(members);
    heapy_address_map_destroy(in_kind);
    heapy_address_map_destroy(added);
    heapy_kind_release(kind);
    return result;
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
    heapy_address_map *objects, *members = combine_named(a, b, operation, &objects);
    if (!members) {
        heapy_kind_release(kind);
        return NULL;
    }
    PyObject *result = wrap_exactly(a->session, kind, objects, members);
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
    PyObject *nothing = a_is_nothing ? a : b, *other = a_is_nothing ? b : a;
    if (operation == HEAPY_INTERSECTION || (operation == HEAPY_DIFFERENCE && a_is_nothing))
        return Py_NewRef(nothing);
    if (IdentitySet_check(state, other))
        return NULL;
    return Py_NewRef(other);
}

/* The relation of what is alike by both. */
static PyObject *
intersect_relations(PyObject *a, PyObject *b)
{
    PyObject *pair = PyTuple_Pack(2, a, b);
    if (!pair)
        return NULL;
    PyObject *result = EquivalenceRelation_and(uniset_session(a), pair);
    Py_DECREF(pair);
    return result;
}

/* The members of an identity set that are not in a kind. */
static PyObject *
subtract_kind(PyObject *set, PyObject *kind)
{
    PyObject *members = IdentitySet_select(set, kind);
    if (!members)
        return NULL;
    PyObject *result = IdentitySet_combine(set, members, HEAPY_DIFFERENCE);
    Py_DECREF(members);
    return result;
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
        EquivalenceRelation_check(state, b))
        return intersect_relations(a, b);
    if (operation == HEAPY_INTERSECTION && a_is_finite && Kind_check(state, b))
        return IdentitySet_select(a, b);
    if (operation == HEAPY_INTERSECTION && b_is_finite && Kind_check(state, a))
        return IdentitySet_select(b, a);
    if (operation == HEAPY_DIFFERENCE && a_is_finite && Kind_check(state, b))
        return subtract_kind(a, b);
    set_pair sets;
    if (set_pair_init(&sets, a, b) == 0)
        result = combine_parts(&sets.a, &sets.b, operation);
    set_pair_deinit(&sets);
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
    heapy_status status = heapy_kind_complement(parts.kind, &kind, &err);
    heapy_kind_release(parts.kind);
    if (status) {
        raise_heapy_error(&err);
        return NULL;
    }
    if (parts.removed && !(added = combine_maps(parts.removed, parts.removed, HEAPY_UNION)))
        goto failed;
    if (parts.added && !(removed = combine_maps(parts.added, parts.added, HEAPY_UNION)))
        goto failed;
    return Kind_wrap(parts.session, kind, added, removed);
failed:
    heapy_kind_release(kind);
    heapy_address_map_destroy(added);
    heapy_address_map_destroy(removed);
    return NULL;
}
