/* SPDX-License-Identifier: MIT */
/*
 * The dominator tree, and the retained size of every node.
 *
 * a dominates b when every path from the roots to b goes through a; the immediate dominator of b is the one
 * nearest to b.  The retained size of a node is the sum of the sizes of all it dominates, itself included:
 * what would be freed with it.
 *
 * Semi-NCA: Georgiadis, Werneck, Tarjan, Triantafyllis, August, "Finding dominators in practice", ESA 2004.
 */
#ifndef HEAPY_DOMINATORS_H
#define HEAPY_DOMINATORS_H

#include "heapy/graph.h"
#include "heapy/progress.h"
#include "heapy/referrers.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_dominators heapy_dominators;

/*
 * The dominator tree of `graph`, whose sizes are filled.  referrers: of the same graph (HEAPY_INVALID: it has
 * other numbers of nodes or edges).  Both are borrowed during the call.  progress: who may stop it; NULL:
 * nobody.  out: owned, heapy_dominators_destroy().
 *
 * O(edges log nodes) at worst, linear in practice; no recursion.  Kept: 8 bytes a node, and 16 for each that
 * retains 4 GiB or more.  At the peak 24 bytes a node.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_dominators_create(const heapy_graph *graph,
                                                                const heapy_referrers *referrers,
                                                                const heapy_progress *progress,
                                                                heapy_dominators **out, heapy_error *err);
HEAPY_API void heapy_dominators_destroy(heapy_dominators *dominators); /* NULL does nothing */

/* Can the roots reach the node?  Others are in no tree; nor is a node that is not in the graph. */
HEAPY_API bool heapy_dominators_has(const heapy_dominators *dominators, heapy_node node);

/* The immediate dominator, or HEAPY_NO_NODE: only the roots dominate the node, or it cannot be reached. */
HEAPY_API heapy_node heapy_dominator(const heapy_dominators *dominators, heapy_node node);

/* Bytes that the node retains; 0 of one the roots do not reach.  O(1), O(log n) when it is 4 GiB or more. */
HEAPY_API uint64_t heapy_retained_size(const heapy_dominators *dominators, heapy_node node);

/* What the roots retain: the sizes of all they reach. */
HEAPY_API uint64_t heapy_retained_by_roots(const heapy_dominators *dominators);

/*
 * The nodes that `node` dominates immediately (HEAPY_NO_NODE: those that only the roots dominate), by
 * retained size, largest first, then by number.  HEAPY_INVALID: no such node.  out: owned, heapy_free() of
 * heapy/memory.h. O(nodes) at the first call, which keeps 8 bytes a node; then O(children log children).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_dominated_children(heapy_dominators *dominators,
                                                                 heapy_node node, heapy_node **out,
                                                                 size_t *count, heapy_error *err);

/* What stands in the column of a node that the roots do not reach. */
#define HEAPY_UNREACHED (HEAPY_NO_NODE - 1)

/*
 * The whole tree as columns, which somebody keeps, in a file say.
 *
 * dominators    by node: its immediate dominator; HEAPY_NO_NODE: only the roots dominate it; HEAPY_UNREACHED
 * retained      by node: bytes it retains, 0 of what is not reached; UINT32_MAX: they are in `large`
 * large         by increasing node; NULL only where there are none
 * child_starts  node_count + 2 numbers: children[child_starts[n]] .. children[child_starts[n + 1] - 1] are
 *               what node n dominates immediately, largest first, then by number; n = node_count is the roots
 */
typedef struct heapy_dominator_columns {
    size_t node_count, child_count, large_count;
    const heapy_node *dominators;
    const uint32_t *retained;
    const heapy_large_size *large;
    const uint32_t *child_starts;
    const heapy_node *children;
} heapy_dominator_columns;

/* The columns of a tree; borrowed while it lives.  O(nodes log nodes) at the first call, which keeps 8 bytes
   a node. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_dominators_columns(heapy_dominators *dominators,
                                                                 heapy_dominator_columns *out,
                                                                 heapy_error *err);

/*
 * Dominators that read such columns where they lie, unchanged until the keeper (NULL: they outlive it) is
 * released, which happens also on failure.
 *
 * Nothing is taken on trust but that it is the tree of this graph: HEAPY_INVALID when the columns are of
 * another number of nodes, are no tree, do not agree with each other, or have a retained size that is not the
 * sum of the sizes of `graph` below.  out: owned, heapy_dominators_destroy().  O(nodes); a bit a node
 * meanwhile, and nothing is kept.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_dominators_lend(const heapy_graph *graph,
                                                              const heapy_dominator_columns *columns,
                                                              const heapy_keeper *keeper,
                                                              heapy_dominators **out, heapy_error *err);

/* Bytes of memory it owns. */
HEAPY_API size_t heapy_dominators_bytes(const heapy_dominators *dominators);

#ifdef __cplusplus
}
#endif

#endif
