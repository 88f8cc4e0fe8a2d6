/* SPDX-License-Identifier: MIT */
/*
 * All shortest paths between two sets of nodes: how many there are, and any one of them, without listing the
 * others.
 *
 * The search begins at all sources at once and stops at the first level where it meets a target; the paths
 * are all those of that length to the targets met there.  A source is no target.  What is kept is the part of
 * the graph that lies on a path: levels of nodes, and for each node the edges that lead on.  Parallel edges,
 * and the names of an edge that has several, make paths of their own.
 */
#ifndef HEAPY_SHORTEST_PATHS_H
#define HEAPY_SHORTEST_PATHS_H

#include "heapy/graph.h"
#include "heapy/node_set.h"
#include "heapy/progress.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_shortest_paths heapy_shortest_paths;

typedef struct heapy_node_pair {
    heapy_node source, target;
} heapy_node_pair;

/* One step: an edge of the graph, and which of its names. */
typedef struct heapy_path_step {
    uint64_t edge; /* its target and label are the graph's */
    uint32_t name; /* of heapy_graph_label_parts */
    uint32_t next; /* number of its target in the next level */
} heapy_path_step;

/*
 * The shortest paths in `graph`, which must live as long as what is made.
 *
 * sources, targets, avoid   of the graph's range, else HEAPY_INVALID.
 * avoid   nodes not to be entered nor begun at; NULL: none.
 * pairs   pair_count pairs: all edges between the two are not used.  Borrowed during the call.
 * out     owned, heapy_shortest_paths_destroy().
 * O(nodes + edges nearer than the targets); 8 bytes a node meanwhile.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_shortest_paths_create(
    const heapy_graph *graph, const heapy_node_set *sources, const heapy_node_set *targets,
    const heapy_node_set *avoid, const heapy_node_pair *pairs, size_t pair_count, heapy_shortest_paths **out,
    heapy_error *err);
/*
 * The pairs of each frame with what its module has anyway: its globals and builtins, function and code.  A
 * way through them says nothing of why something is there, so it is taken when there is no other: search
 * without these pairs first.
 *
 * out  owned, heapy_free() of heapy/memory.h; NULL where there are none.  O(nodes + edges of frames).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_pairs_to_globals(const heapy_graph *graph,
                                                               heapy_node_pair **out, size_t *count,
                                                               heapy_error *err);
HEAPY_API void heapy_shortest_paths_destroy(heapy_shortest_paths *paths); /* NULL does nothing */

/* Edges in each path; 0: there is no path. */
HEAPY_API size_t heapy_paths_length(const heapy_shortest_paths *paths);

/* The nodes after `level` steps, 0 .. length, in the order in which paths take them; borrowed.  NULL, and 0
   of them, where there is no path or no such level. */
HEAPY_API const heapy_node *heapy_paths_level(const heapy_shortest_paths *paths, size_t level, size_t *count);

/* The steps that lead from node number `index` of a level to the next level; borrowed until they are put in
   order.  NULL, and 0 of them, where there is no such node. */
HEAPY_API const heapy_path_step *heapy_paths_steps(const heapy_shortest_paths *paths, size_t level,
                                                   size_t index, size_t *count);

/*
 * Put into order.  Before the first path is asked for, `order_nodes` gets the sources; before the first time
 * that the steps from a node are needed, `order_steps` gets those.  Either permutes what it gets and returns
 * HEAPY_OK, or another status, which the caller of the function that needed it gets back.  One that writes
 * what it was not given is found out: HEAPY_INVALID.
 */
typedef struct heapy_path_order {
    heapy_status (*order_nodes)(void *context, heapy_node *nodes, size_t count, heapy_error *err);
    heapy_status (*order_steps)(void *context, heapy_node source, heapy_path_step *steps, size_t count,
                                heapy_error *err);
    void *context;
} heapy_path_order;
HEAPY_API void heapy_paths_set_order(heapy_shortest_paths *paths, heapy_path_order order);

/*
 * The number of paths that begin at a member of `from` (NULL: all), of any size: *count digits of 32 bits,
 * the lowest first; 0 digits: none.  progress: who may stop it; NULL: nobody.  out: owned, heapy_free() of
 * heapy/memory.h.  O(steps * digits); memory for two levels.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_paths_number(const heapy_shortest_paths *paths,
                                                           const heapy_node_set *from,
                                                           const heapy_progress *progress, uint32_t **out,
                                                           size_t *count, heapy_error *err);

/*
 * Path number `digits` (digit_count of 32 bits, the lowest first; less than the number of paths): its source,
 * and its steps into `steps`, which has room for the length.  HEAPY_INVALID: there are not so many.
 *
 * At most 2^64 - 1: O(length + steps passed over).  Larger: as heapy_paths_number, and memory for about the
 * square root of the length of levels.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_paths_get(heapy_shortest_paths *paths, const uint32_t *digits,
                                                        size_t digit_count, heapy_node *source,
                                                        heapy_path_step *steps, heapy_error *err);

/*
 * Where a listing stands: the index of the step taken at each level, after that of the source.  positions has
 * room for length + 1.  heapy_paths_seek begins at a path, as heapy_paths_get; heapy_paths_next goes to the
 * one after it, or sets *found to false after the last one.  HEAPY_INVALID: no path stands there.  O(length).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_paths_seek(heapy_shortest_paths *paths, const uint32_t *digits,
                                                         size_t digit_count, uint32_t *positions,
                                                         heapy_error *err);
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_paths_next(heapy_shortest_paths *paths, uint32_t *positions,
                                                         bool *found, heapy_error *err);

/* The path at `positions`, as heapy_paths_get gives it. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_paths_at(heapy_shortest_paths *paths, const uint32_t *positions,
                                                       heapy_node *source, heapy_path_step *steps,
                                                       heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
