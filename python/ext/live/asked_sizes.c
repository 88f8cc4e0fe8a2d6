/* SPDX-License-Identifier: MIT */
/*
 * Sizes that objects are asked for: of C types by their own __sizeof__ as a plain C call; of anything else as
 * Python code would ask, which may do anything.
 */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "live/asked_sizes.h"

/* What a bad __sizeof__ is replaced by: the fixed size, aligned to 8 (H-72). */
static uint64_t
fallback_size(PyObject *object)
{
    return (capture_fixed_size(object) + 7) & ~UINT64_C(7);
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
    int known = -1;
    if (key)
        known = PySet_Contains(warned_types, key);
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
asked_size(PyObject *object, const type_record *record, PyObject *warned_types, uint64_t *out)
{
    uint64_t around = capture_size_around(object, record);
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
    if (!is_int)
        return 0;
    return warn_of_sizeof(object, warned_types, "ValueError: not a size");
}

bool
asked_size_in_c(PyObject *object, const type_record *record, uint64_t *out)
{
    uint64_t around = capture_size_around(object, record);
    bool is_in_c = record->size_method && Py_TYPE(object) == record->type;
    PyObject *result = NULL;
    if (is_in_c)
        result = record->size_method(object, NULL);
    *out = fallback_size(object) + around;
    if (!result) {
        PyErr_Clear();
        return is_in_c;
    }
    long long size = size_from_result(result);
    Py_DECREF(result);
    if (size >= 0)
        *out = (uint64_t)size + around;
    return true;
}
