/* SPDX-License-Identifier: MIT */
#include "merge_sort.h"

#include <stdbool.h>

/* Merge the sorted runs from `start` and from `middle` on. */
static void
merge(const uint32_t *from, uint32_t *to, size_t start, size_t middle, size_t end, heapy__comparison *compare,
      void *context)
{
    size_t left = start, right = middle;
    for (size_t i = start; i < end; i++) {
        bool takes_left = right == end || (left < middle && compare(context, from[left], from[right]) <= 0);
        to[i] = takes_left ? from[left++] : from[right++];
    }
}

uint32_t *
heapy__merge_sort(uint32_t *numbers, uint32_t *other, size_t count, heapy__comparison *compare, void *context)
{
    uint32_t *from = numbers, *to = other;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t middle = start + width < count ? start + width : count;
            size_t end = middle + width < count ? middle + width : count;
            merge(from, to, start, middle, end, compare, context);
        }
        uint32_t *swapped = from;
        from = to;
        to = swapped;
    }
    return from;
}
