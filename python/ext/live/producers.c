/* SPDX-License-Identifier: MIT */
/* Where objects were allocated, as tracemalloc knows it (R-90 to R-95, S-99). */
#include "cpython/allocation_trace.h" /* first: it asks for the interpreter's internals */

#include "live/producers.h"

#include "capture/object_map.h"
#include "live/errors.h"

#include <heapy/memory.h>

/* What finds traces; new reference.  RuntimeError when tracemalloc does not trace. */
static PyObject *
trace_finder(void)
{
    PyObject *module = PyImport_ImportModule("_tracemalloc");
    PyObject *is_tracing = module ? PyObject_CallMethod(module, "is_tracing", NULL) : NULL;
    int answer = is_tracing ? PyObject_IsTrue(is_tracing) : -1;
    PyObject *finder = answer > 0 ? PyObject_GetAttrString(module, "_get_object_traceback") : NULL;
    Py_XDECREF(module);
    Py_XDECREF(is_tracing);
    if (!answer)
        PyErr_SetString(PyExc_RuntimeError, "Tracemalloc is not tracing. No producer profile available. See "
                                            "https://docs.python.org/3/library/tracemalloc.html");
    return finder;
}

PyObject *
object_producer(PyObject *object)
{
    PyObject *finder = trace_finder(), *trace = finder ? allocation_trace_of(finder, object) : NULL;
    Py_XDECREF(finder);
    return trace;
}

/* (file, line) of the newest frame, or None; new reference. */
static PyObject *
producer_of(PyObject *finder, PyObject *object)
{
    PyObject *trace = allocation_trace_of(finder, object);
    if (!trace || !PyTuple_Check(trace) || !PyTuple_GET_SIZE(trace)) {
        Py_XDECREF(trace);
        return trace ? Py_NewRef(Py_None) : NULL;
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

/* The number of `key` in the dict; entered at the end of `list` when new. */
static int
number_producer(PyObject *numbers, PyObject *list, PyObject *key, uint32_t *out)
{
    PyObject *number = PyDict_GetItemWithError(numbers, key); /* borrowed */
    if (number) {
        *out = (uint32_t)PyLong_AsUnsignedLong(number);
        return 0;
    }
    if (PyErr_Occurred())
        return -1;
    *out = (uint32_t)PyList_GET_SIZE(list);
    number = PyLong_FromUnsignedLong(*out);
    int result = number && PyList_Append(list, key) == 0 ? PyDict_SetItem(numbers, key, number) : -1;
    Py_XDECREF(number);
    return result;
}

int
producers_init(producers *out, const heapy_address_map *map)
{
    *out = (producers){0};
    PyObject *finder = trace_finder();
    if (!finder)
        return -1;
    PyObject *numbers = PyDict_New();
    out->list = PyList_New(0);
    out->of_nodes = heapy_alloc_array(heapy_address_map_count(map), sizeof *out->of_nodes);
    int result = numbers && out->list ? 0 : -1;
    if (!result && !out->of_nodes) {
        PyErr_NoMemory();
        result = -1;
    }
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    size_t node = 0;
    for (uintptr_t address; !result && (address = heapy_address_iterator_next(&iterator)); node++) {
        PyObject *key = producer_of(finder, object_at_address(address));
        result = key ? number_producer(numbers, out->list, key, &out->of_nodes[node]) : -1;
        Py_XDECREF(key);
    }
    Py_DECREF(finder);
    Py_XDECREF(numbers);
    if (result)
        producers_deinit(out);
    return result;
}

void
producers_deinit(producers *producers)
{
    heapy_free(producers->of_nodes);
    Py_XDECREF(producers->list);
    *producers = (struct producers){0};
}
