/* SPDX-License-Identifier: MIT */
/*
 * Dominators from a column that was kept of them.
 *
 * The column comes from a file, so all that reading relies on is found out again: what is reached hangs from
 * what is reached, and from the roots in the end.  Sizes are summed from the leaves upwards: a node is added
 * to its dominator once all below it were added to it; what stands in a circle never is.
 */
#include <stdlib.h>

#include "../base/fail.h"
#include "dominators_internal.h"
#include "heapy/memory.h"

const heapy_node *
heapy_dominators_column(const heapy_dominators *dominators, size_t *count)
{
    if (count)
        *count = dominators ? dominators->node_count : 0;
    return dominators ? dominators->dominators : NULL;
}

static heapy_status
check_column(const heapy_node *column, size_t count, heapy_error *err)
{
    for (size_t i = 0; i < count; i++) {
        heapy_node above = column[i];
        if (above == HEAPY_NO_NODE || above == HEAPY_UNREACHED)
            continue;
        if (above >= count || column[above] == HEAPY_UNREACHED)
            return heapy__fail(err, HEAPY_INVALID, "node %zu hangs from node %u, which is not reached", i,
                               above);
    }
    return HEAPY_OK;
}

/* Sums by node, of which leaves come first.  waiting: by node, how many below it were not yet added. */
static size_t
sum_upwards(const heapy_node *column, size_t count, uint32_t *waiting, heapy_node *leaves, uint64_t *sums)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (column[i] < count)
            waiting[column[i]]++;
    for (size_t i = 0; i < count; i++)
        if (column[i] != HEAPY_UNREACHED && !waiting[i])
            leaves[found++] = (heapy_node)i;
    for (size_t at = 0; at < found; at++) {
        heapy_node above = column[leaves[at]];
        if (above == HEAPY_NO_NODE)
            continue;
        sums[above] += sums[leaves[at]];
        if (!--waiting[above])
            leaves[found++] = above;
    }
    return found;
}

static bool
keep_sums(heapy_dominators *d, const uint64_t *sums)
{
    size_t large = 0;
    for (size_t i = 0; i < d->node_count; i++)
        large += d->dominators[i] != HEAPY_UNREACHED && sums[i] >= IN_SIDE_TABLE;
    d->large = heapy_alloc_array(large, sizeof *d->large);
    if (!d->large)
        return false;
    for (size_t i = 0; i < d->node_count; i++) {
        if (d->dominators[i] == HEAPY_UNREACHED)
            continue;
        d->retained[i] = sums[i] >= IN_SIDE_TABLE ? IN_SIDE_TABLE : (uint32_t)sums[i];
        if (sums[i] >= IN_SIDE_TABLE)
            d->large[d->large_count++] = (heapy_large_size){.node = (heapy_node)i, .size = sums[i]};
        if (d->dominators[i] == HEAPY_NO_NODE)
            d->retained_by_roots += sums[i];
    }
    return true;
}

/* HEAPY_OK, and the tree has its sizes. */
static heapy_status
add_sizes(heapy_dominators *d, const heapy_graph *graph, heapy_error *err)
{
    const heapy_sizes sizes = heapy_graph_sizes(graph);
    uint32_t *waiting = heapy_alloc_zeroed(d->node_count, sizeof *waiting);
    heapy_node *leaves = heapy_alloc_array(d->node_count, sizeof *leaves);
    uint64_t *sums = heapy_alloc_array(d->node_count, sizeof *sums);
    heapy_status status = HEAPY_NO_MEMORY;
    if (waiting && leaves && sums) {
        size_t reached = 0;
        for (size_t i = 0; i < d->node_count; i++) {
            sums[i] = heapy_size_of(&sizes, (heapy_node)i);
            reached += d->dominators[i] != HEAPY_UNREACHED;
        }
        if (sum_upwards(d->dominators, d->node_count, waiting, leaves, sums) != reached)
            status = heapy__fail(err, HEAPY_INVALID, "nodes dominate each other in a circle");
        else if (keep_sums(d, sums))
            status = HEAPY_OK;
    }
    heapy_free(waiting);
    heapy_free(leaves);
    heapy_free(sums);
    return status;
}

heapy_status
heapy_dominators_restore(const heapy_graph *graph, const heapy_node *column, size_t count,
                         heapy_dominators **out, heapy_error *err)
{
    if (!graph || !column || !out)
        return heapy__fail_null(err, "graph, column or out");
    if (count != heapy_graph_node_count(graph))
        return heapy__fail(err, HEAPY_INVALID, "dominators of %zu nodes are not those of %zu", count,
                           heapy_graph_node_count(graph));
    heapy_status status = check_column(column, count, err);
    if (status)
        return status;
    heapy_dominators *d = heapy_alloc_zeroed(1, sizeof *d);
    if (d) {
        d->node_count = count;
        d->dominators = heapy_alloc_array(count, sizeof *d->dominators);
        d->retained = heapy_alloc_zeroed(count, sizeof *d->retained);
    }
    status = HEAPY_NO_MEMORY;
    if (d && d->dominators && d->retained) {
        for (size_t i = 0; i < count; i++)
            d->dominators[i] = column[i];
        status = add_sizes(d, graph, err);
    }
    if (status) {
        heapy_dominators_destroy(d);
        return status == HEAPY_NO_MEMORY
                   ? heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the dominators of %zu nodes", count)
                   : status;
    }
    *out = d;
    return HEAPY_OK;
}
