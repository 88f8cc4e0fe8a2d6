/* SPDX-License-Identifier: MIT */
/* The methods of a session whose answers are Python, in the package. */
#include "types/session_package.h"

#include "cpython/module_support.h"
#include "types/call_python.h"
#include "types/own_object.h"
#include "types/type_session.h"

/* Loops over files are Python: guppy.heapy.Use has them. */
PyObject *
Session_loadall(PyObject *self, PyObject *source)
{
    return call_package("guppy.heapy.Use", "load_all", self, source);
}

PyObject *
Session_loadc(PyObject *self, PyObject *source)
{
    return call_package("guppy.heapy.Use", "load_and_print", self, source);
}

PyObject *
Session_dumph(PyObject *self, PyObject *file)
{
    return call_package("guppy.heapy.Use", "dump_heaps", self, file);
}

/* Made by a Python function at the first use: module.function(session). */
static PyObject *
made_by(PyObject *self, PyObject **slot, const char *module_name, const char *function)
{
    if (!Session_is_usable(self))
        return NULL;
    if (!*slot) {
        PyObject *module = import_module(module_name);
        PyObject *made = NULL;
        if (module)
            made = PyObject_CallMethod(module, function, "O", self);
        Py_XDECREF(module);
        if (!made || !keep_first((void **)slot, made))
            return made;
    }
    return Py_NewRef(*slot);
}

PyObject *
Session_get_view(PyObject *self, void *closure)
{
    (void)closure;
    if (!Session_has_objects(self))
        return NULL;
    PyObject **known = &((Session *)self)->view_node;
    if (*known) {
        PyObject *view = PyObject_CallNoArgs(*known);
        if (view != Py_None)
            return view;
        Py_DECREF(view); /* None: it is gone */
        Py_CLEAR(*known);
    }
    if (!Session_is_usable(self))
        return NULL;
    PyObject *view = call_package_with("guppy.heapy.View", "View", self, NULL, NULL);
    if (!view)
        return NULL;
    PyObject *remembered = PyWeakref_NewRef(view, NULL);
    if (remembered)
        Py_XSETREF(*known, remembered);
    else
        Py_CLEAR(view);
    return view;
}

PyObject *
Session_get_parent(PyObject *self, void *closure)
{
    (void)closure;
    return made_by(self, &((Session *)self)->parent, "guppy.etc.Glue", "home_of");
}

PyObject *
Session_get_root_node(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *parent = Session_get_parent(self, NULL);
    if (!parent)
        return NULL;
    PyObject *root = PyObject_GetAttrString(parent, "_root");
    Py_DECREF(parent);
    return root;
}

PyObject *
Session_compare(PyObject *self, PyObject *older)
{
    if (Py_TYPE(older) == Py_TYPE(self))
        return call_package("guppy.heapy.FileSession", "compare", self, older);
    return PyErr_Format(PyExc_TypeError, "compare: a session expected, not %.200s", Py_TYPE(older)->tp_name);
}

PyObject *
Session_get_info(PyObject *self, void *closure)
{
    (void)closure;
    if (!Session_is_usable(self))
        return NULL;
    return call_package_with("guppy.heapy.FileSession", "info", self, NULL, NULL);
}

PyObject *
Session_dominators(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return call_package_with("guppy.heapy.Dominators", "dominator_tree", self, NULL, NULL);
}

PyObject *
Session_get_help(PyObject *self, void *closure)
{
    (void)closure;
    return call_package("guppy.etc.Help", "listing_of", self, self);
}

PyObject *
Session_test(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return call_package_with("guppy.heapy.test", "run", self, args, kwargs);
}

PyObject *
Session_pb(PyObject *self, PyObject *args, PyObject *kwargs)
{
    return call_package_with("guppy.heapy.Use", "browse_profile", self, args, kwargs);
}

PyObject *
Session_monitor(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return call_package_with("guppy.heapy.Monitor", "enter", self, NULL, NULL);
}

PyObject *
Session_why(PyObject *self, PyObject *object)
{
    return call_package("guppy.heapy.Why", "Why", self, object);
}

PyObject *
Session_get_objects(PyObject *self, void *closure)
{
    (void)closure;
    return call_package_with("guppy.heapy.Columns", "ObjectColumns", self, NULL, NULL);
}

PyObject *
Session_get_edges(PyObject *self, void *closure)
{
    (void)closure;
    return call_package_with("guppy.heapy.Columns", "EdgeColumns", self, NULL, NULL);
}
