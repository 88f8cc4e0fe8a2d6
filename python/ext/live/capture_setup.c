/* SPDX-License-Identifier: MIT */
#include "cpython/attribute_layout.h" /* first: it asks for the interpreter's internals */

#include "live/capture_setup.h"

#include "capture/capture_internal.h"
#include "cpython/dict_layout.h"
#include "cpython/module_support.h"
#include "live/signal_handlers.h"

#include <string.h>

/* What the traversal compares with: taken from objects made for the purpose. */
static int
learn_layouts(capture_state *state)
{
    PyObject *class = PyObject_CallFunction((PyObject *)&PyType_Type, "s(){}", "probe");
    PyObject *dict = Py_BuildValue("{i:i}", 1, 1);
    PyObject *sizeof_method = PyObject_GetAttrString((PyObject *)&PyBaseObject_Type, "__sizeof__");
    if (class)
        state->subtype_traverse = ((PyTypeObject *)class)->tp_traverse;
    if (dict)
        state->general_lookup = dict_lookup_of(dict);
    state->object_sizeof = sizeof_method;
    int result = class && dict && sizeof_method ? 0 : -1;
    Py_XDECREF(class);
    Py_XDECREF(dict);
    return result;
}

/*
 * Read back what was just written, through the layouts of cpython/: an instance with two attributes, a
 * list, a dict.  A build that reads this interpreter wrongly must not get to read a heap.
 */
static int
probe_layouts(void)
{
    PyObject *space = PyDict_New();
    PyObject *class = PyObject_CallFunction((PyObject *)&PyType_Type, "s(){}", "probe");
    PyObject *object = NULL;
    if (class)
        object = PyObject_CallNoArgs(class);
    PyObject *first = PyList_New(0), *second = PyList_New(0);
    int result = -1;
    if (!space || !object || !first || !second || PyObject_SetAttrString(object, "first", first) < 0 ||
        PyObject_SetAttrString(object, "second", second) < 0 ||
        PyDict_SetItemString(space, "first", first) < 0)
        goto done;
    PyObject *seen[2] = {NULL, NULL};
    if (attribute_layout_of(Py_TYPE(object)) == ATTRIBUTES_MANAGED) {
        inline_values v = inline_values_of(object, Py_TYPE(object));
        for (Py_ssize_t i = 0; v.values && i < v.count && i < 2; i++)
            seen[i] = v.values[i];
    } else {
        PyObject *dict = *dict_slot_at_offset(object, Py_TYPE(object)->tp_dictoffset);
        dict_entries attributes = dict_entries_of(dict);
        for (Py_ssize_t i = 0; i < attributes.count && i < 2; i++)
            seen[i] = attributes.values[(size_t)i * attributes.value_stride];
    }
    dict_entries e = dict_entries_of(space);
    if (seen[0] == first && seen[1] == second && e.count == 1 && e.values[0] == first)
        result = 0;
    else
        PyErr_SetString(PyExc_ImportError, "heapy was built for another build of CPython " PY_VERSION
                                           " and would misread this one's heap: install it again");
done:
    Py_XDECREF(space);
    Py_XDECREF(class);
    Py_XDECREF(object);
    Py_XDECREF(first);
    Py_XDECREF(second);
    return result;
}

/* ---- types with names of their own ---- */

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
        if (!PyType_Check(value) || !PyUnicode_Check(key))
            continue;
        const char *name = PyUnicode_AsUTF8(key);
        if (!name)
            return -1;
        /* A class is a program's, but for the one that the interpreter makes as programs do. */
        if (PyType_HasFeature((PyTypeObject *)value, Py_TPFLAGS_HEAPTYPE) &&
            strcmp(name, "ExceptionGroup") != 0)
            continue;
        const char *dot = strrchr(((PyTypeObject *)value)->tp_name, '.');
        const char *own;
        if (dot)
            own = dot + 1;
        else
            own = ((PyTypeObject *)value)->tp_name;
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
    PyObject *module = import_module("types"), *names = NULL;
    int result = -1;
    if (!module)
        return -1;
    PyObject *dict = dict_of_module(module); /* borrowed */
    if (!dict)
        goto done;
    names = PyDict_Keys(dict);
    if (!names || PyList_Sort(names) < 0 || PyList_Reverse(names) < 0)
        goto done;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(names); i++) {
        PyObject *name = PyList_GET_ITEM(names, i);
        PyObject *value = PyDict_GetItemWithError(dict, name);
        if (!value || !PyType_Check(value))
            continue;
        const char *text = PyUnicode_AsUTF8(name);
        if (!text)
            goto done;
        if (text[0] != '_' && !add_known_type(state, capacity, value, "types.", text)) {
            PyErr_NoMemory();
            goto done;
        }
    }
    result = 0;
done:
    Py_XDECREF(names);
    Py_DECREF(module);
    return result;
}

static int
init_known_types(capture_state *state)
{
    size_t capacity = 0;
    bool is_done = add_known_type(state, &capacity, (PyObject *)&PyModule_Type, "", "module") &&
                   add_known_type(state, &capacity, (PyObject *)&PyFunction_Type, "", "function");
    if (!is_done)
        PyErr_NoMemory();
    if (!is_done || add_builtins(state, &capacity) < 0 || add_types_module(state, &capacity) < 0)
        return -1;
    qsort(state->known_types, state->known_type_count, sizeof *state->known_types,
          capture_compare_known_types);
    return 0;
}

static void
clear_known_types(capture_state *state)
{
    for (size_t i = 0; i < state->known_type_count; i++)
        heapy_free(state->known_types[i].name);
    heapy_free(state->known_types);
    state->known_types = NULL;
    state->known_type_count = 0;
}

int
capture_state_init(capture_state *state)
{
    state->interp = PyInterpreterState_Get();
#define INTERN(field, text) (state->field = PyUnicode_InternFromString(text))
    if (!INTERN(str_name, "__name__") || !INTERN(str_package, "__package__") ||
        !INTERN(str_module, "__module__") || !INTERN(str_mypyc_attrs, "__mypyc_attrs__") ||
        !INTERN(str_sizeof, "__sizeof__") || !INTERN(str_hiding_tag, "_hiding_tag_"))
        return -1;
#undef INTERN
    if (learn_layouts(state) < 0 || probe_layouts() < 0 || signal_handlers_learn(state) < 0)
        return -1;
    return init_known_types(state);
}

void
capture_state_clear(capture_state *state)
{
    state->own_type_count = 0;
    Py_CLEAR(state->str_name);
    Py_CLEAR(state->str_package);
    Py_CLEAR(state->str_module);
    Py_CLEAR(state->str_mypyc_attrs);
    Py_CLEAR(state->str_sizeof);
    Py_CLEAR(state->str_hiding_tag);
    Py_CLEAR(state->object_sizeof);
    Py_CLEAR(state->getsignal);
    Py_CLEAR(state->hidden_types);
    Py_CLEAR(state->hiding_tag);
    Py_CLEAR(state->root);
    clear_known_types(state);
}
