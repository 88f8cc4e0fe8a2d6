/* SPDX-License-Identifier: MIT */
/* Columns that are packed in frames: unpacked and checked. */
#ifndef HEAPY_SNAPSHOT_FRAME_READER_H
#define HEAPY_SNAPSHOT_FRAME_READER_H

#include "chunk_reader.h"
#include "column_memory.h"

/*
 * Bring a packed chunk to where its column is put.  Long ones are unpacked by as many threads as
 * heapy_thread_count() says; which bytes come out, and what is told of a damaged file, is the same for any
 * number of them.  3 MiB for each thread.
 */
heapy_status heapy__load_frames(const heapy__chunk_reader *reader, const heapy__chunk_entry *entry,
                                heapy__column_memory *memory, heapy_error *err);

#endif
