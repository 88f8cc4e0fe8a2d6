/* SPDX-License-Identifier: MIT */
#include "live/text.h"

#include <heapy/memory.h>

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
