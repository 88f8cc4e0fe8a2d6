/* SPDX-License-Identifier: MIT */
/* What an extension module needs and versions spell differently; all of it public, so no internals are asked
 * for. */
#ifndef HEAPY_MODULE_SUPPORT_H
#define HEAPY_MODULE_SUPPORT_H

#include <Python.h>
#include <stdio.h>

/* The module made from `def` that made `type` or a base of it; borrowed.  NULL with TypeError when there is
 * none. */
static inline PyObject *
module_of_type(PyTypeObject *type, struct PyModuleDef *def)
{
#if PY_VERSION_HEX >= 0x030B0000
    return PyType_GetModuleByDef(type, def);
#else
    return _PyType_GetModuleByDef(type, def);
#endif
}

/* The dict of a type; new reference. */
static inline PyObject *
dict_of_type(PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030C0000
    return PyType_GetDict(type);
#else
    return Py_XNewRef(type->tp_dict);
#endif
}

/* The slot of a PyModuleDef that says: an interpreter with a lock of its own may import this. */
#if PY_VERSION_HEX >= 0x030C0000
#define OWN_LOCK_SLOT {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#else
#define OWN_LOCK_SLOT
#endif

/* Serialises what changes or reads an object where there is no global lock. */
#if PY_VERSION_HEX >= 0x030D0000
#define BEGIN_LOCKED(object) Py_BEGIN_CRITICAL_SECTION(object)
#define END_LOCKED() Py_END_CRITICAL_SECTION()
#else
#define BEGIN_LOCKED(object) {
#define END_LOCKED() }
#endif

/* Objects/obmalloc.c; exported everywhere, declared by some versions in headers of their own. */
PyAPI_FUNC(int) _PyObject_DebugMallocStats(FILE *out);

#endif
