/* SPDX-License-Identifier: MIT */
#include "capture/errors.h"
#include "types/types.h"

int
raise_heapy_error(const heapy_error *err)
{
    if (err->status == HEAPY_CANCELLED && PyErr_Occurred())
        return -1; /* what a callback raised */
    PyObject *exception = PyExc_SystemError;
    switch (err->status) {
    case HEAPY_NO_MEMORY:
        exception = PyExc_MemoryError;
        break;
    case HEAPY_INVALID:
        exception = PyExc_ValueError;
        break;
    case HEAPY_LIMIT:
        exception = PyExc_OverflowError;
        break;
    case HEAPY_CANCELLED:
        exception = PyExc_KeyboardInterrupt;
        break;
    case HEAPY_OK:
    case HEAPY_STATUS_COUNT:
        break;
    }
    const char *message = err->message[0] ? err->message : heapy_status_text(err->status);
    /* It may quote a file that is no text. */
    PyObject *text = PyUnicode_DecodeUTF8(message, (Py_ssize_t)strlen(message), "backslashreplace");
    if (text)
        PyErr_SetObject(exception, text);
    Py_XDECREF(text);
    return -1;
}

PyObject *
text_from_utf8(const char *text, size_t length)
{
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)(length == SIZE_MAX ? strlen(text) : length), "replace");
}

PyObject *
text_taken_over(char *text, size_t length)
{
    PyObject *result = text_from_utf8(text, length);
    heapy_text_free(text);
    return result;
}

PyObject *
join_texts(PyObject *texts, const char *separator)
{
    PyObject *between = texts ? PyUnicode_FromString(separator) : NULL;
    PyObject *joined = between ? PyUnicode_Join(between, texts) : NULL;
    Py_XDECREF(texts);
    Py_XDECREF(between);
    return joined;
}

PyObject *
call_package(const char *module_name, const char *function, PyObject *a, PyObject *b)
{
    PyObject *module = PyImport_ImportModule(module_name);
    PyObject *result = module ? PyObject_CallMethod(module, function, "(OO)", a, b) : NULL;
    Py_XDECREF(module);
    return result;
}

PyObject *
call_package_with(const char *module_name, const char *function, PyObject *first, PyObject *args,
                  PyObject *kwargs)
{
    PyObject *module = PyImport_ImportModule(module_name);
    PyObject *callable = module ? PyObject_GetAttrString(module, function) : NULL;
    PyObject *leading = callable ? PyTuple_Pack(1, first) : NULL;
    PyObject *all = !leading ? NULL : args ? PySequence_Concat(leading, args) : Py_NewRef(leading);
    PyObject *result = all ? PyObject_Call(callable, all, kwargs) : NULL;
    Py_XDECREF(module);
    Py_XDECREF(callable);
    Py_XDECREF(leading);
    Py_XDECREF(all);
    return result;
}
