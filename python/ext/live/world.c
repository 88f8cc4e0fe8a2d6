/* SPDX-License-Identifier: MIT */
#include "cpython/world_layout.h" /* first: it asks for the interpreter's internals */

#include "live/world.h"

static _Thread_local unsigned stops;
static _Thread_local bool is_alone; /* the other threads are stopped */
static _Thread_local lock_aside aside;

static void
be_alone(bool wanted)
{
    if (is_alone == wanted)
        return;
    if (wanted)
        aside = stop_other_threads(PyInterpreterState_Get());
    else
        start_other_threads(PyInterpreterState_Get(), aside);
    is_alone = wanted;
}

stopped_world
world_stop(void)
{
    bool was_alone = is_alone;
    stops++;
    be_alone(true);
    return (stopped_world){.collects = PyGC_Disable(), .is_stopped = true, .was_stopped = was_alone};
}

void
world_start(stopped_world *world)
{
    if (!world->is_stopped)
        return;
    if (world->collects)
        PyGC_Enable();
    stops--;
    /* Within what a look asks of code, the others run: they go on after another look in there. */
    if (!world->was_stopped)
        be_alone(false);
    *world = (stopped_world){0};
}

void
world_let_code_run(void)
{
    be_alone(false);
}

/* A second round is needed only when the first found something (S-61, H-60).  PyGC_Collect does nothing while
   automatic collection is disabled. */
void
collect_garbage(void)
{
    int was_enabled = PyGC_Enable();
    if (PyGC_Collect() > 0)
        PyGC_Collect();
    if (!was_enabled)
        PyGC_Disable();
}

void
world_never_collects(void)
{
    PyGC_Disable();
}

bool
world_is_stopped(void)
{
    return stops;
}
