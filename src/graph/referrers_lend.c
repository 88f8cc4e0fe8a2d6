/* SPDX-License-Identifier: MIT */
/*
 * Referrers whose columns lie somewhere else, in a file say.
 *
 * They are right when they have the edges of the graph, each as often as it is there.  Two multisets of edges
 * are compared by what their elements add up to, each mixed with a key that nobody knows beforehand; two
 * passes front to back, where looking up each edge would be a walk all over memory.
 */
#define _DEFAULT_SOURCE 1 /* getentropy() */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"
#include "referrers_internal.h"

#define NOT_WRITTEN(pointer) ((void *)(uintptr_t)(pointer))

/* The finalizer of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators"). */
static inline uint64_t
mix_edge(uint64_t key, heapy_node source, heapy_node target)
{
    uint64_t x = (((uint64_t)source << 32 | target) ^ key) + UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static uint64_t
sum_of_edges(const heapy_graph *graph, uint64_t key)
{
    const uint32_t *targets = heapy_graph_targets(graph);
    uint64_t sum = 0;
    for (size_t i = 0; i < heapy_graph_node_count(graph); i++) {
        uint64_t first, end;
        heapy__graph_edges(graph, (heapy_node)i, &first, &end);
        for (uint64_t e = first; e < end; e++)
            sum += mix_edge(key, (heapy_node)i, targets[e]);
    }
    return sum;
}

/* What the sources of all nodes add up to.  False: starts or sources are not in order. */
static bool
sum_of_sources(const heapy_referrers *r, uint64_t key, uint64_t *out)
{
    uint64_t sum = 0, at = 0;
    for (size_t i = 0; i < r->node_count; i++) {
        uint64_t first = r->starts32 ? r->starts32[i] : r->starts64[i];
        uint64_t end = r->starts32 ? r->starts32[i + 1] : r->starts64[i + 1];
        if (first != at || end < first || end > r->edge_count)
            return false;
        for (; at < end; at++) {
            if (r->sources[at] >= r->node_count || (at > first && r->sources[at] < r->sources[at - 1]))
                return false;
            sum += mix_edge(key, r->sources[at], (heapy_node)i);
        }
    }
    *out = sum;
    return at == r->edge_count;
}

static heapy_status
check_edges(const heapy_referrers *r, const heapy_graph *graph, heapy_error *err)
{
    uint64_t key, sum;
    heapy_status status = heapy__referrers_fit(r, graph, err);
    if (status)
        return status;
    if (getentropy(&key, sizeof key))
        return heapy__fail(err, HEAPY_OS, "no key to check referrers with: %s", strerror(errno));
    if (sum_of_sources(r, key, &sum) && sum == sum_of_edges(graph, key))
        return HEAPY_OK;
    return heapy__fail(err, HEAPY_INVALID, "these are not the reverse edges of the graph");
}

heapy_status
heapy_referrers_lend(const heapy_graph *graph, const heapy_referrer_columns *columns,
                     const heapy_keeper *keeper, heapy_referrers **out, heapy_error *err)
{
    if (!graph || !columns || (!columns->starts32) == (!columns->starts64) || !columns->sources || !out)
        return heapy__let_go(keeper, heapy__fail_null(err, "graph, a column or out"));
    heapy_referrers *r = heapy_alloc_zeroed(1, sizeof *r);
    if (!r)
        return heapy__let_go(keeper, heapy__fail(err, HEAPY_NO_MEMORY, "no memory for referrers"));
    *r = (heapy_referrers){.node_count = columns->node_count,
                           .edge_count = columns->edge_count,
                           .starts32 = NOT_WRITTEN(columns->starts32),
                           .starts64 = NOT_WRITTEN(columns->starts64),
                           .sources = NOT_WRITTEN(columns->sources),
                           .is_lent = true};
    if (keeper)
        r->keeper = *keeper;
    heapy_status status = check_edges(r, graph, err);
    if (status) {
        heapy_referrers_destroy(r);
        return status;
    }
    *out = r;
    return HEAPY_OK;
}
