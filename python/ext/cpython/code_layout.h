/* SPDX-License-Identifier: MIT */
/* What a code object refers to (Include/cpython/code.h). */
#ifndef HEAPY_CODE_LAYOUT_H
#define HEAPY_CODE_LAYOUT_H

#include "cpython/internals.h"
#include "cpython/object_field.h"

static const object_field code_fields[] = {
#define FIELD(name) {offsetof(PyCodeObject, name), #name, false}
    FIELD(co_consts),
    FIELD(co_names),
    FIELD(co_filename),
    FIELD(co_name),
    FIELD(co_linetable),
    FIELD(co_weakreflist),
#if PY_VERSION_HEX < 0x030B0000
    FIELD(co_code),
    FIELD(co_varnames),
    FIELD(co_freevars),
    FIELD(co_cellvars),
#else
    FIELD(co_exceptiontable),
    FIELD(co_qualname),
    {offsetof(PyCodeObject, co_localsplusnames), "co_localsplusnames", true},
    {offsetof(PyCodeObject, co_localspluskinds), "co_localspluskinds", true},
#endif
#if PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030C0000
    {offsetof(PyCodeObject, _co_code), "co_code", false},
#endif
#undef FIELD
};

#if PY_VERSION_HEX >= 0x030C0000
/* Made when first asked for: Include/cpython/code.h, _PyCoCached. */
static const object_field code_cached_fields[] = {
    {offsetof(_PyCoCached, _co_code), "co_code", false},
    {offsetof(_PyCoCached, _co_varnames), "co_varnames", false},
    {offsetof(_PyCoCached, _co_cellvars), "co_cellvars", false},
    {offsetof(_PyCoCached, _co_freevars), "co_freevars", false},
};
#endif

/* The fields that a code object keeps outside its struct, and where; 0: none. */
static inline size_t
code_cached_fields_of(PyObject *code, const void **base, const object_field **fields)
{
#if PY_VERSION_HEX >= 0x030C0000
    *base = ((PyCodeObject *)code)->_co_cached;
    *fields = code_cached_fields;
    return *base ? sizeof code_cached_fields / sizeof *code_cached_fields : 0;
#else
    (void)code, (void)base, (void)fields;
    return 0;
#endif
}

#endif
