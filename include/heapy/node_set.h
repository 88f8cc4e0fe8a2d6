/* SPDX-License-Identifier: MIT */
/*
 * Sets of nodes of one graph: a bit for each of the nodes 0 .. range-1.
 *
 * Two sets can be combined when their ranges are equal.  Cost of an operation: range / 64 words.
 * A node at or past the range is in no set and cannot be added; NULL is read as a set over no nodes.
 */
#ifndef HEAPY_NODE_SET_H
#define HEAPY_NODE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapy/address_map.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_node_set heapy_node_set;

/* An empty set over `range` nodes (at most 2^32 - 1: HEAPY_LIMIT).  out: owned, heapy_node_set_destroy(). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_node_set_create(size_t range, heapy_node_set **out,
                                                              heapy_error *err);
HEAPY_API void heapy_node_set_destroy(heapy_node_set *set); /* NULL does nothing */

HEAPY_API size_t heapy_node_set_range(const heapy_node_set *set); /* O(1) */
HEAPY_API size_t heapy_node_set_count(const heapy_node_set *set); /* members; O(range / 64) */

/* Add `node`; false if it was there, or is not below the range. */
HEAPY_API bool heapy_node_set_add(heapy_node_set *set, heapy_node node);
HEAPY_API bool heapy_node_set_remove(heapy_node_set *set, heapy_node node); /* true if it was there */
HEAPY_API bool heapy_node_set_contains(const heapy_node_set *set, heapy_node node);

/* The smallest member >= node, or HEAPY_NO_NODE. */
HEAPY_API heapy_node heapy_node_set_next(const heapy_node_set *set, heapy_node node);

/* The bits: (range + 63) / 64 words, bit i for node i.  Borrowed until the set changes. */
HEAPY_API const uint64_t *heapy_node_set_words(const heapy_node_set *set);

/* set = set OP other.  HEAPY_INVALID when the ranges differ. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_node_set_combine(heapy_node_set *set,
                                                               const heapy_node_set *other,
                                                               heapy_set_operation operation,
                                                               heapy_error *err);
HEAPY_API void heapy_node_set_complement(heapy_node_set *set);

HEAPY_API bool heapy_node_set_equal(const heapy_node_set *a, const heapy_node_set *b);
HEAPY_API bool heapy_node_set_is_subset(const heapy_node_set *a, const heapy_node_set *b);

/* No bit at or past range may be set; HEAPY_INVALID otherwise.  For tests. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_node_set_check(const heapy_node_set *set, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
