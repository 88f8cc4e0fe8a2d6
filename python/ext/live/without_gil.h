/* SPDX-License-Identifier: MIT */
/*
 * The GIL, let go of while the engine works on what is its own: columns of files, and of snapshots that are
 * kept.
 *
 * Whoever lets go of it holds references to all that is used meanwhile, and looks again afterwards at what
 * other threads may have changed.
 */
#ifndef HEAPY_WITHOUT_GIL_H
#define HEAPY_WITHOUT_GIL_H

#include <Python.h>

typedef struct released_gil {
    PyThreadState *thread; /* NULL: it is held */
} released_gil;

/* Let go of the GIL; where the calling thread has stopped the world it is kept, since others would run. */
released_gil gil_release(void);

/* Have it again.  The second call for one release does nothing. */
void gil_take(released_gil *released);

#endif
