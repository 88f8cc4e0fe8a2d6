/* SPDX-License-Identifier: MIT */
/*
 * Names of relations (K-69, R-41): the repr of `.name`, `[key]` and the like.
 *
 * Keys are compared as a dict compares them, and shown by their repr; both may run code of the user's, so
 * this is done after the capture, with everything in it held.
 */
#include "live/relation_names.h"

#include "capture/object_map.h"

#include <heapy/memory.h>
#include <string.h>

enum { LONGEST_KEY = 1000, KEPT_OF_KEY = 480 }; /* characters */

/* A text that is too long to be a name: its ends, and dots that say so. */
static PyObject *
shortened(PyObject *text)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (length <= LONGEST_KEY)
        return text;
    PyObject *start = PyUnicode_Substring(text, 0, KEPT_OF_KEY);
    PyObject *end = start ? PyUnicode_Substring(text, length - KEPT_OF_KEY, length) : NULL;
    PyObject *both = end ? PyUnicode_FromFormat("%U...%U", start, end) : NULL;
    Py_XDECREF(start);
    Py_XDECREF(end);
    Py_DECREF(text);
    return both;
}

/* An object's repr; where that raises, what reprlib shows. */
static PyObject *
repr_of_key(PyObject *key)
{
    PyObject *text = PyObject_Repr(key);
    if (text)
        return shortened(text);
    if (!PyErr_ExceptionMatches(PyExc_Exception) || PyErr_ExceptionMatches(PyExc_MemoryError))
        return text;
    PyErr_Clear();
    const char *name = Py_TYPE(key)->tp_name, *dot = strrchr(name, '.');
    return PyUnicode_FromFormat("<%s instance at %p>", dot ? dot + 1 : name, (void *)key);
}

static PyObject *
named_text(const char *format, const char *name, size_t length)
{
    PyObject *decoded = PyUnicode_DecodeUTF8(name, (Py_ssize_t)length, "replace");
    PyObject *text = decoded ? PyUnicode_FromFormat(format, decoded) : NULL;
    Py_XDECREF(decoded);
    return text;
}

/* The text of a relation but for its source; `key`: of an index value. */
static PyObject *
relation_text(const heapy_graph *graph, heapy_label label, PyObject *key)
{
    unsigned number = heapy_label_number(label);
    size_t length = 0;
    const char *name =
        heapy_label_is_named(heapy_label_kind_of(label)) ? heapy_graph_name(graph, number, &length) : NULL;
    PyObject *shown, *text;
    switch (heapy_label_kind_of(label)) {
    case HEAPY_LABEL_ATTRIBUTE:
        return named_text(".%U", name, length);
    case HEAPY_LABEL_INTERNAL:
        return named_text("->%U", name, length);
    case HEAPY_LABEL_LOCAL:
        return named_text(".f_locals[%R]", name, length);
    case HEAPY_LABEL_INDEX:
        return PyUnicode_FromFormat("[%u]", number);
    case HEAPY_LABEL_KEY:
        return PyUnicode_FromFormat(".keys()[%u]", number);
    case HEAPY_LABEL_STACK:
        return PyUnicode_FromFormat("->f_valuestack[%u]", number);
    case HEAPY_LABEL_MEMBER:
        return PyUnicode_FromFormat("list(_)[%u]", number);
    case HEAPY_LABEL_VALUE:
        shown = repr_of_key(key);
        text = shown ? PyUnicode_FromFormat("[%U]", shown) : NULL;
        Py_XDECREF(shown);
        return text;
    case HEAPY_LABEL_UNNAMED:
    case HEAPY_LABEL_SEVERAL:
    case HEAPY_LABEL_KIND_COUNT:
        break;
    }
    return PyUnicode_FromString(".??");
}

/* UTF-8 of the repr of `text`, in heapy's memory. */
static char *
quoted(PyObject *text)
{
    PyObject *repr = text ? PyObject_Repr(text) : NULL;
    PyObject *bytes = repr ? PyUnicode_AsEncodedString(repr, "utf-8", "replace") : NULL;
    size_t length = bytes ? (size_t)PyBytes_GET_SIZE(bytes) + 1 : 0;
    char *copy = bytes ? heapy_alloc_array(length, 1) : NULL;
    if (bytes && !copy)
        PyErr_NoMemory();
    if (copy)
        memcpy(copy, PyBytes_AS_STRING(bytes), length);
    Py_XDECREF(repr);
    Py_XDECREF(bytes);
    return copy;
}

/* The number of the key's relation if an equal key was seen; else -1, and it is entered under `number`.
   -2 with an exception. */
static long long
find_key(PyObject *numbers, PyObject *key, size_t number)
{
    PyObject *value = PyLong_FromSize_t(number);
    PyObject *found = value ? PyDict_SetDefault(numbers, key, value) : NULL; /* borrowed */
    long long result = -2;
    if (found) {
        result = found == value ? -1 : PyLong_AsLongLong(found);
    } else if (value && PyErr_ExceptionMatches(PyExc_Exception) &&
               !PyErr_ExceptionMatches(PyExc_MemoryError)) {
        PyErr_Clear(); /* it cannot be compared: it is like itself only */
        result = -1;
    }
    Py_XDECREF(value);
    return result;
}

/* Add the name of one relation, or find the number of an equal one. */
static int
name_relation(const heapy_address_map *map, const heapy_graph *graph, heapy_relation relation,
              PyObject *numbers, heapy_relation_names *out, size_t *capacity, uint32_t *number)
{
    PyObject *key = NULL;
    if (heapy_label_kind_of(relation.label) == HEAPY_LABEL_VALUE) {
        key = object_at_address(heapy_address_map_select(map, relation.key));
        long long known = find_key(numbers, key, out->text_count);
        if (known < -1)
            return -1;
        if (known >= 0) {
            *number = (uint32_t)known;
            return 0;
        }
    }
    char **texts = heapy_grow(out->texts, out->text_count, capacity, sizeof *texts);
    if (!texts) {
        PyErr_NoMemory();
        return -1;
    }
    out->texts = texts;
    PyObject *text = relation_text(graph, relation.label, key);
    texts[out->text_count] = quoted(text);
    Py_XDECREF(text);
    if (!texts[out->text_count])
        return -1;
    *number = (uint32_t)out->text_count++;
    return 0;
}

heapy_status
name_relations(void *context, const heapy_graph *graph, const heapy_relation *relations, size_t count,
               heapy_relation_names *out, heapy_error *err)
{
    PyObject *numbers = PyDict_New();
    size_t capacity = 0;
    *out = (heapy_relation_names){.numbers = heapy_alloc_array(count, sizeof *out->numbers)};
    int result = numbers && out->numbers ? 0 : -1;
    if (!out->numbers && !PyErr_Occurred())
        PyErr_NoMemory();
    for (size_t i = 0; !result && i < count; i++) {
        result = name_relation(context, graph, relations[i], numbers, out, &capacity, &out->numbers[i]);
        if (!result && i % 4096 == 4095)
            result = PyErr_CheckSignals();
    }
    Py_XDECREF(numbers);
    if (!result)
        return HEAPY_OK;
    heapy_relation_names_deinit(out);
    *err = (heapy_error){.status = HEAPY_CANCELLED};
    return HEAPY_CANCELLED;
}
