/* SPDX-License-Identifier: MIT */
/* The unreachable heap, and the points that heaps are relative to (S-60 to S-68, H-60 to H-66). */
#include "types/reference_points.h"

#include "cpython/module_support.h"
#include "live/errors.h"
#include "live/held_objects.h"
#include "live/live_capture.h"
#include "types/equivalence_relation.h"
#include "types/identity_set.h"
#include "types/module_state.h"
#include "types/source.h"
#include "types/type_heap_view.h"
#include "types/type_live_objects.h"
#include "types/type_session.h"
#include "types/type_stat.h"
#include "types/uniset_operands.h"

#include <heapy/classify.h>
#include <heapy/stat.h>
#include <heapy/status.h>
#include <string.h>

/*
 * The arguments of a call by position or name into `out`, NULL where one is not given; borrowed.  A dict of
 * keywords made for the call would itself be an object that only the C stack holds: part of what is looked
 * at.
 */
static int
take_arguments(const char *function, const char *const *names, size_t count, PyObject *const *args,
               Py_ssize_t positional, PyObject *keywords, PyObject **out)
{
    Py_ssize_t named = 0;
    if (keywords)
        named = PyTuple_GET_SIZE(keywords);
    if ((size_t)positional > count) {
        PyErr_Format(PyExc_TypeError, "%s() takes at most %zu arguments (%zd given)", function, count,
                     positional);
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        out[i] = NULL;
    for (size_t i = 0; i < (size_t)positional; i++)
        out[i] = args[i];
    for (Py_ssize_t k = 0; k < named; k++) {
        PyObject *name = PyTuple_GET_ITEM(keywords, k);
        size_t i = 0;
        while (i < count && PyUnicode_CompareWithASCIIString(name, names[i]))
            i++;
        if (i == count) {
            PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%U'", function, name);
            return -1;
        }
        if (out[i]) {
            PyErr_Format(PyExc_TypeError, "%s() got argument '%U' twice", function, name);
            return -1;
        }
        out[i] = args[positional + k];
    }
    return 0;
}

/* The truth of an argument, `missing` where it is not given; -1 with an exception. */
static int
truth_of(PyObject *argument, int missing)
{
    if (!argument)
        return missing;
    return PyObject_IsTrue(argument);
}

PyObject *
less_reference(PyObject *set, PyObject *reference)
{
    if (!set || !reference)
        return set;
    PyObject *kept = Py_NewRef(reference), *rest = PyNumber_Subtract(set, kept);
    Py_DECREF(kept);
    Py_DECREF(set);
    return rest;
}

/* ---- unreachable ---- */

static PyObject *
unreachable_heap(PyObject *self, bool with_reachable, PyObject **reachable)
{
    return ((Session *)self)->source->unreachable(self, with_reachable, false, reachable, HEAPY_BY_TYPE);
}

static PyObject *
ctime_of(double time)
{
    PyObject *module = import_module("time");
    if (!module)
        return NULL;
    PyObject *text = PyObject_CallMethod(module, "ctime", "d", time);
    Py_DECREF(module);
    return text;
}

/* The reference as a Stat; NULL without exception when there is none to subtract. */
static PyObject *
reference_stat(Session *self)
{
    module_state *state = state_of_type(Py_TYPE(self));
    PyObject *reference = self->relheapu;
    if (reference && Py_TYPE(reference) == state->stat_type) {
        if (!PyObject_Size(reference))
            return NULL;
        return Py_NewRef(reference);
    }
    if (!reference)
        return NULL;
    return Stat_of_set(reference);
}

/* current - reference with its first line (S-63, S-66).  Takes both over. */
static PyObject *
relative_stat(PyObject *current, PyObject *reference)
{
    PyObject *difference = Stat_subtract(current, reference), *when = NULL, *header = NULL;
    if (!difference)
        goto done;
    when = ctime_of(heapy_stat_time_made(((Stat *)reference)->stat));
    if (when)
        header = PyUnicode_FromFormat("Data from unreachable objects relative to: %U.\n", when);
    if (header)
        Py_SETREF(((Stat *)difference)->first_header, header);
    else
        Py_CLEAR(difference);
done:
    Py_XDECREF(when);
    Py_DECREF(current);
    Py_DECREF(reference);
    return difference;
}

/* The Stat of a set (taken over) that heapu() gives. */
static PyObject *
unreachable_stat(Session *self, PyObject *set, bool is_absolute)
{
    PyObject *stat = Stat_of_set(set);
    Py_DECREF(set);
    if (!stat)
        return NULL;
    PyObject *reference = NULL, *header = NULL;
    if (!is_absolute)
        reference = reference_stat(self);
    if (reference)
        return relative_stat(stat, reference);
    if (!PyErr_Occurred())
        header = PyUnicode_FromString("Data from unreachable objects.\n");
    if (header)
        Py_SETREF(((Stat *)stat)->first_header, header);
    else
        Py_CLEAR(stat);
    return stat;
}

PyObject *
Session_heapu(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    static const char *const names[] = {"rma", "abs", "stat"};
    PyObject *given[3];
    if (take_arguments("heapu", names, 3, args, count, keywords, given) < 0 || !Session_is_usable(self))
        return NULL;
    int rma = truth_of(given[0], 1), is_absolute = truth_of(given[1], 0), wants_stat = truth_of(given[2], 1);
    if (rma < 0 || is_absolute < 0 || wants_stat < 0)
        return NULL;
    Session *session = (Session *)self;
    PyObject *set = unreachable_heap(self, !rma, NULL);
    if (!set)
        return NULL;
    if (wants_stat)
        return unreachable_stat(session, set, is_absolute);
    if (is_absolute || !session->relheapu ||
        Py_TYPE(session->relheapu) == state_of_type(Py_TYPE(self))->stat_type)
        return set;
    PyObject *rest = less_reference(set, session->relheapu);
    if (!rest)
        return NULL;
    PyObject *by_type = IdentitySet_by_basic(rest, HEAPY_BY_TYPE);
    Py_DECREF(rest);
    return by_type;
}

static int
warn_of_heapg(const char *method, const char *better)
{
    return PyErr_WarnFormat(PyExc_UserWarning, 1,
                            "Method Use.%s is depreciated, it doesn't work well. Use %s instead.", method,
                            better);
}

static PyObject *
tracked_heap(PyObject *self, bool with_reachable)
{
    return ((Session *)self)->source->unreachable(self, with_reachable, true, NULL, HEAPY_BY_CLODO);
}

PyObject *
Session_heapg(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    static const char *const names[] = {"rma"};
    PyObject *given[1];
    if (take_arguments("heapg", names, 1, args, count, keywords, given) < 0 || !Session_is_usable(self))
        return NULL;
    int rma = truth_of(given[0], 1);
    if (rma < 0 || warn_of_heapg("heapg", "heapu") < 0)
        return NULL;
    PyObject *set = tracked_heap(self, !rma);
    return less_reference(set, ((Session *)self)->relheapg);
}

/* ---- reference points ---- */

/* `None` stands for the heap of now. */
static PyObject *
reachable_reference(PyObject *self, PyObject *value)
{
    if (value && value != Py_None)
        return uniset_require(self, value);
    return ((Session *)self)->source->reference(self);
}

PyObject *
Session_unreachable_reference(PyObject *self, PyObject *value, bool keeps_set)
{
    module_state *state = state_of_type(Py_TYPE(self));
    Session *session = (Session *)self;
    if (value == session->nothing)
        return Py_NewRef(value);
    if (IdentitySet_check(state, value)) {
        PyObject *by_type = IdentitySet_by_basic(value, HEAPY_BY_TYPE);
        if (by_type && !keeps_set)
            Py_SETREF(by_type, Stat_of_set(by_type));
        return by_type;
    }
    PyObject *stat =
        Py_TYPE(value) == state->stat_type ? Py_NewRef(value) : PyObject_GetAttrString(value, "stat");
    if (!stat || Py_TYPE(stat) != state->stat_type) {
        Py_XDECREF(stat);
        PyErr_Format(PyExc_TypeError, "unreachable: a Stat or a set expected, not %.200s",
                     Py_TYPE(value)->tp_name);
        return NULL;
    }
    const heapy_table *table = heapy_stat_table(((Stat *)stat)->stat);
    if (table->row_count && strcmp(table->header, heapy_classifier_header(HEAPY_BY_TYPE)) != 0) {
        PyErr_Format(PyExc_ValueError,
                     "unreachable: heapu() is by Type, and a Stat with the header '%.100s' cannot be "
                     "subtracted from it; x.bytype.stat can",
                     table->header);
        Py_CLEAR(stat);
    }
    return stat;
}

/* Set both points at once, from one walk. */
static PyObject *
set_both(Session *self)
{
    PyObject *heap = NULL, *set = unreachable_heap((PyObject *)self, false, &heap);
    if (!set)
        return NULL;
    PyObject *stat = unreachable_stat(self, set, true);
    if (!stat) { /* the old reference points stay */
        Py_DECREF(heap);
        return NULL;
    }
    Session_keep((PyObject *)self, &self->relheap, heap);
    Session_keep((PyObject *)self, &self->relheapu, stat);
    Py_RETURN_NONE;
}

PyObject *
Session_setref(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    static const char *const names[] = {"reachable", "unreachable"};
    PyObject *given[2];
    Session *session = (Session *)self;
    if (take_arguments("setref", names, 2, args, count, keywords, given) < 0 || !Session_is_usable(self))
        return NULL;
    PyObject *reachable = NULL, *unreachable = NULL;
    if (given[0] != Py_None)
        reachable = given[0];
    if (given[1] != Py_None)
        unreachable = given[1];
    if (!reachable && !unreachable)
        return set_both(session);
    PyObject *heap = NULL, *reference = NULL;
    if (reachable && !(heap = uniset_require(self, reachable)))
        return NULL;
    if (unreachable && !(reference = Session_unreachable_reference(self, unreachable, false))) {
        Py_XDECREF(heap);
        return NULL;
    }
    if (heap)
        Session_keep(self, &session->relheap, heap);
    if (reference)
        Session_keep(self, &session->relheapu, reference);
    Py_RETURN_NONE;
}

PyObject *
Session_setrelheap(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    static const char *const names[] = {"reference"};
    PyObject *given[1], *reference;
    if (take_arguments("setrelheap", names, 1, args, count, keywords, given) < 0 ||
        !Session_is_usable(self) || !(reference = reachable_reference(self, given[0])))
        return NULL;
    Session_keep(self, &((Session *)self)->relheap, reference);
    Py_RETURN_NONE;
}

PyObject *
Session_setrelheapu(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    static const char *const names[] = {"reference", "stat"};
    PyObject *given[2];
    if (take_arguments("setrelheapu", names, 2, args, count, keywords, given) < 0 || !Session_is_usable(self))
        return NULL;
    PyObject *reference = given[0];
    int wants_stat = truth_of(given[1], 1);
    if (wants_stat < 0)
        return NULL;
    if (!reference || reference == Py_None) {
        PyObject *set = unreachable_heap(self, false, NULL);
        if (set && wants_stat)
            reference = unreachable_stat((Session *)self, set, true);
        else
            reference = set;
    } else {
        reference = Session_unreachable_reference(self, reference, !wants_stat);
    }
    if (!reference)
        return NULL;
    Session_keep(self, &((Session *)self)->relheapu, reference);
    Py_RETURN_NONE;
}

PyObject *
Session_setrelheapg(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    static const char *const names[] = {"reference"};
    PyObject *given[1];
    if (take_arguments("setrelheapg", names, 1, args, count, keywords, given) < 0 ||
        !Session_is_usable(self) || warn_of_heapg("setrelheapg", "setrelheapu") < 0)
        return NULL;
    bool is_given = given[0] && given[0] != Py_None;
    PyObject *reference;
    if (is_given)
        reference = uniset_require(self, given[0]);
    else
        reference = tracked_heap(self, false);
    if (!reference)
        return NULL;
    Session_keep(self, &((Session *)self)->relheapg, reference);
    Py_RETURN_NONE;
}
