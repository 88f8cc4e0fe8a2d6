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

/* A module by its full name, imported where it is not loaded; new reference.  PyImport_ImportModule looks for
   what it loaded among the interpreter's first sys.modules, and finds nothing once a program has put another
   dict there. */
static inline PyObject *
import_module(const char *name)
{
    PyObject *names = Py_BuildValue("(s)", "__name__"); /* not empty: the module itself, not its package */
    PyObject *module = names ? PyImport_ImportModuleLevel(name, NULL, NULL, names, 0) : NULL;
    Py_XDECREF(names);
    return module;
}

/* sys.modules as it is now; borrowed, for Python code may put another one there. */
static inline PyObject *
loaded_modules(void)
{
    PyObject *modules = PySys_GetObject("modules");
    return modules ? modules : PyImport_GetModuleDict();
}

/* The dict of a module object; borrowed.  NULL without exception when there is none: of a module that is not
   initialised, on 3.10, and of what is no module. */
static inline PyObject *
dict_of_module(PyObject *module)
{
    return PyModule_Check(module) ? *(PyObject **)(void *)((char *)module + PyModule_Type.tp_dictoffset)
                                  : NULL;
}

/* The slots of a PyModuleDef that say: an interpreter with a lock of its own may import this, and one without
 * any goes on without. */
#if PY_VERSION_HEX >= 0x030D0000
#define OWN_LOCK_SLOT                                                                                        \
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED}, {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#elif PY_VERSION_HEX >= 0x030C0000
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
