/* SPDX-License-Identifier: MIT */
/*
 * A thread is made with pthread_create and not with _thread, for three reasons.  It must be born with all
 * signals blocked: a program that blocks a signal and waits for it in sigwait() is killed by it if another
 * thread takes it. It must be joined until the kernel no longer counts it: CPython 3.12 and later warn of a
 * fork in a process that has a second thread, by the count of /proc/self/stat.  And capture must know it, to
 * leave out what it holds.
 *
 * Its thread state is made without the GIL.  A fork at that moment leaves the child a list of thread states
 * that is locked for ever (CPython 3.11 and earlier unlock it too late).  So the starter waits until the
 * state is there, and who starts threads sees to it that nobody forks meanwhile (before_fork() of
 * guppy/monitor/Enabling.py).
 *
 * An entry of the state's list is known by the thread state's identity, which is never used again; so an
 * entry that a fork left behind does no harm.
 */
#include "live/native_threads.h"

#include "live/remembered.h"

#include "live/progress_line.h"

#include <heapy/memory.h>

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define HANDLE_NAME "guppy._heapyc.native_thread"

/* Shared by the thread and its handle; who goes last frees it. */
typedef struct native_thread {
    pthread_t thread;
    _Atomic pid_t number; /* the kernel's; 0 until it runs */
    bool is_joined;
    pid_t process;   /* where it was started: after a fork it is in no other */
    sem_t has_begun; /* its thread state is made, or cannot be */
    bool has_failed; /* it cannot be; valid then */

    capture_state *state;
    PyObject *keeper, *function; /* owned until it runs */
    PyInterpreterState *interp;
    unsigned long identity; /* 0 until it runs Python */

    _Atomic int uses;
} native_thread;

static void
let_go(native_thread *self)
{
    if (atomic_fetch_sub(&self->uses, 1) != 1)
        return;
    sem_destroy(&self->has_begun);
    heapy_free(self);
}

/* ---- the list of those that run ---- */

static bool
add_own_locked(capture_state *state, PyThreadState *thread, native_thread *self)
{
    own_thread *threads =
        heapy_grow(state->own_threads, state->own_thread_count, &state->own_thread_capacity, sizeof *threads);
    if (!threads)
        return false;
    state->own_threads = threads;
    threads[state->own_thread_count++] = (own_thread){
        .id = PyThreadState_GetID(thread), .identity = self->identity, .function = self->function};
    return true;
}

static bool
add_own(capture_state *state, PyThreadState *thread, native_thread *self)
{
    brief_lock();
    bool is_added = add_own_locked(state, thread, self);
    brief_unlock();
    return is_added;
}

static void
remove_own(capture_state *state, PyThreadState *thread)
{
    brief_lock();
    own_thread *found = own_thread_of(state, thread);
    if (found)
        *found = state->own_threads[--state->own_thread_count];
    brief_unlock();
}

void
native_threads_clear(capture_state *state)
{
    heapy_free(state->own_threads);
    state->own_threads = NULL;
    state->own_thread_count = state->own_thread_capacity = 0;
}

/* ---- the thread ---- */

static void *
thread_main(void *arg)
{
    native_thread *self = arg;
    atomic_store(&self->number, (pid_t)syscall(SYS_gettid));
    PyThreadState *thread = PyThreadState_New(self->interp);
    self->has_failed = !thread;
    sem_post(&self->has_begun);
    if (!thread) {
        let_go(self);
        return NULL;
    }
    PyEval_AcquireThread(thread);
    progress_silence_thread();
    self->identity = PyThread_get_thread_ident();
    PyObject *keeper = self->keeper, *function = self->function;
    capture_state *state = self->state;
    if (add_own(state, thread, self)) {
        PyObject *result = PyObject_CallNoArgs(function);
        if (!result)
            PyErr_WriteUnraisable(function);
        Py_XDECREF(result);
    }
    PyThreadState_Clear(thread);
    remove_own(state, thread); /* what clearing ran was still the tool's */
    Py_DECREF(function);
    Py_DECREF(keeper);
    PyThreadState_DeleteCurrent();
    let_go(self);
    return NULL;
}

static void
handle_free(PyObject *handle)
{
    native_thread *self = PyCapsule_GetPointer(handle, HANDLE_NAME);
    if (!self->is_joined && self->process == getpid())
        pthread_detach(self->thread);
    let_go(self);
}

/* False: there was no memory for its thread state, and it has ended. */
static bool
wait_until_begun(native_thread *self)
{
    /* Without the GIL, for which an allocator's hook (tracemalloc's) may wait there. */
    PyThreadState *state = PyEval_SaveThread();
    while (sem_wait(&self->has_begun) && errno == EINTR)
        continue;
    if (self->has_failed)
        pthread_join(self->thread, NULL);
    PyEval_RestoreThread(state);
    return !self->has_failed;
}

static native_thread *
thread_of(PyObject *handle)
{
    return PyCapsule_GetPointer(handle, HANDLE_NAME);
}

PyObject *
native_thread_start(capture_state *state, PyObject *keeper, PyObject *function)
{
    native_thread *self = heapy_alloc_zeroed(1, sizeof *self);
    if (!self)
        return PyErr_NoMemory();
    PyObject *handle = PyCapsule_New(self, HANDLE_NAME, handle_free);
    if (!handle) {
        heapy_free(self);
        return NULL;
    }
    self->state = state;
    self->keeper = Py_NewRef(keeper);
    self->function = Py_NewRef(function);
    self->interp = PyInterpreterState_Get();
    self->process = getpid();
    atomic_init(&self->uses, 2);
    sem_init(&self->has_begun, 0, 0);

    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&self->thread, NULL, thread_main, self);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!failure) {
        self->identity = (unsigned long)self->thread; /* what PyThread_get_thread_ident() gives there */
        if (wait_until_begun(self))
            return handle;
    } else {
        let_go(self); /* the thread's use: there is none */
    }
    self->is_joined = true;
    Py_DECREF(keeper);
    Py_DECREF(function);
    Py_DECREF(handle);
    if (!failure)
        return PyErr_NoMemory();
    errno = failure;
    return PyErr_SetFromErrno(PyExc_OSError);
}

/* The kernel counts a thread for some moments after it can be joined. */
static void
wait_until_not_counted(pid_t process, pid_t number)
{
    for (int i = 0; i < 10000 && !syscall(SYS_tgkill, process, number, 0); i++)
        nanosleep(&(struct timespec){.tv_nsec = i < 100 ? 0 : 10000}, NULL);
}

PyObject *
native_thread_join(PyObject *handle, double seconds)
{
    native_thread *self = thread_of(handle);
    if (!self)
        return NULL;
    if (self->is_joined || self->process != getpid())
        Py_RETURN_TRUE;
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    double whole = (double)until.tv_sec + (double)until.tv_nsec / 1e9 + seconds;
    until.tv_sec = (time_t)whole;
    until.tv_nsec = (long)((whole - (double)until.tv_sec) * 1e9);
    int failure;
    PyThreadState *state = PyEval_SaveThread();
    failure = pthread_timedjoin_np(self->thread, NULL, &until);
    if (!failure)
        wait_until_not_counted(self->process, atomic_load(&self->number));
    PyEval_RestoreThread(state);
    self->is_joined = !failure;
    return PyBool_FromLong(!failure);
}

PyObject *
native_thread_identity(PyObject *handle)
{
    native_thread *self = thread_of(handle);
    if (!self)
        return NULL;
    return PyLong_FromUnsignedLong(self->identity);
}

/* ---- interrupting ---- */

/*
 * Let an exception that came too late be raised, and forget it.  It is not taken back with
 * PyThreadState_SetAsyncExc: before 3.13 that leaves the interpreter looking for one for ever.
 */
static void
use_up_interrupt(const PyThreadState *thread, PyObject *idle)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    for (int i = 0; i < 10 && thread->async_exc; i++) {
        Py_XDECREF(PyObject_CallNoArgs(idle));
        PyErr_Clear();
    }
    PyErr_Restore(type, value, traceback);
}

PyObject *
native_thread_run_interruptibly(capture_state *state, PyObject *function, PyObject *idle)
{
    PyThreadState *thread = PyThreadState_Get();
    own_thread *own = own_thread_of(state, thread);
    if (!own) {
        PyErr_SetString(PyExc_RuntimeError, "_run_interruptibly: the calling thread is none of heapy's");
        return NULL;
    }
    own->is_interruptible = true;
    own->statement = function;
    PyObject *result = PyObject_CallNoArgs(function);
    own = own_thread_of(state, thread); /* the list may have moved */
    if (own) {
        own->is_interruptible = false;
        own->statement = NULL;
    }
    use_up_interrupt(thread, idle);
    return result;
}

PyObject *
native_thread_interrupt(const capture_state *state, PyObject *handle)
{
    native_thread *self = thread_of(handle);
    if (!self)
        return NULL;
    for (size_t i = 0; i < state->own_thread_count; i++) {
        const own_thread *own = &state->own_threads[i];
        if (own->identity == self->identity && own->is_interruptible)
            return PyBool_FromLong(PyThreadState_SetAsyncExc(own->identity, PyExc_KeyboardInterrupt) > 0);
    }
    Py_RETURN_FALSE;
}

/* ---- later, in the main thread ---- */

static bool call_soon(PyObject *function);

/*
 * The function says whether to call it again, rather than asking for it itself: what Python code then does
 * before it returns, while the interpreter makes these calls, makes it forget that another one waits
 * (make_pending_calls() in ceval_gil.c of 3.13).
 */
static int
call_pending(void *arg)
{
    PyObject *function = arg;
    PyObject *result = PyObject_CallNoArgs(function);
    if (!result)
        PyErr_WriteUnraisable(function);
    bool is_to_be_called_again = result == Py_True;
    Py_XDECREF(result);
    if (is_to_be_called_again && !call_soon(function))
        PyErr_WriteUnraisable(function);
    Py_DECREF(function);
    return 0;
}

static bool
call_soon(PyObject *function)
{
    if (Py_AddPendingCall(call_pending, Py_NewRef(function)) == 0)
        return true;
    Py_DECREF(function);
    PyErr_SetString(PyExc_RuntimeError, "_call_soon: too many calls are waiting");
    return false;
}

PyObject *
native_thread_call_soon(PyObject *function)
{
    if (!call_soon(function))
        return NULL;
    Py_RETURN_NONE;
}
