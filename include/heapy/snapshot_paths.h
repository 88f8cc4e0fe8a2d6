/* SPDX-License-Identifier: MIT */
/*
 * The shortest paths to objects of a snapshot, from its root or from other objects.
 *
 * From the root, a frame leads to what its module has anyway (heapy_pairs_to_globals()) only where there is
 * no other way: that says nothing of why something is there.
 */
#ifndef HEAPY_SNAPSHOT_PATHS_H
#define HEAPY_SNAPSHOT_PATHS_H

#include "heapy/node_set.h"
#include "heapy/shortest_paths.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All borrowed during the call; zeros are nothing. */
typedef struct heapy_path_question {
    const heapy_node_set *targets;
    const heapy_node_set *sources; /* NULL: the root */
    bool is_from_root;             /* they stand for the root: frames are treated as from it */
    const heapy_node_set *avoid;   /* nodes that are on no path; NULL: none */
    const heapy_node_pair *pairs;  /* references that are not used, pair_count of them */
    size_t pair_count;
    bool is_single; /* nobody asks this snapshot for paths again */
} heapy_path_question;

/*
 * The shortest paths that a question asks for, their steps in the order of heapy_path_steps_order().
 *
 * out  owned, heapy_shortest_paths_destroy(); must go before the snapshot.  HEAPY_INVALID: the snapshot has
 * no edges, or sets are not over its nodes.
 *
 * O(nodes + edges).  From the root, where nothing is avoided and more questions may follow, the levels of the
 * search are kept with the snapshot (heapy/path_levels.h: 8 bytes a node), and from the second question on
 * its referrers: then it is O(what is on paths and refers to it).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_paths(heapy_snapshot *snapshot,
                                                             const heapy_path_question *question,
                                                             heapy_shortest_paths **out, heapy_error *err);

/* Where paths from the root begin: the root's node, or where there is none all that the roots lead to.  out:
   owned, heapy_node_set_destroy(). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_sources(const heapy_snapshot *snapshot,
                                                               heapy_node_set **out, heapy_error *err);

/* Put the steps from a node in the order in which their references are listed, heapy_references_order(): for
   heapy_path_order. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_path_steps_order(const heapy_snapshot *snapshot,
                                                               heapy_node source, heapy_path_step *steps,
                                                               size_t count, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
