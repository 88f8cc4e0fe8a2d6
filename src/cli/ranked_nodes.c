/* SPDX-License-Identifier: MIT */
#include "ranked_nodes.h"

#include <heapy/memory.h>
#include <stdio.h>

heapy_status
ranked_nodes_init(ranked_nodes *self, size_t node_count, heapy_error *err)
{
    *self = (ranked_nodes){0};
    return heapy_node_set_create(node_count, &self->nodes, err);
}

heapy_status
ranked_nodes_count(ranked_nodes *self, heapy_error *err)
{
    size_t word_count = (heapy_node_set_range(self->nodes) + 63) / 64;
    const uint64_t *bits = heapy_node_set_words(self->nodes);
    self->before = heapy_alloc_array(word_count, sizeof *self->before);
    if (!self->before) {
        snprintf(err->message, sizeof err->message, "no memory to number %zu objects", word_count * 64);
        return err->status = HEAPY_NO_MEMORY;
    }
    for (size_t i = 0; i < word_count; i++) {
        self->before[i] = (uint32_t)self->count;
        for (uint64_t left = bits[i]; left; left &= left - 1)
            self->count++;
    }
    return HEAPY_OK;
}

void
ranked_nodes_deinit(ranked_nodes *self)
{
    heapy_node_set_destroy(self->nodes);
    heapy_free(self->before);
    *self = (ranked_nodes){0};
}

size_t
ranked_nodes_place(const ranked_nodes *self, heapy_node node)
{
    size_t number = self->before[node / 64];
    uint64_t left = heapy_node_set_words(self->nodes)[node / 64] & ((UINT64_C(1) << node % 64) - 1);
    for (; left; left &= left - 1)
        number++;
    return number;
}
