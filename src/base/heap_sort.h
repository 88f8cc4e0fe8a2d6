/* SPDX-License-Identifier: MIT */
/* A sort in place that takes no memory: qsort() may, from an allocator that is locked in a forked child. */
#ifndef HEAPY_BASE_HEAP_SORT_H
#define HEAPY_BASE_HEAP_SORT_H

#include <stddef.h>

/* Sort `count` elements of `size` bytes, at most 64; as qsort().  O(n log n), nothing at all where they are
 * sorted. */
void heapy__heap_sort(void *elements, size_t count, size_t size, int (*compare)(const void *, const void *));

#endif
