/* SPDX-License-Identifier: MIT */
#include "cpython/internals.h" /* first: it asks for the interpreter's internals */

#include "live/mortal_code.h"

/*
 * Once there are several threads, an interpreter without a GIL makes code immortal that is compiled from a
 * tree, and code that replace() gives, with its constants.  compile() of a text does not, by this very number
 * (Python/bltinmodule.c, builtin_compile_impl; Include/internal/pycore_gc.h).
 */
PyObject *
call_with_mortal_code(PyObject *function)
{
#ifdef Py_GIL_DISABLED
    int *number = &PyInterpreterState_Get()->gc.immortalize;
    _Py_atomic_add_int(number, -2);
    PyObject *result = PyObject_CallNoArgs(function);
    _Py_atomic_add_int(number, 2);
    return result;
#else
    return PyObject_CallNoArgs(function);
#endif
}
