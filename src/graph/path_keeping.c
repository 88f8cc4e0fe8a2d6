/* SPDX-License-Identifier: MIT */
/* What of a search lies on a path, kept level by level from the targets backwards. */
#include <string.h>

#include "../base/bitmap.h"
#include "graph_internal.h"
#include "heapy/memory.h"
#include "paths_internal.h"

static bool
add_node(heapy_shortest_paths *paths, heapy_node node, uint64_t total)
{
    path_node *nodes =
        heapy_grow(paths->nodes, paths->node_count, &paths->node_capacity, sizeof *paths->nodes);
    if (!nodes)
        return false;
    paths->nodes = nodes;
    nodes[paths->node_count++] = (path_node){.node = node, .first_step = paths->step_count, .total = total};
    return true;
}

static bool
add_step(heapy_shortest_paths *paths, heapy_path_step step)
{
    heapy_path_step *steps =
        heapy_grow(paths->steps, paths->step_count, &paths->step_capacity, sizeof *paths->steps);
    if (!steps)
        return false;
    paths->steps = steps;
    steps[paths->step_count++] = step;
    return true;
}

static uint64_t
add_stopping(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Add a step for each name of an edge to the last level; `total` gets the paths behind them. */
static bool
add_steps_of_edge(heapy__path_keeper *keeper, uint64_t edge, heapy_node target, uint64_t *total)
{
    heapy_shortest_paths *paths = keeper->paths;
    const heapy_label *parts;
    size_t names = heapy_graph_label_parts(paths->graph, heapy_graph_labels(paths->graph) + edge, &parts);
    for (size_t name = 0; name < names; name++) {
        if (!add_step(paths, (heapy_path_step){edge, (uint32_t)name, keeper->numbers[target]}))
            return false;
        *total = add_stopping(*total, paths->nodes[keeper->next + keeper->numbers[target]].total);
    }
    return true;
}

/* Add `node`, if one of its edges leads to the last level. */
static bool
try_node(heapy__path_keeper *keeper, heapy_node node)
{
    heapy_shortest_paths *paths = keeper->paths;
    const uint32_t *targets = heapy_graph_targets(paths->graph);
    size_t first_step = paths->step_count;
    bool has_unused = heapy__has_unused_edges(keeper->unused, node);
    uint64_t edge, last, total = 0;
    heapy__graph_edges(paths->graph, node, &edge, &last);
    for (; edge < last; edge++) {
        heapy_node target = targets[edge];
        if (!heapy__bitmap_get(keeper->is_next, target) ||
            (has_unused && heapy__unused_edges_find(keeper->unused, node, target)))
            continue;
        if (!add_steps_of_edge(keeper, edge, target, &total))
            return false;
    }
    if (paths->step_count == first_step)
        return true;
    if (!add_node(paths, node, total))
        return false;
    paths->nodes[paths->node_count - 1].first_step = first_step;
    paths->nodes[paths->node_count - 1].step_count = (uint32_t)(paths->step_count - first_step);
    return true;
}

/* Number the nodes of the level just made, and mark them and no others in `is_next`. */
static void
number_level(heapy__path_keeper *keeper, size_t first)
{
    const heapy_shortest_paths *paths = keeper->paths;
    for (size_t i = keeper->next; i < first; i++)
        heapy__bitmap_clear(keeper->is_next, paths->nodes[i].node);
    for (size_t i = first; i < paths->node_count; i++) {
        heapy__bitmap_set(keeper->is_next, paths->nodes[i].node);
        keeper->numbers[paths->nodes[i].node] = (uint32_t)(i - first);
    }
    keeper->next = first;
}

bool
heapy__path_keeper_init(heapy__path_keeper *keeper, heapy_shortest_paths *paths,
                        const heapy__unused_edges *unused, size_t length, const heapy_node *targets,
                        size_t count)
{
    size_t nodes = heapy_graph_node_count(paths->graph);
    *keeper = (heapy__path_keeper){.paths = paths, .unused = unused, .level = length};
    paths->length = length;
    paths->level_starts = heapy_alloc_zeroed(length + 2, sizeof *paths->level_starts);
    keeper->is_next = heapy_alloc_zeroed(heapy__bitmap_words(nodes), sizeof *keeper->is_next);
    keeper->numbers = heapy_alloc_array(nodes, sizeof *keeper->numbers);
    if (!paths->level_starts || !keeper->is_next || !keeper->numbers)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!add_node(paths, targets[i], 1))
            return false;
    number_level(keeper, 0);
    return true;
}

void
heapy__path_keeper_deinit(heapy__path_keeper *keeper)
{
    heapy_free(keeper->is_next);
    heapy_free(keeper->numbers);
    keeper->is_next = NULL;
    keeper->numbers = NULL;
}

bool
heapy__keep_level(heapy__path_keeper *keeper, const heapy_node *candidates, size_t count)
{
    /* `is_next` has the level after this one and nothing else: whatever has an edge into it is on a path. */
    heapy_shortest_paths *paths = keeper->paths;
    size_t first = paths->node_count;
    paths->level_starts[paths->length - --keeper->level] = first;
    for (size_t i = 0; i < count; i++)
        if (!try_node(keeper, candidates[i]))
            return false;
    number_level(keeper, first);
    return true;
}

const path_node *
heapy__kept_level(const heapy__path_keeper *keeper, size_t *count)
{
    *count = keeper->paths->node_count - keeper->next;
    return keeper->paths->nodes + keeper->next;
}

bool
heapy__keep_paths(heapy__path_keeper *keeper)
{
    heapy_shortest_paths *paths = keeper->paths;
    paths->level_starts[paths->length + 1] = paths->node_count;
    paths->level_nodes = heapy_alloc_array(paths->node_count, sizeof *paths->level_nodes);
    if (!paths->level_nodes)
        return false;
    for (size_t i = 0; i < paths->node_count; i++)
        paths->level_nodes[i] = paths->nodes[i].node;
    return true;
}
