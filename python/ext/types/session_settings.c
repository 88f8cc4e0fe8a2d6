/* SPDX-License-Identifier: MIT */
/* What may be assigned to a session (S-13, S-14) and what users may tune. */
#include "types/session_settings.h"

#include "heapyc_docs.h"
#include "types/own_object.h"
#include "types/reference_points.h"
#include "types/type_session.h"
#include "types/uniset_operands.h"

#include <structmember.h>

/* ---- what may be assigned (S-13, S-14) ---- */

PyObject *
Session_get_reprefix(PyObject *self, void *closure)
{
    (void)closure;
    return Session_prefix(self);
}

PyObject *
Session_get_default_reprefix(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *prefix = ((Session *)self)->default_reprefix;
    if (prefix)
        return Py_NewRef(prefix);
    return PyUnicode_FromString("hpy().");
}

static int
assign_text(PyObject **slot, PyObject *value, const char *name)
{
    if (!PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be a str, not %.200s", name, Py_TYPE(value)->tp_name);
        return -1;
    }
    Py_XSETREF(*slot, Py_NewRef(value));
    return 0;
}

int
Session_set_reprefix(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    return assign_text(&((Session *)self)->reprefix, value, "reprefix");
}

int
Session_set_default_reprefix(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    return assign_text(&((Session *)self)->default_reprefix, value, "default_reprefix");
}

static int
set_set(PyObject *self, PyObject **slot, PyObject *value)
{
    PyObject *set = uniset_require(self, value);
    if (!set)
        return -1;
    Session_keep(self, slot, set);
    return 0;
}

static PyObject *
set_or_nothing(PyObject *self, PyObject *set)
{
    if (set)
        return Py_NewRef(set);
    if (!Session_is_usable(self))
        return NULL;
    return Session_nothing(self);
}

#define SET_ATTRIBUTE(name)                                                                                  \
    PyObject *Session_get_##name(PyObject *self, void *closure)                                              \
    {                                                                                                        \
        (void)closure;                                                                                       \
        return set_or_nothing(self, ((Session *)self)->name);                                                \
    }                                                                                                        \
    int Session_set_##name(PyObject *self, PyObject *value, void *closure)                                   \
    {                                                                                                        \
        (void)closure;                                                                                       \
        return set_set(self, &((Session *)self)->name, value);                                               \
    }
SET_ATTRIBUTE(gcobjs)
SET_ATTRIBUTE(relheap)
SET_ATTRIBUTE(relheapg)

PyObject *
Session_get_relheapu(PyObject *self, void *closure)
{
    (void)closure;
    return set_or_nothing(self, ((Session *)self)->relheapu);
}

int
Session_set_relheapu(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    PyObject *reference = Session_unreachable_reference(self, value, false);
    if (!reference)
        return -1;
    Session_keep(self, &((Session *)self)->relheapu, reference);
    return 0;
}

/*
 * `__doc__`, which may be assigned.  A getset of that name would be the type's docstring to help(), which
 * then shows nothing else; this descriptor gives the type a text.
 */
static PyObject *
doc_get(PyObject *Py_UNUSED(descriptor), PyObject *session, PyObject *Py_UNUSED(type))
{
    if (session && ((Session *)session)->doc)
        return Py_NewRef(((Session *)session)->doc);
    return PyUnicode_FromString(DOC_Session);
}

static int
doc_set(PyObject *Py_UNUSED(descriptor), PyObject *session, PyObject *value)
{
    Py_XSETREF(((Session *)session)->doc, Py_XNewRef(value));
    return 0;
}

static void
doc_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyType_Slot doc_slots[] = {
    {Py_tp_descr_get, doc_get},
    {Py_tp_descr_set, doc_set},
    {Py_tp_dealloc, doc_dealloc},
    {0, NULL},
};

static PyType_Spec doc_spec = {
    .name = "guppy.heapy.Use.SessionDoc",
    .basicsize = sizeof(PyObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = doc_slots,
};

PyObject *
Session_doc_descriptor(void)
{
    PyTypeObject *type = (PyTypeObject *)PyType_FromSpec(&doc_spec);
    PyObject *descriptor = NULL;
    if (type)
        descriptor = PyObject_New(PyObject, type);
    Py_XDECREF(type);
    return descriptor;
}

/* Assigning what an attribute already is does nothing; anything else that is not meant to be changed is a
   slip that would break the session. */
int
Session_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    static const char *const changeable[] = {"reprefix", "default_reprefix", "gcobjs", "relheap",
                                             "relheapg", "relheapu",         "__doc__"};
    if (!PyUnicode_Check(name))
        return PyObject_GenericSetAttr(self, name, value);
    for (size_t i = 0; value && i < sizeof changeable / sizeof *changeable; i++)
        if (!PyUnicode_CompareWithASCIIString(name, changeable[i])) {
            if (!Session_is_usable(self))
                return -1;
            return PyObject_GenericSetAttr(self, name, value);
        }
    PyObject *current = NULL;
    if (value)
        current = PyObject_GetAttr(self, name);
    if (!current)
        PyErr_Clear();
    bool is_same = value && current == value;
    Py_XDECREF(current);
    if (is_same)
        return 0;
    PyErr_Format(PyExc_ValueError,
                 "cannot change attribute '%U' of a session; reprefix, default_reprefix, gcobjs, relheap, "
                 "relheapg, relheapu and __doc__ can be assigned",
                 name);
    return -1;
}

/* ---- settings ---- */

PyObject *
Session_get_pattern_settings(PyObject *self, void *closure)
{
    (void)closure;
    return new_reference_or_error(((Session *)self)->pattern_settings);
}

static PyMemberDef setting_members[] = {
    {"max_more_lines", T_PYSSIZET, offsetof(Session, settings.max_more_lines), 0, NULL},
    {"line_length", T_PYSSIZET, offsetof(Session, settings.line_length), 0, NULL},
    {"max_summary_length", T_PYSSIZET, offsetof(Session, settings.max_summary_length), 0, NULL},
    {"auto_convert_type", T_BOOL, offsetof(Session, settings.auto_convert_type), 0, NULL},
    {"auto_convert_iter", T_BOOL, offsetof(Session, settings.auto_convert_iter), 0, NULL},
    {"is_rg_update_all", T_BOOL, offsetof(Session, settings.is_rg_update_all), 0, NULL},
};

static PyMemberDef *
find_setting(const char *name)
{
    for (size_t i = 0; i < sizeof setting_members / sizeof *setting_members; i++)
        if (!strcmp(name, setting_members[i].name))
            return &setting_members[i];
    PyErr_Format(PyExc_AttributeError, "there is no setting '%s'", name);
    return NULL;
}

PyObject *
Session_get_setting(PyObject *self, PyObject *name)
{
    const char *text = PyUnicode_AsUTF8(name);
    if (!text)
        return NULL;
    PyMemberDef *setting = find_setting(text);
    if (!setting)
        return NULL;
    return PyMember_GetOne((const char *)self, setting);
}

static int
set_number(PyObject *self, PyMemberDef *setting, PyObject *value)
{
    Py_ssize_t number = PyNumber_AsSsize_t(value, PyExc_OverflowError);
    if (number == -1 && PyErr_Occurred())
        return -1;
    if (number < 1) {
        PyErr_Format(PyExc_ValueError, "%s must be at least 1, not %zd", setting->name, number);
        return -1;
    }
    *(Py_ssize_t *)(void *)((char *)self + setting->offset) = number;
    return 0;
}

PyObject *
Session_set_setting(PyObject *self, PyObject *args)
{
    const char *name;
    PyObject *value;
    if (!PyArg_ParseTuple(args, "sO:_set_setting", &name, &value))
        return NULL;
    PyMemberDef *setting = find_setting(name);
    if (!setting)
        return NULL;
    if (setting->type == T_PYSSIZET) {
        if (set_number(self, setting, value) < 0)
            return NULL;
    } else {
        int truth = PyObject_IsTrue(value);
        if (truth < 0)
            return NULL;
        *((char *)self + setting->offset) = (char)truth;
    }
    Py_RETURN_NONE;
}
