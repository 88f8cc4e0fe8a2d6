/* SPDX-License-Identifier: MIT */
/*
 * Relations that hold without a reference: an instance and what its attribute dict has, a mappingproxy and
 * what its dict has, a frame and what its cells have (the rows "asked directly" of the table of relations).
 */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "capture/capture_relate.h"
#include "cpython/dict_layout.h"
#include "cpython/frame_layout.h"

static bool
add(found_relations *found, heapy_reference_code code, PyObject *relator, size_t number)
{
    found_relation *items = heapy_grow(found->items, found->count, &found->capacity, sizeof *items);
    if (!items)
        return false;
    found->items = items;
    items[found->count++] = (found_relation){code, relator, number};
    return true;
}

/* Where the target is a value or a key of a dict. */
static bool
look_in_dict(found_relations *found, PyObject *dict, const PyObject *target, heapy_reference_code of_value,
             heapy_reference_code of_key)
{
    dict_entries e = dict_entries_of(dict);
    size_t number = 0;
    for (Py_ssize_t i = 0, n = dict_iteration_count(&e); i < n; i++) {
        size_t place = dict_iteration_place(&e, i);
        PyObject *key = e.keys[place * e.key_stride], *value = e.values[place * e.value_stride];
        if (!value)
            continue;
        if ((value == target && !add(found, of_value, key, 0)) ||
            (key == target && !add(found, of_key, NULL, number)))
            return false;
        number++;
    }
    return true;
}

static bool
look_in_cells(const capture *c, found_relations *found, PyObject *frame, const PyObject *target)
{
    frame_view v = frame_view_of(frame, heapy_address_map_contains(c->running, (uintptr_t)frame));
    for (Py_ssize_t i = 0; i < v.local_count; i++) {
        PyObject *cell = slot_object(v.locals[i]), *name = frame_local_name(&v, i);
        if (cell && name && PyCell_Check(cell) && PyCell_GET(cell) == target &&
            !add(found, HEAPY_REFERENCE_CELL, name, 0))
            return false;
    }
    return true;
}

static bool
look_at(capture *c, found_relations *found, PyObject *source, const PyObject *target)
{
    const type_record *record = capture_record(c, Py_TYPE(source));
    if (!record || record->is_unsound)
        return record;
    if (record->content == CONTENT_FRAME)
        return look_in_cells(c, found, source, target);
    PyObject *mapping = NULL;
    if (Py_TYPE(source) == &PyDictProxy_Type)
        mapping = *(PyObject **)(source + 1);
    if (mapping)
        return !PyDict_Check(mapping) ||
               look_in_dict(found, mapping, target, HEAPY_REFERENCE_INDEX, HEAPY_REFERENCE_KEY);
    PyObject *dict = NULL;
    if (record->content != CONTENT_TYPE)
        dict = capture_dict_of(c, source, record);
    return !dict || !PyDict_Check(dict) ||
           look_in_dict(found, dict, target, HEAPY_REFERENCE_ATTRIBUTE, HEAPY_REFERENCE_ATTRIBUTE_NAME);
}

heapy_status
capture_find_direct_relations(capture *c, PyObject *source, const PyObject *target, found_relations *out,
                              heapy_error *err)
{
    return capture_status(c, look_at(c, out, source, target), err);
}
