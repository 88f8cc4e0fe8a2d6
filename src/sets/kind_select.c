/* SPDX-License-Identifier: MIT */
/*
 * Evaluating a kind to members of a snapshot.
 *
 * What only depends on a node's type is decided once a row of the type table; a union of types, the commonest
 * kind, is then one look-up a member.  Terms that are one class are looked up together (kind_terms.h).  Every
 * other atom becomes a set of members, and the operators word operations.
 */
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../graph/node_set_internal.h"
#include "../snapshot/members.h"
#include "evaluation.h"
#include "heapy/memory.h"
#include "heapy/referrer_sets.h"
#include "kind_internal.h"
#include "kind_terms.h"
#include "select_atoms.h"
#include "select_noted.h"
#include "select_types.h"

static heapy_status evaluate(evaluation *e, const heapy_kind *kind, heapy_node_set **out);

/* Evaluate a kind for other nodes of the snapshot; NULL: for all of them. */
static heapy_status
evaluate_elsewhere(const evaluation *e, const heapy_kind *kind, const heapy_node *nodes, size_t count,
                   heapy_node_set **out)
{
    evaluation other = *e;
    other.nodes = nodes;
    if (nodes)
        other.count = count;
    else
        other.count = heapy_graph_node_count(e->graph);
    other.node_set = NULL;
    heapy_status status = evaluate(&other, kind, out);
    heapy_node_set_destroy(other.node_set);
    return status;
}

/* ---- atoms of kinds ---- */

/* Dicts whose owners, as nodes, are in the kind. */
static heapy_status
add_dicts_of_nodes(const evaluation *e, const heapy_kind *kind, heapy_node_set *out)
{
    heapy_node *dicts = heapy_alloc_array(e->count, sizeof *dicts), *owners;
    if (dicts)
        owners = heapy_alloc_array(e->count, sizeof *owners);
    else
        owners = NULL;
    heapy_status status = HEAPY_OK;
    if (!owners)
        status = heapy__no_memory_to_select(e);
    heapy_node_set *chosen = NULL;
    size_t count = 0;
    for (size_t i = 0; !status && i < e->count; i++) {
        heapy_type type;
        heapy_node node = heapy__evaluated_node(e, i), owner = HEAPY_NO_NODE;
        if (heapy__is_owned_dict(e, node, &type))
            owner = heapy_graph_owner(e->graph, node);
        if (owner == HEAPY_NO_NODE)
            continue;
        dicts[count] = (heapy_node)i;
        owners[count++] = owner;
    }
    if (!status)
        status = evaluate_elsewhere(e, kind, owners, count, &chosen);
    for (size_t i = 0; !status && i < count; i++)
        if (heapy_node_set_contains(chosen, (heapy_node)i))
            heapy_node_set_add(out, dicts[i]);
    heapy_node_set_destroy(chosen);
    heapy_free(dicts);
    heapy_free(owners);
    return status;
}

/* The members that are dicts classified by owner and whose owner is in `kind` (NULL: that have none). */
static heapy_status
add_dicts(const evaluation *e, const heapy_kind *kind, heapy_node_set *out)
{
    if (!heapy_graph_has_owners(e->graph))
        return heapy__missing_to_select(e, "the owners of dicts");
    if (!kind) {
        heapy__select_unowned_dicts(e, out);
        return HEAPY_OK;
    }
    bool by_type = !heapy_kind_needs(kind);
    bool *rows = heapy_alloc_zeroed(e->type_count, sizeof *rows);
    bool *term_rows = heapy_alloc_array(e->type_count, sizeof *term_rows);
    heapy_status status = HEAPY_OK;
    if (!(rows && term_rows))
        status = heapy__no_memory_to_select(e);
    for (size_t t = 0; !status && by_type && t < kind->count; t++) {
        size_t others;
        memset(term_rows, true, e->type_count);
        status = heapy__restrict_rows(e, &kind->terms[t], term_rows, &others);
        by_type = !others;
        for (size_t r = 0; r < e->type_count; r++)
            rows[r] |= term_rows[r];
    }
    if (!status && by_type)
        heapy__select_dicts_of_types(e, rows, out);
    else if (!status)
        status = add_dicts_of_nodes(e, kind, out);
    heapy_free(rows);
    heapy_free(term_rows);
    return status;
}

static heapy_status
add_first_matches(evaluation *e, const heapy_atom *atom, heapy_node_set *out)
{
    if (atom->number < 0 || (uint64_t)atom->number > atom->kind_count)
        return HEAPY_OK; /* no class has such a number */
    size_t index = (size_t)atom->number;
    heapy_node_set *earlier = NULL, *matched = NULL;
    heapy_status status = heapy_node_set_create(e->count, &earlier, e->err);
    for (size_t i = 0; !status && i < index; i++) {
        status = evaluate(e, atom->kinds[i], &matched);
        if (!status)
            status = heapy_node_set_combine(earlier, matched, HEAPY_UNION, e->err);
        heapy_node_set_destroy(matched);
        matched = NULL;
    }
    if (!status && index < atom->kind_count)
        status = evaluate(e, atom->kinds[index], &matched);
    if (!status && matched)
        status = heapy_node_set_combine(out, matched, HEAPY_UNION, e->err);
    else if (!status)
        heapy_node_set_complement(out);
    if (!status)
        status = heapy_node_set_combine(out, earlier, HEAPY_DIFFERENCE, e->err);
    heapy_node_set_destroy(matched);
    heapy_node_set_destroy(earlier);
    return status;
}

/* ---- referrers ---- */

/* Give each node 0, or 1 more than the number of the first of the atom's kinds that has it.  Kinds that
 * repeat an earlier one are not counted in *count. */
static heapy_status
number_kinds(const evaluation *e, const heapy_atom *atom, uint32_t *of_nodes, size_t *count)
{
    heapy_status status = HEAPY_OK;
    *count = 0;
    memset(of_nodes, 0, heapy_graph_node_count(e->graph) * sizeof *of_nodes);
    for (size_t k = 0; !status && k < atom->kind_count; k++) {
        bool is_repeated = false;
        for (size_t i = 0; !is_repeated && i < k; i++)
            is_repeated = heapy_kind_is_subset(atom->kinds[k], atom->kinds[i]);
        if (is_repeated)
            continue;
        heapy_node_set *members;
        status = evaluate_elsewhere(e, atom->kinds[k], NULL, 0, &members);
        if (status)
            break;
        ++*count;
        for (heapy_node i = heapy_node_set_next(members, 0); i != HEAPY_NO_NODE;
             i = heapy_node_set_next(members, i + 1))
            if (!of_nodes[i])
                of_nodes[i] = (uint32_t)*count;
        heapy_node_set_destroy(members);
    }
    return status;
}

static heapy_status
add_by_referrers(evaluation *e, const heapy_atom *atom, heapy_node_set *out)
{
    if (!heapy_graph_has_edges(e->graph))
        return heapy__missing_to_select(e, "referrers");
    uint32_t *kind_of_node = heapy_alloc_array(heapy_graph_node_count(e->graph), sizeof *kind_of_node);
    const heapy_node_set *nodes = NULL;
    heapy_referrer_sets *sets = NULL;
    size_t kind_count = 0;
    heapy_status status;
    if (kind_of_node)
        status = number_kinds(e, atom, kind_of_node, &kind_count);
    else
        status = heapy__no_memory_to_select(e);
    if (!status)
        status = heapy__set_of_evaluated_nodes(e, &nodes);
    if (!status)
        status = heapy_referrer_sets_by_class(e->graph, nodes, kind_of_node, &sets, e->err);
    for (size_t i = 0; !status && i < e->count; i++) {
        size_t count;
        const uint32_t *kinds = heapy_referrer_sets_get(sets, heapy__evaluated_node(e, i), &count);
        bool is_within = !count || kinds[0];
        if (heapy__includes(atom->comparison, is_within, count - !is_within == kind_count))
            heapy_node_set_add(out, (heapy_node)i);
    }
    heapy_referrer_sets_destroy(sets);
    heapy_free(kind_of_node);
    return status;
}

/* ---- all ---- */

/* Add the members that are in the atom; `out` is empty. */
static heapy_status
add_atom(evaluation *e, const heapy_atom *atom, heapy_node_set *out)
{
    switch (atom->form) {
    case HEAPY_ATOM_SIZE:
        return heapy__select_sizes(e, atom, out);
    case HEAPY_ATOM_DICT_OF:
        return add_dicts(e, atom->kind_count ? atom->kinds[0] : NULL, out);
    case HEAPY_ATOM_MODULE:
    case HEAPY_ATOM_ID:
        if (atom->identity)
            return heapy__select_address(e, atom->identity, out);
        return heapy__select_modules_of_name(e, atom->name, out);
    case HEAPY_ATOM_MEMBERS:
        return heapy__select_addresses(e, atom->members, out);
    case HEAPY_ATOM_REFERRERS:
        return add_by_referrers(e, atom, out);
    case HEAPY_ATOM_REFERENCES:
        return heapy__select_by_references(e, atom, out);
    case HEAPY_ATOM_PRODUCER:
    case HEAPY_ATOM_NO_PRODUCER:
        return heapy__select_producers(e, atom, out);
    case HEAPY_ATOM_FACT:
        return heapy__select_facts(e, atom, out);
    case HEAPY_ATOM_FIRST_MATCH:
        return add_first_matches(e, atom, out);
    case HEAPY_ATOM_ANYTHING:
    case HEAPY_ATOM_TYPE:
    case HEAPY_ATOM_CLASSES:
        break; /* by type; no node */
    }
    return HEAPY_OK;
}

/* The nodes of atoms already looked at in one union: an atom may be in many of its terms. */
typedef struct atom_cache {
    struct {
        const kind_atom *atom;
        heapy_node_set *members;
    } *entries;
    size_t count, capacity;
} atom_cache;

enum { CACHED_ATOMS = 256 };

static void
atom_cache_deinit(atom_cache *cache)
{
    for (size_t i = 0; i < cache->count; i++)
        heapy_node_set_destroy(cache->entries[i].members);
    heapy_free(cache->entries);
}

/* Keep in `selected` what the literal selects. */
static heapy_status
intersect_literal(evaluation *e, const kind_literal *literal, atom_cache *cache, heapy_node_set *selected)
{
    heapy_set_operation operation = literal->is_complement ? HEAPY_DIFFERENCE : HEAPY_INTERSECTION;
    for (size_t i = 0; i < cache->count; i++)
        if (heapy__relate_atoms(cache->entries[i].atom, literal->atom) == ATOMS_EQUAL)
            return heapy_node_set_combine(selected, cache->entries[i].members, operation, e->err);
    heapy_node_set *members;
    heapy_status status = heapy_node_set_create(e->count, &members, e->err);
    if (status)
        return status;
    status = add_atom(e, &literal->atom->atom, members);
    if (!status)
        status = heapy_node_set_combine(selected, members, operation, e->err);
    void *entries = NULL;
    if (cache->count < CACHED_ATOMS && !status)
        entries = heapy_grow(cache->entries, cache->count, &cache->capacity, sizeof *cache->entries);
    if (!entries) { /* without memory for it, it is not kept */
        heapy_node_set_destroy(members);
        return status;
    }
    cache->entries = entries;
    cache->entries[cache->count].atom = literal->atom;
    cache->entries[cache->count++].members = members;
    return HEAPY_OK;
}

/* out |= the nodes of `term` whose type is in rows. */
static heapy_status
add_term(evaluation *e, const kind_term *term, const bool *rows, atom_cache *cache, heapy_node_set *out)
{
    heapy_node_set *selected;
    heapy_status status = heapy_node_set_create(e->count, &selected, e->err);
    if (status)
        return status;
    heapy__select_rows(e, rows, heapy__node_set_words(selected));
    for (size_t i = 0; !status && i < term->count; i++)
        if (!heapy__is_by_type(&term->literals[i].atom->atom))
            status = intersect_literal(e, &term->literals[i], cache, selected);
    if (!status)
        status = heapy_node_set_combine(out, selected, HEAPY_UNION, e->err);
    heapy_node_set_destroy(selected);
    return status;
}

static heapy_status
evaluate(evaluation *e, const heapy_kind *kind, heapy_node_set **out)
{
    heapy_node_set *result = NULL;
    bool *any_term = heapy_alloc_zeroed(e->type_count, sizeof *any_term);
    bool *rows = heapy_alloc_array(e->type_count, sizeof *rows);
    kind_terms noted;
    atom_cache cache = {0};
    bool has_room = heapy__kind_terms_init(&noted, kind) && any_term && rows;
    heapy_status status;
    if (has_room)
        status = heapy_node_set_create(e->count, &result, e->err);
    else
        status = heapy__no_memory_to_select(e);
    for (size_t t = 0; !status && t < kind->count; t++) {
        const kind_term *term = &kind->terms[t];
        if (heapy__kind_terms_note(&noted, term))
            continue; /* one of many classes, which are looked up together below */
        size_t others;
        memset(rows, true, e->type_count);
        status = heapy__restrict_rows(e, term, rows, &others);
        /* Where types decide all, their rows are the answer; else only objects of those are looked at. */
        if (!status && others)
            status = add_term(e, term, rows, &cache, result);
        for (size_t r = 0; !status && !others && r < e->type_count; r++)
            any_term[r] |= rows[r];
    }
    if (!status) {
        heapy__kind_terms_sort(&noted);
        status = heapy__select_noted(e, &noted, any_term, rows, result);
    }
    if (!status) {
        heapy__select_rows(e, any_term, heapy__node_set_words(result));
        *out = result;
    } else {
        heapy_node_set_destroy(result);
    }
    atom_cache_deinit(&cache);
    heapy__kind_terms_deinit(&noted);
    heapy_free(any_term);
    heapy_free(rows);
    return status;
}

heapy_status
heapy_kind_select(const heapy_kind *kind, const heapy_snapshot *snapshot, const heapy_members *members,
                  heapy_node_set **out, heapy_error *err)
{
    if (!kind || !snapshot || !out)
        return heapy__fail_null(err, "kind, snapshot or out");
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_status status = heapy__check_members(snapshot, members, err);
    if (status)
        return status;
    static const heapy_node none = HEAPY_NO_NODE; /* no members, which is not all of them */
    evaluation e = {.snapshot = snapshot,
                    .graph = graph,
                    .nodes = members ? members->nodes ? members->nodes : &none : NULL,
                    .count = members ? members->count : heapy_graph_node_count(graph),
                    .type_count = heapy_graph_type_count(graph),
                    .err = err};
    status = evaluate(&e, kind, out);
    heapy_node_set_destroy(e.node_set);
    return status;
}

bool
heapy_kind_is_by_type(const heapy_kind *kind)
{
    if (!kind)
        return false;
    for (size_t t = 0; t < kind->count; t++)
        for (size_t i = 0; i < kind->terms[t].count; i++)
            if (!heapy__is_by_type(&kind->terms[t].literals[i].atom->atom))
                return false;
    return true;
}
