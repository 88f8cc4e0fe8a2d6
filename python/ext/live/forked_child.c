/* SPDX-License-Identifier: MIT */
#include "live/forked_child.h" /* first: Python.h asks for all that the system has */

#include "live/world.h"

#include <heapy/memory.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#ifndef __WALL
#define __WALL 0
#endif

/* ---- the child: its surroundings ---- */

/* What the child's signal handlers use: they are given nothing but the signal. */
static const child_task *own_task;
static int own_pipe;

enum { CRASH_STACK = 64 * 1024, NICE = 10, IO_BEST_EFFORT_LAST = 2 << 13 | 7 };

/* Only what may be called in a signal's handler. */
static void
end_with(const child_report *report)
{
    if (report->end != CHILD_DONE && own_task->temporary)
        unlink(own_task->temporary);
    while (write(own_pipe, report, sizeof *report) < 0 && errno == EINTR)
        continue;
    _exit(0);
}

static void
note_text(child_report *report, const char *text)
{
    size_t i = 0;
    for (; text && text[i] && i < sizeof report->text - 1; i++)
        report->text[i] = text[i];
    report->text[i] = '\0';
}

static child_report last_report;

static void
end_late(int signal_number)
{
    (void)signal_number;
    last_report.end = CHILD_LATE;
    end_with(&last_report);
}

static void
end_crashed(int signal_number)
{
    last_report.end = CHILD_CRASHED;
    last_report.number = signal_number;
    note_text(&last_report, own_task->crash_site ? own_task->crash_site(own_task->context) : NULL);
    end_with(&last_report);
}

static void
handle(int signal_number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK | SA_RESETHAND};
    sigfillset(&action.sa_mask);
    sigaction(signal_number, &action, NULL);
}

static void
have_default_signals(double seconds)
{
    static char stack[CRASH_STACK];
    const stack_t crash_stack = {.ss_sp = stack, .ss_size = sizeof stack};
    const struct sigaction fallback = {.sa_handler = SIG_DFL};
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    sigset_t all;
    for (int i = 1; i < NSIG; i++)
        sigaction(i, &fallback, NULL);
    sigaltstack(&crash_stack, NULL);
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        handle(crashes[i], end_crashed);
    handle(SIGALRM, end_late);
    sigfillset(&all);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    struct itimerval timer = {.it_value = {.tv_sec = (time_t)seconds}};
    timer.it_value.tv_usec = (suseconds_t)((seconds - (double)timer.it_value.tv_sec) * 1e6);
    setitimer(ITIMER_REAL, &timer, NULL);
}

#ifdef __linux__
/* The descriptors that /proc lists, where the system cannot close a range of them. */
static void
close_listed(int first, int second)
{
    char entries[4096];
    int folder = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
    bool has_closed = folder >= 0;
    while (has_closed) { /* closing changes the list that is read */
        long count;
        has_closed = false;
        lseek(folder, 0, SEEK_SET);
        while ((count = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0)
            for (long at = 0; at < count;) {
                unsigned short length; /* struct linux_dirent64: two u64, its length, a byte, the name */
                const char *name = entries + at + 19;
                memcpy(&length, entries + at + 16, sizeof length);
                at += length;
                int descriptor = 0;
                for (; *name >= '0' && *name <= '9'; name++)
                    descriptor = 10 * descriptor + *name - '0';
                if (*name || descriptor == folder || descriptor == first || descriptor == second)
                    continue;
                has_closed = !close(descriptor) || has_closed;
            }
    }
    if (folder >= 0)
        close(folder);
}

static long
close_range_of(unsigned first, unsigned last)
{
#ifdef SYS_close_range
    return first > last ? 0 : syscall(SYS_close_range, first, last, 0);
#else
    (void)first, (void)last;
    return -1;
#endif
}

static void
close_others(int a, int b)
{
    unsigned low = (unsigned)(a < b ? a : b), high = (unsigned)(a < b ? b : a);
    if ((low && close_range_of(0, low - 1)) || close_range_of(low + 1, high - 1) ||
        close_range_of(high + 1, ~0U))
        close_listed(a, b);
}

static void
step_back(void)
{
    const struct rlimit none = {0, 0};
    static const char first_in_line[] = "1000";
    prctl(PR_SET_NAME, "heapy-snapshot");
    setrlimit(RLIMIT_CORE, &none);
    if (nice(NICE) == -1) /* more than the process is, however nice that was */
        errno = 0;
    syscall(SYS_ioprio_set, 1, 0, IO_BEST_EFFORT_LAST);
    int file = open("/proc/self/oom_score_adj", O_WRONLY);
    if (file < 0)
        return;
    if (write(file, first_in_line, sizeof first_in_line - 1) < 0)
        errno = 0; /* then it is not first */
    close(file);
}

static void
live_as_child(const child_task *task, int result)
{
    own_task = task;
    own_pipe = result;
    heapy_memory_use_system();
    have_default_signals(task->seconds);
    close_others(task->descriptor, result);
    step_back();
    static child_report report;
    task->run(task->context, &report);
    end_with(&report);
}

/* As fork(), but without an exit signal, hooks, and locks that are taken around it. */
static pid_t
copy_process(void)
{
    return (pid_t)syscall(SYS_clone, 0UL, NULL, NULL, NULL, 0UL);
}
#else
static void
live_as_child(const child_task *task, int result)
{
    (void)task, (void)result;
    (void)handle, (void)have_default_signals, (void)end_late, (void)end_crashed;
}

static pid_t
copy_process(void)
{
    errno = ENOSYS;
    return -1;
}
#endif

/* ---- the parent ---- */

static double
seconds_since_start(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int
raise_no_copy(void)
{
    int reason = errno;
    PyObject *text = PyUnicode_FromFormat(
        "the process cannot be copied for a snapshot: %s; fork=False walks in place", strerror(reason));
    PyObject *arguments = NULL;
    if (text)
        arguments = Py_BuildValue("(iN)", reason, text);
    if (arguments)
        PyErr_SetObject(PyExc_OSError, arguments);
    Py_XDECREF(arguments);
    return -1;
}

enum { POLL_MILLISECONDS = 100 };

/* What is known of the child: its report as it comes, and whether it was seen to end. */
typedef struct watch {
    pid_t child;
    int pipe;
    size_t received;
    bool has_ended, is_reaped;
    int status; /* of waitpid, where nobody else has reaped it */
} watch;

static void
reap(watch *w, int flags)
{
    pid_t found;
    if (w->is_reaped)
        return;
    do
        found = waitpid(w->child, &w->status, __WALL | flags);
    while (found < 0 && errno == EINTR);
    if (found < 0)
        w->status = 0; /* somebody else was faster */
    w->is_reaped = w->has_ended = found != 0;
}

/* Wait a little for the report, or for the end of the child. */
static void
wait_on(watch *w, child_report *report, double seconds)
{
    struct pollfd readable = {.fd = w->pipe, .events = POLLIN};
    int patience = POLL_MILLISECONDS;
    if (seconds * 1000 < POLL_MILLISECONDS)
        patience = (int)(seconds * 1000) + 1;
    Py_BEGIN_ALLOW_THREADS if (poll(&readable, 1, patience) > 0)
    {
        ssize_t count = read(w->pipe, (char *)report + w->received, sizeof *report - w->received);
        if (count > 0)
            w->received += (size_t)count;
        else if (!count)
            w->has_ended = true;
    }
    else
    {
        /* Another process may have got the pipe, so that its end says nothing. */
        reap(w, WNOHANG);
        if (w->has_ended && poll(&readable, 1, 0) > 0)
            w->has_ended = false; /* its last words are still in the pipe */
    }
    Py_END_ALLOW_THREADS
}

static void
end_child(watch *w, bool by_force)
{
    Py_BEGIN_ALLOW_THREADS if (by_force && !w->is_reaped) kill(w->child, SIGKILL);
    reap(w, 0);
    Py_END_ALLOW_THREADS
}

static int
raise_late(const child_task *task)
{
    PyObject *seconds = PyFloat_FromDouble(task->seconds);
    if (seconds)
        PyErr_Format(PyExc_TimeoutError, "the snapshot was not written in timeout=%S seconds", seconds);
    Py_XDECREF(seconds);
    return -1;
}

/* Why a child that said nothing has ended. */
static int
raise_status(const watch *w)
{
    int number = 0;
    if (WIFSIGNALED(w->status))
        number = WTERMSIG(w->status);
    if (number == SIGPIPE || number == SIGXFSZ) {
        errno = number == SIGPIPE ? EPIPE : EFBIG;
        PyErr_SetFromErrno(PyExc_OSError);
    } else if (number == SIGKILL) {
        PyErr_SetString(PyExc_RuntimeError,
                        "the process that wrote the snapshot was killed, perhaps because memory was short");
    } else if (number) {
        PyErr_Format(PyExc_RuntimeError, "the process that wrote the snapshot was ended by signal %d (%s)",
                     number, strsignal(number));
    } else {
        PyErr_SetString(PyExc_RuntimeError, "the process that wrote the snapshot ended without a word");
    }
    return -1;
}

static int
raise_report(const child_task *task, child_report *report)
{
    report->text[sizeof report->text - 1] = '\0';
    switch (report->end) {
    case CHILD_DONE:
        return 0;
    case CHILD_LATE:
        return raise_late(task);
    case CHILD_SYSTEM:
        errno = report->number;
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    case CHILD_CRASHED:
        PyErr_Format(
            PyExc_RuntimeError,
            "the process that wrote the snapshot crashed (%s)%s%s: an extension module has a bug, or memory "
            "is damaged",
            strsignal(report->number), report->text[0] ? " while reading an object of type " : "",
            report->text);
        return -1;
    case CHILD_FAILED:
        break;
    }
    PyErr_SetString(report->number == HEAPY_NO_MEMORY ? PyExc_MemoryError : PyExc_RuntimeError, report->text);
    return -1;
}

static int
wait_for(const child_task *task, watch *w, child_report *report)
{
    double deadline = seconds_since_start() + task->seconds;
    while (w->received < sizeof *report && !w->has_ended) {
        double left = deadline - seconds_since_start();
        bool is_late = left <= 0;
        if (is_late || PyErr_CheckSignals() < 0) {
            end_child(w, true);
            if (!is_late)
                return -1;
            return raise_late(task);
        }
        wait_on(w, report, left);
    }
    end_child(w, false);
    if (w->received == sizeof *report)
        return raise_report(task, report);
    return raise_status(w);
}

int
child_run(const child_task *task, child_report *report)
{
    int ends[2];
    sigset_t all, before;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return raise_no_copy();
    /* Without a GIL the child would wait for threads that it does not have, and see what they had half done.
     */
    stopped_world world = world_stop();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* no handler of the program runs in the child */
    pid_t child = copy_process();
    if (!child)
        live_as_child(task, ends[1]);
    int reason = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    world_start(&world);
    close(ends[1]);
    errno = reason;
    watch w = {.child = child, .pipe = ends[0]};
    int result;
    if (child < 0)
        result = raise_no_copy();
    else
        result = wait_for(task, &w, report);
    close(ends[0]);
    if (result < 0 && task->temporary) {
        reason = errno;
        unlink(task->temporary);
        errno = reason;
    }
    return result;
}
