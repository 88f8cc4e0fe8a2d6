/* SPDX-License-Identifier: MIT */
/* Address maps as they lie in files: see the picture of heapy_region_record in heapy/address_map.h. */
#include <string.h>

#include "address_regions.h"
#include "bitmap.h"
#include "fail.h"
#include "heapy/address_map.h"
#include "heapy/memory.h"

enum { WORDS = HEAPY_REGION_WORDS, RANK_WORDS = WORDS / 4 };

size_t
heapy_region_record_words(const heapy_region_record *record)
{
    if (!record)
        return 0;
    switch (record->form) {
    case HEAPY_REGION_DENSE:
        return WORDS + RANK_WORDS;
    case HEAPY_REGION_ODD:
        return 2 * WORDS + RANK_WORDS;
    default:
        return ((size_t)record->count + 1) / 2;
    }
}

size_t
heapy_address_map_layout(const heapy_address_map *map, size_t region, heapy_region_record *record,
                         uint64_t *words)
{
    if (!map || !map->frozen || region >= map->region_count || !record || !words)
        return 0;
    const heapy_region *from = map->regions[region];
    uint64_t first_word = 0;
    if (region)
        first_word = record->first_word + heapy_region_record_words(record);
    *record = (heapy_region_record){.number = from->number,
                                    .first_word = first_word,
                                    .first_node = from->rank,
                                    .count = from->count,
                                    .form = !from->bits  ? HEAPY_REGION_SPARSE
                                            : !from->odd ? HEAPY_REGION_DENSE
                                                         : HEAPY_REGION_ODD};
    size_t count = heapy_region_record_words(record);
    if (!from->bits) {
        if (count)
            words[count - 1] = 0;
        memcpy(words, from->units, from->count * sizeof *from->units);
        return count;
    }
    memcpy(words, from->bits, WORDS * sizeof *words);
    if (from->odd)
        memcpy(words + WORDS, from->odd, WORDS * sizeof *words);
    memcpy(words + count - RANK_WORDS, from->word_rank, RANK_WORDS * sizeof *words);
    return count;
}

/* Nothing writes a frozen map. */
static heapy_region
region_of(const heapy_region_record *record, const uint64_t *words)
{
    uint64_t *at = (void *)(uintptr_t)(words + record->first_word);
    heapy_region region = {
        .number = (uintptr_t)record->number, .rank = record->first_node, .count = record->count};
    if (record->form == HEAPY_REGION_SPARSE) {
        region.units = (uint32_t *)(void *)at;
        return region;
    }
    region.bits = at;
    if (record->form == HEAPY_REGION_ODD)
        region.odd = at + WORDS;
    else
        region.odd = NULL;
    region.word_rank = (uint16_t *)(void *)(at + heapy_region_record_words(record) - RANK_WORDS);
    return region;
}

/* Does the record follow those before, with `words` words and `nodes` objects, and are its words there? */
static heapy_status
check_record(const heapy_region_record *records, size_t i, uint64_t words, uint64_t nodes, size_t word_count,
             heapy_error *err)
{
    const heapy_region_record *record = &records[i];
    if (record->form > HEAPY_REGION_ODD || record->unused || !record->count ||
        record->number > UINTPTR_MAX >> HEAPY_REGION_SHIFT)
        return heapy__fail(err, HEAPY_INVALID, "region %zu of addresses is of no known form", i);
    if (i && records[i - 1].number >= record->number)
        return heapy__fail(err, HEAPY_INVALID, "regions %zu and %zu of addresses are out of order", i - 1, i);
    if (record->first_word != words || record->first_node != nodes ||
        heapy_region_record_words(record) > word_count - words)
        return heapy__fail(err, HEAPY_INVALID, "region %zu of addresses does not follow those before", i);
    if (nodes + record->count >= HEAPY_NO_NODE)
        return heapy__fail(err, HEAPY_INVALID, "there are more addresses than nodes can be numbered");
    return HEAPY_OK;
}

/* What heapy_address_map_check() does not see: units of an address each, within the region. */
static heapy_status
check_units(const heapy_region *region, heapy_error *err)
{
    for (uint32_t i = 0; region->units && i < region->count; i++)
        if (region->units[i] >= 128 * WORDS)
            return heapy__fail(err, HEAPY_INVALID, "an address is past its region 0x%zx",
                               (size_t)region->number);
    return HEAPY_OK;
}

/* Make an empty map that has room for the regions. */
static heapy_status
create_for(size_t region_count, heapy_address_map **out, heapy_error *err)
{
    heapy_address_map *map;
    heapy_status status = heapy_address_map_create(&map, err);
    if (status)
        return status;
    while ((size_t)1 << (64 - map->slot_shift) < 2 * region_count)
        map->slot_shift--;
    heapy_free(map->slots);
    map->slots = heapy_alloc_zeroed((size_t)1 << (64 - map->slot_shift), sizeof *map->slots);
    map->regions = heapy_alloc_array(region_count, sizeof(heapy_region *));
    map->lent = heapy_alloc_array(region_count, sizeof *map->lent);
    if (!map->slots || !map->regions || !map->lent) {
        heapy_address_map_destroy(map);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu regions of addresses", region_count);
    }
    map->region_capacity = region_count;
    *out = map;
    return HEAPY_OK;
}

heapy_status
heapy_address_map_lend(const heapy_region_record *records, size_t record_count, const uint64_t *words,
                       size_t word_count, heapy_address_map **out, heapy_error *err)
{
    if ((!records && record_count) || (!words && word_count) || !out)
        return heapy__fail_null(err, "records, words or out");
    if (record_count > SIZE_MAX / 256)
        return heapy__fail(err, HEAPY_LIMIT, "%zu regions are more than there can be", record_count);
    heapy_address_map *map;
    heapy_status status = create_for(record_count, &map, err);
    if (status)
        return status;
    uint64_t used = 0;
    for (size_t i = 0; !status && i < record_count; i++) {
        status = check_record(records, i, used, map->count, word_count, err);
        if (status)
            break;
        map->lent[i] = region_of(&records[i], words);
        map->regions[map->region_count++] = &map->lent[i];
        heapy__address_map_put_slot(map, &map->lent[i]);
        used += heapy_region_record_words(&records[i]);
        map->count += records[i].count;
        status = check_units(&map->lent[i], err);
    }
    if (!status && used != word_count)
        status = heapy__fail(err, HEAPY_INVALID, "%zu words belong to no region of addresses",
                             word_count - (size_t)used);
    map->closed = map->frozen = true;
    if (!status)
        status = heapy_address_map_check(map, err);
    if (!status && map->count && !heapy_address_map_select(map, 0))
        status = heapy__fail(err, HEAPY_INVALID, "an object is at address 0");
    if (status)
        heapy_address_map_destroy(map);
    else
        *out = map;
    return status;
}
