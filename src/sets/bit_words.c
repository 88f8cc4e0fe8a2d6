/* SPDX-License-Identifier: MIT */
/*
 * Sets of integers that never change: sorted arrays of words, combined by merging.
 *
 *     {1, 2, 64, 1000}   | position 0, bits 0b110 | position 1, bits 1 | position 15, bits 1 << 40 |
 *
 *     merging    a   | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 20 |        the first eight of both lie at the same
 * places: b   | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 |  9 | 11 |   a block, without looking at positions 20 > 9, 11:
 * a run of b, copied as a whole when it is long
 */
#include <string.h>

#include "../base/fail.h"
#include "heapy/bit_set.h"

uint64_t
heapy_bit_words_length(const heapy_bit_word *words, size_t count)
{
    if (!words)
        return 0;
    uint64_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += heapy_popcount(words[i].bits);
    return length;
}

bool
heapy_bit_words_contain(const heapy_bit_word *words, size_t count, int64_t bit)
{
    int64_t position = heapy_bit_position(bit);
    size_t i = heapy_bit_words_find(words, count, position);
    return words && i < count && words[i].position == position && words[i].bits & heapy_bit_mask(bit);
}

enum { BLOCK = 8 };

/* Do the next BLOCK words of both lie at the same places? */
static inline bool
is_block(const heapy_bit_word *a, const heapy_bit_word *b)
{
    return a[0].position == b[0].position && a[BLOCK - 1].position == b[BLOCK - 1].position &&
           (uint64_t)a[BLOCK - 1].position - (uint64_t)a[0].position == BLOCK - 1;
}

/* Do all words of a block come before a position? */
static inline bool
is_block_before(const heapy_bit_word *words, int64_t position)
{
    bool are_before = true;
    for (size_t w = 0; w < BLOCK; w++)
        are_before &= words[w].position < position;
    return are_before;
}

/* Words from here on that come before a position, in whole blocks. */
static inline size_t
blocks_before(const heapy_bit_word *words, size_t count, int64_t position)
{
    size_t run = 0;
    if (count < BLOCK || words[1].position >= position) /* mostly there is only one */
        return 0;
    while (count - run >= BLOCK && is_block_before(words + run, position))
        run += BLOCK;
    return run;
}

/* Positions that are in either.  The steps are those of merge(), whose runs stand for single steps even where
   words are not sorted: never more is written than was counted. */
static size_t
count_positions(const heapy_bit_word *a, size_t a_count, const heapy_bit_word *b, size_t b_count)
{
    size_t i = 0, k = 0, both = 0;
    while (i < a_count && k < b_count) {
        if (a_count - i >= BLOCK && b_count - k >= BLOCK && is_block(a + i, b + k)) {
            i += BLOCK;
            k += BLOCK;
            both += BLOCK;
        } else if (a[i].position < b[k].position) {
            i++;
        } else if (b[k].position < a[i].position) {
            k++;
        } else {
            i++;
            k++;
            both++;
        }
    }
    return a_count + b_count - both;
}

/* NULL is an array of no words. */
static void
count_nulls(const heapy_bit_word *a, size_t *a_count, const heapy_bit_word *b, size_t *b_count)
{
    *a_count = a ? *a_count : 0;
    *b_count = b ? *b_count : 0;
}

size_t
heapy_bit_words_room(const heapy_bit_word *a, size_t a_count, const heapy_bit_word *b, size_t b_count,
                     heapy_set_operation operation)
{
    count_nulls(a, &a_count, b, &b_count);
    switch (operation) {
    case HEAPY_INTERSECTION:
        return a_count < b_count ? a_count : b_count;
    case HEAPY_DIFFERENCE:
        return a_count;
    default:
        return count_positions(a, a_count, b, b_count);
    }
}

static inline uint64_t
operate(uint64_t a, uint64_t b, heapy_set_operation operation)
{
    switch (operation) {
    case HEAPY_UNION:
        return a | b;
    case HEAPY_INTERSECTION:
        return a & b;
    case HEAPY_DIFFERENCE:
        return a & ~b;
    default:
        return a ^ b;
    }
}

/*
 * One merge for each operation, so that the compiler knows which.  Runs at the same places are taken block by
 * block.  A word of both is always written and only counts if it has bits.
 */
static inline __attribute__((always_inline)) size_t
merge(const heapy_bit_word *a, size_t a_count, const heapy_bit_word *b, size_t b_count,
      heapy_set_operation operation, heapy_bit_word *out)
{
    size_t i = 0, k = 0, n = 0;
    bool keeps_a = operation != HEAPY_INTERSECTION;
    bool keeps_b = operation == HEAPY_UNION || operation == HEAPY_SYMMETRIC_DIFFERENCE;
    while (i < a_count && k < b_count) {
        if (a_count - i >= BLOCK && b_count - k >= BLOCK && is_block(a + i, b + k)) {
            for (size_t w = 0; w < BLOCK; w++) {
                uint64_t bits = operate(a[i + w].bits, b[k + w].bits, operation);
                out[n] = (heapy_bit_word){a[i + w].position, bits};
                n += bits != 0;
            }
            i += BLOCK;
            k += BLOCK;
        } else if (a[i].position < b[k].position) {
            size_t run = blocks_before(a + i, a_count - i, b[k].position);
            if (keeps_a && run)
                memcpy(out + n, a + i, run * sizeof *out);
            else if (keeps_a)
                out[n] = a[i];
            run += !run;
            n += keeps_a ? run : 0;
            i += run;
        } else if (b[k].position < a[i].position) {
            size_t run = blocks_before(b + k, b_count - k, a[i].position);
            if (keeps_b && run)
                memcpy(out + n, b + k, run * sizeof *out);
            else if (keeps_b)
                out[n] = b[k];
            run += !run;
            n += keeps_b ? run : 0;
            k += run;
        } else {
            uint64_t bits = operate(a[i].bits, b[k].bits, operation);
            out[n] = (heapy_bit_word){a[i].position, bits};
            n += bits != 0;
            i++;
            k++;
        }
    }
    if (keeps_a && i < a_count) {
        memcpy(out + n, a + i, (a_count - i) * sizeof *out);
        n += a_count - i;
    }
    if (keeps_b && k < b_count) {
        memcpy(out + n, b + k, (b_count - k) * sizeof *out);
        n += b_count - k;
    }
    return n;
}

size_t
heapy_bit_words_combine(const heapy_bit_word *a, size_t a_count, const heapy_bit_word *b, size_t b_count,
                        heapy_set_operation operation, heapy_bit_word *out)
{
    if (!out)
        return 0;
    count_nulls(a, &a_count, b, &b_count);
    switch (operation) {
    case HEAPY_UNION:
        return merge(a, a_count, b, b_count, HEAPY_UNION, out);
    case HEAPY_INTERSECTION:
        return merge(a, a_count, b, b_count, HEAPY_INTERSECTION, out);
    case HEAPY_DIFFERENCE:
        return merge(a, a_count, b, b_count, HEAPY_DIFFERENCE, out);
    default:
        return merge(a, a_count, b, b_count, HEAPY_SYMMETRIC_DIFFERENCE, out);
    }
}

bool
heapy_bit_words_equal(const heapy_bit_word *a, size_t a_count, const heapy_bit_word *b, size_t b_count)
{
    count_nulls(a, &a_count, b, &b_count);
    return a_count == b_count && (!a_count || !memcmp(a, b, a_count * sizeof *a));
}

bool
heapy_bit_words_is_subset(const heapy_bit_word *a, size_t a_count, const heapy_bit_word *b, size_t b_count)
{
    count_nulls(a, &a_count, b, &b_count);
    size_t k = 0;
    if (a_count > b_count)
        return false;
    for (size_t i = 0; i < a_count; i++) {
        while (k < b_count && b[k].position < a[i].position)
            k++;
        if (k == b_count || b[k].position != a[i].position || a[i].bits & ~b[k].bits)
            return false;
    }
    return true;
}

bool
heapy_bit_words_is_disjoint(const heapy_bit_word *a, size_t a_count, const heapy_bit_word *b, size_t b_count)
{
    count_nulls(a, &a_count, b, &b_count);
    for (size_t i = 0, k = 0; i < a_count && k < b_count;) {
        int64_t x = a[i].position, y = b[k].position;
        if (x == y && a[i].bits & b[k].bits)
            return false;
        i += x <= y;
        k += y <= x;
    }
    return true;
}

/* ---- shifting ---- */

static size_t
append(heapy_bit_word *out, size_t n, int64_t position, uint64_t bits)
{
    if (!bits)
        return n;
    if (n && out[n - 1].position == position) {
        out[n - 1].bits |= bits;
        return n;
    }
    out[n] = (heapy_bit_word){position, bits};
    return n + 1;
}

heapy_status
heapy_bit_words_shift(const heapy_bit_word *words, size_t count, int64_t by, heapy_bit_word *out,
                      size_t *written, heapy_error *err)
{
    if (!out || !written)
        return heapy__fail_null(err, "out or written");
    *written = 0;
    if (!words || !count)
        return HEAPY_OK;
    int64_t lowest = heapy_bit_word_lowest(words[0]), highest = heapy_bit_word_highest(words[count - 1]), sum;
    if (__builtin_add_overflow(lowest, by, &sum) || __builtin_add_overflow(highest, by, &sum))
        return heapy__fail(err, HEAPY_LIMIT, "a bit shifted by %lld would leave the range of 64 bits",
                           (long long)by);
    int64_t positions = heapy_bit_position(by);
    unsigned bits = (unsigned)(by & 63);
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t position = (uint64_t)words[i].position + (uint64_t)positions;
        n = append(out, n, (int64_t)position, words[i].bits << bits);
        if (bits)
            n = append(out, n, (int64_t)(position + 1), words[i].bits >> (64 - bits));
    }
    *written = n;
    return HEAPY_OK;
}

/* ---- ranges ---- */

/* Members of a range that is not empty. */
static uint64_t
range_length(int64_t start, int64_t stop, int64_t step)
{
    return ((uint64_t)stop - 1 - (uint64_t)start) / (uint64_t)step + 1;
}

size_t
heapy_bit_range_room(int64_t start, int64_t stop, int64_t step)
{
    if (start >= stop || step <= 0)
        return 0;
    uint64_t length = range_length(start, stop, step);
    uint64_t spanned = (uint64_t)(heapy_bit_position(stop - 1) - heapy_bit_position(start)) + 1;
    return (size_t)(length < spanned ? length : spanned);
}

/* The bits offset, offset + step, ... of a word. */
static uint64_t
comb(unsigned offset, unsigned step)
{
    uint64_t bits = 0;
    for (unsigned i = offset; i < 64; i += step)
        bits |= UINT64_C(1) << i;
    return bits;
}

/* The words between the first and the last repeat one of `step` combs. */
static size_t
narrow_range(int64_t start, int64_t last, unsigned step, heapy_bit_word *out)
{
    uint64_t combs[64];
    for (unsigned offset = 0; offset < step; offset++)
        combs[offset] = comb(offset, step);
    int64_t position = heapy_bit_position(start), end = heapy_bit_position(last);
    unsigned offset = (unsigned)(start & 63);
    size_t n = 0;
    uint64_t bits = comb(offset, step);
    for (;; position++) {
        if (position == end && (last & 63) != 63)
            bits &= (UINT64_C(2) << (last & 63)) - 1;
        out[n] = (heapy_bit_word){position, bits};
        n += bits != 0;
        if (position == end)
            return n;
        /* Where in the next word the first bit lies: 64 bits on, the same place in the step. */
        offset = (offset + step - 64 % step) % step;
        bits = combs[offset];
    }
}

size_t
heapy_bit_range(int64_t start, int64_t stop, int64_t step, heapy_bit_word *out)
{
    if (start >= stop || step <= 0 || !out)
        return 0;
    uint64_t length = range_length(start, stop, step);
    int64_t last = (int64_t)((uint64_t)start + (length - 1) * (uint64_t)step);
    if (step <= 64)
        return narrow_range(start, last, (unsigned)step, out);
    size_t n = 0;
    for (uint64_t i = 0; i < length; i++) {
        int64_t bit = (int64_t)((uint64_t)start + i * (uint64_t)step);
        n = append(out, n, heapy_bit_position(bit), heapy_bit_mask(bit));
    }
    return n;
}

/* ---- the rest ---- */

uint64_t
heapy_bit_words_hash(const heapy_bit_word *words, size_t count)
{
    uint64_t hash = UINT64_C(0x243f6a8885a308d3);
    for (size_t i = 0; words && i < count; i++) {
        hash = (hash ^ (uint64_t)words[i].position) * UINT64_C(0x9e3779b97f4a7c15);
        hash = (hash ^ hash >> 32 ^ words[i].bits) * UINT64_C(0x9e3779b97f4a7c15);
    }
    return hash ^ hash >> 29;
}

/* Are they in order, and none without bits?  Without early ends, which would cost more than they save. */
static bool
are_in_order(const heapy_bit_word *words, size_t count)
{
    uint64_t are_wrong = !words[0].bits;
    for (size_t i = 1; i < count; i++)
        are_wrong |= (uint64_t)(words[i - 1].position >= words[i].position) | !words[i].bits;
    return !are_wrong;
}

heapy_status
heapy_bit_words_check(const heapy_bit_word *words, size_t count, heapy_error *err)
{
    if (!words || !count)
        return HEAPY_OK;
    if (are_in_order(words, count) && words[0].position >= heapy_bit_position(INT64_MIN) &&
        words[count - 1].position <= heapy_bit_position(INT64_MAX))
        return HEAPY_OK;
    for (size_t i = 0; i < count; i++) {
        if (!words[i].bits)
            return heapy__fail(err, HEAPY_INVALID, "word %zu has no bits", i);
        if (words[i].position > heapy_bit_position(INT64_MAX) ||
            words[i].position < heapy_bit_position(INT64_MIN))
            return heapy__fail(err, HEAPY_INVALID, "word %zu has position %lld, out of range", i,
                               (long long)words[i].position);
        if (i && words[i - 1].position >= words[i].position)
            return heapy__fail(err, HEAPY_INVALID, "word %zu does not come after the one before it", i);
    }
    return HEAPY_OK;
}
