/* SPDX-License-Identifier: MIT */
/* For those who fill a node set word by word, and those who are given one. */
#ifndef HEAPY_NODE_SET_INTERNAL_H
#define HEAPY_NODE_SET_INTERNAL_H

#include "heapy/node_set.h"

/* The words, to be written; bits at or past the range must stay 0. */
uint64_t *heapy__node_set_words(heapy_node_set *set);

/* HEAPY_INVALID when a set, which may be NULL, is not over node_count nodes.  what: its name, in the error.
 */
heapy_status heapy__node_set_fits(const heapy_node_set *set, size_t node_count, const char *what,
                                  heapy_error *err);

#endif
