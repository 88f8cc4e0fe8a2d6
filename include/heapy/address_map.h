/* SPDX-License-Identifier: MIT */
/*
 * Sets of object addresses, which are also the numbering of a graph's nodes.
 *
 * Objects start at least 16 bytes apart, so address / 16 is unique, and a bit for 16 bytes of address
 * space holds a set.  The space is cut into regions of 1 MiB:
 *
 *     address   | region number (address >> 20) | granule (16 bits) | bit 3 | 000 |
 *
 *     dense region    bits[1024]       one bit a granule
 *                     odd[1024]        only if some address has bit 3 set (static objects are 8-aligned
 *                                      from CPython 3.11 on): which of the granules have it
 *                     word_rank[1024]  once frozen: objects in the region before each word
 *     sparse region   units[count]     once frozen, up to 512 addresses: (address & 0xfffff) >> 3, sorted
 *
 * A map is first filled (add, remove), then frozen.  A frozen map never changes; its objects are numbered
 * 0 .. count-1 in address order: rank turns an address into its number, select turns it back.  A heap of
 * a million objects takes 1 to 2 bytes an object.  A map that is not frozen has no numbers: rank gives
 * HEAPY_NO_NODE, select 0, an iterator nothing, and what needs a frozen map is HEAPY_INVALID.
 *
 * Maps are not locked: fill one from one thread; a frozen one may be read from any number.
 */
#ifndef HEAPY_ADDRESS_MAP_H
#define HEAPY_ADDRESS_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t heapy_node;
#define HEAPY_NO_NODE UINT32_MAX

/* Bytes between any two object starts, and the bytes one region covers. */
enum {
    HEAPY_GRANULE_SHIFT = 4,
    HEAPY_REGION_SHIFT = 20,
    HEAPY_REGION_WORDS = 1 << (HEAPY_REGION_SHIFT - HEAPY_GRANULE_SHIFT - 6)
};

/* Set bits of a word.  One instruction where the build may use it (meson.build asks for it on x86-64). */
static inline uint32_t
heapy_popcount(uint64_t word)
{
#if defined(__POPCNT__) || !defined(__x86_64__)
    return (uint32_t)__builtin_popcountll(word);
#else
    word -= word >> 1 & UINT64_C(0x5555555555555555);
    word = (word & UINT64_C(0x3333333333333333)) + (word >> 2 & UINT64_C(0x3333333333333333));
    word = (word + (word >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (uint32_t)(word * UINT64_C(0x0101010101010101) >> 56);
#endif
}

/* Open only so that heapy_address_map_mark and _rank below can be inlined: treat as private. */
typedef struct heapy_region {
    uintptr_t number;    /* address >> HEAPY_REGION_SHIFT */
    uint32_t rank;       /* objects in regions before this one; HEAPY_NO_NODE until frozen */
    uint32_t count;      /* objects in this region */
    uint64_t *bits;      /* NULL in a sparse region */
    uint64_t *odd;       /* NULL when every address is 16-aligned */
    uint16_t *word_rank; /* NULL until frozen */
    uint32_t *units;     /* NULL unless sparse */
} heapy_region;

typedef struct heapy_region_slot {
    uintptr_t number;
    heapy_region *region; /* NULL: free slot */
} heapy_region_slot;

typedef struct heapy_address_map {
    size_t count;
    size_t region_count;
    size_t region_capacity;
    heapy_region **regions; /* owned; in address order once frozen */
    heapy_region_slot *slots;
    unsigned slot_shift; /* 64 - log2(number of slots) */
    bool closed;         /* takes no more addresses: freezing has begun */
    bool frozen;         /* freezing is done */
    heapy_region *lent;  /* all regions, if their contents are somebody else's; else NULL */
} heapy_address_map;

/* An empty map, to be filled.  out: owned, heapy_address_map_destroy(). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_address_map_create(heapy_address_map **out, heapy_error *err);
HEAPY_API void heapy_address_map_destroy(heapy_address_map *map); /* NULL does nothing */

/* Number of addresses; of NULL 0.  O(1). */
static inline size_t
heapy_address_map_count(const heapy_address_map *map)
{
    return map ? map->count : 0;
}

/* Where the search for a region begins; map: not NULL. */
static inline size_t
heapy_address_map_slot(const heapy_address_map *map, uintptr_t number)
{
    /* Fibonacci hashing: neighbouring regions spread over the table. */
    return (size_t)((uint64_t)number * UINT64_C(0x9e3779b97f4a7c15) >> map->slot_shift);
}

/* The region that holds `address`, or NULL.  O(1). */
static inline heapy_region *
heapy_address_map_find(const heapy_address_map *map, uintptr_t address)
{
    if (!map)
        return NULL;
    uintptr_t number = address >> HEAPY_REGION_SHIFT;
    size_t mask = (size_t)-1 >> map->slot_shift;
    for (size_t i = heapy_address_map_slot(map, number);; i = (i + 1) & mask) {
        const heapy_region_slot *slot = &map->slots[i];
        if (slot->number == number || !slot->region)
            return slot->region;
    }
}

/* The rare half of heapy_address_map_mark: of a region that is not there yet, of an address that is no
   multiple of 16, and where nothing can be added. */
HEAPY_API int heapy_address_map_mark_rarely(heapy_address_map *map, uintptr_t address);

/*
 * Add `address` to a map.  Returns 1 when it is new, 0 when it was there (or another of its 16 bytes), -1
 * when there is no memory, -2 when it is not to be added: it is no multiple of 8, or the map is frozen or
 * NULL.  But for 1 the map is unchanged.  O(1); the walk's inner loop.
 */
static inline int
heapy_address_map_mark(heapy_address_map *map, uintptr_t address)
{
    if (!map || map->closed || address & ((1 << HEAPY_GRANULE_SHIFT) - 1))
        return heapy_address_map_mark_rarely(map, address);
    heapy_region *region = heapy_address_map_find(map, address);
    if (!region)
        return heapy_address_map_mark_rarely(map, address);
    unsigned granule = (unsigned)(address >> HEAPY_GRANULE_SHIFT) & (64 * HEAPY_REGION_WORDS - 1);
    uint64_t bit = UINT64_C(1) << (granule & 63);
    if (region->bits[granule >> 6] & bit)
        return 0;
    region->bits[granule >> 6] |= bit;
    region->count++;
    map->count++;
    return 1;
}

/* The same with a status: HEAPY_INVALID when `address` is 0 or no multiple of 8. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_address_map_add(heapy_address_map *map, uintptr_t address,
                                                              bool *is_new, heapy_error *err);

/* Take `address` out of a map; true if it was there.  A frozen map keeps it: false.  O(1). */
HEAPY_API bool heapy_address_map_remove(heapy_address_map *map, uintptr_t address);

/*
 * Sort the regions, make the directory for rank and select, shrink sparse regions.  O(regions).
 * HEAPY_LIMIT when there are more than 2^32 - 1 addresses: node numbers are 32 bits.  Freezing a frozen
 * map does nothing.  After HEAPY_NO_MEMORY it can be tried again; addresses are not taken any more.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_address_map_freeze(heapy_address_map *map, heapy_error *err);

HEAPY_API bool heapy_address_map_contains(const heapy_address_map *map, uintptr_t address);

/* rank in a sparse region: O(log 512); in one that is not, HEAPY_NO_NODE. */
HEAPY_API heapy_node heapy_region_rank_sparse(const heapy_region *region, uintptr_t address);

/* The number of `address` in a frozen map, or HEAPY_NO_NODE.  O(1). */
static inline heapy_node
heapy_address_map_rank(const heapy_address_map *map, uintptr_t address)
{
    const heapy_region *region = heapy_address_map_find(map, address);
    if (!region)
        return HEAPY_NO_NODE;
    if (!region->word_rank) /* sparse, or not frozen yet */
        return heapy_region_rank_sparse(region, address);
    unsigned granule = (unsigned)(address >> HEAPY_GRANULE_SHIFT) & (64 * HEAPY_REGION_WORDS - 1);
    uint64_t word = region->bits[granule >> 6];
    uint64_t bit = UINT64_C(1) << (granule & 63);
    bool is_odd = region->odd && region->odd[granule >> 6] & bit;
    if (!(word & bit) || (address & 15) != (uintptr_t)is_odd << 3)
        return HEAPY_NO_NODE;
    return region->rank + region->word_rank[granule >> 6] + heapy_popcount(word & (bit - 1));
}

/* The address numbered `node` in a frozen map; 0 when node >= count.  O(log regions). */
HEAPY_API uintptr_t heapy_address_map_select(const heapy_address_map *map, heapy_node node);

/* Walks a frozen map in address order: init, then next until it gives 0.  Of any other map it gives
   nothing. */
typedef struct heapy_address_iterator {
    const heapy_address_map *map; /* NULL: nothing to give */
    size_t region;
    unsigned position; /* next word of a dense region, next unit of a sparse one */
    uint64_t word;     /* bits of the current word not yet given */
} heapy_address_iterator;

HEAPY_API void heapy_address_iterator_init(heapy_address_iterator *iterator, const heapy_address_map *map);
HEAPY_API uintptr_t heapy_address_iterator_next(heapy_address_iterator *iterator);

/* Fill `addresses` with the next addresses, at most `room`; returns how many, 0 at the end. */
HEAPY_API size_t heapy_address_iterator_read(heapy_address_iterator *iterator, uintptr_t *addresses,
                                             size_t room);

typedef enum heapy_set_operation {
    HEAPY_UNION,
    HEAPY_INTERSECTION,
    HEAPY_DIFFERENCE,
    HEAPY_SYMMETRIC_DIFFERENCE
} heapy_set_operation;

/* A new frozen map from two frozen ones.  out: owned.  Linear in the regions of both. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_address_map_combine(const heapy_address_map *a,
                                                                  const heapy_address_map *b,
                                                                  heapy_set_operation operation,
                                                                  heapy_address_map **out, heapy_error *err);

/*
 * A new frozen map of the addresses in `map` (frozen) whose number has its bit set in `kept`, a bitmap of
 * count bits (heapy_node_set_words gives one).  out: owned.  O(count).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_address_map_subset(const heapy_address_map *map,
                                                                 const uint64_t *kept,
                                                                 heapy_address_map **out, heapy_error *err);

/* Is every address of a in b (both frozen; else false)?  O(count of a). */
HEAPY_API bool heapy_address_map_is_subset(const heapy_address_map *a, const heapy_address_map *b);

/* The number that each address of `map` has in `other` (both frozen; else there are no numbers), or
   HEAPY_NO_NODE: `numbers` has room for the count of `map`.  O(count). */
HEAPY_API void heapy_address_map_numbers(const heapy_address_map *map, const heapy_address_map *other,
                                         heapy_node *numbers);

/*
 * A frozen map as it is laid out in a file, to be used where it lies: a record for each region, and words of
 * 64 bits, those of one region after those of the one before.
 *
 *     dense region      1024 words of bits, 1024 of odd bits if it has some, 1024 ranks of 16 bits each
 *     sparse region     its units, 32 bits each; the last half word is 0 where they are odd in number
 */
typedef struct heapy_region_record {
    uint64_t number;     /* address >> HEAPY_REGION_SHIFT; ascending */
    uint64_t first_word; /* where its words begin among those of all regions */
    uint32_t first_node; /* objects in the regions before */
    uint32_t count;      /* objects in this one */
    uint32_t form;       /* a heapy_region_form */
    uint32_t unused;     /* 0 */
} heapy_region_record;

typedef enum heapy_region_form {
    HEAPY_REGION_SPARSE,
    HEAPY_REGION_DENSE,
    HEAPY_REGION_ODD
} heapy_region_form;

enum { HEAPY_REGION_LAYOUT_WORDS = 2 * HEAPY_REGION_WORDS + HEAPY_REGION_WORDS / 4 };

/* How many words a region of such a record has. */
HEAPY_API size_t heapy_region_record_words(const heapy_region_record *record);

/* Lay out the next region of a frozen map: `record` has the numbers of the one before, or zeros and `region`
   is 0.  words: room for HEAPY_REGION_LAYOUT_WORDS.  Returns how many were written; 0 when there is no such
   region. */
HEAPY_API size_t heapy_address_map_layout(const heapy_address_map *map, size_t region,
                                          heapy_region_record *record, uint64_t *words);

/*
 * The map laid out like that.  Both arrays are borrowed and must outlive the map.  All of them is checked:
 * HEAPY_INVALID says what is wrong.  out: owned, heapy_address_map_destroy().  O(words), and some 70 bytes a
 * region.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_address_map_lend(const heapy_region_record *records,
                                                               size_t record_count, const uint64_t *words,
                                                               size_t word_count, heapy_address_map **out,
                                                               heapy_error *err);

/* Bytes of memory the map owns. */
HEAPY_API size_t heapy_address_map_bytes(const heapy_address_map *map);

/* Check every invariant of the picture above; HEAPY_INVALID names the first that is broken.  For tests. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_address_map_check(const heapy_address_map *map,
                                                                heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
