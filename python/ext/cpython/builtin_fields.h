/* SPDX-License-Identifier: MIT */
/* Fields that tp_traverse of builtin types visits and tp_members does not name. */
#ifndef HEAPY_BUILTIN_FIELDS_H
#define HEAPY_BUILTIN_FIELDS_H

#include "cpython/internals.h"
#include "cpython/object_field.h"

/* Those of `type`; NULL and 0: none. */
static inline const object_field *
builtin_fields_of(PyTypeObject *type, size_t *count)
{
    static const object_field function_fields[] = {
#define FIELD(field, name) {offsetof(PyFunctionObject, field), name, false}
        FIELD(func_code, "__code__"),
        FIELD(func_globals, "__globals__"),
        FIELD(func_builtins, "__builtins__"),
        FIELD(func_module, "__module__"),
        FIELD(func_defaults, "__defaults__"),
        FIELD(func_kwdefaults, "__kwdefaults__"),
        FIELD(func_doc, "__doc__"),
        FIELD(func_name, "__name__"),
        FIELD(func_dict, "__dict__"),
        FIELD(func_closure, "__closure__"),
        FIELD(func_annotations, "__annotations__"),
        FIELD(func_qualname, "__qualname__"),
#if PY_VERSION_HEX >= 0x030E0000
        FIELD(func_annotate, "__annotate__"),
#endif
#if PY_VERSION_HEX >= 0x030C0000
        FIELD(func_typeparams, "__type_params__"),
#endif
#undef FIELD
    };
    static const object_field builtin_function_fields[] = {
        {offsetof(PyCFunctionObject, m_self), "__self__", false},
        {offsetof(PyCFunctionObject, m_module), "__module__", false},
    };
    static const object_field generator_fields[] = {
        {offsetof(PyGenObject, gi_name), "__name__", false},
        {offsetof(PyGenObject, gi_qualname), "__qualname__", false},
#if PY_VERSION_HEX < 0x030C0000
        {offsetof(PyGenObject, gi_code), "gi_code", false},
#endif
    };
    static const object_field coroutine_fields[] = {
        {offsetof(PyCoroObject, cr_name), "__name__", false},
        {offsetof(PyCoroObject, cr_qualname), "__qualname__", false},
#if PY_VERSION_HEX < 0x030C0000
        {offsetof(PyCoroObject, cr_code), "cr_code", false},
#endif
    };
    static const object_field async_generator_fields[] = {
        {offsetof(PyAsyncGenObject, ag_name), "__name__", false},
        {offsetof(PyAsyncGenObject, ag_qualname), "__qualname__", false},
#if PY_VERSION_HEX < 0x030B0000
        {offsetof(PyAsyncGenObject, ag_finalizer), "ag_finalizer", true},
#else
        {offsetof(PyAsyncGenObject, ag_origin_or_finalizer), "ag_finalizer", true},
#endif
#if PY_VERSION_HEX < 0x030C0000
        {offsetof(PyAsyncGenObject, ag_code), "ag_code", false},
#endif
    };
    static const object_field cell_fields[] = {{offsetof(PyCellObject, ob_ref), "cell_contents", false}};
    static const object_field traceback_fields[] = {
        {offsetof(PyTracebackObject, tb_next), "tb_next", false},
        {offsetof(PyTracebackObject, tb_frame), "tb_frame", false},
    };
    static const object_field mapping_fields[] = {{sizeof(PyObject), "mapping", true}};
    static const object_field exception_fields[] = {
        {offsetof(PyBaseExceptionObject, args), "args", false},
        {offsetof(PyBaseExceptionObject, traceback), "__traceback__", false},
        {offsetof(PyBaseExceptionObject, cause), "__cause__", false},
        {offsetof(PyBaseExceptionObject, context), "__context__", false},
    };
    *count = 0;
#define TABLE(table) return *count = sizeof table / sizeof *table, table
    if (type == &PyFunction_Type)
        TABLE(function_fields);
    if (type == &PyCFunction_Type || type == &PyCMethod_Type)
        TABLE(builtin_function_fields);
    if (type == &PyGen_Type)
        TABLE(generator_fields);
    if (type == &PyCoro_Type)
        TABLE(coroutine_fields);
    if (type == &PyAsyncGen_Type)
        TABLE(async_generator_fields);
    if (type == &PyCell_Type)
        TABLE(cell_fields);
    if (type == &PyTraceBack_Type)
        TABLE(traceback_fields);
    if (type == &PyDictProxy_Type)
        TABLE(mapping_fields);
    if (PyType_HasFeature(type, Py_TPFLAGS_BASE_EXC_SUBCLASS))
        TABLE(exception_fields);
#undef TABLE
    return NULL;
}

#endif
