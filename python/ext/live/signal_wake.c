/* SPDX-License-Identifier: MIT */
#include "live/signal_wake.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

/* What the handler of each signal needs, by the number of the signal. */
static struct {
    volatile sig_atomic_t is_begun;
    volatile sig_atomic_t descriptor;
    struct sigaction previous;
} wakes[NSIG];

static void
wake(int number, siginfo_t *info, void *context)
{
    const uint64_t one = 1;
    int reason = errno;
    if (wakes[number].is_begun && write((int)wakes[number].descriptor, &one, sizeof one) < 0)
        errno = 0; /* it is awake as often as can be counted */
    const struct sigaction *previous = &wakes[number].previous;
    if (previous->sa_flags & SA_SIGINFO)
        previous->sa_sigaction(number, info, context);
    else if (previous->sa_handler != SIG_DFL && previous->sa_handler != SIG_IGN)
        previous->sa_handler(number);
    errno = reason;
}

int
signal_wake_begin(int number, int descriptor)
{
    struct sigaction ours = {.sa_sigaction = wake, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK}, before;
    sigemptyset(&ours.sa_mask);
    errno = EINVAL;
    if (number <= 0 || number >= NSIG || sigaction(number, NULL, &before) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    wakes[number].descriptor = descriptor;
    if (!(before.sa_flags & SA_SIGINFO) || before.sa_sigaction != wake)
        wakes[number].previous = before;
    wakes[number].is_begun = 1;
    if (sigaction(number, &ours, NULL) == 0)
        return 0;
    wakes[number].is_begun = 0;
    PyErr_SetFromErrno(PyExc_OSError);
    return -1;
}

void
signal_wake_end(int number)
{
    struct sigaction current;
    if (number <= 0 || number >= NSIG || !wakes[number].is_begun)
        return;
    wakes[number].is_begun = 0;
    if (!sigaction(number, NULL, &current) && current.sa_flags & SA_SIGINFO && current.sa_sigaction == wake)
        sigaction(number, &wakes[number].previous, NULL);
}
