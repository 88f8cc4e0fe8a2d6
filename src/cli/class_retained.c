/* SPDX-License-Identifier: MIT */
#include "class_retained.h"

#include "index_file.h"

#include <heapy/memory.h>
#include <stdio.h>

enum { NO_MEMBER = HEAPY_NO_NODE, SEVERAL = HEAPY_NO_NODE - 1 };

/* Some classes, numbered anew. */
typedef struct counted_classes {
    heapy_node *only; /* by class: its one member, NO_MEMBER or SEVERAL */
    uint32_t
        *numbers; /* by class: its number among those that are counted, HEAPY_NO_CLASS of one that is not */
    uint32_t *of_node;  /* by node: the number of its class */
    uint64_t *retained; /* by number */
    size_t count;
} counted_classes;

static void
counted_deinit(counted_classes *self)
{
    heapy_free(self->only);
    heapy_free(self->numbers);
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

/* What the tree says, into `out`; the other classes get numbers.  What the roots do not reach is in no tree.
 */
static bool
ask_tree(counted_classes *self, const heapy_dominators *tree, size_t class_count, uint64_t *out)
{
    self->numbers = heapy_alloc_array(class_count, sizeof *self->numbers);
    if (!self->numbers)
        return false;
    for (size_t c = 0; c < class_count; c++) {
        self->numbers[c] = HEAPY_NO_CLASS;
        out[c] = 0;
        if (self->only[c] == NO_MEMBER)
            continue;
        if (self->only[c] < SEVERAL && heapy_dominators_has(tree, self->only[c]))
            out[c] = heapy_retained_size(tree, self->only[c]);
        else
            self->numbers[c] = (uint32_t)self->count++;
    }
    return true;
}

static heapy_status
count_others(counted_classes *self, const heapy_graph *graph, const uint32_t *class_of_node,
             size_t class_count, const heapy_progress *progress, uint64_t *out, heapy_error *err)
{
    size_t node_count = heapy_graph_node_count(graph);
    if (!self->count)
        return HEAPY_OK;
    self->of_node = heapy_alloc_array(node_count, sizeof *self->of_node);
    self->retained = heapy_alloc_array(self->count, sizeof *self->retained);
    if (!self->of_node || !self->retained)
        return no_memory(class_count, err);
    for (size_t node = 0; node < node_count; node++) {
        uint32_t c = class_of_node[node];
        self->of_node[node] = HEAPY_NO_CLASS;
        if (c != HEAPY_NO_CLASS)
            self->of_node[node] = self->numbers[c];
    }
    heapy_status status =
        heapy_retained_by_class(graph, self->of_node, self->count, progress, self->retained, err);
    for (size_t c = 0; !status && c < class_count; c++)
        if (self->numbers[c] != HEAPY_NO_CLASS)
            out[c] = self->retained[self->numbers[c]];
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
