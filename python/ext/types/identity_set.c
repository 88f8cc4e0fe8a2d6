/* SPDX-License-Identifier: MIT */
/*
 * Identity sets, made and combined: what everything that gives a set calls (type_identity_set.c: the type).
 */
#include "types/identity_set.h"

#include "capture/own_object_head.h"
#include "live/errors.h"
#include "live/guard.h"
#include "live/held_objects.h"
#include "types/classified.h"
#include "types/equivalence_relation.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"
#include "types/set_table.h"
#include "types/source.h"
#include "types/source_select.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"

#include <heapy/address_map.h>
#include <heapy/classify.h>
#include <heapy/kind.h>
#include <heapy/partition.h>
#include <heapy/status.h>

const heapy_address_map *
IdentitySet_map(PyObject *set)
{
    return LiveObjects_map(((IdentitySet *)set)->objects);
}

PyObject *
IdentitySet_new(PyObject *session, PyObject *live_objects, PyObject *er)
{
    module_state *state = state_of_type(Py_TYPE(session));
    const heapy_address_map *map = LiveObjects_map(live_objects);
    PyObject **nothing = &((Session *)session)->nothing;
    if (!map)
        return NULL;
    size_t count = heapy_address_map_count(map);
    PyObject *known = NULL;
    if (!count)
        known = remembered(nothing);
    if (known)
        return known;
    PyTypeObject *type = count == 1 ? state->identity_set_singleton_type : state->identity_set_multi_type;
    IdentitySet *self = own_object_new(type, tag_of(session));
    if (!self)
        return NULL;
    self->session = Py_NewRef(session);
    self->objects = Py_NewRef(live_objects);
    if (er && count)
        self->er = Py_NewRef(er);
    else
        self->er = Session_relation(session, HEAPY_BY_CLODO);
    if (!self->er)
        Py_CLEAR(self);
    else if (!count)
        remember(nothing, &self->remembered, (PyObject *)self);
    return (PyObject *)self;
}

PyObject *
IdentitySet_share(PyObject *session, PyObject *live_objects, PyObject *er)
{
    PyObject *self = IdentitySet_new(session, live_objects, er);
    if (self && er && !IdentitySet_is_empty(self) && IdentitySet_look(self) < 0)
        Py_CLEAR(self);
    return self;
}

PyObject *
IdentitySet_share_only(PyObject *session, PyObject *objects, PyObject *er)
{
    if (!objects)
        return NULL;
    PyObject *set = IdentitySet_share(session, objects, er);
    Py_DECREF(objects);
    return set;
}

PyObject *
IdentitySet_wrap(PyObject *session, held_objects *held, PyObject *er)
{
    return IdentitySet_share_only(session, LiveObjects_wrap(session, held), er);
}

PyObject *
IdentitySet_keep(PyObject *session, heapy_address_map *map, PyObject *er)
{
    return IdentitySet_share_only(session, LiveObjects_keep(session, map), er);
}

PyObject *
IdentitySet_of_nodes(PyObject *session, PyObject *node_set)
{
    return IdentitySet_share_only(session, NodeSet_objects(session, node_set), NULL);
}

PyObject *
IdentitySet_of_object(PyObject *session, PyObject *object)
{
    held_objects *held = hold_objects(&object, 1);
    if (!held)
        return NULL;
    return IdentitySet_wrap(session, held, NULL); /* of a session whose objects are elsewhere: ValueError */
}

PyObject *
IdentitySet_combine(PyObject *a, PyObject *b, heapy_set_operation operation)
{
    const heapy_address_map *left = IdentitySet_map(a);
    if (!left)
        return NULL;
    const heapy_address_map *right = IdentitySet_map(b);
    if (!right)
        return NULL;
    heapy_address_map *result = combine_maps(left, right, operation);
    if (!result)
        return NULL;
    PyObject *session = ((IdentitySet *)a)->session;
    if (operation != HEAPY_UNION)
        return IdentitySet_keep(session, result, NULL);
    PyObject *objects =
        LiveObjects_unite(session, result, ((IdentitySet *)a)->objects, ((IdentitySet *)b)->objects);
    return IdentitySet_share_only(session, objects, NULL);
}

PyObject *
IdentitySet_select(PyObject *set, PyObject *kind)
{
    const heapy_address_map *map = IdentitySet_map(set);
    if (!map)
        return NULL;
    guard objects = guard_begin(((IdentitySet *)set)->objects);
    PyObject *result =
        IdentitySet_share_only(((IdentitySet *)set)->session, Kind_select_objects(kind, map), NULL);
    guard_end(&objects);
    return result;
}

bool
IdentitySet_is_empty(PyObject *set)
{
    PyObject *objects = ((IdentitySet *)set)->objects;
    if (!objects)
        return false;
    const heapy_address_map *map = LiveObjects_known_map(objects);
    return map && !heapy_address_map_count(map);
}

PyObject *
IdentitySet_by(PyObject *set, PyObject *er)
{
    IdentitySet *self = (IdentitySet *)set;
    if (!self->er || !self->objects)
        return new_reference_or_error(NULL);
    er = EquivalenceRelation_in(self->session, er);
    if (!er)
        return NULL;
    PyObject *result;
    if (EquivalenceRelation_equal(self->er, er) || IdentitySet_is_empty(set))
        result = Py_NewRef(set);
    else
        result = IdentitySet_share(self->session, self->objects, er);
    Py_DECREF(er);
    return result;
}

PyObject *
IdentitySet_by_basic(PyObject *set, heapy_classifier_form form)
{
    PyObject *er = Session_relation(((IdentitySet *)set)->session, form);
    if (!er)
        return NULL;
    PyObject *result = IdentitySet_by(set, er);
    Py_DECREF(er);
    return result;
}

static PyObject *
kind_of_classes(PyObject *session, const heapy_classes *classes)
{
    const heapy_kind *kind;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_classes_kind(classes, &kind, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    PyObject *result = set_of_expression(session, kind);
    heapy_kind_release(kind);
    return result;
}

PyObject *
IdentitySet_kind(PyObject *set)
{
    IdentitySet *self = (IdentitySet *)set;
    if (!self->objects || !self->er)
        return new_reference_or_error(NULL);
    if (IdentitySet_is_empty(set))
        return Py_NewRef(set);
    if (form_of(self->er) == HEAPY_BY_IDSET)
        return IdentitySet_share(self->session, self->objects, NULL);
    const heapy_partition *moment = IdentitySet_moment(set);
    if (moment)
        return kind_of_classes(self->session, heapy_partition_classes(moment));
    classified of;
    if (classified_init(&of, self->er, self->objects, 0) < 0)
        return NULL;
    PyObject *result = kind_of_classes(self->session, of.classes);
    classified_deinit(&of);
    return result;
}

PyObject *
IdentitySet_owners(PyObject *set)
{
    IdentitySet *self = (IdentitySet *)set;
    const heapy_address_map *map = IdentitySet_map(set);
    if (!map)
        return NULL;
    taken_members taken;
    if (taken_members_init(&taken, self->session, map, HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_OWNER_TEXTS) < 0)
        return NULL;
    PyObject *result = NULL;
    heapy_address_map *owners = owners_in_snapshot(taken.snapshot, members_or_all(&taken.members));
    if (owners)
        result = IdentitySet_keep(self->session, owners, NULL);
    taken_members_deinit(&taken);
    return result;
}
