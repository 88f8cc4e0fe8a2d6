/* SPDX-License-Identifier: MIT */
#include "cpython/immortal_code.h" /* first: it asks for the interpreter's internals */

#include "live/mortal_code.h"

PyObject *
call_with_mortal_code(PyObject *function)
{
    count_immortalizing(-2);
    PyObject *result = PyObject_CallNoArgs(function);
    count_immortalizing(2);
    return result;
}
