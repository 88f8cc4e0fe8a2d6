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
    PyObject *module = import_module(module_name);
    PyObject *callable = module ? PyObject_GetAttrString(module, function) : NULL;
    PyObject *leading = callable ? PyTuple_Pack(1, first) : NULL;
    PyObject *all = !leading ? NULL : args ? PySequence_Concat(leading, args) : Py_NewRef(leading);
    PyObject *result = all ? PyObject_Call(callable, all, kwargs) : NULL;
    Py_XDECREF(module);
    Py_XDECREF(callable);
    Py_XDECREF(leading);
    Py_XDECREF(all);
    return result;
}
