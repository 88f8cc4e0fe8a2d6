/* SPDX-License-Identifier: MIT */
/*
 * Individual sizes: what sys.getsizeof() says, plus inline attribute values (H-70, H-70a, H-71, H-72).
 *
 * The common builtin types are sized by formula, from the structs.  Others are left to whoever may run code
 * (live/asked_sizes.c).
 */
#include "capture/capture_internal.h"
#include "cpython/dict_layout.h"
#include "cpython/size_layout.h"
#include "cpython/type_layout.h"
#include "cpython/value_layout.h"

/* The __sizeof__ that instances of `type` use: found along the MRO without running code; borrowed. */
static PyObject *
find_sizeof(capture *c, PyTypeObject *type)
{
    PyObject *mro = type->tp_mro;
    for (Py_ssize_t i = 0; mro && i < PyTuple_GET_SIZE(mro); i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        PyObject *dict = type_parts_of(c->interp, base).dict;
        PyObject *found = NULL;
        if (dict && PyDict_Check(dict))
            found = dict_find_name(dict, c->state->str_sizeof);
        if (found)
            return found;
    }
    return NULL;
}

/* The rule of a type whose __sizeof__ is the one in the dict of `owner`, a builtin with a formula here. */
static size_rule
rule_of_builtin(const PyTypeObject *owner)
{
    if (owner == &PyList_Type)
        return SIZE_LIST;
    if (owner == &PyDict_Type)
        return SIZE_DICT;
    if (owner == &PySet_Type || owner == &PyFrozenSet_Type)
        return SIZE_SET;
    if (owner == &PyLong_Type)
        return SIZE_INT;
    if (owner == &PyUnicode_Type)
        return SIZE_STR;
    return SIZE_C_METHOD;
}

void
capture_choose_size_rule(capture *c, type_record *record)
{
    record->size = SIZE_FIXED;
    if (record->is_unsound)
        return;
    PyTypeObject *type = record->type;
    PyObject *method = find_sizeof(c, type);
    if (!method || method == c->state->object_sizeof) {
        /* Instances with attributes before or behind them differ, and so do types, which have no header
           before them when they are static. */
        if (!type->tp_itemsize && record->attributes != ATTRIBUTES_MANAGED && record->content != CONTENT_TYPE)
            record->whole_size = (uint64_t)type->tp_basicsize + pre_header_of(type);
        return;
    }
    record->size = SIZE_PYTHON;
    if (!Py_IS_TYPE(method, &PyMethodDescr_Type))
        return;
    const PyMethodDef *definition = ((PyMethodDescrObject *)method)->d_method;
    if (definition->ml_flags != METH_NOARGS)
        return;
    record->size_method = definition->ml_meth;
    record->size = rule_of_builtin(PyDescr_TYPE(method));
}

/* object.__sizeof__ (Objects/typeobject.c). */
uint64_t
capture_fixed_size(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (!type->tp_itemsize)
        return (uint64_t)type->tp_basicsize;
    Py_ssize_t items = Py_SIZE(object);
    return (uint64_t)(type->tp_basicsize + (items < 0 ? -items : items) * type->tp_itemsize);
}

/* unicode_sizeof (Objects/unicodeobject.c) for the strings there are millions of; 0 for those kept in two
   blocks or with a cached copy in another encoding, which are asked. */
static uint64_t
str_size(PyObject *object)
{
    const PyASCIIObject *s = (const PyASCIIObject *)object;
    if (!s->state.compact || str_has_wide_copy(object))
        return 0;
    if (s->state.ascii)
        return sizeof(PyASCIIObject) + (uint64_t)s->length + 1;
    const PyCompactUnicodeObject *u = (const PyCompactUnicodeObject *)object;
    if (u->utf8)
        return 0;
    return sizeof *u + ((uint64_t)s->length + 1) * s->state.kind;
}

/* int.__sizeof__ (Objects/longobject.c). */
static uint64_t
int_size(PyObject *object)
{
    return offsetof(PyLongObject, INT_DIGITS) + int_digit_count(object) * sizeof(digit);
}

static uint64_t
set_size(PyObject *object)
{
    PySetObject *set = (PySetObject *)object;
    uint64_t size = (uint64_t)Py_TYPE(object)->tp_basicsize;
    if (set->table == set->smalltable)
        return size;
    return size + ((uint64_t)set->mask + 1) * sizeof(setentry);
}

uint64_t
capture_size_around(PyObject *object, const type_record *record)
{
    if (record->content == CONTENT_TYPE)
        return pre_header_of_type_object(object);
    uint64_t size = pre_header_of(Py_TYPE(object));
    if (record->attributes == ATTRIBUTES_MANAGED)
        size += inline_values_bytes(object, Py_TYPE(object));
    return size;
}

uint64_t
capture_formula_size(PyObject *object, const type_record *record)
{
    if (record->is_unsound)
        return sizeof(PyObject);
    uint64_t size = 0;
    switch (record->size) {
    case SIZE_FIXED:
        size = capture_fixed_size(object);
        break;
    case SIZE_LIST: {
        Py_ssize_t allocated = ((PyListObject *)object)->allocated; /* -1 while it is being sorted */
        size = (uint64_t)Py_TYPE(object)->tp_basicsize +
               (uint64_t)(allocated > 0 ? allocated : 0) * sizeof(PyObject *);
        break;
    }
    case SIZE_DICT:
        size = dict_size(object);
        break;
    case SIZE_SET:
        size = set_size(object);
        break;
    case SIZE_INT:
        size = int_size(object);
        break;
    case SIZE_STR:
        size = str_size(object);
        break;
    case SIZE_UNKNOWN:
    case SIZE_C_METHOD:
    case SIZE_PYTHON:
        break;
    }
    if (!size)
        return SIZE_DEFERRED;
    return size + capture_size_around(object, record);
}
