/* SPDX-License-Identifier: MIT */
/* Snapshots that are written while their graph is built. */
#define _GNU_SOURCE /* memfd_create */
#include "random_snapshot.h"

#include "describe_snapshot.h"

/* What a file says, all of it.  Owned, free(). */
static char *
said_by(const file_bytes *bytes)
{
    heapy_snapshot_file *file;
    heapy_snapshot *snapshot;
    char *text;
    size_t length;
    assert_ok(open_bytes(bytes->bytes, bytes->count, NULL, &file, err));
    assert_ok(heapy_snapshot_file_snapshot(file, HEAPY_FILE_EVERYTHING, &snapshot, err));
    FILE *out = open_memstream(&text, &length);
    assert_ok(describe_snapshot(out, snapshot, err));
    fprintf(out, "%llu edges\n", (unsigned long long)heapy_snapshot_file_describe(file).edge_count);
    fclose(out);
    heapy_snapshot_release(snapshot);
    heapy_snapshot_file_close(file);
    return text;
}

static void
what_is_written_while_it_is_built_is_what_is_written_afterwards(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 30; round++) {
        size_t nodes = round < 28 ? round * 11 % 200 : 150000; /* several frames of labels */
        heapy_snapshot_write_options options = {.contents =
                                                    round < 28 ? HEAPY_CONTENTS_VALUES : HEAPY_CONTENTS_NONE,
                                                .codec = round % 2 ? HEAPY_CODEC_PLAIN : HEAPY_CODEC_BEST};
        file_bytes streamed = {0};
        const heapy_sink sink = {write_bytes, &streamed};
        seed_random(1520 + round);
        heapy_snapshot *kept = random_snapshot(nodes);
        file_bytes whole = written(kept, &options);
        seed_random(1520 + round);
        assert_ok(heapy_snapshot_writer_create(options.codec, &sink, NULL, &random_writer, err));
        heapy_snapshot *same = random_snapshot(nodes);
        assert_false(heapy_graph_has_edges(heapy_snapshot_graph(same)));
        assert_null(heapy_graph_sizes(heapy_snapshot_graph(same)).narrow);
        assert_ok(heapy_snapshot_writer_finish(random_writer, same, &options, err));
        heapy_snapshot_writer_destroy(random_writer);
        random_writer = NULL;
        char *text = said_by(&whole), *other = said_by(&streamed);
        assert_string_equal(text, other);
        free(text);
        free(other);
        free(whole.bytes);
        free(streamed.bytes);
        heapy_snapshot_release(kept);
        heapy_snapshot_release(same);
    }
}

/* ---- failures ---- */

static heapy_codec small_codec;

static heapy_status
give_edges(heapy_snapshot_writer *writer, heapy_graph_builder *builder, heapy_error *error)
{
    heapy_edge_writer *edges;
    heapy_size_writer *sizes;
    heapy_type type;
    heapy_status status = add_type(builder, "list", HEAPY_ROLE_SEQUENCE, &type, error);
    if (!status)
        status = heapy_graph_builder_sizes(builder, &sizes, error);
    if (!status)
        status = heapy_snapshot_writer_begin_edges(writer, builder, &edges, error);
    for (heapy_node i = 0; !status && i < 3; i++) {
        heapy_graph_builder_types(builder)[i] = type;
        heapy_size_writer_put(sizes, i, 16 * i);
        heapy_edge_writer_put(edges, i, heapy_label_make(HEAPY_LABEL_KEY, i));
        status = heapy_graph_builder_end_node(builder, error);
    }
    if (!status)
        status = heapy_snapshot_writer_end_edges(writer, error);
    return status ? status : heapy_snapshot_writer_take_sizes(writer, builder, error);
}

/* A small file, all the way. */
static heapy_status
write_small(const heapy_sink *sink, heapy_error *error)
{
    heapy_snapshot_writer *writer = NULL;
    heapy_graph_builder *builder = NULL;
    heapy_graph *graph;
    heapy_snapshot *snapshot = NULL;
    heapy_status status = heapy_snapshot_writer_create(small_codec, sink, NULL, &writer, error);
    if (!status)
        status = heapy_graph_builder_create(3, &builder, error);
    if (!status)
        status = give_edges(writer, builder, error);
    if (status)
        heapy_graph_builder_destroy(builder);
    else
        status = heapy_graph_builder_finish(builder, &graph, error);
    if (!status)
        status = heapy_snapshot_create(graph, NULL, NULL, &snapshot, error);
    if (!status)
        status = heapy_snapshot_writer_finish(writer, snapshot, NULL, error);
    heapy_snapshot_release(snapshot);
    heapy_snapshot_writer_destroy(writer);
    return status;
}

static heapy_status
write_small_to_memory(heapy_error *error)
{
    file_bytes bytes = {0};
    const heapy_sink sink = {write_bytes, &bytes};
    heapy_status status = write_small(&sink, error);
    free(bytes.bytes);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    const heapy_codec codecs[] = {HEAPY_CODEC_PLAIN, HEAPY_CODEC_BEST};
    for (int i = 0; i < 2; i++) {
        small_codec = codecs[i];
        fail_each_allocation(write_small_to_memory);
    }
}

static void
a_sink_that_fails_is_reported_wherever_it_does(void **state)
{
    (void)state;
    file_bytes bytes = {0};
    const heapy_sink sink = {write_bytes, &bytes};
    small_codec = HEAPY_CODEC_BEST;
    assert_ok(write_small(&sink, err));
    size_t count = bytes.count;
    for (size_t limit = 1; limit < count; limit += 1 + limit % 7) {
        bytes.count = 0;
        bytes.limit = limit;
        assert_int_equal(write_small(&sink, err), HEAPY_OS);
        assert_string_equal(err->message, "the disk is full");
    }
    free(bytes.bytes);
}

static void
calls_in_a_wrong_order_are_refused(void **state)
{
    (void)state;
    file_bytes bytes = {0};
    const heapy_sink sink = {write_bytes, &bytes};
    heapy_snapshot_writer *writer;
    heapy_graph_builder *builder;
    heapy_edge_writer *edges;
    heapy_graph *graph;
    heapy_snapshot *snapshot, *other;
    seed_random(1560);
    other = random_snapshot(4);
    assert_ok(heapy_snapshot_writer_create(HEAPY_CODEC_BEST, &sink, NULL, &writer, err));
    assert_ok(heapy_graph_builder_create(3, &builder, err));
    assert_int_equal(heapy_snapshot_writer_end_edges(writer, err), HEAPY_INVALID);
    assert_int_equal(heapy_snapshot_writer_take_sizes(writer, builder, err), HEAPY_INVALID);
    assert_ok(give_edges(writer, builder, err));
    assert_int_equal(heapy_snapshot_writer_begin_edges(writer, builder, &edges, err), HEAPY_INVALID);
    assert_int_equal(heapy_snapshot_writer_take_sizes(writer, builder, err), HEAPY_INVALID);
    assert_int_equal(heapy_snapshot_writer_finish(writer, other, NULL, err), HEAPY_INVALID);
    assert_ok(heapy_graph_builder_finish(builder, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
    assert_ok(heapy_snapshot_writer_finish(writer, snapshot, NULL, err));
    heapy_snapshot_release(snapshot);
    heapy_snapshot_release(other);
    heapy_snapshot_writer_destroy(writer);
    free(bytes.bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_while_it_is_built_is_what_is_written_afterwards),
        cmocka_unit_test(each_failing_allocation_is_reported),
        cmocka_unit_test(a_sink_that_fails_is_reported_wherever_it_does),
        cmocka_unit_test(calls_in_a_wrong_order_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
