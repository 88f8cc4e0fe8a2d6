/* SPDX-License-Identifier: MIT */
#include "ways.h"

#include <heapy/memory.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- searching ---- */

static heapy_status
search(ways *self, heapy_node from, heapy_node to, const heapy_node_set *avoid, heapy_error *err)
{
    size_t nodes = heapy_graph_node_count(self->in->graph);
    heapy_node_set *sources = NULL, *targets = NULL;
    heapy_status status = heapy_node_set_create(nodes, &targets, err);
    if (!status && from != HEAPY_NO_NODE)
        status = heapy_node_set_create(nodes, &sources, err);
    if (!status) {
        heapy_node_set_add(targets, to);
        heapy_node_set_add(sources, from);
        const heapy_path_question question = {
            .targets = targets, .sources = sources, .avoid = avoid, .is_single = true};
        status = heapy_snapshot_paths(self->in->snapshot, &question, &self->paths, err);
    }
    heapy_node_set_destroy(sources);
    heapy_node_set_destroy(targets);
    return status;
}

/* ---- numbers of any size ---- */

/* Decimal digits of a number of 32-bit digits, the lowest first.  Owned, heapy_free(); NULL: no memory. */
static char *
decimal(const uint32_t *digits, size_t count)
{
    enum { CHUNK = 1000000000 };
    uint32_t *rest = heapy_alloc_array(count + 1, sizeof *rest);
    uint32_t *chunks = heapy_alloc_array(count * 2 + 1, sizeof *chunks);
    char *text = heapy_alloc_array(count * 18 + 20, 1);
    size_t chunk_count = 0;
    if (rest && chunks && text) {
        memcpy(rest, digits, count * sizeof *rest);
        while (count && !rest[count - 1])
            count--;
        do {
            uint64_t left = 0;
            for (size_t i = count; i-- > 0;) {
                left = left << 32 | rest[i];
                rest[i] = (uint32_t)(left / CHUNK);
                left %= CHUNK;
            }
            chunks[chunk_count++] = (uint32_t)left;
            while (count && !rest[count - 1])
                count--;
        } while (count);
        int at = sprintf(text, "%" PRIu32, chunks[--chunk_count]);
        while (chunk_count)
            at += sprintf(text + at, "%09" PRIu32, chunks[--chunk_count]);
    } else {
        heapy_free(text);
        text = NULL;
    }
    heapy_free(rest);
    heapy_free(chunks);
    return text;
}

/* ---- all ---- */

int
ways_init(ways *self, input *in, heapy_node from, heapy_node to, const heapy_node_set *avoid,
          const char *source_name)
{
    heapy_error err = HEAPY_ERROR_INIT;
    *self = (ways){.in = in};
    if (from == heapy_graph_root(in->graph))
        from = HEAPY_NO_NODE;
    heapy_status status = search(self, from, to, avoid, &err);
    if (!status)
        status = heapy_paths_number(self->paths, NULL, NULL, &self->digits, &self->digit_count, &err);
    if (!status)
        status =
            heapy_path_writer_create(in->snapshot, HEAPY_TEXT_KEY, HEAPY_PATH_PLAIN, &self->writer, &err);
    if (status)
        return complain_of(in->path, &err);
    self->number = decimal(self->digits, self->digit_count);
    self->source_name = copy_escaped(source_name);
    if (self->number && self->source_name)
        return STATUS_DONE;
    return complain_of_memory();
}

void
ways_deinit(ways *self)
{
    heapy_path_writer_destroy(self->writer);
    heapy_shortest_paths_destroy(self->paths);
    heapy_free(self->source_name);
    heapy_free(self->number);
    heapy_free(self->digits);
    *self = (ways){0};
}

char *
way_text(const ways *self, size_t number)
{
    heapy_error err = HEAPY_ERROR_INIT;
    const uint32_t digits[2] = {(uint32_t)number, (uint32_t)((uint64_t)number >> 32)};
    size_t length = heapy_paths_length(self->paths);
    heapy_node source;
    char *text = NULL;
    heapy_path_step *steps = heapy_alloc_array(length, sizeof *steps);
    if (!steps) {
        complain_of_memory();
        return NULL;
    }
    heapy_status status = heapy_paths_get(self->paths, digits, 2, &source, steps, &err);
    size_t bytes = 0;
    if (!status)
        status = heapy_path_text(self->writer, self->source_name, source, steps, length, &text, &bytes, &err);
    heapy_free(steps);
    if (status) {
        complain_of(self->in->path, &err);
        return NULL;
    }
    document doc = {0};
    document_put_escaped(&doc, text, bytes);
    heapy_text_free(text);
    if (doc.failed) {
        document_deinit(&doc);
        complain_of_memory();
    }
    return doc.text;
}
