/* SPDX-License-Identifier: MIT */
#include "heapy/incremental_sort.h"

#include <stdbool.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "heapy/memory.h"

/*
 *     order    | sorted: 0 .. done-1 | ... | e2 | ... | e1 | ... | e0 = count
 *     ends     e0, e1, e2, ...: everything left of e comes before what is at e and right of it; if e is a
 *              pivot, order[e] is in its place
 */
typedef struct range_end {
    size_t at;
    bool is_pivot;
} range_end;

struct heapy_incremental_sort {
    heapy_compare compare;
    void *context;
    uint32_t *order;
    size_t count, done;
    range_end *ends;
    size_t end_count, end_capacity;
    uint64_t random;
};

static heapy_status
no_memory(size_t count, heapy_error *err)
{
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to sort %zu rows", count);
}

static bool
push_end(heapy_incremental_sort *sort, range_end end)
{
    range_end *ends = heapy_grow(sort->ends, sort->end_count, &sort->end_capacity, sizeof *ends);
    if (!ends)
        return false;
    sort->ends = ends;
    ends[sort->end_count++] = end;
    return true;
}

/* Put the elements in order of their groups, by counting, and push the ends of the groups, the last first. */
static bool
arrange(heapy_incremental_sort *sort, const uint32_t *groups, const uint32_t *ranks, size_t group_count)
{
    size_t *starts = heapy_alloc_zeroed(group_count + 1, sizeof *starts); /* by rank */
    size_t *nexts = heapy_alloc_zeroed(group_count, sizeof *nexts);       /* by group */
    bool is_done = starts && nexts;
    for (size_t i = 0; is_done && i < sort->count; i++)
        nexts[groups[i]]++;
    for (size_t g = 0; is_done && g < group_count; g++)
        starts[(ranks ? ranks[g] : g) + 1] = nexts[g];
    for (size_t r = 0; is_done && r < group_count; r++)
        starts[r + 1] += starts[r];
    for (size_t r = group_count; is_done && r > 1; r--)
        is_done = push_end(sort, (range_end){starts[r - 1], false});
    for (size_t g = 0; is_done && g < group_count; g++)
        nexts[g] = starts[ranks ? ranks[g] : g];
    for (size_t i = 0; is_done && i < sort->count; i++)
        sort->order[nexts[groups[i]]++] = (uint32_t)i;
    heapy_free(starts);
    heapy_free(nexts);
    return is_done;
}

/* Are all groups below group_count, and the ranks a permutation? */
static heapy_status
check_groups(size_t count, const uint32_t *groups, const uint32_t *ranks, size_t group_count,
             heapy_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (groups[i] >= group_count)
            return heapy__fail(err, HEAPY_INVALID, "row %zu is in group %u of %zu", i, groups[i],
                               group_count);
    if (!ranks)
        return HEAPY_OK;
    uint64_t *taken = heapy_alloc_zeroed(heapy__bitmap_words(group_count), sizeof *taken);
    heapy_status status = HEAPY_OK;
    if (!taken)
        status = no_memory(count, err);
    for (size_t g = 0; !status && g < group_count; g++) {
        if (ranks[g] >= group_count || heapy__bitmap_get(taken, ranks[g]))
            status = heapy__fail(err, HEAPY_INVALID, "group %zu has place %u of %zu, which is not free", g,
                                 ranks[g], group_count);
        else
            heapy__bitmap_set(taken, ranks[g]);
    }
    heapy_free(taken);
    return status;
}

heapy_status
heapy_incremental_sort_create(size_t count, const uint32_t *groups, const uint32_t *ranks, size_t group_count,
                              heapy_compare compare, void *context, heapy_incremental_sort **out,
                              heapy_error *err)
{
    if (!compare || !out)
        return heapy__fail_null(err, "compare or out");
    if (count > UINT32_MAX)
        return heapy__fail(err, HEAPY_LIMIT, "%zu rows are more than can be sorted", count);
    heapy_status status = HEAPY_OK;
    if (groups)
        status = check_groups(count, groups, ranks, group_count, err);
    if (status)
        return status;
    heapy_incremental_sort *sort = heapy_alloc_zeroed(1, sizeof *sort);
    bool is_done = sort;
    if (is_done) {
        sort->compare = compare;
        sort->context = context;
        sort->count = count;
        sort->random = UINT64_C(0x9e3779b97f4a7c15);
        sort->order = heapy_alloc_array(count, sizeof *sort->order);
        is_done = sort->order && push_end(sort, (range_end){count, false});
    }
    if (is_done && groups)
        is_done = arrange(sort, groups, ranks, group_count);
    for (size_t i = 0; is_done && !groups && i < count; i++)
        sort->order[i] = (uint32_t)i;
    if (!is_done) {
        heapy_incremental_sort_destroy(sort);
        return no_memory(count, err);
    }
    *out = sort;
    return HEAPY_OK;
}

void
heapy_incremental_sort_destroy(heapy_incremental_sort *sort)
{
    if (!sort)
        return;
    heapy_free(sort->order);
    heapy_free(sort->ends);
    heapy_free(sort);
}

static int
compare(const heapy_incremental_sort *sort, uint32_t a, uint32_t b)
{
    int order = sort->compare(a, b, sort->context);
    if (order)
        return order;
    return (a > b) - (a < b);
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

/* Are these elements in order as they are?  Stops at the first that is not. */
static bool
is_sorted(const heapy_incremental_sort *sort, size_t first, size_t end)
{
    for (size_t i = first + 1; i < end; i++)
        if (compare(sort, sort->order[i - 1], sort->order[i]) > 0)
            return false;
    return true;
}

heapy_status
heapy_incremental_sort_first(heapy_incremental_sort *sort, size_t count, const uint32_t **out,
                             heapy_error *err)
{
    if (!sort || !out)
        return heapy__fail_null(err, "sort or out");
    if (count > sort->count)
        count = sort->count;
    while (sort->done < count) {
        range_end end = sort->ends[sort->end_count - 1];
        bool is_small = end.at - sort->done <= SMALL;
        if (is_small || (!end.is_pivot && is_sorted(sort, sort->done, end.at))) { /* groups often are */
            if (is_small)
                insertion_sort(sort, sort->done, end.at);
            sort->done = end.at + end.is_pivot;
            sort->end_count -= end.at < sort->count;
        } else if (!push_end(sort, (range_end){partition(sort, sort->done, end.at), true})) {
            return no_memory(sort->count, err);
        }
    }
    *out = sort->order;
    return HEAPY_OK;
}
