/* SPDX-License-Identifier: MIT */
/*
 * What the words of a snapshot say, as columns.
 *
 * A column of texts is written as it is asked, node by node; of what was said only the places stay in memory:
 *
 *     NAME.texts     "..\0" of each node that has a text, one after the other
 *     NAME.nodes     a bit for each node: has it a text?
 *     NAME.starts    where the first text of each 64 nodes begins, and where the last one ends
 */
#include <stdio.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../base/merge_sort.h"
#include "../base/ticker.h"
#include "../graph/graph_internal.h"
#include "function_text.h"
#include "heapy/memory.h"
#include "heapy/reference.h"
#include "snapshot_write.h"

typedef struct words_writer {
    heapy__chunk_writer *chunks;
    const heapy_snapshot *snapshot;
    const heapy_graph *graph;
    const heapy_words *words;
    const heapy_snapshot_write_options *options;
    const heapy_facts *modules;
    const uint64_t *keys; /* a bit for each node that is the key of a dict */
} words_writer;

static heapy_status
no_memory(const words_writer *w)
{
    return heapy__fail(w->chunks->err, HEAPY_NO_MEMORY, "no memory for the texts of %zu nodes",
                       w->graph->node_count);
}

/* ---- what may be written ---- */

/* Is what a row shows of such an object data of the program?  Else it is a name, an address or a length. */
static bool
is_data(heapy_role role)
{
    return role == HEAPY_ROLE_NUMBER || role == HEAPY_ROLE_VALUE || role == HEAPY_ROLE_TEXT;
}

static bool
may_write(const words_writer *w, heapy_node node, heapy_text_use use)
{
    if (use == HEAPY_TEXT_ROW && !is_data(heapy_graph_role(w->graph, node)))
        return true;
    if (w->options->may_write_text)
        return w->options->may_write_text(w->options->context, node, use);
    return w->options->contents == HEAPY_CONTENTS_VALUES;
}

/* Is the row of a node made from columns, as heapy_snapshot_text() does it, or an address? */
static bool
is_said_by_columns(const words_writer *w, heapy_node node)
{
    heapy_role role = heapy_graph_role(w->graph, node);
    switch (role) {
    case HEAPY_ROLE_OBJECT:
        return true;
    case HEAPY_ROLE_SEQUENCE:
    case HEAPY_ROLE_DICT:
        return heapy_graph_length(w->graph, node) != HEAPY_NO_LENGTH;
    case HEAPY_ROLE_TYPE:
        return heapy_graph_type_of_node(w->graph, node) != HEAPY_NO_TYPE;
    case HEAPY_ROLE_MODULE:
        return heapy_facts_of_node(w->modules, node) != HEAPY_NO_FACT;
    default:
        return false;
    }
}

/* ---- columns of texts ---- */

/* The text of a node for a column: *text NULL where it has none.  Owned by who asks. */
typedef heapy_status say_function(const words_writer *w, heapy_node node, char **text);

static heapy_status
say_row(const words_writer *w, heapy_node node, char **text)
{
    if (is_said_by_columns(w, node) || !may_write(w, node, HEAPY_TEXT_ROW))
        return HEAPY_OK;
    heapy_status status =
        heapy__function_text(w->snapshot, node, text, w->chunks->err); /* it may have another by now */
    if (status || *text)
        return status;
    return w->words->text(w->words->context, node, HEAPY_TEXT_ROW, text, w->chunks->err);
}

static heapy_status
say_key(const words_writer *w, heapy_node node, char **text)
{
    if (!heapy__bitmap_get(w->keys, node) || !may_write(w, node, HEAPY_TEXT_KEY))
        return HEAPY_OK;
    return w->words->text(w->words->context, node, HEAPY_TEXT_KEY, text, w->chunks->err);
}

/* Only where it is not the same as the shortened one. */
static heapy_status
say_whole_key(const words_writer *w, heapy_node node, char **text)
{
    char *shorter = NULL;
    if (!heapy__bitmap_get(w->keys, node) || !may_write(w, node, HEAPY_TEXT_WHOLE_KEY))
        return HEAPY_OK;
    heapy_status status = w->words->text(w->words->context, node, HEAPY_TEXT_WHOLE_KEY, text, w->chunks->err);
    if (!status && *text)
        status = say_key(w, node, &shorter);
    if (status || (*text && shorter && !strcmp(*text, shorter))) {
        heapy_text_free(*text);
        *text = NULL;
    }
    heapy_text_free(shorter);
    return status;
}

/* Say what owns a dict whose owner is no node. */
static heapy_status
say_owner(const words_writer *w, heapy_node node, char **text)
{
    heapy_type type = heapy_graph_owner_type(w->graph, node);
    if (type == HEAPY_NO_TYPE || heapy_graph_owner(w->graph, node) != HEAPY_NO_NODE ||
        (is_data(heapy_graph_type_role(w->graph, type)) && w->options->contents != HEAPY_CONTENTS_VALUES))
        return HEAPY_OK;
    return w->words->owner_text(w->words->context, node, HEAPY_TEXT_ROW, text, w->chunks->err);
}

static heapy_status
write_texts(const words_writer *w, const char *name, say_function *say)
{
    size_t nodes = w->graph->node_count, blocks = heapy__bitmap_words(nodes);
    uint64_t *bits = heapy_alloc_zeroed(blocks, sizeof *bits), total = 0;
    uint64_t *starts = heapy_alloc_array(blocks + 1, sizeof *starts);
    heapy_status status = HEAPY_OK;
    if (!(bits && starts))
        status = no_memory(w);
    char part[HEAPY__CHUNK_NAME_BYTES];
    snprintf(part, sizeof part, "%s.texts", name);
    heapy__chunk_begin(w->chunks, part, 1, 0);
    for (heapy_node i = 0; !status && i < nodes; i++) {
        char *text = NULL;
        if (i % HEAPY__TEXTS_IN_BLOCK == 0)
            starts[i / HEAPY__TEXTS_IN_BLOCK] = total;
        status = say(w, i, &text);
        if (status || !text)
            continue;
        size_t length = strlen(text) + 1;
        heapy__bitmap_set(bits, i);
        heapy__chunk_put(w->chunks, text, length);
        total += length;
        heapy_text_free(text);
        status = w->chunks->status;
    }
    if (!status) {
        starts[blocks] = total;
        heapy__chunk_end(w->chunks);
        snprintf(part, sizeof part, "%s.nodes", name);
        heapy__chunk_write(w->chunks, part, 0, bits, blocks, sizeof *bits);
        snprintf(part, sizeof part, "%s.starts", name);
        heapy__chunk_write(w->chunks, part, 0, starts, blocks + 1, sizeof *starts);
    }
    heapy_free(bits);
    heapy_free(starts);
    return status;
}

/* ---- keys ---- */

/* The targets of edges that are keys, one of whose names may be in a list. */
static void
find_keys(const heapy_graph *graph, uint64_t *keys)
{
    for (size_t e = 0; e < graph->edges.count; e++) {
        const heapy_label *parts;
        size_t count = heapy_graph_label_parts(graph, &graph->edges.labels[e], &parts);
        for (size_t i = 0; i < count; i++)
            if (heapy_label_kind_of(parts[i]) == HEAPY_LABEL_KEY)
                heapy__bitmap_set(keys, graph->edges.targets[e]);
    }
}

static heapy_status
write_numbers(const words_writer *w, const char *name, const heapy_node *nodes, const uint32_t *numbers,
              size_t count)
{
    heapy__sparse_column column;
    if (!heapy__sparse_column_init(&column, w->graph->node_count))
        return no_memory(w);
    bool is_done = true;
    for (size_t i = 0; is_done && i < count; i++)
        is_done = heapy__sparse_column_append(&column, nodes[i], numbers[i]);
    if (is_done) {
        heapy__sparse_column_finish(&column);
        heapy__write_sparse(w->chunks, name, &column);
    }
    heapy__sparse_column_deinit(&column);
    if (is_done)
        return HEAPY_OK;
    return no_memory(w);
}

/* The set bits of `bits` as node numbers.  Owned; NULL: no memory. */
static heapy_node *
list_nodes(const words_writer *w, const uint64_t *bits, size_t *count)
{
    size_t nodes = w->graph->node_count;
    *count = heapy__bitmap_count(bits, nodes);
    heapy_node *list = heapy_alloc_array(*count, sizeof *list), *next = list;
    for (size_t i = list ? heapy__bitmap_next(bits, nodes, 0) : nodes; i < nodes;
         i = heapy__bitmap_next(bits, nodes, i + 1))
        *next++ = (heapy_node)i;
    return list;
}

/* Which keys are equal: groups[i] of keys[i].  Without words each is like itself only. */
static heapy_status
group_keys(const words_writer *w, const heapy_node *keys, uint32_t *groups, size_t count)
{
    size_t group_count = count;
    heapy_status status = HEAPY_OK;
    for (size_t i = 0; i < count; i++)
        groups[i] = (uint32_t)i;
    if (w->words->group_keys)
        status = w->words->group_keys(w->words->context, keys, count, groups, &group_count, w->chunks->err);
    for (size_t i = 0; !status && i < count; i++)
        if (groups[i] >= group_count)
            status = heapy__fail(w->chunks->err, HEAPY_INVALID, "the words put a key in group %u of %zu",
                                 groups[i], group_count);
    if (!status && w->words->group_keys)
        status = write_numbers(w, "group", keys, groups, count);
    return status;
}

/* In which order keys are listed; equal ones have the same place. */
static heapy_status
order_keys(const words_writer *w, const heapy_node *keys, const uint32_t *groups, size_t count)
{
    heapy_reference *references = heapy_alloc_array(count, sizeof *references);
    size_t *order = heapy_alloc_array(count, sizeof *order);
    uint32_t *places = heapy_alloc_array(count, sizeof *places), place = 0;
    heapy_status status = HEAPY_OK;
    if (!(references && order && places))
        status = no_memory(w);
    for (size_t i = 0; !status && i < count; i++)
        references[i] = (heapy_reference){heapy_label_make(HEAPY_LABEL_VALUE, 0), keys[i]};
    if (!status)
        status = heapy_references_order(w->snapshot, references, count, order, w->chunks->err);
    for (size_t i = 0; !status && i < count; i++) {
        if (i && groups[order[i - 1]] != groups[order[i]])
            place++;
        places[order[i]] = place;
    }
    if (!status)
        status = write_numbers(w, "key.order", keys, places, count);
    heapy_free(references);
    heapy_free(order);
    heapy_free(places);
    return status;
}

static heapy_status
write_groups(const words_writer *w)
{
    size_t count;
    heapy__chunk_writer_rest(w->chunks); /* its room is as much as comparing a million keys takes */
    heapy_node *keys = list_nodes(w, w->keys, &count);
    uint32_t *groups = NULL;
    if (keys)
        groups = heapy_alloc_array(count, sizeof *groups);
    heapy_status status;
    if (groups)
        status = group_keys(w, keys, groups, count);
    else
        status = no_memory(w);
    if (!status && w->words->order_keys && w->options->contents == HEAPY_CONTENTS_VALUES)
        status = order_keys(w, keys, groups, count);
    heapy_free(keys);
    heapy_free(groups);
    return status;
}

/* ---- order ---- */

/* How values are ordered: first by type, then as the words say. */
typedef struct value_order {
    const words_writer *w;
    const heapy_node *nodes; /* what the sorted numbers stand for */
    heapy__ticker ticker;
} value_order;

/* Once it is stopped all are equal, so that sorting ends soon. */
static int
compare_values(void *context, uint32_t a, uint32_t b)
{
    value_order *order = context;
    heapy_node x = order->nodes[a], y = order->nodes[b];
    heapy_type type = order->w->graph->types[x], other = order->w->graph->types[y];
    if (type != other)
        return type < other ? -1 : 1;
    if (!heapy__tick(&order->ticker))
        return 0;
    return order->w->words->compare(order->w->words->context, x, y);
}

/* The nodes that are ordered by value, as bits. */
static uint64_t *
find_values(const words_writer *w)
{
    size_t nodes = w->graph->node_count;
    uint64_t *bits = heapy_alloc_zeroed(heapy__bitmap_words(nodes), sizeof *bits);
    for (heapy_node i = 0; bits && i < nodes; i++) {
        heapy_role role = heapy_graph_role(w->graph, i);
        if (role == HEAPY_ROLE_NUMBER || role == HEAPY_ROLE_TEXT)
            heapy__bitmap_set(bits, i);
    }
    return bits;
}

/* The rank of each value among those of its type; equal ones have the same. */
static heapy_status
write_order(const words_writer *w)
{
    size_t count = 0;
    uint64_t *bits = find_values(w);
    heapy_node *nodes = NULL;
    if (bits)
        nodes = list_nodes(w, bits, &count);
    uint32_t *a = heapy_alloc_array(count, sizeof *a), *b = heapy_alloc_array(count, sizeof *b);
    heapy_status status = HEAPY_OK;
    if (!(bits && nodes && a && b))
        status = no_memory(w);
    heapy_free(bits);
    value_order order = {
        .w = w, .nodes = nodes, .ticker = {.progress = w->chunks->progress, .stage = "sorting values"}};
    if (!status) {
        for (size_t i = 0; i < count; i++)
            a[i] = (uint32_t)i;
        uint32_t *sorted = heapy__merge_sort(a, b, count, compare_values, &order),
                 *ranks = sorted == a ? b : a, rank = 0;
        for (size_t i = 0; i < count; i++) {
            if (i && compare_values(&order, sorted[i - 1], sorted[i]))
                rank++;
            ranks[sorted[i]] = rank;
        }
        if (order.ticker.is_stopped)
            status = heapy__fail(w->chunks->err, HEAPY_CANCELLED, "the writing of a snapshot was stopped");
        else
            status = write_numbers(w, "order", nodes, ranks, count);
    }
    heapy_free(nodes);
    heapy_free(a);
    heapy_free(b);
    return status;
}

/* ---- all of it ---- */

static heapy_status
write_keys(words_writer *w)
{
    heapy_status status = HEAPY_OK;
    uint64_t *found = NULL;
    if (!w->keys) {
        w->keys = found = heapy_alloc_zeroed(heapy__bitmap_words(w->graph->node_count), sizeof *found);
        if (!found)
            return no_memory(w);
        find_keys(w->graph, found);
    }
    if (w->words->text) {
        status = write_texts(w, "key", say_key);
        if (!status)
            status = write_texts(w, "key.whole", say_whole_key);
    }
    if (!status && (w->words->group_keys || w->words->order_keys))
        status = write_groups(w);
    heapy_free(found);
    return status;
}

heapy_status
heapy__write_words(heapy__chunk_writer *writer, const heapy_snapshot *snapshot,
                   const heapy_snapshot_write_options *options, const uint64_t *keys)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    words_writer w = {.chunks = writer,
                      .snapshot = snapshot,
                      .graph = graph,
                      .words = heapy_snapshot_words(snapshot),
                      .options = options,
                      .keys = keys,
                      .modules = heapy_graph_facts(graph, "module")};
    heapy_status status = HEAPY_OK;
    if (w.words->text)
        status = write_texts(&w, "row", say_row);
    if (!status && w.words->owner_text && heapy_graph_has_owners(graph))
        status = write_texts(&w, "owner.row", say_owner);
    if (!status && (keys || heapy_graph_has_edges(graph)))
        status = write_keys(&w);
    if (!status && w.words->compare && options->contents == HEAPY_CONTENTS_VALUES)
        status = write_order(&w);
    return status;
}
