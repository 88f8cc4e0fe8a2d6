/* SPDX-License-Identifier: MIT */
/* The columns of a graph, shared by the builder that fills them and the readers. */
#ifndef HEAPY_GRAPH_INTERNAL_H
#define HEAPY_GRAPH_INTERNAL_H

#include "../base/name_table.h"
#include "heapy/graph.h"

typedef struct graph_type {
    uint32_t name; /* in type_names; two types may share one */
    unsigned flags;
} graph_type;

typedef struct graph_root {
    heapy_node target;
    heapy_label label;
} graph_root;

/* A list of labels: several names of one reference. */
typedef struct label_list {
    size_t first, count; /* in list_labels */
} label_list;

struct heapy_graph {
    size_t node_count;

    graph_type *type_table;
    size_t type_count, type_capacity;
    heapy__name_table type_names;

    heapy_type *types;  /* node_count */
    uint64_t *sizes;    /* node_count */
    heapy_type *owners; /* node_count, or NULL */

    /* Edges of node i: offset i .. offset i+1, from whichever of the two is there.  Half the bytes while
       there are fewer than 2^32 edges. */
    uint32_t *offsets32; /* node_count + 1, or NULL */
    uint64_t *offsets64; /* node_count + 1, or NULL */
    heapy_edge_writer edges;

    heapy__name_table names; /* of labels */

    label_list *lists; /* what HEAPY_LABEL_SEVERAL stands for */
    size_t list_count, list_capacity;
    heapy_label *list_labels;
    size_t list_label_count, list_label_capacity;

    graph_root *roots;
    size_t root_count, root_capacity;
};

/* The graph of a builder that was given no edges, unchecked; the builder is gone. */
heapy_graph *heapy__graph_builder_take(heapy_graph_builder *builder);

#endif
