/* SPDX-License-Identifier: MIT */
/* All nodes in an order in which most edges lead on: what spreads along edges is done in about one pass. */
#ifndef HEAPY_GRAPH_WALK_ORDER_H
#define HEAPY_GRAPH_WALK_ORDER_H

#include "heapy/graph.h"

typedef struct heapy__walk_order {
    heapy_node *nodes; /* those the roots reach first, then the others */
    size_t reached_count;
    uint64_t *reached; /* a bit for each node: do the roots reach it? */
} heapy__walk_order;

/* Find the order by one walk from the roots, depth first, and one from what is left: O(nodes + edges). False:
 * no memory; heapy__walk_order_deinit() in either case. */
bool heapy__walk_order_init(heapy__walk_order *self, const heapy_graph *graph);
void heapy__walk_order_deinit(heapy__walk_order *self);

#endif
