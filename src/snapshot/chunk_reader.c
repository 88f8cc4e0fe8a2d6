/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* O_TMPFILE, F_GET_SEALS */
#include "chunk_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/checksum.h"
#include "../base/fail.h"
#include "column_memory.h"
#include "frame_reader.h"
#include "heapy/memory.h"
#include "transform.h"

enum { DEFAULT_MEMORY_LIMIT = 64 << 20, SHOWN_OF_PATH = 80, SHOWN_OF_MESSAGE = 100 };

/* ---- what is wrong ---- */

const char *
heapy__shown_path(const heapy__chunk_reader *reader)
{
    size_t length = strlen(reader->path);
    return length > SHOWN_OF_PATH ? reader->path + length - SHOWN_OF_PATH : reader->path;
}

heapy_status
heapy__bad_file(const heapy__chunk_reader *reader, heapy_error *err, uint64_t offset, const char *what, ...)
{
    char message[SHOWN_OF_MESSAGE];
    va_list args;
    va_start(args, what);
    vsnprintf(message, sizeof message, what, args);
    va_end(args);
    return heapy__fail(err, HEAPY_BAD_FILE, "%s: at byte %" PRIu64 ": %s; copy it again, or take another",
                       heapy__shown_path(reader), offset, message);
}

static heapy_status
os_failure(const heapy__chunk_reader *reader, int number, const char *what, heapy_error *err)
{
    heapy__record_failure(err, HEAPY_OS, "%s: %s: %s", heapy__shown_path(reader), what, strerror(number));
    if (err)
        err->os_errno = number;
    return HEAPY_OS;
}

static heapy_status
newer(const heapy__chunk_reader *reader, uint32_t needs, const char *what, heapy_error *err)
{
    return heapy__fail(err, HEAPY_UNSUPPORTED, "%s: made by a newer version (%s), needs heapy >= %u.%u",
                       heapy__shown_path(reader), what, (unsigned)(needs >> 16), (unsigned)(needs & 0xffff));
}

/* ---- reading ---- */

heapy_status
heapy__chunk_read_bytes(const heapy__chunk_reader *reader, uint64_t offset, void *bytes, size_t count,
                        heapy_error *err)
{
    unsigned char *next = bytes;
    while (count) {
        ssize_t got = pread(reader->descriptor, next, count, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return os_failure(reader, errno, "cannot be read", err);
        if (!got)
            return heapy__bad_file(reader, err, offset, "the file has become shorter since it was opened");
        next += got;
        offset += (uint64_t)got;
        count -= (size_t)got;
    }
    return HEAPY_OK;
}

static heapy_status
open_file(heapy__chunk_reader *reader, heapy_error *err)
{
    struct stat status;
    reader->descriptor = open(reader->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (reader->descriptor < 0)
        return os_failure(reader, errno, "cannot be opened", err);
    if (fstat(reader->descriptor, &status))
        return os_failure(reader, errno, "cannot be opened", err);
    if (!S_ISREG(status.st_mode))
        return heapy__fail(err, HEAPY_BAD_FILE, "%s: is %s; a snapshot is opened from a regular file",
                           heapy__shown_path(reader),
                           S_ISDIR(status.st_mode)    ? "a directory"
                           : S_ISFIFO(status.st_mode) ? "a pipe: write it to a file first"
                                                      : "no file");
    reader->file_bytes = (uint64_t)status.st_size;
    return HEAPY_OK;
}

static heapy_status
check_header(heapy__chunk_reader *reader, heapy_error *err)
{
    heapy__file_header header;
    if (reader->file_bytes < sizeof header + sizeof(heapy__file_trailer))
        return heapy__bad_file(reader, err, reader->file_bytes, "too short for a snapshot: empty, or cut");
    heapy_status status = heapy__chunk_read_bytes(reader, 0, &header, sizeof header, err);
    if (status)
        return status;
    if (memcmp(header.magic, HEAPY__FILE_MAGIC, sizeof header.magic) != 0)
        return heapy__bad_file(reader, err, 0,
                               !memcmp(header.magic, HEAPY__FILE_MAGIC, 6)
                                   ? "changed by a transfer as text; transfer it as binary"
                                   : "this is no heapy snapshot");
    if (header.byte_order == 0xfffe)
        return heapy__fail(err, HEAPY_UNSUPPORTED, "%s: written in the other byte order",
                           heapy__shown_path(reader));
    if (header.checksum != heapy__checksum_of(&header, offsetof(heapy__file_header, checksum)) ||
        header.byte_order != HEAPY__BYTE_ORDER)
        return heapy__bad_file(reader, err, 0, "the header is damaged");
    if (header.version != HEAPY__FILE_VERSION)
        return newer(reader, header.needs, "format", err);
    reader->format = header.version;
    return HEAPY_OK;
}

static heapy_status
read_trailer(heapy__chunk_reader *reader, heapy__file_trailer *trailer, heapy_error *err)
{
    uint64_t at = reader->file_bytes - sizeof *trailer;
    heapy_status status = heapy__chunk_read_bytes(reader, at, trailer, sizeof *trailer, err);
    if (status)
        return status;
    if (memcmp(trailer->magic, HEAPY__FILE_MAGIC, sizeof trailer->magic) != 0)
        return heapy__bad_file(reader, err, at,
                               "the end is missing, or something follows it: cut, or still being written");
    if (trailer->checksum != heapy__checksum_of(trailer, offsetof(heapy__file_trailer, checksum)))
        return heapy__bad_file(reader, err, at, "the trailer is damaged");
    if (trailer->file_bytes != reader->file_bytes)
        return heapy__bad_file(reader, err, at,
                               "the file has %" PRIu64 " bytes, and was written with %" PRIu64,
                               reader->file_bytes, trailer->file_bytes);
    if (trailer->table_offset % HEAPY__ALIGNMENT || trailer->table_offset < sizeof(heapy__file_header) ||
        trailer->table_offset > at || heapy__aligned(trailer->table_bytes) != at - trailer->table_offset ||
        trailer->table_bytes % sizeof(heapy__chunk_entry) ||
        trailer->table_bytes / sizeof(heapy__chunk_entry) > HEAPY__MOST_CHUNKS)
        return heapy__bad_file(reader, err, at, "the table of chunks is not where it must be");
    return HEAPY_OK;
}

static bool
is_name(const char *name)
{
    size_t length = 0;
    while (length < HEAPY__CHUNK_NAME_BYTES && name[length] > ' ' && name[length] < 0x7f)
        length++;
    for (size_t i = length; i < HEAPY__CHUNK_NAME_BYTES; i++)
        if (name[i])
            return false;
    return length && length < HEAPY__CHUNK_NAME_BYTES;
}

/* Do chunks follow each other, from the header to the table, and are their sizes possible? */
static heapy_status
check_entries(const heapy__chunk_reader *reader, uint64_t table_offset, heapy_error *err)
{
    uint64_t next = sizeof(heapy__file_header);
    for (size_t i = 0; i < reader->count; i++) {
        const heapy__chunk_entry *entry = &reader->entries[i];
        if (!is_name(entry->name))
            return heapy__bad_file(reader, err, table_offset, "chunk %zu has no proper name", i);
        if (entry->offset != next || entry->stored > table_offset - next)
            return heapy__bad_file(reader, err, table_offset, "chunk %s does not follow the one before",
                                   entry->name);
        next = heapy__aligned(next + entry->stored);
        if (next > table_offset)
            return heapy__bad_file(reader, err, table_offset, "chunk %s ends in the table", entry->name);
        if (!entry->element || entry->raw % entry->element)
            return heapy__bad_file(reader, err, table_offset, "chunk %s is no array of its elements",
                                   entry->name);
        if (entry->codec == HEAPY__PLAIN ? entry->raw != entry->stored
                                         : entry->raw / HEAPY__FRAME_RATIO > entry->stored)
            return heapy__bad_file(reader, err, table_offset, "chunk %s cannot unpack to %" PRIu64 " bytes",
                                   entry->name, entry->raw);
        for (size_t k = 0; k < i; k++)
            if (!strcmp(reader->entries[k].name, entry->name))
                return heapy__bad_file(reader, err, table_offset, "chunk %s is there twice", entry->name);
    }
    if (next != table_offset)
        return heapy__bad_file(reader, err, next, "bytes belong to no chunk");
    return HEAPY_OK;
}

static bool
is_known(const char *name)
{
    static const char *const known[] = {
        "graph",      "info",     "type.rows",    "type.bases",  "type.texts.", "name.starts",
        "name.bytes", "fact.",    "types",        "sizes",       "sizes.large", "owner.",
        "length.",    "address.", "label.counts", "label.lists", "roots",       "edge.",
        "before",     "row.",     "key.",         "group.",      "order."};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t length = strlen(known[i]);
        if (known[i][length - 1] == '.' ? !strncmp(name, known[i], length) : !strcmp(name, known[i]))
            return true;
    }
    return false;
}

static heapy_status
read_table(heapy__chunk_reader *reader, heapy_error *err)
{
    heapy__file_trailer trailer;
    heapy_status status = read_trailer(reader, &trailer, err);
    if (status)
        return status;
    size_t bytes = (size_t)heapy__aligned(trailer.table_bytes);
    reader->count = (size_t)trailer.table_bytes / sizeof *reader->entries;
    reader->entries = heapy_alloc_array(bytes, 1);
    reader->columns = heapy_alloc_zeroed(reader->count, sizeof *reader->columns);
    if (!reader->entries || !reader->columns)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the table of a snapshot file");
    status = heapy__chunk_read_bytes(reader, trailer.table_offset, reader->entries, bytes, err);
    if (!status && heapy__checksum_of(reader->entries, bytes) != trailer.table_checksum)
        status = heapy__bad_file(reader, err, trailer.table_offset, "the table of chunks is damaged");
    if (!status)
        status = check_entries(reader, trailer.table_offset, err);
    for (size_t i = 0; !status && i < reader->count; i++)
        if (reader->entries[i].flags & HEAPY__CHUNK_REQUIRED && !is_known(reader->entries[i].name))
            status = newer(reader, reader->entries[i].needs, reader->entries[i].name, err);
    return status;
}

/* Map the file where nobody changes it: sealed by the system, or by the caller's word. */
static void
map_file(heapy__chunk_reader *reader, bool is_unchanging)
{
#ifdef F_SEAL_WRITE
    int seals = fcntl(reader->descriptor, F_GET_SEALS);
    if (seals >= 0 && (seals & (F_SEAL_SHRINK | F_SEAL_WRITE)) == (F_SEAL_SHRINK | F_SEAL_WRITE))
        is_unchanging = true;
#endif
    if (!is_unchanging || reader->file_bytes > SIZE_MAX)
        return;
    void *mapped = mmap(NULL, (size_t)reader->file_bytes, PROT_READ, MAP_SHARED, reader->descriptor, 0);
    if (mapped != MAP_FAILED)
        reader->mapped = mapped; /* else it is copied */
}

static char *
copy_text(const char *text)
{
    size_t length = strlen(text) + 1;
    char *copy = heapy_alloc_array(length, 1);
    if (copy)
        memcpy(copy, text, length);
    return copy;
}

heapy_status
heapy__chunk_reader_init(heapy__chunk_reader *reader, const char *path,
                         const heapy_snapshot_open_options *options, heapy_error *err)
{
    const heapy_snapshot_open_options defaults = HEAPY_SNAPSHOT_OPEN_OPTIONS_INIT;
    if (!options)
        options = &defaults;
    *reader = (heapy__chunk_reader){.descriptor = -1};
    reader->memory_limit = options->memory_limit ? options->memory_limit : DEFAULT_MEMORY_LIMIT;
    if (!heapy__is_little_endian())
        return heapy__fail(err, HEAPY_UNSUPPORTED,
                           "snapshot files are written and read on little-endian machines only");
    reader->path = copy_text(path);
    if (options->temporary_folder)
        reader->temporary_folder = copy_text(options->temporary_folder);
    heapy_status status = HEAPY_OK;
    if (!reader->path || (options->temporary_folder && !reader->temporary_folder))
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to open a snapshot file");
    if (!status)
        status = open_file(reader, err);
    if (!status)
        status = check_header(reader, err);
    if (!status)
        status = read_table(reader, err);
    if (!status)
        map_file(reader, options->is_unchanging);
    if (status)
        heapy__chunk_reader_deinit(reader);
    return status;
}

void
heapy__chunk_reader_deinit(heapy__chunk_reader *reader)
{
    for (size_t i = 0; reader->columns && i < reader->count; i++) {
        heapy_free(reader->columns[i].owned);
        if (reader->columns[i].mapped)
            munmap((void *)(uintptr_t)reader->columns[i].bytes, reader->columns[i].mapped);
    }
    if (reader->mapped)
        munmap((void *)(uintptr_t)reader->mapped, (size_t)reader->file_bytes);
    if (reader->descriptor >= 0)
        close(reader->descriptor);
    heapy_free(reader->columns);
    heapy_free(reader->entries);
    heapy_free(reader->path);
    heapy_free(reader->temporary_folder);
    *reader = (heapy__chunk_reader){.descriptor = -1};
}

/* ---- chunks ---- */

static heapy__chunk_entry *
find_entry(const heapy__chunk_reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->count; i++)
        if (!strcmp(reader->entries[i].name, name))
            return &reader->entries[i];
    return NULL;
}

bool
heapy__chunk_is_there(const heapy__chunk_reader *reader, const char *name)
{
    return find_entry(reader, name);
}

uint64_t
heapy__chunk_count(const heapy__chunk_reader *reader, const char *name, size_t element)
{
    const heapy__chunk_entry *entry = find_entry(reader, name);
    return entry ? entry->raw / element : 0;
}

uint64_t
heapy__chunk_offset(const heapy__chunk_reader *reader, const char *name)
{
    const heapy__chunk_entry *entry = find_entry(reader, name);
    return entry ? entry->offset : 0;
}

heapy_status
heapy__chunk_check_end(const heapy__chunk_reader *reader, const heapy__chunk_entry *entry,
                       heapy__checksum *checksum, heapy_error *err)
{
    unsigned char filling[HEAPY__ALIGNMENT];
    uint64_t end = entry->offset + entry->stored;
    size_t count = (size_t)(heapy__aligned(end) - end);
    heapy_status status = heapy__chunk_read_bytes(reader, end, filling, count, err);
    if (status)
        return status;
    heapy__checksum_add(checksum, filling, count);
    if (heapy__checksum_value(checksum) != entry->checksum)
        return heapy__bad_file(reader, err, entry->offset, "chunk %s is damaged: its checksum is wrong",
                               entry->name);
    return HEAPY_OK;
}

static heapy_status
load_plain(const heapy__chunk_reader *reader, const heapy__chunk_entry *entry, heapy__column_memory *memory,
           unsigned char *piece, heapy_error *err)
{
    heapy__checksum checksum;
    heapy_status status = HEAPY_OK;
    heapy__checksum_init(&checksum);
    for (uint64_t at = 0; !status && at < entry->raw; at += HEAPY__FRAME_BYTES) {
        size_t count = HEAPY__FRAME_BYTES;
        if (entry->raw - at < HEAPY__FRAME_BYTES)
            count = (size_t)(entry->raw - at);
        unsigned char *into = heapy__column_memory_place(memory, at);
        if (!into)
            into = piece;
        status = heapy__chunk_read_bytes(reader, entry->offset + at, into, count, err);
        if (!status) {
            heapy__checksum_add(&checksum, into, count);
            status = heapy__column_memory_put(memory, at, into, count, err);
        }
    }
    if (status)
        return status;
    return heapy__chunk_check_end(reader, entry, &checksum, err);
}

/* Where it lies, after a look at all of it. */
static heapy_status
load_mapped(const heapy__chunk_reader *reader, const heapy__chunk_entry *entry, heapy__column *column,
            heapy_error *err)
{
    const unsigned char *bytes = reader->mapped + entry->offset;
    size_t count = (size_t)(heapy__aligned(entry->offset + entry->stored) - entry->offset);
    if (heapy__checksum_of(bytes, count) != entry->checksum)
        return heapy__bad_file(reader, err, entry->offset, "chunk %s is damaged: its checksum is wrong",
                               entry->name);
    *column = (heapy__column){.bytes = bytes, .size = (size_t)entry->raw};
    return HEAPY_OK;
}

static heapy_status
load_copy(const heapy__chunk_reader *reader, const heapy__chunk_entry *entry, heapy__column *column,
          heapy_error *err)
{
    heapy__column_memory memory;
    if (entry->raw > SIZE_MAX / 2)
        return heapy__fail(err, HEAPY_LIMIT, "%s: chunk %s is too large for this machine",
                           heapy__shown_path(reader), entry->name);
    heapy_status status = heapy__column_memory_init(&memory, (size_t)entry->raw, reader->memory_limit,
                                                    reader->temporary_folder, err);
    if (status)
        return status;
    unsigned char *piece = NULL;
    if (entry->codec == HEAPY__PLAIN && !heapy__column_memory_place(&memory, 0) &&
        !(piece = heapy_alloc_array(HEAPY__FRAME_BYTES, 1)))
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to read a column");
    if (!status) {
        if (entry->codec == HEAPY__PLAIN)
            status = load_plain(reader, entry, &memory, piece, err);
        else
            status = heapy__load_frames(reader, entry, &memory, err);
    }
    if (!status)
        status = heapy__column_memory_finish(&memory, column, err);
    heapy_free(piece);
    heapy__column_memory_deinit(&memory);
    return status;
}

heapy_status
heapy__chunk_load(heapy__chunk_reader *reader, const char *name, size_t element, uint64_t count,
                  const void **out, size_t *count_out, heapy_error *err)
{
    const heapy__chunk_entry *entry = find_entry(reader, name);
    if (!entry)
        return heapy__bad_file(reader, err, 0, "the chunk %s is missing", name);
    heapy__column *column = &reader->columns[entry - reader->entries];
    if (entry->codec >= HEAPY__CODEC_COUNT)
        return newer(reader, entry->needs, name, err);
    if (entry->element != element || (count != HEAPY__ANY_COUNT && entry->raw / element != count))
        return heapy__bad_file(reader, err, entry->offset, "chunk %s has %" PRIu64 " bytes in elements of %u",
                               name, entry->raw, entry->element);
    if (entry->codec > HEAPY__ZSTD && !heapy__can_transform(entry->codec, element))
        return heapy__bad_file(reader, err, entry->offset, "chunk %s has elements of %zu bytes for codec %u",
                               name, element, entry->codec);
    heapy_status status = HEAPY_OK;
    if (!column->bytes) {
        if (reader->mapped && entry->codec == HEAPY__PLAIN)
            status = load_mapped(reader, entry, column, err);
        else
            status = load_copy(reader, entry, column, err);
    }
    if (status)
        return status;
    *out = column->bytes;
    if (count_out)
        *count_out = column->size / element;
    return HEAPY_OK;
}
