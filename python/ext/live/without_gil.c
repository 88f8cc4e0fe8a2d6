/* SPDX-License-Identifier: MIT */
#include "live/without_gil.h"

#include "live/world.h"

released_gil
gil_release(void)
{
    return (released_gil){world_is_stopped() ? NULL : PyEval_SaveThread()};
}

void
gil_take(released_gil *released)
{
    PyThreadState *thread = released->thread;
    released->thread = NULL;
    if (thread)
        PyEval_RestoreThread(thread);
}
