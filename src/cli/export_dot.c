/* SPDX-License-Identifier: MIT */
/* A small piece of a heap in the language of Graphviz. */
#include "edge_text.h"
#include "export.h"
#include "index_file.h"
#include "object.h"

#include <heapy/memory.h>
#include <inttypes.h>
#include <string.h>

/* The nodes that were come to, in that order. */
typedef struct neighbourhood {
    heapy_node nodes[DOT_LIMIT];
    size_t count, left;
    heapy_node_set *seen;
} neighbourhood;

static void
come_to(neighbourhood *near, heapy_node node)
{
    if (!heapy_node_set_add(near->seen, node))
        return;
    if (near->count < DOT_LIMIT)
        near->nodes[near->count++] = node;
    else
        near->left++;
}

/* Go `hops` references on, in both directions. */
static heapy_status
look_around(input *in, heapy_node around, uint64_t hops, neighbourhood *near, heapy_error *err)
{
    const heapy_referrers *referrers;
    index_use_referrers(in->path, in->snapshot);
    heapy_status status = heapy_snapshot_referrers(in->snapshot, &referrers, err);
    if (status)
        return status;
    const uint32_t *targets = heapy_graph_targets(in->graph);
    come_to(near, around);
    for (size_t begin = 0, end = 1; hops && begin < end; hops--) {
        for (size_t i = begin; i < end; i++) {
            uint64_t first, last;
            size_t count;
            heapy_graph_edges(in->graph, near->nodes[i], &first, &last);
            for (; first < last; first++)
                come_to(near, targets[first]);
            const heapy_node *sources = heapy_referrers_get(referrers, near->nodes[i], &count);
            for (size_t k = 0; k < count; k++)
                come_to(near, sources[k]);
        }
        begin = end;
        end = near->count;
    }
    return HEAPY_OK;
}

/* Text between quotes of the language: what is escaped for people already, with its quotes and backslashes.
 */
static void
put_quoted(document *line, const char *text)
{
    document_put(line, "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            document_put(line, "\\");
        document_write(line, text, 1);
    }
    document_put(line, "\"");
}

/* A text between quotes, and let go of. */
static void
put_label(export_sink *to, char *text)
{
    char *escaped = copy_escaped(text);
    heapy_text_free(text);
    put_quoted(&to->line, escaped ? escaped : "");
    to->line.failed |= !escaped;
    heapy_free(escaped);
}

static heapy_status
put_node(const input *in, heapy_node node, bool is_bold, export_sink *to)
{
    char *brief;
    heapy_status status = heapy_node_brief(in->snapshot, node, HEAPY_BRIEF_LENGTH, &brief, &to->err);
    if (status)
        return status;
    document_printf(&to->line, "  n%" PRIu32 " [label=", node);
    put_label(to, brief);
    document_put(&to->line, is_bold ? ", style=bold];\n" : "];\n");
    return HEAPY_OK;
}

static heapy_status
put_edge(const input *in, heapy_node source, uint64_t edge, heapy_label label, export_sink *to)
{
    char *text;
    heapy_reference reference = heapy_reference_of_edge(in->graph, source, edge, label);
    heapy_status status = heapy_reference_text(in->snapshot, reference, "", HEAPY_TEXT_KEY, &text, &to->err);
    if (status)
        return status;
    document_printf(&to->line, "  n%" PRIu32 " -> n%" PRIu32 " [label=", source,
                    heapy_graph_targets(in->graph)[edge]);
    put_label(to, text);
    document_put(&to->line, "];\n");
    return HEAPY_OK;
}

static heapy_status
put_edges(const input *in, const heapy_node_set *shown, heapy_node source, export_sink *to)
{
    heapy_status status = HEAPY_OK;
    uint64_t edge, end;
    heapy_graph_edges(in->graph, source, &edge, &end);
    for (; !status && edge < end; edge++) {
        const heapy_label *parts;
        if (!heapy_node_set_contains(shown, heapy_graph_targets(in->graph)[edge]))
            continue;
        size_t count = heapy_graph_label_parts(in->graph, &heapy_graph_labels(in->graph)[edge], &parts);
        for (size_t i = 0; !status && i < count; i++)
            status = put_edge(in, source, edge, parts[i], to);
    }
    return status;
}

heapy_status
export_dot(input *in, heapy_node around, uint64_t hops, size_t *left, export_sink *to)
{
    neighbourhood near = {.count = 0};
    heapy_node_set *shown = NULL;
    heapy_status status = heapy_node_set_create(heapy_graph_node_count(in->graph), &near.seen, &to->err);
    if (!status)
        status = heapy_node_set_create(heapy_graph_node_count(in->graph), &shown, &to->err);
    if (!status)
        status = look_around(in, around, hops, &near, &to->err);
    document_put(&to->line, "digraph heap {\n  node [shape=box];\n");
    for (size_t i = 0; !status && i < near.count; i++) {
        heapy_node_set_add(shown, near.nodes[i]);
        status = put_node(in, near.nodes[i], near.nodes[i] == around, to);
    }
    for (size_t i = 0; !status && i < near.count; i++)
        status = put_edges(in, shown, near.nodes[i], to);
    document_put(&to->line, "}\n");
    *left = near.left;
    heapy_node_set_destroy(near.seen);
    heapy_node_set_destroy(shown);
    to->status = status;
    if (status)
        return status;
    return export_flush(to, true);
}
