/* SPDX-License-Identifier: MIT */
/*
 * Chunks written one after the other, then the table of them.
 *
 * A failure of the sink is remembered: what follows does nothing, and heapy__chunk_writer_finish() reports
 * it.
 */
#ifndef HEAPY_SNAPSHOT_CHUNK_WRITER_H
#define HEAPY_SNAPSHOT_CHUNK_WRITER_H

#include "../base/checksum.h"
#include "codec.h"
#include "file_format.h"
#include "heapy/snapshot_file.h"

/* How many bytes wait together where frames of the file's length are not needed. */
enum { HEAPY__SMALL_PIECE = 1 << 16 };

typedef struct heapy__chunk_writer {
    const heapy_sink *sink;
    const heapy_progress *progress;
    heapy_error *err;
    heapy_status status; /* the first failure */
    uint64_t written;    /* bytes of the file */
    bool packs;          /* chunks, else they are plain */
    size_t piece_bytes;  /* HEAPY__FRAME_BYTES, of which packed chunks consist; else what is good to write */
    heapy__packer *packer; /* NULL: there is none */

    heapy__chunk_entry *entries;
    size_t count, capacity;

    /* of the chunk being written */
    heapy__checksum checksum;
    heapy__chunk_codec codec;   /* if it is packed */
    unsigned char *piece;       /* piece_bytes, of which `filled` wait; NULL: at rest */
    unsigned char *transformed; /* as many, if there is a packer */
    size_t filled;
    uint32_t *frames; /* their lengths */
    size_t frame_count, frame_capacity;
} heapy__chunk_writer;

/* Move what there is room for from *next to a piece of `most` bytes, of which *filled wait; *left is what
   remains. */
void heapy__fill_piece(unsigned char *piece, size_t most, size_t *filled, const unsigned char **next,
                       size_t *left);

/* Writes the header.  Whatever the outcome, deinit frees what there is.  err: also of what follows. */
heapy_status heapy__chunk_writer_init(heapy__chunk_writer *writer, bool packs, const heapy_sink *sink,
                                      const heapy_progress *progress, heapy_error *err);
void heapy__chunk_writer_deinit(heapy__chunk_writer *writer);

/* Begin a chunk of elements of `element` bytes.  flags: HEAPY__CHUNK_REQUIRED or 0. */
void heapy__chunk_begin(heapy__chunk_writer *writer, const char *name, uint32_t element, uint32_t flags);
void heapy__chunk_put(heapy__chunk_writer *writer, const void *bytes, size_t count);
/* Between chunks: let go of what writing takes, until the next one begins. */
void heapy__chunk_writer_rest(heapy__chunk_writer *writer);

/* Have what packing takes, also if chunks are plain, where there is a codec.  False: no memory. */
bool heapy__chunk_writer_can_pack(heapy__chunk_writer *writer);

void heapy__chunk_end(heapy__chunk_writer *writer);

/* All three: a chunk of `count` elements that is there. */
void heapy__chunk_write(heapy__chunk_writer *writer, const char *name, uint32_t flags, const void *elements,
                        size_t count, size_t element);

/* Write the table and the trailer. */
heapy_status heapy__chunk_writer_finish(heapy__chunk_writer *writer);

#endif
