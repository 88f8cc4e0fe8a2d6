/* SPDX-License-Identifier: MIT */
/* Reverse edges: a counting sort of the edges by target. */
#include "heapy/referrers.h"

#include <assert.h>

#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"

struct heapy_referrers {
    size_t node_count;
    uint64_t edge_count;
    uint32_t *starts32; /* node_count + 1, or NULL: half the bytes while there are fewer than 2^32 edges */
    uint64_t *starts64; /* node_count + 1, or NULL */
    heapy_node *sources;
};

void
heapy_referrers_destroy(heapy_referrers *referrers)
{
    if (!referrers)
        return;
    heapy_free(referrers->starts32);
    heapy_free(referrers->starts64);
    heapy_free(referrers->sources);
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
            heapy_graph_edges(graph, (heapy_node)i, &first, &end);                                           \
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
    assert(node < referrers->node_count);
    uint64_t first = referrers->starts32 ? referrers->starts32[node] : referrers->starts64[node];
    uint64_t end = referrers->starts32 ? referrers->starts32[node + 1] : referrers->starts64[node + 1];
    *count = (size_t)(end - first);
    return referrers->sources + first;
}

size_t
heapy_referrers_bytes(const heapy_referrers *referrers)
{
    size_t offset = referrers->starts32 ? sizeof *referrers->starts32 : sizeof *referrers->starts64;
    return sizeof *referrers + (referrers->node_count + 1) * offset +
           (size_t)referrers->edge_count * sizeof *referrers->sources;
}
