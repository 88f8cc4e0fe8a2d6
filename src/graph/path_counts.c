/* SPDX-License-Identifier: MIT */
/*
 * How many shortest paths there are, and the path of a number, where 64 bits are too few.
 *
 * Exact counts are digits of 32 bits, as many for each node of a level as the largest needs, and are made
 * again when they are needed.
 */
#include <string.h>

#include "../base/fail.h"
#include "../base/ticker.h"
#include "heapy/memory.h"
#include "node_set_internal.h"
#include "paths_internal.h"

/* ---- exact counts ---- */

/* The counts of a level: `width` digits for each of its nodes. */
typedef struct level_counts {
    uint32_t *digits;
    size_t width;
} level_counts;

/* sum += number; sum has more digits than are ever needed. */
static void
add_digits(uint32_t *sum, const uint32_t *number, size_t width)
{
    uint64_t carry = 0;
    for (size_t i = 0; i < width || carry; i++) {
        carry += (uint64_t)sum[i] + (i < width ? number[i] : 0);
        sum[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

size_t
heapy__used_digits(const uint32_t *digits, size_t width)
{
    while (width && !digits[width - 1])
        width--;
    return width;
}

static bool
counts_of_targets(const heapy_shortest_paths *paths, level_counts *out)
{
    size_t count;
    heapy__paths_level_of(paths, paths->length, &count);
    out->width = 1;
    out->digits = heapy_alloc_array(count, sizeof *out->digits);
    for (size_t i = 0; out->digits && i < count; i++)
        out->digits[i] = 1;
    return out->digits;
}

/* Fewer digits for each where the largest needs fewer. */
static void
narrow(level_counts *counts, size_t count)
{
    size_t width = 1;
    for (size_t i = 0; i < count; i++) {
        size_t used = heapy__used_digits(counts->digits + i * counts->width, counts->width);
        width = used > width ? used : width;
    }
    for (size_t i = 0; i < count; i++)
        memmove(counts->digits + i * width, counts->digits + i * counts->width,
                width * sizeof *counts->digits);
    counts->width = width;
}

/* Count the paths from the nodes of a level, from the counts of the next level. */
static bool
counts_of_level(const heapy_shortest_paths *paths, size_t level, const level_counts *next, level_counts *out)
{
    size_t count;
    const path_node *nodes = heapy__paths_level_of(paths, level, &count);
    out->width = next->width + 2; /* fewer than 2^64 steps */
    out->digits = heapy_alloc_zeroed(count, out->width * sizeof *out->digits);
    if (!out->digits)
        return false;
    for (size_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < nodes[i].step_count; k++) {
            uint32_t to = paths->steps[nodes[i].first_step + k].next;
            add_digits(out->digits + i * out->width, next->digits + to * next->width, next->width);
        }
    narrow(out, count);
    return true;
}

static heapy_status
no_memory_to_count(const heapy_shortest_paths *paths, heapy_error *err)
{
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to count paths of %zu steps", paths->length);
}

static bool
sum_of_sources(const heapy_shortest_paths *paths, const heapy_node_set *from, const level_counts *counts,
               uint32_t **out, size_t *digit_count)
{
    size_t count;
    const path_node *sources = heapy__paths_level_of(paths, 0, &count);
    uint32_t *sum = heapy_alloc_zeroed(counts->width + 2, sizeof *sum);
    if (!sum)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!from || heapy_node_set_contains(from, sources[i].node))
            add_digits(sum, counts->digits + i * counts->width, counts->width);
    *digit_count = heapy__used_digits(sum, counts->width + 2);
    *out = sum;
    return true;
}

heapy_status
heapy_paths_number(const heapy_shortest_paths *paths, const heapy_node_set *from,
                   const heapy_progress *progress, uint32_t **out, size_t *count, heapy_error *err)
{
    if (!paths || !out || !count)
        return heapy__fail_null(err, "paths, out or count");
    heapy_status status = heapy__node_set_fits(from, heapy_graph_node_count(paths->graph), "from", err);
    if (status)
        return status;
    level_counts counts = {0};
    heapy__ticker ticker = {progress, "paths", .total = paths->length};
    if (!paths->length) {
        *count = 0;
        *out = heapy_alloc_zeroed(1, sizeof **out);
        if (*out)
            return HEAPY_OK;
        return no_memory_to_count(paths, err);
    }
    bool is_done = counts_of_targets(paths, &counts);
    for (size_t level = paths->length; is_done && level-- > 0;) {
        level_counts next = counts;
        counts = (level_counts){0};
        is_done = counts_of_level(paths, level, &next, &counts);
        heapy_free(next.digits);
        /* A level of large numbers is as much work as many of small ones. */
        for (size_t i = 0; is_done && i <= counts.width; i++)
            is_done = heapy__tick(&ticker);
    }
    is_done = is_done && sum_of_sources(paths, from, &counts, out, count);
    heapy_free(counts.digits);
    if (ticker.is_stopped)
        return heapy__fail(err, HEAPY_CANCELLED, "counting paths was stopped");
    if (is_done)
        return HEAPY_OK;
    return no_memory_to_count(paths, err);
}

/* ---- the path with a large number ---- */

/* Is a less than b? */
static bool
is_less(const uint32_t *a, const uint32_t *b, size_t width)
{
    for (size_t i = width; i-- > 0;)
        if (a[i] != b[i])
            return a[i] < b[i];
    return false;
}

/* a -= b, which is not larger. */
static void
subtract_digits(uint32_t *a, const uint32_t *b, size_t width)
{
    uint64_t borrow = 0;
    for (size_t i = 0; i < width || borrow; i++) {
        uint64_t taken = (i < width ? b[i] : 0) + borrow;
        borrow = a[i] < taken;
        a[i] = (uint32_t)(a[i] - taken);
    }
}

/* Is the number (of total_width digits) below a count of fewer digits?  If not it is made less by that. */
static bool
falls_into(uint32_t *number, size_t total_width, const uint32_t *count, size_t width)
{
    if (heapy__used_digits(number, total_width) <= width && is_less(number, count, width))
        return true;
    subtract_digits(number, count, width);
    return false;
}

/*
 * Exact counts of a block of levels.  Those at the ends of blocks are kept from the first pass, the others
 * made again when the path comes to their block: about twice the square root of all levels is there at once.
 */
typedef struct exact_counts {
    size_t block; /* levels in one */
    size_t kept_count;
    level_counts *kept; /* of levels block, 2 * block ..., and of the targets */
    level_counts *made; /* of the levels of the current block */
    size_t made_first, made_count;
} exact_counts;

static void
exact_counts_deinit(exact_counts *exact)
{
    for (size_t i = 0; exact->kept && i < exact->kept_count; i++)
        heapy_free(exact->kept[i].digits);
    for (size_t i = 0; i < exact->made_count; i++)
        heapy_free(exact->made[i].digits);
    heapy_free(exact->kept);
    heapy_free(exact->made);
}

static size_t
block_end(const heapy_shortest_paths *paths, const exact_counts *exact, size_t which)
{
    size_t end = (which + 1) * exact->block;
    return end < paths->length ? end : paths->length;
}

static bool
exact_counts_init(const heapy_shortest_paths *paths, exact_counts *exact)
{
    exact->block = 1;
    while (exact->block * exact->block < paths->length)
        exact->block++;
    exact->kept_count = (paths->length + exact->block - 1) / exact->block;
    exact->kept = heapy_alloc_zeroed(exact->kept_count, sizeof *exact->kept);
    exact->made = heapy_alloc_zeroed(exact->block + 1, sizeof *exact->made);
    if (!exact->kept || !exact->made || !counts_of_targets(paths, &exact->kept[exact->kept_count - 1]))
        return false;
    level_counts counts = exact->kept[exact->kept_count - 1];
    bool is_kept = true, is_done = true;
    for (size_t level = paths->length; is_done && level-- > exact->block;) {
        level_counts next = counts;
        is_done = counts_of_level(paths, level, &next, &counts);
        if (!is_kept)
            heapy_free(next.digits);
        is_kept = is_done && level % exact->block == 0;
        if (is_kept)
            exact->kept[level / exact->block - 1] = counts;
    }
    if (is_done && !is_kept)
        heapy_free(counts.digits);
    return is_done;
}

/* The counts of a level, made with those of its block.  NULL: no memory. */
static const level_counts *
exact_level(const heapy_shortest_paths *paths, exact_counts *exact, size_t level)
{
    size_t which = level / exact->block;
    if (level == paths->length || (level && level % exact->block == 0))
        return &exact->kept[level == paths->length ? exact->kept_count - 1 : which - 1];
    size_t first = which * exact->block, end = block_end(paths, exact, which);
    if (!exact->made_count || exact->made_first != first) {
        for (size_t i = 0; i < exact->made_count; i++)
            heapy_free(exact->made[i].digits);
        memset(exact->made, 0, (exact->block + 1) * sizeof *exact->made);
        exact->made_first = first;
        exact->made_count = end - first;
        const level_counts *next = &exact->kept[which];
        for (size_t l = end; l-- > first;) {
            if (l && l % exact->block == 0)
                continue; /* kept */
            if (!counts_of_level(paths, l, next, &exact->made[l - first]))
                return NULL;
            next = &exact->made[l - first];
        }
    }
    return &exact->made[level - first];
}

static heapy_status
seek_exactly(heapy_shortest_paths *paths, exact_counts *exact, uint32_t *number, size_t width,
             uint32_t *positions, heapy_error *err)
{
    size_t count;
    heapy__paths_level_of(paths, 0, &count);
    const level_counts *counts = exact_level(paths, exact, 0);
    if (!counts)
        return no_memory_to_count(paths, err);
    size_t at = 0;
    while (at < count && !falls_into(number, width, counts->digits + at * counts->width, counts->width))
        at++;
    if (at == count)
        return heapy__no_such_path(err);
    positions[0] = (uint32_t)at;
    for (size_t level = 0; level < paths->length; level++) {
        path_node *node = heapy__paths_level_of(paths, level, &count) + at;
        heapy_status status = heapy__paths_order_steps(paths, level, node, err);
        if (status)
            return status;
        counts = exact_level(paths, exact, level + 1);
        if (!counts)
            return no_memory_to_count(paths, err);
        const heapy_path_step *steps = paths->steps + node->first_step;
        uint32_t k = 0;
        while (k < node->step_count &&
               !falls_into(number, width, counts->digits + steps[k].next * counts->width, counts->width))
            k++;
        if (k == node->step_count)
            return heapy__no_such_path(err);
        positions[level + 1] = k;
        at = steps[k].next;
    }
    return HEAPY_OK;
}

/* The number is compared with counts of sources that may be smaller or larger than it: it gets room for both.
 */
heapy_status
heapy__paths_seek_large(heapy_shortest_paths *paths, const uint32_t *digits, size_t digit_count,
                        uint32_t *positions, heapy_error *err)
{
    uint32_t *total = NULL;
    size_t total_count;
    heapy_status status = heapy_paths_number(paths, NULL, NULL, &total, &total_count, err);
    if (status)
        return status;
    size_t width = (digit_count > total_count ? digit_count : total_count) + 2;
    uint32_t *number = heapy_alloc_zeroed(width, sizeof *number);
    exact_counts exact = {0};
    if (!number) {
        status = no_memory_to_count(paths, err);
    } else {
        memcpy(number, digits, digit_count * sizeof *number);
        size_t used = heapy__used_digits(number, width);
        if (used > total_count || (used == total_count && !is_less(number, total, used)))
            status = heapy__no_such_path(err);
    }
    if (!status && !exact_counts_init(paths, &exact))
        status = no_memory_to_count(paths, err);
    if (!status)
        status = seek_exactly(paths, &exact, number, width, positions, err);
    exact_counts_deinit(&exact);
    heapy_free(number);
    heapy_free(total);
    return status;
}
