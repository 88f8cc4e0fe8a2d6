/* SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* sched_getaffinity */
#endif
#include "heapy/threads.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "system_memory.h"

enum { MOST_BY_THEMSELVES = 16 };

/* Processors that this process may use. */
static unsigned
processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef CPU_COUNT
    cpu_set_t usable;
    if (!sched_getaffinity(0, sizeof usable, &usable))
        count = CPU_COUNT(&usable);
#endif
    if (count > MOST_BY_THEMSELVES)
        return MOST_BY_THEMSELVES;
    return count < 1 ? 1 : (unsigned)count;
}

unsigned
heapy_thread_count(void)
{
    const char *said = getenv("HEAPY_THREADS");
    char *end;
    if (heapy__memory_is_from_system())
        return 1;
    long count = 0;
    if (said)
        count = strtol(said, &end, 10);
    if (count < 1 || *end)
        return processors();
    return count < HEAPY_MOST_THREADS ? (unsigned)count : HEAPY_MOST_THREADS;
}

typedef struct worker {
    void (*work)(void *context, unsigned worker);
    void *context;
    unsigned number;
    bool is_running;
    pthread_t thread;
} worker;

static void *
run_worker(void *argument)
{
    const worker *self = argument;
    self->work(self->context, self->number);
    return NULL;
}

void
heapy_run_threads(unsigned count, void (*work)(void *context, unsigned worker), void *context)
{
    worker workers[HEAPY_MOST_THREADS];
    sigset_t all, before;
    if (!work || !count)
        return;
    if (count > HEAPY_MOST_THREADS)
        count = HEAPY_MOST_THREADS;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* threads are born with it */
    for (unsigned i = 1; i < count; i++) {
        workers[i] = (worker){.work = work, .context = context, .number = i};
        workers[i].is_running = !heapy__memory_is_from_system() &&
                                !pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    work(context, 0);
    for (unsigned i = 1; i < count; i++) {
        if (workers[i].is_running)
            pthread_join(workers[i].thread, NULL);
        else
            work(context, i);
    }
}
