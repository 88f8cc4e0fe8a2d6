/* SPDX-License-Identifier: MIT */
#include "live/looking.h"

#include "live/errors.h"

static int
warn_of_unsound(const capture *c)
{
    if (!c->unsound_count)
        return 0;
    world_let_code_run();
    return PyErr_WarnFormat(PyExc_RuntimeWarning, 1,
                            "%zu objects were left out of the heap because their type cannot be read "
                            "(the first is at %p); an extension module has damaged them",
                            c->unsound_count, (void *)c->first_unsound);
}

static int
begin(look *l, const capture_view *view, bool with_frames, bool watches)
{
    *l = (look){.line = {.ignores_interrupts = !watches}};
    l->progress = progress_of(&l->line);
    l->world = world_stop();
    capture_init(&l->c, view);
    l->c.progress = &l->progress;
    l->c.frames = &l->frames;
    l->c.handlers = &l->handlers;
    if (!with_frames)
        return 0;
    int result = running_frames_take(&l->frames, view->state->interp);
    if (result < 0)
        return result;
    return signal_handlers_take(&l->handlers, view->state);
}

int
look_begin(look *l, const capture_view *view, bool with_frames)
{
    return begin(l, view, with_frames && capture_begins_at_frames(view), false);
}

int
look_take(look *l, const capture_view *view, const capture_question *question, capture_step step)
{
    for (bool watches = true;; watches = false) {
        heapy_error err = HEAPY_ERROR_INIT;
        if (begin(l, view, capture_begins_at_frames(view), watches) < 0)
            return -1;
        l->c.question = question;
        heapy_status status = step(&l->c, &err);
        if (!status)
            return 0;
        if (status != HEAPY_CANCELLED)
            return raise_heapy_error(&err);
        look_deinit(l);
        if (deliver_interrupt() < 0)
            return -1;
    }
}

void
look_deinit(look *l)
{
    progress_end(&l->line);
    for (size_t i = 0; i < l->c.record_count; i++)
        if (l->c.records[i].holds_type)
            Py_DECREF(l->c.records[i].type);
    capture_deinit(&l->c);
    running_frames_deinit(&l->frames);
    signal_handlers_deinit(&l->handlers);
    world_start(&l->world);
}

void
look_hold_types(look *l)
{
    for (size_t i = 0; i < l->c.deferred_count; i++) {
        type_record *record = &l->c.records[l->c.deferred[i].record];
        if (!record->holds_type)
            Py_INCREF(record->type);
        record->holds_type = true;
    }
}

int
look_warn(look *l)
{
    world_start(&l->world);
    return warn_of_unsound(&l->c);
}
