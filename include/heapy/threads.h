/* SPDX-License-Identifier: MIT */
/*
 * Work that can be divided, on the processors there are.
 *
 * Whoever divides work sees to it that what comes out does not depend on how many threads there were.
 */
#ifndef HEAPY_THREADS_H
#define HEAPY_THREADS_H

#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* More are never used. */
enum { HEAPY_MOST_THREADS = 64 };

/*
 * How many threads to divide work among: HEAPY_THREADS in the environment, if that is a number from 1 on,
 * else as many as there are processors that this process may use, at most 16.  1 after
 * heapy_memory_use_system().
 */
HEAPY_API unsigned heapy_thread_count(void);

/*
 * Call work(context, worker) for each worker from 0 to count - 1, at most HEAPY_MOST_THREADS of them, and
 * return when all have returned.  Worker 0 is the calling thread; each other one is a thread of its own, in
 * which every signal is blocked.  Those for which the system gives no thread, and all of them after
 * heapy_memory_use_system(), are called in the calling thread when worker 0 has returned: so workers take
 * from what is left to do, and wait for no other.  NULL for work does nothing.
 */
HEAPY_API void heapy_run_threads(unsigned count, void (*work)(void *context, unsigned worker), void *context);

#ifdef __cplusplus
}
#endif

#endif
