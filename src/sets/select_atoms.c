/* SPDX-License-Identifier: MIT */
#include "select_atoms.h"

#include <string.h>

#include "../snapshot/members.h"
#include "classifier_internal.h"
#include "heapy/memory.h"
#include "heapy/reference.h"
#include "heapy/referrer_sets.h"
#include "kind_terms.h"

heapy_status
heapy__select_sizes(const evaluation *e, const heapy_atom *atom, heapy_node_set *out)
{
    const heapy_sizes sizes = heapy_graph_sizes(e->graph);
    for (size_t i = 0; i < e->count; i++) {
        int64_t size = heapy__compared_size(&sizes, heapy__evaluated_node(e, i));
        if (heapy__in_order(atom->comparison, size < atom->number, size == atom->number))
            heapy_node_set_add(out, (heapy_node)i);
    }
    return HEAPY_OK;
}

/* Is the node a dict that is classified by its owner?  owner: the owner's type. */
bool
heapy__is_owned_dict(const evaluation *e, heapy_node node, heapy_type *owner)
{
    bool is_dict = heapy_graph_role(e->graph, node) == HEAPY_ROLE_DICT;
    if (is_dict)
        *owner = heapy_graph_owner_type(e->graph, node);
    else
        *owner = HEAPY_NO_TYPE;
    return is_dict;
}

/* Dicts without owner. */
void
heapy__select_unowned_dicts(const evaluation *e, heapy_node_set *out)
{
    heapy_type owner;
    for (size_t i = 0; i < e->count; i++)
        if (heapy__is_owned_dict(e, heapy__evaluated_node(e, i), &owner) && owner == HEAPY_NO_TYPE)
            heapy_node_set_add(out, (heapy_node)i);
}

/* Dicts whose owner's type has its row set. */
void
heapy__select_dicts_of_types(const evaluation *e, const bool *rows, heapy_node_set *out)
{
    heapy_type owner;
    for (size_t i = 0; i < e->count; i++)
        if (heapy__is_owned_dict(e, heapy__evaluated_node(e, i), &owner) && owner != HEAPY_NO_TYPE &&
            rows[owner])
            heapy_node_set_add(out, (heapy_node)i);
}

/* The member, if it is one, that is the node at an address. */
heapy_status
heapy__select_address(const evaluation *e, uint64_t address, heapy_node_set *out)
{
    heapy_node node = heapy_snapshot_node(e->snapshot, (uintptr_t)address);
    if (node != HEAPY_NO_NODE && !e->nodes)
        heapy_node_set_add(out, node);
    for (size_t i = 0; node != HEAPY_NO_NODE && e->nodes && i < e->count; i++)
        if (e->nodes[i] == node)
            heapy_node_set_add(out, (heapy_node)i);
    return HEAPY_OK;
}

/* The loop goes through whichever of the two has fewer addresses. */
heapy_status
heapy__select_addresses(const evaluation *e, const heapy_address_map *members, heapy_node_set *out)
{
    const heapy_address_map *map = heapy_snapshot_map(e->snapshot);
    if (!map)
        return HEAPY_OK;
    heapy_address_iterator iterator;
    bool through_members = !e->nodes && heapy_address_map_count(members) <= e->count;
    heapy_address_iterator_init(&iterator, members);
    for (uintptr_t address; through_members && (address = heapy_address_iterator_next(&iterator));) {
        heapy_node node = heapy_address_map_rank(map, address);
        if (node != HEAPY_NO_NODE)
            heapy_node_set_add(out, node);
    }
    for (size_t i = 0; !through_members && i < e->count; i++)
        if (heapy_address_map_contains(members, heapy_address_map_select(map, heapy__evaluated_node(e, i))))
            heapy_node_set_add(out, (heapy_node)i);
    return HEAPY_OK;
}

/* Do `length` bytes begin with `start`? */
static bool
begins_with(const char *text, size_t length, const char *start)
{
    size_t wanted = strlen(start);
    return wanted <= length && !memcmp(text, start, wanted);
}

/* An atom's part that is not given is no condition in an order, and equal to nothing. */
static bool
matches_site(const heapy_atom *atom, allocation_site site)
{
    size_t length = 0;
    if (atom->name)
        length = strlen(atom->name);
    bool begins_site = atom->name && begins_with(site.file, site.length, atom->name);
    if (atom->comparison == HEAPY_EQ)
        return begins_site && length == site.length && atom->number == site.line;
    bool is_below = atom->comparison == HEAPY_LT || atom->comparison == HEAPY_LE;
    bool ends_site = atom->name && site.length <= length && !memcmp(atom->name, site.file, site.length);
    return (!atom->name || (is_below ? begins_site : ends_site)) &&
           (atom->number == HEAPY_NO_LINE ||
            heapy__in_order(atom->comparison, site.line < atom->number, site.line == atom->number));
}

heapy_status
heapy__select_producers(const evaluation *e, const heapy_atom *atom, heapy_node_set *out)
{
    const heapy_facts *sites = heapy_graph_facts(e->graph, HEAPY_ALLOCATION_SITES);
    if (!sites)
        return heapy__missing_to_select(e, "where objects were allocated");
    bool is_unknown = atom->form == HEAPY_ATOM_NO_PRODUCER && heapy__in_order(atom->comparison, false, true);
    size_t count = heapy_facts_value_count(sites);
    bool *matches = heapy_alloc_zeroed(count, sizeof *matches);
    if (!matches)
        return heapy__no_memory_to_select(e);
    for (uint32_t v = 0; atom->form == HEAPY_ATOM_PRODUCER && v < count; v++)
        matches[v] = matches_site(atom, heapy__parse_site(heapy_facts_value(sites, v)));
    for (size_t i = 0; i < e->count; i++) {
        uint32_t site = heapy_facts_of_node(sites, heapy__evaluated_node(e, i));
        if (site == HEAPY_NO_FACT ? is_unknown : matches[site])
            heapy_node_set_add(out, (heapy_node)i);
    }
    heapy_free(matches);
    return HEAPY_OK;
}

/* The modules of a name, where addresses are not known. */
heapy_status
heapy__select_modules_of_name(const evaluation *e, const char *name, heapy_node_set *out)
{
    const heapy_facts *modules = heapy_graph_facts(e->graph, "module");
    for (size_t i = 0; modules && name && i < e->count; i++) {
        uint32_t value = heapy_facts_of_node(modules, heapy__evaluated_node(e, i));
        if (value != HEAPY_NO_FACT && !strcmp(heapy_facts_value(modules, value), name))
            heapy_node_set_add(out, (heapy_node)i);
    }
    return HEAPY_OK;
}

heapy_status
heapy__select_facts(const evaluation *e, const heapy_atom *atom, heapy_node_set *out)
{
    const char *name = atom->classifier->fact ? atom->classifier->fact : "";
    const heapy_facts *facts = heapy_graph_facts(e->graph, name);
    if (!facts)
        return heapy__missing_to_select(e, name);
    for (size_t i = 0; i < e->count; i++) {
        uint32_t value = heapy_facts_of_node(facts, heapy__evaluated_node(e, i));
        bool is_known = value != HEAPY_NO_FACT;
        if (is_known ? atom->name && !strcmp(heapy_facts_value(facts, value), atom->name) : !atom->name)
            heapy_node_set_add(out, (heapy_node)i);
    }
    return HEAPY_OK;
}

/* ---- names of references ---- */

/* Which of the names the atom has: a flag by number, and how many different ones it has. */
static void
choose_names(const heapy_atom *atom, const heapy_reference_names *names, bool *chosen, size_t *wanted)
{
    *wanted = 0;
    for (size_t i = 0; i < atom->text_count; i++) {
        if (i && !strcmp(atom->texts[i], atom->texts[i - 1]))
            continue;
        ++*wanted;
        for (size_t k = 0; k < names->text_count; k++)
            chosen[k] |= !strcmp(names->texts[k], atom->texts[i]);
    }
}

heapy_status
heapy__select_by_references(evaluation *e, const heapy_atom *atom, heapy_node_set *out)
{
    if (!heapy_graph_has_edges(e->graph))
        return heapy__missing_to_select(e, "names of references");
    const heapy_node_set *nodes = NULL;
    heapy_referrer_sets *sets = NULL;
    heapy_reference *references = NULL;
    heapy_reference_names names = {0};
    size_t reference_count = 0, wanted = 0;
    bool *chosen = NULL;
    heapy_status status = heapy__set_of_evaluated_nodes(e, &nodes);
    if (!status)
        status =
            heapy_referrer_sets_by_reference(e->graph, nodes, &sets, &references, &reference_count, e->err);
    if (!status)
        status = heapy_reference_names_init(&names, e->snapshot, references, reference_count, e->err);
    if (!status && !(chosen = heapy_alloc_zeroed(names.text_count, sizeof *chosen)))
        status = heapy__no_memory_to_select(e);
    if (!status) {
        heapy_referrer_sets_renumber(sets, names.numbers);
        choose_names(atom, &names, chosen, &wanted);
    }
    for (size_t i = 0; !status && i < e->count; i++) {
        size_t count, found = 0;
        const uint32_t *numbers = heapy_referrer_sets_get(sets, heapy__evaluated_node(e, i), &count);
        for (size_t k = 0; k < count; k++)
            found += chosen[numbers[k]];
        if (heapy__includes(atom->comparison, found == count, found == wanted))
            heapy_node_set_add(out, (heapy_node)i);
    }
    heapy_referrer_sets_destroy(sets);
    heapy_reference_names_deinit(&names);
    heapy_free(references);
    heapy_free(chosen);
    return status;
}
