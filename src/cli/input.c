/* SPDX-License-Identifier: MIT */
#include "input.h"

#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- standard input ---- */

static int
copy_all(int from, int to)
{
    char bytes[1 << 16];
    for (;;) {
        ssize_t count = read(from, bytes, sizeof bytes);
        if (!count)
            return STATUS_DONE;
        if (count < 0 && errno != EINTR)
            return complain("-: standard input: %s", strerror(errno));
        for (ssize_t at = 0; at < count;) {
            ssize_t written = write(to, bytes + at, (size_t)(count - at));
            if (written < 0 && errno != EINTR)
                return complain("-: the temporary file for standard input: %s", strerror(errno));
            at += written > 0 ? written : 0;
        }
    }
}

/* ---- opening ---- */

bool
input_is_trusted(const struct stat *facts)
{
    return (facts->st_uid == geteuid() || !facts->st_uid) && !(facts->st_mode & 022);
}

int
input_try(input *in, const char *path, heapy_error *err)
{
    char spooled[64];
    struct stat facts;
    heapy_snapshot_open_options options = HEAPY_SNAPSHOT_OPEN_OPTIONS_INIT;
    *in = (input){.path = path, .spool = -1};
    process_set_reading(path);
    if (!strcmp(path, "-")) {
        if ((in->spool = spool_create("-", "standard input")) < 0 || copy_all(STDIN_FILENO, in->spool))
            return STATUS_FAILED;
        snprintf(spooled, sizeof spooled, "/proc/self/fd/%d", in->spool);
        path = spooled;
    }
    options.is_unchanging = !stat(path, &facts) && input_is_trusted(&facts);
    if (!heapy_snapshot_open(path, &options, &in->file, err))
        in->info = heapy_snapshot_file_describe(in->file);
    return STATUS_DONE;
}

int
input_open(input *in, const char *path)
{
    heapy_error err = HEAPY_ERROR_INIT;
    int status = input_try(in, path, &err);
    if (!status && err.status)
        return complain_of(path, &err);
    return status;
}

bool
input_is_of(const input *in, const struct stat *facts)
{
    struct stat read;
    int failed;
    if (in->spool >= 0)
        failed = fstat(STDIN_FILENO, &read);
    else
        failed = stat(in->path, &read);
    return !failed && S_ISREG(read.st_mode) && read.st_dev == facts->st_dev && read.st_ino == facts->st_ino;
}

void
input_close(input *in)
{
    heapy_snapshot_release(in->snapshot);
    heapy_snapshot_file_close(in->file);
    if (in->spool >= 0)
        close(in->spool);
    *in = (input)INPUT_INIT;
}

int
input_load(input *in, unsigned needs)
{
    heapy_error err = HEAPY_ERROR_INIT;
    process_set_reading(in->path);
    if (heapy_snapshot_file_snapshot(in->file, needs, &in->snapshot, &err))
        return complain_of(in->path, &err);
    in->graph = heapy_snapshot_graph(in->snapshot);
    in->sizes = heapy_graph_sizes(in->graph);
    return STATUS_DONE;
}

int
input_need_edges(const input *in, const char *what)
{
    if (in->info.columns & HEAPY_FILE_EDGES)
        return STATUS_DONE;
    return complain("%s: there are no references in this file, and %s needs them", in->path, what);
}

unsigned
columns_for(unsigned needs)
{
    static const struct {
        unsigned of_classifier, of_file;
    } columns[] = {{HEAPY_NEEDS_SIZES | HEAPY_NEEDS_ALL_SIZES, HEAPY_FILE_SIZES},
                   {HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_OWNER_NODES, HEAPY_FILE_OWNERS},
                   {HEAPY_NEEDS_EDGES | HEAPY_NEEDS_ALL_EDGES | HEAPY_NEEDS_REFERRERS, HEAPY_FILE_EDGES},
                   {HEAPY_NEEDS_REFERENCE_NAMES, HEAPY_FILE_EDGES | HEAPY_FILE_KEYS | HEAPY_FILE_ADDRESSES},
                   {HEAPY_NEEDS_PRODUCERS | HEAPY_NEEDS_FACTS | HEAPY_NEEDS_MODULES, HEAPY_FILE_FACTS},
                   {HEAPY_NEEDS_LENGTHS, HEAPY_FILE_LENGTHS},
                   {HEAPY_NEEDS_OWNER_TEXTS, HEAPY_FILE_TEXTS | HEAPY_FILE_ADDRESSES}};
    unsigned result = 0;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (needs & columns[i].of_classifier)
            result |= columns[i].of_file;
    return result;
}

/* ---- JSON ---- */

void
json_begin_bare_document(document *doc, const char *name)
{
    char format[64];
    snprintf(format, sizeof format, "heapy-%s/1", name);
    json_begin(doc, '{');
    json_key(doc, "format");
    json_string(doc, format);
    json_key(doc, "snapshots");
    json_begin(doc, '[');
}

void
json_begin_document(document *doc, const char *name, const input *inputs, size_t count)
{
    json_begin_bare_document(doc, name);
    for (size_t i = 0; i < count; i++)
        json_input(doc, &inputs[i]);
    json_end(doc, ']');
}

void
json_end_document(document *doc)
{
    json_end(doc, '}');
    document_put(doc, "\n");
}
