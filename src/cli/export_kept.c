/* SPDX-License-Identifier: MIT */
#include "export_kept.h"

#include <heapy/memory.h>

static bool
is_left_out(const kept_nodes *self, heapy_node node)
{
    return node != self->root && !heapy_node_set_contains(self->nodes.nodes, node);
}

/* Which nodes something left out refers to.  What nobody reaches keeps nothing alive that somebody does. */
static void
find_linked(kept_nodes *self)
{
    const uint32_t *targets = heapy_graph_targets(self->graph);
    for (heapy_node node = 0; node < heapy_graph_node_count(self->graph); node++) {
        uint64_t first, end;
        if (!is_left_out(self, node) || !heapy_dominators_has(self->dominators, node))
            continue;
        heapy_graph_edges(self->graph, node, &first, &end);
        for (; first < end; first++)
            if (heapy_node_set_contains(self->nodes.nodes, targets[first]))
                heapy_node_set_add(self->linked, targets[first]);
    }
    for (heapy_node node = heapy_node_set_next(self->linked, 0); node != HEAPY_NO_NODE;
         node = heapy_node_set_next(self->linked, node + 1)) {
        bool is_below = kept_nodes_has(self, heapy_dominator(self->dominators, node));
        self->linked_count += is_below;
        self->linked_to_roots += !is_below;
    }
}

static void
choose(kept_nodes *self)
{
    const heapy_sizes sizes = heapy_graph_sizes(self->graph);
    for (heapy_node node = 0; node < heapy_graph_node_count(self->graph); node++) {
        uint64_t size = heapy_size_of(&sizes, node);
        bool is_reached = heapy_dominators_has(self->dominators, node);
        if (node == self->root)
            continue;
        self->left_by_roots += is_reached ? size : 0;
        if ((is_reached ? heapy_retained_size(self->dominators, node) : size) >= self->least)
            heapy_node_set_add(self->nodes.nodes, node);
        else if (!is_reached)
            self->left_unreached += size;
    }
    for (heapy_node node = heapy_node_set_next(self->nodes.nodes, 0); node != HEAPY_NO_NODE;
         node = heapy_node_set_next(self->nodes.nodes, node + 1))
        if (heapy_dominators_has(self->dominators, node) &&
            !kept_nodes_has(self, heapy_dominator(self->dominators, node)))
            self->left_by_roots -= heapy_retained_size(self->dominators, node);
}

heapy_status
kept_nodes_init(kept_nodes *self, const input *in, heapy_dominators *dominators, uint64_t least,
                heapy_error *err)
{
    *self = (kept_nodes){
        .graph = in->graph, .root = heapy_graph_root(in->graph), .dominators = dominators, .least = least};
    if (!dominators)
        return HEAPY_OK;
    heapy_status status = ranked_nodes_init(&self->nodes, heapy_graph_node_count(in->graph), err);
    if (!status)
        status = heapy_node_set_create(heapy_graph_node_count(in->graph), &self->linked, err);
    if (status)
        return status;
    choose(self);
    find_linked(self);
    return ranked_nodes_count(&self->nodes, err);
}

void
kept_nodes_deinit(kept_nodes *self)
{
    ranked_nodes_deinit(&self->nodes);
    heapy_node_set_destroy(self->linked);
    *self = (kept_nodes){0};
}

bool
kept_nodes_has(const kept_nodes *self, heapy_node node)
{
    if (!self->dominators)
        return node != self->root;
    return node != HEAPY_NO_NODE && heapy_node_set_contains(self->nodes.nodes, node);
}

size_t
kept_nodes_count(const kept_nodes *self)
{
    if (self->dominators)
        return self->nodes.count;
    return heapy_graph_node_count(self->graph) - (self->root != HEAPY_NO_NODE);
}

size_t
kept_nodes_place(const kept_nodes *self, heapy_node node)
{
    if (self->dominators)
        return ranked_nodes_place(&self->nodes, node);
    return node - (self->root != HEAPY_NO_NODE && node > self->root);
}

heapy_status
kept_nodes_below(const kept_nodes *self, heapy_node node, uint64_t *size, heapy_node **links,
                 size_t *link_count, heapy_error *err)
{
    const heapy_sizes sizes = heapy_graph_sizes(self->graph);
    size_t count, linked = 0;
    *size = heapy_size_of(&sizes, node);
    *links = NULL;
    *link_count = 0;
    if (!self->dominators || !heapy_dominators_has(self->dominators, node) ||
        heapy_retained_size(self->dominators, node) == *size)
        return HEAPY_OK; /* what it dominates has no bytes, and is left out */
    heapy_node *below;
    heapy_status status = heapy_dominated_children(self->dominators, node, &below, &count, err);
    if (status)
        return status;
    *size = heapy_retained_size(self->dominators, node);
    for (size_t i = 0; i < count && kept_nodes_has(self, below[i]); i++) {
        *size -= heapy_retained_size(self->dominators, below[i]);
        if (heapy_node_set_contains(self->linked, below[i]))
            below[linked++] = below[i];
    }
    *links = below;
    *link_count = linked;
    return HEAPY_OK;
}

heapy_status
kept_nodes_next_large(const kept_nodes *self, uint64_t most, heapy_node *node, uint64_t *size,
                      heapy_error *err)
{
    const heapy_sizes sizes = heapy_graph_sizes(self->graph);
    heapy_status status = HEAPY_OK;
    for (; !status && *node < heapy_graph_node_count(self->graph); ++*node) {
        bool is_reached = self->dominators && heapy_dominators_has(self->dominators, *node);
        heapy_node *links = NULL;
        size_t link_count;
        if (!kept_nodes_has(self, *node) || (is_reached ? heapy_retained_size(self->dominators, *node)
                                                        : heapy_size_of(&sizes, *node)) <= most)
            continue;
        status = kept_nodes_below(self, *node, size, &links, &link_count, err);
        heapy_free(links);
        if (!status && *size > most)
            return HEAPY_OK;
    }
    *node = HEAPY_NO_NODE;
    return status;
}

bool
kept_nodes_is_root(const kept_nodes *self, heapy_node node)
{
    return self->dominators && heapy_node_set_contains(self->linked, node) &&
           !kept_nodes_has(self, heapy_dominator(self->dominators, node));
}
