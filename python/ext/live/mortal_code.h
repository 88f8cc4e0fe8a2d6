/* SPDX-License-Identifier: MIT */
/* Code that goes when nobody needs it any more. */
#ifndef HEAPY_MORTAL_CODE_H
#define HEAPY_MORTAL_CODE_H

#include <Python.h>

/* Call a function; code that it compiles is not made immortal meanwhile.  A new reference. */
PyObject *call_with_mortal_code(PyObject *function);

#endif
