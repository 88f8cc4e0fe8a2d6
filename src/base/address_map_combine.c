/* SPDX-License-Identifier: MIT */
/*
 * Sets of addresses combined: unions and the like of two maps, and some of one.
 *
 * Each region of either operand is expanded into two bitmaps (8 KiB each), words are combined, and the result
 * is stored in whichever form is smaller, so four forms need one loop.
 */
#include "heapy/address_map.h"

#include <assert.h>
#include <string.h>

#include "address_regions.h"
#include "bitmap.h"
#include "fail.h"
#include "heapy/memory.h"

typedef struct region_bits {
    uint64_t bits[HEAPY_REGION_WORDS];
    uint64_t odd[HEAPY_REGION_WORDS];
} region_bits;

static void
expand(const heapy_region *region, region_bits *into)
{
    if (region && region->bits) {
        memcpy(into->bits, region->bits, sizeof into->bits);
        if (region->odd)
            memcpy(into->odd, region->odd, sizeof into->odd);
        else
            memset(into->odd, 0, sizeof into->odd);
        return;
    }
    memset(into, 0, sizeof *into);
    for (uint32_t i = 0; region && i < region->count; i++) {
        unsigned granule = region->units[i] >> 1;
        into->bits[granule >> 6] |= UINT64_C(1) << (granule & 63);
        into->odd[granule >> 6] |= (uint64_t)(region->units[i] & 1) << (granule & 63);
    }
}

/* Append the region `number` with these bits to `map`, unless it would be empty.  False: no memory. */
static bool
append_region(heapy_address_map *map, uintptr_t number, const region_bits *content)
{
    uint32_t count = 0;
    uint64_t any_odd = 0;
    for (unsigned w = 0; w < HEAPY_REGION_WORDS; w++) {
        count += heapy_popcount(content->bits[w]);
        any_odd |= content->odd[w];
    }
    if (!count)
        return true;
    heapy_region *region = heapy__region_create(number);
    if (!region)
        return false;
    region->count = count;
    region->bits = heapy_alloc_array(HEAPY_REGION_WORDS, sizeof *region->bits);
    if (region->bits)
        memcpy(region->bits, content->bits, sizeof content->bits);
    if (any_odd) {
        region->odd = heapy_alloc_array(HEAPY_REGION_WORDS, sizeof *region->odd);
        if (region->odd)
            memcpy(region->odd, content->odd, sizeof content->odd);
    }
    if (!region->bits || (any_odd && !region->odd) || !heapy__region_settle(region) ||
        !heapy__address_map_adopt(map, region)) {
        heapy__region_destroy(region);
        return false;
    }
    map->count += count;
    return true;
}

static void
combine_bits(region_bits *a, const region_bits *b, heapy_set_operation operation)
{
    for (unsigned w = 0; w < HEAPY_REGION_WORDS; w++) {
        uint64_t x = a->bits[w], y = b->bits[w];
        uint64_t odd = a->odd[w] | b->odd[w]; /* one live object a granule: the two agree */
        switch (operation) {
        case HEAPY_UNION:
            a->bits[w] = x | y;
            break;
        case HEAPY_INTERSECTION:
            a->bits[w] = x & y;
            break;
        case HEAPY_DIFFERENCE:
            a->bits[w] = x & ~y;
            break;
        case HEAPY_SYMMETRIC_DIFFERENCE:
            a->bits[w] = x ^ y;
            break;
        }
        a->odd[w] = odd & a->bits[w];
    }
}

/* Have both regions the same addresses? */
static bool
same_region(const heapy_region *a, const heapy_region *b)
{
    if (a->count != b->count || !a->bits != !b->bits || !a->odd != !b->odd)
        return false;
    if (!a->bits)
        return !memcmp(a->units, b->units, a->count * sizeof *a->units);
    return !memcmp(a->bits, b->bits, HEAPY_REGION_WORDS * sizeof *a->bits) &&
           (!a->odd || !memcmp(a->odd, b->odd, HEAPY_REGION_WORDS * sizeof *a->odd));
}

/* Is it clear without looking at bits that nothing of the region is in the result?  Sets of two moments of
   one heap have most regions in common. */
static bool
leaves_nothing(const heapy_region *left, const heapy_region *right, heapy_set_operation operation)
{
    switch (operation) {
    case HEAPY_UNION:
        break;
    case HEAPY_INTERSECTION:
        return !left || !right;
    case HEAPY_DIFFERENCE:
        return !left || (right && same_region(left, right));
    case HEAPY_SYMMETRIC_DIFFERENCE:
        return left && right && same_region(left, right);
    }
    return false;
}

heapy_status
heapy_address_map_combine(const heapy_address_map *a, const heapy_address_map *b,
                          heapy_set_operation operation, heapy_address_map **out, heapy_error *err)
{
    if (!a || !b || !out)
        return heapy__fail_null(err, "a, b or out");
    if (!a->frozen || !b->frozen)
        return heapy__fail(err, HEAPY_INVALID, "only frozen address maps can be combined: freeze them first");
    if ((unsigned)operation > HEAPY_SYMMETRIC_DIFFERENCE)
        return heapy__fail_operation(err, operation);
    heapy_address_map *map = NULL;
    region_bits *work = heapy_alloc_array(2, sizeof *work);
    heapy_status status;
    if (work)
        status = heapy_address_map_create(&map, err);
    else
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to combine two sets");
    size_t i = 0, j = 0;
    while (!status && (i < a->region_count || j < b->region_count)) {
        const heapy_region *left = NULL;
        if (i < a->region_count)
            left = a->regions[i];
        const heapy_region *right = NULL;
        if (j < b->region_count)
            right = b->regions[j];
        assert(left || right);
        uintptr_t number = !right || (left && left->number < right->number) ? left->number : right->number;
        if (left && left->number != number)
            left = NULL;
        if (right && right->number != number)
            right = NULL;
        i += left != NULL;
        j += right != NULL;
        if (leaves_nothing(left, right, operation))
            continue;
        expand(left, &work[0]);
        expand(right, &work[1]);
        combine_bits(&work[0], &work[1], operation);
        if (!append_region(map, number, &work[0]))
            status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to combine sets of %zu and %zu objects",
                                 a->count, b->count);
    }
    if (!status)
        status = heapy_address_map_freeze(map, err);
    heapy_free(work);
    if (status)
        heapy_address_map_destroy(map);
    else
        *out = map;
    return status;
}

/* Keep, of the `count` set bits of `word`, those whose number is set in `kept`. */
static uint64_t
keep_bits(uint64_t word, unsigned count, uint64_t kept)
{
    if (!kept || kept == (count < 64 ? (UINT64_C(1) << count) - 1 : UINT64_MAX))
        return kept ? word : 0;
    uint64_t left = 0;
    for (; kept; word &= word - 1, kept >>= 1)
        left |= word & -word & -(kept & 1);
    return left;
}

heapy_status
heapy_address_map_subset(const heapy_address_map *map, const uint64_t *kept, heapy_address_map **out,
                         heapy_error *err)
{
    if (!map || !kept || !out)
        return heapy__fail_null(err, "map, kept or out");
    if (!map->frozen)
        return heapy__fail(err, HEAPY_INVALID, "a subset is one of a frozen address map: freeze it first");
    heapy_address_map *subset = NULL;
    region_bits *work = heapy_alloc_array(1, sizeof *work);
    heapy_status status;
    if (work)
        status = heapy_address_map_create(&subset, err);
    else
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a subset");
    for (size_t r = 0; !status && r < map->region_count; r++) {
        const heapy_region *region = map->regions[r];
        size_t node = region->rank, end = node + region->count;
        if (heapy__bitmap_next(kept, end, node) == end)
            continue;
        expand(region, work);
        for (unsigned w = 0; w < HEAPY_REGION_WORDS; w++) {
            unsigned count = heapy_popcount(work->bits[w]);
            work->bits[w] = keep_bits(work->bits[w], count, heapy__bitmap_range(kept, node, count));
            work->odd[w] &= work->bits[w];
            node += count;
        }
        if (!append_region(subset, region->number, work))
            status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a subset of %zu objects", map->count);
    }
    if (!status)
        status = heapy_address_map_freeze(subset, err);
    heapy_free(work);
    if (status)
        heapy_address_map_destroy(subset);
    else
        *out = subset;
    return status;
}
