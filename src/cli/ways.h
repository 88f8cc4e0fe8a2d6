/* SPDX-License-Identifier: MIT */
/* Shortest paths from the root, or from an object, to an object. */
#ifndef HEAPY_CLI_WAYS_H
#define HEAPY_CLI_WAYS_H

#include "object.h"

typedef struct ways {
    const input *in;
    heapy_shortest_paths *paths;
    heapy_path_writer *writer;
    char *source_name; /* owned */
    char *number;      /* how many paths there are, in decimal digits; owned */
    uint32_t *digits;  /* the same in 32 bits each; owned */
    size_t digit_count;
} ways;

/*
 * Find them.  from: HEAPY_NO_NODE is the root; without a root node, what refers to the roots is not known,
 * and paths begin at the roots.  avoid: NULL, or nodes that are on no path.
 * source_name: what paths begin with.  STATUS_FAILED: what is wrong was
 * said. ways_deinit() in any case.
 */
int ways_init(ways *self, input *in, heapy_node from, heapy_node to, const heapy_node_set *avoid,
              const char *source_name);
void ways_deinit(ways *self);

/* The text of a path, escaped: its number is a place in the order of listing.  NULL when what is wrong was
   said; owned, heapy_free(). */
char *way_text(const ways *self, size_t number);

#endif
