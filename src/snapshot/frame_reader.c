/* SPDX-License-Identifier: MIT */
/*
 * The file is read and its checksum taken front to back, a frame at a time, by whichever thread comes for the
 * next one; what it has got, each thread unpacks for itself.  Frames are taken in order, so of several that
 * are damaged the first one has been taken before any other was found: it is the one that is told of.
 */
#include "frame_reader.h"

#include <pthread.h>
#include <string.h>

#include "../base/fail.h"
#include "codec.h"
#include "heapy/memory.h"
#include "heapy/threads.h"
#include "transform.h"

enum { FRAMES_PER_THREAD = 4 }; /* for less a thread is not worth its while */

/* What a thread works with. */
typedef struct frame_worker {
    heapy__unpacker *unpacker;
    unsigned char *pieces; /* three of HEAPY__FRAME_BYTES: packed, unpacked, transformed back */
} frame_worker;

typedef struct frame_load {
    const heapy__chunk_reader *reader;
    const heapy__chunk_entry *entry;
    heapy__column_memory *memory;
    uint32_t *lengths; /* of frames */
    size_t frame_count;
    frame_worker *workers;
    unsigned worker_count;

    pthread_mutex_t lock; /* of what follows */
    size_t next;          /* the frame that nobody has taken */
    uint64_t offset;      /* where it begins in the file */
    heapy__checksum checksum;
    size_t failed; /* the first frame that failed, or frame_count */
    heapy_error failure;
} frame_load;

static size_t
bytes_of_frame(const frame_load *load, size_t frame)
{
    uint64_t left = load->entry->raw - (uint64_t)frame * HEAPY__FRAME_BYTES;
    return left < HEAPY__FRAME_BYTES ? (size_t)left : HEAPY__FRAME_BYTES;
}

/* ---- the index ---- */

/* The lengths of the frames, which stand behind them. */
static heapy_status
load_index(frame_load *load, heapy_error *err)
{
    const heapy__chunk_entry *entry = load->entry;
    size_t bytes = load->frame_count * sizeof *load->lengths;
    load->lengths = heapy_alloc_array(load->frame_count, sizeof *load->lengths);
    if (!load->lengths)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the index of a column");
    heapy_status status = heapy__chunk_read_bytes(load->reader, entry->offset + entry->stored - bytes,
                                                  load->lengths, bytes, err);
    uint64_t total = bytes;
    for (size_t i = 0; !status && i < load->frame_count; i++) {
        if (!load->lengths[i] || load->lengths[i] > bytes_of_frame(load, i))
            return heapy__bad_file(load->reader, err, entry->offset, "frame %zu of chunk %s has %u bytes", i,
                                   entry->name, load->lengths[i]);
        total += load->lengths[i];
    }
    if (!status && total != entry->stored)
        return heapy__bad_file(load->reader, err, entry->offset, "the frames of chunk %s do not fill it",
                               entry->name);
    return status;
}

/* ---- frames ---- */

static void
note_failure(frame_load *load, size_t frame, const heapy_error *err)
{
    if (frame >= load->failed)
        return;
    load->failed = frame;
    load->failure = *err;
}

/* Read the next frame.  False: there is none, or something has failed. */
static bool
take_frame(frame_load *load, unsigned char *packed, size_t *frame, uint64_t *offset)
{
    heapy_error err = HEAPY_ERROR_INIT;
    pthread_mutex_lock(&load->lock);
    bool is_taken = load->next < load->frame_count && load->failed == load->frame_count;
    if (is_taken) {
        *frame = load->next++;
        *offset = load->offset;
        size_t length = load->lengths[*frame];
        load->offset += length;
        is_taken = !heapy__chunk_read_bytes(load->reader, *offset, packed, length, &err);
        if (is_taken)
            heapy__checksum_add(&load->checksum, packed, length);
        else
            note_failure(load, *frame, &err);
    }
    pthread_mutex_unlock(&load->lock);
    return is_taken;
}

/* Unpack a frame to where it is put.  One that is as long as what it stands for is not packed. */
static heapy_status
unpack_frame(const frame_load *load, const frame_worker *worker, size_t frame, uint64_t offset,
             heapy_error *err)
{
    const heapy__chunk_entry *entry = load->entry;
    const unsigned char *packed = worker->pieces;
    uint64_t at = (uint64_t)frame * HEAPY__FRAME_BYTES;
    size_t count = bytes_of_frame(load, frame);
    unsigned char *into = heapy__column_memory_place(load->memory, at);
    bool is_transformed = entry->codec != HEAPY__ZSTD;
    if (!into)
        into = worker->pieces + 2 * HEAPY__FRAME_BYTES;
    unsigned char *unpacked = is_transformed ? worker->pieces + HEAPY__FRAME_BYTES : into;
    if (load->lengths[frame] == count)
        memcpy(unpacked, packed, count);
    else if (!heapy__unpack(worker->unpacker, packed, load->lengths[frame], unpacked, count))
        return heapy__bad_file(load->reader, err, offset, "frame %zu of chunk %s does not unpack", frame,
                               entry->name);
    if (is_transformed)
        heapy__transform_back(entry->codec, entry->element, unpacked, count, into);
    return heapy__column_memory_put(load->memory, at, into, count, err);
}

static void
unpack_frames(void *context, unsigned worker)
{
    frame_load *load = context;
    size_t frame;
    uint64_t offset;
    while (take_frame(load, load->workers[worker].pieces, &frame, &offset)) {
        heapy_error err = HEAPY_ERROR_INIT;
        if (unpack_frame(load, &load->workers[worker], frame, offset, &err)) {
            pthread_mutex_lock(&load->lock);
            note_failure(load, frame, &err);
            pthread_mutex_unlock(&load->lock);
        }
    }
}

/* ---- all of it ---- */

static heapy_status
make_workers(frame_load *load, heapy_error *err)
{
    unsigned count = heapy_thread_count();
    if (count > load->frame_count / FRAMES_PER_THREAD)
        count = (unsigned)(load->frame_count / FRAMES_PER_THREAD);
    load->worker_count = count ? count : 1;
    load->workers = heapy_alloc_zeroed(load->worker_count, sizeof *load->workers);
    bool has_room = load->workers;
    for (unsigned i = 0; has_room && i < load->worker_count; i++) {
        load->workers[i].pieces = heapy_alloc_array(3, HEAPY__FRAME_BYTES);
        load->workers[i].unpacker = heapy__unpacker_create();
        has_room = load->workers[i].pieces && load->workers[i].unpacker;
    }
    if (has_room)
        return HEAPY_OK;
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to unpack a column");
}

static heapy_status
load_all(frame_load *load, heapy_error *err)
{
    heapy_status status = make_workers(load, err);
    if (!status)
        status = load_index(load, err);
    if (status)
        return status;
    heapy__checksum_init(&load->checksum);
    load->offset = load->entry->offset;
    load->failed = load->frame_count;
    heapy_run_threads(load->worker_count, unpack_frames, load);
    if (load->failed != load->frame_count) {
        *err = load->failure;
        return err->status;
    }
    heapy__checksum_add(&load->checksum, load->lengths, load->frame_count * sizeof *load->lengths);
    return heapy__chunk_check_end(load->reader, load->entry, &load->checksum, err);
}

heapy_status
heapy__load_frames(const heapy__chunk_reader *reader, const heapy__chunk_entry *entry,
                   heapy__column_memory *memory, heapy_error *err)
{
    uint64_t frame_count = (entry->raw + HEAPY__FRAME_BYTES - 1) / HEAPY__FRAME_BYTES;
    if (frame_count > entry->stored / sizeof(uint32_t))
        return heapy__bad_file(reader, err, entry->offset, "chunk %s has no room for its index", entry->name);
    if (!heapy__codec_is_there())
        return heapy__fail(err, HEAPY_UNSUPPORTED, "%s: is compressed, and heapy was built without zstd",
                           heapy__shown_path(reader));
    frame_load load = {
        .reader = reader, .entry = entry, .memory = memory, .frame_count = (size_t)frame_count};
    if (pthread_mutex_init(&load.lock, NULL))
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to unpack a column");
    heapy_status status = load_all(&load, err);
    for (unsigned i = 0; load.workers && i < load.worker_count; i++) {
        heapy_free(load.workers[i].pieces);
        heapy__unpacker_destroy(load.workers[i].unpacker);
    }
    heapy_free(load.workers);
    heapy_free(load.lengths);
    pthread_mutex_destroy(&load.lock);
    return status;
}
