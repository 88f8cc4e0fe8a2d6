/* SPDX-License-Identifier: MIT */
/*
 * The words of a snapshot from a file: what was written of texts, of equal keys and of the order of values.
 *
 * What is not there is shown as such: `<str of 40 characters>`, `<int at 0x7f...>`.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../base/merge_sort.h"
#include "../base/string_buffer.h"
#include "heapy/memory.h"
#include "snapshot_file_internal.h"

/* Texts of some nodes: those of 64 nodes stand one after the other, each with its NUL. */
typedef struct node_texts {
    const uint64_t *bits;   /* NULL: there are none */
    const uint64_t *starts; /* of each word of bits, and the end */
    const char *bytes;
} node_texts;

typedef struct file_words {
    heapy_snapshot_file *file;
    const heapy_graph *graph; /* of the snapshot, which outlives the questions */
    const heapy_address_map *map;
    node_texts rows, owners, keys, whole_keys;
    heapy__sparse_column groups, key_order, order; /* lent */
} file_words;

/* ---- loading ---- */

static heapy_status
load_node_texts(heapy_snapshot_file *file, const char *name, node_texts *out, heapy_error *err)
{
    char room[HEAPY__CHUNK_NAME_BYTES];
    size_t nodes = (size_t)file->graph.node_count, blocks = heapy__bitmap_words(nodes), byte_count;
    const void *bits, *starts, *bytes;
    if (!heapy__file_has(file, name, "nodes"))
        return HEAPY_OK;
    snprintf(room, sizeof room, "%s.nodes", name);
    heapy_status status = heapy__chunk_load(&file->reader, room, sizeof(uint64_t), blocks, &bits, NULL, err);
    snprintf(room, sizeof room, "%s.starts", name);
    if (!status)
        status = heapy__chunk_load(&file->reader, room, sizeof(uint64_t), blocks + 1, &starts, NULL, err);
    snprintf(room, sizeof room, "%s.texts", name);
    if (!status)
        status = heapy__chunk_load(&file->reader, room, 1, HEAPY__ANY_COUNT, &bytes, &byte_count, err);
    if (status)
        return status;
    *out = (node_texts){bits, starts, bytes};
    bool is_whole = !out->starts[0] && out->starts[blocks] == byte_count &&
                    !(nodes % 64 && out->bits[nodes / 64] >> nodes % 64);
    for (size_t b = 0; is_whole && b < blocks; b++) { /* as many NULs as nodes, the last at the end */
        uint64_t at = out->starts[b], end = out->starts[b + 1];
        unsigned count = heapy_popcount(out->bits[b]);
        is_whole = at <= end && end <= byte_count && (at == end) == !count;
        for (; is_whole && at < end; count--) {
            const char *nul = NULL;
            if (count)
                nul = memchr(out->bytes + at, '\0', (size_t)(end - at));
            is_whole = nul;
            if (nul)
                at = (uint64_t)(nul - out->bytes) + 1;
            else
                at = end;
        }
        is_whole = is_whole && !count;
    }
    if (is_whole)
        return HEAPY_OK;
    return heapy__bad_file(&file->reader, err, heapy__chunk_offset(&file->reader, room),
                           "the texts of %s are not those of its nodes", name);
}

static heapy_status
load_numbers(heapy_snapshot_file *file, const char *name, heapy__sparse_column *out, heapy_error *err)
{
    heapy_sparse_values values;
    if (!heapy__file_has(file, name, "nodes"))
        return HEAPY_OK;
    heapy_status status = heapy__file_load_sparse(file, name, &values, err);
    if (status)
        return status;
    *out = (heapy__sparse_column){.words = (void *)(uintptr_t)values.words,
                                  .ranks = (void *)(uintptr_t)values.ranks,
                                  .values = (void *)(uintptr_t)values.values,
                                  .node_count = (size_t)file->graph.node_count,
                                  .count = values.count,
                                  .is_lent = true};
    if (heapy__sparse_column_is_consistent(out))
        return HEAPY_OK;
    return heapy__bad_file(&file->reader, err, 0, "the numbers of %s are not those of its nodes", name);
}

/* ---- texts ---- */

static const char *
find_text(const node_texts *texts, heapy_node node)
{
    if (!texts->bits || !heapy__bitmap_get(texts->bits, node))
        return NULL;
    const char *text = texts->bytes + texts->starts[node / 64];
    for (unsigned before = heapy_popcount(heapy__bitmap_range(texts->bits, node / 64 * 64, node % 64));
         before; before--)
        text += strlen(text) + 1;
    return text;
}

static heapy_status
give(heapy__string_buffer *buffer, char **text, heapy_error *err)
{
    if (buffer->failed) {
        heapy__string_buffer_deinit(buffer);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a text");
    }
    *text = buffer->text;
    return HEAPY_OK;
}

/* Where the text of a row is not in the file: what is known instead; nothing where that is the address. */
static void
put_instead(const file_words *words, heapy_node node, heapy__string_buffer *out)
{
    heapy_role role = heapy_graph_role(words->graph, node);
    const char *name = heapy_graph_type_name(words->graph, heapy_graph_types(words->graph)[node]);
    uint64_t length = heapy_graph_length(words->graph, node);
    if (role == HEAPY_ROLE_OBJECT || role == HEAPY_ROLE_SEQUENCE || role == HEAPY_ROLE_DICT)
        return;
    if (role == HEAPY_ROLE_TEXT && length != HEAPY_NO_LENGTH)
        heapy__string_buffer_printf(out, "<%.200s of %" PRIu64 " %s%s>", name, length,
                                    !strcmp(name, "bytes") ? "byte" : "character", length == 1 ? "" : "s");
    else if (words->map)
        heapy__string_buffer_printf(out, "<%.200s at 0x%" PRIxPTR ">", name,
                                    heapy_address_map_select(words->map, node));
    else
        heapy__string_buffer_printf(out, "<%.200s #%" PRIu32 ">", name, node);
}

static heapy_status
say_text(void *context, heapy_node node, heapy_text_use use, char **text, heapy_error *err)
{
    const file_words *words = context;
    heapy__string_buffer out = {0};
    const char *written = NULL;
    switch (use) {
    case HEAPY_TEXT_ROW:
        written = find_text(&words->rows, node);
        break;
    case HEAPY_TEXT_WHOLE_KEY:
    case HEAPY_TEXT_FULL_KEY: /* what is longer than a whole key is not written */
        written = find_text(&words->whole_keys, node);
        if (!written)
            written = find_text(&words->keys, node);
        break;
    case HEAPY_TEXT_KEY:
        written = find_text(&words->keys, node);
        break;
    case HEAPY_TEXT_CHARACTERS: /* names that need them are written as rows */
    case HEAPY_TEXT_USE_COUNT:
        break;
    }
    if (written)
        heapy__string_buffer_puts(&out, written);
    else if (use == HEAPY_TEXT_ROW)
        put_instead(words, node, &out);
    return give(&out, text, err);
}

static heapy_status
say_owner_text(void *context, heapy_node dict, heapy_text_use use, char **text, heapy_error *err)
{
    const file_words *words = context;
    heapy__string_buffer out = {0};
    const char *written = NULL;
    if (use == HEAPY_TEXT_ROW)
        written = find_text(&words->owners, dict);
    if (written)
        heapy__string_buffer_puts(&out, written);
    return give(&out, text, err);
}

/* ---- keys and values ---- */

/* A group of the file that has got a number among those asked for. */
typedef struct met_group {
    uint32_t group, number;
} met_group;

/*
 * Groups of the file are numbered anew in the order of their first key: an open-addressed table of those that
 * were met.  Keys of no group are like themselves only, wherever they stand twice.
 */
static heapy_status
group_keys(void *context, const heapy_node *keys, size_t count, uint32_t *groups, size_t *group_count,
           heapy_error *err)
{
    const file_words *words = context;
    size_t slots = 16, met = 0;
    while (slots < 2 * count)
        slots *= 2;
    met_group *table = heapy_alloc_array(slots, sizeof *table);
    if (!table)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to group %zu keys", count);
    memset(table, 0xff, slots * sizeof *table); /* number 2^32 - 1: free */
    for (size_t i = 0; i < count; i++) {
        uint32_t group = heapy__sparse_column_get(&words->groups, keys[i], UINT32_MAX);
        size_t slot = (size_t)(group * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (slots - 1);
        if (group == UINT32_MAX) {
            groups[i] = (uint32_t)met++;
            continue;
        }
        while (table[slot].number != UINT32_MAX && table[slot].group != group)
            slot = (slot + 1) & (slots - 1);
        if (table[slot].number == UINT32_MAX)
            table[slot] = (met_group){group, (uint32_t)met++};
        groups[i] = table[slot].number;
    }
    heapy_free(table);
    *group_count = met;
    return HEAPY_OK;
}

typedef struct key_places {
    const file_words *words;
    const heapy_node *keys;
} key_places;

static int
compare_places(void *context, uint32_t a, uint32_t b)
{
    const key_places *places = context;
    const heapy__sparse_column *order = &places->words->key_order;
    uint32_t x = heapy__sparse_column_get(order, places->keys[a], UINT32_MAX);
    uint32_t y = heapy__sparse_column_get(order, places->keys[b], UINT32_MAX);
    return (x > y) - (x < y);
}

static heapy_status
order_keys(void *context, const heapy_node *keys, size_t count, size_t *order, heapy_error *err)
{
    key_places places = {context, keys};
    uint32_t *numbers = heapy_alloc_array(count, sizeof *numbers);
    uint32_t *other = heapy_alloc_array(count, sizeof *other);
    bool has_room = numbers && other;
    for (size_t i = 0; has_room && i < count; i++)
        numbers[i] = (uint32_t)i;
    const uint32_t *sorted =
        has_room ? heapy__merge_sort(numbers, other, count, compare_places, &places) : NULL;
    for (size_t i = 0; has_room && i < count; i++)
        order[i] = sorted[i];
    heapy_free(numbers);
    heapy_free(other);
    if (has_room)
        return HEAPY_OK;
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to order %zu keys", count);
}

static int
compare(void *context, heapy_node a, heapy_node b)
{
    const file_words *words = context;
    uint32_t x = heapy__sparse_column_get(&words->order, a, 0);
    uint32_t y = heapy__sparse_column_get(&words->order, b, 0);
    return (x > y) - (x < y);
}

/* ---- words ---- */

static void
release(void *context)
{
    file_words *words = context;
    heapy_snapshot_file *file = words->file;
    heapy_free(words);
    heapy_snapshot_file_close(file);
}

static heapy_status
load_words(file_words *words, unsigned needs, heapy_error *err)
{
    heapy_snapshot_file *file = words->file;
    heapy_status status = HEAPY_OK;
    if (needs & HEAPY_FILE_TEXTS) {
        status = load_node_texts(file, "row", &words->rows, err);
        if (!status)
            status = load_node_texts(file, "owner.row", &words->owners, err);
        if (!status)
            status = load_numbers(file, "order", &words->order, err);
    }
    if (!status && needs & HEAPY_FILE_KEYS) {
        status = load_node_texts(file, "key", &words->keys, err);
        if (!status)
            status = load_node_texts(file, "key.whole", &words->whole_keys, err);
        if (!status)
            status = load_numbers(file, "group", &words->groups, err);
        if (!status)
            status = load_numbers(file, "key.order", &words->key_order, err);
    }
    return status;
}

heapy_status
heapy__file_words_create(heapy_snapshot_file *file, const heapy_graph *graph, unsigned needs,
                         heapy_words *out, heapy_error *err)
{
    file_words *words = heapy_alloc_zeroed(1, sizeof *words);
    if (!words)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the words of a file");
    words->file = heapy_snapshot_file_retain(file);
    words->graph = graph;
    if (needs & HEAPY_FILE_ADDRESSES)
        words->map = file->map;
    else
        words->map = NULL;
    heapy_status status = load_words(words, needs, err);
    if (status) {
        release(words);
        return status;
    }
    *out = (heapy_words){.text = say_text,
                         .owner_text = say_owner_text,
                         .group_keys = words->groups.words ? group_keys : NULL,
                         .order_keys = words->key_order.words ? order_keys : NULL,
                         .compare = words->order.words ? compare : NULL,
                         .release = release,
                         .context = words};
    return HEAPY_OK;
}
