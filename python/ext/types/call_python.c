/* SPDX-License-Identifier: MIT */
#include "types/call_python.h"
#include "cpython/module_support.h"

PyObject *
call_package(const char *module_name, const char *function, PyObject *a, PyObject *b)
{
    PyObject *module = import_module(module_name);
    if (!module)
        return NULL;
    PyObject *result = PyObject_CallMethod(module, function, "(OO)", a, b);
    Py_DECREF(module);
    return result;
}

PyObject *
call_package_with(const char *module_name, const char *function, PyObject *first, PyObject *args,
                  PyObject *kwargs)
{
    PyObject *callable = NULL, *leading = NULL, *all = NULL, *result = NULL;
    PyObject *module = import_module(module_name);
    if (!module)
        return NULL;
    callable = PyObject_GetAttrString(module, function);
    if (!callable)
        goto done;
    leading = PyTuple_Pack(1, first);
    if (!leading)
        goto done;
    if (args)
        all = PySequence_Concat(leading, args);
    else
        all = Py_NewRef(leading);
    if (all)
        result = PyObject_Call(callable, all, kwargs);
done:
    Py_DECREF(module);
    Py_XDECREF(callable);
    Py_XDECREF(leading);
    Py_XDECREF(all);
    return result;
}
