/* SPDX-License-Identifier: MIT */
/*
 * The world held still, so that several looks at the heap see one moment.
 *
 * Who asks has the GIL, and keeps it: no other thread runs Python.  What could run some all the same is a
 * collection, which calls finalizers and may begin wherever an object is made; it is put off.  Pairs nest:
 * each puts back what it found.
 */
#ifndef HEAPY_WORLD_H
#define HEAPY_WORLD_H

#include <stdbool.h>

typedef struct stopped_world {
    bool collects; /* the collector was on, and is to be again */
    bool is_stopped;
} stopped_world;

stopped_world world_stop(void);

/* An exception on its way goes on.  The second call for one stop does nothing. */
void world_start(stopped_world *world);

/* Has the calling thread stopped it? */
bool world_is_stopped(void);

#endif
