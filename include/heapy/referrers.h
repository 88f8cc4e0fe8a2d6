/* SPDX-License-Identifier: MIT */
/*
 * The edges of a graph the other way round: which nodes refer to a node.
 *
 * Made by a counting sort over the edges; the sources of each node ascend, and one that refers to it n times
 * stands there n times.
 */
#ifndef HEAPY_REFERRERS_H
#define HEAPY_REFERRERS_H

#include "heapy/graph.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_referrers heapy_referrers;

/*
 * The reverse edges of `graph` (borrowed during the call).  out: owned, heapy_referrers_destroy().
 * O(nodes + edges); 4 bytes a node (8 from 2^32 edges on) and 4 bytes an edge, nothing more at the peak.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_referrers_create(const heapy_graph *graph,
                                                               heapy_referrers **out, heapy_error *err);
HEAPY_API void heapy_referrers_destroy(heapy_referrers *referrers); /* NULL does nothing */

/* Nodes of the graph they were made of. */
HEAPY_API size_t heapy_referrers_node_count(const heapy_referrers *referrers);

/* The sources of the edges to `node`, ascending; borrowed.  NULL, and 0 of them, of a node that is not in the
   graph. */
HEAPY_API const heapy_node *heapy_referrers_get(const heapy_referrers *referrers, heapy_node node,
                                                size_t *count);

/* Bytes of memory it owns. */
HEAPY_API size_t heapy_referrers_bytes(const heapy_referrers *referrers);

#ifdef __cplusplus
}
#endif

#endif
