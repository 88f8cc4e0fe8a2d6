/* SPDX-License-Identifier: MIT */
/* Misuse of snapshot files, and of what is lent to graphs and address maps. */
#define _DEFAULT_SOURCE /* mkstemp, fdopen */
#include "misuse.h"

static const heapy_type types[3];
static const uint32_t numbers[4];
static const uint64_t words[1];

static void
lending(void)
{
    const heapy_sizes few = {numbers, NULL, 0, 2}, none = {NULL, NULL, 0, 0},
                      headless = {numbers, NULL, 1, 3};
    const heapy_sparse_values no_values = {NULL, NULL, NULL, 0}, some_values = {words, numbers, NULL, 1};
    const heapy_lent_edges no_offsets = {NULL, NULL, numbers, numbers, 3};
    const heapy_lent_edges both = {numbers, words, numbers, numbers, 3};
    const heapy_lent_edges no_targets = {numbers, NULL, NULL, NULL, 3};
    heapy_graph_builder *builder, *other;
    heapy_facts *facts;
    MADE(heapy_graph_builder_create_lent(3, types, NULL, &builder, err));
    REFUSED(heapy_graph_builder_create_lent(3, NULL, NULL, &other, err));
    REFUSED(heapy_graph_builder_create_lent(3, types, NULL, NULL, err));
    REFUSED(heapy_graph_builder_create_lent(SIZE_MAX, types, NULL, &other, err));
    REFUSED(heapy_graph_builder_lend_sizes(NULL, &few, err));
    REFUSED(heapy_graph_builder_lend_sizes(builder, NULL, err));
    REFUSED(heapy_graph_builder_lend_sizes(builder, &none, err));
    REFUSED(heapy_graph_builder_lend_sizes(builder, &few, err));
    REFUSED(heapy_graph_builder_lend_sizes(builder, &headless, err));
    REFUSED(heapy_graph_builder_lend_owners(NULL, &some_values, err));
    REFUSED(heapy_graph_builder_lend_owners(builder, NULL, err));
    REFUSED(heapy_graph_builder_lend_owners(builder, &no_values, err));
    REFUSED(heapy_graph_builder_lend_owners(builder, &some_values, err));
    REFUSED(heapy_graph_builder_lend_lengths(NULL, &some_values, err));
    REFUSED(heapy_graph_builder_lend_lengths(builder, &some_values, err));
    MADE(heapy_graph_builder_begin_facts(builder, "module", &facts, err));
    REFUSED(heapy_facts_lend(NULL, &some_values, err));
    REFUSED(heapy_facts_lend(facts, NULL, err));
    REFUSED(heapy_graph_builder_lend_edges(NULL, &both, err));
    REFUSED(heapy_graph_builder_lend_edges(builder, NULL, err));
    REFUSED(heapy_graph_builder_lend_edges(builder, &no_offsets, err));
    REFUSED(heapy_graph_builder_lend_edges(builder, &both, err));
    REFUSED(heapy_graph_builder_lend_edges(builder, &no_targets, err));
    heapy_graph_builder_destroy(builder);
}

static void
layouts(void)
{
    heapy_address_map *map = map_of(3), *open, *out;
    heapy_region_record record = {0}, wrong = {.form = 9};
    static uint64_t room[HEAPY_REGION_LAYOUT_WORDS];
    MADE(heapy_address_map_create(&open, err));
    GIVES(heapy_region_record_words(NULL), 0);
    GIVES(heapy_address_map_layout(NULL, 0, &record, room), 0);
    GIVES(heapy_address_map_layout(open, 0, &record, room), 0);
    GIVES(heapy_address_map_layout(map, 1, &record, room), 0);
    GIVES(heapy_address_map_layout(map, 0, NULL, room), 0);
    GIVES(heapy_address_map_layout(map, 0, &record, NULL), 0);
    GIVES(heapy_address_map_layout(map, 0, &record, room), 2);
    REFUSED(heapy_address_map_lend(NULL, 1, room, 2, &out, err));
    REFUSED(heapy_address_map_lend(&record, 1, NULL, 2, &out, err));
    REFUSED(heapy_address_map_lend(&record, 1, room, 2, NULL, err));
    REFUSED(heapy_address_map_lend(&record, 1, room, 1, &out, err));
    REFUSED(heapy_address_map_lend(&record, 1, room, 3, &out, err));
    REFUSED(heapy_address_map_lend(&record, SIZE_MAX, room, 2, &out, err));
    REFUSED(heapy_address_map_lend(&wrong, 1, room, 2, &out, err));
    heapy_address_map_destroy(map);
    heapy_address_map_destroy(open);
}

/* A sink that fails without saying why. */
static heapy_status
fail_silently(void *context, const void *bytes, size_t count, heapy_error *error)
{
    (void)context, (void)bytes, (void)count, (void)error;
    return HEAPY_OS;
}

static heapy_status
write_to_file(void *context, const void *bytes, size_t count, heapy_error *error)
{
    (void)error;
    return fwrite(bytes, 1, count, context) == count ? HEAPY_OK : HEAPY_OS;
}

static void
writing(heapy_snapshot *snapshot)
{
    const heapy_sink none = {NULL, NULL}, sink = {fail_silently, NULL};
    heapy_snapshot_write_options wrong = HEAPY_SNAPSHOT_WRITE_OPTIONS_INIT;
    heapy_node_set *before;
    MADE(heapy_node_set_create(9, &before, err));
    REFUSED(heapy_snapshot_write(NULL, NULL, &sink, NULL, err));
    REFUSED(heapy_snapshot_write(snapshot, NULL, NULL, NULL, err));
    REFUSED(heapy_snapshot_write(snapshot, NULL, &none, NULL, err));
    GIVES(heapy_snapshot_write(snapshot, NULL, &sink, NULL, NULL), HEAPY_OS);
    wrong.contents = (heapy_contents)7;
    REFUSED(heapy_snapshot_write(snapshot, &wrong, &sink, NULL, err));
    wrong.contents = HEAPY_CONTENTS_NONE;
    wrong.codec = (heapy_codec)7;
    REFUSED(heapy_snapshot_write(snapshot, &wrong, &sink, NULL, err));
    wrong.codec = HEAPY_CODEC_PLAIN;
    wrong.before = before;
    REFUSED(heapy_snapshot_write(snapshot, &wrong, &sink, NULL, err));
    heapy_node_set_destroy(before);
    wrong.codec = HEAPY_CODEC_ZSTD;
    wrong.before = NULL;
    if (!heapy_snapshot_file_has_zstd())
        REFUSED(heapy_snapshot_write(snapshot, &wrong, &sink, NULL, err));
}

static void
writing_piece_by_piece(heapy_snapshot *snapshot)
{
    FILE *out = fopen("/dev/null", "wb");
    const heapy_sink none = {NULL, NULL}, full = {fail_silently, NULL}, sink = {write_to_file, out};
    heapy_snapshot_writer *writer;
    heapy_graph_builder *builder;
    heapy_edge_writer *edges;
    if (!out)
        exit(1);
    REFUSED(heapy_snapshot_writer_create(HEAPY_CODEC_BEST, NULL, NULL, &writer, err));
    REFUSED(heapy_snapshot_writer_create(HEAPY_CODEC_BEST, &none, NULL, &writer, err));
    REFUSED(heapy_snapshot_writer_create(HEAPY_CODEC_BEST, &sink, NULL, NULL, err));
    REFUSED(heapy_snapshot_writer_create((heapy_codec)9, &sink, NULL, &writer, err));
    GIVES(heapy_snapshot_writer_create(HEAPY_CODEC_BEST, &full, NULL, &writer, NULL), HEAPY_OS);
    MADE(heapy_snapshot_writer_create(HEAPY_CODEC_BEST, &sink, NULL, &writer, err));
    MADE(heapy_graph_builder_create(3, &builder, err));
    REFUSED(heapy_snapshot_writer_begin_edges(NULL, builder, &edges, err));
    REFUSED(heapy_snapshot_writer_begin_edges(writer, NULL, &edges, err));
    REFUSED(heapy_snapshot_writer_begin_edges(writer, builder, NULL, err));
    REFUSED(heapy_snapshot_writer_end_edges(NULL, err));
    REFUSED(heapy_snapshot_writer_end_edges(writer, err));
    REFUSED(heapy_snapshot_writer_take_sizes(NULL, builder, err));
    REFUSED(heapy_snapshot_writer_take_sizes(writer, NULL, err));
    REFUSED(heapy_snapshot_writer_take_sizes(writer, builder, err));
    REFUSED(heapy_snapshot_writer_finish(NULL, snapshot, NULL, err));
    REFUSED(heapy_snapshot_writer_finish(writer, NULL, NULL, err));
    MADE(heapy_snapshot_writer_begin_edges(writer, builder, &edges, err));
    REFUSED(heapy_snapshot_writer_begin_edges(writer, builder, &edges, err));
    REFUSED(heapy_snapshot_writer_end_edges(writer, err)); /* no node is ended */
    REFUSED(heapy_snapshot_writer_finish(writer, snapshot, NULL, err));
    heapy_graph_builder_destroy(builder);
    SURVIVES(heapy_snapshot_writer_destroy(NULL));
    heapy_snapshot_writer_destroy(writer);
    fclose(out);
}

static void
reading(heapy_snapshot *snapshot)
{
    char path[] = "/tmp/heapy-misuse-XXXXXX";
    int descriptor = mkstemp(path);
    FILE *out = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
    const heapy_sink sink = {write_to_file, out};
    heapy_snapshot_file *file;
    heapy_snapshot *read;
    heapy_node_set *before;
    if (!out)
        exit(1);
    MADE(heapy_snapshot_write(snapshot, NULL, &sink, NULL, err));
    fclose(out);
    REFUSED(heapy_snapshot_open(NULL, NULL, &file, err));
    REFUSED(heapy_snapshot_open(path, NULL, NULL, err));
    REFUSED(heapy_snapshot_open("/nowhere", NULL, &file, err));
    REFUSED(heapy_snapshot_open("/", NULL, &file, err));
    MADE(heapy_snapshot_open(path, NULL, &file, err));
    REFUSED(heapy_snapshot_file_snapshot(NULL, 0, &read, err));
    REFUSED(heapy_snapshot_file_snapshot(file, 0, NULL, err));
    REFUSED(heapy_snapshot_file_snapshot(file, 1u << 20, &read, err));
    REFUSED(heapy_snapshot_file_before(NULL, &before, err));
    REFUSED(heapy_snapshot_file_before(file, NULL, err));
    GIVES(heapy_snapshot_file_describe(NULL).node_count, 0);
    GIVES(heapy_snapshot_file_describe(file).node_count, 3);
    SURVIVES(heapy_snapshot_file_close(NULL));
    GIVES(heapy_snapshot_file_retain(NULL), NULL);
    heapy_snapshot_file_close(file);
    remove(path);
}

void
misuse_snapshot_file(void)
{
    heapy_snapshot *snapshot;
    lending();
    layouts();
    MADE(heapy_snapshot_create(chain_of(3), NULL, NULL, &snapshot, err));
    writing(snapshot);
    writing_piece_by_piece(snapshot);
    reading(snapshot);
    heapy_snapshot_release(snapshot);
}
