/* SPDX-License-Identifier: MIT */
/* How a long computation is watched, and stopped. */
#ifndef HEAPY_PROGRESS_H
#define HEAPY_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * go_on is called every some ten thousand steps: `done` of `total` (0: not known) units of what `stage`
 * names, a static string.  False: the computation stops, frees what it has and fails with HEAPY_CANCELLED.
 * NULL: nobody watches.
 */
typedef struct heapy_progress {
    bool (*go_on)(void *context, const char *stage, size_t done, size_t total);
    void *context;
} heapy_progress;

#ifdef __cplusplus
}
#endif

#endif
