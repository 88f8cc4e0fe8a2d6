/* SPDX-License-Identifier: MIT */
/* A stable sort of numbers by a comparison that may say anything: it stays in bounds, and does not recurse.
 */
#ifndef HEAPY_BASE_MERGE_SORT_H
#define HEAPY_BASE_MERGE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Below 0, 0 or above 0, as a comes before b, is equal, or comes after. */
typedef int heapy__comparison(void *context, uint32_t a, uint32_t b);

/* Sort `count` numbers, using as much room in `other`.  Returns which of the two arrays has them now. */
uint32_t *heapy__merge_sort(uint32_t *numbers, uint32_t *other, size_t count, heapy__comparison *compare,
                            void *context);

#endif
