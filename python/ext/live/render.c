/* SPDX-License-Identifier: MIT */
#include "live/render.h"
#include "cpython/module_support.h"
#include "live/type_texts.h"

#include <frameobject.h>
#include <string.h>

enum { LIMIT = 30, HEAD = (LIMIT - 3) / 2, TAIL = LIMIT - 3 - HEAD, LONG_TEXT = 1 << 16 };

static PyObject *
render_address(PyObject *object)
{
    return PyUnicode_FromFormat("%p", (void *)object);
}

/* repr() of an exact builtin type; the address where it has none, as for an int of too many digits. */
static PyObject *
render_value(PyObject *object)
{
    PyObject *text = PyObject_Repr(object);
    if (text || !PyErr_ExceptionMatches(PyExc_ValueError))
        return text;
    PyErr_Clear();
    return render_address(object);
}

/* s[first:first+count] of a str or bytes. */
static PyObject *
part_of(PyObject *s, Py_ssize_t first, Py_ssize_t count)
{
    return PySequence_GetSlice(s, first, first + count);
}

/* a + "..." + b, taking both over. */
static PyObject *
join_cut(PyObject *a, PyObject *b)
{
    PyObject *text = a && b ? PyUnicode_FromFormat("%U...%U", a, b) : NULL;
    Py_XDECREF(a);
    Py_XDECREF(b);
    return text;
}

/* The first and the last characters of a text; taken over. */
static PyObject *
cut_middle(PyObject *text)
{
    Py_ssize_t length = text ? PyUnicode_GET_LENGTH(text) : 0;
    if (length <= LIMIT)
        return text;
    PyObject *cut =
        join_cut(PyUnicode_Substring(text, 0, HEAD), PyUnicode_Substring(text, length - TAIL, length));
    Py_DECREF(text);
    return cut;
}

/* The beginning and the end of a str or bytes that is longer than anybody wants to see. */
static PyObject *
ends_of(PyObject *s, Py_ssize_t length, Py_ssize_t head, Py_ssize_t tail)
{
    PyObject *first = part_of(s, 0, head), *last = part_of(s, length - tail, tail);
    PyObject *ends = first && last ? PySequence_Concat(first, last) : NULL;
    Py_XDECREF(first);
    Py_XDECREF(last);
    return ends;
}

/* reprlib.repr() of a str (Lib/reprlib.py, repr_str). */
static PyObject *
render_str(PyObject *s)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(s);
    PyObject *start = part_of(s, 0, LIMIT);
    PyObject *text = start ? PyObject_Repr(start) : NULL;
    Py_XDECREF(start);
    if (!text || PyUnicode_GET_LENGTH(text) <= LIMIT)
        return text;
    Py_DECREF(text);
    PyObject *ends = ends_of(s, length, HEAD < length ? HEAD : length, TAIL < length ? TAIL : length);
    text = ends ? PyObject_Repr(ends) : NULL;
    Py_XDECREF(ends);
    if (!text)
        return NULL;
    Py_ssize_t end = PyUnicode_GET_LENGTH(text);
    PyObject *cut = join_cut(PyUnicode_Substring(text, 0, HEAD),
                             PyUnicode_Substring(text, end > TAIL ? end - TAIL : 0, end));
    Py_DECREF(text);
    return cut;
}

/* reprlib.repr() of bytes (repr_instance); of long ones only the ends are looked at. */
static PyObject *
render_bytes(PyObject *s)
{
    Py_ssize_t length = PyBytes_GET_SIZE(s);
    if (length <= LONG_TEXT)
        return cut_middle(PyObject_Repr(s));
    PyObject *ends = ends_of(s, length, LIMIT, LIMIT);
    PyObject *text = ends ? PyObject_Repr(ends) : NULL;
    Py_XDECREF(ends);
    return cut_middle(text);
}

static PyObject *
render_container(PyObject *object, Py_ssize_t length)
{
    return PyUnicode_FromFormat("%p*%zd", (void *)object, length);
}

/* module.name; a module that is no str shows as None. */
static PyObject *
join_module(PyObject *module, PyObject *name)
{
    if (module && PyUnicode_CheckExact(module))
        return PyUnicode_FromFormat("%U.%U", module, name);
    return PyUnicode_FromFormat("None.%U", name);
}

static PyObject *
render_builtin(PyObject *object)
{
    const PyCFunctionObject *function = (const PyCFunctionObject *)object;
    PyObject *name = PyUnicode_FromString(function->m_ml->ml_name);
    PyObject *module = function->m_module;
    if (!name ||
        (module && PyUnicode_CheckExact(module) && !PyUnicode_CompareWithASCIIString(module, "builtins")))
        return name;
    PyObject *text = join_module(module, name);
    Py_DECREF(name);
    return text;
}

static PyObject *
render_module(capture_state *state, PyObject *object)
{
    PyObject *dict = dict_of_module(object); /* borrowed */
    PyObject *name = dict && PyDict_CheckExact(dict) ? PyDict_GetItemWithError(dict, state->str_name) : NULL;
    if (name && PyUnicode_CheckExact(name))
        return Py_NewRef(name);
    PyErr_Clear();
    return render_address(object);
}

static PyObject *
render_code(PyObject *object)
{
    const PyCodeObject *code = (const PyCodeObject *)object;
    PyObject *file = code->co_filename;
    Py_ssize_t length = PyUnicode_GET_LENGTH(file);
    Py_ssize_t slash = PyUnicode_FindChar(file, '/', 0, length, -1);
    PyObject *base = PyUnicode_Substring(file, slash + 1, length);
    PyObject *text =
        base ? PyUnicode_FromFormat("%U:%d:%U", base, code->co_firstlineno, code->co_name) : NULL;
    Py_XDECREF(base);
    return text;
}

static PyObject *
render_frame(PyObject *object)
{
    PyCodeObject *code = PyFrame_GetCode((PyFrameObject *)object);
    PyObject *text = PyUnicode_FromFormat("<%U at %p>", code->co_name, (void *)object);
    Py_DECREF(code);
    return text;
}

static PyObject *
render_traceback(PyObject *object)
{
    PyFrameObject *frame = ((PyTracebackObject *)object)->tb_frame;
    PyObject *inner = frame ? render_frame((PyObject *)frame) : PyUnicode_FromString("<>");
    PyObject *text = inner ? PyUnicode_FromFormat("<in frame %U at %p>", inner, (void *)object) : NULL;
    Py_XDECREF(inner);
    return text;
}

static PyObject *
render_method(capture_state *state, PyObject *object)
{
    PyObject *self = PyMethod_GET_SELF(object), *function = PyMethod_GET_FUNCTION(object);
    PyObject *type = capture_type_text(state, Py_TYPE(self));
    PyObject *name = PyFunction_Check(function) ? Py_NewRef(((PyFunctionObject *)function)->func_name)
                                                : render_object(state, function);
    PyObject *text = type && name ? PyUnicode_FromFormat("<%U at %p>.%U", type, (void *)self, name) : NULL;
    Py_XDECREF(type);
    Py_XDECREF(name);
    return text;
}

PyObject *
render_object(capture_state *state, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (type == &PyLong_Type || type == &PyFloat_Type || type == &PyBool_Type || type == &PyComplex_Type ||
        object == Py_None)
        return render_value(object);
    if (type == &PyUnicode_Type)
        return render_str(object);
    if (type == &PyBytes_Type)
        return render_bytes(object);
    if (type == &PyList_Type)
        return render_container(object, PyList_GET_SIZE(object));
    if (type == &PyTuple_Type)
        return render_container(object, PyTuple_GET_SIZE(object));
    if (type == &PyDict_Type)
        return render_container(object, PyDict_GET_SIZE(object));
    if (PyType_Check(object))
        return capture_type_text(state, (PyTypeObject *)object);
    if (type == &PyFunction_Type)
        return join_module(((PyFunctionObject *)object)->func_module,
                           ((PyFunctionObject *)object)->func_name);
    if (type == &PyCFunction_Type)
        return render_builtin(object);
    if (type == &PyModule_Type)
        return render_module(state, object);
    if (type == &PyCode_Type)
        return render_code(object);
    if (type == &PyFrame_Type)
        return render_frame(object);
    if (type == &PyMethod_Type)
        return render_method(state, object);
    if (type == &PyTraceBack_Type)
        return render_traceback(object);
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
    PyObject *cut = last ? PyUnicode_FromFormat("..%U", last) : NULL;
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
compare_ints(PyObject *a, PyObject *b)
{
    int a_overflows, b_overflows;
    long long x = PyLong_AsLongLongAndOverflow(a, &a_overflows);
    long long y = PyLong_AsLongLongAndOverflow(b, &b_overflows);
    if (!a_overflows && !b_overflows)
        return (x > y) - (x < y);
    return PyObject_RichCompareBool(a, b, Py_LT) == 1 ? -1 : PyObject_RichCompareBool(a, b, Py_GT) == 1;
}

static int
compare_bytes(PyObject *a, PyObject *b)
{
    Py_ssize_t m = PyBytes_GET_SIZE(a), n = PyBytes_GET_SIZE(b);
    int order = memcmp(PyBytes_AS_STRING(a), PyBytes_AS_STRING(b), (size_t)(m < n ? m : n));
    return order ? order : (m > n) - (m < n);
}

/* NaNs come last, so that the order stays one. */
static int
compare_floats(PyObject *a, PyObject *b)
{
    double x = PyFloat_AS_DOUBLE(a), y = PyFloat_AS_DOUBLE(b);
    bool x_is_nan = x != x, y_is_nan = y != y;
    if (x_is_nan || y_is_nan)
        return x_is_nan - y_is_nan;
    return (x > y) - (x < y);
}

static int
compare_values(PyObject *a, PyObject *b)
{
    if (PyLong_Check(a))
        return compare_ints(a, b);
    if (PyUnicode_Check(a))
        return PyUnicode_Compare(a, b);
    return PyBytes_Check(a) ? compare_bytes(a, b) : compare_floats(a, b);
}

static int
compare_renderings(capture_state *state, PyObject *a, PyObject *b)
{
    PyObject *x = render_object(state, a), *y = render_object(state, b);
    int order = x && y ? render_compare_texts(x, y) : 0;
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
    return order ? order : compare_addresses(a, b);
}
