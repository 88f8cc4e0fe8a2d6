/* SPDX-License-Identifier: MIT */
/* Where tracemalloc saw an object's memory block being allocated. */
#include "cpython/allocation_trace.h"

#include "capture/capture.h"

PyObject *
capture_trace_of(PyObject *finder, PyObject *object)
{
    return allocation_trace_of(finder, object);
}
