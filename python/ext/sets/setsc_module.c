/* SPDX-License-Identifier: MIT */
/* guppy.sets.setsc: its functions, and the node sets of the heap analyser beside its own bit sets. */
#include "cpython/module_support.h"
#include "setsc.h"
#include "setsc_docs.h"

#include <heapy/memory.h>
#include <heapy/testing.h>
#include <string.h>

setsc_state *
setsc_state_of(PyTypeObject *type)
{
    PyObject *module = module_of_type(type, &setsc_module);
    if (module)
        return PyModule_GetState(module);
    PyErr_Clear();
    return NULL;
}

setsc_state *
setsc_usable_state(PyTypeObject *type)
{
    setsc_state *state = setsc_state_of(type);
    if (!state)
        PyErr_SetString(PyExc_RuntimeError,
                        "bit sets cannot be used any more: the interpreter is shutting down");
    return state;
}

/* ---- functions ---- */

static PyObject *
immbit(PyObject *module, PyObject *object)
{
    int64_t bit;
    if (bit_of(object, &bit) < 0)
        return NULL;
    heapy_bit_word word = {heapy_bit_position(bit), heapy_bit_mask(bit)};
    return imm_of_words(PyModule_GetState(module), &word, 1);
}

static PyObject *
immbitset(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"arg", NULL};
    setsc_state *state = PyModule_GetState(module);
    PyObject *argument = NULL;
    operand set;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:immbitset", names, &argument))
        return NULL;
    if (!argument)
        return Py_NewRef(state->empty);
    if (PyType_IsSubtype(Py_TYPE(argument), state->imm_type) || Py_TYPE(argument) == state->cpl_type)
        return Py_NewRef(argument);
    int found = operand_of(state, argument, &set);
    if (found == 0)
        PyErr_Format(PyExc_TypeError,
                     "immbitset: a bit set, an int or an iterable of ints expected, not %.200s",
                     Py_TYPE(argument)->tp_name);
    if (found <= 0)
        return NULL;
    return set_of_operand(state, set);
}

static PyObject *
immbitrange(PyObject *module, PyObject *args)
{
    Py_ssize_t bounds[] = {0, 0, 1}, count = PyTuple_GET_SIZE(args);
    if (count < 1 || count > 3) {
        PyErr_Format(PyExc_TypeError, "immbitrange: 1 to 3 arguments expected, got %zd", count);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_ssize_t *bound = &bounds[count == 1 ? 1 : i];
        *bound = PyNumber_AsSsize_t(PyTuple_GET_ITEM(args, i), PyExc_OverflowError);
        if (*bound == -1 && PyErr_Occurred())
            return NULL;
    }
    if (bounds[2] <= 0) {
        PyErr_SetString(PyExc_ValueError, "immbitrange: the step is positive");
        return NULL;
    }
    size_t room = heapy_bit_range_room(bounds[0], bounds[1], bounds[2]);
    ImmBitSet *draft = imm_draft(room);
    if (!draft)
        return NULL;
    size_t written = heapy_bit_range(bounds[0], bounds[1], bounds[2], draft->words);
    return imm_finish(PyModule_GetState(module), draft, room, written);
}

/* The set that a pickle describes.  type: the class of an instance of a subclass, or NULL. */
static PyObject *
load(setsc_state *state, int flags, const heapy_bit_word *words, size_t count, PyTypeObject *type)
{
    bool is_complemented = flags & 1, is_mutable = flags & 2;
    PyTypeObject *base = is_mutable ? state->mut_type : state->imm_type;
    if (type && !PyType_IsSubtype(type, base)) {
        PyErr_Format(PyExc_TypeError, "_bs: %.200s is no subclass of %.200s", type->tp_name, base->tp_name);
        return NULL;
    }
    if (type && !is_mutable && !is_complemented)
        return imm_of_type(type, words, count);
    operand set = {imm_of_words(state, words, count), is_complemented};
    if (!set.finite)
        return NULL;
    if (!is_mutable)
        return set_of_operand(state, set);
    return mut_of_operand(type ? type : base, set);
}

static PyObject *
bs(PyObject *module, PyObject *args)
{
    int flags;
    PyObject *records;
    PyTypeObject *type = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!PyArg_ParseTuple(args, "iS|O!:_bs", &flags, &records, &PyType_Type, &type))
        return NULL;
    size_t length = (size_t)PyBytes_GET_SIZE(records), count = length / sizeof(heapy_bit_word);
    if (flags & ~3) {
        PyErr_Format(PyExc_ValueError, "_bs: flags are 0 to 3, not %d", flags);
        return NULL;
    }
    if (length % sizeof(heapy_bit_word)) {
        PyErr_Format(PyExc_ValueError, "_bs: records have 16 bytes, and %zu is no multiple of that", length);
        return NULL;
    }
    heapy_bit_word *words = heapy_alloc_array(count, sizeof *words); /* the bytes may lie at any address */
    if (!words)
        return PyErr_NoMemory();
    memcpy(words, PyBytes_AS_STRING(records), length);
    PyObject *result = NULL;
    if (heapy_bit_words_check(words, count, &err))
        PyErr_Format(PyExc_ValueError, "_bs: %s", err.message);
    else
        result = load(PyModule_GetState(module), flags, words, count, type);
    heapy_free(words);
    return result;
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

static PyMethodDef setsc_methods[] = {
    {"immbit", immbit, METH_O, DOC_function_immbit},
    {"immbitset", (PyCFunction)(void (*)(void))immbitset, METH_VARARGS | METH_KEYWORDS,
     DOC_function_immbitset},
    {"immbitrange", immbitrange, METH_VARARGS, DOC_function_immbitrange},
    {"_bs", bs, METH_VARARGS, DOC_function__bs},
#ifdef HEAPY_FAILING_ALLOC
    {"_fail_allocation", fail_allocation, METH_O, NULL},
#endif
    {NULL, NULL, 0, NULL},
};

/* ---- the module ---- */

static int
add_type(PyObject *module, PyType_Spec *spec, PyTypeObject *base, PyTypeObject **out)
{
    *out = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, (PyObject *)base);
    if (!*out)
        return -1;
    return PyModule_AddType(module, *out);
}

/* They are the heap analyser's, whose sets they show; who imports the sets expects them here. */
static int
add_node_sets(PyObject *module)
{
    static const char *const names[] = {"NodeSet", "ImmNodeSet", "MutNodeSet"};
    PyObject *heapyc = import_module("guppy._heapyc");
    int result = 0;
    if (!heapyc)
        return -1;
    for (size_t i = 0; !result && i < sizeof names / sizeof *names; i++) {
        PyObject *type = PyObject_GetAttrString(heapyc, names[i]);
        result = -1;
        if (type)
            result = PyModule_AddObjectRef(module, names[i], type);
        Py_XDECREF(type);
    }
    Py_DECREF(heapyc);
    return result;
}

static int
setsc_exec(PyObject *module)
{
    setsc_state *state = PyModule_GetState(module);
    if (add_type(module, &bit_set_spec, NULL, &state->bit_set_type) < 0 ||
        add_type(module, &imm_bit_set_spec, state->bit_set_type, &state->imm_type) < 0 ||
        add_type(module, &cpl_bit_set_spec, state->bit_set_type, &state->cpl_type) < 0 ||
        add_type(module, &mut_bit_set_spec, state->bit_set_type, &state->mut_type) < 0)
        return -1;
    state->iterator_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &bit_iterator_spec, NULL);
    state->empty = imm_of_type(state->imm_type, NULL, 0);
    CplBitSet *all = NULL;
    if (state->empty)
        all = (CplBitSet *)state->cpl_type->tp_alloc(state->cpl_type, 0);
    if (!state->iterator_type || !all)
        return -1;
    all->finite = Py_NewRef(state->empty);
    state->all = (PyObject *)all;
    state->loader = PyObject_GetAttrString(module, "_bs");
    if (!state->loader)
        return -1;
    return add_node_sets(module);
}

static int
setsc_traverse(PyObject *module, visitproc visit, void *arg)
{
    setsc_state *state = PyModule_GetState(module);
    if (!state)
        return 0;
    Py_VISIT(state->bit_set_type);
    Py_VISIT(state->imm_type);
    Py_VISIT(state->cpl_type);
    Py_VISIT(state->mut_type);
    Py_VISIT(state->iterator_type);
    Py_VISIT(state->empty);
    Py_VISIT(state->all);
    Py_VISIT(state->loader);
    return 0;
}

/* The state stays whole until the module is freed: a set may be used by what runs while the module is
   cleared, and a set keeps its type, and the type the module. */
static void
setsc_free(void *module)
{
    setsc_state *state = PyModule_GetState((PyObject *)module);
    if (!state)
        return;
    Py_CLEAR(state->loader);
    Py_CLEAR(state->all);
    Py_CLEAR(state->empty);
    Py_CLEAR(state->iterator_type);
    Py_CLEAR(state->mut_type);
    Py_CLEAR(state->cpl_type);
    Py_CLEAR(state->imm_type);
    Py_CLEAR(state->bit_set_type);
}

static int
setsc_clear(PyObject *module)
{
    setsc_state *state = PyModule_GetState(module);
    if (state)
        Py_CLEAR(state->loader);
    return 0;
}

static PyModuleDef_Slot setsc_slots[] = {
    {Py_mod_exec, setsc_exec},
    OWN_LOCK_SLOT /* */
    {0, NULL},
};

struct PyModuleDef setsc_module = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "guppy.sets.setsc",
    .m_doc = DOC_module,
    .m_size = sizeof(setsc_state),
    .m_methods = setsc_methods,
    .m_slots = setsc_slots,
    .m_traverse = setsc_traverse,
    .m_clear = setsc_clear,
    .m_free = setsc_free,
};

PyMODINIT_FUNC PyInit_setsc(void);

PyMODINIT_FUNC
PyInit_setsc(void)
{
    return PyModuleDef_Init(&setsc_module);
}
