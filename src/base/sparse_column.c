/* SPDX-License-Identifier: MIT */
#include "sparse_column.h"

#include <assert.h>

#include "bitmap.h"
#include "heapy/memory.h"

bool
heapy__sparse_column_init(heapy__sparse_column *column, size_t node_count)
{
    size_t words = heapy__bitmap_words(node_count), blocks = heapy__sparse_column_blocks(node_count);
    *column = (heapy__sparse_column){.node_count = node_count};
    column->words = heapy_alloc_zeroed(words, sizeof *column->words);
    column->ranks = heapy_alloc_zeroed(blocks, sizeof *column->ranks);
    if (column->words && column->ranks)
        return true;
    heapy__sparse_column_deinit(column);
    return false;
}

void
heapy__sparse_column_deinit(heapy__sparse_column *column)
{
    if (!column->is_lent) {
        heapy_free(column->words);
        heapy_free(column->ranks);
        heapy_free(column->values);
    }
    *column = (heapy__sparse_column){0};
}

bool
heapy__sparse_column_append(heapy__sparse_column *column, uint32_t node, uint32_t value)
{
    assert(node >= column->next && node < column->node_count);
    uint32_t *values = heapy_grow(column->values, column->count, &column->capacity, sizeof *values);
    if (!values)
        return false;
    column->values = values;
    values[column->count++] = value;
    heapy__bitmap_set(column->words, node);
    column->next = (size_t)node + 1;
    return true;
}

void
heapy__sparse_column_finish(heapy__sparse_column *column)
{
    uint32_t rank = 0;
    for (size_t w = 0; w < heapy__bitmap_words(column->node_count); w++) {
        if (w % (HEAPY__SPARSE_BLOCK / 64) == 0)
            column->ranks[w / (HEAPY__SPARSE_BLOCK / 64)] = rank;
        rank += (uint32_t)__builtin_popcountll(column->words[w]);
    }
    uint32_t *trimmed = heapy_realloc_array(column->values, column->count, sizeof *trimmed);
    if (trimmed) { /* failing to shrink is no error */
        column->values = trimmed;
        column->capacity = column->count;
    }
}

bool
heapy__sparse_column_is_consistent(const heapy__sparse_column *column)
{
    size_t rank = 0, word_count = heapy__bitmap_words(column->node_count);
    if (!column->words)
        return !column->count;
    for (size_t w = 0; w < word_count; w++) {
        if (w % (HEAPY__SPARSE_BLOCK / 64) == 0 && column->ranks[w / (HEAPY__SPARSE_BLOCK / 64)] != rank)
            return false;
        rank += (size_t)__builtin_popcountll(column->words[w]);
    }
    bool is_within =
        column->node_count % 64 == 0 || !(column->words[word_count - 1] >> column->node_count % 64);
    return is_within && rank == column->count;
}

size_t
heapy__sparse_column_bytes(const heapy__sparse_column *column)
{
    if (!column->words || column->is_lent)
        return 0;
    return heapy__bitmap_words(column->node_count) * sizeof *column->words +
           heapy__sparse_column_blocks(column->node_count) * sizeof *column->ranks +
           column->capacity * sizeof *column->values;
}
