/* SPDX-License-Identifier: MIT */
/* What referrers are, for the files that make them, and for those who are given a graph and its referrers. */
#ifndef HEAPY_REFERRERS_INTERNAL_H
#define HEAPY_REFERRERS_INTERNAL_H

#include "heapy/referrers.h"

/* Columns that are lent are not written: their fields are not const since those that were made here are. */
struct heapy_referrers {
    size_t node_count;
    uint64_t edge_count;
    uint32_t *starts32; /* node_count + 1, or NULL: half the bytes while there are fewer than 2^32 edges */
    uint64_t *starts64; /* node_count + 1, or NULL */
    heapy_node *sources;
    bool is_lent;
    heapy_keeper keeper; /* of lent columns */
};

/* HEAPY_INVALID when they cannot be the referrers of `graph`: they have other numbers of nodes or edges. */
heapy_status heapy__referrers_fit(const heapy_referrers *referrers, const heapy_graph *graph,
                                  heapy_error *err);

#endif
