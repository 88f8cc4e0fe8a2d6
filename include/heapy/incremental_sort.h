/* SPDX-License-Identifier: MIT */
/*
 * Sorting no more than is looked at: the first rows of a million cost about one pass.
 *
 * Incremental quicksort (Paredes and Navarro, "Optimal incremental sorting", ALENEX 2006): the pivots of
 * earlier steps are kept on a stack, so the first k of n elements take O(n + k log k) comparisons on
 * average, however the k are asked for.
 */
#ifndef HEAPY_INCREMENTAL_SORT_H
#define HEAPY_INCREMENTAL_SORT_H

#include <stddef.h>
#include <stdint.h>

#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Negative, zero or positive as element a comes before, with or after b. */
typedef int (*heapy_compare)(uint32_t a, uint32_t b, void *context);

typedef struct heapy_incremental_sort heapy_incremental_sort;

/*
 * Sort 0 .. count-1 by group, then under `compare`, with equal elements by number.
 *
 * count        at most 2^32 - 1: HEAPY_LIMIT.
 * groups       the group of each element, below group_count.  NULL: all in one group.
 * ranks        the place of each group among the groups, a permutation; NULL: in order of their numbers.
 *              Both are borrowed during the call; what they may not be is HEAPY_INVALID.
 * compare      only asked about elements of one group.
 * context      passed to compare; both must stay valid.
 * out          owned, heapy_incremental_sort_destroy().  4 bytes an element, 16 a group.
 *
 * O(count + groups).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_incremental_sort_create(
    size_t count, const uint32_t *groups, const uint32_t *ranks, size_t group_count, heapy_compare compare,
    void *context, heapy_incremental_sort **out, heapy_error *err);
HEAPY_API void heapy_incremental_sort_destroy(heapy_incremental_sort *sort); /* NULL does nothing */

/* The elements in order, of which the first `count` (at most all) are in their places.  Borrowed. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_incremental_sort_first(heapy_incremental_sort *sort,
                                                                     size_t count, const uint32_t **out,
                                                                     heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
