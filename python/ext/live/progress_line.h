/* SPDX-License-Identifier: MIT */
/*
 * Long questions: a line on the terminal after half a second, and Ctrl-C.
 *
 * Nothing here runs Python code or makes an object, so it may be used while the heap is half-read.
 */
#ifndef HEAPY_PROGRESS_LINE_H
#define HEAPY_PROGRESS_LINE_H

#include <Python.h>
#include <heapy/progress.h>

#include "live/without_gil.h"

/* Zeroed: nothing has begun. */
typedef struct progress_line {
    double begun, shown; /* seconds; 0: not yet */
    bool is_terminal, is_visible, is_interrupted;
    bool ignores_interrupts; /* Ctrl-C is left for later */
    released_gil released;   /* what is shown is done without the GIL */
    double asked;            /* when the GIL was last taken to look for Ctrl-C; seconds */
} progress_line;

/* Show no progress of what the calling thread does. */
void progress_silence_thread(void);

/* Show how far a question is, if standard error is a terminal and it has taken half a second. */
void progress_show(progress_line *line, const char *stage, size_t done, size_t total);

/* Take the line away. */
void progress_end(progress_line *line);

/* A heapy_progress of a line: shows, and stops at Ctrl-C, without running its handler. */
heapy_progress progress_of(progress_line *line);

/* Ctrl-C stopped something: run its handler.  0: it returned, so that is to be done again; -1 with what it
   raised. */
int deliver_interrupt(void);

#endif
