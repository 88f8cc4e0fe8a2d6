/* SPDX-License-Identifier: MIT */
/* guppy._heapyc: multi-phase init, one state per interpreter, types from specs. */
#include "cpython/module_support.h"

#include "heapyc_docs.h"
#include "live/capture_setup.h"
#include "live/mortal_code.h"
#include "live/native_threads.h"
#include "live/returned_calls.h"
#include "live/signal_wake.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"
#include "types/source_file.h"
#include "types/stacked_picture.h"
#include "types/table_writer.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"

#include <heapy/reference.h>
#include <heapy/testing.h>
#include <stdio.h>
#include <string.h>
#if defined(__x86_64__) && defined(__POPCNT__)
#include <cpuid.h>
#endif
#if defined(__GLIBC__)
#include <malloc.h>
#endif

module_state *
state_if_ours(PyTypeObject *type)
{
    PyObject *module = module_of_type(type, &heapyc_module);
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

/* Tell capture of the tool's own types. */
static void
register_own_types(module_state *state)
{
    size_t count = 0;
#define REGISTER_OWN_TYPE(name, base) state->own_types[count++] = (own_type){.type = state->name##_type};
    OWN_TYPE_MAP(REGISTER_OWN_TYPE)
#undef REGISTER_OWN_TYPE
    for (size_t i = 0; i < count; i++) {
        own_type *own = &state->own_types[i];
        if (PyType_IsSubtype((PyTypeObject *)own->type, state->node_set_type))
            own->holds = NodeSet_holds;
        if (own->type == state->live_objects_type)
            own->is_aside = LiveObjects_is_aside;
        own->is_root = own->type == state->root_state_type;
        own->gives_edges = own->type == state->node_graph_type;
    }
    state->capture.own_types = state->own_types;
    state->capture.own_type_count = count;
}

static int
add_types(PyObject *module, module_state *state)
{
#define ADD_OWN_TYPE(name, base)                                                                             \
    if (add_type(module, &name##_spec, base, &state->name##_type) < 0 ||                                     \
        PyModule_AddType(module, state->name##_type) < 0)                                                    \
        return -1;
    OWN_TYPE_MAP(ADD_OWN_TYPE)
#undef ADD_OWN_TYPE
    register_own_types(state);
    return 0;
}

/* `descriptor`, a getset of a type, as a property with its docstring.  New reference. */
static PyObject *
property_of(PyObject *descriptor)
{
    PyObject *get = PyObject_GetAttrString(descriptor, "__get__"), *property = NULL;
    if (!get)
        return NULL;
    PyObject *doc = PyObject_GetAttrString(descriptor, "__doc__");
    if (doc)
        property = PyObject_CallFunction((PyObject *)&PyProperty_Type, "OOOO", get, Py_None, Py_None, doc);
    Py_DECREF(get);
    Py_XDECREF(doc);
    return property;
}

static int
set_session_doc(module_state *state)
{
    PyObject *dict = dict_of_type(state->session_type);
    int result = -1;
    if (!dict)
        return -1;
    PyObject *descriptor = Session_doc_descriptor();
    if (descriptor)
        result = PyDict_SetItemString(dict, "__doc__", descriptor);
    Py_DECREF(dict);
    Py_XDECREF(descriptor);
    PyType_Modified(state->session_type);
    return result;
}

static int
make_property(PyObject *dict, const char *name)
{
    PyObject *descriptor = PyDict_GetItemString(dict, name); /* borrowed */
    if (!descriptor)
        return -1;
    PyObject *property = property_of(descriptor);
    if (!property)
        return -1;
    int result = PyDict_SetItemString(dict, name, property);
    Py_DECREF(property);
    return result;
}

/*
 * Make the computed attributes of sets properties (G-25): completers of names, rlcompleter among them,
 * leave a property alone and evaluate anything else, which here may walk the heap or raise.
 */
static int
make_properties(PyTypeObject *type)
{
    PyObject *dict = dict_of_type(type);
    int result = 0;
    if (!dict)
        return -1;
    for (const PyGetSetDef *getter = type->tp_getset; !result && getter->name; getter++)
        result = make_property(dict, getter->name);
    Py_DECREF(dict);
    PyType_Modified(type);
    return result;
}

/* What sessions share: the tag that hides them from each other, and the root. */
static int
add_shared_objects(PyObject *module, module_state *state)
{
    state->capture.hiding_tag = PyList_New(0);
    state->capture.hidden_types = PyList_New(0);
    if (!state->capture.hiding_tag || !state->capture.hidden_types)
        return -1;
    state->capture.root = own_object_new(state->root_state_type, state->capture.hiding_tag);
    if (!state->capture.root)
        return -1;
    return PyModule_AddObjectRef(module, "RootState", state->capture.root);
}

static int
add_reference_form(PyObject *forms, int code)
{
    heapy_reference_form form = heapy_reference_form_of((heapy_reference_code)code);
    PyObject *key = PyLong_FromLong(code);
    if (!key)
        return -1;
    int result = -1;
    PyObject *item =
        Py_BuildValue("(sssO)", form.before, form.between, form.after, form.has_relator ? Py_True : Py_False);
    if (item)
        result = PyDict_SetItem(forms, key, item);
    Py_DECREF(key);
    Py_XDECREF(item);
    return result;
}

/* {code: (before, between, after, has a relator)}: how references are written, for what Python writes of
 * them. */
static int
add_reference_forms(PyObject *module)
{
    PyObject *forms = PyDict_New();
    int result = 0;
    if (!forms)
        return -1;
    for (int code = HEAPY_REFERENCE_UNKNOWN; !result && code < HEAPY_REFERENCE_CODE_COUNT; code++)
        result = add_reference_form(forms, code);
    if (!result)
        result = PyModule_AddObjectRef(module, "reference_forms", forms);
    Py_DECREF(forms);
    return result;
}

/* "3.12.": the layouts of cpython/ are those of one minor version. */
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define BUILT_FOR TEXT(PY_MAJOR_VERSION) "." TEXT(PY_MINOR_VERSION) "."

/* What the extension was built for and with, as a fault's report needs it. */
#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "another compiler"
#endif
static const char build[] = "built for CPython " PY_VERSION " by " COMPILER
#ifndef NDEBUG
                            ", with assertions"
#endif
#ifdef HEAPY_FAILING_ALLOC
                            ", with allocations that can be made to fail"
#endif
#ifdef __SANITIZE_ADDRESS__
                            ", with AddressSanitizer"
#endif
    ;

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
    unsigned eax, ebx, ecx, edx; /* not by __builtin_cpu_supports, which needs more than every linker has */
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_POPCNT)) {
        PyErr_SetString(PyExc_ImportError,
                        "heapy was built for processors with the POPCNT instruction (x86-64 since 2008)");
        return -1;
    }
#endif
    if (capture_state_init(&state->capture) < 0 || add_types(module, state) < 0 ||
        make_properties(state->uniset_type) < 0 || make_properties(state->identity_set_type) < 0 ||
        set_session_doc(state) < 0 || add_shared_objects(module, state) < 0 ||
        add_reference_forms(module) < 0 || PyModule_AddStringConstant(module, "build", build) < 0)
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
#define VISIT_OWN_TYPE(name, base) Py_VISIT(state->name##_type);
    OWN_TYPE_MAP(VISIT_OWN_TYPE)
#undef VISIT_OWN_TYPE
    Py_VISIT(state->capture.object_sizeof);
    return 0;
}

static int
heapyc_clear(PyObject *module)
{
    module_state *state = PyModule_GetState(module);
    if (!state)
        return 0;
    state->is_ready = false;
    frame_holders_clear(&state->frame_holders);
#define CLEAR_OWN_TYPE(name, base) Py_CLEAR(state->name##_type);
    OWN_TYPE_MAP(CLEAR_OWN_TYPE)
#undef CLEAR_OWN_TYPE
    native_threads_clear(&state->capture);
    capture_state_clear(&state->capture);
    return 0;
}

static void
heapyc_free(void *module)
{
    heapyc_clear(module);
}

/* ---- functions ---- */

static PyObject *
hide_type(PyObject *module, PyObject *type)
{
    module_state *state = PyModule_GetState(module);
    if (!PyType_Check(type)) {
        PyErr_Format(PyExc_TypeError, "_hide_type: a type expected, not %.200s", Py_TYPE(type)->tp_name);
        return NULL;
    }
    if (PyList_Append(state->capture.hidden_types, type) < 0)
        return NULL;
    return Py_NewRef(type);
}

/* ---- threads of the tool's own ---- */

static PyObject *
start_thread(PyObject *module, PyObject *function)
{
    module_state *state = PyModule_GetState(module);
    return native_thread_start(&state->capture, module, function);
}

static PyObject *
begin_wakes(PyObject *Py_UNUSED(module), PyObject *args)
{
    int signal_number, descriptor;
    if (!PyArg_ParseTuple(args, "ii:_begin_wakes", &signal_number, &descriptor))
        return NULL;
    if (signal_wake_begin(signal_number, descriptor) < 0)
        return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *
end_wakes(PyObject *Py_UNUSED(module), PyObject *number)
{
    long signal_number = PyLong_AsLong(number);
    if (signal_number == -1 && PyErr_Occurred())
        return NULL;
    signal_wake_end((int)signal_number);
    Py_RETURN_NONE;
}

static PyObject *
join_thread(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *handle;
    double seconds;
    if (!PyArg_ParseTuple(args, "Od:_join_thread", &handle, &seconds))
        return NULL;
    return native_thread_join(handle, seconds);
}

static PyObject *
thread_identity(PyObject *Py_UNUSED(module), PyObject *handle)
{
    return native_thread_identity(handle);
}

/* Takes its arguments as an array: a tuple of them would be an object that nothing leads to. */
static PyObject *
run_interruptibly(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    module_state *state = PyModule_GetState(module);
    if (count == 2)
        return native_thread_run_interruptibly(&state->capture, args[0], args[1]);
    PyErr_SetString(PyExc_TypeError, "_run_interruptibly expected 2 arguments");
    return NULL;
}

static PyObject *
interrupt_thread(PyObject *module, PyObject *handle)
{
    module_state *state = PyModule_GetState(module);
    return native_thread_interrupt(&state->capture, handle);
}

static PyObject *
call_soon(PyObject *Py_UNUSED(module), PyObject *function)
{
    return native_thread_call_soon(function);
}

static PyObject *
call_with_mortal(PyObject *Py_UNUSED(module), PyObject *function)
{
    return call_with_mortal_code(function);
}

/* What the allocators say of themselves, for people who look at memory that is no object's. */
static PyObject *
xmemstats(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    static const char rule[] = "======================================================================";
    fprintf(stderr, "%s\nOutput from _PyObject_DebugMallocStats()\n\n", rule);
    _PyObject_DebugMallocStats(stderr);
#if defined(__GLIBC__)
    fprintf(stderr, "%s\nOutput from malloc_stats\n\n", rule);
    fflush(stderr);
    malloc_stats();
#endif
    fprintf(stderr, "%s\nOther statistics\n\n", rule);
#ifdef Py_REF_DEBUG
    PyObject *total = PySys_GetObject("gettotalrefcount");
    if (!total)
        return NULL;
    PyObject *count = PyObject_CallNoArgs(total);
    if (!count)
        return NULL;
    fprintf(stderr, "Total reference count %zd\n", PyLong_AsSsize_t(count));
    Py_DECREF(count);
#endif
    fprintf(stderr, "%s\n", rule);
    fflush(stderr);
    Py_RETURN_NONE;
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
    {"xmemstats", xmemstats, METH_NOARGS, DOC_function_xmemstats},
    {"_open_snapshot", open_snapshot_file, METH_VARARGS, DOC_function__open_snapshot},
    {"_hide_type", hide_type, METH_O, DOC_function__hide_type},
    {"_stacked_picture", stacked_picture, METH_VARARGS, DOC_function__stacked_picture},
    {"_why_text", write_why, METH_VARARGS, DOC_function__why_text},
    {"_write_table", (PyCFunction)(void (*)(void))write_table, METH_VARARGS | METH_KEYWORDS,
     DOC_function__write_table},
    {"_start_thread", start_thread, METH_O, DOC_function__start_thread},
    {"_join_thread", join_thread, METH_VARARGS, DOC_function__join_thread},
    {"_thread_identity", thread_identity, METH_O, DOC_function__thread_identity},
    {"_run_interruptibly", (PyCFunction)(void (*)(void))run_interruptibly, METH_FASTCALL,
     DOC_function__run_interruptibly},
    {"_interrupt_thread", interrupt_thread, METH_O, DOC_function__interrupt_thread},
    {"_begin_wakes", begin_wakes, METH_VARARGS, DOC_function__begin_wakes},
    {"_end_wakes", end_wakes, METH_O, DOC_function__end_wakes},
    {"_call_soon", call_soon, METH_O, DOC_function__call_soon},
    {"_call_with_mortal_code", call_with_mortal, METH_O, DOC_function__call_with_mortal_code},
#ifdef HEAPY_FAILING_ALLOC
    {"_fail_allocation", fail_allocation, METH_O, NULL},
#endif
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot heapyc_slots[] = {
    {Py_mod_exec, heapyc_exec},
    OWN_LOCK_SLOT /* */
    {0, NULL},
};

struct PyModuleDef heapyc_module = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "guppy._heapyc",
    .m_doc = DOC_module,
    .m_size = sizeof(module_state),
    .m_methods = heapyc_methods,
    .m_slots = heapyc_slots,
    .m_traverse = heapyc_traverse,
    .m_clear = heapyc_clear,
    .m_free = heapyc_free,
};

PyMODINIT_FUNC PyInit__heapyc(void);

PyMODINIT_FUNC
PyInit__heapyc(void)
{
    return PyModuleDef_Init(&heapyc_module);
}
