/* SPDX-License-Identifier: MIT */
/* What stands for a set, and which sets may be combined (K-10 to K-19g, S-95). */
#include "types/uniset_operands.h"

#include "capture/own_object_head.h"
#include "live/held_objects.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/kind_of_class.h"
#include "types/module_state.h"
#include "types/node_set_members.h"
#include "types/own_object.h"
#include "types/type_kind.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"

PyObject *
uniset_session(PyObject *set)
{
    module_state *state = state_of_type(Py_TYPE(set));
    if (IdentitySet_check(state, set))
        return ((IdentitySet *)set)->session;
    if (Kind_check(state, set))
        return ((Kind *)set)->session;
    return ((EquivalenceRelation *)set)->session;
}

PyObject *
uniset_from(PyObject *session, PyObject *object)
{
    module_state *state = state_of_type(Py_TYPE(session));
    const session_settings *settings = &((Session *)session)->settings;
    if (uniset_check(state, object)) {
        PyObject *other = uniset_session(object);
        if (!other || Session_is_beside(session, other))
            return Py_NewRef(object);
        return NULL;
    }
    if (NodeSet_check(state, object))
        return IdentitySet_of_nodes(session, object);
    if (settings->auto_convert_type && PyType_Check(object))
        return Kind_of_type(session, object);
    if (settings->auto_convert_iter && (Py_TYPE(object)->tp_iter || PySequence_Check(object))) {
        held_objects *held = objects_of_iterable(object);
        if (!held)
            return NULL;
        return IdentitySet_wrap(session, held, NULL);
    }
    return NULL;
}

int
uniset_check_beside(PyObject *session, PyObject *object)
{
    module_state *state = state_of_type(Py_TYPE(session));
    if (!uniset_check(state, object))
        return 0;
    PyObject *other = uniset_session(object);
    if (!other || Session_is_beside(session, other))
        return 0;
    PyErr_SetString(PyExc_ValueError,
                    "a set of a snapshot file can be used with sets of the same session only: "
                    "types and sizes can be named in each, x.addresses says which objects");
    return -1;
}

PyObject *
uniset_require(PyObject *session, PyObject *object)
{
    PyObject *set = uniset_from(session, object);
    if (!set && !PyErr_Occurred() && uniset_check_beside(session, object) < 0)
        return NULL;
    if (!set && !PyErr_Occurred())
        PyErr_Format(PyExc_TypeError,
                     "an argument of type '%.200s' cannot be converted to a set of this session; "
                     "hp.iso(x) is the set that has x, hp.idset(xs) the set of what is in xs",
                     Py_TYPE(object)->tp_name);
    return set;
}

int
uniset_operands(PyObject *a, PyObject *b, PyObject **left, PyObject **right, bool must_convert)
{
    module_state *state = state_if_ours(Py_TYPE(a));
    PyObject *ours = state && uniset_check(state, a) ? a : b;
    state = state_if_ours(Py_TYPE(ours));
    PyObject *session = NULL;
    if (state && uniset_check(state, ours))
        session = uniset_session(ours);
    if (!session) {
        new_reference_or_error(NULL);
        return -1;
    }
    PyObject *(*convert)(PyObject *, PyObject *) = must_convert ? uniset_require : uniset_from;
    *right = NULL;
    *left = convert(session, a);
    if (*left)
        *right = convert(session, b);
    if (*right)
        return 0;
    Py_CLEAR(*left);
    if (PyErr_Occurred())
        return -1;
    return 1;
}

bool
uniset_have_one_tag(PyObject *a, PyObject *b)
{
    return tag_of(a) == tag_of(b);
}

int
uniset_check_tags(PyObject *a, PyObject *b)
{
    if (uniset_have_one_tag(a, b))
        return 0;
    PyErr_Format(PyExc_ValueError,
                 "sets of sessions with different hiding tags cannot be combined: the tags are at %p and "
                 "%p",
                 (void *)tag_of(a), (void *)tag_of(b));
    return -1;
}
