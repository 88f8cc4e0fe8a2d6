/* SPDX-License-Identifier: MIT */
/*
 * A partition divides members of a snapshot into the classes of a classification and counts each.
 *
 * Rows come in table order: by size descending, then by name (byte order of UTF-8, which is the order of
 * code points) ascending, then by class number, so the same input gives the same rows.
 */
#ifndef HEAPY_PARTITION_H
#define HEAPY_PARTITION_H

#include "heapy/classify.h"
#include "heapy/node_set.h"
#include "heapy/retained_rows.h" /* HEAPY_NO_CLASS */
#include "heapy/snapshot.h"
#include "heapy/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_partition heapy_partition;

/*
 * Partition the members of a snapshot (NULL: all nodes), of which `graph` has the sizes, by their classes.
 *
 * graph, members  borrowed during the call.
 * classes         of the members; taken over, also on failure.
 * out             owned, heapy_partition_destroy().
 *
 * O(members + rows log rows).  Keeps the 4 bytes a member of `classes`.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_partition_create(const heapy_graph *graph,
                                                               const heapy_members *members,
                                                               heapy_classes *classes, heapy_partition **out,
                                                               heapy_error *err);
HEAPY_API void heapy_partition_destroy(heapy_partition *partition); /* NULL does nothing */

/* The rows and totals; borrowed until the partition is destroyed. */
HEAPY_API const heapy_table *heapy_partition_table(const heapy_partition *partition);

/* What the rows are classes of; borrowed until the partition is destroyed. */
HEAPY_API const heapy_classes *heapy_partition_classes(const heapy_partition *partition);

/* The class that row `row` shows; HEAPY_NO_CLASS: there is no such row. */
HEAPY_API heapy_class heapy_partition_row_class(const heapy_partition *partition, size_t row);

/* The row that shows a class; HEAPY_NO_ROW: no member has it. */
#define HEAPY_NO_ROW UINT32_MAX
HEAPY_API uint32_t heapy_partition_class_row(const heapy_partition *partition, heapy_class which);

/*
 * The numbers of the members in the rows first, first + step, ... (row_count of them, each below the table's
 * row_count; else HEAPY_INVALID). out: owned, heapy_node_set_destroy().  O(members).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_partition_members(const heapy_partition *partition,
                                                                size_t first, size_t step, size_t row_count,
                                                                heapy_node_set **out, heapy_error *err);

/*
 * The partition of the members of those rows alone: the same classes, counts and sizes, with cumulated sums
 * and numbers of its own.  Members are numbered anew, in their order.  The rows are as above. out: owned,
 * heapy_partition_destroy(), before or after `partition`.  O(members + classes); keeps the classes, and 4
 * bytes a member.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_partition_of_rows(const heapy_partition *partition,
                                                                size_t first, size_t step, size_t row_count,
                                                                heapy_partition **out, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
