/* SPDX-License-Identifier: MIT */
/* What is done to a piece of a column before it is packed, so that it packs better: numbers that stand beside
   each other are alike in most of their bytes. */
#ifndef HEAPY_SNAPSHOT_TRANSFORM_H
#define HEAPY_SNAPSHOT_TRANSFORM_H

#include <stdbool.h>
#include <stddef.h>

#include "file_format.h"

/* Is there a transform of that codec for elements of so many bytes?  Of HEAPY__ZSTD there is none. */
bool heapy__can_transform(uint32_t codec, uint32_t element);

/* A piece of `count` bytes, whole elements, into as many at `out`.  Both are aligned to their elements. */
void heapy__transform(uint32_t codec, uint32_t element, const void *piece, size_t count, void *out);

/* The piece that was transformed. */
void heapy__transform_back(uint32_t codec, uint32_t element, const void *transformed, size_t count,
                           void *out);

#endif
