/* SPDX-License-Identifier: MIT */
/*
 * The world held still, so that several looks at the heap see one moment.
 *
 * Who asks has the GIL, and keeps it: no other thread runs Python.  Where there is none, the others are
 * stopped.  What could run some all the same is a collection, which calls finalizers and may begin wherever
 * an object is made; it is put off.  Pairs nest: each puts back what it found.
 *
 * A thread that is stopped may hold a lock.  So code that may ask for one, which is all code that is not the
 * tool's, must not run before world_let_code_run.
 */
#ifndef HEAPY_WORLD_H
#define HEAPY_WORLD_H

#include <stdbool.h>

typedef struct stopped_world {
    bool collects; /* the collector was on, and is to be again */
    bool is_stopped;
    bool was_stopped; /* the others were, when it was asked for */
} stopped_world;

stopped_world world_stop(void);

/* An exception on its way goes on.  The second call for one stop does nothing. */
void world_start(stopped_world *world);

/* Code is about to run: other threads do too, until the world is stopped the next time.  Collections are
   still put off. */
void world_let_code_run(void);

/* Garbage goes now, also where automatic collection is disabled, which says nothing about a collection that
   is asked for.  Finalizers run. */
void collect_garbage(void);

/* In the copy of a process, which looks once and ends: nothing is collected any more. */
void world_never_collects(void);

/* Has the calling thread stopped it? */
bool world_is_stopped(void);

#endif
