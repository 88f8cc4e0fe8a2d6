/* SPDX-License-Identifier: MIT */
#include "live/guard.h"

guard
guard_begin(PyObject *object)
{
    return (guard){Py_XNewRef(object)};
}

void
guard_end(guard *kept)
{
    PyObject *type, *value, *traceback, *object = kept->kept;
    kept->kept = NULL;
    PyErr_Fetch(&type, &value, &traceback);
    Py_XDECREF(object);
    PyErr_Restore(type, value, traceback);
}
