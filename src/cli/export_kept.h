/* SPDX-License-Identifier: MIT */
/*
 * The objects that an export has: all but the root, or those that retain enough.
 *
 * What is left out retains less than what dominates it, so whole branches of the tree are; their sizes go to
 * what is left of the way up.  An object that stays may have been reached only through some that do not:
 *
 *     d --> x --> k        x and y retain little, k much, and d dominates k.  x and y are left out, and a
 * link d --> y --> k        d --> k stands for the ways through them: d dominates k as before.
 *
 * With a link to each object that something left out refers to, dominators and retained sizes of all that
 * stay are what they were: a way that goes around an object is still there, through the dominators of what it
 * meets.
 */
#ifndef HEAPY_CLI_EXPORT_KEPT_H
#define HEAPY_CLI_EXPORT_KEPT_H

#include "input.h"
#include "ranked_nodes.h"

typedef struct kept_nodes {
    const heapy_graph *graph;
    heapy_node root;              /* never kept; HEAPY_NO_NODE: there is none */
    heapy_dominators *dominators; /* borrowed; NULL: all are kept */
    uint64_t least;               /* bytes that a node retains that is kept */
    ranked_nodes nodes;
    heapy_node_set *linked;  /* kept ones that something left out refers to */
    size_t linked_to_roots;  /* those of them that no kept node dominates */
    size_t linked_count;     /* the others */
    uint64_t left_by_roots;  /* bytes left out that no kept node dominates */
    uint64_t left_unreached; /* bytes left out that the roots do not reach */
} kept_nodes;

/* dominators: NULL keeps all.  Of what the roots do not reach nothing is known to retain more than itself.
   kept_nodes_deinit() in any case. */
heapy_status kept_nodes_init(kept_nodes *self, const input *in, heapy_dominators *dominators, uint64_t least,
                             heapy_error *err);
void kept_nodes_deinit(kept_nodes *self);

bool kept_nodes_has(const kept_nodes *self, heapy_node node);

/* How many there are, and how many come before a node that is kept. */
size_t kept_nodes_count(const kept_nodes *self);
size_t kept_nodes_place(const kept_nodes *self, heapy_node node);

/* Bytes of a kept node with what is left out below it, and the nodes that it is linked to (owned,
   heapy_free(); NULL where there are none). */
heapy_status kept_nodes_below(const kept_nodes *self, heapy_node node, uint64_t *size, heapy_node **links,
                              size_t *link_count, heapy_error *err);

/* The first kept node from *node on that has more than `most` bytes with what is left out below it, and its
   size; HEAPY_NO_NODE: there is none. */
heapy_status kept_nodes_next_large(const kept_nodes *self, uint64_t most, heapy_node *node, uint64_t *size,
                                   heapy_error *err);

/* Is a node linked to the roots? */
bool kept_nodes_is_root(const kept_nodes *self, heapy_node node);

#endif
