/* SPDX-License-Identifier: MIT */
/*
 * Where an instance keeps its attributes (Objects/dictobject.c, Include/internal/pycore_dict.h).  They are
 * never turned into a dict (docs/decisions/0003-looking-changes-nothing.md).
 */
#ifndef HEAPY_ATTRIBUTE_LAYOUT_H
#define HEAPY_ATTRIBUTE_LAYOUT_H

#include "cpython/dict_layout.h"

/* Where instances of a type keep their attributes. */
typedef enum attribute_layout {
    ATTRIBUTES_NONE,
    ATTRIBUTES_AT_OFFSET, /* a dict pointer at tp_dictoffset */
    ATTRIBUTES_MANAGED    /* 3.11+: a dict or values before, or values behind, the object */
} attribute_layout;

static inline attribute_layout
attribute_layout_of(PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030B0000
    if (type->tp_flags & Py_TPFLAGS_MANAGED_DICT)
        return ATTRIBUTES_MANAGED;
#endif
    return type->tp_dictoffset ? ATTRIBUTES_AT_OFFSET : ATTRIBUTES_NONE;
}

/* The place of the dict pointer for ATTRIBUTES_AT_OFFSET: _PyObject_DictPointer without its side effects. */
static inline PyObject **
dict_slot_at_offset(PyObject *object, Py_ssize_t offset)
{
    if (offset < 0) { /* from the end of a variable-sized object */
        Py_ssize_t items = Py_SIZE(object);
        size_t size = _PyObject_VAR_SIZE(Py_TYPE(object), items < 0 ? -items : items);
        offset += (Py_ssize_t)size;
    }
    return (PyObject **)(void *)((char *)object + offset);
}

/* Where a member of an object is: from 3.15 on subclasses of tuple have their __slots__ behind the items
   (Python/structmember.c). */
static inline bool
member_is_after_items(const PyMemberDef *member)
{
#if PY_VERSION_HEX >= 0x030F0000
    return member->flags & _Py_AFTER_ITEMS;
#else
    (void)member;
    return false;
#endif
}

static inline PyObject **
member_place(const void *object, Py_ssize_t offset, bool is_after_items)
{
    char *place = (char *)object + offset;
    if (is_after_items)
        place += Py_SIZE((PyObject *)object) * Py_TYPE((PyObject *)object)->tp_itemsize;
    return (PyObject **)(void *)place;
}

/* The dict of a managed-dict instance if it exists, else NULL. */
static inline PyObject *
managed_dict_of(PyObject *object)
{
#ifdef Py_GIL_DISABLED
    return ((PyObject **)object)[-1];
#elif PY_VERSION_HEX >= 0x030D0000
    return ((PyObject **)object)[-3];
#elif PY_VERSION_HEX >= 0x030C0000
    uintptr_t word = ((uintptr_t *)object)[-3];
    return word & 1 ? NULL : (PyObject *)word;
#elif PY_VERSION_HEX >= 0x030B0000
    return ((PyObject **)object)[-3];
#else
    (void)object;
    return NULL;
#endif
}

typedef struct inline_values {
    PyObject *const *values; /* NULL: attributes are not inline */
    const heapy_dict_keys *keys;
    Py_ssize_t count; /* values that may be read; a NULL one is an absent attribute */
} inline_values;

/* The inline values of a managed-dict instance that has no dict. */
static inline inline_values
inline_values_of(PyObject *object, PyTypeObject *type)
{
    inline_values v = {0};
#if PY_VERSION_HEX >= 0x030B0000
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE))
        return v;
    v.keys = ((PyHeapTypeObject *)type)->ht_cached_keys;
    if (!v.keys)
        return v;
    v.count = v.keys->dk_nentries;
#endif
#if PY_VERSION_HEX >= 0x030D0000
    if (!(type->tp_flags & Py_TPFLAGS_INLINE_VALUES) || managed_dict_of(object))
        return v;
    PyDictValues *block = (PyDictValues *)(void *)((char *)object + type->tp_basicsize);
    if (!block->valid)
        return v;
    if (v.count > block->capacity)
        v.count = block->capacity;
    v.values = block->values;
#elif PY_VERSION_HEX >= 0x030C0000
    uintptr_t word = ((uintptr_t *)object)[-3];
    if (word & 1)
        v.values = (PyObject *const *)(word - 1 + 2);
#elif PY_VERSION_HEX >= 0x030B0000
    v.values = ((PyObject *const **)object)[-4];
#else
    (void)object;
    (void)type;
#endif
    return v;
}

/* The name of inline value `i`: an exact str, borrowed. */
static inline PyObject *
inline_value_name(const heapy_dict_keys *keys, Py_ssize_t i)
{
#if PY_VERSION_HEX >= 0x030B0000
    heapy_dict_keys *k = (heapy_dict_keys *)keys; /* the macro of 3.11 takes a name only */
    return DK_UNICODE_ENTRIES(k)[i].me_key;
#else
    (void)keys;
    (void)i;
    return NULL;
#endif
}

/*
 * Bytes of the values block of an instance whose attributes are inline, 0 for others; sys.getsizeof leaves
 * them out.  3.11 and 3.12 do not record the capacity: entries plus usable of the shared keys, as
 * new_values() in Objects/dictobject.c sizes it; 3.13: Include/internal/pycore_dict.h, _PyInlineValuesSize.
 */
static inline size_t
inline_values_bytes(PyObject *object, PyTypeObject *type)
{
    inline_values v = inline_values_of(object, type);
    if (!v.values)
        return 0;
#if PY_VERSION_HEX >= 0x030D0000
    PyDictValues *block = (PyDictValues *)(void *)((char *)object + type->tp_basicsize);
    size_t capacity = block->capacity;
    return ((capacity + 7) & ~(size_t)7) + 8 * (capacity + 1);
#elif PY_VERSION_HEX >= 0x030B0000
    size_t capacity = (size_t)(v.keys->dk_nentries + v.keys->dk_usable);
    return ((capacity + 2 + 7) & ~(size_t)7) + 8 * capacity;
#else
    return 0;
#endif
}

#endif
