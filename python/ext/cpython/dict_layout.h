/* SPDX-License-Identifier: MIT */
/* The entries of a dict, read in place (Objects/dictobject.c). */
#ifndef HEAPY_DICT_LAYOUT_H
#define HEAPY_DICT_LAYOUT_H

#include "cpython/internals.h"

#include <stdint.h>

#if PY_VERSION_HEX < 0x030B0000
/* Objects/dict-common.h of 3.10, which is not installed. */
typedef struct {
    Py_hash_t me_hash;
    PyObject *me_key;
    PyObject *me_value;
} PyDictKeyEntry;

struct _dictkeysobject {
    Py_ssize_t dk_refcnt;
    Py_ssize_t dk_size;
    void *dk_lookup; /* a function that tells what keys there are */
    Py_ssize_t dk_usable;
    Py_ssize_t dk_nentries;
    char dk_indices[];
};
#endif

typedef struct _dictkeysobject heapy_dict_keys;

/*
 * The entries of a dict: `stride` words apart, `count` of them, absent ones included.  An entry is absent
 * when its value is NULL.  The value of entry i is values[i * value_stride].
 */
typedef struct dict_entries {
    Py_ssize_t count;
    PyObject *const *keys;
    size_t key_stride;
    PyObject *const *values;
    size_t value_stride;
    bool keys_are_str; /* every key is an exact str */

    /* Where instances share their keys (3.11 on), the order of iteration is the dict's own: entry number
       order[0], order[order_step], ... order_count of them.  NULL: that of the entries. */
    const uint8_t *order;
    Py_ssize_t order_step, order_count;
} dict_entries;

static inline dict_entries
dict_entries_of(PyObject *dict)
{
    PyDictObject *d = (PyDictObject *)dict;
    heapy_dict_keys *k = d->ma_keys;
    dict_entries e = {.count = k->dk_nentries};
    if (!e.count) /* the keys of an empty dict are a constant whose entries are not even aligned */
        return e;
#if PY_VERSION_HEX < 0x030B0000
    size_t index_bytes = k->dk_size <= 0xff ? 1 : k->dk_size <= 0xffff ? 2 : k->dk_size <= 0xffffffff ? 4 : 8;
    PyDictKeyEntry *entries = (PyDictKeyEntry *)(void *)(k->dk_indices + (size_t)k->dk_size * index_bytes);
    e.keys = &entries->me_key;
    e.key_stride = sizeof *entries / sizeof(PyObject *);
    e.values = &entries->me_value;
    e.value_stride = e.key_stride;
    if (d->ma_values) {
        e.values = d->ma_values;
        e.value_stride = 1;
        e.keys_are_str = true;
    }
#else
    if (k->dk_kind == DICT_KEYS_GENERAL) {
        PyDictKeyEntry *entries = DK_ENTRIES(k);
        e.keys = &entries->me_key;
        e.key_stride = sizeof *entries / sizeof(PyObject *);
        e.values = &entries->me_value;
    } else {
        PyDictUnicodeEntry *entries = DK_UNICODE_ENTRIES(k);
        e.keys = &entries->me_key;
        e.key_stride = sizeof *entries / sizeof(PyObject *);
        e.values = &entries->me_value;
        e.keys_are_str = true;
    }
    e.value_stride = e.key_stride;
    if (d->ma_values) {
        e.values = d->ma_values->values;
        e.value_stride = 1;
#if PY_VERSION_HEX >= 0x030D0000
        e.order = (const uint8_t *)&d->ma_values->values[d->ma_values->capacity];
        e.order_step = 1;
        e.order_count = d->ma_values->size;
#else
        const uint8_t *values =
            (const uint8_t *)d->ma_values; /* before it: its size, then the order, backwards */
        e.order = values - 3;
        e.order_step = -1;
        e.order_count = values[-2];
#endif
    }
#endif
    return e;
}

/* What dict.__sizeof__ says.  Takes no lock: where dicts have some, a thread that is stopped may hold it. */
static inline size_t
dict_size(PyObject *dict)
{
#ifdef Py_GIL_DISABLED
    /* It adds up what sizeof_lock_held, shared_keys_usable_size and _PyDict_KeysSize do
     * (Objects/dictobject.c). */
    const PyDictObject *d = (PyDictObject *)dict;
    const heapy_dict_keys *k = d->ma_keys;
    size_t size = (size_t)Py_TYPE(dict)->tp_basicsize;
    if (d->ma_values)
        size += (size_t)(k->dk_nentries + k->dk_usable) * sizeof(PyObject *);
    if (k->dk_refcnt != 1)
        return size;
    size_t entry = k->dk_kind == DICT_KEYS_GENERAL ? sizeof(PyDictKeyEntry) : sizeof(PyDictUnicodeEntry);
    return size + sizeof *k + ((size_t)1 << k->dk_log2_index_bytes) + ((size_t)DK_SIZE(k) << 1) / 3 * entry;
#else
    return (size_t)_PyDict_SizeOf((PyDictObject *)dict);
#endif
}

/* Entries in the order of iteration: how many, absent ones included, and where entry `i` is. */
static inline Py_ssize_t
dict_iteration_count(const dict_entries *e)
{
    return e->order ? e->order_count : e->count;
}

static inline size_t
dict_iteration_place(const dict_entries *e, Py_ssize_t i)
{
    size_t place = e->order ? e->order[i * e->order_step] : (size_t)i;
    return place < (size_t)e->count ? place : 0;
}

/* The value of an exact-str key equal to `name` (interned), or NULL; borrowed.  Compares no other keys, so
   runs no __eq__.  O(entries). */
static inline PyObject *
dict_find_name(PyObject *dict, PyObject *name)
{
    dict_entries e = dict_entries_of(dict);
    for (Py_ssize_t i = 0; i < e.count; i++) {
        PyObject *key = e.keys[(size_t)i * e.key_stride], *value = e.values[(size_t)i * e.value_stride];
        if (!key || !value)
            continue;
        if (key == name || (PyUnicode_CheckExact(key) && !PyUnicode_CHECK_INTERNED(key) &&
                            PyUnicode_Compare(key, name) == 0))
            return value;
    }
    return NULL;
}

/* The keys of a dict that are not all str, on which CPython's own traversal visits keys as well. */
static inline bool
dict_traverse_visits_keys(PyObject *dict, const void *general_lookup)
{
#if PY_VERSION_HEX < 0x030B0000
    return ((PyDictObject *)dict)->ma_keys->dk_lookup == general_lookup;
#else
    (void)general_lookup;
    return ((PyDictObject *)dict)->ma_keys->dk_kind == DICT_KEYS_GENERAL;
#endif
}

/* Is an instance of `type` a dict struct?  Subclasses of dict, and from 3.15 on frozendict, which is none. */
static inline bool
type_has_dict_struct(PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030F0000
    if (PyType_IsSubtype(type, &PyFrozenDict_Type))
        return true;
#endif
    return PyType_HasFeature(type, Py_TPFLAGS_DICT_SUBCLASS);
}

/* Does this traversal give a dict's entries and nothing else? */
static inline bool
is_dict_traverse(traverseproc traverse)
{
#if PY_VERSION_HEX >= 0x030F0000
    if (traverse == PyFrozenDict_Type.tp_traverse)
        return true;
#endif
    return traverse == PyDict_Type.tp_traverse;
}

/* What dict_traverse_visits_keys needs on 3.10: the lookup function of a dict with an int key. */
static inline const void *
dict_lookup_of(PyObject *dict)
{
#if PY_VERSION_HEX < 0x030B0000
    return ((PyDictObject *)dict)->ma_keys->dk_lookup;
#else
    (void)dict;
    return NULL;
#endif
}

#endif
