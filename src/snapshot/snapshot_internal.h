/* SPDX-License-Identifier: MIT */
/* What a snapshot is, for what derives something of it once. */
#ifndef HEAPY_SNAPSHOT_INTERNAL_H
#define HEAPY_SNAPSHOT_INTERNAL_H

#include <stdatomic.h>

#include "heapy/snapshot.h"

struct heapy_snapshot {
    atomic_size_t uses;
    heapy_graph *graph;
    const heapy_address_map *map;
    heapy_words words;
    const heapy_facts *modules; /* of the graph, or NULL */
    _Atomic(heapy_referrers *) referrers;
    _Atomic(heapy_dominators *) dominators;
};

/* Let go of what was derived. */
void heapy__derived_deinit(heapy_snapshot *snapshot);

#endif
