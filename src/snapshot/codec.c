/* SPDX-License-Identifier: MIT */
#include "codec.h"

#include <stdint.h>

#include "file_format.h"
#include "heapy/memory.h"

#ifdef HEAPY_ZSTD

/* Contexts in memory that is given to them: a forked child may not use an allocator that another thread has
   locked, so zstd is to ask for none. */
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

enum { LEVEL = 1, LEAST_FILLING = 8 };

struct heapy__packer {
    ZSTD_CCtx *context; /* in `workspace` */
    void *workspace;
    unsigned char *frame;
    size_t room;
};

struct heapy__unpacker {
    ZSTD_DCtx *context; /* in `workspace` */
    void *workspace;
};

bool
heapy__codec_is_there(void)
{
    return true;
}

heapy__packer *
heapy__packer_create(size_t most)
{
    size_t workspace_size = ZSTD_estimateCCtxSize(LEVEL);
    heapy__packer *packer = heapy_alloc_zeroed(1, sizeof *packer);
    if (!packer)
        return NULL;
    packer->room = ZSTD_compressBound(most) + LEAST_FILLING;
    packer->frame = heapy_alloc_array(packer->room, 1);
    packer->workspace = heapy_alloc_array(workspace_size, 1);
    if (packer->workspace)
        packer->context = ZSTD_initStaticCCtx(packer->workspace, workspace_size);
    if (packer->frame && packer->context)
        return packer;
    heapy__packer_destroy(packer);
    return NULL;
}

void
heapy__packer_destroy(heapy__packer *packer)
{
    if (!packer)
        return;
    heapy_free(packer->frame);
    heapy_free(packer->workspace);
    heapy_free(packer);
}

/* A frame that zstd skips: its magic number, how many bytes follow, and as many zeros. */
static size_t
fill_up(unsigned char *at, size_t length)
{
    uint32_t follow = (uint32_t)(length - LEAST_FILLING);
    for (size_t i = 0; i < length; i++)
        at[i] = 0;
    at[0] = 0x50;
    at[1] = 0x2a;
    at[2] = 0x4d;
    at[3] = 0x18;
    for (unsigned i = 0; i < 4; i++)
        at[4 + i] = (unsigned char)(follow >> 8 * i);
    return length;
}

size_t
heapy__pack(heapy__packer *packer, const void *bytes, size_t count, const void **frame)
{
    size_t least = (count + HEAPY__FRAME_RATIO - 1) / HEAPY__FRAME_RATIO;
    size_t length =
        ZSTD_compressCCtx(packer->context, packer->frame, packer->room - LEAST_FILLING, bytes, count, LEVEL);
    if (ZSTD_isError(length))
        return 0;
    if (length < least)
        length +=
            fill_up(packer->frame + length, least - length > LEAST_FILLING ? least - length : LEAST_FILLING);
    *frame = packer->frame;
    return length < count ? length : 0;
}

heapy__unpacker *
heapy__unpacker_create(void)
{
    size_t workspace_size = ZSTD_estimateDCtxSize();
    heapy__unpacker *unpacker = heapy_alloc_zeroed(1, sizeof *unpacker);
    if (!unpacker)
        return NULL;
    unpacker->workspace = heapy_alloc_array(workspace_size, 1);
    if (unpacker->workspace)
        unpacker->context = ZSTD_initStaticDCtx(unpacker->workspace, workspace_size);
    if (unpacker->context)
        return unpacker;
    heapy__unpacker_destroy(unpacker);
    return NULL;
}

void
heapy__unpacker_destroy(heapy__unpacker *unpacker)
{
    if (!unpacker)
        return;
    heapy_free(unpacker->workspace);
    heapy_free(unpacker);
}

bool
heapy__unpack(heapy__unpacker *unpacker, const void *frame, size_t length, void *bytes, size_t count)
{
    return ZSTD_decompressDCtx(unpacker->context, bytes, count, frame, length) == count;
}

#else

bool
heapy__codec_is_there(void)
{
    return false;
}

heapy__packer *
heapy__packer_create(size_t most)
{
    (void)most;
    return NULL;
}

void
heapy__packer_destroy(heapy__packer *packer)
{
    (void)packer;
}

size_t
heapy__pack(heapy__packer *packer, const void *bytes, size_t count, const void **frame)
{
    (void)packer, (void)bytes, (void)count, (void)frame;
    return 0;
}

heapy__unpacker *
heapy__unpacker_create(void)
{
    return NULL;
}

void
heapy__unpacker_destroy(heapy__unpacker *unpacker)
{
    (void)unpacker;
}

bool
heapy__unpack(heapy__unpacker *unpacker, const void *frame, size_t length, void *bytes, size_t count)
{
    (void)unpacker, (void)frame, (void)length, (void)bytes, (void)count;
    return false;
}

#endif
