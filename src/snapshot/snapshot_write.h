/* SPDX-License-Identifier: MIT */
/* What the writers of parts of a snapshot share. */
#ifndef HEAPY_SNAPSHOT_SNAPSHOT_WRITE_H
#define HEAPY_SNAPSHOT_SNAPSHOT_WRITE_H

#include "../base/sparse_column.h"
#include "chunk_writer.h"
#include "heapy/snapshot_file.h"

/* Write the three chunks of a sparse column: NAME.nodes, NAME.ranks and NAME.numbers. */
void heapy__write_sparse(heapy__chunk_writer *writer, const char *name, const heapy__sparse_column *column);

/* Write what the words say: texts of rows, owners and keys, groups of keys, the order of values. */
heapy_status heapy__write_words(heapy__chunk_writer *writer, const heapy_snapshot *snapshot,
                                const heapy_snapshot_write_options *options);

#endif
