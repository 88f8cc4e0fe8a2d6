/* SPDX-License-Identifier: MIT */
#include "heapy/incremental_sort.h"

#include "../base/fail.h"
#include "heapy/memory.h"

/*
 *     order    | sorted: 0 .. done-1 | ... | p2 | ... | p1 | ... | p0 = count
 *     pivots   p0, p1, p2, ...: order[p] is in its place, everything left of it comes before it
 */
struct heapy_incremental_sort {
    heapy_compare compare;
    void *context;
    uint32_t *order;
    size_t count, done;
    size_t *pivots;
    size_t pivot_count, pivot_capacity;
    uint64_t random;
};

heapy_status
heapy_incremental_sort_create(size_t count, heapy_compare compare, void *context,
                              heapy_incremental_sort **out, heapy_error *err)
{
    heapy_incremental_sort *sort = heapy_alloc_zeroed(1, sizeof *sort);
    if (sort) {
        sort->order = heapy_alloc_array(count, sizeof *sort->order);
        sort->pivots = heapy_grow(NULL, 0, &sort->pivot_capacity, sizeof *sort->pivots);
    }
    if (!sort || !sort->order || !sort->pivots) {
        heapy_incremental_sort_destroy(sort);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to sort %zu rows", count);
    }
    sort->compare = compare;
    sort->context = context;
    sort->count = count;
    sort->random = UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = 0; i < count; i++)
        sort->order[i] = (uint32_t)i;
    sort->pivots[sort->pivot_count++] = count;
    *out = sort;
    return HEAPY_OK;
}

void
heapy_incremental_sort_destroy(heapy_incremental_sort *sort)
{
    if (!sort)
        return;
    heapy_free(sort->order);
    heapy_free(sort->pivots);
    heapy_free(sort);
}

static int
compare(const heapy_incremental_sort *sort, uint32_t a, uint32_t b)
{
    int order = sort->compare(a, b, sort->context);
    return order ? order : (a > b) - (a < b);
}

/* xorshift64: pivots only need to be unpredictable to the data. */
static size_t
random_below(heapy_incremental_sort *sort, size_t bound)
{
    sort->random ^= sort->random << 13;
    sort->random ^= sort->random >> 7;
    sort->random ^= sort->random << 17;
    return sort->random % bound;
}

static void
swap(uint32_t *order, size_t a, size_t b)
{
    uint32_t t = order[a];
    order[a] = order[b];
    order[b] = t;
}

/* Partition order[first .. end-1] about a random element; the place it ends in. */
static size_t
partition(heapy_incremental_sort *sort, size_t first, size_t end)
{
    uint32_t *order = sort->order;
    swap(order, first + random_below(sort, end - first), end - 1);
    uint32_t pivot = order[end - 1];
    size_t left = first, right = end - 1;
    for (;;) {
        while (left < right && compare(sort, order[left], pivot) < 0)
            left++;
        while (left < right && compare(sort, order[right - 1], pivot) > 0)
            right--;
        if (left >= right)
            break;
        right--;
        swap(order, left, right);
        left++;
    }
    swap(order, left, end - 1);
    return left;
}

enum { SMALL = 16 };

/* Ranges this short are sorted at once. */
static void
insertion_sort(heapy_incremental_sort *sort, size_t first, size_t end)
{
    uint32_t *order = sort->order;
    for (size_t i = first + 1; i < end; i++)
        for (size_t j = i; j > first && compare(sort, order[j - 1], order[j]) > 0; j--)
            swap(order, j - 1, j);
}

heapy_status
heapy_incremental_sort_first(heapy_incremental_sort *sort, size_t count, const uint32_t **out,
                             heapy_error *err)
{
    if (count > sort->count)
        count = sort->count;
    while (sort->done < count) {
        size_t end = sort->pivots[sort->pivot_count - 1];
        if (end - sort->done <= SMALL) {
            insertion_sort(sort, sort->done, end);
            /* The pivot itself is in its place too, unless it is the end of everything. */
            sort->done = end < sort->count ? end + 1 : end;
            sort->pivot_count -= end < sort->count;
            continue;
        }
        size_t *pivots =
            heapy_grow(sort->pivots, sort->pivot_count, &sort->pivot_capacity, sizeof *pivots);
        if (!pivots)
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to sort %zu rows", sort->count);
        sort->pivots = pivots;
        pivots[sort->pivot_count++] = partition(sort, sort->done, end);
    }
    *out = sort->order;
    return HEAPY_OK;
}
