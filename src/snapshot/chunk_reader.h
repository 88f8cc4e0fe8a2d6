/* SPDX-License-Identifier: MIT */
/*
 * The chunks of a file: found through its table, and brought to memory whole and checked.
 *
 * What is handed out is the process's own: read into memory or, above a size, into a temporary file that has
 * no name, so that nobody who writes to the file, or cuts it, can change it behind us or make us fault
 * (docs/decisions/0014).  Only where nobody can, or the caller says that nobody will, is the file mapped.
 */
#ifndef HEAPY_SNAPSHOT_CHUNK_READER_H
#define HEAPY_SNAPSHOT_CHUNK_READER_H

#include "../base/checksum.h"
#include "file_format.h"
#include "heapy/snapshot_file.h"

/* The bytes of a chunk, once it was loaded. */
typedef struct heapy__column {
    const void *bytes; /* aligned to 8; NULL: not loaded yet */
    size_t size;       /* bytes */
    void *owned;       /* to be freed, or NULL */
    size_t mapped;     /* bytes to be unmapped, or 0 */
} heapy__column;

typedef struct heapy__chunk_reader {
    int descriptor;
    char *path; /* owned; for messages */
    uint64_t file_bytes;
    uint32_t format;
    const unsigned char *mapped; /* the whole file, or NULL */
    heapy__chunk_entry *entries;
    heapy__column *columns; /* by entry */
    size_t count;
    size_t memory_limit;
    char *temporary_folder; /* owned; NULL: the default */
} heapy__chunk_reader;

/* Open a file and check header, table and trailer.  On failure nothing needs deinit. */
heapy_status heapy__chunk_reader_init(heapy__chunk_reader *reader, const char *path,
                                      const heapy_snapshot_open_options *options, heapy_error *err);
void heapy__chunk_reader_deinit(heapy__chunk_reader *reader);

/* Is there such a chunk? */
bool heapy__chunk_is_there(const heapy__chunk_reader *reader, const char *name);

/* How many elements of `element` bytes a chunk of that name is said to have; 0 where there is none. */
uint64_t heapy__chunk_count(const heapy__chunk_reader *reader, const char *name, size_t element);

/*
 * The chunk as an array of elements of `element` bytes, at *out, lent until deinit: read, checked and
 * unpacked at the first call.  count: how many there must be, or HEAPY__ANY_COUNT, and then they are in
 * *count_out. HEAPY_BAD_FILE where there is no such chunk, or one of another size.
 */
#define HEAPY__ANY_COUNT UINT64_MAX
heapy_status heapy__chunk_load(heapy__chunk_reader *reader, const char *name, size_t element, uint64_t count,
                               const void **out, size_t *count_out, heapy_error *err);

/* Report that the file is wrong at `offset`; what: a printf format. */
heapy_status heapy__bad_file(const heapy__chunk_reader *reader, heapy_error *err, uint64_t offset,
                             const char *what, ...) HEAPY_PRINTF(4, 5);

/* The end of the path, which tells more than its beginning: for messages. */
const char *heapy__shown_path(const heapy__chunk_reader *reader);

/* Read all of these bytes of the file, or say why that fails. */
heapy_status heapy__chunk_read_bytes(const heapy__chunk_reader *reader, uint64_t offset, void *bytes,
                                     size_t count, heapy_error *err);

/* Add the zeros behind a chunk, which are under its checksum, and compare. */
heapy_status heapy__chunk_check_end(const heapy__chunk_reader *reader, const heapy__chunk_entry *entry,
                                    heapy__checksum *checksum, heapy_error *err);

/* Where a chunk begins, for messages; 0 where there is none. */
uint64_t heapy__chunk_offset(const heapy__chunk_reader *reader, const char *name);

#endif
