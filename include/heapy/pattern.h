/* SPDX-License-Identifier: MIT */
/*
 * Reference patterns: who refers to a set, by class, who to those, and so on, as a tree.
 *
 *     row 0: the set        row 1: a class of its referrers    row 2: a class of the referrers of row 1    ...
 *
 * Rows come depth first, the largest brother first (by size, name and class, as in tables), and are made as they are
 * asked for.  A row that has the nodes of an earlier one is not looked behind, so a tree ends.
 */
#ifndef HEAPY_PATTERN_H
#define HEAPY_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "heapy/classify.h"
#include "heapy/node_set.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_pattern heapy_pattern;

/* Why the rows below a row are there or not; the first that holds. */
typedef enum heapy_pattern_mark {
    HEAPY_PATTERN_AGAIN,    /* an earlier row has the same nodes */
    HEAPY_PATTERN_ROOT,     /* nothing refers to its nodes */
    HEAPY_PATTERN_STOP,     /* it is below row 0, and all its nodes are among those not to look behind */
    HEAPY_PATTERN_EXPANDED, /* the rows of its referrers follow */
    HEAPY_PATTERN_DEEPEST   /* something refers to it, but it is as deep as rows may be */
} heapy_pattern_mark;

#define HEAPY_NO_PATTERN_ROW SIZE_MAX

typedef struct heapy_pattern_row {
    size_t parent;           /* HEAPY_NO_PATTERN_ROW: of row 0 */
    size_t depth;            /* steps from row 0 */
    size_t number;           /* among its brothers */
    heapy_pattern_mark mark;
    size_t same;             /* the earlier row of HEAPY_PATTERN_AGAIN, else HEAPY_NO_PATTERN_ROW */
    heapy_class which;       /* its class; HEAPY_NO_CLASS: of row 0 unless all its nodes have the same */
    const char *name;        /* of the class, UTF-8; "" where it has none */
    const heapy_node *nodes; /* ascending */
    size_t count;
} heapy_pattern_row;

typedef struct heapy_pattern_options {
    size_t depth;           /* rows so deep are not expanded */
    bool without_ancestors; /* rows lack what the rows above them have */
    bool dominators_only;   /* referrers are those that `start` reaches around the others */
    bool is_partial;        /* the set has members that are no nodes: no row is the same as row 0 */
    heapy_node start;       /* of dominators_only; HEAPY_NO_NODE: the graph's roots */
    const heapy_node_set *stop; /* nodes not to look behind; borrowed during the call.  NULL: modules, types, their
                                   dicts, code and frames */
} heapy_pattern_options;

#define HEAPY_PATTERN_OPTIONS_INIT {7, false, false, false, HEAPY_NO_NODE, NULL}

/*
 * The pattern of nodes[0 .. count-1], ascending, of a snapshot with edges.
 *
 * snapshot  retained.
 * classes   of all its nodes; taken over, also on failure.
 * nodes     copied.
 * out       owned, heapy_pattern_destroy().
 * HEAPY_INVALID for classes or a stop set of other nodes, a start that is not there, and nodes that are not there or do
 * not ascend.
 *
 * Keeps 4 bytes for each node of each row, and 4 a node of the snapshot for the classes.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_pattern_create(heapy_snapshot *snapshot, heapy_classes *classes,
                                                             const heapy_node *nodes, size_t count,
                                                             const heapy_pattern_options *options,
                                                             heapy_pattern **out, heapy_error *err);
HEAPY_API void heapy_pattern_destroy(heapy_pattern *pattern); /* NULL does nothing */

/*
 * Row number `row`, with those before it.  found: false: there are not so many.  out: borrowed while the pattern lives.
 * A row costs O(its nodes and their referrers); dominators_only O(the graph).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_pattern_get(heapy_pattern *pattern, size_t row,
                                                          heapy_pattern_row *out, bool *found,
                                                          heapy_error *err);

HEAPY_API size_t heapy_pattern_row_count(const heapy_pattern *pattern); /* of those made */
/* The same of a row that was made.  False: it was not. */
HEAPY_API bool heapy_pattern_made_row(const heapy_pattern *pattern, size_t row, heapy_pattern_row *out);
HEAPY_API bool heapy_pattern_is_complete(const heapy_pattern *pattern); /* are they all there are? */
HEAPY_API const heapy_snapshot *heapy_pattern_snapshot(const heapy_pattern *pattern);
HEAPY_API const heapy_classes *heapy_pattern_classes(const heapy_pattern *pattern);

#ifdef __cplusplus
}
#endif

#endif
