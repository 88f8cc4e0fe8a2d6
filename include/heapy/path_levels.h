/* SPDX-License-Identifier: MIT */
/*
 * How many steps away from some sources every node is, and in which order a search meets them: kept, it gives
 * the shortest paths to any targets without searching again.
 *
 *     source --> a --> c      nodes    | source | a | b | c | d |      as they are met
 *            --> b --> c      levels   0        1       2              where each begins
 *                  --> d      place    c: 3, so it is 2 steps away
 *
 * The paths to c are found backwards: of what refers to c, what is one step away; and so on.  Only nodes on
 * paths are looked at, and what refers to them.
 */
#ifndef HEAPY_PATH_LEVELS_H
#define HEAPY_PATH_LEVELS_H

#include "heapy/referrers.h"
#include "heapy/shortest_paths.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_path_levels heapy_path_levels;

/*
 * Search `graph`, which must live as long as what is made, from `sources`.  It never changes.
 *
 * avoid, pairs  as for heapy_shortest_paths_create(); borrowed during the call.
 * until         the search ends when it has met all of these; NULL: when it has met all that can be reached.
 * out           owned, heapy_path_levels_destroy().
 *
 * O(nodes + edges).  Kept: 8 bytes a node; 8 for each level.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status
heapy_path_levels_create(const heapy_graph *graph, const heapy_node_set *sources, const heapy_node_set *avoid,
                         const heapy_node_pair *pairs, size_t pair_count, const heapy_node_set *until,
                         heapy_path_levels **out, heapy_error *err);
HEAPY_API void heapy_path_levels_destroy(heapy_path_levels *levels); /* NULL does nothing */

/* What stands for the distance of a node that the search has not met. */
#define HEAPY_NOT_MET SIZE_MAX

/* The steps to a node: 0 of a source.  O(log levels). */
HEAPY_API size_t heapy_path_levels_distance(const heapy_path_levels *levels, heapy_node node);

/*
 * The shortest paths to `targets`: what heapy_shortest_paths_create() gives for the same sources, node for
 * node.
 *
 * referrers  of the same graph, borrowed during the call; NULL: the levels before the targets are passed over
 *            instead, which is also done where more refers to what is on a path than there is.
 *
 * O(what is on paths and refers to it + nodes / 64); 4 bytes a node meanwhile.  HEAPY_INVALID: of another
 * graph.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_shortest_paths_along(const heapy_path_levels *levels,
                                                                   const heapy_referrers *referrers,
                                                                   const heapy_node_set *targets,
                                                                   heapy_shortest_paths **out,
                                                                   heapy_error *err);

/* Bytes of memory it owns. */
HEAPY_API size_t heapy_path_levels_bytes(const heapy_path_levels *levels);

#ifdef __cplusplus
}
#endif

#endif
