/* SPDX-License-Identifier: MIT */
#include "edge_text.h"

const char *
edge_relation(heapy_label label)
{
    static const char *const words[HEAPY_LABEL_KIND_COUNT] = {
        [HEAPY_LABEL_UNNAMED] = "unnamed", [HEAPY_LABEL_ATTRIBUTE] = "attribute",
        [HEAPY_LABEL_INDEX] = "index",     [HEAPY_LABEL_VALUE] = "value",
        [HEAPY_LABEL_KEY] = "key",         [HEAPY_LABEL_INTERNAL] = "internal",
        [HEAPY_LABEL_LOCAL] = "local",     [HEAPY_LABEL_STACK] = "stack",
        [HEAPY_LABEL_MEMBER] = "member",   [HEAPY_LABEL_SEVERAL] = "unnamed",
    };
    heapy_label_kind kind = heapy_label_kind_of(label);
    return kind < HEAPY_LABEL_KIND_COUNT ? words[kind] : words[HEAPY_LABEL_UNNAMED];
}

const char *
edge_name(const heapy_graph *graph, heapy_label label, size_t *length)
{
    if (!heapy_label_is_named(heapy_label_kind_of(label)))
        return NULL;
    return heapy_graph_name(graph, heapy_label_number(label), length);
}

bool
edge_has_number(heapy_label label)
{
    switch (heapy_label_kind_of(label)) {
    case HEAPY_LABEL_INDEX:
    case HEAPY_LABEL_VALUE:
    case HEAPY_LABEL_KEY:
    case HEAPY_LABEL_STACK:
    case HEAPY_LABEL_MEMBER:
        return true;
    default:
        return false;
    }
}
