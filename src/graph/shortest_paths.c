/* SPDX-License-Identifier: MIT */
/*
 * Shortest paths: a search forwards, level by level; then backwards over the levels, keeping what leads to a
 * target; then counting, from the targets to the sources.
 *
 *     s --> a ==> t        (==> two parallel edges)      level 0: s   level 1: a, b   level 2: t
 *     s --> b --> t    b --> x                           x leads to no target: it is not kept
 *
 *     nodes          | t | a | b | s |            the targets' level first, as they are found
 *     level_starts   0   1       3   4            slot 0 is the targets' level, slot `length` the sources'
 *     total            1   2   1   3              paths from here to the targets
 *     first_step       -   0   2   3
 *     steps          | a->t | a->t | b->t | s->a | s->b |       of each node together, `next` in the next
 * level
 *
 * Path number 1 of the three: s has 3; its step to a stands for paths 0 and 1, so it goes there, and of a's
 * steps the first stands for path 0, so the second it is.  No other path is looked at.
 *
 * Counts that fit 64 bits are kept for every node, others are stopped at UINT64_MAX; exact ones are digits of
 * 32 bits, as many for each node of a level as the largest needs, and are made again when they are needed.
 */
#include "heapy/shortest_paths.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../base/ticker.h"
#include "graph_internal.h"
#include "heapy/memory.h"
#include "node_set_internal.h"

typedef struct path_node {
    heapy_node node;
    bool is_ordered;
    uint32_t step_count;
    uint64_t first_step;
    uint64_t total; /* paths from here to the targets; UINT64_MAX: that many or more */
} path_node;

struct heapy_shortest_paths {
    const heapy_graph *graph;
    size_t length;
    size_t *level_starts; /* length + 2: of level k, in `nodes`, counted from the targets: slot length - k */
    path_node *nodes;
    size_t node_count, node_capacity;
    heapy_path_step *steps;
    size_t step_count, step_capacity;
    heapy_node *level_nodes; /* what heapy_paths_level gives */
    heapy_path_order order;
    bool sources_are_ordered;
};

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

static path_node *
level_of(const heapy_shortest_paths *paths, size_t level, size_t *count)
{
    assert(level <= paths->length);
    size_t slot = paths->length - level;
    *count = paths->level_starts[slot + 1] - paths->level_starts[slot];
    return paths->nodes + paths->level_starts[slot];
}

/* ---- forwards ---- */

typedef struct search {
    const heapy_graph *graph;
    const heapy_node_set *targets;
    heapy_node_pair *pairs; /* sorted */
    size_t pair_count;
    uint64_t *seen;
    heapy_node *queue; /* the nodes seen, level after level */
    size_t queue_count;
    size_t *starts; /* of each level in the queue */
    size_t level_count, level_capacity;
    uint32_t *numbers; /* by node: its number in its level, of those on a path; NOT_ON_PATH */
} search;

#define NOT_ON_PATH UINT32_MAX

static int
compare_pairs(const void *a, const void *b)
{
    const heapy_node_pair *x = a, *y = b;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return (x->target > y->target) - (x->target < y->target);
}

static bool
is_avoided_edge(const search *s, heapy_node source, heapy_node target)
{
    const heapy_node_pair key = {source, target};
    return s->pair_count && bsearch(&key, s->pairs, s->pair_count, sizeof key, compare_pairs);
}

/* A new level begins at the end of the queue. */
static bool
begin_level(search *s)
{
    size_t *starts = heapy_grow(s->starts, s->level_count, &s->level_capacity, sizeof *starts);
    if (!starts)
        return false;
    s->starts = starts;
    starts[s->level_count++] = s->queue_count;
    return true;
}

static inline void
see(search *s, heapy_node node)
{
    if (heapy__bitmap_get(s->seen, node))
        return;
    heapy__bitmap_set(s->seen, node);
    s->queue[s->queue_count++] = node;
}

/* See what the last level refers to; does that have a target? */
static bool
expand_level(search *s, size_t first, size_t end)
{
    const uint32_t *targets = heapy_graph_targets(s->graph);
    bool found = false;
    for (size_t i = first; i < end; i++) {
        uint64_t edge, last;
        heapy__graph_edges(s->graph, s->queue[i], &edge, &last);
        for (; edge < last; edge++)
            if (!is_avoided_edge(s, s->queue[i], targets[edge]))
                see(s, targets[edge]);
    }
    for (size_t i = end; i < s->queue_count && !found; i++)
        found = heapy_node_set_contains(s->targets, s->queue[i]);
    return found;
}

/* Until a level has a target: 1; or there is nothing more: 0; -1: no memory. */
static int
search_forwards(search *s, const heapy_node_set *sources, const heapy_node_set *avoid)
{
    for (heapy_node n = avoid ? heapy_node_set_next(avoid, 0) : HEAPY_NO_NODE; n != HEAPY_NO_NODE;
         n = heapy_node_set_next(avoid, n + 1))
        heapy__bitmap_set(s->seen, n);
    if (!begin_level(s))
        return -1;
    for (heapy_node n = heapy_node_set_next(sources, 0); n != HEAPY_NO_NODE;
         n = heapy_node_set_next(sources, n + 1))
        see(s, n);
    size_t first = 0;
    for (;;) {
        size_t end = s->queue_count;
        if (first == end)
            return 0;
        if (!begin_level(s))
            return -1;
        if (expand_level(s, first, end))
            return begin_level(s) ? 1 : -1;
        first = end;
    }
}

/* ---- backwards ---- */

static bool
add_node(heapy_shortest_paths *paths, heapy_node node, uint64_t total)
{
    path_node *nodes =
        heapy_grow(paths->nodes, paths->node_count, &paths->node_capacity, sizeof *paths->nodes);
    if (!nodes)
        return false;
    paths->nodes = nodes;
    nodes[paths->node_count++] = (path_node){.node = node, .first_step = paths->step_count, .total = total};
    return true;
}

static bool
add_step(heapy_shortest_paths *paths, heapy_path_step step)
{
    heapy_path_step *steps =
        heapy_grow(paths->steps, paths->step_count, &paths->step_capacity, sizeof *paths->steps);
    if (!steps)
        return false;
    paths->steps = steps;
    steps[paths->step_count++] = step;
    return true;
}

static uint64_t
add_stopping(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Add `node`, if one of its edges leads to the level that begins at `next`. */
static bool
try_node(heapy_shortest_paths *paths, const search *s, heapy_node node, const uint64_t *is_next, size_t next)
{
    const uint32_t *targets = heapy_graph_targets(s->graph);
    const heapy_label *labels = heapy_graph_labels(s->graph);
    size_t first_step = paths->step_count;
    uint64_t edge, last, total = 0;
    heapy__graph_edges(s->graph, node, &edge, &last);
    for (; edge < last; edge++) {
        heapy_node target = targets[edge];
        if (!heapy__bitmap_get(is_next, target) || is_avoided_edge(s, node, target))
            continue;
        const heapy_label *parts;
        size_t names = heapy_graph_label_parts(s->graph, &labels[edge], &parts);
        for (size_t name = 0; name < names; name++) {
            if (!add_step(paths, (heapy_path_step){edge, (uint32_t)name, s->numbers[target]}))
                return false;
            total = add_stopping(total, paths->nodes[next + s->numbers[target]].total);
        }
    }
    if (paths->step_count == first_step)
        return true;
    if (!add_node(paths, node, total))
        return false;
    paths->nodes[paths->node_count - 1].first_step = first_step;
    paths->nodes[paths->node_count - 1].step_count = (uint32_t)(paths->step_count - first_step);
    return true;
}

/* Number the nodes of the level just made, and mark them and no others in `is_next`. */
static void
number_level(heapy_shortest_paths *paths, search *s, uint64_t *is_next, size_t previous, size_t first)
{
    for (size_t i = previous; i < first; i++)
        heapy__bitmap_clear(is_next, paths->nodes[i].node);
    for (size_t i = first; i < paths->node_count; i++) {
        heapy__bitmap_set(is_next, paths->nodes[i].node);
        s->numbers[paths->nodes[i].node] = (uint32_t)(i - first);
    }
}

/* The levels, from that of the targets to that of the sources.  seen: turned into the bitmap of one level. */
static bool
keep_paths(heapy_shortest_paths *paths, search *s)
{
    size_t length = s->level_count - 2; /* the last entry ends the last level */
    paths->length = length;
    paths->level_starts = heapy_alloc_zeroed(length + 2, sizeof *paths->level_starts);
    if (!paths->level_starts)
        return false;
    memset(s->seen, 0, heapy__bitmap_words(heapy_graph_node_count(s->graph)) * sizeof *s->seen);
    for (size_t i = s->starts[length]; i < s->starts[length + 1]; i++)
        if (heapy_node_set_contains(s->targets, s->queue[i]) && !add_node(paths, s->queue[i], 1))
            return false;
    number_level(paths, s, s->seen, 0, 0);
    size_t next = 0;
    for (size_t level = length; level-- > 0;) {
        /* `seen` has the level after this one and nothing else: whatever has an edge into it is on a path. */
        size_t first = paths->node_count;
        paths->level_starts[length - level] = first;
        for (size_t i = s->starts[level]; i < s->starts[level + 1]; i++)
            if (!try_node(paths, s, s->queue[i], s->seen, next))
                return false;
        number_level(paths, s, s->seen, next, first);
        next = first;
    }
    paths->level_starts[length + 1] = paths->node_count;
    paths->level_nodes = heapy_alloc_array(paths->node_count, sizeof *paths->level_nodes);
    for (size_t i = 0; paths->level_nodes && i < paths->node_count; i++)
        paths->level_nodes[i] = paths->nodes[i].node;
    return paths->level_nodes;
}

static bool
find_paths(heapy_shortest_paths *paths, search *s, const heapy_node_set *sources, const heapy_node_set *avoid,
           const heapy_node_pair *pairs)
{
    size_t nodes = heapy_graph_node_count(s->graph);
    s->seen = heapy_alloc_zeroed(heapy__bitmap_words(nodes), sizeof *s->seen);
    s->queue = heapy_alloc_array(nodes, sizeof *s->queue);
    s->pairs = heapy_alloc_array(s->pair_count, sizeof *s->pairs);
    if (!s->seen || !s->queue || !s->pairs)
        return false;
    if (s->pair_count) {
        memcpy(s->pairs, pairs, s->pair_count * sizeof *pairs);
        qsort(s->pairs, s->pair_count, sizeof *pairs, compare_pairs);
    }
    int found = search_forwards(s, sources, avoid);
    if (found <= 0)
        return !found;
    s->numbers = heapy_alloc_array(nodes, sizeof *s->numbers);
    return s->numbers && keep_paths(paths, s);
}

heapy_status
heapy_shortest_paths_create(const heapy_graph *graph, const heapy_node_set *sources,
                            const heapy_node_set *targets, const heapy_node_set *avoid,
                            const heapy_node_pair *pairs, size_t pair_count, heapy_shortest_paths **out,
                            heapy_error *err)
{
    if (!graph || !sources || !targets || (!pairs && pair_count) || !out)
        return heapy__fail_null(err, "graph, sources, targets, pairs or out");
    size_t nodes = heapy_graph_node_count(graph);
    heapy_status status = heapy__node_set_fits(sources, nodes, "sources", err);
    if (!status)
        status = heapy__node_set_fits(targets, nodes, "targets", err);
    if (!status)
        status = heapy__node_set_fits(avoid, nodes, "avoid", err);
    if (status)
        return status;
    search s = {.graph = graph, .targets = targets, .pair_count = pair_count};
    heapy_shortest_paths *paths = heapy_alloc_zeroed(1, sizeof *paths);
    if (paths)
        paths->graph = graph;
    bool is_done = paths && find_paths(paths, &s, sources, avoid, pairs);
    heapy_free(s.seen);
    heapy_free(s.queue);
    heapy_free(s.pairs);
    heapy_free(s.starts);
    heapy_free(s.numbers);
    if (!is_done) {
        heapy_shortest_paths_destroy(paths);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the shortest paths in a graph of %zu nodes",
                           nodes);
    }
    *out = paths;
    return HEAPY_OK;
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
    return paths->level_nodes + (level_of(paths, level, count) - paths->nodes);
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
    const path_node *level_nodes = level_of(paths, level, &nodes);
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
    path_node *sources = level_of(paths, 0, &count);
    heapy_node *nodes = paths->level_nodes + (sources - paths->nodes);
    heapy_status status = paths->order.order_nodes(paths->order.context, nodes, count, err);
    path_node *sorted = status ? NULL : heapy_alloc_array(count, sizeof *sorted);
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

static heapy_status
order_steps(heapy_shortest_paths *paths, size_t level, path_node *node, heapy_error *err)
{
    if (node->is_ordered || !paths->order.order_steps || node->step_count < 2)
        return HEAPY_OK;
    heapy_path_step *steps = paths->steps + node->first_step;
    heapy_status status =
        paths->order.order_steps(paths->order.context, node->node, steps, node->step_count, err);
    size_t next_count;
    level_of(paths, level + 1, &next_count);
    for (uint32_t i = 0; i < node->step_count; i++)
        if (steps[i].next >= next_count) { /* it wrote where it was to permute */
            steps[i].next = 0;
            status = heapy__fail(err, HEAPY_INVALID,
                                 "ordering the steps from node %u made step %u another one", node->node, i);
        }
    node->is_ordered = !status;
    return status;
}

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

static size_t
used_digits(const uint32_t *digits, size_t width)
{
    while (width && !digits[width - 1])
        width--;
    return width;
}

static bool
counts_of_targets(const heapy_shortest_paths *paths, level_counts *out)
{
    size_t count;
    level_of(paths, paths->length, &count);
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
        size_t used = used_digits(counts->digits + i * counts->width, counts->width);
        width = used > width ? used : width;
    }
    for (size_t i = 0; i < count; i++)
        memmove(counts->digits + i * width, counts->digits + i * counts->width,
                width * sizeof *counts->digits);
    counts->width = width;
}

/* Of a level, from those of the next. */
static bool
counts_of_level(const heapy_shortest_paths *paths, size_t level, const level_counts *next, level_counts *out)
{
    size_t count;
    const path_node *nodes = level_of(paths, level, &count);
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
    const path_node *sources = level_of(paths, 0, &count);
    uint32_t *sum = heapy_alloc_zeroed(counts->width + 2, sizeof *sum);
    if (!sum)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!from || heapy_node_set_contains(from, sources[i].node))
            add_digits(sum, counts->digits + i * counts->width, counts->width);
    *digit_count = used_digits(sum, counts->width + 2);
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
        return *out ? HEAPY_OK : no_memory_to_count(paths, err);
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
    return is_done ? HEAPY_OK : no_memory_to_count(paths, err);
}

/* ---- the path with a number ---- */

static heapy_status
no_such_path(heapy_error *err)
{
    return heapy__fail(err, HEAPY_INVALID, "there are not so many paths");
}

/* The number falls into one of the totals of the sources, and relative to that into one of the totals of what
   the steps lead to, and so on. */
static heapy_status
seek_small(heapy_shortest_paths *paths, uint64_t number, uint32_t *positions, heapy_error *err)
{
    size_t count;
    path_node *nodes = level_of(paths, 0, &count);
    size_t at = 0;
    for (; at < count && number >= nodes[at].total; at++)
        number -= nodes[at].total;
    if (at == count)
        return no_such_path(err);
    positions[0] = (uint32_t)at;
    for (size_t level = 0; level < paths->length; level++) {
        path_node *node = level_of(paths, level, &count) + at;
        const path_node *next = level_of(paths, level + 1, &count);
        heapy_status status = order_steps(paths, level, node, err);
        if (status)
            return status;
        const heapy_path_step *steps = paths->steps + node->first_step;
        uint32_t k = 0;
        for (; k < node->step_count && number >= next[steps[k].next].total; k++)
            number -= next[steps[k].next].total;
        if (k == node->step_count)
            return no_such_path(err);
        positions[level + 1] = k;
        at = steps[k].next;
    }
    return HEAPY_OK;
}

/* a < b */
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
    if (used_digits(number, total_width) <= width && is_less(number, count, width))
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
    level_of(paths, 0, &count);
    const level_counts *counts = exact_level(paths, exact, 0);
    if (!counts)
        return no_memory_to_count(paths, err);
    size_t at = 0;
    while (at < count && !falls_into(number, width, counts->digits + at * counts->width, counts->width))
        at++;
    if (at == count)
        return no_such_path(err);
    positions[0] = (uint32_t)at;
    for (size_t level = 0; level < paths->length; level++) {
        path_node *node = level_of(paths, level, &count) + at;
        heapy_status status = order_steps(paths, level, node, err);
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
            return no_such_path(err);
        positions[level + 1] = k;
        at = steps[k].next;
    }
    return HEAPY_OK;
}

/* The number is compared with counts of sources that may be smaller or larger than it: it gets room for both.
 */
static heapy_status
seek_large(heapy_shortest_paths *paths, const uint32_t *digits, size_t digit_count, uint32_t *positions,
           heapy_error *err)
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
        size_t used = used_digits(number, width);
        if (used > total_count || (used == total_count && !is_less(number, total, used)))
            status = no_such_path(err);
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

heapy_status
heapy_paths_seek(heapy_shortest_paths *paths, const uint32_t *digits, size_t digit_count, uint32_t *positions,
                 heapy_error *err)
{
    if (!paths || (!digits && digit_count) || !positions)
        return heapy__fail_null(err, "paths, digits or positions");
    if (!paths->length)
        return no_such_path(err);
    heapy_status status = order_sources(paths, err);
    if (status)
        return status;
    digit_count = digits ? used_digits(digits, digit_count) : 0;
    uint64_t number = digit_count ? digits[0] : 0;
    if (digit_count == 2)
        number |= (uint64_t)digits[1] << 32;
    if (digit_count <= 2 && number != UINT64_MAX)
        return seek_small(paths, number, positions, err);
    return seek_large(paths, digits, digit_count, positions, err);
}

/* The node that a path takes at `level` + 1, whose step from `node` is at `position`. */
static path_node *
node_after(const heapy_shortest_paths *paths, size_t level, const path_node *node, uint32_t position)
{
    size_t count;
    return level_of(paths, level + 1, &count) + paths->steps[node->first_step + position].next;
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
    path_node *sources = level_of(paths, 0, &count);
    return positions[0] < count ? sources + positions[0] : NULL;
}

/* The first steps from `level` on, where the path is at `node`. */
static heapy_status
take_first_steps(heapy_shortest_paths *paths, uint32_t *positions, size_t level, path_node *node,
                 heapy_error *err)
{
    for (; level < paths->length; level++) {
        positions[level + 1] = 0;
        heapy_status status = order_steps(paths, level, node, err);
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
        return no_such_path(err);
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
        heapy_status status = order_steps(paths, deepest, turn, err);
        if (status)
            return status;
        uint32_t position = ++positions[deepest + 1];
        return take_first_steps(paths, positions, deepest + 1, node_after(paths, deepest, turn, position),
                                err);
    }
    level_of(paths, 0, &count);
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
        return no_such_path(err);
    path_node *node = source_at(paths, positions);
    if (!node)
        return no_such_position(0, positions[0], err);
    heapy_node first = node->node;
    for (size_t level = 0; level < paths->length; level++) {
        uint32_t position = positions[level + 1];
        if (position >= node->step_count)
            return no_such_position(level, position, err);
        heapy_status status = order_steps(paths, level, node, err);
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
