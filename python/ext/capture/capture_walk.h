/* SPDX-License-Identifier: MIT */
/* The two passes over the heap; capture.c puts them in order. */
#ifndef HEAPY_CAPTURE_WALK_H
#define HEAPY_CAPTURE_WALK_H

#include "capture/capture_internal.h"

enum {
    RING = 16,               /* objects on their way between seen and visited */
    NODES_PER_POLL = 1 << 16 /* how often signals are looked for: about every 5 ms */
};

/* Ctrl-C pressed?  is_cancelled is the answer. */
bool capture_is_interrupted(capture *c);

/*
 * Fill c->map with everything the roots reach but hidden and unsound objects, and freeze it.
 * False: is_cancelled or out_of_memory says why.
 */
bool capture_walk(capture *c);

/*
 * Write the edges of every node of c->map, and the roots, into c->builder.
 * err: why, when the engine failed; is_cancelled when a signal came.
 */
bool capture_write_edges(capture *c, heapy_error *err);

/* Mark what the root refers to; only_named: but not the types that are part of the heap for their instances'
   sake. */
void capture_mark_roots(capture *c, bool only_named);

/* Visit these objects (the root among them, perhaps) and nothing they lead to: that waits on the stack.
   False as for capture_walk. */
bool capture_visit_all(capture *c, const uintptr_t *objects, size_t count);

/* Visit what was marked and whatever that leads to.  False as for capture_walk. */
bool capture_drain(capture *c);

/* The same, then freeze the map. */
bool capture_walk_from(capture *c);

/* The same, with the types that are part of the heap for their instances' sake. */
bool capture_walk_on(capture *c);

/* From a root that is not the interpreter's only what that refers to is asked about. */
bool capture_starts_elsewhere(const capture *c);

/* Is the object neither hidden nor of a type that cannot be believed? */
bool capture_is_visible(capture *c, PyObject *object);

/* Freeze the map without visiting anything.  False: no memory. */
bool capture_finish_walk(capture *c);

#endif
