/* SPDX-License-Identifier: MIT */
/* Selecting asks the source's shortcut for types first, and of what is left a snapshot (K-41, K-45, K-46). */
#include "types/source_select.h"

#include "live/errors.h"
#include "live/held_objects.h"
#include "types/own_object.h"
#include "types/source.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/kind.h>
#include <heapy/memory.h>
#include <heapy/node_set.h>
#include <heapy/status.h>

/* Everything a kind asks for. */
static heapy_address_map *
select_in_snapshot(PyObject *session, const heapy_kind *kind, const heapy_address_map *map)
{
    heapy_node_set *chosen = NULL;
    heapy_address_map *selected = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    snapshot_members members = {0};
    PyObject *taken = source_take(session, map, heapy_kind_needs(kind));
    const heapy_snapshot *snapshot = NULL;
    if (taken)
        snapshot = Snapshot_get(taken);
    if (snapshot && members_init(&members, snapshot, map) == 0) {
        heapy_status status = heapy_kind_select(kind, snapshot, members_or_all(&members), &chosen, &err);
        if (!status)
            status = heapy_address_map_subset(map, heapy_node_set_words(chosen), &selected, &err);
        if (status)
            raise_heapy_error(&err);
    }
    members_deinit(&members);
    heapy_node_set_destroy(chosen);
    Py_XDECREF(taken);
    return selected;
}

/* Where a look at the types leaves few, the rest is looked at in those alone.  held: where the shortcut puts
   what it holds already, in place of what is returned; NULL: nowhere. */
static heapy_address_map *
select_perhaps_held(PyObject *session, const heapy_kind *kind, const heapy_address_map *map,
                    held_objects **held)
{
    const source_methods *source = source_of(session);
    heapy_address_map *candidates = NULL, *selected;
    bool is_exact = false;
    int result = -1;
    if (source)
        result =
            source->narrow ? source->narrow(session, kind, map, held, &candidates, &is_exact) : NO_SHORTCUT;
    if (result < 0 || is_exact)
        return candidates;
    selected = select_in_snapshot(session, kind, candidates ? candidates : map);
    heapy_address_map_destroy(candidates);
    return selected;
}

heapy_address_map *
select_objects(PyObject *session, const heapy_kind *kind, const heapy_address_map *map)
{
    return select_perhaps_held(session, kind, map, NULL);
}

/* Put those of `map` that LiveObjects have into *selected. */
static int
add_exceptions(heapy_address_map **selected, const heapy_address_map *map, PyObject *objects)
{
    const heapy_address_map *added = LiveObjects_map(objects);
    if (!added)
        return -1;
    heapy_address_map *common = combine_maps(map, added, HEAPY_INTERSECTION);
    if (!common)
        return -1;
    int result = combine_into(selected, common, HEAPY_UNION);
    heapy_address_map_destroy(common);
    return result;
}

/* Take what LiveObjects have from *selected. */
static int
remove_exceptions(heapy_address_map **selected, PyObject *objects)
{
    const heapy_address_map *removed = LiveObjects_map(objects);
    if (!removed)
        return -1;
    return combine_into(selected, removed, HEAPY_DIFFERENCE);
}

heapy_address_map *
Kind_select(PyObject *object, const heapy_address_map *map)
{
    Kind *self = (Kind *)object;
    if (!Session_is_usable(self->session))
        return NULL;
    heapy_address_map *selected = select_objects(self->session, self->kind, map);
    if (!selected)
        return NULL;
    if (self->added && add_exceptions(&selected, map, self->added) < 0)
        goto failed;
    if (self->removed && remove_exceptions(&selected, self->removed) < 0)
        goto failed;
    return selected;
failed:
    heapy_address_map_destroy(selected);
    return NULL;
}

PyObject *
Kind_select_objects(PyObject *object, const heapy_address_map *map)
{
    Kind *self = (Kind *)object;
    heapy_address_map *selected;
    held_objects *held = NULL;
    if (self->session && !self->added && !self->removed && Session_is_usable(self->session))
        selected = select_perhaps_held(self->session, self->kind, map, &held);
    else
        selected = PyErr_Occurred() ? NULL : Kind_select(object, map);
    if (held)
        return LiveObjects_wrap(self->session, held);
    if (!selected)
        return NULL;
    return LiveObjects_keep(self->session, selected);
}
