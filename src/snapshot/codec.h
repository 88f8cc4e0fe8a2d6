/* SPDX-License-Identifier: MIT */
/* Packing pieces of columns with zstd, in memory that is taken before it starts. */
#ifndef HEAPY_SNAPSHOT_CODEC_H
#define HEAPY_SNAPSHOT_CODEC_H

#include <stdbool.h>
#include <stddef.h>

/* Has this build zstd?  Without it nothing can be created. */
bool heapy__codec_is_there(void);

typedef struct heapy__packer heapy__packer;

/* A packer of pieces of up to `most` bytes.  NULL: no memory. */
heapy__packer *heapy__packer_create(size_t most);
void heapy__packer_destroy(heapy__packer *packer);

/* Pack up to `most` bytes into one frame, filled up to 1/HEAPY__FRAME_RATIO of them.  Returns its
   length and lends the bytes until the next call; 0: it would be no shorter. */
size_t heapy__pack(heapy__packer *packer, const void *bytes, size_t count, const void **frame);

typedef struct heapy__unpacker heapy__unpacker;

heapy__unpacker *heapy__unpacker_create(void); /* NULL: no memory */
void heapy__unpacker_destroy(heapy__unpacker *unpacker);

/* Unpack a frame to exactly `count` bytes.  False: it is none, or has more or fewer. */
bool heapy__unpack(heapy__unpacker *unpacker, const void *frame, size_t length, void *bytes, size_t count);

#endif
