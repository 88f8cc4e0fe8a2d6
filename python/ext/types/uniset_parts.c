/* SPDX-License-Identifier: MIT */
/* Sets as an expression and its exceptions (K-40 to K-49e). */
#include "types/uniset_parts.h"

#include "live/errors.h"
#include "live/held_objects.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/own_object.h"
#include "types/source.h"
#include "types/source_select.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/uniset_operands.h"

#include <heapy/address_map.h>
#include <heapy/kind.h>
#include <heapy/status.h>

int
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
        if (heapy_kind_union_of_disjoint(NULL, 0, &out->kind, &err))
            return raise_heapy_error(&err);
        return 0;
    }
    if (EquivalenceRelation_check(state, set)) {
        out->kind = expression_of_set(set);
        if (!out->kind)
            return -1;
        return 0;
    }
    const Kind *kind = (const Kind *)set;
    if (kind->added && !(out->added = LiveObjects_map(kind->added)))
        return -1;
    if (kind->removed && !(out->removed = LiveObjects_map(kind->removed)))
        return -1;
    out->kind = heapy_kind_retain(kind->kind);
    return 0;
}

int
set_pair_init(set_pair *out, PyObject *a, PyObject *b)
{
    *out = (set_pair){.a = {0}};
    if (set_parts_init(&out->a, a) < 0)
        return -1;
    return set_parts_init(&out->b, b);
}

void
set_pair_deinit(set_pair *pair)
{
    heapy_kind_release(pair->a.kind);
    heapy_kind_release(pair->b.kind);
}

/* The same where `other` may be NULL, which is nothing to do. */
static int
apply_map(heapy_address_map **map, const heapy_address_map *other, heapy_set_operation operation)
{
    if (!other)
        return 0;
    return combine_into(map, other, operation);
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

heapy_address_map *
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

heapy_address_map *
combine_named(const set_parts *a, const set_parts *b, heapy_set_operation operation,
              heapy_address_map **objects)
{
    heapy_address_map *all = named_objects(a, b), *left = NULL, *right = NULL, *result = NULL;
    if (!all)
        return NULL;
    left = members_among(a, all);
    if (!left)
        goto done;
    right = members_among(b, all);
    if (!right)
        goto done;
    result = combine_maps(left, right, operation);
done:
    heapy_address_map_destroy(left);
    heapy_address_map_destroy(right);
    if (result)
        *objects = all;
    else
        heapy_address_map_destroy(all);
    return result;
}
