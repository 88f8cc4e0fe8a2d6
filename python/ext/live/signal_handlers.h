/* SPDX-License-Identifier: MIT */
/*
 * The handlers of signals on 3.10 and 3.11, where they are in a variable of Modules/signalmodule.c that
 * nobody else can see (later in the runtime's state: cpython/state_roots.h).
 *
 * They are asked of _signal.getsignal, a function in C that looks into that variable and runs no Python code,
 * before the walk.
 */
#ifndef HEAPY_SIGNAL_HANDLERS_H
#define HEAPY_SIGNAL_HANDLERS_H

#include "capture/capture.h"

/* Remember that function in a state that is being filled; -1 with an exception. */
int signal_handlers_learn(capture_state *state);

/* Take the handlers into a zeroed struct: none from 3.12 on, and in an interpreter other than the main one.
   -1 with an exception; call signal_handlers_deinit in any case. */
int signal_handlers_take(signal_handlers *out, const capture_state *state);
void signal_handlers_deinit(signal_handlers *handlers);

#endif
