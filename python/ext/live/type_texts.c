/* SPDX-License-Identifier: MIT */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "live/type_texts.h"

#include <string.h>

/* A name of the core's (taken over; NULL: no memory) as a str. */
static PyObject *
text_of_name(char *name)
{
    if (!name)
        return PyErr_NoMemory();
    PyObject *text = PyUnicode_DecodeUTF8(name, (Py_ssize_t)strlen(name), "replace");
    heapy_free(name);
    return text;
}

PyObject *
capture_type_text(capture_state *state, PyTypeObject *type)
{
    return text_of_name(capture_type_name(state, type));
}

PyObject *
capture_type_own_text(capture_state *state, PyTypeObject *type)
{
    return text_of_name(capture_type_own_name(state, type));
}

const char *
capture_types_module_name(capture_state *state, PyTypeObject *type, size_t *length)
{
    static const char prefix[] = "types.", suffix[] = "Type", lambda[] = "Lambda", module[] = "Module";
    if (type == &PyFunction_Type) {
        *length = sizeof lambda - 1;
        return lambda;
    }
    if (type == &PyModule_Type) {
        *length = sizeof module - 1;
        return module;
    }
    const known_type *known = capture_known_type(state, type);
    size_t name_length = 0;
    if (known)
        name_length = strlen(known->name);
    if (name_length <= sizeof prefix + sizeof suffix - 2 ||
        strncmp(known->name, prefix, sizeof prefix - 1) != 0 ||
        strcmp(known->name + name_length - (sizeof suffix - 1), suffix) != 0)
        return NULL;
    *length = name_length - (sizeof prefix - 1) - (sizeof suffix - 1);
    return known->name + sizeof prefix - 1;
}
