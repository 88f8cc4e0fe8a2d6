/* SPDX-License-Identifier: MIT */
/*
 * Dominators by semi-NCA, with explicit stacks.
 *
 * Nodes are numbered in the order of a depth-first walk from a synthetic root, whose number is 0 and whose
 * edges are the graph's roots; all arrays but one go by these numbers, so that most of what is touched
 * together lies together.
 */
#include "heapy/dominators.h"

#include <stdlib.h>

#include "../base/fail.h"
#include "../base/ticker.h"
#include "dominators_internal.h"
#include "graph_internal.h"
#include "heapy/memory.h"
#include "referrers_internal.h"

enum { AHEAD = 8 }; /* how far what is waited for is fetched ahead */

/* A node of the forest of those linked: its ancestor there, and the smallest semidominator on the way to it.
 */
typedef struct forest_node {
    uint32_t ancestor, best;
} forest_node;

/* What is only needed while the tree is made.  By depth-first number unless it says otherwise. */
typedef struct search {
    const heapy_graph *graph;
    const heapy_referrers *referrers;
    uint32_t count;      /* numbers given, that of the synthetic root included */
    uint32_t *number;    /* by node: its depth-first number, 0: not reached */
    heapy_node *vertex;  /* the node of a number */
    forest_node *forest; /* while walking: the parent, and how many edges of the node were taken */
    uint32_t *semi;
    uint32_t *dominator;
    heapy__ticker ticker;
} search;

void
heapy_dominators_destroy(heapy_dominators *dominators)
{
    if (!dominators)
        return;
    if (dominators->is_lent) {
        if (dominators->keeper.release)
            dominators->keeper.release(dominators->keeper.context);
    } else {
        heapy_free(dominators->dominators);
        heapy_free(dominators->retained);
        heapy_free(dominators->large);
        heapy_free(dominators->child_starts);
        heapy_free(dominators->children);
    }
    heapy_free(dominators);
}

/* ---- depth first ---- */

static inline void
enter(search *s, heapy_node node, uint32_t from)
{
    s->number[node] = s->count;
    s->vertex[s->count] = node;
    s->forest[s->count] = (forest_node){from, 0};
    s->count++;
}

/* The parents are the stack: going back is going to the parent. */
static void
walk_from(search *s, heapy_node start)
{
    const uint32_t *targets = heapy_graph_targets(s->graph);
    if (s->number[start])
        return;
    enter(s, start, 0);
    for (uint32_t at = s->count - 1; at && heapy__tick(&s->ticker);) {
        uint64_t first, end;
        heapy__graph_edges(s->graph, s->vertex[at], &first, &end);
        uint64_t e = first + s->forest[at].best;
        if (e == first)
            for (uint64_t ahead = first; ahead < end && ahead < first + AHEAD; ahead++)
                __builtin_prefetch(&s->number[targets[ahead]], 1);
        for (; e < end && s->number[targets[e]]; e++)
            if (e + AHEAD < end)
                __builtin_prefetch(&s->number[targets[e + AHEAD]], 1);
        if (e == end) {
            at = s->forest[at].ancestor;
            continue;
        }
        s->forest[at].best = (uint32_t)(e + 1 - first);
        enter(s, targets[e], at);
        at = s->count - 1;
    }
}

static void
number_nodes(search *s)
{
    s->count = 1;
    for (size_t i = 0; i < heapy_graph_root_count(s->graph); i++)
        walk_from(s, heapy_graph_root_target(s->graph, i));
}

/* ---- semidominators ---- */

/*
 * The smallest semidominator on the way from `v` up through the forest of those linked, which are the numbers
 * above `linked`; paths are compressed.  The way up is walked by turning ancestors round, and walked back
 * down the same way, so no stack is needed.
 */
static uint32_t
evaluate(forest_node *forest, uint32_t v, uint32_t linked)
{
    if (v <= linked)
        return v; /* not linked yet: itself */
    /* Go up until the ancestor is the root of its tree; each one on the way points back to where we came
     * from. */
    uint32_t below = 0, at = v;
    while (forest[at].ancestor > linked) {
        uint32_t up = forest[at].ancestor;
        forest[at].ancestor = below;
        below = at;
        at = up;
    }
    /* Go down again: every one gets the top as ancestor and the best seen. */
    uint32_t top = forest[at].ancestor, best = forest[at].best;
    while (below) {
        uint32_t next = forest[below].ancestor;
        if (best < forest[below].best)
            forest[below].best = best;
        else
            best = forest[below].best;
        forest[below].ancestor = top;
        below = next;
    }
    return forest[v].best;
}

/* Fetch what the turn of number i will read: first the numbers of its sources, later the places of those. */
static inline void
fetch_sources(const search *s, uint32_t i, bool are_numbered)
{
    size_t count;
    const heapy_node *sources = heapy_referrers_get(s->referrers, s->vertex[i], &count);
    for (size_t k = 0; k < count && k < AHEAD; k++)
        if (are_numbered)
            __builtin_prefetch(&s->forest[s->number[sources[k]]], 1);
        else
            __builtin_prefetch(&s->number[sources[k]]);
}

static void
find_semidominators(search *s)
{
    for (uint32_t i = 0; i < s->count; i++) {
        s->dominator[i] = s->forest[i].ancestor;
        s->semi[i] = i;
    }
    for (size_t i = 0; i < heapy_graph_root_count(s->graph);
         i++) /* the sources below do not have the roots */
        s->dominator[s->number[heapy_graph_root_target(s->graph, i)]] = 0;
    for (uint32_t i = s->count - 1; i > 0 && heapy__tick(&s->ticker); i--) {
        if (i > 2 * AHEAD)
            fetch_sources(s, i - 2 * AHEAD, false);
        if (i > AHEAD)
            fetch_sources(s, i - AHEAD, true);
        uint32_t best = s->dominator[i]; /* an edge leads here from the parent, or from the roots: 0 */
        size_t count;
        const heapy_node *sources = heapy_referrers_get(s->referrers, s->vertex[i], &count);
        for (size_t k = 0; k < count && best; k++) {
            uint32_t v = s->number[sources[k]];
            if (!v)
                continue; /* the roots do not reach that one */
            uint32_t candidate = evaluate(s->forest, v, i);
            if (candidate < best)
                best = candidate;
        }
        s->semi[i] = s->forest[i].best = best;
    }
}

static void
find_dominators(search *s)
{
    for (uint32_t i = 1; i < s->count; i++) {
        uint32_t d = s->dominator[i];
        while (d > s->semi[i])
            d = s->dominator[d];
        s->dominator[i] = d;
    }
}

/* ---- sizes ---- */

static int
compare_large(const void *a, const void *b)
{
    heapy_node x = ((const heapy_large_size *)a)->node, y = ((const heapy_large_size *)b)->node;
    return (x > y) - (x < y);
}

/* Sizes of 4 GiB and more are few: of a chain of them, each one at most.  `sums` has them by number. */
static bool
keep_sizes(heapy_dominators *d, const search *s, const uint64_t *sums)
{
    size_t large = 0;
    for (uint32_t i = 1; i < s->count; i++)
        large += sums[i] >= IN_SIDE_TABLE;
    d->large = heapy_alloc_array(large, sizeof *d->large);
    if (!d->large)
        return false;
    for (uint32_t i = 1; i < s->count; i++) {
        heapy_node node = s->vertex[i];
        d->retained[node] = sums[i] >= IN_SIDE_TABLE ? (uint32_t)IN_SIDE_TABLE : (uint32_t)sums[i];
        if (sums[i] >= IN_SIDE_TABLE)
            d->large[d->large_count++] = (heapy_large_size){.node = node, .size = sums[i]};
    }
    qsort(d->large, large, sizeof *d->large, compare_large);
    d->retained_by_roots = sums[0];
    return true;
}

/* A dominator's number is smaller than those of what it dominates, so one pass downwards adds everything. */
static bool
sum_sizes(heapy_dominators *d, const search *s)
{
    const heapy_sizes sizes = heapy_graph_sizes(s->graph);
    uint64_t *sums = heapy_alloc_array(s->count, sizeof *sums);
    if (!sums)
        return false;
    sums[0] = 0;
    for (uint32_t i = 1; i < s->count; i++)
        sums[i] = heapy_size_of(&sizes, s->vertex[i]);
    for (uint32_t i = s->count - 1; i > 0; i--)
        sums[s->dominator[i]] += sums[i];
    bool is_kept = keep_sizes(d, s, sums);
    heapy_free(sums);
    return is_kept;
}

static bool
build(heapy_dominators *d, search *s)
{
    size_t nodes = d->node_count, numbers = nodes + 1;
    s->number = heapy_alloc_zeroed(nodes, sizeof *s->number);
    s->vertex = heapy_alloc_array(numbers, sizeof *s->vertex);
    s->forest = heapy_alloc_array(numbers, sizeof *s->forest);
    if (!s->number || !s->vertex || !s->forest)
        return false;
    s->forest[0] = (forest_node){0, 0};
    s->vertex[0] = HEAPY_NO_NODE;
    number_nodes(s);
    s->semi = heapy_alloc_array(s->count, sizeof *s->semi);
    s->dominator = heapy_alloc_array(s->count, sizeof *s->dominator);
    if (!s->semi || !s->dominator)
        return false;
    if (!s->ticker.is_stopped)
        find_semidominators(s);
    if (s->ticker.is_stopped)
        return false;
    find_dominators(s);
    heapy_free(s->semi);
    heapy_free(s->forest);
    s->semi = NULL;
    s->forest = NULL;
    d->dominators = s->number; /* which is not needed any more */
    s->number = NULL;
    for (size_t i = 0; i < nodes; i++)
        d->dominators[i] = HEAPY_UNREACHED;
    for (uint32_t i = 1; i < s->count; i++)
        d->dominators[s->vertex[i]] = s->vertex[s->dominator[i]];
    d->retained = heapy_alloc_zeroed(nodes, sizeof *d->retained);
    return d->retained && sum_sizes(d, s);
}

heapy_status
heapy_dominators_create(const heapy_graph *graph, const heapy_referrers *referrers,
                        const heapy_progress *progress, heapy_dominators **out, heapy_error *err)
{
    if (!graph || !referrers || !out)
        return heapy__fail_null(err, "graph, referrers or out");
    heapy_status status = heapy__referrers_fit(referrers, graph, err);
    if (status)
        return status;
    search s = {.graph = graph,
                .referrers = referrers,
                .ticker = {progress, "dominators", .total = 3 * heapy_graph_node_count(graph)}};
    heapy_dominators *d = heapy_alloc_zeroed(1, sizeof *d);
    if (d)
        d->node_count = heapy_graph_node_count(graph);
    bool is_built = d && build(d, &s);
    heapy_free(s.number);
    heapy_free(s.vertex);
    heapy_free(s.forest);
    heapy_free(s.semi);
    heapy_free(s.dominator);
    if (!is_built) {
        heapy_dominators_destroy(d);
        if (s.ticker.is_stopped)
            return heapy__fail(err, HEAPY_CANCELLED, "the search for dominators was stopped");
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the dominators of %zu nodes",
                           heapy_graph_node_count(graph));
    }
    *out = d;
    return HEAPY_OK;
}

/* ---- reading ---- */

bool
heapy_dominators_has(const heapy_dominators *dominators, heapy_node node)
{
    return dominators && node < dominators->node_count && dominators->dominators[node] != HEAPY_UNREACHED;
}

heapy_node
heapy_dominator(const heapy_dominators *dominators, heapy_node node)
{
    if (!dominators || node >= dominators->node_count)
        return HEAPY_NO_NODE;
    heapy_node d = dominators->dominators[node];
    return d == HEAPY_UNREACHED ? HEAPY_NO_NODE : d;
}

uint64_t
heapy_retained_size(const heapy_dominators *dominators, heapy_node node)
{
    if (!dominators || node >= dominators->node_count)
        return 0;
    uint32_t bytes = dominators->retained[node];
    if (bytes != IN_SIDE_TABLE)
        return bytes;
    const heapy_large_size key = {.node = node};
    const heapy_large_size *found =
        bsearch(&key, dominators->large, dominators->large_count, sizeof key, compare_large);
    return found->size;
}

uint64_t
heapy_retained_by_roots(const heapy_dominators *dominators)
{
    return dominators ? dominators->retained_by_roots : 0;
}

size_t
heapy_dominators_bytes(const heapy_dominators *dominators)
{
    if (!dominators)
        return 0;
    if (dominators->is_lent)
        return sizeof *dominators;
    size_t bytes = sizeof *dominators + dominators->large_count * sizeof *dominators->large;
    bytes += dominators->node_count * (sizeof *dominators->dominators + sizeof *dominators->retained);
    if (dominators->child_starts)
        bytes += (dominators->node_count + 2) * sizeof *dominators->child_starts +
                 dominators->child_count * sizeof *dominators->children;
    return bytes;
}
