/* SPDX-License-Identifier: MIT */
/* What classes of objects retain, with the help of an index where there is one. */
#ifndef HEAPY_CLI_CLASS_RETAINED_H
#define HEAPY_CLI_CLASS_RETAINED_H

#include <heapy/heapy.h>

/*
 * What each class of nodes retains, as heapy_retained_by_class() says it.  The dominator tree knows it of a
 * class of one object, so that only the others are counted, where there is a tree.
 *
 * path           of the file, whose index is looked for when a class is of one object and *tree is NULL.
 * tree           of the snapshot, or NULL; borrowed from it.  Out: the one of the index, if that was used.
 * class_of_node  below class_count, or HEAPY_NO_CLASS.
 * out            class_count numbers, the caller's.
 */
heapy_status class_retained(const char *path, heapy_snapshot *snapshot, heapy_dominators **tree,
                            const uint32_t *class_of_node, size_t class_count, const heapy_progress *progress,
                            uint64_t *out, heapy_error *err);

#endif
