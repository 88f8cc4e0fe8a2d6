/* SPDX-License-Identifier: MIT */
/* The levels of a search, kept, and the shortest paths along them. */
#include "heapy/path_levels.h"

#include <stdlib.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"
#include "node_set_internal.h"
#include "paths_internal.h"
#include "referrers_internal.h"

#define NO_PLACE UINT32_MAX

struct heapy_path_levels {
    const heapy_graph *graph;
    heapy__unused_edges unused;
    heapy__path_queue queue;
    size_t level_count;
    uint32_t *places; /* by node: where it stands in the queue; NO_PLACE */
    uint64_t *edges;  /* level_count: of all nodes of the level */
};

/* ---- making ---- */

static bool
find_levels(heapy_path_levels *levels, const heapy_node_set *sources, const heapy_node_set *avoid,
            const heapy_node_pair *pairs, size_t pair_count, const heapy_node_set *until)
{
    heapy__path_queue *queue = &levels->queue;
    size_t nodes = heapy_graph_node_count(levels->graph);
    bool found;
    if (!heapy__unused_edges_init(&levels->unused, nodes, pairs, pair_count) ||
        !heapy__path_queue_init(queue, levels->graph, sources, avoid, &levels->unused, until,
                                until ? HEAPY__AT_ALL_TARGETS : HEAPY__AT_THE_END, &found))
        return false;
    levels->level_count = queue->start_count - 1;
    levels->places = heapy_alloc_array(nodes, sizeof *levels->places);
    levels->edges = heapy_alloc_zeroed(levels->level_count, sizeof *levels->edges);
    if (!levels->places || !levels->edges)
        return false;
    memset(levels->places, 0xff, nodes * sizeof *levels->places); /* NO_PLACE */
    for (size_t level = 0; level < levels->level_count; level++)
        for (size_t i = queue->starts[level]; i < queue->starts[level + 1]; i++) {
            uint64_t first, end;
            heapy__graph_edges(levels->graph, queue->nodes[i], &first, &end);
            levels->places[queue->nodes[i]] = (uint32_t)i;
            levels->edges[level] += end - first;
        }
    return true;
}

heapy_status
heapy_path_levels_create(const heapy_graph *graph, const heapy_node_set *sources, const heapy_node_set *avoid,
                         const heapy_node_pair *pairs, size_t pair_count, const heapy_node_set *until,
                         heapy_path_levels **out, heapy_error *err)
{
    if (!graph || !sources || (!pairs && pair_count) || !out)
        return heapy__fail_null(err, "graph, sources, pairs or out");
    size_t nodes = heapy_graph_node_count(graph);
    heapy_status status = heapy__node_set_fits(sources, nodes, "sources", err);
    if (!status)
        status = heapy__node_set_fits(avoid, nodes, "avoid", err);
    if (!status)
        status = heapy__node_set_fits(until, nodes, "until", err);
    if (status)
        return status;
    heapy_path_levels *levels = heapy_alloc_zeroed(1, sizeof *levels);
    if (levels)
        levels->graph = graph;
    if (!levels || !find_levels(levels, sources, avoid, pairs, pair_count, until)) {
        heapy_path_levels_destroy(levels);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the levels of a search in %zu nodes", nodes);
    }
    *out = levels;
    return HEAPY_OK;
}

void
heapy_path_levels_destroy(heapy_path_levels *levels)
{
    if (!levels)
        return;
    heapy__unused_edges_deinit(&levels->unused);
    heapy__path_queue_deinit(&levels->queue);
    heapy_free(levels->places);
    heapy_free(levels->edges);
    heapy_free(levels);
}

size_t
heapy_path_levels_bytes(const heapy_path_levels *levels)
{
    if (!levels)
        return 0;
    size_t nodes = heapy_graph_node_count(levels->graph);
    return sizeof *levels + heapy__unused_edges_bytes(&levels->unused, nodes) +
           nodes * (sizeof *levels->queue.nodes + sizeof *levels->places) +
           levels->queue.start_capacity * sizeof *levels->queue.starts +
           levels->level_count * sizeof *levels->edges;
}

/* ---- reading ---- */

bool
heapy__path_levels_skip(const heapy_path_levels *levels)
{
    return levels->unused.count > 0;
}

size_t
heapy_path_levels_distance(const heapy_path_levels *levels, heapy_node node)
{
    if (!levels || node >= heapy_graph_node_count(levels->graph) || levels->places[node] == NO_PLACE)
        return HEAPY_NOT_MET;
    const size_t *starts = levels->queue.starts;
    size_t low = 0, high = levels->level_count; /* starts[low] <= place < starts[high] */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (starts[middle] <= levels->places[node])
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* ---- along the levels ---- */

/* A node that may be on a path; by its place they are put in the order of the search. */
typedef struct candidate {
    uint32_t place;
    heapy_node node;
} candidate;

typedef struct candidate_list {
    candidate *candidates;
    size_t count, capacity;
    heapy_node *nodes; /* the same in order; of as much room */
    size_t room;
    uint64_t *is_taken; /* a bit a node: it is in the list */
} candidate_list;

static void
candidate_list_deinit(candidate_list *list)
{
    heapy_free(list->candidates);
    heapy_free(list->nodes);
    heapy_free(list->is_taken);
}

static bool
add_candidate(candidate_list *list, const heapy_path_levels *levels, heapy_node node)
{
    candidate *grown = heapy_grow(list->candidates, list->count, &list->capacity, sizeof *grown);
    if (!grown)
        return false;
    list->candidates = grown;
    grown[list->count++] = (candidate){levels->places[node], node};
    return true;
}

static int
compare_places(const void *a, const void *b)
{
    uint32_t x = ((const candidate *)a)->place, y = ((const candidate *)b)->place;
    return (x > y) - (x < y);
}

/* Put the candidates into `nodes`, in order.  False: no memory. */
static bool
order_candidates(candidate_list *list)
{
    if (list->count > list->room) {
        heapy_free(list->nodes);
        list->room = list->capacity;
        list->nodes = heapy_alloc_array(list->room, sizeof *list->nodes);
        if (!list->nodes)
            return false;
    }
    if (list->count)
        qsort(list->candidates, list->count, sizeof *list->candidates, compare_places);
    for (size_t i = 0; i < list->count; i++)
        list->nodes[i] = list->candidates[i].node;
    return true;
}

/* The nearest targets that are no sources; *length: how far they are, 0: there are none. */
static bool
nearest_targets(const heapy_path_levels *levels, const heapy_node_set *targets, candidate_list *list,
                size_t *length)
{
    const size_t *starts = levels->queue.starts;
    *length = 0;
    for (heapy_node n = heapy_node_set_next(targets, 0); n != HEAPY_NO_NODE;
         n = heapy_node_set_next(targets, n + 1)) {
        uint32_t place = levels->places[n];
        if (place == NO_PLACE || place < starts[1] || (*length && place >= starts[*length + 1]))
            continue;
        if (!*length || place < starts[*length]) { /* nearer than those so far */
            *length = heapy_path_levels_distance(levels, n);
            list->count = 0;
        }
        if (!add_candidate(list, levels, n))
            return false;
    }
    return order_candidates(list);
}

/* What refers to a level and is at the one before it, each once. */
static bool
referrers_of_level(const heapy_path_levels *levels, const heapy_referrers *referrers, const path_node *nodes,
                   size_t count, size_t level, candidate_list *list)
{
    const size_t *starts = levels->queue.starts;
    bool is_done = true;
    list->count = 0;
    for (size_t i = 0; is_done && i < count; i++) {
        size_t source_count;
        const heapy_node *sources = heapy_referrers_get(referrers, nodes[i].node, &source_count);
        for (size_t k = 0; is_done && k < source_count; k++) {
            uint32_t place = levels->places[sources[k]];
            if (place < starts[level] || place >= starts[level + 1] ||
                heapy__bitmap_get(list->is_taken, sources[k]))
                continue;
            heapy__bitmap_set(list->is_taken, sources[k]);
            is_done = add_candidate(list, levels, sources[k]);
        }
    }
    for (size_t i = 0; i < list->count; i++)
        heapy__bitmap_clear(list->is_taken, list->candidates[i].node);
    return is_done && order_candidates(list);
}

/* How many references lead to some nodes. */
static uint64_t
reference_count(const heapy_referrers *referrers, const path_node *nodes, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        size_t source_count;
        heapy_referrers_get(referrers, nodes[i].node, &source_count);
        sum += source_count;
    }
    return sum;
}

/* Keep what of a level leads on: among what refers to the next one, or among all of it, whichever is less to
   look at. */
static bool
keep_level(const heapy_path_levels *levels, const heapy_referrers *referrers, size_t level,
           candidate_list *list, heapy__path_keeper *keeper)
{
    const heapy__path_queue *queue = &levels->queue;
    size_t count;
    const path_node *next = heapy__kept_level(keeper, &count);
    if (!referrers || reference_count(referrers, next, count) >= levels->edges[level])
        return heapy__keep_level(keeper, queue->nodes + queue->starts[level],
                                 queue->starts[level + 1] - queue->starts[level]);
    return referrers_of_level(levels, referrers, next, count, level, list) &&
           heapy__keep_level(keeper, list->nodes, list->count);
}

static bool
keep_paths(const heapy_path_levels *levels, const heapy_referrers *referrers, const heapy_node_set *targets,
           heapy_shortest_paths *paths)
{
    size_t nodes = heapy_graph_node_count(levels->graph), length;
    candidate_list list = {.is_taken = heapy_alloc_zeroed(heapy__bitmap_words(nodes), sizeof(uint64_t))};
    heapy__path_keeper keeper = {0};
    bool is_done = list.is_taken && nearest_targets(levels, targets, &list, &length);
    if (is_done && length) {
        is_done = heapy__path_keeper_init(&keeper, paths, &levels->unused, length, list.nodes, list.count);
        for (size_t level = length; is_done && level-- > 0;)
            is_done = keep_level(levels, referrers, level, &list, &keeper);
        is_done = is_done && heapy__keep_paths(&keeper);
    }
    heapy__path_keeper_deinit(&keeper);
    candidate_list_deinit(&list);
    return is_done;
}

heapy_status
heapy_shortest_paths_along(const heapy_path_levels *levels, const heapy_referrers *referrers,
                           const heapy_node_set *targets, heapy_shortest_paths **out, heapy_error *err)
{
    if (!levels || !targets || !out)
        return heapy__fail_null(err, "levels, targets or out");
    size_t nodes = heapy_graph_node_count(levels->graph);
    heapy_status status = heapy__node_set_fits(targets, nodes, "targets", err);
    if (!status && referrers)
        status = heapy__referrers_fit(referrers, levels->graph, err);
    if (status)
        return status;
    heapy_shortest_paths *paths = heapy_alloc_zeroed(1, sizeof *paths);
    if (paths)
        paths->graph = levels->graph;
    if (!paths || !keep_paths(levels, referrers, targets, paths)) {
        heapy_shortest_paths_destroy(paths);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the shortest paths in a graph of %zu nodes",
                           nodes);
    }
    *out = paths;
    return HEAPY_OK;
}
