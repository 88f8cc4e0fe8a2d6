/* SPDX-License-Identifier: MIT */
/* Shortest paths while they are searched, and as that leaves them for what counts and lists them. */
#ifndef HEAPY_PATHS_INTERNAL_H
#define HEAPY_PATHS_INTERNAL_H

#include <assert.h>

#include "../base/bitmap.h"
#include "heapy/path_levels.h"
#include "heapy/shortest_paths.h"

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

/* The nodes of a level, in the order in which paths take them. */
static inline path_node *
heapy__paths_level_of(const heapy_shortest_paths *paths, size_t level, size_t *count)
{
    assert(level <= paths->length);
    size_t slot = paths->length - level;
    *count = paths->level_starts[slot + 1] - paths->level_starts[slot];
    return paths->nodes + paths->level_starts[slot];
}

/* HEAPY_INVALID: the number is too large. */
heapy_status heapy__no_such_path(heapy_error *err);

/* Put the steps from a node of a level in order, unless they are. */
heapy_status heapy__paths_order_steps(heapy_shortest_paths *paths, size_t level, path_node *node,
                                      heapy_error *err);

/* How many of the digits are used: the others, above them, are 0. */
size_t heapy__used_digits(const uint32_t *digits, size_t width);

/* heapy_paths_seek() of a number that may be larger than 64 bits; sources are in order. */
heapy_status heapy__paths_seek_large(heapy_shortest_paths *paths, const uint32_t *digits, size_t digit_count,
                                     uint32_t *positions, heapy_error *err);

/* ---- edges that are not used ---- */

typedef struct heapy__unused_edges {
    heapy_node_pair *pairs; /* sorted */
    size_t count;
    uint64_t *sources; /* a bit a node: it is the source of one; NULL: there are none */
} heapy__unused_edges;

/* A copy of the pairs; those that are not in the graph fall away.  False: no memory. */
bool heapy__unused_edges_init(heapy__unused_edges *unused, size_t node_count, const heapy_node_pair *pairs,
                              size_t count);
void heapy__unused_edges_deinit(heapy__unused_edges *unused);
bool heapy__unused_edges_find(const heapy__unused_edges *unused, heapy_node source, heapy_node target);
size_t heapy__unused_edges_bytes(const heapy__unused_edges *unused, size_t node_count);

/* Has a node any?  Hardly one has, so its edges are only looked up where this says so. */
static inline bool
heapy__has_unused_edges(const heapy__unused_edges *unused, heapy_node source)
{
    return unused->sources && heapy__bitmap_get(unused->sources, source);
}

/* ---- forwards ---- */

/* The nodes that a search meets, level after level. */
typedef struct heapy__path_queue {
    heapy_node *nodes;
    size_t count;
    size_t *starts; /* of each level in nodes; the last entry ends the last level */
    size_t start_count, start_capacity;
} heapy__path_queue;

/* How far a search goes. */
typedef enum heapy__search_end {
    HEAPY__AT_A_TARGET, /* to the first level that has one */
    HEAPY__AT_ALL_TARGETS,
    HEAPY__AT_THE_END /* of what can be reached */
} heapy__search_end;

/*
 * Search from `sources` (what of them is in `avoid` is none).  avoid, and with HEAPY__AT_THE_END targets, may
 * be NULL.  *found: a target was met, other than as a source.  False: no memory; heapy__path_queue_deinit()
 * in any case.
 */
bool heapy__path_queue_init(heapy__path_queue *queue, const heapy_graph *graph, const heapy_node_set *sources,
                            const heapy_node_set *avoid, const heapy__unused_edges *unused,
                            const heapy_node_set *targets, heapy__search_end end, bool *found);
void heapy__path_queue_deinit(heapy__path_queue *queue);

/* Were there edges that the search did not use? */
bool heapy__path_levels_skip(const heapy_path_levels *levels);

/* ---- backwards ---- */

/* Paths under construction, from the level of the targets to that of the sources. */
typedef struct heapy__path_keeper {
    heapy_shortest_paths *paths;
    const heapy__unused_edges *unused;
    uint64_t *is_next; /* a bit a node: it is in the level that was made last */
    uint32_t *numbers; /* by node: its number in that level */
    size_t next;       /* where that level begins in paths->nodes */
    size_t level;      /* which one it is */
} heapy__path_keeper;

/* Begin with the targets, `length` steps away.  False: no memory; heapy__path_keeper_deinit() in any case. */
bool heapy__path_keeper_init(heapy__path_keeper *keeper, heapy_shortest_paths *paths,
                             const heapy__unused_edges *unused, size_t length, const heapy_node *targets,
                             size_t count);
void heapy__path_keeper_deinit(heapy__path_keeper *keeper);

/* Make the level before from those of its nodes from which an edge leads on; the order stays.  False: no
   memory. */
bool heapy__keep_level(heapy__path_keeper *keeper, const heapy_node *candidates, size_t count);

/* The nodes of the level that was made last. */
const path_node *heapy__kept_level(const heapy__path_keeper *keeper, size_t *count);

/* Finish the paths; called after the level of the sources was kept.  False: no memory. */
bool heapy__keep_paths(heapy__path_keeper *keeper);

#endif
