/* SPDX-License-Identifier: MIT */
/*
 * The dominator tree downwards: which nodes a node dominates immediately.
 *
 *     slot     | node 0 | node 1 | ... | the roots |      child_starts[slot] .. child_starts[slot + 1]
 *     children | of node 0 ... | of node 1 ... | ... |    by number, until all are put in order to be kept
 */
#include <stdlib.h>

#include "../base/fail.h"
#include "../base/merge_sort.h"
#include "dominators_internal.h"
#include "heapy/memory.h"

bool
heapy__dominators_list_children(heapy_dominators *d)
{
    size_t slots = d->node_count + 1;
    uint32_t *starts = heapy_alloc_zeroed(slots + 1, sizeof *starts);
    for (size_t i = 0; starts && i < d->node_count; i++) {
        if (d->dominators[i] == HEAPY_UNREACHED)
            continue;
        starts[heapy__child_slot(d, d->dominators[i])]++;
        d->child_count++;
    }
    heapy_node *children = NULL;
    if (starts)
        children = heapy_alloc_array(d->child_count, sizeof *children);
    if (!children) {
        heapy_free(starts);
        d->child_count = 0;
        return false;
    }
    uint32_t total = 0;
    for (size_t i = 0; i < slots; i++)
        starts[i] = total += starts[i];
    starts[slots] = total;
    for (size_t i = d->node_count; i-- > 0;)
        if (d->dominators[i] != HEAPY_UNREACHED)
            children[--starts[heapy__child_slot(d, d->dominators[i])]] = (heapy_node)i;
    d->child_starts = starts;
    d->children = children;
    return true;
}

typedef struct sized_node {
    uint64_t bytes;
    heapy_node node;
} sized_node;

static int
largest_first(const void *a, const void *b)
{
    const sized_node *x = a, *y = b;
    if (x->bytes != y->bytes)
        return x->bytes < y->bytes ? 1 : -1;
    return (x->node > y->node) - (x->node < y->node);
}

static heapy_status
no_memory_for_children(uint32_t count, heapy_error *err)
{
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %u dominated nodes", count);
}

static heapy_status
no_memory_for_tree(const heapy_dominators *d, heapy_error *err)
{
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the dominator tree of %zu nodes", d->node_count);
}

/* Children that are in order already. */
static heapy_status
copy_children(const heapy_dominators *d, uint32_t first, uint32_t end, heapy_node **out, size_t *count,
              heapy_error *err)
{
    heapy_node *children = heapy_alloc_array(end - first, sizeof *children);
    if (!children)
        return no_memory_for_children(end - first, err);
    for (uint32_t i = first; i < end; i++)
        children[i - first] = d->children[i];
    *out = children;
    *count = end - first;
    return HEAPY_OK;
}

heapy_status
heapy_dominated_children(heapy_dominators *dominators, heapy_node node, heapy_node **out, size_t *count,
                         heapy_error *err)
{
    if (!dominators || !out || !count)
        return heapy__fail_null(err, "dominators, out or count");
    if (node != HEAPY_NO_NODE && node >= dominators->node_count)
        return heapy__fail(err, HEAPY_INVALID, "node %u of %zu dominates nothing", node,
                           dominators->node_count);
    if (!dominators->child_starts && !heapy__dominators_list_children(dominators))
        return no_memory_for_tree(dominators, err);
    size_t slot = heapy__child_slot(dominators, node);
    uint32_t first = dominators->child_starts[slot], end = dominators->child_starts[slot + 1];
    if (dominators->is_in_order)
        return copy_children(dominators, first, end, out, count, err);
    sized_node *sized = heapy_alloc_array(end - first, sizeof *sized);
    heapy_node *children = heapy_alloc_array(end - first, sizeof *children);
    if (!sized || !children) {
        heapy_free(sized);
        heapy_free(children);
        return no_memory_for_children(end - first, err);
    }
    for (uint32_t i = first; i < end; i++) {
        heapy_node child = dominators->children[i];
        sized[i - first] = (sized_node){heapy_retained_size(dominators, child), child};
    }
    qsort(sized, end - first, sizeof *sized, largest_first);
    for (uint32_t i = 0; i < end - first; i++)
        children[i] = sized[i].node;
    heapy_free(sized);
    *out = children;
    *count = end - first;
    return HEAPY_OK;
}

/* ---- all of them, to be kept ---- */

static int
compare_children(void *context, uint32_t a, uint32_t b)
{
    uint64_t x = heapy_retained_size(context, a), y = heapy_retained_size(context, b);
    if (x != y)
        return x < y ? 1 : -1;
    return (a > b) - (a < b);
}

/* Put the children of every node in the order of heapy_dominated_children(). */
static bool
order_children(heapy_dominators *d)
{
    size_t slots = d->node_count + 1, most = 0;
    for (size_t i = 0; i < slots; i++)
        if (d->child_starts[i + 1] - d->child_starts[i] > most)
            most = d->child_starts[i + 1] - d->child_starts[i];
    heapy_node *room = heapy_alloc_array(most, sizeof *room);
    if (!room)
        return false;
    for (size_t i = 0; i < slots; i++) {
        heapy_node *children = d->children + d->child_starts[i];
        size_t count = d->child_starts[i + 1] - d->child_starts[i];
        const heapy_node *sorted = heapy__merge_sort(children, room, count, compare_children, d);
        for (size_t k = 0; sorted != children && k < count; k++)
            children[k] = sorted[k];
    }
    heapy_free(room);
    d->is_in_order = true;
    return true;
}

heapy_status
heapy_dominators_columns(heapy_dominators *dominators, heapy_dominator_columns *out, heapy_error *err)
{
    if (!dominators || !out)
        return heapy__fail_null(err, "dominators or out");
    if ((!dominators->child_starts && !heapy__dominators_list_children(dominators)) ||
        (!dominators->is_in_order && !order_children(dominators)))
        return no_memory_for_tree(dominators, err);
    *out = (heapy_dominator_columns){.node_count = dominators->node_count,
                                     .child_count = dominators->child_count,
                                     .large_count = dominators->large_count,
                                     .dominators = dominators->dominators,
                                     .retained = dominators->retained,
                                     .large = dominators->large,
                                     .child_starts = dominators->child_starts,
                                     .children = dominators->children};
    return HEAPY_OK;
}
