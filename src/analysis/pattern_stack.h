/* SPDX-License-Identifier: MIT */
/*
 * A reference pattern in the making.
 *
 * A stack has the rows that are known but not made, the next one on top:
 *
 *     rows     0 _ , 1 a , 2 aa                       made, in order
 *     waiting  c , b , ab                             ab is made next, and its children go on top
 *
 * A row is a sorted array of nodes, so that a pattern costs what its rows have, however large the heap is.
 * Two arrays over all nodes and classes are kept for the next row: a bit for each node, all 0 between rows,
 * and what was counted of each class.
 */
#ifndef HEAPY_PATTERN_STACK_H
#define HEAPY_PATTERN_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapy/classify.h"
#include "heapy/graph.h"
#include "heapy/pattern.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

/* Nodes, owned. */
typedef struct node_list {
    heapy_node *nodes;
    size_t count, capacity;
} node_list;

typedef struct known_row {
    heapy_pattern_row shown;
    heapy_node *nodes; /* of it, owned */
    uint64_t hash;     /* of the nodes */
} known_row;

struct heapy_pattern {
    heapy_snapshot *snapshot;
    heapy_classes *classes;
    heapy_pattern_options options;
    uint64_t *stop; /* a bit a node; NULL: stop_types */
    bool *stop_types;
    known_row *rows;
    size_t row_count, row_capacity;
    known_row *waiting;
    size_t waiting_count, waiting_capacity;
    size_t *slots; /* by hash of their nodes: rows + 1; a power of two, at most half full */
    size_t slot_count, slots_used;
    uint64_t *marked;         /* a bit a node */
    uint32_t *place_of_class; /* where a class is among the children of a row; UINT32_MAX */
};

static inline const heapy_graph *
graph_of(const heapy_pattern *pattern)
{
    return heapy_snapshot_graph(pattern->snapshot);
}

/* The nodes that refer to a row; one that does will do where only_whether. */
heapy_status heapy__pattern_find_referrers(heapy_pattern *pattern, const heapy_pattern_row *row,
                                           bool only_whether, node_list *out, heapy_error *err);

/* Those of them that the start reaches around the others.  What the root itself refers to has none. */
heapy_status heapy__pattern_find_dominators(heapy_pattern *pattern, const heapy_pattern_row *row,
                                            node_list *out, heapy_error *err);

/* Put the rows below `row`, which is to be number row_count, onto the stack. */
heapy_status heapy__pattern_push_children(heapy_pattern *pattern, const heapy_pattern_row *row,
                                          const node_list *list, heapy_error *err);

#endif
