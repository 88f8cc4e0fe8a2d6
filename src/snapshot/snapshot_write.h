/* SPDX-License-Identifier: MIT */
/* What the writers of parts of a snapshot share. */
#ifndef HEAPY_SNAPSHOT_SNAPSHOT_WRITE_H
#define HEAPY_SNAPSHOT_SNAPSHOT_WRITE_H

#include "../base/sparse_column.h"
#include "chunk_writer.h"
#include "heapy/snapshot_file.h"
#include "held_column.h"

struct heapy_snapshot_writer {
    heapy__chunk_writer chunks;
    heapy_sink sink;
    heapy_progress progress;
    heapy_error failure; /* the first one */

    /* Of edges that are written while they come. */
    heapy_graph_builder *builder; /* while it gives them; borrowed */
    heapy__held_column labels, counts;
    uint64_t edge_count;
    uint64_t *keys; /* a bit for each node that is the key of a dict */
    bool has_edges, has_sizes;
    size_t node_count; /* of what has them */
};

/* Write sizes; and all that was not written before, then the table. */
void heapy__write_sizes(heapy__chunk_writer *writer, const heapy_graph *graph);
heapy_status heapy__write_rest(heapy_snapshot_writer *writer, const heapy_snapshot *snapshot,
                               const heapy_snapshot_write_options *options);

/* Write the three chunks of a sparse column: NAME.nodes, NAME.ranks and NAME.numbers. */
void heapy__write_sparse(heapy__chunk_writer *writer, const char *name, const heapy__sparse_column *column);

/* Write what the words say: texts of rows, owners and keys, groups of keys, the order of values.  keys: a bit
   for each node that is one; NULL: they are looked for among the edges. */
heapy_status heapy__write_words(heapy__chunk_writer *writer, const heapy_snapshot *snapshot,
                                const heapy_snapshot_write_options *options, const uint64_t *keys);

#endif
