/* SPDX-License-Identifier: MIT */
#include "live/render.h"
#include "capture/object_text.h"
#include "capture/value_order.h"
#include "cpython/module_support.h"
#include "live/text.h"

#include <frameobject.h>
#include <heapy/memory.h>
#include <string.h>

static PyObject *
render_address(PyObject *object)
{
    return PyUnicode_FromFormat("%p", (void *)object);
}

static PyObject *
render_container(PyObject *object, Py_ssize_t length)
{
    return PyUnicode_FromFormat("%p*%zd", (void *)object, length);
}

static PyObject *
render_module(capture_state *state, PyObject *object)
{
    PyObject *dict = dict_of_module(object); /* borrowed */
    PyObject *name = NULL;
    if (dict && PyDict_CheckExact(dict))
        name = PyDict_GetItemWithError(dict, state->str_name);
    if (name && PyUnicode_CheckExact(name))
        return Py_NewRef(name);
    PyErr_Clear();
    return render_address(object);
}

PyObject *
render_object(capture_state *state, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    text_out out = {0};
    bool is_said = put_object_text(state, object, HEAPY_TEXT_ROW, &out);
    if (is_said && !out.failed)
        return text_taken_over(out.text, out.length);
    heapy_free(out.text);
    if (is_said)
        return PyErr_NoMemory();
    if (type == &PyList_Type)
        return render_container(object, PyList_GET_SIZE(object));
    if (type == &PyTuple_Type)
        return render_container(object, PyTuple_GET_SIZE(object));
    if (type == &PyDict_Type)
        return render_container(object, PyDict_GET_SIZE(object));
    if (type == &PyModule_Type)
        return render_module(state, object);
    return render_address(object);
}

PyObject *
render_brief_item(capture_state *state, PyObject *object, PyObject *owner)
{
    PyObject *text = render_object(state, owner ? owner : object);
    if (!text || !owner)
        return text;
    Py_ssize_t length = PyUnicode_GET_LENGTH(text), dot = PyUnicode_FindChar(text, '.', 0, length, -1);
    if (dot < 0)
        return text;
    PyObject *last = PyUnicode_Substring(text, dot + 1, length);
    PyObject *cut = NULL;
    if (last)
        cut = PyUnicode_FromFormat("..%U", last);
    Py_XDECREF(last);
    Py_DECREF(text);
    return cut;
}

const char *
render_heading(const PyTypeObject *type)
{
    if (type == &PyLong_Type || type == &PyFloat_Type || type == &PyBool_Type || type == &PyComplex_Type ||
        type == Py_TYPE(Py_None))
        return "Value";
    if (type == &PyUnicode_Type || type == &PyBytes_Type)
        return "Representation (limited)";
    if (type == &PyList_Type || type == &PyTuple_Type || type == &PyDict_Type)
        return "Address*Length";
    if (PyType_HasFeature((PyTypeObject *)type, Py_TPFLAGS_TYPE_SUBCLASS) || type == &PyFunction_Type ||
        type == &PyCFunction_Type || type == &PyModule_Type)
        return "Name";
    if (type == &PyCode_Type)
        return "File:Line:Name";
    if (type == &PyFrame_Type)
        return "Name at Address";
    if (type == &PyMethod_Type)
        return "Type/<Type at address> . method";
    if (type == &PyTraceBack_Type)
        return "Frame at Address";
    return "Address";
}

render_order
render_order_of(const PyTypeObject *type)
{
    if (type == &PyLong_Type || type == &PyFloat_Type || type == &PyBool_Type || type == &PyUnicode_Type ||
        type == &PyBytes_Type)
        return ORDER_BY_VALUE;
    if (type == &PyList_Type || type == &PyTuple_Type || type == &PyDict_Type)
        return ORDER_BY_ADDRESS;
    return strcmp(render_heading(type), "Address") != 0 ? ORDER_BY_TEXT : ORDER_BY_ADDRESS;
}

static int
compare_addresses(const PyObject *a, const PyObject *b)
{
    return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

static int
compare_renderings(capture_state *state, PyObject *a, PyObject *b)
{
    PyObject *x = render_object(state, a), *y = render_object(state, b);
    int order = 0;
    if (x && y)
        order = render_compare_texts(x, y);
    PyErr_Clear(); /* no memory for a text: the address decides */
    Py_XDECREF(x);
    Py_XDECREF(y);
    return order;
}

int
render_compare_texts(PyObject *a, PyObject *b)
{
    return PyUnicode_Compare(a, b);
}

int
render_compare(capture_state *state, PyObject *a, PyObject *b)
{
    int order = 0;
    if (Py_TYPE(a) == Py_TYPE(b)) {
        render_order by = render_order_of(Py_TYPE(a));
        if (by == ORDER_BY_VALUE)
            order = compare_values(a, b);
        else if (by == ORDER_BY_TEXT)
            order = compare_renderings(state, a, b);
    }
    if (order)
        return order;
    return compare_addresses(a, b);
}
