/* SPDX-License-Identifier: MIT */
/*
 * A file as SQL and exports look at it: its columns, and what is derived of them once, when a statement first
 * names what needs it.
 */
#ifndef HEAPY_CLI_SQL_HEAP_H
#define HEAPY_CLI_SQL_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heapy/heapy.h>

/*
 * The nodes by one of two divisions, type or kind: a class for each node, and for each class its name and
 * what it counts.  `ranks` orders the classes by name, those of one name alike; `grouped` has the nodes in
 * that order, each class by node.
 */
typedef struct sql_classing {
    const uint32_t *of_nodes;
    size_t count;
    const char **names;
    size_t *lengths;                    /* of the names, bytes */
    uint64_t *counts, *sizes, *largest; /* NULL until sql_heap_count() */
    heapy_node *first;                  /* the first node of each class, HEAPY_NO_NODE of none; with counts */
    uint64_t *retained;                 /* NULL until sql_heap_retained_by() */
    uint32_t *ranks;                    /* NULL until sql_heap_group() */
    heapy_node *grouped;
} sql_classing;

typedef struct sql_heap {
    const char *path;
    heapy_snapshot_file *file; /* borrowed */
    heapy_snapshot_file_info info;
    unsigned loaded; /* HEAPY_FILE_...: what `snapshot` was made with */
    heapy_snapshot *snapshot;
    const heapy_graph *graph;
    size_t node_count;
    heapy_sizes sizes;
    const uint32_t *targets;
    const heapy_label *labels;
    heapy_dominators *dominators;     /* borrowed; NULL until they are needed */
    const heapy_referrers *referrers; /* the same */
    heapy_node_set *before;           /* NULL until it is needed */
    sql_classing types, kinds;
    heapy_classes *kind_classes;
    heapy_path_writer *writer;
} sql_heap;

enum { SQL_HEAP_LIMIT = 64 }; /* files at once: row numbers have six bits for them */

/* `file` and `path` are borrowed until sql_heap_deinit(). */
void sql_heap_init(sql_heap *heap, const char *path, heapy_snapshot_file *file);
void sql_heap_deinit(sql_heap *heap);

/*
 * Load the columns of `needs` (HEAPY_FILE_...).  What was derived of an earlier, smaller snapshot is let go
 * of; no cursor may be open.  A column that the file lacks is known as not being there.
 */
heapy_status sql_heap_load(sql_heap *heap, unsigned needs, heapy_error *err);

/* Each makes what it says, unless it is there.  HEAPY_INVALID names the file where it lacks edges or sizes.
 */
heapy_status sql_heap_need_edges(const sql_heap *heap, heapy_error *err);
heapy_status sql_heap_need_dominators(sql_heap *heap, const heapy_progress *progress, heapy_error *err);
heapy_status sql_heap_need_referrers(sql_heap *heap, heapy_error *err);
heapy_status sql_heap_need_before(sql_heap *heap, heapy_error *err);
heapy_status sql_heap_need_writer(sql_heap *heap, heapy_error *err);
heapy_status sql_heap_need_types(sql_heap *heap, heapy_error *err);
heapy_status sql_heap_need_kinds(sql_heap *heap, heapy_error *err);
heapy_status sql_heap_count(sql_heap *heap, sql_classing *classing, heapy_error *err);
heapy_status sql_heap_group(sql_heap *heap, sql_classing *classing, heapy_error *err);
heapy_status sql_heap_retained_by(sql_heap *heap, sql_classing *classing, const heapy_progress *progress,
                                  heapy_error *err);

/* The first node whose address is at least `address`; node_count: there is none.  O(log nodes log regions).
 */
size_t sql_heap_first_at(const sql_heap *heap, uint64_t address);

/*
 * The nodes of one shortest path from the root, or from outside where there is no root node, and its steps.
 *
 * nodes, steps  owned, heapy_free(); *length steps, and one node more.  *nodes NULL: no path leads there.
 */
heapy_status sql_heap_path(const sql_heap *heap, heapy_node target, heapy_node **nodes,
                           heapy_path_step **steps, size_t *length, heapy_error *err);

/* Free what a division has made; it is as it was at first. */
void sql_classing_deinit(sql_classing *classing);

/* HEAPY_NO_MEMORY for a column of this file. */
heapy_status sql_heap_no_memory(const sql_heap *heap, heapy_error *err);

/* Record a failure of this file in `err` and return its status. */
heapy_status sql_fail(heapy_error *err, heapy_status status, const char *format, ...) HEAPY_PRINTF(3, 4);

#endif
