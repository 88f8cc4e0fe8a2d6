/* SPDX-License-Identifier: MIT */
/* Bytes that stand before an object (Python/sysmodule.c, _PySys_GetSizeOf). */
#ifndef HEAPY_SIZE_LAYOUT_H
#define HEAPY_SIZE_LAYOUT_H

#include "cpython/internals.h"

/* Bytes that sys.getsizeof adds for what stands before an instance of `type`: the collector's links, where it
   keeps its objects in lists, and from 3.11 on the words of managed attributes. */
static inline size_t
pre_header_of(const PyTypeObject *type)
{
#ifdef Py_GIL_DISABLED
    size_t bytes = 0;
#else
    size_t bytes = type->tp_flags & Py_TPFLAGS_HAVE_GC ? sizeof(PyGC_Head) : 0;
#endif
#if PY_VERSION_HEX >= 0x030C0000
    if (type->tp_flags & Py_TPFLAGS_PREHEADER)
        bytes += 2 * sizeof(PyObject *);
#elif PY_VERSION_HEX >= 0x030B0000
    if (type->tp_flags & Py_TPFLAGS_MANAGED_DICT)
        bytes += 2 * sizeof(PyObject *);
#endif
    return bytes;
}

/* The same before a type object.  A static type has no links, but sys.getsizeof adds them to every one
   on 3.11 and 3.12, and from 3.13 on to those that have a metaclass of their own (numpy's). */
static inline size_t
pre_header_of_type_object(const PyObject *object)
{
    bool is_static = !(((const PyTypeObject *)object)->tp_flags & Py_TPFLAGS_HEAPTYPE);
#if PY_VERSION_HEX >= 0x030D0000
    is_static = is_static && Py_IS_TYPE(object, &PyType_Type);
#elif PY_VERSION_HEX >= 0x030B0000
    is_static = false;
#endif
    return is_static ? 0 : pre_header_of(Py_TYPE(object));
}

#endif
