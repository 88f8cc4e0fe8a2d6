/* SPDX-License-Identifier: MIT */
/* What a type object refers to, where that is not in its struct (Objects/typeobject.c). */
#ifndef HEAPY_TYPE_LAYOUT_H
#define HEAPY_TYPE_LAYOUT_H

#include "cpython/internals.h"

/* Per-interpreter state of a static builtin type: its dict and its subclasses live there from 3.12 on. */
#if PY_VERSION_HEX >= 0x030D0000
static inline managed_static_type_state *
static_type_state(PyInterpreterState *interp, PyTypeObject *type)
{
    /* managed_static_type_state_get: builtins and extensions' types are numbered apart, from 1. */
    size_t index = (size_t)type->tp_subclasses - 1;
    if (index < _Py_MAX_MANAGED_STATIC_BUILTIN_TYPES &&
        interp->types.builtins.initialized[index].type == type)
        return &interp->types.builtins.initialized[index];
    if (index < _Py_MAX_MANAGED_STATIC_EXT_TYPES &&
        interp->types.for_extensions.initialized[index].type == type)
        return &interp->types.for_extensions.initialized[index];
    return NULL;
}
#elif PY_VERSION_HEX >= 0x030C0000
static inline static_builtin_state *
static_type_state(PyInterpreterState *interp, PyTypeObject *type)
{
    size_t index = (size_t)type->tp_subclasses - 1; /* static_builtin_index_get */
    return index < _Py_MAX_STATIC_BUILTIN_TYPES && interp->types.builtins[index].type == type
               ? &interp->types.builtins[index]
               : NULL;
}
#endif

typedef struct type_parts {
    PyObject *dict;
    PyObject *subclasses; /* dict of weak references, or NULL */
} type_parts;

static inline type_parts
type_parts_of(PyInterpreterState *interp, PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030C0000
    if (type->tp_flags & _Py_TPFLAGS_STATIC_BUILTIN) {
        type_parts parts = {0};
        if (static_type_state(interp, type)) {
            parts.dict = static_type_state(interp, type)->tp_dict;
            parts.subclasses = static_type_state(interp, type)->tp_subclasses;
        }
        return parts;
    }
#endif
    (void)interp;
    return (type_parts){type->tp_dict, (PyObject *)type->tp_subclasses};
}

/* What a type or its bases have under a name, as the interpreter looks for special methods: without asking
   the metaclass.  A new reference, or NULL, without an exception where there is none. */
static inline PyObject *
type_lookup(PyTypeObject *type, PyObject *name)
{
#if PY_VERSION_HEX >= 0x030D0000
    return _PyType_LookupRef(type, name);
#else
    return Py_XNewRef(_PyType_Lookup(type, name));
#endif
}

#endif
