/* SPDX-License-Identifier: MIT */
/* Where objects were allocated, as tracemalloc knows it (R-90 to R-95, S-99). */
#include "cpython/allocation_trace.h" /* first: it asks for the interpreter's internals */

#include "live/producers.h"

#include "capture/object_map.h"
#include "cpython/module_support.h"
#include "live/errors.h"

#include <heapy/kind.h>

int
raise_not_traced(void)
{
    PyErr_SetString(PyExc_RuntimeError, "Tracemalloc is not tracing. No producer profile available. See "
                                        "https://docs.python.org/3/library/tracemalloc.html");
    return -1;
}

int
allocation_sites_are_traced(void)
{
    PyObject *module = import_module("_tracemalloc");
    if (!module && PyErr_ExceptionMatches(PyExc_ImportError)) { /* the interpreter goes down */
        PyErr_Clear();
        return 0;
    }
    if (!module)
        return -1;
    PyObject *is_tracing = PyObject_CallMethod(module, "is_tracing", NULL);
    Py_DECREF(module);
    if (!is_tracing)
        return -1;
    int answer = PyObject_IsTrue(is_tracing);
    Py_DECREF(is_tracing);
    return answer;
}

/* What finds traces; new reference.  RuntimeError when tracemalloc does not trace. */
static PyObject *
trace_finder(void)
{
    int is_traced = allocation_sites_are_traced();
    if (is_traced <= 0) {
        if (!is_traced)
            raise_not_traced();
        return NULL;
    }
    PyObject *module = import_module("_tracemalloc");
    if (!module)
        return NULL;
    PyObject *finder = PyObject_GetAttrString(module, "_get_object_traceback");
    Py_DECREF(module);
    return finder;
}

PyObject *
object_producer(PyObject *object)
{
    PyObject *finder = trace_finder();
    if (!finder)
        return NULL;
    PyObject *trace = allocation_trace_of(finder, object);
    Py_DECREF(finder);
    return trace;
}

/* (file, line) of the newest frame, or None; new reference. */
static PyObject *
producer_of(PyObject *finder, PyObject *object)
{
    PyObject *trace = allocation_trace_of(finder, object);
    if (!trace || !PyTuple_Check(trace) || !PyTuple_GET_SIZE(trace)) {
        Py_XDECREF(trace);
        if (!trace)
            return NULL;
        return Py_NewRef(Py_None);
    }
    PyObject *frame = PyTuple_GET_ITEM(trace, 0), *newest = NULL;
    if (PyTuple_Check(frame) && PyTuple_GET_SIZE(frame) == 2 && PyUnicode_Check(PyTuple_GET_ITEM(frame, 0)) &&
        PyLong_Check(PyTuple_GET_ITEM(frame, 1)))
        newest = Py_NewRef(frame);
    else
        PyErr_SetString(PyExc_RuntimeError, "tracemalloc gave something that is no traceback");
    Py_DECREF(trace);
    return newest;
}

/* The number of a site (file, line) among the facts; entered when new.  -1 with an exception. */
static int
number_site(heapy_facts *facts, PyObject *numbers, PyObject *site, uint32_t *out)
{
    PyObject *number = PyDict_GetItemWithError(numbers, site); /* borrowed */
    if (number) {
        *out = (uint32_t)PyLong_AsUnsignedLong(number);
        return 0;
    }
    if (PyErr_Occurred())
        return -1;
    PyObject *text = PyUnicode_FromFormat("%S:%S", PyTuple_GET_ITEM(site, 0), PyTuple_GET_ITEM(site, 1));
    if (!text)
        return -1;
    PyObject *bytes = PyUnicode_AsEncodedString(text, "utf-8", "replace");
    Py_DECREF(text);
    if (!bytes)
        return -1;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status =
        heapy_facts_add_value(facts, PyBytes_AS_STRING(bytes), (size_t)PyBytes_GET_SIZE(bytes), out, &err);
    Py_DECREF(bytes);
    if (status)
        return raise_heapy_error(&err);
    number = PyLong_FromUnsignedLong(*out);
    if (!number)
        return -1;
    int result = PyDict_SetItem(numbers, site, number);
    Py_DECREF(number);
    return result;
}

int
add_allocation_sites(heapy_graph_builder *builder, const heapy_address_map *map)
{
    heapy_facts *facts;
    heapy_error err = HEAPY_ERROR_INIT;
    PyObject *finder = trace_finder();
    if (!finder)
        return -1;
    PyObject *numbers = PyDict_New();
    int result = 0;
    if (!numbers)
        result = -1;
    else if (heapy_graph_builder_begin_facts(builder, HEAPY_ALLOCATION_SITES, &facts, &err))
        result = raise_heapy_error(&err);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    heapy_node node = 0;
    for (uintptr_t address; !result && (address = heapy_address_iterator_next(&iterator)); node++) {
        PyObject *site = producer_of(finder, object_at_address(address));
        uint32_t number;
        if (!site)
            result = -1;
        else if (site != Py_None && !(result = number_site(facts, numbers, site, &number)) &&
                 heapy_facts_add(facts, node, number, &err))
            result = raise_heapy_error(&err);
        Py_XDECREF(site);
    }
    Py_DECREF(finder);
    Py_XDECREF(numbers);
    return result;
}
