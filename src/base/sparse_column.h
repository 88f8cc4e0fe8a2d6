/* SPDX-License-Identifier: MIT */
/*
 * A value of 32 bits for some of the nodes.
 *
 *     words    a bit for each node: has it a value?
 *     ranks    how many nodes before each block of 512 have one
 *     values   one after the other
 *
 * The value of node i is values[ranks[i / 512] + the set bits of its block before i]: an eighth of a byte for
 * each node and four for each value, where a dense column takes four for each node.
 */
#ifndef HEAPY_BASE_SPARSE_COLUMN_H
#define HEAPY_BASE_SPARSE_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HEAPY__SPARSE_BLOCK = 512 };

typedef struct heapy__sparse_column {
    uint64_t *words;
    uint32_t *ranks;
    uint32_t *values;
    size_t node_count, count, capacity;
    size_t next;  /* while it is filled: the next node that may get a value */
    bool is_lent; /* the arrays are somebody else's */
} heapy__sparse_column;

/* An empty column over `node_count` nodes; a zeroed struct is no column.  False: no memory. */
bool heapy__sparse_column_init(heapy__sparse_column *column, size_t node_count);
void heapy__sparse_column_deinit(heapy__sparse_column *column);

/* Do the arrays fit together: no bit at or past node_count, ranks and values that agree with the bits? */
bool heapy__sparse_column_is_consistent(const heapy__sparse_column *column);

/* Give `node` a value: nodes ascend from call to call.  False: no memory. */
bool heapy__sparse_column_append(heapy__sparse_column *column, uint32_t node, uint32_t value);

/* No more values will come: the column can be read. */
void heapy__sparse_column_finish(heapy__sparse_column *column);

/* The value of a node, or `none`. */
static inline uint32_t
heapy__sparse_column_get(const heapy__sparse_column *column, uint32_t node, uint32_t none)
{
    if (!column->words || !(column->words[node >> 6] >> (node & 63) & 1))
        return none;
    size_t rank = column->ranks[node / HEAPY__SPARSE_BLOCK];
    for (size_t w = node / HEAPY__SPARSE_BLOCK * (HEAPY__SPARSE_BLOCK / 64); w < node >> 6; w++)
        rank += (size_t)__builtin_popcountll(column->words[w]);
    rank += (size_t)__builtin_popcountll(column->words[node >> 6] & ((UINT64_C(1) << (node & 63)) - 1));
    return column->values[rank];
}

/* How many ranks there are. */
static inline size_t
heapy__sparse_column_blocks(size_t node_count)
{
    return node_count / HEAPY__SPARSE_BLOCK + 1;
}

/* Bytes it owns. */
size_t heapy__sparse_column_bytes(const heapy__sparse_column *column);

#endif
