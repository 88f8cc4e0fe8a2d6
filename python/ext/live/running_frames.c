/* SPDX-License-Identifier: MIT */
#include "cpython/internals.h" /* first: it asks for the interpreter's internals */

#include "live/running_frames.h"

#include <heapy/memory.h>

/* Keep a frame.  The reference is taken over. */
static bool
keep_frame(running_frames *out, PyFrameObject *frame, PyThreadState *thread, bool is_calling)
{
    running_frame *items = heapy_grow(out->items, out->count, &out->capacity, sizeof *items);
    if (!items) {
        Py_DECREF(frame);
        return false;
    }
    out->items = items;
    items[out->count++] = (running_frame){(PyObject *)frame, thread, thread->thread_id, is_calling};
    return true;
}

static bool
take_frames(running_frames *out, PyThreadState *thread, bool is_calling)
{
    PyFrameObject *frame = PyThreadState_GetFrame(thread);
    while (frame) {
        PyFrameObject *back = PyFrame_GetBack(frame);
        if (!keep_frame(out, frame, thread, is_calling)) {
            Py_XDECREF(back);
            return false;
        }
        frame = back;
    }
    return true;
}

int
running_frames_take(running_frames *out, PyInterpreterState *interp)
{
    PyThreadState *calling = PyThreadState_Get();
    /* The list of threads can only grow at its head while we hold the GIL. */
    for (PyThreadState *t = PyInterpreterState_ThreadHead(interp); t; t = PyThreadState_Next(t))
        if (!take_frames(out, t, t == calling)) {
            PyErr_NoMemory();
            return -1;
        }
    return 0;
}

void
running_frames_deinit(running_frames *frames)
{
    for (size_t i = 0; i < frames->count; i++)
        Py_DECREF(frames->items[i].frame);
    heapy_free(frames->items);
    *frames = (running_frames){0};
}
