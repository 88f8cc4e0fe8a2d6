/* SPDX-License-Identifier: MIT */
/*
 * The names of types in tables (K-130).
 *
 * Read from the type's own struct and dict: no property of a metaclass, no __getattr__, nothing of the
 * user's runs (H-1).
 */
#include "capture/capture_internal.h"
#include "capture/str_utf8.h"
#include "cpython/type_layout.h"

#include <string.h>

/* A copy of `length` bytes with a NUL after it. */
static char *
copy_text(const char *text, size_t length)
{
    char *copy = heapy_alloc_array(length + 1, 1);
    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

/* The type's __name__: of a heap type its str, of a static one what follows the last dot of tp_name. */
static char *
short_name(PyTypeObject *type)
{
    if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
        PyObject *name = ((PyHeapTypeObject *)type)->ht_name;
        if (name && PyUnicode_CheckExact(name))
            return str_to_utf8(name, SURROGATES_AS_QUESTION_MARKS, NULL);
    }
    const char *dot = strrchr(type->tp_name, '.');
    const char *name = dot ? dot + 1 : type->tp_name;
    return copy_text(name, strlen(name));
}

/* The type's __module__, or NULL when it has none that is a str. */
static char *
module_name(const capture_state *state, PyTypeObject *type, bool *has_module)
{
    *has_module = true;
    PyObject *dict = type_parts_of(state->interp, type).dict;
    PyObject *module = PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE) && dict && PyDict_CheckExact(dict)
                           ? dict_find_name(dict, state->str_module)
                           : NULL;
    if (module && PyUnicode_Check(module))
        return str_to_utf8(module, SURROGATES_AS_QUESTION_MARKS, NULL);
    if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
        *has_module = false;
        return NULL;
    }
    const char *dot = strrchr(type->tp_name, '.');
    return dot ? copy_text(type->tp_name, (size_t)(dot - type->tp_name)) : copy_text("builtins", 8);
}

static int
by_type(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const known_type *)a)->type, y = (uintptr_t)((const known_type *)b)->type;
    return (x > y) - (x < y);
}

static const known_type *
find_known(const capture_state *state, const PyTypeObject *type)
{
    known_type key = {.type = type};
    return state->known_type_count
               ? bsearch(&key, state->known_types, state->known_type_count, sizeof key, by_type)
               : NULL;
}

char *
capture_type_name(capture_state *state, PyTypeObject *type)
{
    const known_type *known = find_known(state, type);
    if (known)
        return copy_text(known->name, strlen(known->name));
    bool has_module;
    char *module = module_name(state, type, &has_module);
    char *name = short_name(type);
    static const char unknown[] = "<unknown module>";
    const char *prefix = has_module ? module : unknown;
    char *joined = NULL;
    if (name && prefix) {
        size_t prefix_length = strlen(prefix), name_length = strlen(name);
        joined = heapy_alloc_array(prefix_length + name_length + 2, 1);
        if (joined) {
            memcpy(joined, prefix, prefix_length);
            joined[prefix_length] = '.';
            memcpy(joined + prefix_length + 1, name, name_length + 1);
        }
    }
    heapy_free(module);
    heapy_free(name);
    return joined;
}

bool
capture_type_texts(capture_state *state, PyTypeObject *type, type_texts *out)
{
    bool has_module;
    PyObject *qualname = PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE) ? ((PyHeapTypeObject *)type)->ht_qualname
                                                                      : NULL;
    *out = (type_texts){.name = capture_type_name(state, type), .is_alias = find_known(state, type)};
    out->module = module_name(state, type, &has_module);
    out->qualname = qualname && PyUnicode_CheckExact(qualname)
                        ? str_to_utf8(qualname, SURROGATES_AS_QUESTION_MARKS, NULL)
                        : short_name(type);
    if (out->name && (out->module || !has_module) && out->qualname)
        return true;
    capture_type_texts_deinit(out);
    return false;
}

void
capture_type_texts_deinit(type_texts *texts)
{
    heapy_free(texts->name);
    heapy_free(texts->module);
    heapy_free(texts->qualname);
    *texts = (type_texts){0};
}

heapy_role
capture_role_of(PyTypeObject *type)
{
    static PyTypeObject *const builtin[] = {
        &PyLong_Type,   &PyFloat_Type,    &PyBool_Type,      &PyComplex_Type, &PyUnicode_Type,
        &PyBytes_Type,  &PyList_Type,     &PyTuple_Type,     &PyDict_Type,    &PyFunction_Type,
        &PyCFunction_Type, &PyModule_Type, &PyCode_Type,     &PyFrame_Type,   &PyMethod_Type,
        &PyTraceBack_Type,
    };
    static const heapy_role roles[] = {
        HEAPY_ROLE_NUMBER,  HEAPY_ROLE_NUMBER,   HEAPY_ROLE_NUMBER,   HEAPY_ROLE_VALUE, HEAPY_ROLE_TEXT,
        HEAPY_ROLE_TEXT,    HEAPY_ROLE_SEQUENCE, HEAPY_ROLE_SEQUENCE, HEAPY_ROLE_DICT,  HEAPY_ROLE_FUNCTION,
        HEAPY_ROLE_BUILTIN, HEAPY_ROLE_MODULE,   HEAPY_ROLE_CODE,     HEAPY_ROLE_FRAME, HEAPY_ROLE_METHOD,
        HEAPY_ROLE_TRACEBACK,
    };
    for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++)
        if (type == builtin[i])
            return roles[i];
    if (type == Py_TYPE(Py_None))
        return HEAPY_ROLE_VALUE;
    return PyType_HasFeature(type, Py_TPFLAGS_TYPE_SUBCLASS) ? HEAPY_ROLE_TYPE : HEAPY_ROLE_OBJECT;
}

/* Enter `type` under `name`; of several names the later one in the table of K-130 loses.  False: no memory.
 */
static bool
add_known_type(capture_state *state, size_t *capacity, PyObject *type, const char *prefix, const char *name)
{
    for (size_t i = 0; i < state->known_type_count; i++)
        if ((PyObject *)state->known_types[i].type == type)
            return true;
    known_type *types = heapy_grow(state->known_types, state->known_type_count, capacity, sizeof *types);
    if (!types)
        return false;
    state->known_types = types;
    size_t prefix_length = strlen(prefix), length = strlen(name);
    char *joined = heapy_alloc_array(prefix_length + length + 1, 1);
    if (!joined)
        return false;
    memcpy(joined, prefix, prefix_length);
    memcpy(joined + prefix_length, name, length + 1);
    types[state->known_type_count++] = (known_type){(PyTypeObject *)type, joined};
    return true;
}

/* The types among the names of the builtins module, by their own names; not those with leading underscores,
   such as __loader__ (K-131). */
static int
add_builtins(capture_state *state, size_t *capacity)
{
    PyObject *key, *value, *builtins = PyEval_GetBuiltins();
    Py_ssize_t at = 0;
    while (PyDict_Next(builtins, &at, &key, &value)) {
        if (!PyType_Check(value) || !PyUnicode_Check(key) ||
            PyType_HasFeature((PyTypeObject *)value, Py_TPFLAGS_HEAPTYPE))
            continue;
        const char *name = PyUnicode_AsUTF8(key);
        if (!name)
            return -1;
        const char *dot = strrchr(((PyTypeObject *)value)->tp_name, '.');
        const char *own = dot ? dot + 1 : ((PyTypeObject *)value)->tp_name;
        if (name[0] != '_' && !add_known_type(state, capacity, value, "", own)) {
            PyErr_NoMemory();
            return -1;
        }
    }
    return 0;
}

/* The types among the names of the types module, by the alphabetically last name. */
static int
add_types_module(capture_state *state, size_t *capacity)
{
    PyObject *module = PyImport_ImportModule("types");
    PyObject *names = module ? PyDict_Keys(PyModule_GetDict(module)) : NULL;
    int result = names && PyList_Sort(names) == 0 ? PyList_Reverse(names) : -1;
    for (Py_ssize_t i = 0; !result && i < PyList_GET_SIZE(names); i++) {
        PyObject *name = PyList_GET_ITEM(names, i);
        PyObject *value = PyDict_GetItemWithError(PyModule_GetDict(module), name);
        if (!value || !PyType_Check(value))
            continue;
        const char *text = PyUnicode_AsUTF8(name);
        if (!text) {
            result = -1;
        } else if (text[0] != '_' && !add_known_type(state, capacity, value, "types.", text)) {
            PyErr_NoMemory();
            result = -1;
        }
    }
    Py_XDECREF(names);
    Py_XDECREF(module);
    return result;
}

int
capture_init_known_types(capture_state *state)
{
    size_t capacity = 0;
    bool is_done = add_known_type(state, &capacity, (PyObject *)&PyModule_Type, "", "module") &&
                   add_known_type(state, &capacity, (PyObject *)&PyFunction_Type, "", "function");
    if (!is_done)
        PyErr_NoMemory();
    if (!is_done || add_builtins(state, &capacity) < 0 || add_types_module(state, &capacity) < 0)
        return -1;
    qsort(state->known_types, state->known_type_count, sizeof *state->known_types, by_type);
    return 0;
}

void
capture_clear_known_types(capture_state *state)
{
    for (size_t i = 0; i < state->known_type_count; i++)
        heapy_free(state->known_types[i].name);
    heapy_free(state->known_types);
    state->known_types = NULL;
    state->known_type_count = 0;
}

PyObject *
capture_type_text(capture_state *state, PyTypeObject *type)
{
    char *name = capture_type_name(state, type);
    if (!name)
        return PyErr_NoMemory();
    PyObject *text = PyUnicode_DecodeUTF8(name, (Py_ssize_t)strlen(name), "replace");
    heapy_free(name);
    return text;
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
    const known_type *known = find_known(state, type);
    size_t name_length = known ? strlen(known->name) : 0;
    if (name_length <= sizeof prefix + sizeof suffix - 2 ||
        strncmp(known->name, prefix, sizeof prefix - 1) != 0 ||
        strcmp(known->name + name_length - (sizeof suffix - 1), suffix) != 0)
        return NULL;
    *length = name_length - (sizeof prefix - 1) - (sizeof suffix - 1);
    return known->name + sizeof prefix - 1;
}

PyObject *
capture_type_own_text(capture_state *state, PyTypeObject *type)
{
    bool has_module;
    char *module = module_name(state, type, &has_module);
    char *name = short_name(type);
    PyObject *text = NULL;
    if (name && (module || !has_module))
        text = PyUnicode_FromFormat("%s.%s", has_module ? module : "<unknown module>", name);
    else
        PyErr_NoMemory();
    heapy_free(module);
    heapy_free(name);
    return text;
}
