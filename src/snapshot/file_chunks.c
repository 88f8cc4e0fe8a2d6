/* SPDX-License-Identifier: MIT */
/* Chunks of an open file that come together: texts with their starts, columns of few values. */
#include <stdio.h>

#include "../base/bitmap.h"
#include "snapshot_file_internal.h"

const char *
heapy__file_part_name(char *room, const char *name, const char *part)
{
    snprintf(room, HEAPY__CHUNK_NAME_BYTES, "%s.%s", name, part);
    return room;
}

bool
heapy__file_has(const heapy_snapshot_file *file, const char *name, const char *part)
{
    char room[HEAPY__CHUNK_NAME_BYTES];
    return heapy__chunk_is_there(&file->reader, heapy__file_part_name(room, name, part));
}

heapy_status
heapy__file_load_texts(heapy_snapshot_file *file, const char *name, uint64_t count, heapy__file_texts *out,
                       heapy_error *err)
{
    char room[HEAPY__CHUNK_NAME_BYTES];
    const void *starts, *bytes;
    size_t start_count, byte_count;
    uint64_t wanted = count == HEAPY__ANY_COUNT ? count : count + 1;
    heapy_status status = heapy__chunk_load(&file->reader, heapy__file_part_name(room, name, "starts"),
                                            sizeof(uint64_t), wanted, &starts, &start_count, err);
    uint64_t offset = heapy__chunk_offset(&file->reader, room);
    if (!status)
        status = heapy__chunk_load(&file->reader, heapy__file_part_name(room, name, "bytes"), 1,
                                   HEAPY__ANY_COUNT, &bytes, &byte_count, err);
    if (status)
        return status;
    *out = (heapy__file_texts){starts, bytes, start_count - 1};
    bool is_whole = start_count && !out->starts[0] && out->starts[start_count - 1] == byte_count;
    for (size_t i = 0; is_whole && i + 1 < start_count; i++)
        is_whole = out->starts[i] < out->starts[i + 1] && out->starts[i + 1] <= byte_count &&
                   !out->bytes[out->starts[i + 1] - 1];
    if (is_whole)
        return HEAPY_OK;
    return heapy__bad_file(&file->reader, err, offset, "the texts of %s do not follow each other", name);
}

heapy_status
heapy__file_load_sparse(heapy_snapshot_file *file, const char *name, heapy_sparse_values *out,
                        heapy_error *err)
{
    char room[HEAPY__CHUNK_NAME_BYTES];
    heapy__chunk_reader *reader = &file->reader;
    size_t nodes = (size_t)file->graph.node_count;
    const void *words, *ranks, *values;
    heapy_status status = heapy__chunk_load(reader, heapy__file_part_name(room, name, "nodes"),
                                            sizeof(uint64_t), heapy__bitmap_words(nodes), &words, NULL, err);
    if (!status)
        status = heapy__chunk_load(reader, heapy__file_part_name(room, name, "ranks"), sizeof(uint32_t),
                                   heapy__sparse_column_blocks(nodes), &ranks, NULL, err);
    if (!status)
        status = heapy__chunk_load(reader, heapy__file_part_name(room, name, "numbers"), sizeof(uint32_t),
                                   HEAPY__ANY_COUNT, &values, &out->count, err);
    if (status)
        return status;
    out->words = words;
    out->ranks = ranks;
    out->values = values;
    return HEAPY_OK;
}

heapy_status
heapy__blame_file(const heapy_snapshot_file *file, heapy_status status, const char *chunk, heapy_error *err)
{
    if (status != HEAPY_INVALID && status != HEAPY_LIMIT)
        return status;
    char message[sizeof err->message];
    snprintf(message, sizeof message, "%s", err->message);
    return heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, chunk), "%.95s", message);
}
