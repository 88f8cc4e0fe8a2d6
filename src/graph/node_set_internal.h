/* SPDX-License-Identifier: MIT */
/* For those who fill a node set word by word. */
#ifndef HEAPY_NODE_SET_INTERNAL_H
#define HEAPY_NODE_SET_INTERNAL_H

#include "heapy/node_set.h"

/* The words, to be written; bits at or past the range must stay 0. */
uint64_t *heapy__node_set_words(heapy_node_set *set);

#endif
