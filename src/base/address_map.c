/* SPDX-License-Identifier: MIT */
/* Address maps, filled and frozen: see the picture in heapy/address_map.h. */
#include "heapy/address_map.h"

#include <assert.h>

#include "address_regions.h"
#include "fail.h"
#include "heap_sort.h"
#include "heapy/memory.h"

enum {
    WORDS = HEAPY_REGION_WORDS,
    GRANULES = 64 * WORDS,
    SPARSE_LIMIT = 512, /* 2 KiB of units against 10 KiB of bits and ranks; 9 steps to search */
    FIRST_SLOT_BITS = 3
};

void
heapy__region_destroy(heapy_region *region)
{
    if (!region)
        return;
    heapy_free(region->bits);
    heapy_free(region->odd);
    heapy_free(region->word_rank);
    heapy_free(region->units);
    heapy_free(region);
}

heapy_region *
heapy__region_create(uintptr_t number)
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
        heapy__region_destroy(map->regions[i]);
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

bool
heapy__address_map_adopt(heapy_address_map *map, heapy_region *region)
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
    region = heapy__region_create(address >> HEAPY_REGION_SHIFT);
    if (!region)
        return NULL;
    region->bits = heapy_alloc_zeroed(WORDS, sizeof *region->bits);
    if (!region->bits || !heapy__address_map_adopt(map, region)) {
        heapy__region_destroy(region);
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

bool
heapy__region_settle(heapy_region *region)
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
        if (region->word_rank || region->units || heapy__region_settle(region))
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
