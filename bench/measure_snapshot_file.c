/* SPDX-License-Identifier: MIT */
/*
 * What a snapshot file costs: bytes a node, writing and opening, plain and compressed.
 *
 *     measure_snapshot_file FOLDER [NODES]
 *
 * The heap is made up: instances with attributes, lists of numbers, strings, in the order of an allocator, a
 * third of the edges to somewhere at random.  Built with -Dtests=true; never part of the verdict.
 */
#include <heapy/heapy.h>
#include <heapy/memory.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static heapy_error err[1];

#define MUST(call)                                                                                           \
    do {                                                                                                     \
        if (call) {                                                                                          \
            fprintf(stderr, "%s\n", err->message);                                                           \
            exit(1);                                                                                         \
        }                                                                                                    \
    } while (0)

static uint64_t
random_number(uint64_t bound)
{
    static uint64_t state = 15;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * UINT64_C(0x2545f4914f6cdd1d) % bound;
}

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* others use the machine too */
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static heapy_snapshot *
make_heap(size_t nodes)
{
    static const struct {
        const char *name;
        heapy_role role;
        unsigned size;
    } types[] = {{"str", HEAPY_ROLE_TEXT, 56},
                 {"int", HEAPY_ROLE_NUMBER, 28},
                 {"shop.Order", HEAPY_ROLE_OBJECT, 48},
                 {"dict", HEAPY_ROLE_DICT, 184},
                 {"list", HEAPY_ROLE_SEQUENCE, 88}};
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_snapshot *snapshot;
    heapy_size_writer *sizes;
    heapy_edge_writer *edges;
    heapy_address_map *map;
    uintptr_t address = 0x7f0000000000;
    uint32_t name;
    heapy_type type;
    MUST(heapy_graph_builder_create(nodes, &b, err));
    for (size_t t = 0; t < 5; t++) {
        const heapy_type_row row = {.name = types[t].name, .role = types[t].role, .node = HEAPY_NO_NODE};
        MUST(heapy_graph_builder_add_type(b, &row, &type, err));
    }
    MUST(heapy_graph_builder_sizes(b, &sizes, err));
    MUST(heapy_graph_builder_intern(b, "customer", 8, &name, err));
    MUST(heapy_graph_builder_begin_edges(b, &edges, err));
    MUST(heapy_address_map_create(&map, err));
    for (size_t i = 0; i < nodes; i++) {
        type = random_number(8) ? (heapy_type)(i % 5) : (heapy_type)random_number(5);
        heapy_graph_builder_types(b)[i] = type;
        heapy_size_writer_put(sizes, (heapy_node)i,
                              types[type].size + 8 * (type == 0 ? random_number(4) : 0));
        address += (types[type].size + 15) / 16 * 16 + (random_number(50) ? 0 : 4096);
        heapy_address_map_mark(map, address);
        for (size_t k = 0; type > 1 && k < 5; k++) {
            heapy_node target =
                random_number(3) ? (heapy_node)((i + k) % nodes) : (heapy_node)random_number(nodes);
            heapy_edge_writer_put(edges, target,
                                  type == 2 ? heapy_label_make(HEAPY_LABEL_ATTRIBUTE, name)
                                            : heapy_label_make(HEAPY_LABEL_INDEX, k));
        }
        if (type > 2)
            MUST(heapy_graph_builder_add_length(b, (heapy_node)i, 5, err));
        MUST(heapy_graph_builder_end_node(b, err));
    }
    MUST(heapy_address_map_freeze(map, err));
    MUST(heapy_graph_builder_finish(b, &graph, err));
    MUST(heapy_snapshot_create(graph, map, NULL, &snapshot, err));
    return snapshot; /* the map lives as long as the program */
}

static heapy_status
write_to_file(void *context, const void *bytes, size_t count, heapy_error *error)
{
    if (fwrite(bytes, 1, count, context) == count)
        return HEAPY_OK;
    strcpy(error->message, "the file cannot be written");
    return error->status = HEAPY_OS;
}

static double
time_of_opening(const char *path, bool is_unchanging, unsigned needs)
{
    const heapy_snapshot_open_options options = {.is_unchanging = is_unchanging};
    heapy_snapshot_file *file;
    heapy_snapshot *snapshot;
    double best = 1e9;
    for (int i = 0; i < 5; i++) {
        double start = now();
        MUST(heapy_snapshot_open(path, &options, &file, err));
        MUST(heapy_snapshot_file_snapshot(file, needs, &snapshot, err));
        double took = now() - start;
        best = took < best ? took : best;
        heapy_snapshot_release(snapshot);
        heapy_snapshot_file_close(file);
    }
    return 1e3 * best;
}

static void
measure(const heapy_snapshot *snapshot, const char *folder, heapy_codec codec)
{
    char path[1000];
    double best = 1e9;
    size_t nodes = heapy_graph_node_count(heapy_snapshot_graph(snapshot));
    snprintf(path, sizeof path, "%s/measure.heapy", folder);
    for (int i = 0; i < 5; i++) {
        FILE *out = fopen(path, "wb");
        const heapy_sink sink = {write_to_file, out};
        const heapy_snapshot_write_options options = {.contents = HEAPY_CONTENTS_NAMES, .codec = codec};
        double start = now();
        MUST(heapy_snapshot_write(snapshot, &options, &sink, NULL, err));
        fclose(out);
        best = now() - start < best ? now() - start : best;
    }
    heapy_snapshot_file *file;
    MUST(heapy_snapshot_open(path, NULL, &file, err));
    double bytes = (double)heapy_snapshot_file_describe(file).file_bytes;
    double raw = (double)heapy_graph_bytes(heapy_snapshot_graph(snapshot));
    heapy_snapshot_file_close(file);
    printf("%-6s %5.1f bytes a node, written in %4.0f ms (%4.0f MB/s of columns), types and sizes opened in "
           "%4.0f ms "
           "(%4.0f in place), everything in %4.0f ms (%4.0f in place)\n",
           codec == HEAPY_CODEC_PLAIN ? "plain" : "zstd", bytes / (double)nodes, 1e3 * best, raw / best / 1e6,
           time_of_opening(path, false, HEAPY_FILE_SIZES), time_of_opening(path, true, HEAPY_FILE_SIZES),
           time_of_opening(path, false, HEAPY_FILE_EVERYTHING),
           time_of_opening(path, true, HEAPY_FILE_EVERYTHING));
    remove(path);
}

int
main(int count, char **arguments)
{
    if (count < 2) {
        fputs("usage: measure_snapshot_file FOLDER [NODES]\n", stderr);
        return 2;
    }
    heapy_snapshot *snapshot = make_heap(count > 2 ? strtoul(arguments[2], NULL, 0) : 1000000);
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    printf("%zu nodes, %llu edges\n", heapy_graph_node_count(graph),
           (unsigned long long)heapy_graph_edge_count(graph));
    measure(snapshot, arguments[1], HEAPY_CODEC_PLAIN);
    if (heapy_snapshot_file_has_zstd())
        measure(snapshot, arguments[1], HEAPY_CODEC_ZSTD);
    heapy_snapshot_release(snapshot);
    return 0;
}
