/* SPDX-License-Identifier: MIT */
#include "evaluation.h"

#include "../base/fail.h"

heapy_status
heapy__no_memory_to_select(const evaluation *e)
{
    return heapy__fail(e->err, HEAPY_NO_MEMORY, "no memory to select from %zu nodes", e->count);
}

heapy_status
heapy__missing_to_select(const evaluation *e, const char *what)
{
    return heapy__fail(e->err, HEAPY_INVALID, "this kind asks for %s, which is not known of these objects",
                       what);
}

/* The members' nodes as a set; *out NULL: all. */
heapy_status
heapy__set_of_evaluated_nodes(evaluation *e, const heapy_node_set **out)
{
    heapy_status status = HEAPY_OK;
    if (e->nodes && !e->node_set)
        status = heapy_node_set_create(heapy_graph_node_count(e->graph), &e->node_set, e->err);
    for (size_t i = 0; !status && e->nodes && i < e->count; i++)
        heapy_node_set_add(e->node_set, e->nodes[i]);
    *out = e->node_set;
    return status;
}

bool
heapy__in_order(heapy_comparison comparison, bool is_less, bool is_equal)
{
    switch (comparison) {
    case HEAPY_EQ:
        return is_equal;
    case HEAPY_LT:
        return is_less;
    case HEAPY_LE:
        return is_less || is_equal;
    case HEAPY_GE:
        return !is_less;
    case HEAPY_GT:
        break;
    }
    return !is_less && !is_equal;
}

/* A set of classes is below another when it is part of it: is_within, not has_all. */
bool
heapy__includes(heapy_comparison comparison, bool is_within, bool has_all)
{
    switch (comparison) {
    case HEAPY_EQ:
        return is_within && has_all;
    case HEAPY_LT:
        return is_within && !has_all;
    case HEAPY_LE:
        return is_within;
    case HEAPY_GE:
        return has_all;
    case HEAPY_GT:
        break;
    }
    return has_all && !is_within;
}
