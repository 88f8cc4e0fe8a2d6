/* SPDX-License-Identifier: MIT */
#include "select_noted.h"

#include "heapy/memory.h"
#include "select_atoms.h"

static heapy_status
add_noted_dicts(const evaluation *e, const kind_terms *terms, bool *rows, heapy_node_set *out)
{
    if (!terms->owners.name_count && !terms->owners.identity_count)
        return HEAPY_OK;
    if (!heapy_graph_has_owners(e->graph))
        return heapy__missing_to_select(e, "the owners of dicts");
    for (heapy_type r = 0; r < e->type_count; r++)
        rows[r] = heapy__noted_types_have(&terms->owners, heapy_graph_type_row(e->graph, r).identity,
                                          heapy_graph_type_name(e->graph, r));
    heapy__select_dicts_of_types(e, rows, out);
    return HEAPY_OK;
}

static void
add_noted_addresses(const evaluation *e, const kind_terms *terms, heapy_node_set *out)
{
    if (!e->nodes) {
        for (size_t i = 0; i < terms->address_count; i++)
            heapy__select_address(e, terms->addresses[i], out);
        return;
    }
    for (size_t i = 0; terms->address_count && i < e->count; i++)
        if (heapy__kind_terms_have_address(terms, heapy_snapshot_address(e->snapshot, e->nodes[i])))
            heapy_node_set_add(out, (heapy_node)i);
}

static heapy_status
add_noted_sites(const evaluation *e, const kind_terms *terms, heapy_node_set *out)
{
    if (!terms->site_count)
        return HEAPY_OK;
    const heapy_facts *sites = heapy_graph_facts(e->graph, HEAPY_ALLOCATION_SITES);
    if (!sites)
        return heapy__missing_to_select(e, "where objects were allocated");
    size_t count = heapy_facts_value_count(sites);
    bool *matches = heapy_alloc_array(count, sizeof *matches);
    if (!matches)
        return heapy__no_memory_to_select(e);
    for (uint32_t v = 0; v < count; v++)
        matches[v] = heapy__kind_terms_have_site(terms, heapy__parse_site(heapy_facts_value(sites, v)));
    for (size_t i = 0; i < e->count; i++) {
        uint32_t site = heapy_facts_of_node(sites, heapy__evaluated_node(e, i));
        if (site != HEAPY_NO_FACT && matches[site])
            heapy_node_set_add(out, (heapy_node)i);
    }
    heapy_free(matches);
    return HEAPY_OK;
}

/* Add what was noted: members by their types to `any_term`, the others to `out`.  rows: room for flags. */
heapy_status
heapy__select_noted(const evaluation *e, const kind_terms *terms, bool *any_term, bool *rows,
                    heapy_node_set *out)
{
    const heapy_sizes sizes = heapy_graph_sizes(e->graph);
    bool has_types = terms->types.identity_count || terms->types.name_count;
    for (heapy_type r = 0; has_types && r < e->type_count; r++)
        any_term[r] |= heapy__noted_types_have(&terms->types, heapy_graph_type_row(e->graph, r).identity,
                                               heapy_graph_type_name(e->graph, r));
    for (size_t i = 0; terms->size_count && i < e->count; i++)
        if (heapy__kind_terms_have_size(terms, heapy__compared_size(&sizes, heapy__evaluated_node(e, i))))
            heapy_node_set_add(out, (heapy_node)i);
    add_noted_addresses(e, terms, out);
    heapy_status status = add_noted_dicts(e, terms, rows, out);
    if (status)
        return status;
    return add_noted_sites(e, terms, out);
}
