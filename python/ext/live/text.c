/* SPDX-License-Identifier: MIT */
#include "live/text.h"

#include <heapy/memory.h>
#include <string.h>

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

/* NULs, which only a repr of the user's has, are escaped.  Takes `text` over. */
static PyObject *
without_nul(PyObject *text)
{
    if (PyUnicode_FindChar(text, 0, 0, PyUnicode_GET_LENGTH(text), 1) < 0)
        return text;
    PyObject *nul = PyUnicode_FromOrdinal(0), *escaped = PyUnicode_FromString("\\x00");
    PyObject *result = NULL;
    if (nul && escaped)
        result = PyUnicode_Replace(text, nul, escaped, -1);
    Py_XDECREF(nul);
    Py_XDECREF(escaped);
    Py_DECREF(text);
    return result;
}

char *
encoded_text(PyObject *text, const char *errors)
{
    PyObject *bytes = PyUnicode_AsEncodedString(text, "utf-8", errors);
    if (!bytes)
        return NULL;
    size_t length = (size_t)PyBytes_GET_SIZE(bytes) + 1;
    char *copy = heapy_alloc_array(length, 1);
    if (copy)
        memcpy(copy, PyBytes_AS_STRING(bytes), length);
    else
        PyErr_NoMemory();
    Py_DECREF(bytes);
    return copy;
}

char *
utf8_of_text(PyObject *text)
{
    PyObject *whole = without_nul(Py_NewRef(text));
    if (!whole)
        return NULL;
    char *copy = encoded_text(whole, "backslashreplace");
    Py_DECREF(whole);
    return copy;
}

PyObject *
join_texts(PyObject *texts, const char *separator)
{
    if (!texts)
        return NULL;
    PyObject *between = PyUnicode_FromString(separator), *joined = NULL;
    if (between)
        joined = PyUnicode_Join(between, texts);
    Py_DECREF(texts);
    Py_XDECREF(between);
    return joined;
}
