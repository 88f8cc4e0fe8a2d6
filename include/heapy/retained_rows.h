/* SPDX-License-Identifier: MIT */
/*
 * What each class of nodes retains as a whole: for every row of a table at once.
 *
 * The retained size of a set is no sum of its members' (two that share something may retain it together), and
 * no tree has it.  Instead each node gets a bit for each class: can the roots reach it around that class?
 * Bits spread along edges until nothing changes, hundreds of classes at a time.
 */
#ifndef HEAPY_RETAINED_ROWS_H
#define HEAPY_RETAINED_ROWS_H

#include "heapy/graph.h"
#include "heapy/progress.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * out[c]: bytes that all nodes of class c retain together, as heapy_dominated has it.  HEAPY_INVALID: a graph
 * of nodes without edges (heapy_graph_has_edges()), of which that is not known.
 *
 * class_of_node  by node: below class_count, else HEAPY_INVALID; HEAPY_NO_CLASS: of none.
 * progress       who may stop it; NULL: nobody.
 * out            class_count numbers, the caller's.
 * O(class_count + (nodes + edges) * c / 512) on most heaps, where c classes have members; up to 80 bytes a
 * node meanwhile, fewer on large heaps, and 64 more for each further thread, of which there are at most 4,
 * and one for each 512 of the c (heapy_thread_count()).  progress is asked in the calling thread.
 */
#define HEAPY_NO_CLASS UINT32_MAX
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_retained_by_class(const heapy_graph *graph,
                                                                const uint32_t *class_of_node,
                                                                size_t class_count,
                                                                const heapy_progress *progress, uint64_t *out,
                                                                heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
