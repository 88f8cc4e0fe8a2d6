/* SPDX-License-Identifier: MIT */
#include "cpython/attribute_layout.h" /* first: it asks for the interpreter's internals */

#include "capture/capture_state.h"

#include "capture/capture_internal.h"
#include "cpython/dict_layout.h"

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
    PyObject *object = class ? PyObject_CallNoArgs(class) : NULL;
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

int
capture_state_init(capture_state *state)
{
    state->interp = PyInterpreterState_Get();
#define INTERN(field, text) (state->field = PyUnicode_InternFromString(text))
    if (!INTERN(str_name, "__name__") || !INTERN(str_package, "__package__") ||
        !INTERN(str_module, "__module__") || !INTERN(str_sizeof, "__sizeof__") ||
        !INTERN(str_hiding_tag, "_hiding_tag_"))
        return -1;
#undef INTERN
    return learn_layouts(state) < 0 || probe_layouts() < 0 ? -1 : capture_init_known_types(state);
}

void
capture_state_clear(capture_state *state)
{
    state->own_type_count = 0;
    Py_CLEAR(state->str_name);
    Py_CLEAR(state->str_package);
    Py_CLEAR(state->str_module);
    Py_CLEAR(state->str_sizeof);
    Py_CLEAR(state->str_hiding_tag);
    Py_CLEAR(state->object_sizeof);
    Py_CLEAR(state->hidden_types);
    Py_CLEAR(state->hiding_tag);
    Py_CLEAR(state->root);
    capture_clear_known_types(state);
}
