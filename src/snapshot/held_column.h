/* SPDX-License-Identifier: MIT */
/*
 * A column of 32-bit numbers that comes before its turn in the file: packed as it comes, in memory, in
 * frames shorter than the file's, so that hardly anything waits.  Without zstd its frames are as they are.
 */
#ifndef HEAPY_SNAPSHOT_HELD_COLUMN_H
#define HEAPY_SNAPSHOT_HELD_COLUMN_H

#include "chunk_writer.h"

typedef struct heapy__held_frame {
    void *bytes;          /* owned */
    uint32_t length, raw; /* bytes, and of what they stand for */
} heapy__held_frame;

/* Zeroed: an empty column. */
typedef struct heapy__held_column {
    unsigned char *piece; /* HEAPY__SMALL_PIECE, of which `filled` wait; NULL: none came yet */
    size_t filled;
    heapy__held_frame *frames;
    size_t count, capacity;
} heapy__held_column;

void heapy__held_column_deinit(heapy__held_column *column);

/* Append numbers; packed with what the writer packs with.  False: no memory. */
bool heapy__held_column_put(heapy__held_column *column, heapy__chunk_writer *writer, const uint32_t *numbers,
                            size_t count);

/* Pack what waits: no more numbers will come.  False: no memory. */
bool heapy__held_column_finish(heapy__held_column *column, heapy__chunk_writer *writer);

/* The numbers of a frame, at most HEAPY__SMALL_PIECE, to `out`, by way of as many at `room`. */
void heapy__held_column_read(const heapy__held_column *column, heapy__unpacker *unpacker, size_t frame,
                             uint32_t *out, void *room);

#endif
