/* SPDX-License-Identifier: MIT */
/*
 * Address maps: see the picture in heapy/address_map.h.
 *
 * Set operations expand each region of either operand into two bitmaps in the frame (8 KiB each), combine
 * words, and store the result in whichever form is smaller, so four forms need one loop.
 */
#include "heapy/address_map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "address_regions.h"
#include "bitmap.h"
#include "fail.h"
#include "heap_sort.h"
#include "heapy/memory.h"

enum {
    WORDS = HEAPY_REGION_WORDS,
    GRANULES = 64 * WORDS,
    SPARSE_LIMIT = 512, /* 2 KiB of units against 10 KiB of bits and ranks; 9 steps to search */
    FIRST_SLOT_BITS = 3
};

typedef struct region_bits {
    uint64_t bits[WORDS];
    uint64_t odd[WORDS];
} region_bits;

static void
region_destroy(heapy_region *region)
{
    if (!region)
        return;
    heapy_free(region->bits);
    heapy_free(region->odd);
    heapy_free(region->word_rank);
    heapy_free(region->units);
    heapy_free(region);
}

static heapy_region *
region_create(uintptr_t number)
{
    heapy_region *region = heapy_alloc_array(1, sizeof *region);
    if (region)
        *region = (heapy_region){.number = number, .rank = HEAPY_NO_NODE};
    return region;
}

heapy_status
heapy_address_map_create(heapy_address_map **out, heapy_error *err)
{
    if (!out)
        return heapy__fail_null(err, "out");
    heapy_address_map *map = heapy_alloc_array(1, sizeof *map);
    if (!map)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for an address map");
    *map = (heapy_address_map){.slot_shift = 64 - FIRST_SLOT_BITS};
    map->slots = heapy_alloc_zeroed((size_t)1 << FIRST_SLOT_BITS, sizeof *map->slots);
    if (!map->slots) {
        heapy_free(map);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for an address map");
    }
    *out = map;
    return HEAPY_OK;
}

void
heapy_address_map_destroy(heapy_address_map *map)
{
    if (!map)
        return;
    for (size_t i = 0; i < map->region_count && !map->lent; i++)
        region_destroy(map->regions[i]);
    heapy_free(map->lent);
    heapy_free(map->regions);
    heapy_free(map->slots);
    heapy_free(map);
}

void
heapy__address_map_put_slot(heapy_address_map *map, heapy_region *region)
{
    size_t mask = (size_t)-1 >> map->slot_shift;
    size_t i = heapy_address_map_slot(map, region->number);
    while (map->slots[i].region)
        i = (i + 1) & mask;
    map->slots[i] = (heapy_region_slot){region->number, region};
}

/* Append `region` and enter it in the slots, which stay at most half full.  False: no memory. */
static bool
adopt_region(heapy_address_map *map, heapy_region *region)
{
    heapy_region **grown =
        heapy_grow(map->regions, map->region_count, &map->region_capacity, sizeof(heapy_region *));
    if (!grown)
        return false;
    map->regions = grown;
    size_t slot_count = (size_t)1 << (64 - map->slot_shift);
    if (2 * (map->region_count + 1) > slot_count) {
        heapy_region_slot *wider = heapy_alloc_zeroed(2 * slot_count, sizeof *wider);
        if (!wider)
            return false;
        heapy_free(map->slots);
        map->slots = wider;
        map->slot_shift--;
        for (size_t i = 0; i < map->region_count; i++)
            heapy__address_map_put_slot(map, map->regions[i]);
    }
    map->regions[map->region_count++] = region;
    heapy__address_map_put_slot(map, region);
    return true;
}

/* The region of an open map that holds `address`, made if it is not there.  NULL: no memory. */
static heapy_region *
find_or_add_region(heapy_address_map *map, uintptr_t address)
{
    heapy_region *region = heapy_address_map_find(map, address);
    if (region)
        return region;
    region = region_create(address >> HEAPY_REGION_SHIFT);
    if (!region)
        return NULL;
    region->bits = heapy_alloc_zeroed(WORDS, sizeof *region->bits);
    if (!region->bits || !adopt_region(map, region)) {
        region_destroy(region);
        return NULL;
    }
    return region;
}

/* Note bit 3 of a granule's address.  False: no memory. */
static bool
set_odd(heapy_region *region, unsigned granule)
{
    if (!region->odd)
        region->odd = heapy_alloc_zeroed(WORDS, sizeof *region->odd);
    if (!region->odd)
        return false;
    region->odd[granule >> 6] |= UINT64_C(1) << (granule & 63);
    return true;
}

int
heapy_address_map_mark_rarely(heapy_address_map *map, uintptr_t address)
{
    const uintptr_t even = address & ~(uintptr_t)((1 << HEAPY_GRANULE_SHIFT) - 1);
    if (heapy_address_map_contains(map, even) || heapy_address_map_contains(map, even | 8))
        return 0;
    if (!map || map->closed || address & 7)
        return -2;
    heapy_region *region = find_or_add_region(map, address);
    unsigned granule = (unsigned)(address >> HEAPY_GRANULE_SHIFT) & (GRANULES - 1);
    if (!region || (address & 8 && !set_odd(region, granule)))
        return -1;
    region->bits[granule >> 6] |= UINT64_C(1) << (granule & 63);
    region->count++;
    map->count++;
    return 1;
}

heapy_status
heapy_address_map_add(heapy_address_map *map, uintptr_t address, bool *is_new, heapy_error *err)
{
    if (!map)
        return heapy__fail_null(err, "map");
    if (map->closed)
        return heapy__fail(err, HEAPY_INVALID, "a frozen address map cannot take 0x%zx", (size_t)address);
    if (!address || address & 7)
        return heapy__fail(err, HEAPY_INVALID, "0x%zx is no object address: it must be a multiple of 8",
                           (size_t)address);
    int added = heapy_address_map_mark(map, address);
    if (added < 0)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to add 0x%zx to an address map", (size_t)address);
    if (is_new)
        *is_new = added;
    return HEAPY_OK;
}

bool
heapy_address_map_remove(heapy_address_map *map, uintptr_t address)
{
    if (!map || map->closed || !heapy_address_map_contains(map, address))
        return false;
    heapy_region *region = heapy_address_map_find(map, address);
    unsigned granule = (unsigned)(address >> HEAPY_GRANULE_SHIFT) & (GRANULES - 1);
    uint64_t bit = UINT64_C(1) << (granule & 63);
    region->bits[granule >> 6] &= ~bit;
    if (region->odd)
        region->odd[granule >> 6] &= ~bit;
    region->count--;
    map->count--;
    return true;
}

static uint32_t
unit_of(unsigned granule, bool is_odd)
{
    return granule << 1 | is_odd;
}

/* Give a dense region its word ranks, or turn it sparse, by its count. */
static bool
settle_region(heapy_region *region)
{
    if (region->count > SPARSE_LIMIT) {
        region->word_rank = heapy_alloc_array(WORDS, sizeof *region->word_rank);
        if (!region->word_rank)
            return false;
        unsigned before = 0;
        for (unsigned w = 0; w < WORDS; w++) {
            region->word_rank[w] = (uint16_t)before; /* at most 65536 - 64 */
            before += heapy_popcount(region->bits[w]);
        }
        return true;
    }
    uint32_t *units = heapy_alloc_array(region->count, sizeof *units);
    if (!units)
        return false;
    uint32_t *next = units;
    for (unsigned w = 0; w < WORDS; w++)
        for (uint64_t word = region->bits[w]; word; word &= word - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(word);
            *next++ = unit_of(w << 6 | bit, region->odd && region->odd[w] >> bit & 1);
        }
    assert(next == units + region->count);
    region->units = units;
    heapy_free(region->bits);
    heapy_free(region->odd);
    region->bits = region->odd = NULL;
    return true;
}

static int
by_number(const void *a, const void *b)
{
    uintptr_t x = (*(heapy_region *const *)a)->number, y = (*(heapy_region *const *)b)->number;
    return (x > y) - (x < y);
}

heapy_status
heapy_address_map_freeze(heapy_address_map *map, heapy_error *err)
{
    if (!map)
        return heapy__fail_null(err, "map");
    if (map->frozen)
        return HEAPY_OK;
    if (map->count >= HEAPY_NO_NODE)
        return heapy__fail(err, HEAPY_LIMIT, "%zu objects are more than the 2^32 - 1 a graph can number",
                           map->count);
    map->closed = true; /* sparse regions have no bits from here on */
    for (size_t i = 0; i < map->region_count; i++) {
        heapy_region *region = map->regions[i];
        if (region->word_rank || region->units || settle_region(region))
            continue;
        for (size_t k = 0; k < i; k++) { /* without these a region has no numbers */
            heapy_free(map->regions[k]->word_rank);
            map->regions[k]->word_rank = NULL;
        }
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to number %zu objects", map->count);
    }
    if (map->region_count)
        heapy__heap_sort(map->regions, map->region_count, sizeof(heapy_region *), by_number);
    size_t rank = 0;
    for (size_t i = 0; i < map->region_count; i++) {
        map->regions[i]->rank = (uint32_t)rank;
        rank += map->regions[i]->count;
    }
    assert(rank == map->count);
    map->frozen = true;
    return HEAPY_OK;
}

/* Where the address stands in a sparse region; its count when it does not. */
static size_t
find_unit(const heapy_region *region, uintptr_t address)
{
    uint32_t unit = (uint32_t)(address >> 3) & (2 * GRANULES - 1);
    size_t low = 0, high = region->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (region->units[middle] < unit)
            low = middle + 1;
        else
            high = middle;
    }
    return low < region->count && region->units[low] == unit ? low : region->count;
}

heapy_node
heapy_region_rank_sparse(const heapy_region *region, uintptr_t address)
{
    if (!region || !region->units || region->rank == HEAPY_NO_NODE || address & 7)
        return HEAPY_NO_NODE;
    size_t place = find_unit(region, address);
    if (place >= region->count)
        return HEAPY_NO_NODE;
    return region->rank + (heapy_node)place;
}

bool
heapy_address_map_contains(const heapy_address_map *map, uintptr_t address)
{
    if (!map || address & 7)
        return false;
    if (map->frozen)
        return heapy_address_map_rank(map, address) != HEAPY_NO_NODE;
    const heapy_region *region = heapy_address_map_find(map, address);
    if (!region)
        return false;
    if (region->units) /* freezing has begun, and failed */
        return find_unit(region, address) < region->count;
    unsigned granule = (unsigned)(address >> HEAPY_GRANULE_SHIFT) & (GRANULES - 1);
    uint64_t bit = UINT64_C(1) << (granule & 63);
    bool is_odd = region->odd && region->odd[granule >> 6] & bit;
    return region->bits[granule >> 6] & bit && is_odd == (bool)(address & 8);
}

static uintptr_t
granule_address(const heapy_region *region, unsigned granule)
{
    uintptr_t address = region->number << HEAPY_REGION_SHIFT | (uintptr_t)granule << HEAPY_GRANULE_SHIFT;
    if (region->odd && region->odd[granule >> 6] >> (granule & 63) & 1)
        address |= 8;
    return address;
}

static uintptr_t
unit_address(const heapy_region *region, uint32_t unit)
{
    return region->number << HEAPY_REGION_SHIFT | (uintptr_t)unit << 3;
}

uintptr_t
heapy_address_map_select(const heapy_address_map *map, heapy_node node)
{
    if (!map || !map->frozen || node >= map->count)
        return 0;
    size_t low = 0, high = map->region_count - 1; /* last region whose rank is <= node */
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (map->regions[middle]->rank <= node)
            low = middle;
        else
            high = middle - 1;
    }
    const heapy_region *region = map->regions[low];
    uint32_t left = node - region->rank;
    if (!region->bits)
        return unit_address(region, region->units[left]);
    unsigned first = 0, last = WORDS - 1; /* last word whose rank is <= left */
    while (first < last) {
        unsigned middle = (first + last + 1) / 2;
        if (region->word_rank[middle] <= left)
            first = middle;
        else
            last = middle - 1;
    }
    uint64_t word = region->bits[first];
    for (left -= region->word_rank[first]; left; left--)
        word &= word - 1;
    return granule_address(region, first << 6 | (unsigned)__builtin_ctzll(word));
}

void
heapy_address_iterator_init(heapy_address_iterator *iterator, const heapy_address_map *map)
{
    if (iterator)
        *iterator = (heapy_address_iterator){.map = map && map->frozen ? map : NULL};
}

/* Give the addresses of a dense region from the iterator's place on; true when all are given. */
static bool
read_dense(heapy_address_iterator *iterator, const heapy_region *region, uintptr_t *addresses, size_t room,
           size_t *given)
{
    for (;;) {
        uint64_t word = iterator->word;
        unsigned w = iterator->position - 1;
        uintptr_t base = region->number << HEAPY_REGION_SHIFT | (uintptr_t)w << (6 + HEAPY_GRANULE_SHIFT);
        for (; word && *given < room; word &= word - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(word);
            uintptr_t address = base | (uintptr_t)bit << HEAPY_GRANULE_SHIFT;
            if (region->odd)
                address |= (region->odd[w] >> bit & 1) << 3;
            addresses[(*given)++] = address;
        }
        iterator->word = word;
        if (word)
            return false;
        if (iterator->position == WORDS)
            return true;
        iterator->word = region->bits[iterator->position++];
    }
}

size_t
heapy_address_iterator_read(heapy_address_iterator *iterator, uintptr_t *addresses, size_t room)
{
    size_t given = 0;
    if (!iterator || !iterator->map || !addresses)
        return 0;
    while (given < room && iterator->region < iterator->map->region_count) {
        const heapy_region *region = iterator->map->regions[iterator->region];
        if (region->bits) {
            if (!read_dense(iterator, region, addresses, room, &given))
                break;
        } else {
            while (given < room && iterator->position < region->count)
                addresses[given++] = unit_address(region, region->units[iterator->position++]);
            if (iterator->position < region->count)
                break;
        }
        iterator->region++;
        iterator->position = 0;
    }
    return given;
}

uintptr_t
heapy_address_iterator_next(heapy_address_iterator *iterator)
{
    uintptr_t address;
    return heapy_address_iterator_read(iterator, &address, 1) ? address : 0;
}

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
    for (unsigned w = 0; w < WORDS; w++) {
        count += heapy_popcount(content->bits[w]);
        any_odd |= content->odd[w];
    }
    if (!count)
        return true;
    heapy_region *region = region_create(number);
    if (!region)
        return false;
    region->count = count;
    region->bits = heapy_alloc_array(WORDS, sizeof *region->bits);
    if (region->bits)
        memcpy(region->bits, content->bits, sizeof content->bits);
    if (any_odd) {
        region->odd = heapy_alloc_array(WORDS, sizeof *region->odd);
        if (region->odd)
            memcpy(region->odd, content->odd, sizeof content->odd);
    }
    if (!region->bits || (any_odd && !region->odd) || !settle_region(region) || !adopt_region(map, region)) {
        region_destroy(region);
        return false;
    }
    map->count += count;
    return true;
}

static void
combine_bits(region_bits *a, const region_bits *b, heapy_set_operation operation)
{
    for (unsigned w = 0; w < WORDS; w++) {
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
    return !memcmp(a->bits, b->bits, WORDS * sizeof *a->bits) &&
           (!a->odd || !memcmp(a->odd, b->odd, WORDS * sizeof *a->odd));
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

/* Of the `count` set bits of `word` those whose number is set in `kept`. */
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
        for (unsigned w = 0; w < WORDS; w++) {
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

bool
heapy_address_map_is_subset(const heapy_address_map *a, const heapy_address_map *b)
{
    if (!a || !b || !a->frozen || !b->frozen || a->count > b->count)
        return false;
    for (size_t r = 0; r < a->region_count; r++) {
        const heapy_region *region = a->regions[r];
        uintptr_t base = region->number << HEAPY_REGION_SHIFT;
        const heapy_region *in = heapy_address_map_find(b, base);
        if (!region->count)
            continue;
        if (!in)
            return false;
        for (uint32_t i = 0; !region->bits && i < region->count; i++)
            if (heapy_address_map_rank(b, base | (uintptr_t)region->units[i] << 3) == HEAPY_NO_NODE)
                return false;
        for (unsigned w = 0; region->bits && w < WORDS; w++) {
            if (in->bits && !region->odd && !in->odd) {
                if (region->bits[w] & ~in->bits[w])
                    return false;
                continue;
            }
            for (uint64_t word = region->bits[w]; word; word &= word - 1)
                if (heapy_address_map_rank(b, granule_address(region, w << 6 | (unsigned)__builtin_ctzll(
                                                                                   word))) == HEAPY_NO_NODE)
                    return false;
        }
    }
    return true;
}

/* The numbers of the objects of a dense region whose words are all part of those of `other`'s region: ranks
   are counted within words.  Falls back on one search each where a word is not. */
static heapy_node *
number_region(const heapy_region *region, const heapy_address_map *other, const heapy_region *in,
              heapy_node *numbers)
{
    for (unsigned w = 0; w < WORDS; w++) {
        uint64_t word = region->bits[w], all = in->bits[w];
        heapy_node first = in->rank + in->word_rank[w];
        bool is_part = !(word & ~all) && !region->odd && !in->odd;
        for (; word; word &= word - 1) {
            uint64_t bit = word & -word;
            unsigned granule = w << 6 | (unsigned)__builtin_ctzll(word);
            *numbers++ = is_part ? first + heapy_popcount(all & (bit - 1))
                                 : heapy_address_map_rank(other, granule_address(region, granule));
        }
    }
    return numbers;
}

void
heapy_address_map_numbers(const heapy_address_map *map, const heapy_address_map *other, heapy_node *numbers)
{
    if (!map || !numbers)
        return;
    if (!map->frozen || !other || !other->frozen) {
        for (size_t i = 0; i < map->count; i++)
            numbers[i] = HEAPY_NO_NODE;
        return;
    }
    for (size_t r = 0; r < map->region_count; r++) {
        const heapy_region *region = map->regions[r];
        uintptr_t base = region->number << HEAPY_REGION_SHIFT;
        const heapy_region *in = heapy_address_map_find(other, base);
        if (!in) {
            for (uint32_t i = 0; i < region->count; i++)
                *numbers++ = HEAPY_NO_NODE;
        } else if (!region->bits) {
            for (uint32_t i = 0; i < region->count; i++)
                *numbers++ = heapy_address_map_rank(other, base | (uintptr_t)region->units[i] << 3);
        } else if (!in->bits) {
            for (unsigned w = 0; w < WORDS; w++)
                for (uint64_t word = region->bits[w]; word; word &= word - 1)
                    *numbers++ = heapy_address_map_rank(
                        other, granule_address(region, w << 6 | (unsigned)__builtin_ctzll(word)));
        } else {
            numbers = number_region(region, other, in, numbers);
        }
    }
}

size_t
heapy_address_map_bytes(const heapy_address_map *map)
{
    if (!map)
        return 0;
    size_t bytes = sizeof *map + map->region_capacity * sizeof(heapy_region *) +
                   sizeof(heapy_region_slot) * ((size_t)1 << (64 - map->slot_shift));
    for (size_t i = 0; i < map->region_count; i++) {
        const heapy_region *region = map->regions[i];
        bytes += sizeof *region;
        if (map->lent)
            continue;
        bytes += region->bits ? WORDS * sizeof *region->bits : 0;
        bytes += region->odd ? WORDS * sizeof *region->odd : 0;
        bytes += region->word_rank ? WORDS * sizeof *region->word_rank : 0;
        bytes += region->units ? region->count * sizeof *region->units : 0;
    }
    return bytes;
}

static heapy_status
check_region(const heapy_address_map *map, const heapy_region *region, heapy_error *err)
{
    size_t number = (size_t)region->number;
    uint32_t count = 0;
    if ((region->bits != NULL) == (region->units != NULL))
        return heapy__fail(err, HEAPY_INVALID, "region 0x%zx is neither dense nor sparse", number);
    for (uint32_t i = 0; region->units && i < region->count; i++, count++)
        if (i && region->units[i - 1] >> 1 >= region->units[i] >> 1)
            return heapy__fail(err, HEAPY_INVALID, "region 0x%zx: units %u are out of order", number, i);
    for (unsigned w = 0; region->bits && w < WORDS; w++) {
        if (region->odd && region->odd[w] & ~region->bits[w])
            return heapy__fail(err, HEAPY_INVALID, "region 0x%zx: word %u is odd where it is empty", number,
                               w);
        if (map->frozen && region->word_rank[w] != count)
            return heapy__fail(err, HEAPY_INVALID, "region 0x%zx: word %u has rank %u, not %u", number, w,
                               region->word_rank[w], count);
        count += heapy_popcount(region->bits[w]);
    }
    if (count != region->count)
        return heapy__fail(err, HEAPY_INVALID, "region 0x%zx holds %u objects, not %u", number, count,
                           region->count);
    if (heapy_address_map_find(map, region->number << HEAPY_REGION_SHIFT) != region)
        return heapy__fail(err, HEAPY_INVALID, "region 0x%zx is not found", number);
    return HEAPY_OK;
}

heapy_status
heapy_address_map_check(const heapy_address_map *map, heapy_error *err)
{
    if (!map)
        return heapy__fail_null(err, "map");
    size_t count = 0;
    for (size_t i = 0; i < map->region_count; i++) {
        const heapy_region *region = map->regions[i];
        heapy_status status = check_region(map, region, err);
        if (status)
            return status;
        if (map->frozen && i && map->regions[i - 1]->number >= region->number)
            return heapy__fail(err, HEAPY_INVALID, "regions %zu and %zu are out of order", i - 1, i);
        if (map->frozen && region->rank != count)
            return heapy__fail(err, HEAPY_INVALID, "region %zu has rank %u, not %zu", i, region->rank, count);
        count += region->count;
    }
    if (count != map->count)
        return heapy__fail(err, HEAPY_INVALID, "the regions hold %zu objects, not %zu", count, map->count);
    return HEAPY_OK;
}
