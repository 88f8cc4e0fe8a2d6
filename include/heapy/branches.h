/* SPDX-License-Identifier: MIT */
/*
 * The branches below a node of the dominator tree, as a table: what retains the most, and how each hangs.
 *
 *     Index  Retained %     Size  Brief
 *         0   1000064 92      64  <1 dict of shop.Shop: 0x7f..>  ['cache']
 *
 * How it hangs is the shortest path from the node above; from the root it begins with `Root`.
 */
#ifndef HEAPY_BRANCHES_H
#define HEAPY_BRANCHES_H

#include "heapy/progress.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"
#include "heapy/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_branches heapy_branches;

/* Rows of one table that say how they hang, the first ones: of the others only what they are is said. */
enum { HEAPY_BRANCHES_NAMED = 200 };

/*
 * The branches of `node` (HEAPY_NO_NODE: of the root), the largest first, less those that retain fewer than
 * `least` bytes.
 *
 * snapshot  with edges and sizes, else HEAPY_INVALID; borrowed, must outlive what is made.  Its dominators
 * are made if need be. progress  who may stop that; NULL: nobody. out       owned, heapy_branches_destroy().
 *
 * O(branches log branches).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_branches_create(heapy_snapshot *snapshot, heapy_node node,
                                                              uint64_t least, const heapy_progress *progress,
                                                              heapy_branches **out, heapy_error *err);
HEAPY_API void heapy_branches_destroy(heapy_branches *branches); /* NULL does nothing */

/* Their nodes, borrowed; *count (may be NULL) of them.  Of NULL NULL. */
HEAPY_API const heapy_node *heapy_branches_nodes(const heapy_branches *branches, size_t *count);

/* Bytes that the node retains. */
HEAPY_API uint64_t heapy_branches_retained(const heapy_branches *branches);

/*
 * A table in which rows first .. first + count - 1 are filled, as far as there are so many.
 *
 * out  borrowed until the next call; HEAPY_FORMAT_DOMINATED.
 *
 * One search serves all rows: O(nodes + edges nearer to the node than the rows, text).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_branches_table(heapy_branches *branches, size_t first,
                                                             size_t count, const heapy_table **out,
                                                             heapy_error *err);

/*
 * How some nodes hang from one (HEAPY_NO_NODE: the root): of each the text of the first shortest path, ""
 * where there is none.
 *
 * texts  `count` of them, each owned UTF-8, heapy_text_free(); untouched on failure.  HEAPY_INVALID: a node
 * is not there.
 *
 * As heapy_branches_table().
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_branch_paths(heapy_snapshot *snapshot, heapy_node from,
                                                           const heapy_node *nodes, size_t count,
                                                           char **texts, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
