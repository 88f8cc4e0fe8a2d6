/* SPDX-License-Identifier: MIT */
/* Comparisons of sets: the expressions say what is certain, the objects that they name the rest (K-40 to
 * K-49e). */
#include "types/uniset_comparisons.h"

#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/uniset_parts.h"

#include <heapy/address_map.h>
#include <heapy/kind.h>

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

int
uniset_holds(PyObject *a, PyObject *b, int operation)
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

static Py_hash_t
hash_of_identity_set(PyObject *set)
{
    const heapy_address_map *map = IdentitySet_map(set);
    if (!map)
        return -1;
    return address_map_hash(map);
}

Py_hash_t
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
