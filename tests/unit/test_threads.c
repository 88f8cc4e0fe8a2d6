/* SPDX-License-Identifier: MIT */
/* Work that is divided among threads. */
#define _GNU_SOURCE /* setenv */
#include "support.h"

#include <heapy/threads.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ITEMS = 1000 };

typedef struct division {
    atomic_size_t next;
    unsigned squares[ITEMS], done_by[ITEMS], calls[HEAPY_MOST_THREADS];
    pthread_t thread_of_first;
    atomic_bool is_signalled;
} division;

static void
square_items(void *context, unsigned worker)
{
    division *d = context;
    sigset_t blocked;
    d->calls[worker]++;
    if (!worker)
        d->thread_of_first = pthread_self();
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    if (worker && !sigismember(&blocked, SIGINT))
        d->is_signalled = true;
    for (size_t i; (i = atomic_fetch_add(&d->next, 1)) < ITEMS;) {
        d->squares[i] = (unsigned)(i * i);
        d->done_by[i]++;
    }
}

static void
assert_divided(unsigned count)
{
    static division d;
    d = (division){0};
    heapy_run_threads(count, square_items, &d);
    for (unsigned i = 0; i < ITEMS; i++) {
        assert_int_equal(d.squares[i], i * i);
        assert_int_equal(d.done_by[i], 1);
    }
    for (unsigned i = 0; i < HEAPY_MOST_THREADS; i++)
        assert_int_equal(d.calls[i], i < count);
    assert_true(pthread_equal(d.thread_of_first, pthread_self()));
    assert_false(d.is_signalled);
}

static void
every_worker_is_called_once_and_every_item_done_once(void **state)
{
    (void)state;
    const unsigned counts[] = {1, 2, 3, 8, HEAPY_MOST_THREADS, 1000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        assert_divided(counts[i]);
}

static void
the_environment_says_how_many(void **state)
{
    (void)state;
    const char *before = getenv("HEAPY_THREADS");
    char *kept = before ? strdup(before) : NULL;
    unsetenv("HEAPY_THREADS");
    unsigned usual = heapy_thread_count();
    assert_in_range(usual, 1, 16);
    const struct {
        const char *said;
        unsigned count;
    } rows[] = {{"1", 1},        {"7", 7},      {"1000000", HEAPY_MOST_THREADS},
                {"0", usual},    {"-3", usual}, {"", usual},
                {"many", usual}, {"2x", usual}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        setenv("HEAPY_THREADS", rows[i].said, 1);
        assert_int_equal(heapy_thread_count(), rows[i].count);
    }
    if (kept)
        setenv("HEAPY_THREADS", kept, 1);
    else
        unsetenv("HEAPY_THREADS");
    free(kept);
}

/* A forked child has no threads, whatever the environment says. */
static void
a_child_with_memory_of_its_own_does_all_by_itself(void **state)
{
    (void)state;
    int status;
    setenv("HEAPY_THREADS", "4", 1);
    pid_t child = fork();
    if (!child) {
        static division d;
        heapy_memory_use_system();
        bool is_one = heapy_thread_count() == 1;
        heapy_run_threads(4, square_items, &d);
        for (size_t i = 0; i < ITEMS; i++)
            is_one = is_one && d.squares[i] == i * i;
        for (unsigned i = 0; i < 4; i++)
            is_one = is_one && d.calls[i] == 1;
        is_one = is_one && d.is_signalled; /* worker 1 ran where signals are not blocked: here */
        _exit(!is_one);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    assert_int_equal(status, 0);
    unsetenv("HEAPY_THREADS");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_worker_is_called_once_and_every_item_done_once),
        cmocka_unit_test(the_environment_says_how_many),
        cmocka_unit_test(a_child_with_memory_of_its_own_does_all_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
