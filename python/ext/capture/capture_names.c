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
            return str_to_utf8(name, UTF8_ESCAPED, NULL);
    }
    const char *dot = strrchr(type->tp_name, '.');
    const char *name = dot ? dot + 1 : type->tp_name;
    return copy_text(name, strlen(name));
}

/*
 * The type's __module__, or NULL when it has none.  A heap type has it in its dict, which may be of a
 * subclass of dict (ctypes, until 3.12).  Where something else stands under that name, such as a member of
 * the instances, the name that the type was made with may still begin with the module.
 */
static char *
module_name(const capture_state *state, PyTypeObject *type, bool *has_module)
{
    bool is_heap_type = PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE);
    PyObject *dict = NULL;
    if (is_heap_type)
        dict = type_parts_of(state->interp, type).dict;
    PyObject *module = NULL;
    if (dict && PyDict_Check(dict))
        module = dict_find_name(dict, state->str_module);
    const char *dot = strrchr(type->tp_name, '.');
    *has_module = true;
    if (module && PyUnicode_Check(module))
        return str_to_utf8(module, UTF8_ESCAPED, NULL);
    if (dot)
        return copy_text(type->tp_name, (size_t)(dot - type->tp_name));
    *has_module = !is_heap_type;
    if (is_heap_type)
        return NULL;
    return copy_text("builtins", 8);
}

int
capture_compare_known_types(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const known_type *)a)->type, y = (uintptr_t)((const known_type *)b)->type;
    return (x > y) - (x < y);
}

const known_type *
capture_known_type(const capture_state *state, const PyTypeObject *type)
{
    known_type key = {.type = type};
    if (!state->known_type_count)
        return NULL;
    return bsearch(&key, state->known_types, state->known_type_count, sizeof key,
                   capture_compare_known_types);
}

/* "prefix.name"; either NULL: NULL. */
static char *
joined_name(const char *prefix, const char *name)
{
    if (!name || !prefix)
        return NULL;
    size_t prefix_length = strlen(prefix), name_length = strlen(name);
    char *joined = heapy_alloc_array(prefix_length + name_length + 2, 1);
    if (!joined)
        return NULL;
    memcpy(joined, prefix, prefix_length);
    joined[prefix_length] = '.';
    memcpy(joined + prefix_length + 1, name, name_length + 1);
    return joined;
}

char *
capture_type_name(capture_state *state, PyTypeObject *type)
{
    const known_type *known = capture_known_type(state, type);
    if (known)
        return copy_text(known->name, strlen(known->name));
    return capture_type_own_name(state, type);
}

bool
capture_type_texts(capture_state *state, PyTypeObject *type, type_texts *out)
{
    bool has_module;
    PyObject *qualname =
        PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE) ? ((PyHeapTypeObject *)type)->ht_qualname : NULL;
    *out = (type_texts){.name = capture_type_name(state, type), .is_alias = capture_known_type(state, type)};
    out->module = module_name(state, type, &has_module);
    if (qualname && PyUnicode_CheckExact(qualname))
        out->qualname = str_to_utf8(qualname, UTF8_ESCAPED, NULL);
    else
        out->qualname = short_name(type);
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
        &PyLong_Type, &PyFloat_Type, &PyBool_Type,   &PyComplex_Type,   &PyUnicode_Type,   &PyBytes_Type,
        &PyList_Type, &PyTuple_Type, &PyDict_Type,   &PyFunction_Type,  &PyCFunction_Type, &PyModule_Type,
        &PyCode_Type, &PyFrame_Type, &PyMethod_Type, &PyTraceBack_Type,
    };
    static const heapy_role roles[] = {
        HEAPY_ROLE_NUMBER, HEAPY_ROLE_NUMBER,   HEAPY_ROLE_NUMBER,   HEAPY_ROLE_VALUE,
        HEAPY_ROLE_TEXT,   HEAPY_ROLE_TEXT,     HEAPY_ROLE_SEQUENCE, HEAPY_ROLE_SEQUENCE,
        HEAPY_ROLE_DICT,   HEAPY_ROLE_FUNCTION, HEAPY_ROLE_BUILTIN,  HEAPY_ROLE_MODULE,
        HEAPY_ROLE_CODE,   HEAPY_ROLE_FRAME,    HEAPY_ROLE_METHOD,   HEAPY_ROLE_TRACEBACK,
    };
    for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++)
        if (type == builtin[i])
            return roles[i];
    if (type == Py_TYPE(Py_None))
        return HEAPY_ROLE_VALUE;
    return PyType_HasFeature(type, Py_TPFLAGS_TYPE_SUBCLASS) ? HEAPY_ROLE_TYPE : HEAPY_ROLE_OBJECT;
}

char *
capture_type_own_name(const capture_state *state, PyTypeObject *type)
{
    bool has_module;
    char *module = module_name(state, type, &has_module), *name = short_name(type);
    char *joined = joined_name(has_module ? module : "<unknown module>", name);
    heapy_free(module);
    heapy_free(name);
    return joined;
}
