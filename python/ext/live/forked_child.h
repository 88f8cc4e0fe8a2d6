/* SPDX-License-Identifier: MIT */
/*
 * A copy of this process that does one thing and ends, of which the program notices nothing.
 *
 * It is cloned without an exit signal: no SIGCHLD, no status for wait(), no at-fork hook.  In it only the
 * calling thread goes on, on a copy of what was there at that moment: locks that others held stay locked, so
 * it may use neither malloc() nor an allocator of Python's that was there before, nor stdio.  It has no
 * descriptors but its own, defaults for all signals, low priorities, and is the first that the system ends
 * where memory is short.
 */
#ifndef HEAPY_FORKED_CHILD_H
#define HEAPY_FORKED_CHILD_H

#include <Python.h>
#include <heapy/status.h>

/* How it ended, as it tells through a pipe. */
typedef enum child_end { CHILD_DONE, CHILD_FAILED, CHILD_SYSTEM, CHILD_LATE, CHILD_CRASHED } child_end;

enum { CHILD_TEXT = 3000 };

typedef struct child_report {
    child_end end;
    int number;            /* CHILD_SYSTEM: errno; CHILD_CRASHED: the signal; CHILD_FAILED: a heapy_status */
    char text[CHILD_TEXT]; /* what it says beside; of a crash the name of the type that was read */
} child_report;

/*
 * run        what the child does: it fills the report, and returns.  What is late or crashes does not return.
 * context    of run
 * crash_site the name of what may be crashing, called in the signal's handler; may be NULL
 * descriptor what the child may keep open beside the pipe
 * temporary  a file that is removed when the child does not get done; NULL: none.  By the parent as well as
 * by the child, for either may outlive the other. seconds    how long it may take
 */
typedef struct child_task {
    void (*run)(void *context, child_report *report);
    void *context;
    const char *(*crash_site)(void *context);
    int descriptor;
    const char *temporary;
    double seconds;
} child_task;

/*
 * Run a task in a child, and wait for it without the GIL.  -1 with an exception: the child could not be had,
 * did not get done, or a signal's handler raised; then it has ended.  report: what it says when it got done.
 */
int child_run(const child_task *task, child_report *report);

#endif
