/* SPDX-License-Identifier: MIT */
/* Asking a heapy_progress now and then from an inner loop. */
#ifndef HEAPY_BASE_TICKER_H
#define HEAPY_BASE_TICKER_H

#include "heapy/progress.h"

enum { HEAPY__STEPS_PER_TICK = 1 << 16 };

typedef struct heapy__ticker {
    const heapy_progress *progress; /* NULL: never stops */
    const char *stage;
    size_t done, total;
    bool is_stopped;
} heapy__ticker;

/* One step; false once the computation is to stop. */
static inline bool
heapy__tick(heapy__ticker *ticker)
{
    if (++ticker->done % HEAPY__STEPS_PER_TICK || !ticker->progress || !ticker->progress->go_on ||
        ticker->is_stopped)
        return !ticker->is_stopped;
    ticker->is_stopped =
        !ticker->progress->go_on(ticker->progress->context, ticker->stage, ticker->done, ticker->total);
    return !ticker->is_stopped;
}

#endif
