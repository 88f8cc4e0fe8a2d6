/* SPDX-License-Identifier: MIT */
/*
 * Where a column is put: in memory or, if it is large, in a temporary file that has no name.
 *
 * Such a file is written with pwrite(), so a full disk is an error, and mapped when it is complete: analysis
 * is bounded by what the system caches, not by memory.
 */
#ifndef HEAPY_SNAPSHOT_COLUMN_MEMORY_H
#define HEAPY_SNAPSHOT_COLUMN_MEMORY_H

#include "chunk_reader.h"

typedef struct heapy__column_memory {
    size_t size;
    unsigned char *memory; /* or NULL */
    int descriptor;        /* or -1 */
    const char *folder;    /* of the temporary file */
} heapy__column_memory;

/* Room for `size` bytes: in memory if they are at most `limit`.  folder: NULL: $TMPDIR, else /var/tmp. */
heapy_status heapy__column_memory_init(heapy__column_memory *memory, size_t size, size_t limit,
                                       const char *folder, heapy_error *err);
void heapy__column_memory_deinit(heapy__column_memory *memory);

/* Where the bytes from `at` on go directly; NULL: they must be put. */
unsigned char *heapy__column_memory_place(const heapy__column_memory *memory, uint64_t at);

/* Put bytes at `at`; nothing where they were written in place. */
heapy_status heapy__column_memory_put(heapy__column_memory *memory, uint64_t at, const void *bytes,
                                      size_t count, heapy_error *err);

/* Hand the column over. */
heapy_status heapy__column_memory_finish(heapy__column_memory *memory, heapy__column *out, heapy_error *err);

#endif
