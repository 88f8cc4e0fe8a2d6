/* SPDX-License-Identifier: MIT */
/* Reachability around sets of nodes: a marked bitmap and a stack of nodes that wait to be visited. */
#include "heapy/reach.h"

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"
#include "node_set_internal.h"
#include "referrers_internal.h"

typedef struct walk {
    const heapy_graph *graph;
    const uint64_t *avoid; /* or NULL */
    heapy_avoidance avoidance;
    uint64_t *marked;
    heapy_node *stack; /* a node enters at most once, so node_count is enough */
    size_t waiting;
} walk;

static inline void
mark(walk *w, heapy_node node)
{
    if (heapy__bitmap_get(w->marked, node))
        return;
    if (w->avoid && heapy__bitmap_get(w->avoid, node)) {
        if (w->avoidance == HEAPY_AVOID_LEAVING)
            heapy__bitmap_set(w->marked, node);
        return;
    }
    heapy__bitmap_set(w->marked, node);
    w->stack[w->waiting++] = node;
}

enum { AHEAD = 4 };

static void
drain(walk *w)
{
    const uint32_t *targets = heapy_graph_targets(w->graph);
    while (w->waiting) {
        heapy_node node = w->stack[--w->waiting];
        uint64_t first, end;
        heapy__graph_edges(w->graph, node, &first, &end);
        for (uint64_t e = first; e < end; e++) {
            if (e + AHEAD < end)
                __builtin_prefetch(&w->marked[targets[e + AHEAD] >> 6], 1);
            mark(w, targets[e]);
        }
    }
}

/* The sets that a question is about and the one for the answer, against the graph; `set` may be NULL. */
static heapy_status
check_sets(const heapy_graph *graph, const heapy_node_set *set, const heapy_node_set *out, heapy_error *err)
{
    size_t nodes = heapy_graph_node_count(graph);
    heapy_status status = heapy__node_set_fits(set, nodes, "set", err);
    if (status)
        return status;
    return heapy__node_set_fits(out, nodes, "out", err);
}

heapy_status
heapy_reach(const heapy_graph *graph, const heapy_node_set *starts, const heapy_node_set *avoid,
            heapy_avoidance avoidance, heapy_node_set *out, heapy_error *err)
{
    if (!graph || !out)
        return heapy__fail_null(err, "graph or out");
    heapy_status status = check_sets(graph, starts, out, err);
    if (!status)
        status = heapy__node_set_fits(avoid, heapy_graph_node_count(graph), "avoid", err);
    if (status)
        return status;
    if (avoidance != HEAPY_AVOID_ENTIRELY && avoidance != HEAPY_AVOID_LEAVING)
        return heapy__fail(err, HEAPY_INVALID, "%d is no way of avoiding nodes", (int)avoidance);
    size_t nodes = heapy_graph_node_count(graph);
    walk w = {.graph = graph,
              .avoid = avoid ? heapy_node_set_words(avoid) : NULL,
              .avoidance = avoidance,
              .marked = heapy__node_set_words(out),
              .stack = heapy_alloc_array(nodes, sizeof(heapy_node))};
    if (!w.stack)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to walk over %zu nodes", nodes);
    if (starts) {
        for (heapy_node n = heapy_node_set_next(starts, 0); n != HEAPY_NO_NODE;
             n = heapy_node_set_next(starts, n + 1))
            mark(&w, n);
    } else {
        for (size_t i = 0; i < heapy_graph_root_count(graph); i++)
            mark(&w, heapy_graph_root_target(graph, i));
    }
    drain(&w);
    heapy_free(w.stack);
    return HEAPY_OK;
}

heapy_status
heapy_dominated(const heapy_graph *graph, const heapy_node_set *set, heapy_node_set *out, heapy_error *err)
{
    if (!graph || !set || !out)
        return heapy__fail_null(err, "graph, set or out");
    heapy_node_set *around = NULL;
    heapy_status status = check_sets(graph, set, out, err);
    if (!status)
        status = heapy_node_set_create(heapy_graph_node_count(graph), &around, err);
    if (!status)
        status = heapy_reach(graph, NULL, set, HEAPY_AVOID_ENTIRELY, around, err);
    if (!status)
        status = heapy_reach(graph, set, around, HEAPY_AVOID_ENTIRELY, out, err);
    heapy_node_set_destroy(around);
    return status;
}

/* around: what the roots reach around the union of the sets. */
static heapy_status
subtract_others(const heapy_graph *graph, const heapy_node_set *all, heapy_node_set *around,
                const heapy_node_set *set, heapy_node_set *out, heapy_error *err)
{
    heapy_node_set *others = NULL;
    heapy_status status = heapy_reach(graph, set, around, HEAPY_AVOID_ENTIRELY, out, err);
    if (!status)
        status = heapy_node_set_create(heapy_graph_node_count(graph), &others, err);
    if (!status)
        status = heapy_node_set_combine(around, set, HEAPY_UNION, err);
    if (!status)
        status = heapy_reach(graph, all, around, HEAPY_AVOID_ENTIRELY, others, err);
    if (!status)
        status = heapy_node_set_combine(out, others, HEAPY_DIFFERENCE, err);
    heapy_node_set_destroy(others);
    return status;
}

heapy_status
heapy_dominated_alone(const heapy_graph *graph, const heapy_node_set *const *sets, size_t count, size_t which,
                      heapy_node_set *out, heapy_error *err)
{
    if (!graph || !sets || !out)
        return heapy__fail_null(err, "graph, sets or out");
    if (which >= count)
        return heapy__fail(err, HEAPY_INVALID, "there is no set %zu among %zu", which, count);
    for (size_t i = 0; i < count; i++)
        if (!sets[i])
            return heapy__fail(err, HEAPY_INVALID, "set %zu is NULL", i);
    heapy_node_set *all = NULL, *around = NULL;
    size_t nodes = heapy_graph_node_count(graph);
    heapy_status status = check_sets(graph, sets[which], out, err);
    if (!status)
        status = heapy_node_set_create(nodes, &all, err);
    for (size_t i = 0; !status && i < count; i++)
        status = heapy_node_set_combine(all, sets[i], HEAPY_UNION, err);
    if (!status)
        status = heapy_node_set_create(nodes, &around, err);
    if (!status)
        status = heapy_reach(graph, NULL, all, HEAPY_AVOID_ENTIRELY, around, err);
    if (!status)
        status = subtract_others(graph, all, around, sets[which], out, err);
    heapy_node_set_destroy(all);
    heapy_node_set_destroy(around);
    return status;
}

heapy_status
heapy_immediate_dominators(const heapy_graph *graph, const heapy_referrers *referrers,
                           const heapy_node_set *starts, const heapy_node_set *set, heapy_node_set *out,
                           heapy_error *err)
{
    if (!graph || !referrers || !set || !out)
        return heapy__fail_null(err, "graph, referrers, set or out");
    heapy_node_set *all = NULL;
    heapy_status status = check_sets(graph, set, out, err);
    if (!status)
        status = heapy__referrers_fit(referrers, graph, err);
    if (!status)
        status = heapy_node_set_create(heapy_graph_node_count(graph), &all, err);
    if (!status) {
        heapy_referrers_of_set(referrers, set, all);
        status = heapy_reach(graph, starts, all, HEAPY_AVOID_LEAVING, out, err);
    }
    if (!status)
        status = heapy_node_set_combine(out, all, HEAPY_INTERSECTION, err);
    heapy_node_set_destroy(all);
    return status;
}

void
heapy_referrers_of_set(const heapy_referrers *referrers, const heapy_node_set *nodes, heapy_node_set *out)
{
    heapy_node node = heapy_node_set_next(nodes, 0);
    while (node != HEAPY_NO_NODE) {
        size_t count;
        const heapy_node *sources = heapy_referrers_get(referrers, node, &count);
        for (size_t i = 0; i < count; i++)
            heapy_node_set_add(out, sources[i]);
        node = heapy_node_set_next(nodes, node + 1);
    }
}

void
heapy_referents_of_set(const heapy_graph *graph, const heapy_node_set *set, heapy_node_set *out)
{
    size_t nodes = heapy_graph_node_count(graph);
    if (heapy_node_set_range(set) != nodes || heapy_node_set_range(out) != nodes || !nodes)
        return;
    const uint32_t *targets = heapy_graph_targets(graph);
    uint64_t *words = heapy__node_set_words(out);
    for (heapy_node n = heapy_node_set_next(set, 0); n != HEAPY_NO_NODE;
         n = heapy_node_set_next(set, n + 1)) {
        uint64_t first, end;
        heapy__graph_edges(graph, n, &first, &end);
        for (uint64_t e = first; e < end; e++)
            heapy__bitmap_set(words, targets[e]);
    }
}

uint64_t
heapy_size_of_set(const heapy_graph *graph, const heapy_node_set *set)
{
    if (heapy_node_set_range(set) != heapy_graph_node_count(graph))
        return 0;
    const heapy_sizes sizes = heapy_graph_sizes(graph);
    uint64_t total = 0;
    for (heapy_node n = heapy_node_set_next(set, 0); n != HEAPY_NO_NODE; n = heapy_node_set_next(set, n + 1))
        total += heapy_size_of(&sizes, n);
    return total;
}
