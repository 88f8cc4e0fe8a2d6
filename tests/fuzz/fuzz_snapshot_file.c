/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a snapshot file: opened, every column loaded, questions asked.  Once as they are, once with
 * right checksums.
 *
 *     with libFuzzer     clang -fsanitize=fuzzer,address,undefined -DHEAPY_LIBFUZZER ... (tests/fuzz/run.sh)
 *     without            fuzz_snapshot_file [--mutate COUNT SEED] FILE...                   replays; mutates
 */
#define _GNU_SOURCE /* memfd_create */
#include "../unit/random_snapshot.h"

#include <dirent.h>

#include "../unit/describe_snapshot.h"
#include "repair.h"

static FILE *nowhere;

static void
ask(heapy_snapshot_file *file)
{
    heapy_snapshot *snapshot;
    heapy_node_set *before;
    heapy_dominators *dominators;
    heapy_classes *clodo;
    heapy_id_table *table;
    const heapy_table *rows;
    if (!heapy_snapshot_file_before(file, &before, err))
        heapy_node_set_destroy(before);
    for (unsigned column = 1; column < HEAPY_FILE_EVERYTHING; column *= 2) /* each by itself */
        if (!heapy_snapshot_file_snapshot(file, column, &snapshot, err))
            heapy_snapshot_release(snapshot);
    if (heapy_snapshot_file_snapshot(file, HEAPY_FILE_EVERYTHING, &snapshot, err))
        return;
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_status ignored = describe_snapshot(nowhere, snapshot, err);
    (void)ignored;
    if (heapy_graph_has_edges(graph))
        ignored = heapy_snapshot_dominators(snapshot, NULL, &dominators, err);
    if (!classify_all(HEAPY_BY_CLODO, snapshot, &clodo, err) &&
        !heapy_id_table_create(snapshot, NULL, clodo, &table, err)) {
        ignored = heapy_id_table_rows(table, heapy_graph_node_count(graph), &rows, err);
        heapy_id_table_destroy(table);
    }
    heapy_snapshot_release(snapshot);
}

static void
try_bytes(const unsigned char *bytes, size_t count, const heapy_snapshot_open_options *options)
{
    heapy_snapshot_file *file;
    if (open_bytes(bytes, count, options, &file, err)) {
        if (!err->message[0] || strchr(err->message, '\n'))
            abort(); /* one line */
        return;
    }
    ask(file);
    heapy_snapshot_file_close(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const heapy_snapshot_open_options in_place = {.is_unchanging = true};
    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    unsigned char *copy = malloc(count + 1);
    if (!copy || !nowhere)
        abort();
    memcpy(copy, bytes, count);
    try_bytes(copy, count, NULL);
    repair_file(copy, count);
    try_bytes(copy, count, count % 2 ? &in_place : NULL);
    free(copy);
    return 0;
}

#ifndef HEAPY_LIBFUZZER

/* A few changes: bits, numbers that are on some edge, copies of other parts. */
static void
mutate(unsigned char *bytes, size_t count)
{
    static const uint64_t edges[] = {0,          1,          2,          63,         64,          127,
                                     255,        256,        0x7fffffff, 0x80000000, 0xffffffff,  0xfffffffe,
                                     1ULL << 62, 1ULL << 63, UINT64_MAX, 0x10000000, 0x9000000FF, 80};
    for (size_t changes = 1 + random_below(4); changes; changes--) {
        size_t tail = 80 * 48 + 64 < count ? 80 * 48 + 64 : count; /* the table, one time in three */
        size_t at = random_below(3) ? random_below(count) : count - 1 - random_below(tail);
        size_t width = (size_t)1 << random_below(4);
        uint64_t number = edges[random_below(sizeof edges / sizeof *edges)];
        at = random_below(4) ? at / width * width : at;
        if (count - at < 64 || width > count - at)
            continue;
        switch (random_below(4)) {
        case 0:
            bytes[at] ^= (unsigned char)(1 << random_below(8));
            break;
        case 1:
            memcpy(bytes + at, &number, width);
            break;
        case 2:
            bytes[at] = (unsigned char)(bytes[at] + random_below(5) - 2);
            break;
        default:
            memmove(bytes + at, bytes + random_below(count - 64), width);
            break;
        }
    }
}

static void
replay(const char *path, size_t mutations)
{
    FILE *in = fopen(path, "rb");
    static unsigned char bytes[1 << 20], changed[1 << 20];
    size_t count = in ? fread(bytes, 1, sizeof bytes, in) : 0;
    if (!in) {
        perror(path);
        exit(1);
    }
    fclose(in);
    LLVMFuzzerTestOneInput(bytes, count);
    for (size_t i = 0; count > 128 && i < mutations; i++) {
        memcpy(changed, bytes, count);
        mutate(changed, count);
        LLVMFuzzerTestOneInput(changed, count);
    }
}

int
main(int count, char **arguments)
{
    size_t mutations = 0, files = 0;
    random_state = 15;
    for (int i = 1; i < count; i++) {
        if (!strcmp(arguments[i], "--mutate") && i + 2 < count) {
            mutations = strtoul(arguments[i + 1], NULL, 0);
            random_state = strtoull(arguments[i + 2], NULL, 0);
            i += 2;
            continue;
        }
        DIR *folder = opendir(arguments[i]);
        for (const struct dirent *entry; folder && (entry = readdir(folder));) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", arguments[i], entry->d_name);
            if (entry->d_name[0] != '.' && !strstr(entry->d_name, ".txt")) {
                replay(path, mutations);
                files++;
            }
        }
        if (folder)
            closedir(folder);
        else
            replay(arguments[i], mutations), files++;
    }
    printf("%zu files, %zu mutations of each\n", files, mutations);
    return !files;
}

#endif
