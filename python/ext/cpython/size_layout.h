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

/* The same before a type object: but on 3.11 and 3.12 sys.getsizeof knows that a static type has no links. */
static inline size_t
pre_header_of_type_object(const PyObject *object)
{
    bool is_static = !(((const PyTypeObject *)object)->tp_flags & Py_TPFLAGS_HEAPTYPE);
    const bool counts_links = PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030D0000;
    return is_static && !counts_links ? 0 : pre_header_of(Py_TYPE(object));
}

#endif
