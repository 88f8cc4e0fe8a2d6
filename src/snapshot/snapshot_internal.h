/* SPDX-License-Identifier: MIT */
/* What a snapshot is, for what derives something of it once. */
#ifndef HEAPY_SNAPSHOT_INTERNAL_H
#define HEAPY_SNAPSHOT_INTERNAL_H

#include <stdatomic.h>

#include "heapy/path_levels.h"
#include "heapy/snapshot.h"

struct heapy_snapshot {
    atomic_size_t uses;
    heapy_graph *graph;
    const heapy_address_map *map;
    heapy_words words;
    const heapy_facts *modules; /* of the graph, or NULL */
    _Atomic(heapy_referrers *) referrers;
    _Atomic(heapy_dominators *) dominators;
    _Atomic(heapy_path_levels *) path_levels[2]; /* from the root; [1]: not by what frames' modules have */
};

/* The levels of a search from the root, made at the first call; borrowed while the snapshot lives.
   skips_globals: not by what frames' modules have, heapy_pairs_to_globals(). */
heapy_status heapy__snapshot_path_levels(heapy_snapshot *snapshot, bool skips_globals,
                                         const heapy_path_levels **out, heapy_error *err);

/* Were they made already? */
bool heapy__knows_path_levels(const heapy_snapshot *snapshot, bool skips_globals);

/* Are there references that those skip?  After they were made. */
bool heapy__skips_references(const heapy_snapshot *snapshot);

/* List paths in the order of heapy_path_steps_order(). */
void heapy__order_by_reference(heapy_snapshot *snapshot, heapy_shortest_paths *paths);

/* Let go of what was derived. */
void heapy__derived_deinit(heapy_snapshot *snapshot);

#endif
