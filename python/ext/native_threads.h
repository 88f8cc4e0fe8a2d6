/* SPDX-License-Identifier: MIT */
/*
 * Threads of the tool's own, which the program does not feel: no entry in `threading`, every signal blocked from
 * birth, joined to the last instruction, and not shown by any session.
 */
#ifndef HEAPY_NATIVE_THREADS_H
#define HEAPY_NATIVE_THREADS_H

#include "state.h"

/* Is it one of them?  Its frames and whatever else it holds are then no part of the heap. */
bool native_thread_is_own(const module_state *state, PyThreadState *thread);

/* Free what start_thread allocated in the state; the threads are done or never run again. */
void native_threads_clear(module_state *state);

/* Methods of the module; their docstrings are in _heapyc.pyi. */
PyObject *native_thread_start(PyObject *module, PyObject *function);
PyObject *native_thread_join(PyObject *module, PyObject *args);
PyObject *native_thread_run_interruptibly(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_thread_interrupt(PyObject *module, PyObject *handle);
PyObject *native_thread_identity(PyObject *module, PyObject *handle);
PyObject *native_thread_call_soon(PyObject *module, PyObject *function);

#endif
