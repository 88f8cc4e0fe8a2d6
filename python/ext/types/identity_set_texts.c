/* SPDX-License-Identifier: MIT */
/* Identity sets as texts: a page of their table, in one line, and the texts of their members (P-67). */
#include "types/identity_set_texts.h"

#include "live/errors.h"
#include "live/guard.h"
#include "live/text.h"
#include "types/classified.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/kind_render.h"
#include "types/own_object.h"
#include "types/set_table.h"
#include "types/source.h"
#include "types/type_printer.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <heapy/address_map.h>
#include <heapy/partition.h>
#include <heapy/set_brief.h>
#include <heapy/status.h>

PyObject *
IdentitySet_repr(PyObject *self)
{
    if (!IdentitySet_is_empty(self))
        return render_page(self, 0, true, false);
    PyObject *prefix = Session_prefix(((IdentitySet *)self)->session);
    if (!prefix)
        return NULL;
    PyObject *text = PyUnicode_FromFormat("%UNothing", prefix);
    Py_DECREF(prefix);
    return text;
}

PyObject *
IdentitySet_str(PyObject *self)
{
    if (IdentitySet_is_empty(self))
        return PyUnicode_FromString("<Nothing>");
    return IdentitySet_repr(self);
}

static PyObject *
brief_of_partition(PyObject *session, const heapy_snapshot *snapshot, const snapshot_members *members,
                   const heapy_partition *partition)
{
    heapy_error err = HEAPY_ERROR_INIT;
    char *text = NULL;
    const heapy_kind_writer writer = brief_writer(session);
    Py_ssize_t limit = ((Session *)session)->settings.max_summary_length;
    if (heapy_set_brief(snapshot, members_or_all(members), partition, &writer, limit > 0 ? (size_t)limit : 0,
                        &text, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    return text_taken_over(text, SIZE_MAX);
}

static PyObject *
brief_of_objects(classified *of)
{
    const heapy_snapshot *snapshot = Snapshot_get(of->taken);
    if (!snapshot)
        return NULL;
    heapy_partition *partition = classified_partition(of);
    if (!partition)
        return NULL;
    PyObject *text = brief_of_partition(of->session, snapshot, &of->members, partition);
    heapy_partition_destroy(partition);
    return text;
}

static PyObject *
brief_of_now(PyObject *er, PyObject *objects)
{
    classified of;
    if (classified_init(&of, er, objects, HEAPY_NEEDS_SIZES | needs_of_texts(er)) < 0)
        return NULL;
    PyObject *text = brief_of_objects(&of);
    classified_deinit(&of);
    return text;
}

/* The same by the classes of then; only what the objects are called is looked at. */
static PyObject *
brief_of_moment(IdentitySet *self, PyObject *er, const heapy_partition *partition)
{
    const heapy_address_map *map = IdentitySet_map((PyObject *)self);
    if (!map)
        return NULL;
    taken_members taken;
    if (taken_members_init(&taken, self->session, map, needs_of_texts(er)) < 0)
        return NULL;
    PyObject *text = brief_of_partition(self->session, taken.snapshot, &taken.members, partition);
    taken_members_deinit(&taken);
    return text;
}

PyObject *
IdentitySet_brief(PyObject *set)
{
    IdentitySet *self = (IdentitySet *)set;
    if (IdentitySet_is_empty(set))
        return PyUnicode_FromString("<Nothing>");
    if (!self->er || !self->objects)
        return new_reference_or_error(NULL);
    /* By identity every object is a class of its own: their kinds say it better. */
    heapy_classifier_form by = form_of(self->er);
    PyObject *er, *text;
    if (by == HEAPY_BY_ID || by == HEAPY_BY_IDSET)
        er = Session_relation(self->session, HEAPY_BY_CLODO);
    else
        er = Py_NewRef(self->er);
    if (!er)
        return NULL;
    guard objects = guard_begin(self->objects);
    const heapy_partition *moment = IdentitySet_moment(set);
    if (moment)
        text = brief_of_moment(self, er, moment);
    else
        text = brief_of_now(er, objects.kept);
    guard_end(&objects);
    Py_DECREF(er);
    return text;
}

/* The text of a member: its address, or what a brief says of it, or that without the owner of an attribute
 * dict. */
static PyObject *
item_text(const heapy_snapshot *snapshot, const snapshot_members *members, size_t i, bool shows_addresses,
          bool shows_owners)
{
    heapy_node node = members->numbers ? members->numbers[i] : (heapy_node)i;
    heapy_error err = HEAPY_ERROR_INIT;
    char *text;
    if (shows_addresses)
        return PyUnicode_FromFormat("%p", (void *)heapy_snapshot_address(snapshot, node));
    if (!(shows_owners ? heapy_snapshot_brief(snapshot, node, &text, &err)
                       : heapy_snapshot_text(snapshot, node, HEAPY_TEXT_ROW, &text, &err)))
        return text_taken_over(text, SIZE_MAX);
    raise_heapy_error(&err);
    return NULL;
}

/* The texts of members in order of address while they fit into `room` characters, the last one with dots if
   there are more; sorted and joined (P-67). */
static PyObject *
items_that_fit(const heapy_snapshot *snapshot, const snapshot_members *members, size_t count,
               bool shows_addresses, bool shows_owners, Py_ssize_t room)
{
    PyObject *items = PyList_New(0);
    Py_ssize_t length = 0;
    for (size_t i = 0; items && i < count; i++) {
        PyObject *text = item_text(snapshot, members, i, shows_addresses, shows_owners);
        bool fits = text && (!i || length + PyUnicode_GET_LENGTH(text) + 2 < room);
        if (text && !fits) {
            PyObject *last = PyList_GET_ITEM(items, PyList_GET_SIZE(items) - 1);
            Py_SETREF(text, PyUnicode_FromFormat("%U...", last));
        }
        if (text)
            length += PyUnicode_GET_LENGTH(text) + 2;
        int failed = -1;
        if (fits)
            failed = PyList_Append(items, text);
        else if (text)
            failed = PyList_SetItem(items, PyList_GET_SIZE(items) - 1, Py_NewRef(text));
        if (failed)
            Py_CLEAR(items);
        Py_XDECREF(text);
        if (!fits)
            break;
    }
    if (items && PyList_Sort(items) < 0)
        Py_CLEAR(items);
    return join_texts(items, ", ");
}

PyObject *
IdentitySet_items(PyObject *set, PyObject *args)
{
    IdentitySet *self = (IdentitySet *)set;
    int shows_addresses, shows_owners;
    Py_ssize_t room;
    if (!PyArg_ParseTuple(args, "ppn:_items", &shows_addresses, &shows_owners, &room))
        return NULL;
    const heapy_address_map *map = IdentitySet_map(set);
    if (!map)
        return NULL;
    unsigned needs = 0;
    if (shows_owners && !shows_addresses)
        needs = HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_OWNER_TEXTS;
    PyObject *text = NULL;
    guard objects = guard_begin(self->objects);
    taken_members taken;
    if (taken_members_init(&taken, self->session, map, needs) == 0) {
        text = items_that_fit(taken.snapshot, &taken.members, heapy_address_map_count(map), shows_addresses,
                              shows_owners, room);
        taken_members_deinit(&taken);
    }
    guard_end(&objects);
    return text;
}
