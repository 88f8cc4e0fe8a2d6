/* SPDX-License-Identifier: MIT */
#include "index_file.h"

#include "input.h"
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <heapy/memory.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[8] = {'H', 'E', 'A', 'P', 'Y', 'I', 'D', 'X'};

enum { VERSION = 2, END = 64 };

typedef struct index_header {
    char magic[8];
    uint64_t version, nodes, edges, reached, large, start_bytes, file_bytes, file_sum, tree_sum, reverse_sum;
    uint64_t unused[4], header_sum;
} index_header;

_Static_assert(sizeof(index_header) == 128, "a header that is written as it lies");

/* ---- sums ---- */

#define NOTHING_SUMMED UINT64_C(0xcbf29ce484222325)

/* Go on with the sum of a column and the zeros behind it: FNV-1a, eight bytes at a time, which finds
 * accidents and no forger. */
static uint64_t
add_up(uint64_t sum, const void *bytes, size_t count)
{
    for (size_t at = 0; at < count; at += sizeof(uint64_t)) {
        uint64_t word = 0;
        memcpy(&word, (const char *)bytes + at, count - at < sizeof word ? count - at : sizeof word);
        sum = (sum ^ word) * UINT64_C(0x100000001b3);
    }
    return sum;
}

static uint64_t
sum_of_header(const index_header *header)
{
    return add_up(NOTHING_SUMMED, header, offsetof(index_header, header_sum));
}

/* ---- where the columns are ---- */

enum { DOMINATORS, RETAINED, CHILD_STARTS, CHILDREN, LARGE, TREE_END, STARTS = TREE_END, SOURCES, COLUMNS };

typedef struct span {
    uint64_t offset, bytes;
} span;

/* False: no index has such numbers. */
static bool
lay_out(const index_header *header, span *columns, uint64_t *end)
{
    if (header->nodes >= HEAPY_NO_NODE || header->reached > header->nodes || header->large > header->nodes ||
        header->edges > UINT64_MAX / 32 || (header->start_bytes != 4 && header->start_bytes != 8))
        return false;
    const uint64_t bytes[COLUMNS] = {[DOMINATORS] = header->nodes * sizeof(heapy_node),
                                     [RETAINED] = header->nodes * sizeof(uint32_t),
                                     [CHILD_STARTS] = (header->nodes + 2) * sizeof(uint32_t),
                                     [CHILDREN] = header->reached * sizeof(heapy_node),
                                     [LARGE] = header->large * sizeof(heapy_large_size),
                                     [STARTS] = (header->nodes + 1) * header->start_bytes,
                                     [SOURCES] = header->edges * sizeof(heapy_node)};
    *end = sizeof *header;
    for (size_t i = 0; i < COLUMNS; i++) {
        columns[i] = (span){*end, bytes[i]};
        *end += (bytes[i] + 7) / 8 * 8;
    }
    return true;
}

/* ---- files ---- */

static bool
read_at(int descriptor, void *bytes, size_t count, off_t from)
{
    for (size_t at = 0; at < count;) {
        ssize_t got = pread(descriptor, (char *)bytes + at, count - at, from + (off_t)at);
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        at += got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* What tells a file from every other: how long it is, and how it ends. */
static bool
identify(const char *path, index_header *out)
{
    char end[END];
    struct stat facts;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool is_known = descriptor >= 0 && !fstat(descriptor, &facts) && S_ISREG(facts.st_mode) &&
                    facts.st_size >= END && read_at(descriptor, end, END, facts.st_size - END);
    if (descriptor >= 0)
        close(descriptor);
    if (!is_known)
        return false;
    *out = (index_header){.version = VERSION,
                          .file_bytes = (uint64_t)facts.st_size,
                          .file_sum = add_up(NOTHING_SUMMED, end, END)};
    memcpy(out->magic, magic, sizeof magic);
    return true;
}

static char *
path_of_index(const char *path)
{
    size_t size = strlen(path) + sizeof ".index";
    char *name = heapy_alloc_array(size, 1);
    if (name)
        snprintf(name, size, "%s.index", path);
    return name;
}

char *
index_path(const char *path)
{
    char *name = path_of_index(path);
    if (!name)
        complain_of_memory();
    return name;
}

/* Open what begins as an index and read its header; -1: there is none. */
static int
open_index(const char *path, index_header *header)
{
    struct stat facts;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return -1;
    if (!fstat(descriptor, &facts) && S_ISREG(facts.st_mode) &&
        read_at(descriptor, header, sizeof *header, 0) && !memcmp(header->magic, magic, sizeof magic))
        return descriptor;
    close(descriptor);
    return -1;
}

bool
index_is_one(const char *path)
{
    index_header header;
    int descriptor = open_index(path, &header);
    if (descriptor >= 0)
        close(descriptor);
    return descriptor >= 0;
}

void
index_put_hint(const invocation *asked, const char *path)
{
    char *name = NULL;
    if (is_hint_due(asked) && strcmp(path, "-"))
        name = path_of_index(path);
    char *shown = NULL;
    if (name && !index_is_one(name))
        shown = copy_escaped(path);
    document line = {0};
    if (shown)
        document_printf(&line, "`heapy index %s` would keep some of what this took", shown);
    if (line.text && !line.failed)
        put_hint(asked, line.text);
    document_deinit(&line);
    heapy_free(shown);
    heapy_free(name);
}

/* ---- reading ---- */

/* Columns next to each other, in memory. */
typedef struct kept_columns {
    char *bytes;   /* of the first of them */
    void *mapping; /* NULL: `bytes` are owned */
    size_t length; /* of the mapping */
} kept_columns;

static void
let_go(void *context)
{
    kept_columns *kept = context;
    if (kept->mapping)
        munmap(kept->mapping, kept->length);
    else
        heapy_free(kept->bytes);
    heapy_free(kept);
}

/* An index that belongs to `path`, open, and where its columns are; -1: there is none. */
static int
open_index_of(const char *path, index_header *header, span *columns, struct stat *facts)
{
    uint64_t end;
    index_header expected;
    char *name = NULL;
    if (strcmp(path, "-"))
        name = path_of_index(path);
    int descriptor = -1;
    if (name)
        descriptor = open_index(name, header);
    heapy_free(name);
    if (descriptor < 0)
        return -1;
    if (header->header_sum == sum_of_header(header) && header->version == VERSION &&
        identify(path, &expected) && header->file_bytes == expected.file_bytes &&
        header->file_sum == expected.file_sum && lay_out(header, columns, &end) &&
        !fstat(descriptor, facts) && (uint64_t)facts->st_size == end)
        return descriptor;
    close(descriptor);
    return -1;
}

/* The bytes from `first` on, up to those of `last`, which add up to `sum`.  NULL: they cannot be had. */
static kept_columns *
load_columns(int descriptor, const struct stat *facts, const span *first, const span *last, uint64_t sum)
{
    size_t count = (size_t)(last->offset + (last->bytes + 7) / 8 * 8 - first->offset);
    kept_columns *kept = heapy_alloc_zeroed(1, sizeof *kept);
    if (!kept)
        return NULL;
    if (input_is_trusted(facts)) {
        void *mapping = mmap(NULL, (size_t)facts->st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (mapping != MAP_FAILED) {
            kept->mapping = mapping;
            kept->length = (size_t)facts->st_size;
            kept->bytes = (char *)mapping + first->offset;
        }
    } else {
        kept->bytes = heapy_alloc_array(count, 1);
        if (kept->bytes && !read_at(descriptor, kept->bytes, count, (off_t)first->offset)) {
            heapy_free(kept->bytes);
            kept->bytes = NULL;
        }
    }
    if (kept->bytes && add_up(NOTHING_SUMMED, kept->bytes, count) == sum)
        return kept;
    let_go(kept);
    return NULL;
}

static const void *
column_at(const kept_columns *kept, const span *columns, size_t first, size_t number)
{
    return kept->bytes + (columns[number].offset - columns[first].offset);
}

/* What fails below is made again without the index, or fails there. */

heapy_dominators *
index_use_dominators(const char *path, heapy_snapshot *snapshot)
{
    span columns[COLUMNS];
    struct stat facts;
    index_header header;
    heapy_dominators *dominators, *known = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    int descriptor = open_index_of(path, &header, columns, &facts);
    kept_columns *kept = NULL;
    if (descriptor >= 0)
        kept = load_columns(descriptor, &facts, &columns[DOMINATORS], &columns[LARGE], header.tree_sum);
    if (kept) {
        const heapy_keeper keeper = {let_go, kept};
        const heapy_dominator_columns tree = {.node_count = (size_t)header.nodes,
                                              .child_count = (size_t)header.reached,
                                              .large_count = (size_t)header.large,
                                              .dominators = column_at(kept, columns, DOMINATORS, DOMINATORS),
                                              .retained = column_at(kept, columns, DOMINATORS, RETAINED),
                                              .child_starts =
                                                  column_at(kept, columns, DOMINATORS, CHILD_STARTS),
                                              .children = column_at(kept, columns, DOMINATORS, CHILDREN),
                                              .large = column_at(kept, columns, DOMINATORS, LARGE)};
        if (!heapy_dominators_lend(heapy_snapshot_graph(snapshot), &tree, &keeper, &dominators, &err) &&
            !heapy_snapshot_adopt_dominators(snapshot, dominators, &err) &&
            heapy_snapshot_dominators(snapshot, NULL, &known, &err))
            known = NULL;
    }
    if (descriptor >= 0)
        close(descriptor);
    return known;
}

void
index_use_referrers(const char *path, heapy_snapshot *snapshot)
{
    span columns[COLUMNS];
    struct stat facts;
    index_header header;
    heapy_referrers *referrers;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_snapshot_known_referrers(snapshot))
        return;
    int descriptor = open_index_of(path, &header, columns, &facts);
    kept_columns *kept = NULL;
    if (descriptor >= 0)
        kept = load_columns(descriptor, &facts, &columns[STARTS], &columns[SOURCES], header.reverse_sum);
    if (kept) {
        const heapy_keeper keeper = {let_go, kept};
        const void *starts = column_at(kept, columns, STARTS, STARTS);
        const heapy_referrer_columns reverse = {.node_count = (size_t)header.nodes,
                                                .edge_count = header.edges,
                                                .starts32 = header.start_bytes == 4 ? starts : NULL,
                                                .starts64 = header.start_bytes == 8 ? starts : NULL,
                                                .sources = column_at(kept, columns, STARTS, SOURCES)};
        if (!heapy_referrers_lend(heapy_snapshot_graph(snapshot), &reverse, &keeper, &referrers, &err) &&
            heapy_snapshot_adopt_referrers(snapshot, referrers, &err))
            process_set_reading(path);
    }
    if (descriptor >= 0)
        close(descriptor);
}

/* ---- writing ---- */

static heapy_status
write_column(const heapy_sink *sink, const void *bytes, uint64_t count, heapy_error *err)
{
    static const char zeros[8];
    heapy_status status = sink->write(sink->context, bytes, (size_t)count, err);
    if (status || !(count % 8))
        return status;
    return sink->write(sink->context, zeros, (size_t)(8 - count % 8), err);
}

static int
write_columns(output_file *out, index_header *header, const void *const *written, uint64_t *bytes)
{
    span columns[COLUMNS];
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_sink sink = output_file_sink(out);
    if (!lay_out(header, columns, bytes))
        return complain("%s: there are too many references for an index", out->path);
    header->tree_sum = header->reverse_sum = NOTHING_SUMMED;
    for (size_t i = 0; i < COLUMNS; i++) {
        uint64_t *sum = i < TREE_END ? &header->tree_sum : &header->reverse_sum;
        *sum = add_up(*sum, written[i], (size_t)columns[i].bytes);
    }
    header->header_sum = sum_of_header(header);
    heapy_status status = sink.write(sink.context, header, sizeof *header, &err);
    for (size_t i = 0; !status && i < COLUMNS; i++)
        status = write_column(&sink, written[i], columns[i].bytes, &err);
    if (!status)
        return STATUS_DONE;
    return complain_of(out->path, &err);
}

int
index_write(output_file *out, const char *path, heapy_dominators *dominators,
            const heapy_referrers *referrers, uint64_t *bytes)
{
    index_header header;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_dominator_columns tree;
    heapy_referrer_columns reverse;
    if (!identify(path, &header))
        return complain("%s: has changed while it was read", path);
    if (heapy_dominators_columns(dominators, &tree, &err) ||
        heapy_referrers_columns(referrers, &reverse, &err))
        return complain_of(path, &err);
    header.nodes = tree.node_count;
    header.edges = reverse.edge_count;
    header.reached = tree.child_count;
    header.large = tree.large_count;
    header.start_bytes = reverse.starts32 ? 4 : 8;
    const void *const written[COLUMNS] = {[DOMINATORS] = tree.dominators,
                                          [RETAINED] = tree.retained,
                                          [CHILD_STARTS] = tree.child_starts,
                                          [CHILDREN] = tree.children,
                                          [LARGE] = tree.large,
                                          [STARTS] = reverse.starts32 ? (const void *)reverse.starts32
                                                                      : (const void *)reverse.starts64,
                                          [SOURCES] = reverse.sources};
    return write_columns(out, &header, written, bytes);
}
