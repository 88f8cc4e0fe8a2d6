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

/*
 * Referrers as columns, which somebody keeps, in a file say: sources[starts[n]] .. sources[starts[n + 1] - 1]
 * are those of node n.  starts32 or starts64, node_count + 1 of them, whichever is not NULL.
 */
typedef struct heapy_referrer_columns {
    size_t node_count;
    uint64_t edge_count;
    const uint32_t *starts32;
    const uint64_t *starts64;
    const heapy_node *sources;
} heapy_referrer_columns;

/* The columns of referrers; borrowed while they live. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_referrers_columns(const heapy_referrers *referrers,
                                                                heapy_referrer_columns *out,
                                                                heapy_error *err);

/*
 * Referrers that read such columns where they lie, unchanged until the keeper (NULL: they outlive it) is
 * released, which happens also on failure.
 *
 * Nothing is taken on trust: HEAPY_INVALID when they are not the reverse edges of `graph`.  That is seen by a
 * sum over the edges either way, with a key that is new in every process, so that nobody can make columns
 * that pass: a wrong one is taken once in 2^64 times.  HEAPY_OS: the system gives no key.  out: owned,
 * heapy_referrers_destroy().  O(nodes + edges), front to back; nothing is kept.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_referrers_lend(const heapy_graph *graph,
                                                             const heapy_referrer_columns *columns,
                                                             const heapy_keeper *keeper,
                                                             heapy_referrers **out, heapy_error *err);

/* Bytes of memory it owns. */
HEAPY_API size_t heapy_referrers_bytes(const heapy_referrers *referrers);

#ifdef __cplusplus
}
#endif

#endif
