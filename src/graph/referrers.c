/* SPDX-License-Identifier: MIT */
/* Reverse edges: a counting sort of the edges by target. */
#include "heapy/referrers.h"

#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"
#include "referrers_internal.h"

void
heapy_referrers_destroy(heapy_referrers *referrers)
{
    if (!referrers)
        return;
    if (referrers->is_lent) {
        heapy__let_go(&referrers->keeper, HEAPY_OK);
    } else {
        heapy_free(referrers->starts32);
        heapy_free(referrers->starts64);
        heapy_free(referrers->sources);
    }
    heapy_free(referrers);
}

/*
 * Count the edges by target, make of the counts where each target's sources end, and fill from there
 * downwards, so that afterwards the ends are the starts.  Sources are read backwards, which leaves each
 * target's ascending.
 */
#define SORT_EDGES(starts, offset_type)                                                                      \
    do {                                                                                                     \
        for (uint64_t e = 0; e < edges; e++)                                                                 \
            starts[targets[e]]++;                                                                            \
        offset_type total = 0;                                                                               \
        for (size_t i = 0; i < nodes; i++)                                                                   \
            starts[i] = total += starts[i];                                                                  \
        starts[nodes] = total;                                                                               \
        for (size_t i = nodes; i-- > 0;) {                                                                   \
            uint64_t first, end;                                                                             \
            heapy__graph_edges(graph, (heapy_node)i, &first, &end);                                          \
            for (uint64_t e = end; e-- > first;) {                                                           \
                if (e >= AHEAD)                                                                              \
                    __builtin_prefetch(&starts[targets[e - AHEAD]], 1);                                      \
                r->sources[--starts[targets[e]]] = (heapy_node)i;                                            \
            }                                                                                                \
        }                                                                                                    \
    } while (0)

enum { AHEAD = 16 };

heapy_status
heapy_referrers_create(const heapy_graph *graph, heapy_referrers **out, heapy_error *err)
{
    if (!graph || !out)
        return heapy__fail_null(err, "graph or out");
    size_t nodes = heapy_graph_node_count(graph);
    uint64_t edges = heapy_graph_edge_count(graph);
    const uint32_t *targets = heapy_graph_targets(graph);
    bool is_wide = edges > UINT32_MAX;
    heapy_referrers *r = heapy_alloc_zeroed(1, sizeof *r);
    if (r) {
        r->node_count = nodes;
        r->edge_count = edges;
        if (is_wide)
            r->starts64 = heapy_alloc_zeroed(nodes + 1, sizeof *r->starts64);
        else
            r->starts32 = heapy_alloc_zeroed(nodes + 1, sizeof *r->starts32);
        r->sources = heapy_alloc_array((size_t)edges, sizeof *r->sources);
    }
    if (!r || !(is_wide ? (void *)r->starts64 : (void *)r->starts32) || !r->sources) {
        heapy_referrers_destroy(r);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the referrers of %zu nodes", nodes);
    }
    if (is_wide)
        SORT_EDGES(r->starts64, uint64_t);
    else
        SORT_EDGES(r->starts32, uint32_t);
    *out = r;
    return HEAPY_OK;
}

const heapy_node *
heapy_referrers_get(const heapy_referrers *referrers, heapy_node node, size_t *count)
{
    if (!count)
        return NULL;
    *count = 0;
    if (!referrers || node >= referrers->node_count)
        return NULL;
    uint64_t first = referrers->starts32 ? referrers->starts32[node] : referrers->starts64[node];
    uint64_t end = referrers->starts32 ? referrers->starts32[node + 1] : referrers->starts64[node + 1];
    *count = (size_t)(end - first);
    return referrers->sources + first;
}

heapy_status
heapy__referrers_fit(const heapy_referrers *referrers, const heapy_graph *graph, heapy_error *err)
{
    if (referrers->node_count == heapy_graph_node_count(graph) &&
        referrers->edge_count == heapy_graph_edge_count(graph))
        return HEAPY_OK;
    return heapy__fail(
        err, HEAPY_INVALID,
        "these referrers are of a graph of %zu nodes and %llu edges, not of this one of %zu and %llu",
        referrers->node_count, (unsigned long long)referrers->edge_count, heapy_graph_node_count(graph),
        (unsigned long long)heapy_graph_edge_count(graph));
}

size_t
heapy_referrers_node_count(const heapy_referrers *referrers)
{
    return referrers ? referrers->node_count : 0;
}

size_t
heapy_referrers_bytes(const heapy_referrers *referrers)
{
    if (!referrers)
        return 0;
    if (referrers->is_lent)
        return sizeof *referrers;
    size_t offset = referrers->starts32 ? sizeof *referrers->starts32 : sizeof *referrers->starts64;
    return sizeof *referrers + (referrers->node_count + 1) * offset +
           (size_t)referrers->edge_count * sizeof *referrers->sources;
}

heapy_status
heapy_referrers_columns(const heapy_referrers *referrers, heapy_referrer_columns *out, heapy_error *err)
{
    if (!referrers || !out)
        return heapy__fail_null(err, "referrers or out");
    *out = (heapy_referrer_columns){.node_count = referrers->node_count,
                                    .edge_count = referrers->edge_count,
                                    .starts32 = referrers->starts32,
                                    .starts64 = referrers->starts64,
                                    .sources = referrers->sources};
    return HEAPY_OK;
}
