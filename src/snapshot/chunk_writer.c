/* SPDX-License-Identifier: MIT */
#include "chunk_writer.h"

#include <string.h>

#include "../base/fail.h"
#include "heapy/memory.h"
#include "transform.h"

/* ---- bytes ---- */

static void
emit(heapy__chunk_writer *writer, const void *bytes, size_t count)
{
    if (writer->status || !count)
        return;
    writer->status = writer->sink->write(writer->sink->context, bytes, count, writer->err);
    writer->written += count;
}

/* Bytes that are under the checksum of a chunk or table. */
static void
emit_checked(heapy__chunk_writer *writer, const void *bytes, size_t count)
{
    heapy__checksum_add(&writer->checksum, bytes, count);
    emit(writer, bytes, count);
}

static void
emit_filling(heapy__chunk_writer *writer)
{
    static const unsigned char zeros[HEAPY__ALIGNMENT];
    emit_checked(writer, zeros, heapy__aligned(writer->written) - writer->written);
}

bool
heapy__chunk_writer_can_pack(heapy__chunk_writer *writer)
{
    if (!heapy__codec_is_there())
        return true;
    if (!writer->packer)
        writer->packer = heapy__packer_create(writer->piece_bytes);
    if (!writer->transformed)
        writer->transformed = heapy_alloc_array(writer->piece_bytes, 1);
    return writer->packer && writer->transformed;
}

static heapy_status
have_room(heapy__chunk_writer *writer)
{
    if (!writer->piece)
        writer->piece = heapy_alloc_array(writer->piece_bytes, 1);
    if (!writer->piece || (writer->packs && !heapy__chunk_writer_can_pack(writer)))
        writer->status = heapy__fail(writer->err, HEAPY_NO_MEMORY, "no memory to write a snapshot");
    return writer->status;
}

void
heapy__chunk_writer_rest(heapy__chunk_writer *writer)
{
    heapy__packer_destroy(writer->packer);
    heapy_free(writer->piece);
    heapy_free(writer->transformed);
    writer->packer = NULL;
    writer->piece = writer->transformed = NULL;
}

heapy_status
heapy__chunk_writer_init(heapy__chunk_writer *writer, bool packs, const heapy_sink *sink,
                         const heapy_progress *progress, heapy_error *err)
{
    *writer = (heapy__chunk_writer){.sink = sink, .progress = progress, .err = err, .packs = packs};
    writer->piece_bytes = packs ? HEAPY__FRAME_BYTES : HEAPY__SMALL_PIECE;
    if (have_room(writer))
        return writer->status;
    heapy__file_header header = {
        .byte_order = HEAPY__BYTE_ORDER, .version = HEAPY__FILE_VERSION, .needs = HEAPY__FILE_NEEDS};
    memcpy(header.magic, HEAPY__FILE_MAGIC, sizeof header.magic);
    header.checksum = heapy__checksum_of(&header, offsetof(heapy__file_header, checksum));
    emit(writer, &header, sizeof header);
    return writer->status;
}

void
heapy__chunk_writer_deinit(heapy__chunk_writer *writer)
{
    heapy__chunk_writer_rest(writer);
    heapy_free(writer->entries);
    heapy_free(writer->frames);
    *writer = (heapy__chunk_writer){0};
}

/* ---- chunks ---- */

/*
 * How a column is packed, by its name or the end of it: what was smallest of the columns of real heaps, and
 * what is not here is packed as it is.
 */
static heapy__chunk_codec
codec_of(const char *name)
{
    static const struct {
        const char *end;
        heapy__chunk_codec codec;
    } rows[] = {{"types", HEAPY__SHUFFLED},
                {"sizes", HEAPY__SHUFFLED},
                {"edge.offsets", HEAPY__DIFFERENCES},
                {"edge.targets", HEAPY__SHUFFLED},
                {"edge.labels", HEAPY__SHUFFLED},
                {"owner.numbers", HEAPY__DIFFERENCES},
                {"group.numbers", HEAPY__DIFFERENCES},
                {".numbers", HEAPY__SHUFFLED},
                {".ranks", HEAPY__DIFFERENCES},
                {".starts", HEAPY__DIFFERENCES}};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t end = strlen(rows[i].end);
        if (end <= length && !strcmp(name + length - end, rows[i].end))
            return rows[i].codec;
    }
    return HEAPY__ZSTD;
}

static heapy__chunk_entry *
current(heapy__chunk_writer *writer)
{
    return &writer->entries[writer->count - 1];
}

void
heapy__chunk_begin(heapy__chunk_writer *writer, const char *name, uint32_t element, uint32_t flags)
{
    if (writer->status || have_room(writer))
        return;
    assert(strlen(name) < HEAPY__CHUNK_NAME_BYTES);
    if (writer->count == HEAPY__MOST_CHUNKS) {
        writer->status =
            heapy__fail(writer->err, HEAPY_LIMIT, "more than %d columns for one file", HEAPY__MOST_CHUNKS);
        return;
    }
    heapy__chunk_entry *entries =
        heapy_grow(writer->entries, writer->count, &writer->capacity, sizeof *entries);
    if (!entries) {
        writer->status = heapy__fail(writer->err, HEAPY_NO_MEMORY, "no memory for the table of chunks");
        return;
    }
    writer->entries = entries;
    entries[writer->count] = (heapy__chunk_entry){
        .flags = flags, .offset = writer->written, .element = element, .needs = HEAPY__FILE_NEEDS};
    memcpy(entries[writer->count++].name, name, strlen(name));
    heapy__checksum_init(&writer->checksum);
    if (heapy__can_transform(codec_of(name), element))
        writer->codec = codec_of(name);
    else
        writer->codec = HEAPY__ZSTD;
    writer->filled = 0;
    writer->frame_count = 0;
}

/* Is somebody watching, and stops it? */
static void
report(heapy__chunk_writer *writer)
{
    const heapy_progress *progress = writer->progress;
    if (!writer->status && progress && progress->go_on &&
        !progress->go_on(progress->context, "writing", (size_t)writer->written, 0))
        writer->status = heapy__fail(writer->err, HEAPY_CANCELLED, "the writing of a snapshot was stopped");
}

static void
add_frame(heapy__chunk_writer *writer, const void *bytes, size_t length)
{
    uint32_t *frames =
        heapy_grow(writer->frames, writer->frame_count, &writer->frame_capacity, sizeof *frames);
    if (!frames) {
        writer->status = heapy__fail(writer->err, HEAPY_NO_MEMORY, "no memory for the index of a column");
        return;
    }
    writer->frames = frames;
    frames[writer->frame_count++] = (uint32_t)length;
    emit_checked(writer, bytes, length);
}

/* The piece that waits, as it is to be packed. */
static const unsigned char *
transform_piece(heapy__chunk_writer *writer)
{
    if (writer->codec == HEAPY__ZSTD)
        return writer->piece;
    heapy__transform(writer->codec, current(writer)->element, writer->piece, writer->filled,
                     writer->transformed);
    return writer->transformed;
}

/* Write the piece that waits, packed; false: it is the only one of its chunk, and gains nothing. */
static bool
flush_packed(heapy__chunk_writer *writer, bool is_only)
{
    const void *packed = NULL;
    const unsigned char *piece = transform_piece(writer);
    size_t length = heapy__pack(writer->packer, piece, writer->filled, &packed);
    if (is_only && (!length || length + sizeof *writer->frames >= writer->filled))
        return false;
    current(writer)->codec = writer->codec;
    add_frame(writer, length ? packed : piece, length ? length : writer->filled);
    return true;
}

/* Write the piece that waits. */
static void
flush(heapy__chunk_writer *writer, bool is_last)
{
    if (writer->status || !writer->filled)
        return;
    if (!writer->packs || !flush_packed(writer, is_last && !writer->frame_count))
        emit_checked(writer, writer->piece, writer->filled);
    writer->filled = 0;
    report(writer);
}

void
heapy__fill_piece(unsigned char *piece, size_t most, size_t *filled, const unsigned char **next, size_t *left)
{
    size_t taken = most - *filled;
    if (taken > *left)
        taken = *left;
    memcpy(piece + *filled, *next, taken);
    *filled += taken;
    *next += taken;
    *left -= taken;
}

void
heapy__chunk_put(heapy__chunk_writer *writer, const void *bytes, size_t count)
{
    const unsigned char *next = bytes;
    if (writer->status)
        return;
    current(writer)->raw += count;
    while (count && !writer->status) {
        if (writer->filled == writer->piece_bytes)
            flush(writer, false);
        heapy__fill_piece(writer->piece, writer->piece_bytes, &writer->filled, &next, &count);
    }
}

void
heapy__chunk_end(heapy__chunk_writer *writer)
{
    flush(writer, true);
    if (writer->status)
        return;
    heapy__chunk_entry *entry = current(writer);
    emit_checked(writer, writer->frames, writer->frame_count * sizeof *writer->frames);
    entry->stored = writer->written - entry->offset;
    emit_filling(writer);
    entry->checksum = heapy__checksum_value(&writer->checksum);
}

void
heapy__chunk_write(heapy__chunk_writer *writer, const char *name, uint32_t flags, const void *elements,
                   size_t count, size_t element)
{
    heapy__chunk_begin(writer, name, (uint32_t)element, flags);
    heapy__chunk_put(writer, elements, count * element);
    heapy__chunk_end(writer);
}

heapy_status
heapy__chunk_writer_finish(heapy__chunk_writer *writer)
{
    if (writer->status)
        return writer->status;
    heapy__file_trailer trailer = {.table_offset = writer->written,
                                   .table_bytes = writer->count * sizeof *writer->entries};
    heapy__checksum_init(&writer->checksum);
    emit_checked(writer, writer->entries, writer->count * sizeof *writer->entries);
    emit_filling(writer);
    trailer.table_checksum = heapy__checksum_value(&writer->checksum);
    trailer.file_bytes = writer->written + sizeof trailer;
    memcpy(trailer.magic, HEAPY__FILE_MAGIC, sizeof trailer.magic);
    trailer.checksum = heapy__checksum_of(&trailer, offsetof(heapy__file_trailer, checksum));
    emit(writer, &trailer, sizeof trailer);
    return writer->status;
}
