/* SPDX-License-Identifier: MIT */
/* What dominators are, for the two files that make them. */
#ifndef HEAPY_GRAPH_DOMINATORS_INTERNAL_H
#define HEAPY_GRAPH_DOMINATORS_INTERNAL_H

#include <heapy/dominators.h>

#define IN_SIDE_TABLE UINT32_MAX /* a retained size that 32 bits do not hold */

typedef struct large_size {
    heapy_node node;
    uint64_t bytes;
} large_size;

struct heapy_dominators {
    size_t node_count;
    heapy_node *dominators; /* by node: HEAPY_NO_NODE: the roots; HEAPY_UNREACHED */
    uint32_t *retained;     /* by node; IN_SIDE_TABLE: look there */
    large_size *large;      /* by node, ascending */
    size_t large_count;
    uint64_t retained_by_roots;
    uint32_t *child_starts; /* node_count + 2, the last for the roots; NULL until asked for */
    heapy_node *children;
    size_t child_count;
};

#endif
