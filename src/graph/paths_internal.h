/* SPDX-License-Identifier: MIT */
/* Shortest paths as the search leaves them, for what counts and lists them. */
#ifndef HEAPY_PATHS_INTERNAL_H
#define HEAPY_PATHS_INTERNAL_H

#include <assert.h>

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

#endif
