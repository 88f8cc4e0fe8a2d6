/* SPDX-License-Identifier: MIT */
/*
 * The root as Python sees it: its attributes by name (H-11 to H-17).
 *
 *     i<N>_<field>             of interpreter N, the first made being 0
 *     i<N>_t<T>_<field>        of its thread with identity T
 *     i<N>_t<T>_f<K>           frame K of that thread, counted from the oldest
 *
 * Only the calling interpreter can be read (H-19).
 */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "live/root_attributes.h"

#include "cpython/root_fields.h"
#include "cpython/state_roots.h"
#include "live/signal_handlers.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static PyObject *
read_field(const void *base, size_t offset)
{
    PyObject *value = NULL;
    if (base)
        value = *(PyObject *const *)(const void *)((const char *)base + offset);
    return Py_NewRef(value ? value : Py_None);
}

/* NULL without exception when there is no such field. */
static PyObject *
find_field(const void *base, const object_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(fields[i].name, name))
            return read_field(base, fields[i].offset);
    return NULL;
}

static size_t
count_frames(PyThreadState *thread)
{
    size_t count = 0;
    PyFrameObject *frame = PyThreadState_GetFrame(thread);
    while (frame) {
        count++;
        PyFrameObject *back = PyFrame_GetBack(frame);
        Py_DECREF(frame);
        frame = back;
    }
    return count;
}

/* Frame `number` from the oldest; NULL without exception when there is none. */
static PyObject *
find_frame(PyThreadState *thread, unsigned long number)
{
    size_t count = count_frames(thread);
    if (number >= count)
        return NULL;
    PyFrameObject *frame = PyThreadState_GetFrame(thread);
    for (size_t up = count - 1 - number; frame && up; up--) {
        PyFrameObject *back = PyFrame_GetBack(frame);
        Py_DECREF(frame);
        frame = back;
    }
    return (PyObject *)frame;
}

/* Decimal digits at *text, which is moved past them. */
static bool
take_number(const char **text, unsigned long *number)
{
    const char *at = *text;
    unsigned long value = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (value > (ULONG_MAX - 9) / 10)
            return false;
        value = value * 10 + (unsigned long)(*at - '0');
    }
    bool is_number = at != *text;
    *text = at;
    *number = value;
    return is_number;
}

static PyObject *
refuse(const char *what, const char *name)
{
    PyErr_Format(PyExc_AttributeError, "%s has no attribute '%s'", what, name);
    return NULL;
}

/* The thread with that identity; NULL when there is none. */
static PyThreadState *
find_thread(PyInterpreterState *interp, unsigned long identity)
{
    PyThreadState *thread = PyInterpreterState_ThreadHead(interp);
    while (thread && thread->thread_id != identity)
        thread = PyThreadState_Next(thread);
    return thread;
}

static PyObject *
thread_attribute(PyThreadState *thread, const char *name)
{
    const char *rest = name + 1;
    unsigned long number;
    if (name[0] == 'f' && take_number(&rest, &number) && !*rest) {
        PyObject *frame = find_frame(thread, number);
        if (!frame)
            PyErr_Format(PyExc_AttributeError, "thread state has no frame numbered %lu from bottom", number);
        return frame;
    }
    PyObject *value = find_field(thread, thread_fields, COUNT(thread_fields), name);
    if (!value)
        value = find_field(handled_exceptions(thread), handled_fields, COUNT(handled_fields), name);
    if (value)
        return value;
    return refuse("thread state", name);
}

/* Is `name` t<T>_...?  Then *rest is what follows. */
static bool
names_thread(const char *name, unsigned long *identity, const char **rest)
{
    const char *at = name + 1;
    if (name[0] != 't' || !take_number(&at, identity) || *at != '_')
        return false;
    *rest = at + 1;
    return true;
}

typedef struct named_objects {
    const char *name;
    PyObject *list; /* NULL with an exception */
} named_objects;

static void
add_named(void *arg, const char *name, PyObject *object)
{
    named_objects *found = arg;
    if (found->list && !strcmp(name, found->name) && PyList_Append(found->list, object) < 0)
        Py_CLEAR(found->list);
}

/* All that have this name, as a tuple; NULL without exception when there is no such name. */
static PyObject *
find_state_roots(const capture_state *state, const char *name)
{
    for (size_t i = 0; i < COUNT(state_root_names); i++) {
        if (strcmp(name, state_root_names[i]))
            continue;
        named_objects found = {name, PyList_New(0)};
        visit_state_roots(state->interp, add_named, &found);
        signal_handlers handlers = {.count = 0};
        if (found.list && signal_handlers_take(&handlers, state) < 0)
            Py_CLEAR(found.list);
        for (size_t handler = 0; handler < handlers.count; handler++)
            add_named(&found, "signal_handler", handlers.items[handler]);
        signal_handlers_deinit(&handlers);
        PyObject *tuple = NULL;
        if (found.list)
            tuple = PyList_AsTuple(found.list);
        Py_XDECREF(found.list);
        return tuple;
    }
    return NULL;
}

static PyObject *
interpreter_attribute(const capture_state *state, PyInterpreterState *interp, const char *name)
{
    unsigned long identity;
    const char *rest;
    if (names_thread(name, &identity, &rest)) {
        PyThreadState *thread = find_thread(interp, identity);
        if (thread)
            return thread_attribute(thread, rest);
        PyErr_SetString(PyExc_AttributeError, "no such thread state number");
        return NULL;
    }
    PyObject *value = find_field(interp, interpreter_fields, COUNT(interpreter_fields), name);
    if (!value)
        value = find_field(interp, readable_interpreter_fields, COUNT(readable_interpreter_fields), name);
    if (!value)
        value = find_state_roots(state, name);
    if (value || PyErr_Occurred())
        return value;
    return refuse("interpreter state", name);
}

PyObject *
capture_root_attribute(capture_state *state, const char *name)
{
    PyInterpreterState *interp = PyInterpreterState_Get();
    unsigned long number, identity;
    const char *rest = name + 1;
    if (name[0] == 'i' && take_number(&rest, &number) && *rest == '_') {
        if (number == (unsigned long)capture_interpreter_number(interp))
            return interpreter_attribute(state, interp, rest + 1);
        PyErr_SetString(PyExc_AttributeError, "no such interpreter state number");
        return NULL;
    }
    PyThreadState *thread = NULL;
    if (names_thread(name, &identity, &rest))
        thread = find_thread(interp, identity);
    if (!thread)
        return refuse("root state", name);
    if (PyErr_WarnFormat(PyExc_DeprecationWarning, 1,
                         "Getting thread state without an interpreter number is deprecated. "
                         "Use 'i%d_t%lu_f0' instead",
                         capture_interpreter_number(interp), identity) < 0)
        return NULL;
    return thread_attribute(thread, rest);
}

/* Append a str made as by PyUnicode_FromFormat. */
#define APPEND(...)                                                                                          \
    do {                                                                                                     \
        PyObject *text = PyUnicode_FromFormat(__VA_ARGS__);                                                  \
        int failed = !text || PyList_Append(names, text) < 0;                                                \
        Py_XDECREF(text);                                                                                    \
        if (failed)                                                                                          \
            goto error;                                                                                      \
    } while (0)

PyObject *
capture_root_names(capture_state *state)
{
    PyInterpreterState *interp = PyInterpreterState_Get();
    int number = capture_interpreter_number(interp);
    PyObject *names = PyList_New(0);
    if (!names)
        return NULL;
    for (size_t i = 0; i < COUNT(interpreter_fields); i++)
        APPEND("i%d_%s", number, interpreter_fields[i].name);
    for (size_t i = 0; i < COUNT(readable_interpreter_fields); i++)
        APPEND("i%d_%s", number, readable_interpreter_fields[i].name);
    for (size_t i = 0; i < COUNT(state_root_names); i++)
        APPEND("i%d_%s", number, state_root_names[i]);
    for (PyThreadState *t = PyInterpreterState_ThreadHead(interp); t; t = PyThreadState_Next(t)) {
        if (own_thread_of(state, t))
            continue;
        unsigned long identity = t->thread_id;
        for (size_t frame = 0, count = count_frames(t); frame < count; frame++)
            APPEND("i%d_t%lu_f%zu", number, identity, frame);
        for (size_t i = 0; i < COUNT(thread_fields); i++)
            APPEND("i%d_t%lu_%s", number, identity, thread_fields[i].name);
        for (size_t i = 0; i < COUNT(handled_fields); i++)
            APPEND("i%d_t%lu_%s", number, identity, handled_fields[i].name);
    }
    return names;
error:
    Py_DECREF(names);
    return NULL;
}
