/* SPDX-License-Identifier: MIT */
/* Node sets: one bitmap over 0 .. range-1; bits past range are always 0. */
#include "heapy/node_set.h"

#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "heapy/memory.h"
#include "node_set_internal.h"

struct heapy_node_set {
    size_t range;
    uint64_t words[];
};

heapy_status
heapy_node_set_create(size_t range, heapy_node_set **out, heapy_error *err)
{
    if (!out)
        return heapy__fail_null(err, "out");
    if (range >= HEAPY_NO_NODE)
        return heapy__fail(err, HEAPY_LIMIT, "%zu nodes are more than the 2^32 - 1 a graph can number",
                           range);
    size_t words = heapy__bitmap_words(range);
    heapy_node_set *set = heapy_alloc_zeroed(1, sizeof *set + words * sizeof set->words[0]);
    if (!set)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a set over %zu nodes", range);
    set->range = range;
    *out = set;
    return HEAPY_OK;
}

void
heapy_node_set_destroy(heapy_node_set *set)
{
    heapy_free(set);
}

size_t
heapy_node_set_range(const heapy_node_set *set)
{
    return set ? set->range : 0;
}

size_t
heapy_node_set_count(const heapy_node_set *set)
{
    if (!set)
        return 0;
    return heapy__bitmap_count(set->words, set->range);
}

bool
heapy_node_set_add(heapy_node_set *set, heapy_node node)
{
    if (!set || node >= set->range)
        return false;
    bool is_new = !heapy__bitmap_get(set->words, node);
    heapy__bitmap_set(set->words, node);
    return is_new;
}

bool
heapy_node_set_remove(heapy_node_set *set, heapy_node node)
{
    if (!set || node >= set->range)
        return false;
    bool was_there = heapy__bitmap_get(set->words, node);
    heapy__bitmap_clear(set->words, node);
    return was_there;
}

bool
heapy_node_set_contains(const heapy_node_set *set, heapy_node node)
{
    return set && node < set->range && heapy__bitmap_get(set->words, node);
}

heapy_node
heapy_node_set_next(const heapy_node_set *set, heapy_node node)
{
    if (!set)
        return HEAPY_NO_NODE;
    size_t next = heapy__bitmap_next(set->words, set->range, node);
    return next < set->range ? (heapy_node)next : HEAPY_NO_NODE;
}

uint64_t *
heapy__node_set_words(heapy_node_set *set)
{
    return set->words;
}

const uint64_t *
heapy_node_set_words(const heapy_node_set *set)
{
    if (!set)
        return NULL;
    return set->words;
}

heapy_status
heapy__node_set_fits(const heapy_node_set *set, size_t node_count, const char *what, heapy_error *err)
{
    if (!set || set->range == node_count)
        return HEAPY_OK;
    return heapy__fail(err, HEAPY_INVALID, "%s: the set is over %zu nodes, the graph has %zu", what,
                       set->range, node_count);
}

heapy_status
heapy_node_set_combine(heapy_node_set *set, const heapy_node_set *other, heapy_set_operation operation,
                       heapy_error *err)
{
    if (!set || !other)
        return heapy__fail_null(err, "set or other");
    if (set->range != other->range)
        return heapy__fail(err, HEAPY_INVALID, "sets over %zu and %zu nodes are of different graphs",
                           set->range, other->range);
    size_t words = heapy__bitmap_words(set->range);
    uint64_t *a = set->words;
    const uint64_t *b = other->words;
    switch (operation) {
    case HEAPY_UNION:
        for (size_t w = 0; w < words; w++)
            a[w] |= b[w];
        break;
    case HEAPY_INTERSECTION:
        for (size_t w = 0; w < words; w++)
            a[w] &= b[w];
        break;
    case HEAPY_DIFFERENCE:
        for (size_t w = 0; w < words; w++)
            a[w] &= ~b[w];
        break;
    case HEAPY_SYMMETRIC_DIFFERENCE:
        for (size_t w = 0; w < words; w++)
            a[w] ^= b[w];
        break;
    default:
        return heapy__fail_operation(err, operation);
    }
    return HEAPY_OK;
}

void
heapy_node_set_complement(heapy_node_set *set)
{
    if (!set)
        return;
    size_t words = heapy__bitmap_words(set->range);
    for (size_t w = 0; w < words; w++)
        set->words[w] = ~set->words[w];
    if (set->range & 63)
        set->words[words - 1] &= (UINT64_C(1) << (set->range & 63)) - 1;
}

bool
heapy_node_set_equal(const heapy_node_set *a, const heapy_node_set *b)
{
    return a && b && a->range == b->range &&
           !memcmp(a->words, b->words, heapy__bitmap_words(a->range) * sizeof a->words[0]);
}

bool
heapy_node_set_is_subset(const heapy_node_set *a, const heapy_node_set *b)
{
    if (!a || !b || a->range != b->range)
        return false;
    for (size_t w = 0; w < heapy__bitmap_words(a->range); w++)
        if (a->words[w] & ~b->words[w])
            return false;
    return true;
}

heapy_status
heapy_node_set_check(const heapy_node_set *set, heapy_error *err)
{
    if (!set)
        return heapy__fail_null(err, "set");
    if (set->range & 63 && set->words[set->range >> 6] >> (set->range & 63))
        return heapy__fail(err, HEAPY_INVALID, "a bit past the %zu nodes of a set is set", set->range);
    return HEAPY_OK;
}
