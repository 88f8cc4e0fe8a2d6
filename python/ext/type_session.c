/* SPDX-License-Identifier: MIT */
/* Sessions: what hpy() returns (S-3, S-10, S-11, S-30 to S-57, S-70 to S-75). */
#include "capture.h"
#include "errors.h"
#include "heapyc_docs.h"
#include "types.h"

#include <structmember.h>

static PyObject *
session_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, ":Session", names))
        return NULL;
    module_state *state = state_of_type(type);
    if (!state_is_usable(state))
        return NULL;
    Session *self = (Session *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    heapy_address_map *empty;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_address_map_create(&empty, &err)) {
        raise_heapy_error(&err);
        Py_DECREF(self);
        return NULL;
    }
    if (heapy_address_map_freeze(empty, &err)) {
        heapy_address_map_destroy(empty);
        raise_heapy_error(&err);
        Py_DECREF(self);
        return NULL;
    }
    self->nothing = IdentitySet_wrap((PyObject *)self, empty, HEAPY_BY_CLODO);
    self->warned_types = PySet_New(NULL);
    if (!self->nothing || !self->warned_types) {
        Py_DECREF(self);
        return NULL;
    }
    self->relheap = Py_NewRef(self->nothing);
    return (PyObject *)self;
}

/* False with an exception when the collector has cleared the session or the interpreter goes down. */
static bool
is_usable(Session *self)
{
    if (self->nothing && self->relheap && self->warned_types)
        return state_is_usable(state_of_type(Py_TYPE(self)));
    PyErr_SetString(PyExc_RuntimeError, "this session was cleared by the garbage collector");
    return false;
}

PyObject *
Session_prefix(PyObject *session)
{
    PyObject *main = PyImport_AddModule("__main__"); /* borrowed */
    PyObject *key, *value, *found = NULL;
    if (main) {
        Py_ssize_t at = 0;
        while (!found && PyDict_Next(PyModule_GetDict(main), &at, &key, &value))
            if (value == session && PyUnicode_Check(key))
                found = key;
    } else {
        PyErr_Clear();
    }
    return found ? PyUnicode_FromFormat("%U.", found) : PyUnicode_FromString("hpy().");
}

static PyObject *
session_repr(PyObject *self)
{
    PyObject *prefix = Session_prefix(self);
    if (!prefix)
        return NULL;
    PyObject *name = PyUnicode_Substring(prefix, 0, PyUnicode_GET_LENGTH(prefix) - 1);
    PyObject *text = name ? PyUnicode_FromFormat("Top level interface to Heapy.\n"
                                                 "Use eg: %Udoc for more info on %U.",
                                                 prefix, name)
                          : NULL;
    Py_XDECREF(name);
    Py_DECREF(prefix);
    return text;
}

/* The visible heap as an identity set. */
static PyObject *
visible_heap(Session *self)
{
    heapy_address_map *map;
    if (capture_heap(state_of_type(Py_TYPE(self)), &map) < 0)
        return NULL;
    return IdentitySet_wrap((PyObject *)self, map, HEAPY_BY_CLODO);
}

/* The visible heap without what the reference point has. */
static PyObject *
relative_heap(Session *self)
{
    PyObject *whole = visible_heap(self);
    if (!whole || self->relheap == self->nothing)
        return whole;
    PyObject *relheap = Py_NewRef(self->relheap);
    PyObject *heap = IdentitySet_combine(whole, relheap, HEAPY_DIFFERENCE);
    Py_DECREF(relheap);
    Py_DECREF(whole);
    return heap;
}

static PyObject *
session_heap(PyObject *object, PyObject *Py_UNUSED(ignored))
{
    Session *self = (Session *)object;
    if (!is_usable(self))
        return NULL;
    /* Making the result must not set off a collection either (H-54). */
    int was_enabled = PyGC_Disable();
    PyObject *heap = relative_heap(self);
    if (was_enabled)
        PyGC_Enable();
    return heap;
}

static PyObject *
session_setref(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"reachable", NULL};
    Session *self = (Session *)object;
    PyObject *reachable = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:setref", names, &reachable) || !is_usable(self))
        return NULL;
    if (reachable == Py_None) {
        reachable = visible_heap(self); /* the old reference point stays if this fails */
        if (!reachable)
            return NULL;
    } else if (!IdentitySet_check(state_of_type(Py_TYPE(self)), reachable)) {
        PyErr_Format(PyExc_TypeError, "setref: reachable must be an identity set, not %.200s",
                     Py_TYPE(reachable)->tp_name);
        return NULL;
    } else {
        Py_INCREF(reachable);
    }
    Py_SETREF(self->relheap, reachable);
    Py_RETURN_NONE;
}

static PyObject *
session_iso(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
    Session *self = (Session *)object;
    if (!is_usable(self))
        return NULL;
    if (!count)
        return Py_NewRef(self->nothing);
    heapy_address_map *map;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_address_map_create(&map, &err);
    if (status) {
        raise_heapy_error(&err);
        return NULL;
    }
    for (Py_ssize_t i = 0; !status && i < count; i++)
        status = heapy_address_map_add(map, (uintptr_t)args[i], NULL, &err);
    if (!status)
        status = heapy_address_map_freeze(map, &err);
    if (status) {
        heapy_address_map_destroy(map);
        raise_heapy_error(&err);
        return NULL;
    }
    capture_hold(map);
    return IdentitySet_wrap(object, map, HEAPY_BY_CLODO);
}

static PyObject *
session_capture_graph(PyObject *object, PyObject *Py_UNUSED(ignored))
{
    Session *self = (Session *)object;
    if (!is_usable(self))
        return NULL;
    heapy_address_map *map;
    heapy_graph *graph;
    if (capture_graph(state_of_type(Py_TYPE(self)), self->warned_types, &map, &graph) < 0)
        return NULL;
    return Graph_wrap(object, map, graph);
}

static PyObject *
session_copy(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return Py_NewRef(self);
}

static PyObject *
session_nothing(PyObject *self, void *closure)
{
    (void)closure;
    return is_usable((Session *)self) ? Py_NewRef(((Session *)self)->nothing) : NULL;
}

static int
session_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Session *)self)->nothing);
    Py_VISIT(((Session *)self)->relheap);
    Py_VISIT(((Session *)self)->warned_types);
    return 0;
}

static int
session_clear(PyObject *self)
{
    Py_CLEAR(((Session *)self)->nothing);
    Py_CLEAR(((Session *)self)->relheap);
    Py_CLEAR(((Session *)self)->warned_types);
    return 0;
}

static void
session_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (((Session *)self)->weakrefs)
        PyObject_ClearWeakRefs(self);
    session_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMethodDef session_methods[] = {
    {"heap", session_heap, METH_NOARGS, DOC_Session_heap},
    {"iso", (PyCFunction)(void (*)(void))session_iso, METH_FASTCALL, DOC_Session_iso},
    {"setref", (PyCFunction)(void (*)(void))session_setref, METH_VARARGS | METH_KEYWORDS, DOC_Session_setref},
    {"_capture_graph", session_capture_graph, METH_NOARGS, DOC_Session__capture_graph},
    {"__copy__", session_copy, METH_NOARGS, DOC_Session___copy__},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef session_getset[] = {
    {"Nothing", session_nothing, NULL, DOC_Session_Nothing, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef session_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Session, weakrefs), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot session_slots[] = {
    {Py_tp_doc, DOC_Session},           {Py_tp_new, session_new},
    {Py_tp_traverse, session_traverse}, {Py_tp_clear, session_clear},
    {Py_tp_dealloc, session_dealloc},   {Py_tp_repr, session_repr},
    {Py_tp_methods, session_methods},   {Py_tp_getset, session_getset},
    {Py_tp_members, session_members},   {0, NULL},
};

PyType_Spec session_spec = {
    .name = "guppy.heapy.Use.Session",
    .basicsize = sizeof(Session),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = session_slots,
};
