/* SPDX-License-Identifier: MIT */
/* Where tracemalloc saw an object's memory block being allocated (Modules/_tracemalloc.c). */
#ifndef HEAPY_ALLOCATION_TRACE_H
#define HEAPY_ALLOCATION_TRACE_H

#include "cpython/size_layout.h"

/*
 * finder: _tracemalloc._get_object_traceback.  A tuple or None; new reference, NULL with an exception.
 *
 * tracemalloc knows blocks, and a block begins before the object: by the collector's header and by what
 * CPython keeps before it.  Until 3.11 the finder forgets the latter.
 */
static inline PyObject *
allocation_trace_of(PyObject *finder, PyObject *object)
{
#if PY_VERSION_HEX < 0x030C0000
    (void)finder;
    return _PyTraceMalloc_GetTraceback(0, (uintptr_t)object - pre_header_of(Py_TYPE(object)));
#else
    return PyObject_CallOneArg(finder, object);
#endif
}

#endif
