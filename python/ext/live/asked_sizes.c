/* SPDX-License-Identifier: MIT */
/*
 * Sizes that objects are asked for: of C types by their own __sizeof__ as a plain C call; of anything else as
 * Python code would ask, which may do anything.
 */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */
#include "cpython/type_layout.h"

#include "live/asked_sizes.h"

/* What a bad __sizeof__ is replaced by: the fixed size, aligned to 8 (H-72). */
static uint64_t
fallback_size(PyObject *object)
{
    return (capture_fixed_size(object) + 7) & ~UINT64_C(7);
}

/* No address space holds more: user space has 47 bits. */
#define LARGEST_SIZE ((long long)1 << 47)

/* The number that a __sizeof__ returned, or -1 without exception when it is no size. */
static long long
size_from_result(PyObject *result)
{
    if (!PyLong_Check(result))
        return -1;
    int overflow;
    long long size = PyLong_AsLongLongAndOverflow(result, &overflow);
    return overflow || size > LARGEST_SIZE ? -1 : size;
}

/* Which power of two is not above the number without its sign, which no long long has; -1 with an exception.
   Asks int itself, whatever a subclass has. */
static Py_ssize_t
power_below(PyObject *number, bool *is_equal)
{
    PyObject *bits = PyObject_CallMethod((PyObject *)&PyLong_Type, "bit_length", "O", number), *one = NULL,
             *power = NULL, *positive = NULL, *same = NULL;
    Py_ssize_t exponent = -1;
    if (bits)
        exponent = PyLong_AsSsize_t(bits) - 1;
    *is_equal = false;
    if (exponent >= 0 && exponent < 4096 && (one = PyLong_FromLong(1))) {
        Py_SETREF(bits, PyLong_FromSsize_t(exponent));
        if (bits)
            power = PyNumber_Lshift(one, bits);
        positive = PyLong_Type.tp_as_number->nb_absolute(number);
        if (power && positive)
            same = PyLong_Type.tp_richcompare(power, positive, Py_EQ);
        *is_equal = same == Py_True;
    }
    Py_XDECREF(bits);
    Py_XDECREF(one);
    Py_XDECREF(power);
    Py_XDECREF(positive);
    Py_XDECREF(same);
    return PyErr_Occurred() ? -1 : exponent;
}

/* What a __sizeof__ returned, an int that is no size, as text.  False: an exception. */
static bool
tell_result(PyObject *result, char *text, size_t length)
{
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(result, &overflow);
    if (!overflow) {
        PyOS_snprintf(text, length, "returned %lld", number);
        return true;
    }
    bool is_equal;
    Py_ssize_t power = power_below(result, &is_equal);
    const char *beyond = overflow > 0 ? "more than " : "less than ";
    PyOS_snprintf(text, length, "returned %s%s2**%zd", is_equal ? "" : beyond, overflow > 0 ? "" : "-",
                  power);
    return power >= 0;
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

/* The __sizeof__ of an object, found and bound as sys.getsizeof() does it: in its type, past the metaclass.
 */
static PyObject *
bound_sizeof(PyObject *object)
{
    PyObject *name = PyUnicode_InternFromString("__sizeof__");
    if (!name)
        return NULL;
    PyObject *method = type_lookup(Py_TYPE(object), name);
    Py_DECREF(name);
    if (!method && !PyErr_Occurred())
        PyErr_SetString(PyExc_TypeError, "the type has no __sizeof__");
    descrgetfunc bind = method ? Py_TYPE(method)->tp_descr_get : NULL;
    if (bind)
        Py_SETREF(method, bind(method, object, (PyObject *)Py_TYPE(object)));
    return method;
}

static bool
has_size_in_c(PyObject *object, const type_record *record)
{
    return record->size_method && Py_TYPE(object) == record->type;
}

/* Python code runs on this thread to tell a size.  What it asks itself gets basic sizes, or it would be asked
   by its own question again, a heap held for each time. */
static _Thread_local bool is_asking;

/* The result of __sizeof__, asked in C or as Python code would ask.  NULL with an exception. */
static PyObject *
call_sizeof(PyObject *object, const type_record *record)
{
    if (has_size_in_c(object, record))
        return record->size_method(object, NULL);
    is_asking = true;
    PyObject *method = bound_sizeof(object), *result = NULL;
    if (method)
        result = PyObject_CallNoArgs(method);
    is_asking = false;
    Py_XDECREF(method);
    return result;
}

int
asked_size(PyObject *object, const type_record *record, PyObject *warned_types, uint64_t *out)
{
    uint64_t around = capture_size_around(object, record);
    *out = fallback_size(object) + around;
    if (is_asking && !has_size_in_c(object, record))
        return 0;
    PyObject *result = call_sizeof(object, record);
    if (!result)
        return handle_sizeof_error(object, warned_types);
    long long size = size_from_result(result);
    char text[80];
    int status = 0;
    if (size >= 0)
        *out = (uint64_t)size + around;
    else if (PyLong_Check(result))
        status = tell_result(result, text, sizeof text) ? warn_of_sizeof(object, warned_types, text) : -1;
    Py_DECREF(result);
    return status;
}

bool
asked_size_in_c(PyObject *object, const type_record *record, uint64_t *out)
{
    uint64_t around = capture_size_around(object, record);
    bool is_in_c = has_size_in_c(object, record);
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
