/* SPDX-License-Identifier: MIT */
/*
 * What can be reached, what only a set keeps, and the immediate dominators of a set.
 *
 * Every function takes O(nodes + edges) at most, and 4 bytes a node for what waits to be visited.  Sets are
 * borrowed during the call and have the graph's range, else HEAPY_INVALID; `out` is the caller's, empty.
 */
#ifndef HEAPY_REACH_H
#define HEAPY_REACH_H

#include "heapy/graph.h"
#include "heapy/node_set.h"
#include "heapy/referrers.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What happens at nodes that are to be avoided. */
typedef enum heapy_avoidance {
    HEAPY_AVOID_ENTIRELY, /* they are not reached, not even as starts */
    HEAPY_AVOID_LEAVING   /* they may end a path, even one that begins there */
} heapy_avoidance;

/*
 * Add to `out` what `starts` reach without going through `avoid` (NULL: nothing is avoided).
 * starts: NULL: the graph's roots.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_reach(const heapy_graph *graph, const heapy_node_set *starts,
                                                    const heapy_node_set *avoid, heapy_avoidance avoidance,
                                                    heapy_node_set *out, heapy_error *err);

/*
 * The nodes that `set` dominates: its members, and what they reach that the roots do not reach without going
 * through the set.  What would be freed if the set were let go.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_dominated(const heapy_graph *graph, const heapy_node_set *set,
                                                        heapy_node_set *out, heapy_error *err);

/*
 * What sets[which] alone dominates while all the others keep what they reach: with D the union of the sets
 * and W what the roots reach around D, what sets[which] reaches around W but D does not reach around W and
 * sets[which].
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_dominated_alone(const heapy_graph *graph,
                                                              const heapy_node_set *const *sets, size_t count,
                                                              size_t which, heapy_node_set *out,
                                                              heapy_error *err);

/*
 * The referrers of `set` that the roots reach without going through another referrer of it.
 * starts: where to begin: NULL: the roots.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_immediate_dominators(const heapy_graph *graph,
                                                                   const heapy_referrers *referrers,
                                                                   const heapy_node_set *starts,
                                                                   const heapy_node_set *set,
                                                                   heapy_node_set *out, heapy_error *err);

/* Every node that refers to a member of `nodes`, into `out` (empty, the graph's range; what is past it is
   left out).  O(their edges). */
HEAPY_API void heapy_referrers_of_set(const heapy_referrers *referrers, const heapy_node_set *nodes,
                                      heapy_node_set *out);

/* The targets of the edges of the members of `set`.  Nothing, when a set is not of the graph's range. */
HEAPY_API void heapy_referents_of_set(const heapy_graph *graph, const heapy_node_set *set,
                                      heapy_node_set *out);

/* The sum of the sizes of the members of `set`, in bytes; 0, when it is not of the graph's range. */
HEAPY_API uint64_t heapy_size_of_set(const heapy_graph *graph, const heapy_node_set *set);

#ifdef __cplusplus
}
#endif

#endif
