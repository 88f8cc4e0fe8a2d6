/* SPDX-License-Identifier: MIT */
/* Some of the nodes, and how many of them come before each. */
#ifndef HEAPY_CLI_RANKED_NODES_H
#define HEAPY_CLI_RANKED_NODES_H

#include <heapy/heapy.h>

typedef struct ranked_nodes {
    heapy_node_set *nodes; /* owned */
    uint32_t *before;      /* by word of the set's bits; owned */
    size_t count;
} ranked_nodes;

/* Room for nodes; then what is in `nodes` is counted, once.  ranked_nodes_deinit() in any case. */
heapy_status ranked_nodes_init(ranked_nodes *self, size_t node_count, heapy_error *err);
heapy_status ranked_nodes_count(ranked_nodes *self, heapy_error *err);
void ranked_nodes_deinit(ranked_nodes *self);

/* How many come before a node. */
size_t ranked_nodes_place(const ranked_nodes *self, heapy_node node);

#endif
