/* SPDX-License-Identifier: MIT */
/* The root of the heap as an object: hp.Root (H-10 to H-17, S-90). */
#include "capture/own_object_head.h"
#include "heapyc_docs.h"
#include "live/root_attributes.h"
#include "live/world.h"
#include "types/module_state.h"
#include "types/own_object.h"

#include <string.h>

static PyObject *
root_state_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, ":RootStateType", names))
        return NULL;
    return new_reference_or_error(state_of_type(type)->capture.root);
}

static PyObject *
root_state_repr(PyObject *Py_UNUSED(self))
{
    return PyUnicode_FromString("RootState");
}

/* Find one of its own methods, or of those that every object has. */
static PyObject *
generic_attribute(PyObject *self, PyObject *name)
{
    PyObject *value = PyObject_GenericGetAttr(self, name);
    if (!value && PyErr_ExceptionMatches(PyExc_AttributeError))
        PyErr_Format(PyExc_AttributeError, "root state has no attribute '%U'", name);
    return value;
}

/* Making frame objects may set off a collection, which could change the threads that are being looked at. */
static PyObject *
root_state_getattro(PyObject *self, PyObject *name)
{
    const char *text = PyUnicode_AsUTF8(name);
    if (!text)
        return NULL;
    if (text[0] != 'i' && text[0] != 't')
        return generic_attribute(self, name);
    stopped_world world = world_stop();
    PyObject *value = capture_root_attribute(&state_of_type(Py_TYPE(self))->capture, text);
    world_start(&world);
    return value;
}

static PyObject *
root_state_dir(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    stopped_world world = world_stop();
    PyObject *names = capture_root_names(&state_of_type(Py_TYPE(self))->capture);
    world_start(&world);
    return names;
}

/* What a singleton without members of its own takes; the tool's head is not counted. */
static PyObject *
root_state_sizeof(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromSize_t(sizeof(PyObject));
}

static PyMethodDef root_state_methods[] = {
    {"__dir__", root_state_dir, METH_NOARGS, DOC_RootStateType___dir__},
    {"__sizeof__", root_state_sizeof, METH_NOARGS, DOC_RootStateType___sizeof__},
    {NULL, NULL, 0, NULL},
};

/* The one root lives as long as its module: its tag is freed with the memory of the type. */
static void
root_state_dealloc(PyObject *self)
{
    own_object_free(self);
}

static PyType_Slot root_state_slots[] = {
    {Py_tp_doc, DOC_RootStateType},
    {Py_tp_new, root_state_new},
    {Py_tp_repr, root_state_repr},
    {Py_tp_getattro, root_state_getattro},
    {Py_tp_methods, root_state_methods},
    {Py_tp_dealloc, root_state_dealloc},
    {0, NULL},
};

/* Not a collector's object: a header before it would count in its size. */
PyType_Spec root_state_spec = {
    .name = "guppy.heapy.heapyc.RootStateType",
    .basicsize = sizeof(own_object),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = root_state_slots,
};
