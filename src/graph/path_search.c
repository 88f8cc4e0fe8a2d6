/* SPDX-License-Identifier: MIT */
/*
 * The search for shortest paths: forwards, level by level, until a level has a target; then backwards over
 * the levels, keeping what leads to a target.
 */
#include <stdlib.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"
#include "node_set_internal.h"
#include "paths_internal.h"

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
