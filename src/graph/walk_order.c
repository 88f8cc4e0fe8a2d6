/* SPDX-License-Identifier: MIT */
#include "walk_order.h"

#include <string.h>

#include "../base/bitmap.h"
#include "graph_internal.h"
#include "heapy/memory.h"

/* While walking.  Nodes are written when they are left, from the end, so that what leads to a node mostly
   comes before it. */
typedef struct depth_first {
    const heapy_graph *graph;
    const uint32_t *targets;
    heapy_node *nodes;
    size_t end; /* nodes[end ...] are written */
    heapy_node *stack;
    uint32_t *taken; /* edges of each node on the stack that were followed */
    uint64_t *seen;
} depth_first;

static inline void
enter(depth_first *d, size_t depth, heapy_node node)
{
    heapy__bitmap_set(d->seen, node);
    d->stack[depth] = node;
    d->taken[depth] = 0;
}

static void
walk_from(depth_first *d, heapy_node start)
{
    size_t depth = 0;
    if (heapy__bitmap_get(d->seen, start))
        return;
    enter(d, 0, start);
    for (;;) {
        uint64_t first, last;
        heapy__graph_edges(d->graph, d->stack[depth], &first, &last);
        uint64_t e = first + d->taken[depth];
        while (e < last && heapy__bitmap_get(d->seen, d->targets[e]))
            e++;
        if (e < last) {
            d->taken[depth] = (uint32_t)(e + 1 - first);
            enter(d, ++depth, d->targets[e]);
            continue;
        }
        d->nodes[--d->end] = d->stack[depth];
        if (!depth--)
            return;
    }
}

/* The first `count` nodes go to the end; both parts keep their order.  False: no memory. */
static bool
move_to_end(heapy_node *nodes, size_t count, size_t all)
{
    heapy_node *moved = heapy_alloc_array(count, sizeof *moved);
    if (!moved)
        return false;
    memcpy(moved, nodes, count * sizeof *nodes);
    memmove(nodes, nodes + count, (all - count) * sizeof *nodes);
    memcpy(nodes + (all - count), moved, count * sizeof *nodes);
    heapy_free(moved);
    return true;
}

static bool
find_order(heapy__walk_order *self, depth_first *d, size_t count)
{
    size_t words = heapy__bitmap_words(count);
    d->nodes = self->nodes;
    d->end = count;
    for (size_t i = heapy_graph_root_count(d->graph); i-- > 0;)
        walk_from(d, heapy_graph_root_target(d->graph, i));
    size_t unreached = d->end;
    self->reached_count = count - unreached;
    memcpy(self->reached, d->seen, words * sizeof *d->seen);
    for (size_t i = 0; i < count && d->end; i++)
        walk_from(d, (heapy_node)i);
    return !unreached || move_to_end(self->nodes, unreached, count);
}

bool
heapy__walk_order_init(heapy__walk_order *self, const heapy_graph *graph)
{
    size_t count = heapy_graph_node_count(graph), words = heapy__bitmap_words(count);
    depth_first d = {.graph = graph,
                     .targets = heapy_graph_targets(graph),
                     .stack = heapy_alloc_array(count + 1, sizeof *d.stack),
                     .taken = heapy_alloc_array(count + 1, sizeof *d.taken),
                     .seen = heapy_alloc_zeroed(words, sizeof *d.seen)};
    *self = (heapy__walk_order){.nodes = heapy_alloc_array(count, sizeof *self->nodes),
                                .reached = heapy_alloc_zeroed(words, sizeof *self->reached)};
    bool is_done =
        d.stack && d.taken && d.seen && self->nodes && self->reached && find_order(self, &d, count);
    heapy_free(d.stack);
    heapy_free(d.taken);
    heapy_free(d.seen);
    return is_done;
}

void
heapy__walk_order_deinit(heapy__walk_order *self)
{
    heapy_free(self->nodes);
    heapy_free(self->reached);
}
