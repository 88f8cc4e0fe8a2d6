/* SPDX-License-Identifier: MIT */
#include "held_column.h"

#include <string.h>

#include "heapy/memory.h"
#include "transform.h"

void
heapy__held_column_deinit(heapy__held_column *column)
{
    for (size_t i = 0; i < column->count; i++)
        heapy_free(column->frames[i].bytes);
    heapy_free(column->frames);
    heapy_free(column->piece);
    *column = (heapy__held_column){0};
}

/* The piece that waits becomes a frame. */
static bool
hold_piece(heapy__held_column *column, heapy__chunk_writer *writer)
{
    const void *bytes = column->piece, *packed;
    size_t length = column->filled;
    heapy__held_frame *frames = heapy_grow(column->frames, column->count, &column->capacity, sizeof *frames);
    if (!frames)
        return false;
    column->frames = frames;
    if (writer->packer) {
        heapy__transform(HEAPY__SHUFFLED, sizeof(uint32_t), column->piece, column->filled,
                         writer->transformed);
        length = heapy__pack(writer->packer, writer->transformed, column->filled, &packed);
        bytes = length ? packed : writer->transformed;
        length = length ? length : column->filled;
    }
    heapy__held_frame *frame = &frames[column->count];
    *frame = (heapy__held_frame){heapy_alloc_array(length, 1), (uint32_t)length, (uint32_t)column->filled};
    if (!frame->bytes)
        return false;
    memcpy(frame->bytes, bytes, length);
    column->count++;
    column->filled = 0;
    return true;
}

bool
heapy__held_column_put(heapy__held_column *column, heapy__chunk_writer *writer, const uint32_t *numbers,
                       size_t count)
{
    const unsigned char *next = (const unsigned char *)numbers;
    size_t bytes = count * sizeof *numbers;
    if (!column->piece)
        column->piece = heapy_alloc_array(HEAPY__SMALL_PIECE, 1);
    if (!column->piece)
        return false;
    while (bytes) {
        if (column->filled == HEAPY__SMALL_PIECE && !hold_piece(column, writer))
            return false;
        heapy__fill_piece(column->piece, HEAPY__SMALL_PIECE, &column->filled, &next, &bytes);
    }
    return true;
}

bool
heapy__held_column_finish(heapy__held_column *column, heapy__chunk_writer *writer)
{
    if (column->filled && !hold_piece(column, writer))
        return false;
    heapy_free(column->piece);
    column->piece = NULL;
    return true;
}

void
heapy__held_column_read(const heapy__held_column *column, heapy__unpacker *unpacker, size_t frame,
                        uint32_t *out, void *room)
{
    const heapy__held_frame *held = &column->frames[frame];
    if (!unpacker) {
        memcpy(out, held->bytes, held->raw);
        return;
    }
    const void *shuffled = held->bytes;
    if (held->length != held->raw) {
        bool is_whole = heapy__unpack(unpacker, held->bytes, held->length, room, held->raw);
        assert(is_whole); /* it was packed here */
        (void)is_whole;
        shuffled = room;
    }
    heapy__transform_back(HEAPY__SHUFFLED, sizeof(uint32_t), shuffled, held->raw, out);
}
