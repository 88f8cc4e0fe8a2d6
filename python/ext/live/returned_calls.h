/* SPDX-License-Identifier: MIT */
/*
 * Answers that only the frame of a call that returned holds.
 *
 * The heap has the frames of running calls, so an answer may hold the frame of the very call that has it in a
 * local variable.  When the call returns, the frame takes over its variables, and the two hold each other.
 * The interpreter tells nobody that a call returns; but the next question can find out that it did, and
 * whether everything that refers to such a frame and to the answers in it is among themselves, as the
 * collector does.  Then the frame is cleared, as its call would have cleared it.
 */
#ifndef HEAPY_RETURNED_CALLS_H
#define HEAPY_RETURNED_CALLS_H

#include <Python.h>

#include "capture/capture_state.h"
#include "live/held_objects.h"

/* A part of each object that holds others. */
typedef struct frame_holder {
    struct frame_holder *next, **link; /* in the list of those that hold frames; link NULL: not in it */
    PyObject **frames;                 /* of its objects; borrowed from itself */
    size_t frame_count;
} frame_holder;

/* The objects that may be in between: the tool's own, and containers. */
typedef struct answer_types {
    const capture_state *state;
    PyTypeObject *holder_type;                     /* has a frame_holder */
    const held_objects *(*held)(PyObject *holder); /* may be NULL */
    traverseproc visit_others;                     /* of a holder: what it refers to besides */
} answer_types;

/* Enter a holder of `held` into the list that begins at *first, where that has frames of calls that run in
   this thread: of the innermost ones, for others rarely return.  Without memory it is not entered. */
void frame_holder_enter(frame_holder *holder, frame_holder **first, const held_objects *held);

/* Take it out, if it is in: what it holds is about to go. */
void frame_holder_leave(frame_holder *holder);

/* Take all out: the list goes. */
void frame_holders_clear(frame_holder **first);

/* Clear the frames of calls that returned which nothing refers to but holders of the list that are held by
   such frames only, and these holders.  Runs finalizers, as the end of the calls would have, so that the list
   may be another one afterwards.  Nothing on free-threaded builds. */
void clear_returned_calls(frame_holder *const *first, const answer_types *types);

#endif
