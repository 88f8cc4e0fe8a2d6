/* SPDX-License-Identifier: MIT */
/*
 * Where the walk begins: the fields of the interpreter and of its threads, and the frames of running calls.
 *
 * From 3.11 on a running call has no frame object until someone asks: live/running_frames.c, before the walk.
 */
#include "capture/capture_internal.h"
#include "cpython/dict_layout.h"
#include "cpython/frame_layout.h"
#include "cpython/root_fields.h"
#include "cpython/state_roots.h"

#include <string.h>

bool
capture_add_root(capture *c, root r)
{
    if (!r.object)
        return true;
    root *roots = heapy_grow(c->roots, c->root_count, &c->root_capacity, sizeof *roots);
    if (!roots) {
        c->out_of_memory = true;
        return false;
    }
    c->roots = roots;
    c->roots[c->root_count++] = r;
    return true;
}

/* Is `names[key]` the name of this package or of something in it? */
static bool
names_this_package(PyObject *names, PyObject *key)
{
    PyObject *name = dict_find_name(names, key);
    if (!name || !PyUnicode_CheckExact(name) || !PyUnicode_IS_COMPACT_ASCII(name))
        return false;
    static const char own[] = "guppy";
    const size_t length = sizeof own - 1;
    const char *text = (const char *)PyUnicode_DATA(name);
    return (size_t)PyUnicode_GET_LENGTH(name) >= length && !memcmp(text, own, length) &&
           (!text[length] || text[length] == '.');
}

/* Does the frame run code of this package?  Its globals say so (`python -m guppy` has a name of its own, but
   the package's __package__); no code is run to find out. */
static bool
is_own_frame(capture *c, PyObject *frame)
{
    frame_view v = frame_view_of(frame, true);
    return v.globals && PyDict_CheckExact(v.globals) &&
           (names_this_package(v.globals, c->state->str_name) ||
            names_this_package(v.globals, c->state->str_package));
}

/*
 * The frames of one thread, newest first, from number `first` on; what follows them is returned.  The tool's
 * own do not show (H-41), nor do any of a thread of the tool's (M-81); the top frame is a root, and so is one
 * that only a frame of the tool's leads to.
 */
static size_t
collect_frames(capture *c, size_t first)
{
    const running_frames *frames = c->frames;
    const PyThreadState *thread = frames->items[first].thread;
    bool is_own_thread = own_thread_of(c->state, thread);
    PyObject *limit = NULL;
    if (frames->items[first].is_calling)
        limit = c->view->limit_frame;
    bool was_hidden = true;
    size_t end = first;
    while (end < frames->count && frames->items[end].thread == thread)
        end++;
    for (size_t i = first; i < end; i++) {
        PyObject *frame = frames->items[i].frame;
        if (frame == limit)
            limit = NULL;
        bool is_hidden = limit || is_own_thread || is_own_frame(c, frame);
        if (heapy_address_map_mark(c->running, (uintptr_t)frame) < 0 ||
            (is_hidden && heapy_address_map_mark(c->own_frames, (uintptr_t)frame) < 0))
            c->out_of_memory = true;
        if (was_hidden && !is_hidden)
            capture_add_root(c, (root){frame, NULL, frames->items[i].thread_id, (int)(end - 1 - i)});
        was_hidden = is_hidden;
    }
    return end;
}

static bool
collect_thread(capture *c, PyThreadState *thread)
{
    if (own_thread_of(c->state, thread))
        return true;
    for (size_t i = 0; i < sizeof thread_fields / sizeof *thread_fields; i++) {
        PyObject *object = *(PyObject **)(void *)((char *)thread + thread_fields[i].offset);
        if (!capture_add_root(c, (root){object, thread_fields[i].name, thread->thread_id, NO_FRAME}))
            return false;
    }
    for (_PyErr_StackItem *item = handled_exceptions(thread); item; item = item->previous_item)
        for (size_t i = 0; i < sizeof handled_fields / sizeof *handled_fields; i++) {
            PyObject *object = *(PyObject **)(void *)((char *)item + handled_fields[i].offset);
            if (!capture_add_root(c, (root){object, handled_fields[i].name, thread->thread_id, NO_FRAME}))
                return false;
        }
    return true;
}

void
capture_mark_own_threads(capture *c)
{
    for (size_t i = 0; i < c->state->own_thread_count; i++) {
        const own_thread *own = &c->state->own_threads[i];
        if (own->function)
            capture_mark(c, own->function);
        if (own->statement)
            capture_mark(c, own->statement);
    }
    for (PyThreadState *t = PyInterpreterState_ThreadHead(c->interp); t; t = PyThreadState_Next(t)) {
        if (!own_thread_of(c->state, t))
            continue;
        for (size_t i = 0; i < sizeof thread_fields / sizeof *thread_fields; i++) {
            PyObject *object = *(PyObject **)(void *)((char *)t + thread_fields[i].offset);
            if (object)
                capture_mark(c, object);
        }
        for (_PyErr_StackItem *item = handled_exceptions(t); item; item = item->previous_item)
            if (item->exc_value)
                capture_mark(c, item->exc_value);
    }
}

int
capture_interpreter_number(PyInterpreterState *interp)
{
    int number = 0;
    for (PyInterpreterState *i = PyInterpreterState_Next(interp); i; i = PyInterpreterState_Next(i))
        number++; /* the list has the newest first */
    return number;
}

bool
capture_begins_at_frames(const capture_view *view)
{
    return !view->hides_interpreter && (!view->root || view->root == view->state->root);
}

static void
add_state_root(void *arg, const char *name, PyObject *object)
{
    capture_add_root(arg, (root){object, name, 0, NO_FRAME}); /* out_of_memory is noted */
}

/* The list of threads can only grow at its head while we hold the GIL. */
static bool
collect_interpreter(capture *c)
{
    for (size_t i = 0; c->frames && i < c->frames->count && !c->out_of_memory;)
        i = collect_frames(c, i);
    bool is_done = !c->out_of_memory;
    for (PyThreadState *t = PyInterpreterState_ThreadHead(c->interp); is_done && t; t = PyThreadState_Next(t))
        is_done = collect_thread(c, t);
    for (size_t i = 0; is_done && i < sizeof interpreter_fields / sizeof *interpreter_fields; i++) {
        PyObject *object = *(PyObject **)(void *)((char *)c->interp + interpreter_fields[i].offset);
        is_done = capture_add_root(c, (root){object, interpreter_fields[i].name, 0, NO_FRAME});
    }
    visit_state_roots(c->interp, add_state_root, c);
    for (size_t i = 0; c->handlers && i < c->handlers->count; i++)
        add_state_root(c, "signal_handler", c->handlers->items[i]);
    return is_done && !c->out_of_memory;
}

bool
capture_collect_roots(capture *c)
{
    bool is_done = true;
    c->interpreter_number = capture_interpreter_number(c->interp);
    if (capture_begins_at_frames(c->view))
        is_done = collect_interpreter(c);
    else if (c->view->root && c->view->root != c->state->root)
        is_done = capture_add_root(c, (root){.object = c->view->root, .frame = NO_FRAME});
    return is_done && !heapy_address_map_freeze(c->running, NULL) &&
           !heapy_address_map_freeze(c->own_frames, NULL);
}
