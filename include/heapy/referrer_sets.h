/* SPDX-License-Identifier: MIT */
/*
 * For each node of a graph the set of what its referrers are: their classes, or how they refer to it.
 *
 * A set is a sorted array of distinct numbers.  All sets are made in one pass over the edges.  `nodes` has
 * the graph's range, else HEAPY_INVALID.
 */
#ifndef HEAPY_REFERRER_SETS_H
#define HEAPY_REFERRER_SETS_H

#include "heapy/graph.h"
#include "heapy/node_set.h"
#include "heapy/reference.h"
#include "heapy/referrers.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_referrer_sets heapy_referrer_sets;

HEAPY_API void heapy_referrer_sets_destroy(heapy_referrer_sets *sets); /* NULL does nothing */

/*
 * The classes of the referrers of every node in `nodes` (NULL: all); the others have empty sets.
 * class_of_node: by node; borrowed during the call.  out: owned.
 * O(edges + d log d) for each node with d referrers; 8 bytes a node and 4 bytes an edge that counts.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_referrer_sets_by_class(const heapy_graph *graph,
                                                                     const heapy_node_set *nodes,
                                                                     const uint32_t *class_of_node,
                                                                     heapy_referrer_sets **out,
                                                                     heapy_error *err);

/*
 * The same for `count` nodes of which the referrers are known: set i is that of nodes[i], and empty for
 * HEAPY_NO_NODE.  All arguments are borrowed during the call.
 * O(d log d) for each node with d referrers; 12 bytes a node and 4 a reference to one.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_referrer_sets_of_nodes(const heapy_referrers *referrers,
                                                                     const heapy_node *nodes, size_t count,
                                                                     const uint32_t *class_of_node,
                                                                     heapy_referrer_sets **out,
                                                                     heapy_error *err);

/*
 * The references by which every node in `nodes` is referred to, as numbers of *references.  References
 * without a name, and those to a type from its instances, are left out.
 *
 * references  every reference that occurs, once; owned, heapy_free() of heapy/memory.h.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_referrer_sets_by_reference(
    const heapy_graph *graph, const heapy_node_set *nodes, heapy_referrer_sets **out,
    heapy_reference **references, size_t *reference_count, heapy_error *err);

/* Replace every number n by numbers[n], which has an element for every number there is; equal ones become
 * one. */
HEAPY_API void heapy_referrer_sets_renumber(heapy_referrer_sets *sets, const uint32_t *numbers);

/* The set of `node`: sorted, distinct; borrowed until the sets change.  NULL: there is no such node. */
HEAPY_API const uint32_t *heapy_referrer_sets_get(const heapy_referrer_sets *sets, heapy_node node,
                                                  size_t *count);

#ifdef __cplusplus
}
#endif

#endif
