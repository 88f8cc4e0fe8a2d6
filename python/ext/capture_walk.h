/* SPDX-License-Identifier: MIT */
/* The two passes over the heap; capture.c puts them in order. */
#ifndef HEAPY_CAPTURE_WALK_H
#define HEAPY_CAPTURE_WALK_H

#include "capture_internal.h"

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

/* Visit what was marked and whatever that leads to, then freeze the map.  False as for capture_walk. */
bool capture_walk_on(capture *c);

/* Freeze the map without visiting anything.  False: no memory. */
bool capture_finish_walk(capture *c);

#endif
