/* SPDX-License-Identifier: MIT */
/*
 * Signals that wake a thread of the tool's own, also while the main thread runs no Python code: the handler
 * is one of C, which writes to an eventfd and then calls what the program had for that signal.
 */
#ifndef HEAPY_SIGNAL_WAKE_H
#define HEAPY_SIGNAL_WAKE_H

#include <Python.h>

/* Add 1 to an eventfd whenever the signal comes; of a signal that does so already, to another one from now
   on.  -1 with OSError. */
int signal_wake_begin(int signal_number, int descriptor);

/* Give the program its handler back, unless it has put another in its place. */
void signal_wake_end(int signal_number);

#endif
