/* SPDX-License-Identifier: MIT */
/* What frozen address maps answer: the addresses of nodes, and the nodes of many addresses at once. */
#include "heapy/address_map.h"

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
    unsigned first = 0, last = HEAPY_REGION_WORDS - 1; /* last word whose rank is <= left */
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
        if (iterator->position == HEAPY_REGION_WORDS)
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
        for (unsigned w = 0; region->bits && w < HEAPY_REGION_WORDS; w++) {
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
    for (unsigned w = 0; w < HEAPY_REGION_WORDS; w++) {
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
            for (unsigned w = 0; w < HEAPY_REGION_WORDS; w++)
                for (uint64_t word = region->bits[w]; word; word &= word - 1)
                    *numbers++ = heapy_address_map_rank(
                        other, granule_address(region, w << 6 | (unsigned)__builtin_ctzll(word)));
        } else {
            numbers = number_region(region, other, in, numbers);
        }
    }
}
