/* SPDX-License-Identifier: MIT */
/* The columns of a graph, shared by the builder that fills them and the readers. */
#ifndef HEAPY_GRAPH_INTERNAL_H
#define HEAPY_GRAPH_INTERNAL_H

#include <stdatomic.h>

#include "../base/name_table.h"
#include "../base/sparse_column.h"
#include "heapy/graph.h"

/* A row of the type table.  Texts are numbers in its texts; two types may share a name. */
typedef struct graph_type {
    uint32_t name, module, qualname; /* NO_TEXT: not known */
    heapy_role role;
    bool is_alias;
    uint64_t identity;
    heapy_node node;
    uint32_t first_base, base_count; /* in bases */
} graph_type;

#define NO_TEXT UINT32_MAX

/* The types of a graph.  Counted: what classes are of types outlives the graph they were made from. */
typedef struct heapy__type_table {
    atomic_size_t uses;
    graph_type *rows;
    size_t count, capacity;
    heapy__name_table texts;
    heapy_type *bases;
    size_t base_count, base_capacity;
} heapy__type_table;

/* NULL: no memory. */
heapy__type_table *heapy__type_table_new(void);
heapy__type_table *heapy__type_table_retain(heapy__type_table *table);
void heapy__type_table_release(heapy__type_table *table); /* NULL does nothing */

/* HEAPY_INVALID for a row that the type table does not have. */
heapy_status heapy__type_table_check(const heapy__type_table *table, heapy_type type, heapy_error *err);

/* As heapy_graph_type_row() and heapy_graph_supertypes(). */
heapy_type_row heapy__type_table_row(const heapy__type_table *table, heapy_type type);
heapy_status heapy__type_table_supertypes(const heapy__type_table *table, heapy_type type, bool *rows,
                                          heapy_error *err);

/* The type that a node is. */
typedef struct type_of_node {
    heapy_node node;
    heapy_type type;
} type_of_node;

typedef struct graph_root {
    heapy_node target;
    heapy_label label;
} graph_root;

/* A list of labels: several names of one reference. */
typedef struct label_list {
    uint32_t first, count; /* in list_labels */
} label_list;

struct heapy_facts {
    heapy_facts *next; /* of the same graph */
    uint32_t name;     /* in the graph's fact_names */
    size_t node_count;
    heapy__sparse_column of_nodes;
    heapy__name_table texts;
    uint32_t *values; /* by number: its text */
    size_t value_count, value_capacity;
};

/* Which columns are somebody else's; sparse ones say it themselves. */
enum { LENT_TYPES = 1, LENT_SIZES = 2, LENT_EDGES = 4 };

struct heapy_graph {
    size_t node_count;
    unsigned lent;
    heapy_keeper keeper; /* of what is lent */

    heapy__type_table *type_table;
    type_of_node *types_of_nodes; /* by node: the types that are nodes; made by finish */
    size_t type_node_count;

    heapy_type *types;       /* node_count */
    heapy_size_writer sizes; /* narrow: node_count, or NULL; large: sorted by finish */
    bool has_owners;
    heapy__sparse_column owners; /* a node, or heapy_owner_elsewhere() */
    heapy__sparse_column lengths;
    heapy_facts *facts;
    heapy__name_table fact_names;

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

    heapy_node root;
    graph_root *roots;
    size_t root_count, root_capacity;
};

/* heapy_graph_edges() of a node that is there, for the engine's own loops. */
static inline void
heapy__graph_edges(const heapy_graph *graph, heapy_node node, uint64_t *first, uint64_t *end)
{
    if (graph->offsets32) {
        *first = graph->offsets32[node];
        *end = graph->offsets32[node + 1];
    } else if (graph->offsets64) {
        *first = graph->offsets64[node];
        *end = graph->offsets64[node + 1];
    } else {
        *first = *end = 0;
    }
}

/* Fetch where the edges of a node begin, before they are asked for. */
static inline void
heapy__graph_fetch_edges(const heapy_graph *graph, heapy_node node)
{
    if (graph->offsets32)
        __builtin_prefetch(&graph->offsets32[node]);
    else if (graph->offsets64)
        __builtin_prefetch(&graph->offsets64[node]);
}

/* Release what was to be lent, and was not. */
static inline heapy_status
heapy__let_go(const heapy_keeper *keeper, heapy_status status)
{
    if (keeper && keeper->release)
        keeper->release(keeper->context);
    return status;
}

/* A builder is a graph under construction plus the number of nodes whose edges ended. */
struct heapy_graph_builder {
    heapy_graph *graph;
    size_t ended;       /* nodes whose edges are complete */
    heapy_node *owners; /* by node, until finish; or NULL */

    /* Where edges are not kept: edge_drain.c. */
    heapy_edge_drain drain;  /* take NULL: they are kept */
    heapy_error drain_error; /* why it does not go on */
    uint32_t *counts;        /* of edges of nodes that ended, which wait to be drained */
    size_t waiting_counts;
    uint64_t drained, counted; /* edges given to the drain; edges of the nodes that ended */
};

/* Give what waits to the drain; note that a node ended; give the last ones, after which there are none. */
heapy_status heapy__builder_drain(heapy_graph_builder *builder, heapy_error *err);
heapy_status heapy__builder_count_edges(heapy_graph_builder *builder, heapy_error *err);
heapy_status heapy__builder_end_drain(heapy_graph_builder *builder, heapy_error *err);

/* Sort the table of large sizes, without those that were put again. */
void heapy__graph_settle_sizes(heapy_graph *graph);

/* What is checked of a graph, in this order. */
typedef enum heapy__graph_part {
    HEAPY__PART_TYPES,
    HEAPY__PART_NODES,
    HEAPY__PART_OWNERS,
    HEAPY__PART_SIZES,
    HEAPY__PART_LENGTHS,
    HEAPY__PART_FACTS,
    HEAPY__PART_LISTS,
    HEAPY__PART_OFFSETS,
    HEAPY__PART_EDGES, /* targets and labels */
    HEAPY__PART_ROOTS,
    HEAPY__GRAPH_PARTS
} heapy__graph_part;

/* As heapy_graph_validate() and heapy_graph_builder_finish(); part: what was wrong, where something was. */
heapy_status heapy__graph_validate(const heapy_graph *graph, heapy__graph_part *part, heapy_error *err);
heapy_status heapy__graph_builder_finish(heapy_graph_builder *builder, heapy_graph **out,
                                         heapy__graph_part *part, heapy_error *err);

/* Does the type table hold together, in a graph of so many nodes? */
heapy_status heapy__graph_check_types(const heapy_graph *graph, size_t node_count, heapy_error *err);

/* Are these edges to nodes, with labels, that are there? */
heapy_status heapy__graph_check_edges(const heapy_graph *graph, const heapy_node *targets,
                                      const heapy_label *labels, size_t count, heapy_error *err);

/* HEAPY_INVALID for a row that the type table does not have. */
heapy_status heapy__graph_check_type(const heapy_graph *graph, heapy_type type, heapy_error *err);

#endif
