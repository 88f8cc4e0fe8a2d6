/* SPDX-License-Identifier: MIT */
#include "live/world.h"

#include <Python.h>

stopped_world
world_stop(void)
{
    return (stopped_world){.collects = PyGC_Disable()};
}

void
world_start(stopped_world *world)
{
    if (world->collects)
        PyGC_Enable();
    world->collects = false;
}
