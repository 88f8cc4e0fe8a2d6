/* SPDX-License-Identifier: MIT */
/*
 * The other threads of an interpreter, stopped where the interpreter has no lock (Python/pystate.c:
 * stop_the_world and start_the_world, which 3.13 keeps to itself; 3.14 gives them to extensions).
 */
#ifndef HEAPY_WORLD_LAYOUT_H
#define HEAPY_WORLD_LAYOUT_H

#include "cpython/internals.h"

#ifdef Py_GIL_DISABLED
enum { STOP_POLL_NANOSECONDS = 1000 * 1000 };

/* Threads that run no Python are parked, others told to stop.  False: some have yet to. */
static inline bool
park_other_threads(struct _stoptheworld_state *world, PyInterpreterState *interp)
{
    Py_ssize_t parked = 0;
    for (PyThreadState *t = interp->threads.head; t; t = t->next) {
        int state = _Py_atomic_load_int_relaxed(&t->state);
        if (state == _Py_THREAD_DETACHED)
            parked += _Py_atomic_compare_exchange_int(&t->state, &state, _Py_THREAD_SUSPENDED);
        else if (state == _Py_THREAD_ATTACHED && t != world->requester)
            _Py_atomic_or_uintptr(&t->eval_breaker, _PY_EVAL_PLEASE_STOP_BIT);
    }
    world->thread_countdown -= parked;
    return parked > 0 && !world->thread_countdown;
}

/* The calling thread goes on alone.  It waits for the others, without limit for one that neither runs Python
   nor lets go of its thread state. */
static inline void
stop_other_threads(PyInterpreterState *interp)
{
    struct _stoptheworld_state *world = &interp->stoptheworld;
    PyMutex *threads_lock = &_PyRuntime.interpreters.mutex; /* HEAD_LOCK */
    PyMutex_Lock(&world->mutex);
    _PyRWMutex_RLock(&_PyRuntime.stoptheworld_mutex);
    PyMutex_Lock(threads_lock);
    world->requested = true;
    world->thread_countdown = 0;
    world->stop_event = (PyEvent){0};
    world->requester = PyThreadState_GetUnchecked();
    for (PyThreadState *t = interp->threads.head; t; t = t->next)
        world->thread_countdown += t != world->requester;
    bool is_stopped = !world->thread_countdown;
    while (!is_stopped) {
        is_stopped = park_other_threads(world, interp);
        PyMutex_Unlock(threads_lock);
        if (!is_stopped)
            is_stopped = PyEvent_WaitTimed(&world->stop_event, STOP_POLL_NANOSECONDS, false);
        PyMutex_Lock(threads_lock);
    }
    world->world_stopped = true;
    PyMutex_Unlock(threads_lock);
}

static inline void
start_other_threads(PyInterpreterState *interp)
{
    struct _stoptheworld_state *world = &interp->stoptheworld;
    PyMutex *threads_lock = &_PyRuntime.interpreters.mutex;
    PyMutex_Lock(threads_lock);
    world->requested = world->world_stopped = false;
    for (PyThreadState *t = interp->threads.head; t; t = t->next)
        if (t != world->requester) {
            _Py_atomic_store_int(&t->state, _Py_THREAD_DETACHED);
            _PyParkingLot_UnparkAll(&t->state);
        }
    world->requester = NULL;
    PyMutex_Unlock(threads_lock);
    _PyRWMutex_RUnlock(&_PyRuntime.stoptheworld_mutex);
    PyMutex_Unlock(&world->mutex);
}
#else
/* Who has the GIL is alone. */
static inline void
stop_other_threads(PyInterpreterState *interp)
{
    (void)interp;
}

static inline void
start_other_threads(PyInterpreterState *interp)
{
    (void)interp;
}
#endif

#endif
