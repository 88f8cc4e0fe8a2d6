/* SPDX-License-Identifier: MIT */
/* Where tracemalloc saw an object's memory block being allocated. */
#include "capture/capture_internal.h"

/*
 * tracemalloc knows blocks, and a block begins before the object: by the collector's header and by what
 * CPython keeps before it.  Until 3.11 _tracemalloc._get_object_traceback (Modules/_tracemalloc.c) forgets
 * the latter.
 */
PyObject *
capture_trace_of(PyObject *finder, PyObject *object)
{
#if PY_VERSION_HEX < 0x030C0000
    (void)finder;
    return _PyTraceMalloc_GetTraceback(0, (uintptr_t)object - pre_header_of(Py_TYPE(object)));
#else
    return PyObject_CallOneArg(finder, object);
#endif
}
