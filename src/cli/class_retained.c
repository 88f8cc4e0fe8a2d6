/* SPDX-License-Identifier: MIT */
#include "class_retained.h"

#include "index_file.h"

#include <heapy/memory.h>
#include <stdio.h>

enum { NO_MEMBER = HEAPY_NO_NODE, SEVERAL = HEAPY_NO_NODE - 1 };

/* What the tree knows and what is to be counted. */
typedef struct counted_classes {
    heapy_node *only;   /* by class: its one member, NO_MEMBER or SEVERAL */
    bool *is_known;     /* by class: `out` has what it retains */
    uint32_t *of_node;  /* by node: its class, where that is not known */
    uint64_t *retained; /* by class */
} counted_classes;

static void
counted_deinit(counted_classes *self)
{
    heapy_free(self->only);
    heapy_free(self->is_known);
    heapy_free(self->of_node);
    heapy_free(self->retained);
}

static heapy_status
no_memory(size_t class_count, heapy_error *err)
{
    snprintf(err->message, sizeof err->message, "no memory for what %zu classes retain", class_count);
    return err->status = HEAPY_NO_MEMORY;
}

/* The one member of each class.  NULL: no memory. */
static heapy_node *
find_only_members(const uint32_t *class_of_node, size_t node_count, size_t class_count, size_t *lone_count)
{
    heapy_node *only = heapy_alloc_array(class_count, sizeof *only);
    *lone_count = 0;
    if (!only)
        return NULL;
    for (size_t c = 0; c < class_count; c++)
        only[c] = NO_MEMBER;
    for (size_t node = 0; node < node_count; node++) {
        uint32_t c = class_of_node[node];
        if (c == HEAPY_NO_CLASS)
            continue;
        if (only[c] == NO_MEMBER)
            only[c] = (heapy_node)node;
        else
            only[c] = SEVERAL;
    }
    for (size_t c = 0; c < class_count; c++)
        *lone_count += only[c] < SEVERAL;
    return only;
}

/* What the tree says, into `out`.  What the roots do not reach is in no tree. */
static bool
ask_tree(counted_classes *self, const heapy_dominators *tree, size_t class_count, uint64_t *out)
{
    self->is_known = heapy_alloc_zeroed(class_count, sizeof *self->is_known);
    if (!self->is_known)
        return false;
    for (size_t c = 0; c < class_count; c++)
        if (self->only[c] < SEVERAL && heapy_dominators_has(tree, self->only[c])) {
            out[c] = heapy_retained_size(tree, self->only[c]);
            self->is_known[c] = true;
        }
    return true;
}

/* Classes that have no member left cost nothing. */
static heapy_status
count_others(counted_classes *self, const heapy_graph *graph, const uint32_t *class_of_node,
             size_t class_count, const heapy_progress *progress, uint64_t *out, heapy_error *err)
{
    size_t node_count = heapy_graph_node_count(graph);
    self->of_node = heapy_alloc_array(node_count, sizeof *self->of_node);
    self->retained = heapy_alloc_array(class_count, sizeof *self->retained);
    if (!self->of_node || !self->retained)
        return no_memory(class_count, err);
    for (size_t node = 0; node < node_count; node++) {
        uint32_t c = class_of_node[node];
        self->of_node[node] = c == HEAPY_NO_CLASS || self->is_known[c] ? HEAPY_NO_CLASS : c;
    }
    heapy_status status =
        heapy_retained_by_class(graph, self->of_node, class_count, progress, self->retained, err);
    for (size_t c = 0; !status && c < class_count; c++)
        if (!self->is_known[c])
            out[c] = self->retained[c];
    return status;
}

heapy_status
class_retained(const char *path, heapy_snapshot *snapshot, heapy_dominators **tree,
               const uint32_t *class_of_node, size_t class_count, const heapy_progress *progress,
               uint64_t *out, heapy_error *err)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    counted_classes self = {0};
    size_t lone_count;
    self.only = find_only_members(class_of_node, heapy_graph_node_count(graph), class_count, &lone_count);
    heapy_status status = HEAPY_OK;
    if (!self.only)
        status = no_memory(class_count, err);
    if (!status && lone_count && !*tree)
        *tree = index_use_dominators(path, snapshot);
    if (!status && (!lone_count || !*tree))
        status = heapy_retained_by_class(graph, class_of_node, class_count, progress, out, err);
    else if (!status && !ask_tree(&self, *tree, class_count, out))
        status = no_memory(class_count, err);
    else if (!status)
        status = count_others(&self, graph, class_of_node, class_count, progress, out, err);
    counted_deinit(&self);
    return status;
}
