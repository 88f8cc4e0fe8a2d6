/* SPDX-License-Identifier: MIT */
/* guppy.heapy.heapyc: multi-phase init, one state per interpreter, types from specs. */
#include "pycompat.h"

#include <heapy/testing.h>

#include "capture_internal.h"
#include "heapyc_docs.h"
#include "types.h"

module_state *
state_if_ours(PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030B0000
    PyObject *module = PyType_GetModuleByDef(type, &heapyc_module);
#else
    PyObject *module = _PyType_GetModuleByDef(type, &heapyc_module);
#endif
    if (!module) {
        PyErr_Clear();
        return NULL;
    }
    return PyModule_GetState(module);
}

module_state *
state_of_type(PyTypeObject *type)
{
    module_state *state = state_if_ours(type);
    assert(state);
    return state;
}

bool
state_is_usable(const module_state *state)
{
    if (state && state->is_ready)
        return true;
    PyErr_SetString(PyExc_RuntimeError, "heapy cannot be used any more: the interpreter is shutting down");
    return false;
}

static int
add_type(PyObject *module, PyType_Spec *spec, PyTypeObject *base, PyTypeObject **out)
{
    *out = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, (PyObject *)base);
    return *out ? 0 : -1;
}

static int
add_types(PyObject *module, module_state *state)
{
    if (add_type(module, &live_objects_spec, NULL, &state->live_objects_type) < 0 ||
        add_type(module, &identity_set_spec, NULL, &state->identity_set_type) < 0 ||
        add_type(module, &identity_set_multi_spec, state->identity_set_type,
                 &state->identity_set_multi_type) < 0 ||
        add_type(module, &identity_set_singleton_spec, state->identity_set_type,
                 &state->identity_set_singleton_type) < 0 ||
        add_type(module, &printer_spec, NULL, &state->printer_type) < 0 ||
        add_type(module, &graph_spec, NULL, &state->graph_type) < 0 ||
        add_type(module, &session_spec, NULL, &state->session_type) < 0)
        return -1;
    PyTypeObject *const shown[] = {state->identity_set_type,
                                   state->identity_set_multi_type,
                                   state->identity_set_singleton_type,
                                   state->printer_type,
                                   state->graph_type,
                                   state->session_type};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (PyModule_AddType(module, shown[i]) < 0)
            return -1;
    return 0;
}

/* What the traversal compares with: taken from objects made for the purpose. */
static int
learn_layouts(module_state *state)
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
 * Read back what was just written, through the layouts of pycompat.h: an instance with two attributes, a
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
#if PY_VERSION_HEX >= 0x030B0000
    inline_values v = inline_values_of(object, Py_TYPE(object));
    for (Py_ssize_t i = 0; v.values && i < v.count && i < 2; i++)
        seen[i] = v.values[i];
#else
    PyObject *dict = *dict_slot_at_offset(object, Py_TYPE(object)->tp_dictoffset);
    dict_entries attributes = dict_entries_of(dict);
    for (Py_ssize_t i = 0; i < attributes.count && i < 2; i++)
        seen[i] = attributes.values[(size_t)i * attributes.value_stride];
#endif
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

/* "3.12.": the layouts of pycompat.h are those of one minor version. */
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define BUILT_FOR TEXT(PY_MAJOR_VERSION) "." TEXT(PY_MINOR_VERSION) "."

static int
heapyc_exec(PyObject *module)
{
    module_state *state = PyModule_GetState(module);
    if (strncmp(Py_GetVersion(), BUILT_FOR, sizeof BUILT_FOR - 1) != 0) {
        PyErr_Format(PyExc_ImportError, "heapy was built for CPython %d.%d and cannot read the heap of %s",
                     PY_MAJOR_VERSION, PY_MINOR_VERSION, Py_GetVersion());
        return -1;
    }
#if defined(__x86_64__) && defined(__POPCNT__)
    if (!__builtin_cpu_supports("popcnt")) {
        PyErr_SetString(PyExc_ImportError,
                        "heapy was built for processors with the POPCNT instruction (x86-64 since 2008)");
        return -1;
    }
#endif
    state->str_name = PyUnicode_InternFromString("__name__");
    state->str_package = PyUnicode_InternFromString("__package__");
    state->str_module = PyUnicode_InternFromString("__module__");
    state->str_sizeof = PyUnicode_InternFromString("__sizeof__");
    if (!state->str_name || !state->str_package || !state->str_module || !state->str_sizeof ||
        learn_layouts(state) < 0 || probe_layouts() < 0 || capture_init_known_types(state) < 0 ||
        add_types(module, state) < 0)
        return -1;
    state->is_ready = true;
    return 0;
}

static int
heapyc_traverse(PyObject *module, visitproc visit, void *arg)
{
    module_state *state = PyModule_GetState(module);
    if (!state)
        return 0;
    Py_VISIT(state->session_type);
    Py_VISIT(state->live_objects_type);
    Py_VISIT(state->identity_set_type);
    Py_VISIT(state->identity_set_multi_type);
    Py_VISIT(state->identity_set_singleton_type);
    Py_VISIT(state->printer_type);
    Py_VISIT(state->graph_type);
    Py_VISIT(state->object_sizeof);
    return 0;
}

static int
heapyc_clear(PyObject *module)
{
    module_state *state = PyModule_GetState(module);
    if (!state)
        return 0;
    state->is_ready = false;
    Py_CLEAR(state->session_type);
    Py_CLEAR(state->live_objects_type);
    Py_CLEAR(state->identity_set_type);
    Py_CLEAR(state->identity_set_multi_type);
    Py_CLEAR(state->identity_set_singleton_type);
    Py_CLEAR(state->printer_type);
    Py_CLEAR(state->graph_type);
    Py_CLEAR(state->str_name);
    Py_CLEAR(state->str_package);
    Py_CLEAR(state->str_module);
    Py_CLEAR(state->str_sizeof);
    Py_CLEAR(state->object_sizeof);
    capture_clear_known_types(state);
    return 0;
}

static void
heapyc_free(void *module)
{
    heapyc_clear(module);
}

#ifdef HEAPY_FAILING_ALLOC
/* Only in builds made to test failing allocations. */
static PyObject *
fail_allocation(PyObject *module, PyObject *nth)
{
    (void)module;
    long n = PyLong_AsLong(nth);
    if (n == -1 && PyErr_Occurred())
        return NULL;
    long remaining = heapy_testing_remaining();
    heapy_testing_fail_at(n);
    return PyLong_FromLong(remaining);
}
#endif

static PyMethodDef heapyc_methods[] = {
#ifdef HEAPY_FAILING_ALLOC
    {"_fail_allocation", fail_allocation, METH_O, NULL},
#endif
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot heapyc_slots[] = {
    {Py_mod_exec, heapyc_exec},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, NULL},
};

struct PyModuleDef heapyc_module = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "guppy.heapy.heapyc",
    .m_doc = DOC_module,
    .m_size = sizeof(module_state),
    .m_methods = heapyc_methods,
    .m_slots = heapyc_slots,
    .m_traverse = heapyc_traverse,
    .m_clear = heapyc_clear,
    .m_free = heapyc_free,
};

PyMODINIT_FUNC PyInit_heapyc(void);

PyMODINIT_FUNC
PyInit_heapyc(void)
{
    return PyModuleDef_Init(&heapyc_module);
}
