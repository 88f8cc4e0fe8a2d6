/* SPDX-License-Identifier: MIT */
/*
 * What is derived of a snapshot, once, when it is first asked for: referrers, dominators, levels of paths.
 *
 * Two threads may make the same at once: the first one stays, and the other's is thrown away.
 */
#include "../base/fail.h"
#include "../graph/dominators_internal.h"
#include "../graph/paths_internal.h"
#include "../graph/referrers_internal.h"
#include "heapy/memory.h"
#include "heapy/snapshot_paths.h"
#include "snapshot_internal.h"

heapy_status
heapy_snapshot_referrers(heapy_snapshot *snapshot, const heapy_referrers **out, heapy_error *err)
{
    if (!snapshot || !out)
        return heapy__fail_null(err, "snapshot or out");
    heapy_referrers *known = atomic_load(&snapshot->referrers), *made;
    if (!known) {
        if (!heapy_graph_has_edges(snapshot->graph))
            return heapy__fail(err, HEAPY_INVALID, "the references of this snapshot are not known");
        heapy_status status = heapy_referrers_create(snapshot->graph, &made, err);
        if (status)
            return status;
        if (atomic_compare_exchange_strong(&snapshot->referrers, &known, made))
            known = made;
        else
            heapy_referrers_destroy(made);
    }
    *out = known;
    return HEAPY_OK;
}

const heapy_referrers *
heapy_snapshot_known_referrers(const heapy_snapshot *snapshot)
{
    if (!snapshot)
        return NULL;
    return atomic_load(&((heapy_snapshot *)(uintptr_t)snapshot)->referrers);
}

heapy_status
heapy_snapshot_adopt_referrers(heapy_snapshot *snapshot, heapy_referrers *referrers, heapy_error *err)
{
    heapy_referrers *known = NULL;
    heapy_status status;
    if (snapshot && referrers)
        status = heapy__referrers_fit(referrers, snapshot->graph, err);
    else
        status = heapy__fail_null(err, "snapshot or referrers");
    if (status || !atomic_compare_exchange_strong(&snapshot->referrers, &known, referrers))
        heapy_referrers_destroy(referrers);
    return status;
}

heapy_status
heapy_snapshot_dominators(heapy_snapshot *snapshot, const heapy_progress *progress, heapy_dominators **out,
                          heapy_error *err)
{
    if (!snapshot || !out)
        return heapy__fail_null(err, "snapshot or out");
    heapy_dominators *known = atomic_load(&snapshot->dominators), *made;
    if (!known) {
        const heapy_referrers *referrers;
        heapy_status status = heapy_snapshot_referrers(snapshot, &referrers, err);
        if (!status)
            status = heapy_dominators_create(snapshot->graph, referrers, progress, &made, err);
        if (status)
            return status;
        if (atomic_compare_exchange_strong(&snapshot->dominators, &known, made))
            known = made;
        else
            heapy_dominators_destroy(made);
    }
    *out = known;
    return HEAPY_OK;
}

heapy_status
heapy_snapshot_adopt_dominators(heapy_snapshot *snapshot, heapy_dominators *dominators, heapy_error *err)
{
    heapy_dominators *known = NULL;
    heapy_status status = HEAPY_OK;
    if (!snapshot || !dominators)
        status = heapy__fail_null(err, "snapshot or dominators");
    else if (dominators->node_count != heapy_graph_node_count(snapshot->graph))
        status = heapy__fail(err, HEAPY_INVALID, "dominators of %zu nodes are not those of a snapshot of %zu",
                             dominators->node_count, heapy_graph_node_count(snapshot->graph));
    if (status || !atomic_compare_exchange_strong(&snapshot->dominators, &known, dominators))
        heapy_dominators_destroy(dominators);
    return status;
}

static heapy_status
make_path_levels(const heapy_snapshot *snapshot, bool skips_globals, heapy_path_levels **out,
                 heapy_error *err)
{
    heapy_node_pair *pairs = NULL;
    size_t count = 0;
    heapy_node_set *sources = NULL;
    heapy_status status = heapy_snapshot_sources(snapshot, &sources, err);
    if (!status && skips_globals)
        status = heapy_pairs_to_globals(snapshot->graph, &pairs, &count, err);
    if (!status)
        status = heapy_path_levels_create(snapshot->graph, sources, NULL, pairs, count, NULL, out, err);
    heapy_free(pairs);
    heapy_node_set_destroy(sources);
    return status;
}

heapy_status
heapy__snapshot_path_levels(heapy_snapshot *snapshot, bool skips_globals, const heapy_path_levels **out,
                            heapy_error *err)
{
    heapy_path_levels *known = atomic_load(&snapshot->path_levels[skips_globals]), *made;
    if (!known) {
        heapy_status status = make_path_levels(snapshot, skips_globals, &made, err);
        if (status)
            return status;
        if (atomic_compare_exchange_strong(&snapshot->path_levels[skips_globals], &known, made))
            known = made;
        else
            heapy_path_levels_destroy(made);
    }
    *out = known;
    return HEAPY_OK;
}

bool
heapy__knows_path_levels(const heapy_snapshot *snapshot, bool skips_globals)
{
    return atomic_load(&snapshot->path_levels[skips_globals]);
}

bool
heapy__skips_references(const heapy_snapshot *snapshot)
{
    const heapy_path_levels *levels = atomic_load(&snapshot->path_levels[true]);
    return levels && heapy__path_levels_skip(levels);
}

size_t
heapy_snapshot_bytes(const heapy_snapshot *snapshot)
{
    if (!snapshot)
        return 0;
    const heapy_referrers *referrers = atomic_load(&snapshot->referrers);
    const heapy_dominators *dominators = atomic_load(&snapshot->dominators);
    return sizeof *snapshot + heapy_graph_bytes(snapshot->graph) +
           (referrers ? heapy_referrers_bytes(referrers) : 0) +
           (dominators ? heapy_dominators_bytes(dominators) : 0) +
           heapy_path_levels_bytes(atomic_load(&snapshot->path_levels[false])) +
           heapy_path_levels_bytes(atomic_load(&snapshot->path_levels[true]));
}

void
heapy__derived_deinit(heapy_snapshot *snapshot)
{
    heapy_path_levels_destroy(atomic_load(&snapshot->path_levels[false]));
    heapy_path_levels_destroy(atomic_load(&snapshot->path_levels[true]));
    heapy_dominators_destroy(atomic_load(&snapshot->dominators));
    heapy_referrers_destroy(atomic_load(&snapshot->referrers));
}
