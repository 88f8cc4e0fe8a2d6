/* SPDX-License-Identifier: MIT */
/*
 * Sets of integers that change.
 *
 *     chunks   | first position 0, 256 words | first 256, 97 words | first 10^9, 1 word | ...
 *
 * A word is found by two binary searches, and put in by moving at most a chunk; a full chunk is split, but
 * one that is full at the end of the set is left full, so that ascending bits fill their chunks.  No chunk is
 * empty.
 */
#include <string.h>

#include "../base/fail.h"
#include "heapy/bit_set.h"
#include "heapy/memory.h"

enum { CHUNK_WORDS = 256, FIRST_WORDS = 4 };

typedef struct bit_chunk {
    int64_t first; /* position of its first word */
    heapy_bit_word *words;
    uint32_t count, capacity;
} bit_chunk;

struct heapy_bit_set {
    bit_chunk *chunks;
    size_t chunk_count, chunk_capacity;
    size_t word_count;
    uint64_t length;   /* bits */
    size_t last_chunk; /* where a bit was added last: the next one is often near */
    uint32_t last_word;
};

void
heapy_bit_set_clear(heapy_bit_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->chunk_count; i++)
        heapy_free(set->chunks[i].words);
    heapy_free(set->chunks);
    *set = (heapy_bit_set){0};
}

void
heapy_bit_set_destroy(heapy_bit_set *set)
{
    if (!set)
        return;
    heapy_bit_set_clear(set);
    heapy_free(set);
}

/* Make room for a chunk before number `at`. */
static bool
insert_chunk(heapy_bit_set *set, size_t at, size_t capacity)
{
    heapy_bit_word *words = heapy_alloc_array(capacity, sizeof *words);
    bit_chunk *chunks =
        words ? heapy_grow(set->chunks, set->chunk_count, &set->chunk_capacity, sizeof *chunks) : NULL;
    if (!chunks) {
        heapy_free(words);
        return false;
    }
    set->chunks = chunks;
    memmove(chunks + at + 1, chunks + at, (set->chunk_count - at) * sizeof *chunks);
    chunks[at] = (bit_chunk){.words = words, .capacity = (uint32_t)capacity};
    set->chunk_count++;
    return true;
}

static bool
append_words(heapy_bit_set *set, const heapy_bit_word *words, size_t count)
{
    for (size_t i = 0; i < count; i += CHUNK_WORDS) {
        size_t n = count - i < CHUNK_WORDS ? count - i : CHUNK_WORDS;
        if (!insert_chunk(set, set->chunk_count, n))
            return false;
        bit_chunk *chunk = &set->chunks[set->chunk_count - 1];
        memcpy(chunk->words, words + i, n * sizeof *words);
        chunk->first = words[i].position;
        chunk->count = (uint32_t)n;
        set->word_count += n;
    }
    set->length += heapy_bit_words_length(words, count);
    return true;
}

/* Make a set of what is known to be an array of words. */
static heapy_status
create(const heapy_bit_word *words, size_t count, heapy_bit_set **out, heapy_error *err)
{
    heapy_bit_set *set = heapy_alloc_zeroed(1, sizeof *set);
    if (!set || !append_words(set, words, count)) {
        heapy_bit_set_destroy(set);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a set of %zu words", count);
    }
    *out = set;
    return HEAPY_OK;
}

heapy_status
heapy_bit_set_create(const heapy_bit_word *words, size_t count, heapy_bit_set **out, heapy_error *err)
{
    if (!out)
        return heapy__fail_null(err, "out");
    heapy_status status = heapy_bit_words_check(words, count, err);
    return status ? status : create(words, words ? count : 0, out, err);
}

/* ---- finding ---- */

/* The chunk in which a position is or would be: the last that begins at or before it, or the first. */
static size_t
find_chunk(const heapy_bit_set *set, int64_t position)
{
    size_t count = set->chunk_count, first = 0;
    if (count && set->chunks[count - 1].first <= position)
        return count - 1; /* bits often ascend */
    while (count > 1) {   /* without branches: half of them would be guessed wrong */
        size_t half = count / 2;
        first = set->chunks[first + half].first <= position ? first + half : first;
        count -= half;
    }
    return first;
}

static uint32_t
find_word(const bit_chunk *chunk, int64_t position)
{
    return (uint32_t)heapy_bit_words_find(chunk->words, chunk->count, position);
}

bool
heapy_bit_set_contains(const heapy_bit_set *set, int64_t bit)
{
    if (!set || !set->chunk_count)
        return false;
    const bit_chunk *chunk = &set->chunks[find_chunk(set, heapy_bit_position(bit))];
    return heapy_bit_words_contain(chunk->words, chunk->count, bit);
}

/* ---- changing ---- */

/* The upper half of a full chunk becomes one of its own. */
static bool
split_chunk(heapy_bit_set *set, size_t at)
{
    enum { HALF = CHUNK_WORDS / 2 };
    if (!insert_chunk(set, at + 1, CHUNK_WORDS))
        return false;
    bit_chunk *lower = &set->chunks[at], *upper = lower + 1;
    memcpy(upper->words, lower->words + HALF, HALF * sizeof *upper->words);
    upper->first = upper->words[0].position;
    upper->count = HALF;
    lower->count = HALF;
    return true;
}

static bool
widen_chunk(bit_chunk *chunk)
{
    uint32_t wanted = chunk->capacity < FIRST_WORDS ? FIRST_WORDS : 2 * chunk->capacity;
    if (wanted > CHUNK_WORDS)
        wanted = CHUNK_WORDS;
    heapy_bit_word *words = heapy_realloc_array(chunk->words, wanted, sizeof *words);
    if (!words)
        return false;
    chunk->words = words;
    chunk->capacity = wanted;
    return true;
}

/* Put a word in at a position where there is none.  False: no memory, and nothing is changed. */
static bool
insert_word(heapy_bit_set *set, size_t at, heapy_bit_word word)
{
    if (!set->chunk_count && !insert_chunk(set, 0, FIRST_WORDS))
        return false;
    if (set->chunks[at].count == CHUNK_WORDS) {
        const bit_chunk *full = &set->chunks[at];
        if (at + 1 == set->chunk_count && full->words[CHUNK_WORDS - 1].position < word.position) {
            if (!insert_chunk(set, ++at, FIRST_WORDS))
                return false;
        } else {
            if (!split_chunk(set, at))
                return false;
            at += set->chunks[at + 1].first <= word.position;
        }
    }
    bit_chunk *chunk = &set->chunks[at];
    if (chunk->count == chunk->capacity && !widen_chunk(chunk))
        return false;
    uint32_t i = find_word(chunk, word.position);
    memmove(chunk->words + i + 1, chunk->words + i, (chunk->count - i) * sizeof *chunk->words);
    chunk->words[i] = word;
    chunk->first = chunk->words[0].position;
    chunk->count++;
    set->word_count++;
    return true;
}

static void
remove_word(heapy_bit_set *set, size_t at, uint32_t i)
{
    bit_chunk *chunk = &set->chunks[at];
    chunk->count--;
    set->word_count--;
    memmove(chunk->words + i, chunk->words + i + 1, (chunk->count - i) * sizeof *chunk->words);
    if (chunk->count) {
        chunk->first = chunk->words[0].position;
        return;
    }
    heapy_free(chunk->words);
    set->chunk_count--;
    memmove(set->chunks + at, set->chunks + at + 1, (set->chunk_count - at) * sizeof *set->chunks);
}

/* The word that was found last, if it is the one at a position; else NULL. */
static heapy_bit_word *
find_last(const heapy_bit_set *set, int64_t position)
{
    if (set->last_chunk >= set->chunk_count || set->last_word >= set->chunks[set->last_chunk].count)
        return NULL;
    heapy_bit_word *word = &set->chunks[set->last_chunk].words[set->last_word];
    if (word->position != position)
        return NULL;
    return word;
}

/* The word at a position, or NULL; *at, *i: where it is or would be. */
static heapy_bit_word *
find(const heapy_bit_set *set, int64_t position, size_t *at, uint32_t *i)
{
    *at = 0;
    *i = 0;
    if (!set->chunk_count)
        return NULL;
    *at = find_chunk(set, position);
    bit_chunk *chunk = &set->chunks[*at];
    *i = find_word(chunk, position);
    if (*i < chunk->count && chunk->words[*i].position == position)
        return &chunk->words[*i];
    return NULL;
}

heapy_status
heapy_bit_set_add(heapy_bit_set *set, int64_t bit, bool *is_new, heapy_error *err)
{
    if (!set)
        return heapy__fail_null(err, "set");
    size_t at = 0;
    uint32_t i = 0;
    uint64_t mask = heapy_bit_mask(bit);
    heapy_bit_word *word = find_last(set, heapy_bit_position(bit));
    if (!word && (word = find(set, heapy_bit_position(bit), &at, &i))) {
        set->last_chunk = at;
        set->last_word = i;
    }
    bool is_there = word && word->bits & mask;
    if (is_new)
        *is_new = !is_there;
    if (word)
        word->bits |= mask;
    else if (!insert_word(set, at, (heapy_bit_word){heapy_bit_position(bit), mask}))
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to add to a set of %zu words", set->word_count);
    set->length += !is_there;
    return HEAPY_OK;
}

bool
heapy_bit_set_remove(heapy_bit_set *set, int64_t bit)
{
    if (!set)
        return false;
    size_t at;
    uint32_t i;
    uint64_t mask = heapy_bit_mask(bit);
    heapy_bit_word *word = find(set, heapy_bit_position(bit), &at, &i);
    if (!word || !(word->bits & mask))
        return false;
    word->bits &= ~mask;
    set->length--;
    if (!word->bits)
        remove_word(set, at, i);
    return true;
}

/* Combine one word of `set` with `other`; not for intersections. */
static bool
combine_word(heapy_bit_set *set, heapy_bit_word other, heapy_set_operation operation)
{
    size_t at;
    uint32_t i;
    heapy_bit_word *word = find(set, other.position, &at, &i);
    if (!word) {
        bool is_done = operation == HEAPY_DIFFERENCE || insert_word(set, at, other);
        if (is_done && operation != HEAPY_DIFFERENCE)
            set->length += heapy_popcount(other.bits);
        return is_done;
    }
    set->length -= heapy_popcount(word->bits);
    if (operation == HEAPY_UNION)
        word->bits |= other.bits;
    else if (operation == HEAPY_DIFFERENCE)
        word->bits &= ~other.bits;
    else
        word->bits ^= other.bits;
    set->length += heapy_popcount(word->bits);
    if (!word->bits)
        remove_word(set, at, i);
    return true;
}

heapy_status
heapy_bit_set_combine(heapy_bit_set *set, const heapy_bit_word *words, size_t count,
                      heapy_set_operation operation, heapy_error *err)
{
    if (!set)
        return heapy__fail_null(err, "set");
    if ((unsigned)operation > HEAPY_SYMMETRIC_DIFFERENCE)
        return heapy__fail_operation(err, operation);
    count = words ? count : 0;
    enum { FEW = 16 }; /* times as many words are merged as looked up in the same time */
    if (operation != HEAPY_INTERSECTION && count < set->word_count / FEW + 2) {
        for (size_t i = 0; i < count; i++)
            if (!combine_word(set, words[i], operation))
                return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to combine %zu words", count);
        return HEAPY_OK;
    }
    heapy_bit_word *own = heapy_alloc_array(set->word_count, sizeof *own), *both = NULL;
    if (own) {
        heapy_bit_set_read(set, own);
        both = heapy_alloc_array(heapy_bit_words_room(own, set->word_count, words, count, operation),
                                 sizeof *both);
    }
    heapy_bit_set *made = NULL;
    heapy_status status = HEAPY_OK;
    if (!both) {
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to combine %zu words", count);
    } else {
        size_t n = heapy_bit_words_combine(own, set->word_count, words, count, operation, both);
        status = create(both, n, &made, err);
    }
    heapy_free(own);
    heapy_free(both);
    if (status)
        return status;
    heapy_bit_set_clear(set);
    *set = *made;
    heapy_free(made);
    return HEAPY_OK;
}

/* ---- reading ---- */

size_t
heapy_bit_set_word_count(const heapy_bit_set *set)
{
    return set ? set->word_count : 0;
}

uint64_t
heapy_bit_set_length(const heapy_bit_set *set)
{
    return set ? set->length : 0;
}

void
heapy_bit_set_read(const heapy_bit_set *set, heapy_bit_word *out)
{
    for (size_t i = 0; set && out && i < set->chunk_count; i++) {
        memcpy(out, set->chunks[i].words, set->chunks[i].count * sizeof *out);
        out += set->chunks[i].count;
    }
}

void
heapy_bit_iterator_init(heapy_bit_iterator *iterator, const heapy_bit_set *set)
{
    if (iterator)
        *iterator = (heapy_bit_iterator){.set = set};
}

bool
heapy_bit_iterator_next(heapy_bit_iterator *iterator, int64_t *bit)
{
    if (!iterator || !iterator->set || !bit)
        return false;
    const heapy_bit_set *set = iterator->set;
    while (!iterator->left.bits) {
        if (iterator->chunk >= set->chunk_count)
            return false;
        const bit_chunk *chunk = &set->chunks[iterator->chunk];
        if (iterator->word >= chunk->count) {
            iterator->chunk++;
            iterator->word = 0;
            continue;
        }
        iterator->left = chunk->words[iterator->word++];
    }
    *bit = heapy_bit_word_lowest(iterator->left);
    iterator->left.bits &= iterator->left.bits - 1;
    return true;
}

bool
heapy_bit_set_extremes(const heapy_bit_set *set, int64_t *lowest, int64_t *highest)
{
    if (!set || !lowest || !highest || !set->chunk_count)
        return false;
    const bit_chunk *last = &set->chunks[set->chunk_count - 1];
    *lowest = heapy_bit_word_lowest(set->chunks[0].words[0]);
    *highest = heapy_bit_word_highest(last->words[last->count - 1]);
    return true;
}

size_t
heapy_bit_set_bytes(const heapy_bit_set *set)
{
    if (!set)
        return 0;
    size_t bytes = sizeof *set + set->chunk_capacity * sizeof *set->chunks;
    for (size_t i = 0; i < set->chunk_count; i++)
        bytes += set->chunks[i].capacity * sizeof *set->chunks[i].words;
    return bytes;
}
