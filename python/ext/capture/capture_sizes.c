/* SPDX-License-Identifier: MIT */
/*
 * Individual sizes: what sys.getsizeof() says, plus inline attribute values (H-70, H-70a, H-71, H-72).
 *
 * The common builtin types are sized by formula, from the structs; other C types by their own __sizeof__ as
 * a plain C call; anything else is asked as Python code would ask, and may do anything.
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
        PyObject *found = dict && PyDict_Check(dict) ? dict_find_name(dict, c->state->str_sizeof) : NULL;
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
    record->holds_type = true;
    Py_INCREF(type);
    if (!Py_IS_TYPE(method, &PyMethodDescr_Type))
        return;
    const PyMethodDef *definition = ((PyMethodDescrObject *)method)->d_method;
    if (definition->ml_flags != METH_NOARGS)
        return;
    record->size_method = definition->ml_meth;
    record->size = rule_of_builtin(PyDescr_TYPE(method));
}

/* object.__sizeof__ (Objects/typeobject.c). */
static uint64_t
fixed_size(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (!type->tp_itemsize)
        return (uint64_t)type->tp_basicsize;
    Py_ssize_t items = Py_SIZE(object);
    return (uint64_t)(type->tp_basicsize + (items < 0 ? -items : items) * type->tp_itemsize);
}

/* What a bad __sizeof__ is replaced by: the fixed size, aligned to 8 (H-72). */
static uint64_t
fallback_size(PyObject *object)
{
    return (fixed_size(object) + 7) & ~UINT64_C(7);
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
    return u->utf8 ? 0 : sizeof *u + ((uint64_t)s->length + 1) * s->state.kind;
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
    return set->table == set->smalltable ? size : size + ((uint64_t)set->mask + 1) * sizeof(setentry);
}

/* The number that a __sizeof__ returned, or -1 without exception when it is no size. */
static long long
size_from_result(PyObject *result)
{
    if (!PyLong_Check(result))
        return -1;
    int overflow;
    long long size = PyLong_AsLongLongAndOverflow(result, &overflow);
    return overflow ? -1 : size;
}

/* Tell once per type and session that its __sizeof__ is bad.  -1: a filter made the warning an exception. */
static int
warn_of_sizeof(PyObject *object, PyObject *warned_types, const char *what)
{
    PyObject *type = (PyObject *)Py_TYPE(object), *key = PyLong_FromVoidPtr(type);
    int known = key ? PySet_Contains(warned_types, key) : -1;
    if (!known)
        known = PySet_Add(warned_types, key);
    else if (known > 0) {
        Py_DECREF(key);
        return 0;
    }
    Py_XDECREF(key);
    if (known < 0)
        return -1;
    return PyErr_WarnFormat(PyExc_RuntimeWarning, 1,
                            "__sizeof__ of %s failed (%s); its basic size is counted instead",
                            Py_TYPE(object)->tp_name, what);
}

/* An exception came out of __sizeof__: swallow and tell, but let KeyboardInterrupt and its kin through. */
static int
handle_sizeof_error(PyObject *object, PyObject *warned_types)
{
    if (!PyErr_ExceptionMatches(PyExc_Exception))
        return -1;
    if (PyErr_ExceptionMatches(PyExc_TypeError)) { /* as for a result that is no int */
        PyErr_Clear();
        return 0;
    }
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    int result = warn_of_sizeof(object, warned_types, ((PyTypeObject *)type)->tp_name);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    return result;
}

/* What stands before and, for inline attributes, belongs to the object besides its own struct. */
static uint64_t
surroundings(PyObject *object, const type_record *record)
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
        size = fixed_size(object);
        break;
    case SIZE_LIST: {
        Py_ssize_t allocated = ((PyListObject *)object)->allocated; /* -1 while it is being sorted */
        size = (uint64_t)Py_TYPE(object)->tp_basicsize +
               (uint64_t)(allocated > 0 ? allocated : 0) * sizeof(PyObject *);
        break;
    }
    case SIZE_DICT:
        size = (uint64_t)_PyDict_SizeOf((PyDictObject *)object);
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
    return size ? size + surroundings(object, record) : SIZE_DEFERRED;
}

/* The result of __sizeof__, asked in C or as Python code would ask.  NULL with an exception. */
static PyObject *
call_sizeof(PyObject *object, const type_record *record)
{
    if (record->size_method && Py_TYPE(object) == record->type)
        return record->size_method(object, NULL);
    PyObject *method = PyObject_GetAttrString((PyObject *)Py_TYPE(object), "__sizeof__");
    if (!method)
        return NULL;
    PyObject *result = PyObject_CallOneArg(method, object);
    Py_DECREF(method);
    return result;
}

int
capture_asked_size(PyObject *object, const type_record *record, PyObject *warned_types, uint64_t *out)
{
    uint64_t around = surroundings(object, record);
    PyObject *result = call_sizeof(object, record);
    *out = fallback_size(object) + around;
    if (!result)
        return handle_sizeof_error(object, warned_types);
    long long size = size_from_result(result);
    bool is_int = PyLong_Check(result);
    Py_DECREF(result);
    if (size >= 0) {
        *out = (uint64_t)size + around;
        return 0;
    }
    return is_int ? warn_of_sizeof(object, warned_types, "ValueError: not a size") : 0;
}
