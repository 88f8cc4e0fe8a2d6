/* SPDX-License-Identifier: MIT */
/*
 * Relations that hold without a reference: an instance and what its attribute dict has, a mappingproxy and
 * what its dict has, a frame and what its cells have (the rows "asked directly" of the table of relations).
 */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */
#include "cpython/dict_layout.h"
#include "cpython/frame_layout.h"

#include <heapy/reference.h>

/* A relation found: keys are held until it is given out. */
typedef struct found_relation {
    heapy_reference_code code;
    PyObject *relator; /* owned; NULL: the number */
    size_t number;
} found_relation;

typedef struct found_relations {
    found_relation *items;
    size_t count, capacity;
} found_relations;

static bool
add(found_relations *found, heapy_reference_code code, PyObject *relator, size_t number)
{
    found_relation *items = heapy_grow(found->items, found->count, &found->capacity, sizeof *items);
    if (!items)
        return false;
    found->items = items;
    items[found->count++] = (found_relation){code, Py_XNewRef(relator), number};
    return true;
}

/* Where the target is a value or a key of a dict. */
static bool
look_in_dict(found_relations *found, PyObject *dict, const PyObject *target, heapy_reference_code of_value,
             heapy_reference_code of_key)
{
    dict_entries e = dict_entries_of(dict);
    PyObject *const *key = e.keys, *const *value = e.values;
    size_t number = 0;
    for (Py_ssize_t i = 0; i < e.count; i++, key += e.key_stride, value += e.value_stride) {
        if (!*value)
            continue;
        if ((*value == target && !add(found, of_value, *key, 0)) ||
            (*key == target && !add(found, of_key, NULL, number)))
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
look(capture *c, found_relations *found, PyObject *source, const PyObject *target)
{
    const type_record *record = capture_record(c, Py_TYPE(source));
    if (!record || record->is_unsound)
        return record;
    if (record->content == CONTENT_FRAME)
        return look_in_cells(c, found, source, target);
    PyObject *mapping = Py_TYPE(source) == &PyDictProxy_Type ? *((PyObject **)source + 2) : NULL;
    if (mapping)
        return !PyDict_Check(mapping) || look_in_dict(found, mapping, target, HEAPY_REFERENCE_INDEX, HEAPY_REFERENCE_KEY);
    PyObject *dict = record->content == CONTENT_TYPE ? NULL : capture_dict_of(c, source, record);
    return !dict || !PyDict_Check(dict) ||
           look_in_dict(found, dict, target, HEAPY_REFERENCE_ATTRIBUTE, HEAPY_REFERENCE_ATTRIBUTE_NAME);
}

int
capture_direct_relations(const capture_view *view, PyObject *source, const PyObject *target,
                         int (*give)(void *context, int code, PyObject *relator), void *context)
{
    capture c;
    found_relations found = {0};
    capture_init(&c, view);
    int result = capture_begin_with_roots(&c);
    if (!result && !look(&c, &found, source, target)) {
        PyErr_NoMemory();
        result = -1;
    }
    capture_deinit(&c);
    for (size_t i = 0; i < found.count; i++) {
        PyObject *relator = found.items[i].relator;
        if (!relator)
            relator = result ? NULL : PyLong_FromSize_t(found.items[i].number);
        if (!result)
            result = relator ? give(context, (int)found.items[i].code, relator) : -1;
        Py_XDECREF(relator);
    }
    heapy_free(found.items);
    return result;
}
