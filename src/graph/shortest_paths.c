/* SPDX-License-Identifier: MIT */
/*
 * Shortest paths: a search forwards, level by level, then backwards over the levels, keeping what leads to a
 * target (path_search.c); then counting, from the targets to the sources (path_counts.c); here they are
 * listed.
 *
 *     s --> a ==> t        (==> two parallel edges)      level 0: s   level 1: a, b   level 2: t
 *     s --> b --> t    b --> x                           x leads to no target: it is not kept
 *
 *     nodes          | t | a | b | s |            the targets' level first, as they are found
 *     level_starts   0   1       3   4            slot 0 is the targets' level, slot `length` the sources'
 *     total            1   2   1   3              paths from here to the targets
 *     first_step       -   0   2   3
 *     steps          | a->t | a->t | b->t | s->a | s->b |    of each node together; `next` is in the next
 * level
 *
 * Path number 1 of the three: s has 3; its step to a stands for paths 0 and 1, so it goes there, and of a's
 * steps the first stands for path 0, so the second it is.  No other path is looked at.
 *
 * Counts that fit 64 bits are kept for every node, others are stopped at UINT64_MAX.
 */
#include "heapy/shortest_paths.h"

#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "heapy/memory.h"
#include "paths_internal.h"

void
heapy_shortest_paths_destroy(heapy_shortest_paths *paths)
{
    if (!paths)
        return;
    heapy_free(paths->level_starts);
    heapy_free(paths->nodes);
    heapy_free(paths->steps);
    heapy_free(paths->level_nodes);
    heapy_free(paths);
}

size_t
heapy_paths_length(const heapy_shortest_paths *paths)
{
    return paths ? paths->length : 0;
}

const heapy_node *
heapy_paths_level(const heapy_shortest_paths *paths, size_t level, size_t *count)
{
    if (!count)
        return NULL;
    *count = 0;
    if (!paths || !paths->length || level > paths->length)
        return NULL;
    return paths->level_nodes + (heapy__paths_level_of(paths, level, count) - paths->nodes);
}

const heapy_path_step *
heapy_paths_steps(const heapy_shortest_paths *paths, size_t level, size_t index, size_t *count)
{
    size_t nodes;
    if (!count)
        return NULL;
    *count = 0;
    if (!paths || level >= paths->length)
        return NULL; /* the targets have no steps */
    const path_node *level_nodes = heapy__paths_level_of(paths, level, &nodes);
    if (index >= nodes)
        return NULL;
    *count = level_nodes[index].step_count;
    return paths->steps + level_nodes[index].first_step;
}

/* ---- order ---- */

void
heapy_paths_set_order(heapy_shortest_paths *paths, heapy_path_order order)
{
    if (paths)
        paths->order = order;
}

static int
compare_path_nodes(const void *a, const void *b)
{
    heapy_node x = ((const path_node *)a)->node, y = ((const path_node *)b)->node;
    return (x > y) - (x < y);
}

static heapy_status
order_sources(heapy_shortest_paths *paths, heapy_error *err)
{
    if (paths->sources_are_ordered || !paths->order.order_nodes || !paths->length)
        return HEAPY_OK;
    size_t count;
    path_node *sources = heapy__paths_level_of(paths, 0, &count);
    heapy_node *nodes = paths->level_nodes + (sources - paths->nodes);
    heapy_status status = paths->order.order_nodes(paths->order.context, nodes, count, err);
    path_node *sorted = NULL;
    if (!status)
        sorted = heapy_alloc_array(count, sizeof *sorted);
    if (!status && !sorted)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to put %zu sources in order", count);
    if (!status) {
        memcpy(sorted, sources, count * sizeof *sorted);
        qsort(sorted, count, sizeof *sorted, compare_path_nodes);
        for (size_t i = 0; !status && i < count; i++) {
            const path_node key = {.node = nodes[i]};
            const path_node *found = bsearch(&key, sorted, count, sizeof key, compare_path_nodes);
            if (found)
                sources[i] = *found;
            else
                status = heapy__fail(err, HEAPY_INVALID, "ordering the sources gave node %u, which is none",
                                     nodes[i]);
        }
        paths->sources_are_ordered = !status;
    }
    heapy_free(sorted);
    return status;
}

heapy_status
heapy__paths_order_steps(heapy_shortest_paths *paths, size_t level, path_node *node, heapy_error *err)
{
    if (node->is_ordered || !paths->order.order_steps || node->step_count < 2)
        return HEAPY_OK;
    heapy_path_step *steps = paths->steps + node->first_step;
    heapy_status status =
        paths->order.order_steps(paths->order.context, node->node, steps, node->step_count, err);
    size_t next_count;
    heapy__paths_level_of(paths, level + 1, &next_count);
    for (uint32_t i = 0; i < node->step_count; i++)
        if (steps[i].next >= next_count) { /* it wrote where it was to permute */
            steps[i].next = 0;
            status = heapy__fail(err, HEAPY_INVALID,
                                 "ordering the steps from node %u made step %u another one", node->node, i);
        }
    node->is_ordered = !status;
    return status;
}

/* ---- the path with a number ---- */

heapy_status
heapy__no_such_path(heapy_error *err)
{
    return heapy__fail(err, HEAPY_INVALID, "there are not so many paths");
}

/* The number falls into one of the totals of the sources, and relative to that into one of the totals of what
   the steps lead to, and so on. */
static heapy_status
seek_small(heapy_shortest_paths *paths, uint64_t number, uint32_t *positions, heapy_error *err)
{
    size_t count;
    path_node *nodes = heapy__paths_level_of(paths, 0, &count);
    size_t at = 0;
    for (; at < count && number >= nodes[at].total; at++)
        number -= nodes[at].total;
    if (at == count)
        return heapy__no_such_path(err);
    positions[0] = (uint32_t)at;
    for (size_t level = 0; level < paths->length; level++) {
        path_node *node = heapy__paths_level_of(paths, level, &count) + at;
        const path_node *next = heapy__paths_level_of(paths, level + 1, &count);
        heapy_status status = heapy__paths_order_steps(paths, level, node, err);
        if (status)
            return status;
        const heapy_path_step *steps = paths->steps + node->first_step;
        uint32_t k = 0;
        for (; k < node->step_count && number >= next[steps[k].next].total; k++)
            number -= next[steps[k].next].total;
        if (k == node->step_count)
            return heapy__no_such_path(err);
        positions[level + 1] = k;
        at = steps[k].next;
    }
    return HEAPY_OK;
}

heapy_status
heapy_paths_seek(heapy_shortest_paths *paths, const uint32_t *digits, size_t digit_count, uint32_t *positions,
                 heapy_error *err)
{
    if (!paths || (!digits && digit_count) || !positions)
        return heapy__fail_null(err, "paths, digits or positions");
    if (!paths->length)
        return heapy__no_such_path(err);
    heapy_status status = order_sources(paths, err);
    if (status)
        return status;
    if (digits)
        digit_count = heapy__used_digits(digits, digit_count);
    else
        digit_count = 0;
    uint64_t number = digit_count ? digits[0] : 0;
    if (digit_count == 2)
        number |= (uint64_t)digits[1] << 32;
    if (digit_count <= 2 && number != UINT64_MAX)
        return seek_small(paths, number, positions, err);
    return heapy__paths_seek_large(paths, digits, digit_count, positions, err);
}

/* The node that a path takes at `level` + 1, whose step from `node` is at `position`. */
static path_node *
node_after(const heapy_shortest_paths *paths, size_t level, const path_node *node, uint32_t position)
{
    size_t count;
    return heapy__paths_level_of(paths, level + 1, &count) + paths->steps[node->first_step + position].next;
}

static heapy_status
no_such_position(size_t level, uint32_t position, heapy_error *err)
{
    return heapy__fail(err, HEAPY_INVALID, "no path takes step %u after %zu steps", position, level);
}

/* The source at positions[0].  NULL: there are not so many. */
static path_node *
source_at(const heapy_shortest_paths *paths, const uint32_t *positions)
{
    size_t count;
    path_node *sources = heapy__paths_level_of(paths, 0, &count);
    if (positions[0] >= count)
        return NULL;
    return sources + positions[0];
}

/* The first steps from `level` on, where the path is at `node`. */
static heapy_status
take_first_steps(heapy_shortest_paths *paths, uint32_t *positions, size_t level, path_node *node,
                 heapy_error *err)
{
    for (; level < paths->length; level++) {
        positions[level + 1] = 0;
        heapy_status status = heapy__paths_order_steps(paths, level, node, err);
        if (status)
            return status;
        node = node_after(paths, level, node, 0);
    }
    return HEAPY_OK;
}

heapy_status
heapy_paths_next(heapy_shortest_paths *paths, uint32_t *positions, bool *found, heapy_error *err)
{
    if (!paths || !positions || !found)
        return heapy__fail_null(err, "paths, positions or found");
    if (!paths->length)
        return heapy__no_such_path(err);
    path_node *node = source_at(paths, positions), *turn = NULL;
    size_t count, deepest = 0; /* the deepest level with another step, where the path is at `turn` */
    if (!node)
        return no_such_position(0, positions[0], err);
    for (size_t level = 0; level < paths->length; level++) {
        uint32_t position = positions[level + 1];
        if (position >= node->step_count)
            return no_such_position(level, position, err);
        if (position + 1 < node->step_count) {
            deepest = level;
            turn = node;
        }
        node = node_after(paths, level, node, position);
    }
    *found = true;
    if (turn) {
        heapy_status status = heapy__paths_order_steps(paths, deepest, turn, err);
        if (status)
            return status;
        uint32_t position = ++positions[deepest + 1];
        return take_first_steps(paths, positions, deepest + 1, node_after(paths, deepest, turn, position),
                                err);
    }
    heapy__paths_level_of(paths, 0, &count);
    *found = positions[0] + 1 < count;
    if (!*found)
        return HEAPY_OK;
    positions[0]++;
    return take_first_steps(paths, positions, 0, source_at(paths, positions), err);
}

heapy_status
heapy_paths_at(heapy_shortest_paths *paths, const uint32_t *positions, heapy_node *source,
               heapy_path_step *steps, heapy_error *err)
{
    if (!paths || !positions || !source || !steps)
        return heapy__fail_null(err, "paths, positions, source or steps");
    if (!paths->length)
        return heapy__no_such_path(err);
    path_node *node = source_at(paths, positions);
    if (!node)
        return no_such_position(0, positions[0], err);
    heapy_node first = node->node;
    for (size_t level = 0; level < paths->length; level++) {
        uint32_t position = positions[level + 1];
        if (position >= node->step_count)
            return no_such_position(level, position, err);
        heapy_status status = heapy__paths_order_steps(paths, level, node, err);
        if (status)
            return status;
        steps[level] = paths->steps[node->first_step + position];
        node = node_after(paths, level, node, position);
    }
    *source = first;
    return HEAPY_OK;
}

heapy_status
heapy_paths_get(heapy_shortest_paths *paths, const uint32_t *digits, size_t digit_count, heapy_node *source,
                heapy_path_step *steps, heapy_error *err)
{
    if (!paths || (!digits && digit_count) || !source || !steps)
        return heapy__fail_null(err, "paths, digits, source or steps");
    uint32_t *positions = heapy_alloc_array(paths->length + 1, sizeof *positions);
    if (!positions)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a path of %zu steps", paths->length);
    heapy_status status = heapy_paths_seek(paths, digits, digit_count, positions, err);
    if (!status)
        status = heapy_paths_at(paths, positions, source, steps, err);
    heapy_free(positions);
    return status;
}
