/* SPDX-License-Identifier: MIT */
/*
 * Threads of the tool's own, which the program does not feel: no entry in `threading`, every signal blocked
 * from birth, joined to the last instruction, and not shown by any session (is_own_thread() of
 * capture_state.h).
 *
 * A thread is known by its handle, a capsule.  The docstrings are in _heapyc.pyi.
 */
#ifndef HEAPY_NATIVE_THREADS_H
#define HEAPY_NATIVE_THREADS_H

#include "capture/capture_state.h"

/* Free the list of threads; they are done or never run again. */
void native_threads_clear(capture_state *state);

/* `keeper` keeps `state` alive; the thread holds it. */
PyObject *native_thread_start(capture_state *state, PyObject *keeper, PyObject *function);

PyObject *native_thread_join(PyObject *handle, double seconds);
PyObject *native_thread_identity(PyObject *handle);
PyObject *native_thread_run_interruptibly(capture_state *state, PyObject *function, PyObject *idle);
PyObject *native_thread_interrupt(const capture_state *state, PyObject *handle);
PyObject *native_thread_call_soon(PyObject *function);

#endif
