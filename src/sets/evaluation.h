/* SPDX-License-Identifier: MIT */
/*
 * One evaluation of a kind, of some members of a snapshot (kind_select.c), and what its parts have in common.
 * A set that is made of it has a bit a member.
 */
#ifndef HEAPY_EVALUATION_H
#define HEAPY_EVALUATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapy/graph.h"
#include "heapy/kind.h"
#include "heapy/node_set.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

/* One evaluation, of some members. */
typedef struct evaluation {
    const heapy_snapshot *snapshot;
    const heapy_graph *graph;
    const heapy_node *nodes; /* of the members; NULL: all nodes */
    size_t count;            /* members */
    size_t type_count;
    heapy_node_set *node_set; /* the nodes as a set, once asked for; owned */
    heapy_error *err;
} evaluation;

static inline heapy_node
heapy__evaluated_node(const evaluation *e, size_t member)
{
    return e->nodes ? e->nodes[member] : (heapy_node)member;
}

/* HEAPY_NO_MEMORY, with a message. */
heapy_status heapy__no_memory_to_select(const evaluation *e);

/* HEAPY_INVALID: the kind asks for `what`, which the snapshot does not have. */
heapy_status heapy__missing_to_select(const evaluation *e, const char *what);

/* The members' nodes as a set, which the evaluation keeps; *out NULL: all. */
heapy_status heapy__set_of_evaluated_nodes(evaluation *e, const heapy_node_set **out);

/* Does the comparison hold between two of which the first is less, or equal, or else greater? */
bool heapy__in_order(heapy_comparison comparison, bool is_less, bool is_equal);

/* The same by inclusion.  is_within: it has no class that was not named; has_all: every class that was. */
bool heapy__includes(heapy_comparison comparison, bool is_within, bool has_all);

#endif
