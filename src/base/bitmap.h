/* SPDX-License-Identifier: MIT */
/* Words of bits: the few operations that node sets and classifiers share. */
#ifndef HEAPY_BASE_BITMAP_H
#define HEAPY_BASE_BITMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline size_t
heapy__bitmap_words(size_t bits)
{
    return (bits + 63) / 64;
}

static inline bool
heapy__bitmap_get(const uint64_t *words, size_t bit)
{
    return words[bit >> 6] >> (bit & 63) & 1;
}

static inline void
heapy__bitmap_set(uint64_t *words, size_t bit)
{
    words[bit >> 6] |= UINT64_C(1) << (bit & 63);
}

static inline void
heapy__bitmap_clear(uint64_t *words, size_t bit)
{
    words[bit >> 6] &= ~(UINT64_C(1) << (bit & 63));
}

/* The bits from .. from+count-1 (at most 64), the first one lowest. */
static inline uint64_t
heapy__bitmap_range(const uint64_t *words, size_t from, unsigned count)
{
    if (!count)
        return 0;
    unsigned shift = from & 63;
    uint64_t bits = words[from >> 6] >> shift;
    if (shift && shift + count > 64)
        bits |= words[(from >> 6) + 1] << (64 - shift);
    return count < 64 ? bits & ((UINT64_C(1) << count) - 1) : bits;
}

/* Set bits among the first `bits`. */
size_t heapy__bitmap_count(const uint64_t *words, size_t bits);

/* The first set bit >= from and < bits, or `bits` when there is none. */
size_t heapy__bitmap_next(const uint64_t *words, size_t bits, size_t from);

#endif
