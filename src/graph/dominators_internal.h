/* SPDX-License-Identifier: MIT */
/* What dominators are, for the files that make and read them. */
#ifndef HEAPY_GRAPH_DOMINATORS_INTERNAL_H
#define HEAPY_GRAPH_DOMINATORS_INTERNAL_H

#include <heapy/dominators.h>

#define IN_SIDE_TABLE UINT32_MAX /* a retained size that 32 bits do not hold */

/* Columns that are lent are not written: their fields are not const since those that were made here are. */
struct heapy_dominators {
    size_t node_count;
    heapy_node *dominators;  /* by node: HEAPY_NO_NODE: the roots; HEAPY_UNREACHED */
    uint32_t *retained;      /* by node; IN_SIDE_TABLE: look there */
    heapy_large_size *large; /* by node, ascending */
    size_t large_count;
    uint64_t retained_by_roots;
    uint32_t *child_starts; /* node_count + 2, the last for the roots; NULL until asked for */
    heapy_node *children;
    size_t child_count;
    bool is_in_order; /* children of one node, largest first; otherwise by number */
    bool is_lent;
    heapy_keeper keeper; /* of lent columns */
};

/* Where in child_starts the children of a dominator begin: those of the roots come last. */
static inline size_t
heapy__child_slot(const heapy_dominators *dominators, heapy_node dominator)
{
    return dominator == HEAPY_NO_NODE ? dominators->node_count : dominator;
}

/* Make child_starts and children.  False: no memory. */
bool heapy__dominators_list_children(heapy_dominators *dominators);

#endif
