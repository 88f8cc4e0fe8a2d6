/* SPDX-License-Identifier: MIT */
#include "index_file.h"

#include <errno.h>
#include <fcntl.h>
#include <heapy/memory.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[8] = {'H', 'E', 'A', 'P', 'Y', 'I', 'D', 'X'};

enum { VERSION = 1, END = 64 };

typedef struct index_header {
    char magic[8];
    uint64_t version, nodes, file_bytes, file_sum, column_sum, unused[2];
} index_header;

/* FNV-1a, a word at a time: against accidents. */
static uint64_t
sum_of(const void *bytes, size_t count)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    uint32_t word;
    for (size_t at = 0; at + sizeof word <= count; at += sizeof word) {
        memcpy(&word, (const char *)bytes + at, sizeof word);
        sum = (sum ^ word) * UINT64_C(0x100000001b3);
    }
    return sum;
}

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
    *out = (index_header){
        .version = VERSION, .file_bytes = (uint64_t)facts.st_size, .file_sum = sum_of(end, END)};
    memcpy(out->magic, magic, sizeof magic);
    return true;
}

char *
index_path(const char *path)
{
    size_t size = strlen(path) + sizeof ".index";
    char *name = heapy_alloc_array(size, 1);
    if (name)
        snprintf(name, size, "%s.index", path);
    else
        complain_of_memory();
    return name;
}

/* Open an index and read its header; -1: there is none. */
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

/* The column of an index that belongs to a file.  Owned, heapy_free(); NULL: it is not to be used. */
static heapy_node *
read_column(const char *path, size_t nodes)
{
    index_header kept, expected;
    char *name = index_path(path);
    int descriptor = name ? open_index(name, &kept) : -1;
    heapy_node *column = NULL;
    bool is_used = false;
    if (descriptor >= 0 && identify(path, &expected) && kept.version == VERSION && kept.nodes == nodes &&
        kept.file_bytes == expected.file_bytes && kept.file_sum == expected.file_sum) {
        column = heapy_alloc_array(nodes, sizeof *column);
        is_used = column && read_at(descriptor, column, nodes * sizeof *column, sizeof kept) &&
                  sum_of(column, nodes * sizeof *column) == kept.column_sum;
    }
    if (descriptor >= 0)
        close(descriptor);
    heapy_free(name);
    if (is_used)
        return column;
    heapy_free(column);
    return NULL;
}

void
index_use(const char *path, heapy_snapshot *snapshot)
{
    heapy_dominators *dominators;
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    size_t nodes = heapy_graph_node_count(graph);
    heapy_node *column = strcmp(path, "-") ? read_column(path, nodes) : NULL;
    /* What fails here is found again without the index, or fails there. */
    if (column && !heapy_dominators_restore(graph, column, nodes, &dominators, &err) &&
        heapy_snapshot_adopt_dominators(snapshot, dominators, &err))
        process_set_reading(path);
    heapy_free(column);
}

int
index_write(output_file *out, const char *path, const heapy_dominators *dominators, uint64_t *bytes)
{
    size_t nodes;
    index_header header;
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_sink sink = output_file_sink(out);
    const heapy_node *column = heapy_dominators_column(dominators, &nodes);
    if (!identify(path, &header))
        return complain("%s: has changed while it was read", path);
    header.nodes = nodes;
    header.column_sum = sum_of(column, nodes * sizeof *column);
    *bytes = sizeof header + nodes * sizeof *column;
    if (sink.write(sink.context, &header, sizeof header, &err) ||
        sink.write(sink.context, column, nodes * sizeof *column, &err))
        return complain_of(out->path, &err);
    return STATUS_DONE;
}
