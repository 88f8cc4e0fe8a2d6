/* SPDX-License-Identifier: MIT */
/*
 * A snapshot written while its graph is built, so that what is largest is never whole in memory.
 *
 * Targets of edges go to the file as they come.  Labels and counts, whose chunks come later, are held packed:
 * they are repetitive, a twentieth of their size on most heaps.
 */
#include "snapshot_write.h"

#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../graph/graph_internal.h"
#include "heapy/memory.h"

/* What failed is in the writer's own error, which outlives the call in which it did. */
static heapy_status
outcome(heapy_snapshot_writer *writer, heapy_status status, heapy_error *err)
{
    if (!status)
        status = writer->chunks.status;
    if (status && !writer->failure.status)
        writer->failure.status = status;
    if (status && err)
        *err = writer->failure;
    return status;
}

heapy_status
heapy_snapshot_writer_create(heapy_codec codec, const heapy_sink *sink, const heapy_progress *progress,
                             heapy_snapshot_writer **out, heapy_error *err)
{
    if (!sink || !sink->write || !out)
        return heapy__fail_null(err, "sink or out");
    if (!heapy__is_little_endian())
        return heapy__fail(err, HEAPY_UNSUPPORTED,
                           "snapshot files are written and read on little-endian machines only");
    if ((unsigned)codec > HEAPY_CODEC_ZSTD)
        return heapy__fail(err, HEAPY_INVALID, "%d is no codec", (int)codec);
    if (codec == HEAPY_CODEC_ZSTD && !heapy__codec_is_there())
        return heapy__fail(
            err, HEAPY_UNSUPPORTED,
            "heapy was built without zstd: write without compression, or build it with libzstd");
    heapy_snapshot_writer *writer = heapy_alloc_zeroed(1, sizeof *writer);
    if (!writer)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to write a snapshot");
    writer->sink = *sink;
    if (progress)
        writer->progress = *progress;
    bool packs = codec != HEAPY_CODEC_PLAIN && heapy__codec_is_there();
    heapy_status status =
        heapy__chunk_writer_init(&writer->chunks, packs, &writer->sink, &writer->progress, &writer->failure);
    status = outcome(writer, status, err);
    if (status)
        heapy_snapshot_writer_destroy(writer);
    else
        *out = writer;
    return status;
}

static void
let_go_of_held(heapy_snapshot_writer *writer)
{
    heapy__held_column_deinit(&writer->labels);
    heapy__held_column_deinit(&writer->counts);
}

void
heapy_snapshot_writer_destroy(heapy_snapshot_writer *writer)
{
    if (!writer)
        return;
    let_go_of_held(writer);
    heapy__chunk_writer_deinit(&writer->chunks);
    heapy_free(writer->keys);
    heapy_free(writer);
}

/* ---- edges ---- */

static heapy_status
no_memory(heapy_snapshot_writer *writer)
{
    return heapy__fail(&writer->failure, HEAPY_NO_MEMORY, "no memory for the edges of a snapshot");
}

/* The targets of edges that are keys, one of whose names may be in a list. */
static void
note_keys(heapy_snapshot_writer *writer, const heapy_node *targets, const heapy_label *labels, size_t count)
{
    const heapy_graph *graph = writer->builder->graph;
    for (size_t e = 0; e < count; e++) {
        const heapy_label *parts;
        size_t part_count = heapy_graph_label_parts(graph, &labels[e], &parts);
        for (size_t i = 0; i < part_count; i++)
            if (heapy_label_kind_of(parts[i]) == HEAPY_LABEL_KEY)
                heapy__bitmap_set(writer->keys, targets[e]);
    }
}

static heapy_status
take_edges(void *context, const heapy_node *targets, const heapy_label *labels, size_t edge_count,
           const uint32_t *counts, size_t node_count, heapy_error *err)
{
    heapy_snapshot_writer *writer = context;
    heapy_status status = HEAPY_OK;
    heapy__chunk_put(&writer->chunks, targets, edge_count * sizeof *targets);
    if (!heapy__held_column_put(&writer->labels, &writer->chunks, labels, edge_count) ||
        !heapy__held_column_put(&writer->counts, &writer->chunks, counts, node_count))
        status = no_memory(writer);
    note_keys(writer, targets, labels, edge_count);
    writer->edge_count += edge_count;
    return outcome(writer, status, err);
}

heapy_status
heapy_snapshot_writer_begin_edges(heapy_snapshot_writer *writer, heapy_graph_builder *builder,
                                  heapy_edge_writer **out, heapy_error *err)
{
    if (!writer || !builder || !out)
        return heapy__fail_null(err, "writer, builder or out");
    if (writer->builder || writer->has_edges)
        return heapy__fail(err, HEAPY_INVALID, "the edges of this file have begun already");
    const heapy_edge_drain drain = {take_edges, writer};
    writer->keys = heapy_alloc_zeroed(heapy__bitmap_words(builder->graph->node_count), sizeof *writer->keys);
    if (!writer->keys || !heapy__chunk_writer_can_pack(&writer->chunks))
        return outcome(writer, no_memory(writer), err);
    heapy_status status = heapy_graph_builder_drain_edges(builder, &drain, out, err);
    if (status)
        return status;
    writer->builder = builder;
    heapy__chunk_begin(&writer->chunks, "edge.targets", sizeof(heapy_node), 0);
    return outcome(writer, HEAPY_OK, err);
}

static heapy_status
write_labels(heapy_snapshot_writer *writer, heapy__unpacker *unpacker, uint32_t *piece, void *room)
{
    const heapy__held_column *labels = &writer->labels;
    heapy__chunk_begin(&writer->chunks, "edge.labels", sizeof(heapy_label), 0);
    for (size_t i = 0; i < labels->count; i++) {
        heapy__held_column_read(labels, unpacker, i, piece, room);
        heapy__chunk_put(&writer->chunks, piece, labels->frames[i].raw);
    }
    heapy__chunk_end(&writer->chunks);
    return writer->chunks.status;
}

/* Where the edges of each node begin, from how many each has; wide where there are 2^32 edges. */
static heapy_status
write_offsets(heapy_snapshot_writer *writer, heapy__unpacker *unpacker, uint32_t *piece, void *room)
{
    const heapy__held_column *counts = &writer->counts;
    bool is_wide = writer->edge_count > UINT32_MAX;
    uint64_t offset = 0;
    heapy__chunk_begin(&writer->chunks, "edge.offsets", is_wide ? sizeof(uint64_t) : sizeof(uint32_t), 0);
    heapy__chunk_put(&writer->chunks, &offset, is_wide ? sizeof(uint64_t) : sizeof(uint32_t));
    for (size_t i = 0; i < counts->count; i++) {
        heapy__held_column_read(counts, unpacker, i, piece, room);
        for (size_t k = 0; k < counts->frames[i].raw / sizeof *piece; k++) {
            offset += piece[k];
            if (is_wide)
                heapy__chunk_put(&writer->chunks, &offset, sizeof offset);
            else
                piece[k] = (uint32_t)offset;
        }
        if (!is_wide)
            heapy__chunk_put(&writer->chunks, piece, counts->frames[i].raw);
    }
    heapy__chunk_end(&writer->chunks);
    return writer->chunks.status;
}

static heapy_status
write_held(heapy_snapshot_writer *writer)
{
    bool is_packed = writer->chunks.packer;
    heapy__unpacker *unpacker = NULL;
    if (is_packed)
        unpacker = heapy__unpacker_create();
    uint32_t *piece = heapy_alloc_array(HEAPY__SMALL_PIECE, 1);
    void *room = heapy_alloc_array(HEAPY__SMALL_PIECE, 1);
    heapy_status status = HEAPY_OK;
    if (!(piece && room && (unpacker || !is_packed)))
        status = no_memory(writer);
    if (!status && (!heapy__held_column_finish(&writer->labels, &writer->chunks) ||
                    !heapy__held_column_finish(&writer->counts, &writer->chunks)))
        status = no_memory(writer);
    if (!status)
        status = write_labels(writer, unpacker, piece, room);
    heapy__held_column_deinit(&writer->labels);
    if (!status)
        status = write_offsets(writer, unpacker, piece, room);
    heapy_free(piece);
    heapy_free(room);
    heapy__unpacker_destroy(unpacker);
    return status;
}

heapy_status
heapy_snapshot_writer_end_edges(heapy_snapshot_writer *writer, heapy_error *err)
{
    if (!writer)
        return heapy__fail_null(err, "writer");
    heapy_graph_builder *builder = writer->builder;
    if (!builder)
        return heapy__fail(err, HEAPY_INVALID, "the edges of this file have not begun");
    if (builder->ended != builder->graph->node_count)
        return heapy__fail(err, HEAPY_INVALID, "only %zu of %zu nodes have their edges", builder->ended,
                           builder->graph->node_count);
    heapy_status status = heapy__builder_end_drain(builder, err);
    writer->builder = NULL;
    if (status)
        return status;
    writer->node_count = builder->graph->node_count;
    writer->has_edges = true;
    heapy__chunk_end(&writer->chunks);
    status = write_held(writer);
    let_go_of_held(writer);
    heapy__chunk_writer_rest(&writer->chunks); /* while the columns are read */
    return outcome(writer, status, err);
}

/* ---- sizes ---- */

heapy_status
heapy_snapshot_writer_take_sizes(heapy_snapshot_writer *writer, heapy_graph_builder *builder,
                                 heapy_error *err)
{
    if (!writer || !builder)
        return heapy__fail_null(err, "writer or builder");
    heapy_graph *graph = builder->graph;
    if (writer->builder || writer->has_sizes || !graph->sizes.narrow || graph->lent)
        return heapy__fail(err, HEAPY_INVALID, "there are no sizes of the builder's own to take now");
    heapy__graph_settle_sizes(graph);
    heapy__write_sizes(&writer->chunks, graph);
    heapy__chunk_writer_rest(&writer->chunks);
    writer->node_count = graph->node_count;
    writer->has_sizes = true;
    heapy_free(graph->sizes.narrow);
    heapy_free(graph->sizes.large);
    graph->sizes = (heapy_size_writer){0};
    return outcome(writer, HEAPY_OK, err);
}

/* ---- the rest ---- */

static heapy_status
check_options(const heapy_snapshot *snapshot, const heapy_snapshot_write_options *options, heapy_error *err)
{
    size_t nodes = heapy_graph_node_count(heapy_snapshot_graph(snapshot));
    if ((unsigned)options->contents > HEAPY_CONTENTS_VALUES)
        return heapy__fail(err, HEAPY_INVALID, "%d are no contents", (int)options->contents);
    if (options->before && heapy_node_set_range(options->before) != nodes)
        return heapy__fail(err, HEAPY_INVALID, "the nodes before are among %zu nodes, not %zu",
                           heapy_node_set_range(options->before), nodes);
    return HEAPY_OK;
}

/* Is it of what was written already? */
static heapy_status
check_rest(const heapy_snapshot_writer *writer, const heapy_snapshot *snapshot, heapy_error *err)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    size_t nodes = heapy_graph_node_count(graph);
    bool has_taken = writer->has_edges || writer->has_sizes;
    if (writer->builder || (has_taken && writer->node_count != nodes) ||
        (writer->has_edges && heapy_graph_has_edges(graph)) ||
        (writer->has_sizes && heapy_graph_sizes(graph).narrow))
        return heapy__fail(err, HEAPY_INVALID, "this is not the snapshot whose edges or sizes were written");
    return HEAPY_OK;
}

heapy_status
heapy_snapshot_writer_finish(heapy_snapshot_writer *writer, const heapy_snapshot *snapshot,
                             const heapy_snapshot_write_options *options, heapy_error *err)
{
    const heapy_snapshot_write_options defaults = HEAPY_SNAPSHOT_WRITE_OPTIONS_INIT;
    if (!writer || !snapshot)
        return heapy__fail_null(err, "writer or snapshot");
    if (!options)
        options = &defaults;
    heapy_status status = check_options(snapshot, options, err);
    if (!status)
        status = check_rest(writer, snapshot, err);
    if (status)
        return status;
    return outcome(writer, heapy__write_rest(writer, snapshot, options), err);
}

heapy_status
heapy_snapshot_write(const heapy_snapshot *snapshot, const heapy_snapshot_write_options *options,
                     const heapy_sink *sink, const heapy_progress *progress, heapy_error *err)
{
    const heapy_snapshot_write_options defaults = HEAPY_SNAPSHOT_WRITE_OPTIONS_INIT;
    heapy_snapshot_writer *writer = NULL;
    if (!snapshot)
        return heapy__fail_null(err, "snapshot");
    if (!options)
        options = &defaults;
    heapy_status status = check_options(snapshot, options, err);
    if (!status)
        status = heapy_snapshot_writer_create(options->codec, sink, progress, &writer, err);
    if (!status)
        status = heapy_snapshot_writer_finish(writer, snapshot, options, err);
    heapy_snapshot_writer_destroy(writer);
    return status;
}
