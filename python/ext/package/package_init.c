/* SPDX-License-Identifier: MIT */
/* The package's __init__ as an extension, which only hands over to guppy/_package.py.
 *
 * Python prefers an extension to an __init__.py, and no other distribution has this file: so it is asked
 * first also when guppy3 was installed over this package, and still when that was uninstalled and took the
 * __init__.py with it. */
#include "cpython/module_support.h"

static int
package_exec(PyObject *module)
{
    PyObject *loading = import_module("guppy._package");
    PyObject *done = NULL;
    if (loading)
        done = PyObject_CallMethod(loading, "load", "O", module);
    Py_XDECREF(loading);
    Py_XDECREF(done);
    return done ? 0 : -1;
}

static PyModuleDef_Slot package_slots[] = {
    {Py_mod_exec, package_exec},
    OWN_LOCK_SLOT /* */
    {0, NULL},
};

static struct PyModuleDef package_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "guppy",
    .m_slots = package_slots,
};

PyMODINIT_FUNC PyInit_guppy(void);

PyMODINIT_FUNC
PyInit_guppy(void)
{
    return PyModuleDef_Init(&package_module);
}
