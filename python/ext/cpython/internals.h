/* SPDX-License-Identifier: MIT */
/*
 * Python.h with the interpreter's internals: CPython 3.10 to 3.15, and the free-threaded 3.13.  To be
 * included first.
 *
 * What differs between versions is in this folder and nowhere else.  Nothing in it runs Python code, creates
 * an object or changes a reference count, unless it says so; each layout names the file of CPython it
 * follows.
 */
#ifndef HEAPY_INTERNALS_H
#define HEAPY_INTERNALS_H

#ifndef Py_BUILD_CORE
#define Py_BUILD_CORE 1
#endif
#include <Python.h>

#if PY_VERSION_HEX < 0x030A0000 || PY_VERSION_HEX >= 0x03100000
#error "heapy reads interpreter internals and knows those of CPython 3.10 to 3.15 only"
#endif
#if defined(Py_GIL_DISABLED) &&                                                                              \
    (PY_VERSION_HEX < 0x030D0000 || PY_VERSION_HEX >= 0x030E0000 || defined(Py_DEBUG))
#error "of free-threaded builds of CPython heapy knows the layout of 3.13's release build only"
#endif

#define _PY_DATETIME_IMPL /* the structs of dates and times, without the variable of their C API */
#include <datetime.h>
#include <frameobject.h>
#include <stdbool.h>
#include <stddef.h>
#include <structmember.h>

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#endif
#include <internal/pycore_gc.h>
#include <internal/pycore_interp.h>
#include <internal/pycore_object.h>
#if PY_VERSION_HEX >= 0x030B0000
#include <internal/pycore_dict.h>
#include <internal/pycore_frame.h>
#endif
#if PY_VERSION_HEX >= 0x030C0000
#include <internal/pycore_runtime.h>
#include <internal/pycore_typeobject.h>
#endif
#if PY_VERSION_HEX >= 0x030D0000
#include <internal/pycore_sysmodule.h>
#endif
#ifdef Py_GIL_DISABLED
#include <internal/pycore_ceval.h>
#include <internal/pycore_critical_section.h>
#include <internal/pycore_lock.h>
#include <internal/pycore_parking_lot.h>
#include <internal/pycore_pystate.h>
#include <internal/pycore_tstate.h>
#endif
#if PY_VERSION_HEX >= 0x030E0000
#include <internal/pycore_interpframe.h>
#endif
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/* References to an object, by its own count. */
static inline Py_ssize_t
reference_count(PyObject *object)
{
#ifdef Py_GIL_DISABLED
    return Py_REFCNT(object); /* that of its thread, and that of the others */
#else
    return object->ob_refcnt;
#endif
}

#endif
