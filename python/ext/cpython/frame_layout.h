/* SPDX-License-Identifier: MIT */
/* What frames and generators refer to (Include/internal/pycore_frame.h). */
#ifndef HEAPY_FRAME_LAYOUT_H
#define HEAPY_FRAME_LAYOUT_H

#include "cpython/internals.h"

/*
 * A slot of a frame.  From 3.14 on its low bits are a tag (Include/internal/pycore_stackref.h): 3 for a small
 * integer that is no object, 1 for a pointer that holds no reference of its own; without address it is empty.
 */
#if PY_VERSION_HEX >= 0x030E0000
typedef _PyStackRef heapy_slot;

static inline PyObject *
slot_object(heapy_slot slot)
{
    return (slot.bits & 3) == 3 || slot.bits < 8 ? NULL : (PyObject *)(slot.bits & ~(uintptr_t)3);
}
#else
typedef PyObject *heapy_slot;

static inline PyObject *
slot_object(heapy_slot slot)
{
    return slot;
}
#endif

/* Does a slot hold a reference of its own? */
static inline bool
slot_has_reference(heapy_slot slot)
{
#if PY_VERSION_HEX >= 0x030E0000
    return (slot.bits & 3) == 0;
#else
    return slot != NULL;
#endif
}

/* The name of what a frame runs, and whether f_locals is a field that an attribute of that name shows. */
#define FRAME_FUNCTION_NAME (PY_VERSION_HEX < 0x030C0000 ? "f_func" : "f_funcobj")
enum { FRAME_LOCALS_ARE_ATTRIBUTE = PY_VERSION_HEX < 0x030D0000 };

/* On 3.11 a generator and its frame both refer to the code, which is one attribute to who looks. */
enum { GENERATOR_GIVES_CODE_TWICE = PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030C0000 };

/* What a frame object holds.  Fields may be NULL; so may the objects of locals. */
typedef struct frame_view {
    PyObject *back, *code, *function, *builtins, *globals, *locals_mapping, *trace;
    PyObject *extra_locals, *locals_cache; /* 3.13 */
    const heapy_slot *locals;
    Py_ssize_t local_count; /* variables, then evaluation stack where its depth is known */
    PyObject *local_names;  /* tuple of str for the first slots; NULL on 3.10 */
} frame_view;

#if PY_VERSION_HEX < 0x030B0000
static inline frame_view
frame_view_of(PyObject *object, bool is_running)
{
    (void)is_running;
    PyFrameObject *f = (PyFrameObject *)object;
    PyCodeObject *code = f->f_code;
    frame_view v = {.back = (PyObject *)f->f_back,
                    .code = (PyObject *)code,
                    .builtins = f->f_builtins,
                    .globals = f->f_globals,
                    .locals_mapping = f->f_locals,
                    .trace = f->f_trace,
                    .locals = f->f_localsplus};
    v.local_count =
        code->co_nlocals + PyTuple_GET_SIZE(code->co_cellvars) + PyTuple_GET_SIZE(code->co_freevars);
    if (f->f_stackdepth > 0) /* -1 while executing: what is above is not to be read */
        v.local_count += f->f_stackdepth;
    return v;
}
#else
static inline PyCodeObject *
interpreter_frame_code(const _PyInterpreterFrame *frame)
{
#if PY_VERSION_HEX >= 0x030D0000
    PyObject *executable = slot_object(frame->f_executable);
    return executable && PyCode_Check(executable) ? (PyCodeObject *)executable : NULL;
#else
    return frame->f_code;
#endif
}

/*
 * is_running: the frame is on the stack of some thread.
 *
 * A frame object that neither runs nor owns its frame belongs to a generator.  On 3.13 it may outlive the
 * generator and then points into freed memory (frame_traverse itself would crash), so there it is left to
 * the generator, whose own traversal gives the locals (H-39).
 */
static inline frame_view
frame_view_of(PyObject *object, bool is_running)
{
    PyFrameObject *f = (PyFrameObject *)object;
    const _PyInterpreterFrame *frame = f->f_frame;
    frame_view v = {.back = (PyObject *)f->f_back, .trace = f->f_trace};
#if PY_VERSION_HEX >= 0x030D0000
    v.extra_locals = f->f_extra_locals;
    v.locals_cache = f->f_locals_cache;
#endif
    bool is_own = (const void *)frame == (const void *)f->_f_frame_data;
    if (PY_VERSION_HEX >= 0x030D0000 && !is_own && !is_running)
        return v;
    if (!frame)
        return v;
    PyCodeObject *code = interpreter_frame_code(frame);
    if (!code)
        return v;
    v.code = (PyObject *)code;
#if PY_VERSION_HEX >= 0x030E0000
    v.function = slot_object(frame->f_funcobj);
#elif PY_VERSION_HEX >= 0x030C0000
    v.function = frame->f_funcobj;
#else
    v.function = (PyObject *)frame->f_func;
#endif
    v.builtins = frame->f_builtins;
    v.globals = frame->f_globals;
    v.locals_mapping = frame->f_locals;
    v.locals = frame->localsplus;
#if PY_VERSION_HEX >= 0x030E0000
    /* Of a running frame the stack is left out, as before 3.14, where its depth is not known: what a call has
       as its arguments is no answer to who refers to it. */
    v.local_count =
        frame->stackpointer && !is_running ? frame->stackpointer - frame->localsplus : code->co_nlocalsplus;
#else
    v.local_count = frame->stacktop < 0 ? code->co_nlocalsplus : frame->stacktop;
#endif
    v.local_names = code->co_localsplusnames;
    if (!v.back && !is_own) /* running: f_back is set only when the call ends */
        for (const _PyInterpreterFrame *p = frame->previous; p; p = p->previous)
            if (p->owner <= FRAME_OWNED_BY_FRAME_OBJECT && p->frame_obj) {
                v.back = (PyObject *)p->frame_obj;
                break;
            }
    return v;
}
#endif

/* Without a GIL a count is in two parts, and some references are in neither: other threads may change it. */
#ifdef Py_GIL_DISABLED
enum { REFERENCES_ARE_SPLIT = 1 };
#else
enum { REFERENCES_ARE_SPLIT = 0 };
#endif

/* Has the call returned, or raised, so that the frame object has the variables for itself? */
static inline bool
frame_has_returned(PyObject *object)
{
    const PyFrameObject *f = (const PyFrameObject *)object;
#if PY_VERSION_HEX < 0x030B0000
    return f->f_state == FRAME_RETURNED || f->f_state == FRAME_RAISED;
#else
    return (const void *)f->f_frame == (const void *)f->_f_frame_data;
#endif
}

/* The frame objects that there are of the calls that run in a thread, from the innermost on, at most `limit`;
   borrowed. */
static inline size_t
running_frame_objects(PyThreadState *thread, PyObject **out, size_t limit)
{
    size_t count = 0;
#if PY_VERSION_HEX < 0x030B0000
    for (PyFrameObject *f = thread->frame; f && count < limit; f = f->f_back)
        out[count++] = (PyObject *)f;
#else
#if PY_VERSION_HEX < 0x030D0000
    const _PyInterpreterFrame *frame = thread->cframe->current_frame;
#else
    const _PyInterpreterFrame *frame = thread->current_frame;
#endif
    for (; frame && count < limit; frame = frame->previous)
        if (frame->owner <= FRAME_OWNED_BY_FRAME_OBJECT && frame->frame_obj)
            out[count++] = (PyObject *)frame->frame_obj;
#endif
    return count;
}

/* The name of local `i`: 3.10 keeps variables, cells and free variables in three tuples. */
static inline PyObject *
frame_local_name(const frame_view *v, Py_ssize_t i)
{
#if PY_VERSION_HEX < 0x030B0000
    const PyCodeObject *code = (const PyCodeObject *)v->code;
    PyObject *const tuples[] = {code->co_varnames, code->co_cellvars, code->co_freevars};
    for (int t = 0; t < 3; i -= PyTuple_GET_SIZE(tuples[t]), t++)
        if (i < PyTuple_GET_SIZE(tuples[t]))
            return PyTuple_GET_ITEM(tuples[t], i);
    return NULL;
#else
    return v->local_names && i < PyTuple_GET_SIZE(v->local_names) ? PyTuple_GET_ITEM(v->local_names, i)
                                                                  : NULL;
#endif
}

/*
 * The frame of a generator, coroutine or asynchronous generator that has one of its own: not before 3.11, and
 * not once it is done, when its memory holds what it does not own.  code_name: the attribute that is its
 * code.
 */
static inline bool
generator_view_of(PyObject *object, frame_view *out, const char **code_name)
{
    if (PyGen_CheckExact(object))
        *code_name = "gi_code";
    else if (PyCoro_CheckExact(object))
        *code_name = "cr_code";
    else if (PyAsyncGen_CheckExact(object))
        *code_name = "ag_code";
    else
        *code_name = NULL;
#if PY_VERSION_HEX >= 0x030B0000
    if (!*code_name || ((PyGenObject *)object)->gi_frame_state >= FRAME_CLEARED)
        return false;
    const _PyInterpreterFrame *frame = (const void *)&((PyGenObject *)object)->gi_iframe;
    PyCodeObject *code = interpreter_frame_code(frame);
    if (!code)
        return false;
    *out = (frame_view){.code = (PyObject *)code,
                        .locals = frame->localsplus,
                        .local_names = code->co_localsplusnames,
                        .local_count = code->co_nlocalsplus};
#if PY_VERSION_HEX >= 0x030E0000
    out->function = slot_object(frame->f_funcobj);
    if (frame->stackpointer)
        out->local_count = frame->stackpointer - frame->localsplus;
#else
    out->function = (PyObject *)
#if PY_VERSION_HEX >= 0x030C0000
                        frame->f_funcobj;
#else
                        frame->f_func;
#endif
    if (frame->stacktop >= 0)
        out->local_count = frame->stacktop;
#endif
    return true;
#else
    (void)out;
    return false;
#endif
}

#endif
