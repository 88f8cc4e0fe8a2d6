/* SPDX-License-Identifier: MIT */
#include "chrome_strings.h"

#include <heapy/memory.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[CHROME_WORD_COUNT] = {"",
                                                     "(interpreter)",
                                                     "(threads)",
                                                     "(other roots)",
                                                     "(not reachable from the root)",
                                                     "(unnamed)",
                                                     "(through what is left out)",
                                                     "(the rest of its size)"};

typedef struct named_type {
    const char *name;
    heapy_type type;
} named_type;

static int
compare_named(const void *a, const void *b)
{
    const named_type *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order)
        return order;
    return (x->type > y->type) - (x->type < y->type);
}

/* Types of one name share a string: the panel tells classes by its number, shows them by the text, and would
   show but the last of them. */
static heapy_status
join_names(chrome_strings *self, heapy_error *err)
{
    size_t count = heapy_graph_type_count(self->graph);
    named_type *types = heapy_alloc_array(count, sizeof *types);
    self->named = heapy_alloc_array(count, sizeof *self->named);
    if (!types || !self->named) {
        heapy_free(types);
        snprintf(err->message, sizeof err->message, "no memory for the names of %zu types", count);
        return err->status = HEAPY_NO_MEMORY;
    }
    for (heapy_type t = 0; t < count; t++)
        types[t] = (named_type){heapy_graph_type_name(self->graph, t), t};
    qsort(types, count, sizeof *types, compare_named);
    for (size_t i = 0; i < count; i++) {
        self->named[types[i].type] = types[i].type;
        if (i && !strcmp(types[i - 1].name, types[i].name))
            self->named[types[i].type] = self->named[types[i - 1].type];
    }
    heapy_free(types);
    return HEAPY_OK;
}

heapy_status
chrome_strings_init(chrome_strings *self, const heapy_graph *graph, heapy_error *err)
{
    *self = (chrome_strings){.graph = graph};
    heapy_status status = ranked_nodes_init(&self->texts, heapy_graph_node_count(graph), err);
    if (!status)
        status = ranked_nodes_init(&self->keys, heapy_graph_node_count(graph), err);
    if (status)
        return status;
    return join_names(self, err);
}

heapy_status
chrome_strings_count(chrome_strings *self, heapy_error *err)
{
    heapy_status status = ranked_nodes_count(&self->texts, err);
    if (status)
        return status;
    return ranked_nodes_count(&self->keys, err);
}

void
chrome_strings_deinit(chrome_strings *self)
{
    ranked_nodes_deinit(&self->texts);
    ranked_nodes_deinit(&self->keys);
    heapy_free(self->named);
    *self = (chrome_strings){0};
}

/* ---- numbers ---- */

size_t
chrome_string_of_type(const chrome_strings *self, heapy_type type)
{
    return CHROME_WORD_COUNT + self->named[type];
}

size_t
chrome_string_of_name(const chrome_strings *self, size_t name)
{
    return CHROME_WORD_COUNT + heapy_graph_type_count(self->graph) + name;
}

size_t
chrome_string_of_text(const chrome_strings *self, heapy_node node)
{
    size_t first = chrome_string_of_name(self, heapy_graph_name_count(self->graph));
    return first + ranked_nodes_place(&self->texts, node);
}

size_t
chrome_string_of_key(const chrome_strings *self, heapy_node key)
{
    size_t first = chrome_string_of_name(self, heapy_graph_name_count(self->graph)) + self->texts.count;
    return first + ranked_nodes_place(&self->keys, key);
}

/* ---- writing ---- */

/* Count units of UTF-16: each character begins with a byte that continues none, and those of four bytes are
 * two units. */
static uint64_t
count_units(const char *text, size_t length)
{
    uint64_t units = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        units += (uint64_t)((byte & 0xc0) != 0x80) + (byte >= 0xf0);
    }
    return units;
}

static void
put_string(document *line, const char *text, size_t length, uint64_t *units)
{
    size_t begun = line->length;
    json_string_of(line, text, length);
    document_put(line, "\n");
    if (!line->failed)
        *units += count_units(line->text + begun, line->length - begun);
}

static heapy_status
put_texts(const heapy_node_set *of, heapy_text_use use, heapy_snapshot *snapshot, uint64_t *units,
          export_sink *to)
{
    for (heapy_node node = heapy_node_set_next(of, 0); node != HEAPY_NO_NODE;
         node = heapy_node_set_next(of, node + 1)) {
        char *text = NULL;
        heapy_status status = heapy_snapshot_text(snapshot, node, use, &text, &to->err);
        if (status)
            return to->status = status;
        put_string(&to->line, text, strlen(text), units);
        heapy_text_free(text);
        if (export_flush(to, false))
            break;
    }
    return to->status;
}

heapy_status
chrome_strings_put(const chrome_strings *self, heapy_snapshot *snapshot, uint64_t *units, export_sink *to)
{
    document *line = &to->line;
    *units = 0;
    line->after_value = false;
    for (unsigned i = 0; i < CHROME_WORD_COUNT; i++)
        put_string(line, words[i], strlen(words[i]), units);
    for (heapy_type t = 0; t < heapy_graph_type_count(self->graph); t++) {
        const char *name = heapy_graph_type_name(self->graph, t);
        put_string(line, name, strlen(name), units);
    }
    for (uint32_t i = 0; i < heapy_graph_name_count(self->graph); i++) {
        size_t length = 0;
        const char *name = heapy_graph_name(self->graph, i, &length);
        put_string(line, name, length, units);
    }
    heapy_status status = put_texts(self->texts.nodes, HEAPY_TEXT_ROW, snapshot, units, to);
    if (status)
        return status;
    return put_texts(self->keys.nodes, HEAPY_TEXT_KEY, snapshot, units, to);
}
