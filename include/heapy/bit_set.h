/* SPDX-License-Identifier: MIT */
/*
 * Sets of 64-bit signed integers, called bits.
 *
 *     bit -130 .. -129 | ...            | bit 0 .. 63       | bit 64 ..
 *     word position -3 | -2   | -1      | 0                 | 1
 *
 * A set is what its words that are not empty hold: an array of (position, bits), by position.  Dense runs
 * cost a bit each, scattered members 16 bytes, and the span between them nothing.  Sets that never change are
 * plain arrays, combined by merging; heapy_bit_set is one that does, in chunks of at most 256 words, so that
 * a change moves no more than a chunk.
 *
 * An array "of words" is sorted by position, has each position once, and no word whose bits are 0; NULL is
 * one of no words, whatever its count.  heapy_bit_words_check tells whether an array is one.  Of an array
 * that is not, the answers mean nothing, but they fit the room that is asked for.
 */
#ifndef HEAPY_BIT_SET_H
#define HEAPY_BIT_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapy/address_map.h" /* heapy_set_operation */
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { HEAPY_BIT_WORDS_NEAR = 256 }; /* words that a search finds in the cache */

typedef struct heapy_bit_word {
    int64_t position; /* holds the bits 64 * position .. 64 * position + 63 */
    uint64_t bits;
} heapy_bit_word;

static inline int64_t
heapy_bit_position(int64_t bit)
{
    return bit >> 6; /* rounds down, as every compiler we know does */
}

static inline uint64_t
heapy_bit_mask(int64_t bit)
{
    return UINT64_C(1) << (bit & 63);
}

/* The lowest and highest bit of a word; of one without bits the first and the last it could hold. */
static inline int64_t
heapy_bit_word_lowest(heapy_bit_word word)
{
    return (int64_t)((uint64_t)word.position << 6 | (word.bits ? (uint64_t)__builtin_ctzll(word.bits) : 0));
}

static inline int64_t
heapy_bit_word_highest(heapy_bit_word word)
{
    return (int64_t)((uint64_t)word.position << 6 |
                     (uint64_t)(63 - (word.bits ? __builtin_clzll(word.bits) : 0)));
}

/* ---- arrays of words ---- */

/* Number of bits.  O(count). */
HEAPY_API uint64_t heapy_bit_words_length(const heapy_bit_word *words, size_t count);

/* The number of the first word at or after a position; count if there is none.  O(1) in a run, else O(log
 * count). */
static inline size_t
heapy_bit_words_find(const heapy_bit_word *words, size_t count, int64_t position)
{
    if (!words || !count || position <= words[0].position)
        return 0;
    uint64_t guess = (uint64_t)position - (uint64_t)words[0].position; /* right where all words are there */
    if (guess < count && words[guess].position == position)
        return (size_t)guess;
    if (words[count - 1].position < position)
        return count;
    size_t first = 0, end = count;
    while (end - first >
           HEAPY_BIT_WORDS_NEAR) { /* with branches: a right guess has fetched the next word already */
        size_t middle = first + (end - first) / 2;
        if (words[middle].position < position)
            first = middle + 1;
        else
            end = middle;
    }
    for (size_t left = end - first; left > 1;) { /* without: in the cache a wrong guess costs more */
        size_t half = left / 2;
        first += words[first + half - 1].position < position ? half : 0;
        left -= half;
    }
    return first + (words[first].position < position);
}

/* The same cost. */
HEAPY_API bool heapy_bit_words_contain(const heapy_bit_word *words, size_t count, int64_t bit);

/* Words that the result of an operation has at most.  Unions are counted in O(a_count + b_count). */
HEAPY_API size_t heapy_bit_words_room(const heapy_bit_word *a, size_t a_count, const heapy_bit_word *b,
                                      size_t b_count, heapy_set_operation operation);

/* a OPERATION b into `out`, which has that room and overlaps neither; the number of words written.
   O(a_count + b_count). */
HEAPY_API size_t heapy_bit_words_combine(const heapy_bit_word *a, size_t a_count, const heapy_bit_word *b,
                                         size_t b_count, heapy_set_operation operation, heapy_bit_word *out);

HEAPY_API bool heapy_bit_words_equal(const heapy_bit_word *a, size_t a_count, const heapy_bit_word *b,
                                     size_t b_count);
/* Is all of a in b? */
HEAPY_API bool heapy_bit_words_is_subset(const heapy_bit_word *a, size_t a_count, const heapy_bit_word *b,
                                         size_t b_count);
HEAPY_API bool heapy_bit_words_is_disjoint(const heapy_bit_word *a, size_t a_count, const heapy_bit_word *b,
                                           size_t b_count);

/*
 * Every bit plus `by`, into `out`, which has room for 2 * count words; *written of them are used.
 * HEAPY_LIMIT: one would leave the range of int64_t.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_bit_words_shift(const heapy_bit_word *words, size_t count,
                                                              int64_t by, heapy_bit_word *out,
                                                              size_t *written, heapy_error *err);

/* The words that start, start + step, ... below stop take up; 0 unless step > 0.  O(1). */
HEAPY_API size_t heapy_bit_range_room(int64_t start, int64_t stop, int64_t step);

/* Write them; `out` has that room.  The number written.  O(words). */
HEAPY_API size_t heapy_bit_range(int64_t start, int64_t stop, int64_t step, heapy_bit_word *out);

/* A number that depends on the bits alone.  O(count). */
HEAPY_API uint64_t heapy_bit_words_hash(const heapy_bit_word *words, size_t count);

/* HEAPY_INVALID names what keeps this from being an array of words. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_bit_words_check(const heapy_bit_word *words, size_t count,
                                                              heapy_error *err);

/* ---- sets that change ---- */

typedef struct heapy_bit_set heapy_bit_set;

/* The set with the bits of `words`, which is copied.  HEAPY_INVALID: it is no array of words.  out: owned,
   heapy_bit_set_destroy().  O(count). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_bit_set_create(const heapy_bit_word *words, size_t count,
                                                             heapy_bit_set **out, heapy_error *err);
HEAPY_API void heapy_bit_set_destroy(heapy_bit_set *set); /* NULL does nothing */

/* O(log words); O(1) amortized for bits that ascend. */
HEAPY_API bool heapy_bit_set_contains(const heapy_bit_set *set, int64_t bit);

/* Add a bit; *is_new: it was not there (may be NULL).  O(log words). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_bit_set_add(heapy_bit_set *set, int64_t bit, bool *is_new,
                                                          heapy_error *err);

/* Take a bit out; true if it was there.  O(log words). */
HEAPY_API bool heapy_bit_set_remove(heapy_bit_set *set, int64_t bit);

HEAPY_API void heapy_bit_set_clear(heapy_bit_set *set);

/*
 * set = set OPERATION words, word by word where `words` is short.  HEAPY_NO_MEMORY leaves the words before
 * the one that failed combined.  O(count log words of the set), for an intersection O(words of the set +
 * count).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_bit_set_combine(heapy_bit_set *set, const heapy_bit_word *words,
                                                              size_t count, heapy_set_operation operation,
                                                              heapy_error *err);

/* Numbers of words and of bits.  O(1). */
HEAPY_API size_t heapy_bit_set_word_count(const heapy_bit_set *set);
HEAPY_API uint64_t heapy_bit_set_length(const heapy_bit_set *set);

/* Write all words; `out` has room for their number. */
HEAPY_API void heapy_bit_set_read(const heapy_bit_set *set, heapy_bit_word *out);

/* Walks a set that does not change meanwhile, in ascending order.  If it does change, bits may be missed or
   come again. */
typedef struct heapy_bit_iterator {
    const heapy_bit_set *set;
    size_t chunk;
    uint32_t word;
    heapy_bit_word left; /* of the word before: the bits not yet given */
} heapy_bit_iterator;

HEAPY_API void heapy_bit_iterator_init(heapy_bit_iterator *iterator, const heapy_bit_set *set);
HEAPY_API bool heapy_bit_iterator_next(heapy_bit_iterator *iterator, int64_t *bit); /* false: at the end */

/* The lowest and highest bit; false when the set is empty. */
HEAPY_API bool heapy_bit_set_extremes(const heapy_bit_set *set, int64_t *lowest, int64_t *highest);

/* Bytes of memory it owns. */
HEAPY_API size_t heapy_bit_set_bytes(const heapy_bit_set *set);

#ifdef __cplusplus
}
#endif

#endif
