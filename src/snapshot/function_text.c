/* SPDX-License-Identifier: MIT */
#include "function_text.h"

#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "heapy/memory.h"

static bool
is_attribute(const heapy_graph *graph, heapy_label label, const char *name)
{
    return heapy_label_kind_of(label) == HEAPY_LABEL_ATTRIBUTE &&
           !strcmp(heapy_graph_name(graph, heapy_label_number(label), NULL), name);
}

/* What the attribute leads to; HEAPY_NO_NODE: that is not known. */
static heapy_node
target_of_attribute(const heapy_graph *graph, heapy_node node, const char *name)
{
    uint64_t edge, end;
    heapy_graph_edges(graph, node, &edge, &end);
    for (; edge < end; edge++) {
        const heapy_label *parts;
        size_t count = heapy_graph_label_parts(graph, heapy_graph_labels(graph) + edge, &parts);
        for (size_t i = 0; i < count; i++)
            if (is_attribute(graph, parts[i], name))
                return heapy_graph_targets(graph)[edge];
    }
    return HEAPY_NO_NODE;
}

/* The characters of a str; *text NULL of anything else. */
static heapy_status
characters_of(const heapy_snapshot *snapshot, heapy_node node, char **text, heapy_error *err)
{
    const heapy_words *words = heapy_snapshot_words(snapshot);
    *text = NULL;
    if (words->text && heapy_graph_role(heapy_snapshot_graph(snapshot), node) == HEAPY_ROLE_TEXT)
        return words->text(words->context, node, HEAPY_TEXT_CHARACTERS, text, err);
    return HEAPY_OK;
}

static heapy_status
put_function(const heapy_snapshot *snapshot, heapy_node function, heapy__string_buffer *out, heapy_error *err)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    char *name = NULL, *module = NULL;
    heapy_node name_node = target_of_attribute(graph, function, "__name__");
    heapy_node module_node = target_of_attribute(graph, function, "__module__");
    if (name_node == HEAPY_NO_NODE || module_node == HEAPY_NO_NODE)
        return HEAPY_OK;
    heapy_status status = characters_of(snapshot, name_node, &name, err);
    if (!status && name)
        status = characters_of(snapshot, module_node, &module, err);
    if (!status && name) {
        heapy__string_buffer_puts(out, module ? module : "None");
        heapy__string_buffer_puts(out, ".");
        heapy__string_buffer_puts(out, name);
    }
    heapy_text_free(name);
    heapy_text_free(module);
    return status;
}

/* Write a method of a function; one of anything else has a name that stays. */
static heapy_status
put_method(const heapy_snapshot *snapshot, heapy_node method, heapy__string_buffer *out, heapy_error *err)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    char *name = NULL;
    heapy_node self = target_of_attribute(graph, method, "__self__");
    heapy_node function = target_of_attribute(graph, method, "__func__");
    if (self == HEAPY_NO_NODE || function == HEAPY_NO_NODE || !heapy_snapshot_address(snapshot, self) ||
        heapy_graph_role(graph, function) != HEAPY_ROLE_FUNCTION)
        return HEAPY_OK;
    heapy_node name_node = target_of_attribute(graph, function, "__name__");
    heapy_status status =
        name_node == HEAPY_NO_NODE ? HEAPY_OK : characters_of(snapshot, name_node, &name, err);
    if (!status && name) {
        heapy__string_buffer_puts(out, "<");
        heapy__string_buffer_puts(out, heapy_graph_type_name(graph, heapy_graph_types(graph)[self]));
        heapy__string_buffer_printf(out, " at 0x%" PRIxPTR ">.", heapy_snapshot_address(snapshot, self));
        heapy__string_buffer_puts(out, name);
    }
    heapy_text_free(name);
    return status;
}

heapy_status
heapy__function_text(const heapy_snapshot *snapshot, heapy_node node, char **text, heapy_error *err)
{
    heapy_role role = heapy_graph_role(heapy_snapshot_graph(snapshot), node);
    heapy__string_buffer out = {0};
    heapy_status status = HEAPY_OK;
    *text = NULL;
    if (role == HEAPY_ROLE_FUNCTION)
        status = put_function(snapshot, node, &out, err);
    else if (role == HEAPY_ROLE_METHOD)
        status = put_method(snapshot, node, &out, err);
    if (!status && out.failed)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the name of a function");
    if (status)
        heapy__string_buffer_deinit(&out);
    *text = out.text; /* NULL: nothing was put */
    return status;
}
