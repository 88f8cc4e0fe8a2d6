/* SPDX-License-Identifier: MIT */
#include "chrome.h"

int
chrome_kind(const heapy_graph *graph, heapy_node node)
{
    switch (heapy_graph_role(graph, node)) {
    case HEAPY_ROLE_NUMBER:
        return CHROME_NUMBER;
    case HEAPY_ROLE_TEXT:
        return CHROME_STRING;
    case HEAPY_ROLE_FUNCTION:
    case HEAPY_ROLE_BUILTIN:
    case HEAPY_ROLE_METHOD:
        return CHROME_CLOSURE;
    case HEAPY_ROLE_CODE:
        return CHROME_CODE;
    default:
        return CHROME_OBJECT;
    }
}

bool
chrome_has_edge(const chrome *c, heapy_node source, heapy_node target)
{
    if (!kept_nodes_has(&c->kept, target))
        return false;
    return !heapy_node_set_contains(c->unreached, source) || heapy_node_set_contains(c->unreached, target);
}

size_t
chrome_edges_of(const chrome *c, heapy_node node)
{
    const heapy_label *labels = heapy_graph_labels(c->graph), *parts;
    size_t count = 0;
    uint64_t first, end;
    heapy_graph_edges(c->graph, node, &first, &end);
    for (; first < end; first++)
        if (chrome_has_edge(c, node, heapy_graph_targets(c->graph)[first]))
            count += heapy_graph_label_parts(c->graph, &labels[first], &parts);
    return count;
}

void
chrome_put_edge(chrome *c, const char *comma, heapy_reference reference, heapy_node target)
{
    heapy_label_kind kind = heapy_label_kind_of(reference.label);
    size_t number = heapy_label_number(reference.label), name = chrome_string_of_name(&c->strings, number);
    int type = CHROME_PROPERTY;
    if (kind == HEAPY_LABEL_VALUE && reference.key < c->node_count) {
        name = chrome_string_of_key(&c->strings, reference.key);
    } else if (kind == HEAPY_LABEL_INTERNAL) {
        type = CHROME_INTERNAL;
    } else if (kind == HEAPY_LABEL_UNNAMED || kind == HEAPY_LABEL_SEVERAL) {
        type = CHROME_INTERNAL;
        name = CHROME_WORD_UNNAMED;
    } else if (!heapy_label_is_named(kind)) {
        type = CHROME_ELEMENT;
        name = number;
    }
    document_printf(&c->to->line, "%s%d,%zu,%zu", comma, type, name,
                    CHROME_NODE_FIELDS * chrome_place(c, target));
}
