/* SPDX-License-Identifier: MIT */
/*
 * Dominators whose columns lie somewhere else, in a file say.
 *
 * All that reading relies on is found out: what is reached hangs from what is reached, and from the roots in
 * the end; the children of a node are those that name it; sizes are the sums of what is below.  Each is one
 * pass over columns that are not copied.
 */
#include <stdlib.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "dominators_internal.h"
#include "graph_internal.h"
#include "heapy/memory.h"

#define NOT_WRITTEN(pointer) ((void *)(uintptr_t)(pointer))

static heapy_status
check_large(const heapy_dominators *d, heapy_error *err)
{
    size_t expected = 0;
    for (size_t i = 0; i < d->node_count; i++)
        expected += d->retained[i] == IN_SIDE_TABLE;
    bool is_whole = expected == d->large_count;
    for (size_t i = 0; is_whole && i < d->large_count; i++)
        is_whole = d->large[i].node < d->node_count && d->retained[d->large[i].node] == IN_SIDE_TABLE &&
                   (!i || d->large[i - 1].node < d->large[i].node);
    if (is_whole)
        return HEAPY_OK;
    return heapy__fail(err, HEAPY_INVALID, "large retained sizes are not those that are named");
}

static heapy_status
check_dominators(const heapy_dominators *d, heapy_error *err)
{
    size_t reached = 0;
    for (size_t i = 0; i < d->node_count; i++) {
        heapy_node above = d->dominators[i];
        reached += above != HEAPY_UNREACHED;
        if (above == HEAPY_UNREACHED && d->retained[i])
            return heapy__fail(err, HEAPY_INVALID, "node %zu is not reached and retains something", i);
        if (above == HEAPY_NO_NODE || above == HEAPY_UNREACHED)
            continue;
        if (above >= d->node_count || d->dominators[above] == HEAPY_UNREACHED)
            return heapy__fail(err, HEAPY_INVALID, "node %zu hangs from node %u, which is not reached", i,
                               above);
    }
    if (reached != d->child_count)
        return heapy__fail(err, HEAPY_INVALID, "%zu nodes are reached and %zu hang from something", reached,
                           d->child_count);
    return HEAPY_OK;
}

/* Every node on a way up from `node` that was not walked before is marked; false: there is no end to it. */
static bool
walk_up(const heapy_dominators *d, heapy_node node, uint64_t *walked)
{
    size_t steps = 0;
    for (heapy_node at = node; at != HEAPY_NO_NODE && !heapy__bitmap_get(walked, at); at = d->dominators[at])
        if (++steps > d->node_count)
            return false;
    for (heapy_node at = node; at != HEAPY_NO_NODE && !heapy__bitmap_get(walked, at); at = d->dominators[at])
        heapy__bitmap_set(walked, at);
    return true;
}

static heapy_status
check_no_circle(const heapy_dominators *d, heapy_error *err)
{
    uint64_t *walked = heapy_alloc_zeroed(heapy__bitmap_words(d->node_count), sizeof *walked);
    bool is_tree = walked;
    for (size_t i = 0; is_tree && i < d->node_count; i++)
        is_tree = d->dominators[i] == HEAPY_UNREACHED || walk_up(d, (heapy_node)i, walked);
    heapy_free(walked);
    if (!walked)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to check the dominators of %zu nodes",
                           d->node_count);
    if (is_tree)
        return HEAPY_OK;
    return heapy__fail(err, HEAPY_INVALID, "nodes dominate each other in a circle");
}

/* The children of one node: are they its own, in order, and what do they retain together? */
static bool
add_children(const heapy_dominators *d, heapy_node node, uint64_t *sum)
{
    size_t slot = heapy__child_slot(d, node);
    uint64_t before = 0;
    for (uint32_t i = d->child_starts[slot]; i < d->child_starts[slot + 1]; i++) {
        heapy_node child = d->children[i];
        if (child >= d->node_count || d->dominators[child] != node)
            return false;
        uint64_t bytes = heapy_retained_size(d, child);
        if (i > d->child_starts[slot] && (bytes > before || (bytes == before && child <= d->children[i - 1])))
            return false;
        before = bytes;
        *sum += bytes;
    }
    return true;
}

/* As many children as nodes that are reached, each below the one it names, none twice: they are all. */
static heapy_status
check_children(heapy_dominators *d, const heapy_graph *graph, heapy_error *err)
{
    const heapy_sizes sizes = heapy_graph_sizes(graph);
    size_t slots = d->node_count + 1;
    bool is_whole = !d->child_starts[0] && d->child_starts[slots] == d->child_count;
    for (size_t i = 0; is_whole && i < slots; i++)
        is_whole = d->child_starts[i] <= d->child_starts[i + 1];
    if (!is_whole)
        return heapy__fail(err, HEAPY_INVALID, "the children of nodes do not follow each other");
    for (size_t i = 0; i < slots; i++) {
        heapy_node node = i < d->node_count ? (heapy_node)i : HEAPY_NO_NODE;
        uint64_t sum = 0;
        if (i < d->node_count && heapy_dominators_has(d, node))
            sum = heapy_size_of(&sizes, node);
        if (!add_children(d, node, &sum))
            return heapy__fail(err, HEAPY_INVALID, "what hangs from node %zu is not what names it", i);
        if (node == HEAPY_NO_NODE)
            d->retained_by_roots = sum;
        else if (sum != heapy_retained_size(d, node))
            return heapy__fail(err, HEAPY_INVALID, "node %zu retains another sum than is named", i);
    }
    return HEAPY_OK;
}

heapy_status
heapy_dominators_lend(const heapy_graph *graph, const heapy_dominator_columns *columns,
                      const heapy_keeper *keeper, heapy_dominators **out, heapy_error *err)
{
    if (!graph || !columns || !columns->dominators || !columns->retained || !columns->child_starts ||
        !columns->children || (columns->large_count && !columns->large) || !out)
        return heapy__let_go(keeper, heapy__fail_null(err, "graph, a column or out"));
    if (columns->node_count != heapy_graph_node_count(graph))
        return heapy__let_go(keeper,
                             heapy__fail(err, HEAPY_INVALID, "dominators of %zu nodes are not those of %zu",
                                         columns->node_count, heapy_graph_node_count(graph)));
    heapy_dominators *d = heapy_alloc_zeroed(1, sizeof *d);
    if (!d)
        return heapy__let_go(keeper, heapy__fail(err, HEAPY_NO_MEMORY, "no memory for dominators"));
    *d = (heapy_dominators){.node_count = columns->node_count,
                            .child_count = columns->child_count,
                            .large_count = columns->large_count,
                            .dominators = NOT_WRITTEN(columns->dominators),
                            .retained = NOT_WRITTEN(columns->retained),
                            .large = NOT_WRITTEN(columns->large),
                            .child_starts = NOT_WRITTEN(columns->child_starts),
                            .children = NOT_WRITTEN(columns->children),
                            .is_in_order = true,
                            .is_lent = true};
    if (keeper)
        d->keeper = *keeper;
    heapy_status status = check_large(d, err);
    if (!status)
        status = check_dominators(d, err);
    if (!status)
        status = check_no_circle(d, err);
    if (!status)
        status = check_children(d, graph, err);
    if (status) {
        heapy_dominators_destroy(d);
        return status;
    }
    *out = d;
    return HEAPY_OK;
}
