/* SPDX-License-Identifier: MIT */
/*
 * An export for Chrome's memory panel: nodes, edges, and at the end the strings that both name by number.
 * Their numbers must be known before the first is written, so all is counted once, and then written once:
 *
 *     chrome_kinds.c      what the panel calls an object, and which references are edges there
 *     chrome_strings.c    names and texts, and their numbers
 *     chrome_roots.c      the synthetic root and its children
 *     chrome_rests.c      sizes beyond what the panel keeps
 *     export_chrome.c     the file
 */
#ifndef HEAPY_CLI_CHROME_H
#define HEAPY_CLI_CHROME_H

#include "chrome_strings.h"
#include "export.h"
#include "export_kept.h"

/* Numbers of the format. */
enum {
    CHROME_STRING = 2,
    CHROME_OBJECT = 3,
    CHROME_CODE = 4,
    CHROME_CLOSURE = 5,
    CHROME_NUMBER = 7,
    CHROME_SYNTHETIC = 9
};
enum { CHROME_ELEMENT = 1, CHROME_PROPERTY = 2, CHROME_INTERNAL = 3 };
enum { CHROME_NODE_FIELDS = 7 };

/* Children of the root: the interpreter, threads, other roots, what no root reaches. */
enum {
    CHROME_BRANCHES = CHROME_WORD_UNREACHED - CHROME_WORD_INTERPRETER + 1,
    CHROME_SYNTHETIC_COUNT = CHROME_BRANCHES + 1
};

typedef struct chrome {
    const heapy_graph *graph;
    size_t node_count;
    kept_nodes kept; /* without the root, which the synthetic root stands for */
    chrome_strings strings;
    heapy_node_set *unreached; /* of those that are kept */
    size_t branch_edges[CHROME_BRANCHES];
    uint64_t edge_count;   /* without those of the root and its children */
    uint64_t rest_count;   /* nodes that have the rest of a size */
    uint64_t linked_rests; /* those of them that an edge leads to already */
    export_sink *to;
} chrome;

/* The place of a node in the list: the root and its branches come first. */
static inline size_t
chrome_place(const chrome *c, heapy_node node)
{
    return CHROME_SYNTHETIC_COUNT + kept_nodes_place(&c->kept, node);
}

/* ---- chrome_kinds.c ---- */

/* What the panel calls a node: CHROME_STRING …; of an object its type is what it is called by. */
int chrome_kind(const heapy_graph *graph, heapy_node node);

/* Is it an edge there?  What nobody reaches keeps nothing alive that somebody does. */
bool chrome_has_edge(const chrome *c, heapy_node source, heapy_node target);

/* How many edges a kept node has there: a reference of several names is several. */
size_t chrome_edges_of(const chrome *c, heapy_node node);

/* ", type, name, target" of an edge: an index as it is, a name, a key by its text. */
void chrome_put_edge(chrome *c, const char *comma, heapy_reference reference, heapy_node target);

/* ---- chrome_roots.c ---- */

/* Count the edges of each branch; `unreached` is known. */
void chrome_count_roots(chrome *c);

/* The root and its branches, which begin the nodes, and their edges, which begin the edges. */
void chrome_put_root_nodes(chrome *c);
heapy_status chrome_put_root_edges(chrome *c);

/* An edge to what is reached only through what is left out. */
void chrome_put_link(chrome *c, heapy_node target);

/* ---- chrome_rests.c ---- */

/* How many nodes have the rest of a size, and what a node shows of it itself. */
uint64_t chrome_rests_of(uint64_t size);
uint64_t chrome_shown_of(uint64_t size);

/* Count those of all nodes; each is an edge too. */
heapy_status chrome_count_rests(chrome *c, heapy_error *err);

/* The nodes, which end the list, and the edges of one node to as many of them as it has; nodes ask in their
   order. */
heapy_status chrome_put_rest_nodes(chrome *c);
heapy_status chrome_put_rest_edges(chrome *c, uint64_t size);

#endif
