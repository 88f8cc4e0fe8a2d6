/* SPDX-License-Identifier: MIT */
/*
 * The frame objects of running calls.
 *
 * From 3.11 on a running call has no frame object until someone asks.  Frames are part of the contract
 * (H-24), so they are asked for before a walk, through the public API: the one thing looking makes.  The
 * object goes when its call returns.
 */
#ifndef HEAPY_RUNNING_FRAMES_H
#define HEAPY_RUNNING_FRAMES_H

#include "capture/capture.h"

/* Take the frames of every thread of the interpreter into a zeroed struct.  The world is stopped: before 3.12
   making them could set off a collection.  -1 with MemoryError; call running_frames_deinit in any case. */
int running_frames_take(running_frames *out, PyInterpreterState *interp);
void running_frames_deinit(running_frames *frames);

#endif
