/* SPDX-License-Identifier: MIT */
/*
 * What a set of nodes is asked about the nodes around it, in a snapshot with edges.
 *
 * The root node, where a snapshot has one, refers to the roots: it may come out as a referrer, and what it
 * refers to is dominated by nothing but it.
 */
#ifndef HEAPY_QUESTIONS_H
#define HEAPY_QUESTIONS_H

#include "heapy/node_set.h"
#include "heapy/progress.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum heapy_question {
    HEAPY_ASK_REFERENTS,            /* what the nodes refer to */
    HEAPY_ASK_REFERRERS,            /* what refers to one of them */
    HEAPY_ASK_IMMEDIATE_DOMINATORS, /* those of them that the start reaches without going through another */
    HEAPY_ASK_DOMINATED,            /* the nodes, and what only they keep from being unreachable */
    HEAPY_QUESTION_COUNT
} heapy_question;

/*
 * start  where ways begin; HEAPY_NO_NODE: at the roots.  Of immediate dominators alone.  HEAPY_INVALID: it is
 *        no node.
 * nodes  of the snapshot's graph's range: HEAPY_INVALID otherwise.  Borrowed.
 * out    owned, heapy_node_set_destroy().
 *
 * O(edges of the nodes) for referents, and for referrers once the reverse edges are there; else O(nodes +
 * edges).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_ask(heapy_snapshot *snapshot, heapy_question question,
                                                  heapy_node start, const heapy_node_set *nodes,
                                                  heapy_node_set **out, heapy_error *err);

/*
 * The bytes that would be freed if the nodes were let go together: the sizes of all they dominate.  Of one
 * node that the roots reach the dominator tree has it, which is made once.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_ask_retained(heapy_snapshot *snapshot,
                                                           const heapy_progress *progress,
                                                           const heapy_node_set *nodes, uint64_t *out,
                                                           heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
