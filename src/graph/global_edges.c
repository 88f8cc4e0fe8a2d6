/* SPDX-License-Identifier: MIT */
/* References of frames that say nothing of why something is there. */
#include <string.h>

#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"
#include "heapy/shortest_paths.h"

typedef struct pair_list {
    heapy_node_pair *pairs;
    size_t count, capacity;
} pair_list;

static bool
add_pair(pair_list *list, heapy_node source, heapy_node target)
{
    heapy_node_pair *pairs = heapy_grow(list->pairs, list->count, &list->capacity, sizeof *pairs);
    if (!pairs)
        return false;
    list->pairs = pairs;
    pairs[list->count++] = (heapy_node_pair){source, target};
    return true;
}

static bool
has_name(const heapy_graph *graph, heapy_label label, const char *name)
{
    return heapy_label_is_named(heapy_label_kind_of(label)) &&
           !strcmp(heapy_graph_name(graph, heapy_label_number(label), NULL), name);
}

static bool
add_edges_of_frame(pair_list *list, const heapy_graph *graph, heapy_node frame)
{
    uint64_t first, end;
    heapy_node globals = HEAPY_NO_NODE;
    const uint32_t *targets = heapy_graph_targets(graph);
    const heapy_label *labels = heapy_graph_labels(graph);
    heapy_graph_edges(graph, frame, &first, &end);
    for (uint64_t e = first; e < end; e++)
        if (has_name(graph, labels[e], "f_globals"))
            globals = targets[e];
    for (uint64_t e = first; e < end; e++) {
        bool leads_to_module = targets[e] == globals || has_name(graph, labels[e], "f_builtins") ||
                               has_name(graph, labels[e], "f_funcobj") ||
                               has_name(graph, labels[e], "f_func") || has_name(graph, labels[e], "f_code");
        if (leads_to_module && !add_pair(list, frame, targets[e]))
            return false;
    }
    return true;
}

heapy_status
heapy_pairs_to_globals(const heapy_graph *graph, heapy_node_pair **out, size_t *count, heapy_error *err)
{
    pair_list list = {0};
    if (!graph || !out || !count)
        return heapy__fail_null(err, "graph, out or count");
    size_t nodes = heapy_graph_node_count(graph);
    bool is_made = true;
    for (heapy_node i = 0; is_made && i < nodes; i++)
        if (heapy_graph_role(graph, i) == HEAPY_ROLE_FRAME)
            is_made = add_edges_of_frame(&list, graph, i);
    if (!is_made) {
        heapy_free(list.pairs);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the references of frames");
    }
    *out = list.pairs;
    *count = list.count;
    return HEAPY_OK;
}
