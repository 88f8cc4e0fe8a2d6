/* SPDX-License-Identifier: MIT */
#include "live/world.h"

#include <Python.h>

static _Thread_local unsigned stops;

stopped_world
world_stop(void)
{
    stops++;
    return (stopped_world){.collects = PyGC_Disable(), .is_stopped = true};
}

void
world_start(stopped_world *world)
{
    if (world->collects)
        PyGC_Enable();
    stops -= world->is_stopped;
    *world = (stopped_world){0};
}

bool
world_is_stopped(void)
{
    return stops;
}
