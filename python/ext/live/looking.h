/* SPDX-License-Identifier: MIT */
/* A look at the live heap, with what it needs of Python: what the files of live/ share that begin one. */
#ifndef HEAPY_LOOKING_H
#define HEAPY_LOOKING_H

#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "live/progress_line.h"
#include "live/running_frames.h"
#include "live/signal_handlers.h"
#include "live/world.h"

/* It must stay where it is, for its parts point at each other. */
typedef struct look {
    capture c;
    running_frames frames;
    signal_handlers handlers;
    progress_line line;
    heapy_progress progress;
    stopped_world world; /* stopped until look_deinit, or until code may run again */
} look;

/*
 * Stop the world, take the frames that the view begins at, and do a step; that again without watching for
 * signals when one came and its handler lets us.  question: borrowed, may be NULL.  -1 with an exception;
 * call look_deinit in any case.
 */
int look_take(look *l, const capture_view *view, const capture_question *question, capture_step step);

/* The same without a step: the caller does it, once.  with_frames: if the view begins at frames, take them.
 */
int look_begin(look *l, const capture_view *view, bool with_frames);

void look_deinit(look *l);

/* Keep the types whose instances are to be asked for their sizes, before code may run; look_deinit lets go.
 */
void look_hold_types(look *l);

/* Code may run again: warn of what was left out.  -1 with an exception. */
int look_warn(look *l);

#endif
