/* SPDX-License-Identifier: MIT */
/*
 * The search for shortest paths: forwards, level by level, until a level has a target; then backwards over
 * the levels (path_keeping.c).
 */
#include <stdlib.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"
#include "node_set_internal.h"
#include "paths_internal.h"

/* ---- edges that are not used ---- */

static int
compare_pairs(const void *a, const void *b)
{
    const heapy_node_pair *x = a, *y = b;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return (x->target > y->target) - (x->target < y->target);
}

bool
heapy__unused_edges_init(heapy__unused_edges *unused, size_t node_count, const heapy_node_pair *pairs,
                         size_t count)
{
    *unused = (heapy__unused_edges){0};
    if (!count)
        return true;
    unused->pairs = heapy_alloc_array(count, sizeof *pairs);
    unused->sources = heapy_alloc_zeroed(heapy__bitmap_words(node_count), sizeof *unused->sources);
    if (!unused->pairs || !unused->sources)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (pairs[i].source >= node_count)
            continue;
        unused->pairs[unused->count++] = pairs[i];
        heapy__bitmap_set(unused->sources, pairs[i].source);
    }
    qsort(unused->pairs, unused->count, sizeof *pairs, compare_pairs);
    return true;
}

void
heapy__unused_edges_deinit(heapy__unused_edges *unused)
{
    heapy_free(unused->pairs);
    heapy_free(unused->sources);
    *unused = (heapy__unused_edges){0};
}

bool
heapy__unused_edges_find(const heapy__unused_edges *unused, heapy_node source, heapy_node target)
{
    const heapy_node_pair key = {source, target};
    return bsearch(&key, unused->pairs, unused->count, sizeof key, compare_pairs);
}

size_t
heapy__unused_edges_bytes(const heapy__unused_edges *unused, size_t node_count)
{
    return unused->count * sizeof *unused->pairs +
           (unused->sources ? heapy__bitmap_words(node_count) * sizeof *unused->sources : 0);
}

/* ---- forwards ---- */

typedef struct search {
    const heapy_graph *graph;
    const heapy__unused_edges *unused;
    heapy__path_queue *queue;
    uint64_t *seen;
} search;

/* A new level begins at the end of the queue. */
static bool
begin_level(heapy__path_queue *queue)
{
    size_t *starts = heapy_grow(queue->starts, queue->start_count, &queue->start_capacity, sizeof *starts);
    if (!starts)
        return false;
    queue->starts = starts;
    starts[queue->start_count++] = queue->count;
    return true;
}

static inline void
see(search *s, heapy_node node)
{
    if (heapy__bitmap_get(s->seen, node))
        return;
    heapy__bitmap_set(s->seen, node);
    s->queue->nodes[s->queue->count++] = node;
}

/* See what a level refers to. */
static void
expand_level(search *s, size_t first, size_t end)
{
    const uint32_t *targets = heapy_graph_targets(s->graph);
    for (size_t i = first; i < end; i++) {
        heapy_node node = s->queue->nodes[i];
        bool has_unused = heapy__has_unused_edges(s->unused, node);
        uint64_t edge, last;
        heapy__graph_edges(s->graph, node, &edge, &last);
        for (; edge < last; edge++)
            if (!has_unused || !heapy__unused_edges_find(s->unused, node, targets[edge]))
                see(s, targets[edge]);
    }
}

/* How many of the level that begins at `first`, the last one, are targets; one is enough if `any`. */
static size_t
count_targets(const heapy__path_queue *queue, size_t first, const heapy_node_set *targets, bool any)
{
    size_t found = 0;
    for (size_t i = first; i < queue->count && !(any && found); i++)
        found += heapy_node_set_contains(targets, queue->nodes[i]);
    return found;
}

static bool
search_levels(search *s, const heapy_node_set *targets, heapy__search_end end, bool *found)
{
    heapy__path_queue *queue = s->queue;
    size_t first = 0, wanted = end == HEAPY__AT_ALL_TARGETS
                                   ? heapy_node_set_count(targets) - count_targets(queue, 0, targets, false)
                                   : 1;
    *found = false;
    while (wanted && first < queue->count) {
        size_t level_end = queue->count;
        if (!begin_level(queue))
            return false;
        expand_level(s, first, level_end);
        first = level_end;
        if (end == HEAPY__AT_THE_END)
            continue;
        size_t met = count_targets(queue, first, targets, end == HEAPY__AT_A_TARGET);
        *found |= met > 0;
        wanted -= met;
    }
    return queue->starts[queue->start_count - 1] == queue->count || begin_level(queue);
}

bool
heapy__path_queue_init(heapy__path_queue *queue, const heapy_graph *graph, const heapy_node_set *sources,
                       const heapy_node_set *avoid, const heapy__unused_edges *unused,
                       const heapy_node_set *targets, heapy__search_end end, bool *found)
{
    size_t nodes = heapy_graph_node_count(graph);
    *queue = (heapy__path_queue){.nodes = heapy_alloc_array(nodes, sizeof *queue->nodes)};
    search s = {graph, unused, queue, heapy_alloc_zeroed(heapy__bitmap_words(nodes), sizeof *s.seen)};
    bool is_done = queue->nodes && s.seen && begin_level(queue);
    for (heapy_node n = avoid && is_done ? heapy_node_set_next(avoid, 0) : HEAPY_NO_NODE; n != HEAPY_NO_NODE;
         n = heapy_node_set_next(avoid, n + 1))
        heapy__bitmap_set(s.seen, n);
    for (heapy_node n = is_done ? heapy_node_set_next(sources, 0) : HEAPY_NO_NODE; n != HEAPY_NO_NODE;
         n = heapy_node_set_next(sources, n + 1))
        see(&s, n);
    is_done = is_done && search_levels(&s, targets, end, found);
    heapy_free(s.seen);
    return is_done;
}

void
heapy__path_queue_deinit(heapy__path_queue *queue)
{
    heapy_free(queue->nodes);
    heapy_free(queue->starts);
    *queue = (heapy__path_queue){0};
}

/* ---- both ways ---- */

/* The targets of the last level to the front of it, in their order; how many there are. */
static size_t
gather_targets(heapy_node *level, size_t count, const heapy_node_set *targets)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (heapy_node_set_contains(targets, level[i]))
            level[kept++] = level[i];
    return kept;
}

static bool
keep_levels(heapy_shortest_paths *paths, const heapy__path_queue *queue, const heapy__unused_edges *unused,
            const heapy_node_set *targets)
{
    size_t length = queue->start_count - 2; /* the last entry ends the last level */
    heapy_node *last = queue->nodes + queue->starts[length];
    size_t count = gather_targets(last, queue->starts[length + 1] - queue->starts[length], targets);
    heapy__path_keeper keeper;
    bool is_done = heapy__path_keeper_init(&keeper, paths, unused, length, last, count);
    for (size_t level = length; is_done && level-- > 0;)
        is_done = heapy__keep_level(&keeper, queue->nodes + queue->starts[level],
                                    queue->starts[level + 1] - queue->starts[level]);
    is_done = is_done && heapy__keep_paths(&keeper);
    heapy__path_keeper_deinit(&keeper);
    return is_done;
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
    heapy__unused_edges unused;
    heapy__path_queue queue = {0};
    bool found = false;
    heapy_shortest_paths *paths = heapy_alloc_zeroed(1, sizeof *paths);
    bool is_done =
        heapy__unused_edges_init(&unused, nodes, pairs, pair_count) && paths &&
        heapy__path_queue_init(&queue, graph, sources, avoid, &unused, targets, HEAPY__AT_A_TARGET, &found);
    if (paths)
        paths->graph = graph;
    if (is_done && found)
        is_done = keep_levels(paths, &queue, &unused, targets);
    heapy__path_queue_deinit(&queue);
    heapy__unused_edges_deinit(&unused);
    if (!is_done) {
        heapy_shortest_paths_destroy(paths);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the shortest paths in a graph of %zu nodes",
                           nodes);
    }
    *out = paths;
    return HEAPY_OK;
}
