/* SPDX-License-Identifier: MIT */
/*
 * The other threads of an interpreter, stopped where the interpreter has no lock (Python/pystate.c:
 * stop_the_world and start_the_world, which 3.13 keeps to itself; 3.14 gives them to extensions).
 */
#ifndef HEAPY_WORLD_LAYOUT_H
#define HEAPY_WORLD_LAYOUT_H

#include "cpython/internals.h"

/* How the lock of types was when the world was stopped; 0: it was left as it was. */
typedef uint8_t lock_aside;

#ifdef Py_GIL_DISABLED
#include <time.h>

enum { STOP_POLL_NANOSECONDS = 1000 * 1000, TRY_AGAIN_NANOSECONDS = 50 * 1000, TRIES_BEFORE_QUEUE = 1000 };

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

/* The calling thread, which has the locks, goes on alone.  It waits for the others, without limit for one
   that neither runs Python nor lets go of its thread state. */
static inline void
stop_each_other_thread(PyInterpreterState *interp)
{
    struct _stoptheworld_state *world = &interp->stoptheworld;
    PyMutex *threads_lock = &_PyRuntime.interpreters.mutex; /* HEAD_LOCK */
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

/* Is a lock one of those that a thread has taken by critical sections (pycore_critical_section.h)? */
static inline bool
is_in_section_of(const PyMutex *lock, const PyThreadState *thread)
{
    for (uintptr_t tagged = thread->critical_section; tagged;) {
        const PyCriticalSection2 *section =
            (const PyCriticalSection2 *)(tagged & ~(uintptr_t)_Py_CRITICAL_SECTION_MASK);
        if (section->_cs_base._cs_mutex == lock ||
            (tagged & _Py_CRITICAL_SECTION_TWO_MUTEXES && section->_cs_mutex2 == lock))
            return true;
        tagged = section->_cs_base._cs_prev;
    }
    return false;
}

static inline bool
try_lock(PyMutex *lock)
{
    uint8_t bits = _Py_atomic_load_uint8_relaxed(&lock->_bits);
    return !(bits & _Py_LOCKED) && _Py_atomic_compare_exchange_uint8(&lock->_bits, &bits, bits | _Py_LOCKED);
}

/*
 * Take what stopping needs, and the lock of types where it is not NULL.
 *
 * Who waits in the queue of a lock may be handed it (Python/lock.c, mutex_unpark) just when it is stopped,
 * which is for good if that is by the end of the interpreter, which then hangs.  So the locks are tried, and
 * between tries nothing is held.  Only where many threads want that of types its queue is waited in, for a
 * turn.
 */
static inline void
take_locks(struct _stoptheworld_state *world, PyMutex *types)
{
    const struct timespec a_moment = {.tv_nsec = TRY_AGAIN_NANOSECONDS};
    for (size_t tries = 0;; tries++) {
        if (types && tries >= TRIES_BEFORE_QUEUE)
            PyMutex_Lock(types);
        _PyRWMutex_RLock(&_PyRuntime.stoptheworld_mutex); /* none is handed this */
        bool has_types = !types || tries >= TRIES_BEFORE_QUEUE || try_lock(types);
        if (has_types && try_lock(&world->mutex))
            return;
        if (types && has_types)
            PyMutex_Unlock(types);
        _PyRWMutex_RUnlock(&_PyRuntime.stoptheworld_mutex);
        PyThreadState *thread = PyEval_SaveThread();
        nanosleep(&a_moment, NULL);
        PyEval_RestoreThread(thread);
    }
}

/*
 * Of locks only that of types (Objects/typeobject.c, TYPE_LOCK) is taken while answers are made in a stopped
 * world, by whatever looks up an attribute.  A thread that was handed it and stopped would have it until the
 * world is started.  So it is taken first.  While the world is stopped it is as if it were free and nobody
 * waited for it: who waits stays asleep until it is put back and let go.
 */
static inline lock_aside
stop_other_threads(PyInterpreterState *interp)
{
    PyMutex *types = &interp->types.mutex;
    if (is_in_section_of(types, PyThreadState_GetUnchecked()))
        types = NULL;
    take_locks(&interp->stoptheworld, types);
    stop_each_other_thread(interp);
    return types ? _Py_atomic_exchange_uint8(&types->_bits, _Py_UNLOCKED) : 0;
}

static inline void
start_other_threads(PyInterpreterState *interp, lock_aside aside)
{
    struct _stoptheworld_state *world = &interp->stoptheworld;
    PyMutex *threads_lock = &_PyRuntime.interpreters.mutex;
    PyMutex *lock = &interp->types.mutex;
    if (aside)
        _Py_atomic_store_uint8(&lock->_bits, aside);
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
    if (aside)
        PyMutex_Unlock(lock);
}
#else
/* Who has the GIL is alone. */
static inline lock_aside
stop_other_threads(PyInterpreterState *interp)
{
    (void)interp;
    return 0;
}

static inline void
start_other_threads(PyInterpreterState *interp, lock_aside aside)
{
    (void)interp;
    (void)aside;
}
#endif

#endif
