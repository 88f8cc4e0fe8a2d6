/* SPDX-License-Identifier: MIT */
/* The methods of a session that make sets, kinds and relations of their arguments. */
#include "types/session_sets.h"

#include "live/held_objects.h"
#include "live/type_texts.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"
#include "types/relation_kinds.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/uniset_operands.h"

/* ---- making sets ---- */

/* The relation of an `er` argument, borrowed; NULL for Clodo.  False with TypeError. */
static bool
relation_of_argument(PyObject *session, PyObject *argument, PyObject **er)
{
    if (argument == Py_None)
        *er = NULL;
    else
        *er = argument;
    if (!*er || EquivalenceRelation_check(state_of_type(Py_TYPE(session)), *er))
        return true;
    PyErr_Format(PyExc_TypeError, "er: an equivalence relation such as hp.Type expected, not %.200s",
                 Py_TYPE(*er)->tp_name);
    return false;
}

PyObject *
Session_iso(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"er", NULL};
    PyObject *er = NULL, *none = PyTuple_New(0);
    bool is_parsed = none && PyArg_ParseTupleAndKeywords(none, kwargs, "|$O:iso", names, &er);
    Py_XDECREF(none);
    if (!is_parsed || !Session_is_usable(self))
        return NULL;
    if (!relation_of_argument(self, er, &er))
        return NULL;
    held_objects *held = hold_objects(((PyTupleObject *)args)->ob_item, (size_t)PyTuple_GET_SIZE(args));
    if (!held)
        return NULL;
    return IdentitySet_wrap(self, held, er);
}

PyObject *
Session_idset(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"iterable", "er", NULL};
    PyObject *iterable, *er = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O:idset", names, &iterable, &er) ||
        !Session_is_usable(self))
        return NULL;
    held_objects *held = NULL;
    if (relation_of_argument(self, er, &er))
        held = objects_of_iterable(iterable);
    if (!held)
        return NULL;
    return IdentitySet_wrap(self, held, er);
}

/* ---- making kinds and relations ---- */

PyObject *
Session_findex(PyObject *self, PyObject *args)
{
    module_state *state = state_of_type(Py_TYPE(self));
    if (!Session_is_usable(self))
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++) {
        PyObject *kind = PyTuple_GET_ITEM(args, i);
        if (!IdentitySet_check(state, kind) && !Kind_check(state, kind))
            return PyErr_Format(PyExc_TypeError,
                                "findex: argument %zd is no kind or identity set but a %.200s; hp.Type(t) is "
                                "the kind of a type",
                                i + 1, Py_TYPE(kind)->tp_name);
        if (tag_of(kind) != tag_of(self))
            return PyErr_Format(PyExc_ValueError,
                                "findex: argument %zd is of a session with another hiding tag", i + 1);
    }
    return EquivalenceRelation_create(self, HEAPY_BY_FIRST_MATCH, args);
}

PyObject *
Session_union(PyObject *self, PyObject *sequence)
{
    if (!Session_is_usable(self))
        return NULL;
    if (!PySequence_Check(sequence))
        return PyErr_Format(PyExc_TypeError, "union: a sequence of sets expected, not %.200s",
                            Py_TYPE(sequence)->tp_name);
    PyObject *list = PySequence_List(sequence), *result = Session_nothing(self);
    for (Py_ssize_t i = 0; list && result && i < PyList_GET_SIZE(list); i++)
        Py_SETREF(result, PyNumber_Or(result, PyList_GET_ITEM(list, i)));
    if (!list)
        Py_CLEAR(result);
    Py_XDECREF(list);
    return result;
}

PyObject *
Session_tc_repr(PyObject *self, PyObject *type)
{
    if (!PyType_Check(type))
        return PyErr_Format(PyExc_TypeError, "type expected, not %.200s", Py_TYPE(type)->tp_name);
    PyObject *name = capture_type_own_text(&state_of_type(Py_TYPE(self))->capture, (PyTypeObject *)type);
    if (!name)
        return NULL;
    PyObject *text = PyUnicode_FromFormat("<type %U at %p>", name, (void *)type);
    Py_DECREF(name);
    return text;
}

PyObject *
Session_tc_adapt(PyObject *self, PyObject *object)
{
    if (!Session_is_usable(self))
        return NULL;
    return type_from_object(self, object);
}

PyObject *
Session_uniset_from_setcastable(PyObject *self, PyObject *object)
{
    if (!Session_is_usable(self))
        return NULL;
    return uniset_require(self, object);
}

PyObject *
Session_from_nodes(PyObject *self, PyObject *nodes)
{
    module_state *state = state_of_type(Py_TYPE(self));
    if (NodeSet_check(state, nodes))
        return IdentitySet_of_nodes(self, nodes);
    if (IdentitySet_check(state, nodes)) {
        PyObject *set = uniset_require(self, nodes), *result; /* ValueError where it is of another process */
        if (!set)
            return NULL;
        PyObject *objects = ((IdentitySet *)set)->objects;
        if (objects)
            result = IdentitySet_share(self, objects, NULL);
        else
            result = new_reference_or_error(NULL);
        Py_DECREF(set);
        return result;
    }
    PyErr_Format(PyExc_TypeError, "a node set or an identity set expected, not %.200s",
                 Py_TYPE(nodes)->tp_name);
    return NULL;
}
