/* SPDX-License-Identifier: MIT */
/*
 * Evaluating a kind to members of a snapshot.
 *
 * What only depends on a node's type is decided once a row of the type table; a union of types, the commonest
 * kind, is then one look-up a member.  Terms that are one class are looked up together (kind_terms.h).  Every
 * other atom becomes a set of members, and the operators word operations.
 */
#include <stdlib.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../graph/node_set_internal.h"
#include "../snapshot/members.h"
#include "classifier_internal.h"
#include "heapy/memory.h"
#include "heapy/reference.h"
#include "heapy/referrer_sets.h"
#include "kind_internal.h"
#include "kind_terms.h"

/* One evaluation, of some members. */
typedef struct evaluation {
    const heapy_snapshot *snapshot;
    const heapy_graph *graph;
    const heapy_node *nodes; /* of the members; NULL: all nodes */
    size_t count;            /* members */
    size_t type_count;
    heapy_node_set *node_set; /* the nodes as a set, once asked for; owned */
    heapy_error *err;
} evaluation;

static inline heapy_node
node_of(const evaluation *e, size_t member)
{
    return e->nodes ? e->nodes[member] : (heapy_node)member;
}

static heapy_status
no_memory(const evaluation *e)
{
    return heapy__fail(e->err, HEAPY_NO_MEMORY, "no memory to select from %zu nodes", e->count);
}

static heapy_status
missing(const evaluation *e, const char *what)
{
    return heapy__fail(e->err, HEAPY_INVALID, "this kind asks for %s, which is not known of these objects",
                       what);
}

static heapy_status evaluate(evaluation *e, const heapy_kind *kind, heapy_node_set **out);

/* The same of other nodes of the snapshot; NULL: all of them. */
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

/* The members' nodes as a set; *out NULL: all. */
static heapy_status
set_of_nodes(evaluation *e, const heapy_node_set **out)
{
    heapy_status status = HEAPY_OK;
    if (e->nodes && !e->node_set)
        status = heapy_node_set_create(heapy_graph_node_count(e->graph), &e->node_set, e->err);
    for (size_t i = 0; !status && e->nodes && i < e->count; i++)
        heapy_node_set_add(e->node_set, e->nodes[i]);
    *out = e->node_set;
    return status;
}

/* ---- by type ---- */

/* The row of the atom's type, by identity, else by name; HEAPY_NO_TYPE: it has none. */
static heapy_type
row_of_atom(const evaluation *e, const heapy_atom *atom)
{
    if (atom->identity) {
        heapy_type row = heapy_graph_type_of_identity(e->graph, atom->identity);
        if (row != HEAPY_NO_TYPE)
            return row;
    }
    for (heapy_type r = 0; atom->name && r < e->type_count; r++)
        if ((!atom->identity || !heapy_graph_type_row(e->graph, r).identity) &&
            !strcmp(heapy_graph_type_name(e->graph, r), atom->name))
            return r;
    return HEAPY_NO_TYPE;
}

/* Mark the rows that are the atom's type: several may have its name where identities are not known. */
static void
mark_same(const evaluation *e, const heapy_atom *atom, bool *matches)
{
    for (heapy_type r = 0; r < e->type_count; r++) {
        uint64_t identity = 0;
        if (atom->identity)
            identity = heapy_graph_type_row(e->graph, r).identity;
        if (identity)
            matches[r] = identity == atom->identity;
        else
            matches[r] = atom->name && !strcmp(heapy_graph_type_name(e->graph, r), atom->name);
    }
}

static bool
has_supertype(const heapy_atom *atom, uint64_t identity)
{
    for (size_t i = 0; identity && i < atom->supertype_count; i++)
        if (atom->supertypes[i] == identity)
            return true;
    return false;
}

/* matches[r]: does the type of row r compare so with the atom's? */
static heapy_status
match_types(const evaluation *e, const heapy_atom *atom, bool *matches)
{
    bool is_below = atom->comparison == HEAPY_LT || atom->comparison == HEAPY_LE;
    if (atom->comparison == HEAPY_EQ) {
        mark_same(e, atom, matches);
        return HEAPY_OK;
    }
    heapy_type row = row_of_atom(e, atom);
    heapy_status status = HEAPY_OK;
    if (row == HEAPY_NO_TYPE) /* nothing here inherits from it */
        memset(matches, 0, e->type_count * sizeof *matches);
    else
        status = is_below ? heapy_graph_subtypes(e->graph, row, matches, e->err)
                          : heapy_graph_supertypes(e->graph, row, matches, e->err);
    for (heapy_type r = 0; !status && !is_below && row == HEAPY_NO_TYPE && r < e->type_count; r++)
        matches[r] = has_supertype(atom, heapy_graph_type_row(e->graph, r).identity);
    if (!status && row != HEAPY_NO_TYPE && (atom->comparison == HEAPY_LT || atom->comparison == HEAPY_GT))
        matches[row] = false;
    return status;
}

static bool
is_by_type(const heapy_atom *atom)
{
    return atom->form == HEAPY_ATOM_TYPE || atom->form == HEAPY_ATOM_ANYTHING;
}

/* rows[r] &= the literals of `term` that depend on the type only.  others: how many literals do not. */
static heapy_status
restrict_rows(const evaluation *e, const kind_term *term, bool *rows, size_t *others)
{
    bool *matches = NULL;
    heapy_status status = HEAPY_OK;
    *others = 0;
    for (size_t i = 0; !status && i < term->count; i++) {
        const kind_literal *literal = &term->literals[i];
        const heapy_atom *atom = &literal->atom->atom;
        if (!is_by_type(atom)) {
            ++*others;
            continue;
        }
        if (!matches && !(matches = heapy_alloc_array(e->type_count, sizeof *matches)))
            status = no_memory(e);
        if (!status && atom->form == HEAPY_ATOM_ANYTHING)
            memset(matches, true, e->type_count * sizeof *matches);
        else if (!status)
            status = match_types(e, atom, matches);
        for (size_t r = 0; !status && r < e->type_count; r++)
            rows[r] &= matches[r] != literal->is_complement;
    }
    heapy_free(matches);
    return status;
}

/* Set the bits of the members whose type has its row set. */
static void
add_rows(const evaluation *e, const bool *rows, uint64_t *words)
{
    const heapy_type *types = heapy_graph_types(e->graph);
    for (size_t first = 0; first < e->count; first += 64) {
        size_t end = first + 64 < e->count ? first + 64 : e->count;
        uint64_t word = 0;
        for (size_t i = first; i < end; i++)
            word |= (uint64_t)rows[types[node_of(e, i)]] << (i - first);
        words[first / 64] |= word;
    }
}

/* ---- atoms ---- */

static bool
in_order(heapy_comparison comparison, bool is_less, bool is_equal)
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

static int64_t
size_of(const heapy_sizes *sizes, heapy_node node)
{
    uint64_t exact = heapy_size_of(sizes, node);
    return exact > INT64_MAX ? INT64_MAX : (int64_t)exact;
}

static heapy_status
add_sizes(const evaluation *e, const heapy_atom *atom, heapy_node_set *out)
{
    const heapy_sizes sizes = heapy_graph_sizes(e->graph);
    for (size_t i = 0; i < e->count; i++) {
        int64_t size = size_of(&sizes, node_of(e, i));
        if (in_order(atom->comparison, size < atom->number, size == atom->number))
            heapy_node_set_add(out, (heapy_node)i);
    }
    return HEAPY_OK;
}

/* Is the node a dict that is classified by its owner?  owner: the owner's type. */
static bool
is_owned_dict(const evaluation *e, heapy_node node, heapy_type *owner)
{
    bool is_dict = heapy_graph_role(e->graph, node) == HEAPY_ROLE_DICT;
    if (is_dict)
        *owner = heapy_graph_owner_type(e->graph, node);
    else
        *owner = HEAPY_NO_TYPE;
    return is_dict;
}

/* Dicts without owner. */
static void
add_unowned_dicts(const evaluation *e, heapy_node_set *out)
{
    heapy_type owner;
    for (size_t i = 0; i < e->count; i++)
        if (is_owned_dict(e, node_of(e, i), &owner) && owner == HEAPY_NO_TYPE)
            heapy_node_set_add(out, (heapy_node)i);
}

/* Dicts whose owner's type has its row set. */
static void
add_dicts_of_types(const evaluation *e, const bool *rows, heapy_node_set *out)
{
    heapy_type owner;
    for (size_t i = 0; i < e->count; i++)
        if (is_owned_dict(e, node_of(e, i), &owner) && owner != HEAPY_NO_TYPE && rows[owner])
            heapy_node_set_add(out, (heapy_node)i);
}

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
        status = no_memory(e);
    heapy_node_set *chosen = NULL;
    size_t count = 0;
    for (size_t i = 0; !status && i < e->count; i++) {
        heapy_type type;
        heapy_node node = node_of(e, i), owner = HEAPY_NO_NODE;
        if (is_owned_dict(e, node, &type))
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
        return missing(e, "the owners of dicts");
    if (!kind) {
        add_unowned_dicts(e, out);
        return HEAPY_OK;
    }
    bool by_type = !heapy_kind_needs(kind);
    bool *rows = heapy_alloc_zeroed(e->type_count, sizeof *rows);
    bool *term_rows = heapy_alloc_array(e->type_count, sizeof *term_rows);
    heapy_status status = HEAPY_OK;
    if (!(rows && term_rows))
        status = no_memory(e);
    for (size_t t = 0; !status && by_type && t < kind->count; t++) {
        size_t others;
        memset(term_rows, true, e->type_count);
        status = restrict_rows(e, &kind->terms[t], term_rows, &others);
        by_type = !others;
        for (size_t r = 0; r < e->type_count; r++)
            rows[r] |= term_rows[r];
    }
    if (!status && by_type)
        add_dicts_of_types(e, rows, out);
    else if (!status)
        status = add_dicts_of_nodes(e, kind, out);
    heapy_free(rows);
    heapy_free(term_rows);
    return status;
}

/* The member, if it is one, that is the node at an address. */
static heapy_status
add_address(const evaluation *e, uint64_t address, heapy_node_set *out)
{
    heapy_node node = heapy_snapshot_node(e->snapshot, (uintptr_t)address);
    if (node != HEAPY_NO_NODE && !e->nodes)
        heapy_node_set_add(out, node);
    for (size_t i = 0; node != HEAPY_NO_NODE && e->nodes && i < e->count; i++)
        if (e->nodes[i] == node)
            heapy_node_set_add(out, (heapy_node)i);
    return HEAPY_OK;
}

/* Through whichever of the two has fewer addresses. */
static heapy_status
add_members(const evaluation *e, const heapy_address_map *members, heapy_node_set *out)
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
        if (heapy_address_map_contains(members, heapy_address_map_select(map, node_of(e, i))))
            heapy_node_set_add(out, (heapy_node)i);
    return HEAPY_OK;
}

/* Do `length` bytes begin with `start`?  And the other way round. */
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
            in_order(atom->comparison, site.line < atom->number, site.line == atom->number));
}

static heapy_status
add_producers(const evaluation *e, const heapy_atom *atom, heapy_node_set *out)
{
    const heapy_facts *sites = heapy_graph_facts(e->graph, HEAPY_ALLOCATION_SITES);
    if (!sites)
        return missing(e, "where objects were allocated");
    bool is_unknown = atom->form == HEAPY_ATOM_NO_PRODUCER && in_order(atom->comparison, false, true);
    size_t count = heapy_facts_value_count(sites);
    bool *matches = heapy_alloc_zeroed(count, sizeof *matches);
    if (!matches)
        return no_memory(e);
    for (uint32_t v = 0; atom->form == HEAPY_ATOM_PRODUCER && v < count; v++)
        matches[v] = matches_site(atom, heapy__parse_site(heapy_facts_value(sites, v)));
    for (size_t i = 0; i < e->count; i++) {
        uint32_t site = heapy_facts_of_node(sites, node_of(e, i));
        if (site == HEAPY_NO_FACT ? is_unknown : matches[site])
            heapy_node_set_add(out, (heapy_node)i);
    }
    heapy_free(matches);
    return HEAPY_OK;
}

/* The modules of a name, where addresses are not known. */
static heapy_status
add_modules_of_name(const evaluation *e, const char *name, heapy_node_set *out)
{
    const heapy_facts *modules = heapy_graph_facts(e->graph, "module");
    for (size_t i = 0; modules && name && i < e->count; i++) {
        uint32_t value = heapy_facts_of_node(modules, node_of(e, i));
        if (value != HEAPY_NO_FACT && !strcmp(heapy_facts_value(modules, value), name))
            heapy_node_set_add(out, (heapy_node)i);
    }
    return HEAPY_OK;
}

static heapy_status
add_facts(const evaluation *e, const heapy_atom *atom, heapy_node_set *out)
{
    const char *name = atom->classifier->fact ? atom->classifier->fact : "";
    const heapy_facts *facts = heapy_graph_facts(e->graph, name);
    if (!facts)
        return missing(e, name);
    for (size_t i = 0; i < e->count; i++) {
        uint32_t value = heapy_facts_of_node(facts, node_of(e, i));
        bool is_known = value != HEAPY_NO_FACT;
        if (is_known ? atom->name && !strcmp(heapy_facts_value(facts, value), atom->name) : !atom->name)
            heapy_node_set_add(out, (heapy_node)i);
    }
    return HEAPY_OK;
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

/* By inclusion: is_within: it has no class that was not named; has_all: every class that was. */
static bool
compares(heapy_comparison comparison, bool is_within, bool has_all)
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

/* By node: 0, or 1 more than the first of the atom's kinds that has it.  Kinds that repeat an earlier one are
   counted out of *count. */
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
        return missing(e, "referrers");
    uint32_t *kind_of_node = heapy_alloc_array(heapy_graph_node_count(e->graph), sizeof *kind_of_node);
    const heapy_node_set *nodes = NULL;
    heapy_referrer_sets *sets = NULL;
    size_t kind_count = 0;
    heapy_status status;
    if (kind_of_node)
        status = number_kinds(e, atom, kind_of_node, &kind_count);
    else
        status = no_memory(e);
    if (!status)
        status = set_of_nodes(e, &nodes);
    if (!status)
        status = heapy_referrer_sets_by_class(e->graph, nodes, kind_of_node, &sets, e->err);
    for (size_t i = 0; !status && i < e->count; i++) {
        size_t count;
        const uint32_t *kinds = heapy_referrer_sets_get(sets, node_of(e, i), &count);
        bool is_within = !count || kinds[0];
        if (compares(atom->comparison, is_within, count - !is_within == kind_count))
            heapy_node_set_add(out, (heapy_node)i);
    }
    heapy_referrer_sets_destroy(sets);
    heapy_free(kind_of_node);
    return status;
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

static heapy_status
add_by_references(evaluation *e, const heapy_atom *atom, heapy_node_set *out)
{
    if (!heapy_graph_has_edges(e->graph))
        return missing(e, "names of references");
    const heapy_node_set *nodes = NULL;
    heapy_referrer_sets *sets = NULL;
    heapy_reference *references = NULL;
    heapy_reference_names names = {0};
    size_t reference_count = 0, wanted = 0;
    bool *chosen = NULL;
    heapy_status status = set_of_nodes(e, &nodes);
    if (!status)
        status =
            heapy_referrer_sets_by_reference(e->graph, nodes, &sets, &references, &reference_count, e->err);
    if (!status)
        status = heapy_reference_names_init(&names, e->snapshot, references, reference_count, e->err);
    if (!status && !(chosen = heapy_alloc_zeroed(names.text_count, sizeof *chosen)))
        status = no_memory(e);
    if (!status) {
        heapy_referrer_sets_renumber(sets, names.numbers);
        choose_names(atom, &names, chosen, &wanted);
    }
    for (size_t i = 0; !status && i < e->count; i++) {
        size_t count, found = 0;
        const uint32_t *numbers = heapy_referrer_sets_get(sets, node_of(e, i), &count);
        for (size_t k = 0; k < count; k++)
            found += chosen[numbers[k]];
        if (compares(atom->comparison, found == count, found == wanted))
            heapy_node_set_add(out, (heapy_node)i);
    }
    heapy_referrer_sets_destroy(sets);
    heapy_reference_names_deinit(&names);
    heapy_free(references);
    heapy_free(chosen);
    return status;
}

/* ---- all ---- */

/* `out` is empty. */
static heapy_status
add_atom(evaluation *e, const heapy_atom *atom, heapy_node_set *out)
{
    switch (atom->form) {
    case HEAPY_ATOM_SIZE:
        return add_sizes(e, atom, out);
    case HEAPY_ATOM_DICT_OF:
        return add_dicts(e, atom->kind_count ? atom->kinds[0] : NULL, out);
    case HEAPY_ATOM_MODULE:
    case HEAPY_ATOM_ID:
        if (atom->identity)
            return add_address(e, atom->identity, out);
        return add_modules_of_name(e, atom->name, out);
    case HEAPY_ATOM_MEMBERS:
        return add_members(e, atom->members, out);
    case HEAPY_ATOM_REFERRERS:
        return add_by_referrers(e, atom, out);
    case HEAPY_ATOM_REFERENCES:
        return add_by_references(e, atom, out);
    case HEAPY_ATOM_PRODUCER:
    case HEAPY_ATOM_NO_PRODUCER:
        return add_producers(e, atom, out);
    case HEAPY_ATOM_FACT:
        return add_facts(e, atom, out);
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

/* selected &= the literal. */
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
    add_rows(e, rows, heapy__node_set_words(selected));
    for (size_t i = 0; !status && i < term->count; i++)
        if (!is_by_type(&term->literals[i].atom->atom))
            status = intersect_literal(e, &term->literals[i], cache, selected);
    if (!status)
        status = heapy_node_set_combine(out, selected, HEAPY_UNION, e->err);
    heapy_node_set_destroy(selected);
    return status;
}

/* ---- terms that are one class ---- */

static heapy_status
add_noted_dicts(const evaluation *e, const kind_terms *terms, bool *rows, heapy_node_set *out)
{
    if (!terms->owners.name_count && !terms->owners.identity_count)
        return HEAPY_OK;
    if (!heapy_graph_has_owners(e->graph))
        return missing(e, "the owners of dicts");
    for (heapy_type r = 0; r < e->type_count; r++)
        rows[r] = heapy__noted_types_have(&terms->owners, heapy_graph_type_row(e->graph, r).identity,
                                          heapy_graph_type_name(e->graph, r));
    add_dicts_of_types(e, rows, out);
    return HEAPY_OK;
}

static void
add_noted_addresses(const evaluation *e, const kind_terms *terms, heapy_node_set *out)
{
    if (!e->nodes) {
        for (size_t i = 0; i < terms->address_count; i++)
            add_address(e, terms->addresses[i], out);
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
        return missing(e, "where objects were allocated");
    size_t count = heapy_facts_value_count(sites);
    bool *matches = heapy_alloc_array(count, sizeof *matches);
    if (!matches)
        return no_memory(e);
    for (uint32_t v = 0; v < count; v++)
        matches[v] = heapy__kind_terms_have_site(terms, heapy__parse_site(heapy_facts_value(sites, v)));
    for (size_t i = 0; i < e->count; i++) {
        uint32_t site = heapy_facts_of_node(sites, node_of(e, i));
        if (site != HEAPY_NO_FACT && matches[site])
            heapy_node_set_add(out, (heapy_node)i);
    }
    heapy_free(matches);
    return HEAPY_OK;
}

/* Add what was noted: members by their types to `any_term`, the others to `out`.  rows: room for flags. */
static heapy_status
add_noted(const evaluation *e, const kind_terms *terms, bool *any_term, bool *rows, heapy_node_set *out)
{
    const heapy_sizes sizes = heapy_graph_sizes(e->graph);
    bool has_types = terms->types.identity_count || terms->types.name_count;
    for (heapy_type r = 0; has_types && r < e->type_count; r++)
        any_term[r] |= heapy__noted_types_have(&terms->types, heapy_graph_type_row(e->graph, r).identity,
                                               heapy_graph_type_name(e->graph, r));
    for (size_t i = 0; terms->size_count && i < e->count; i++)
        if (heapy__kind_terms_have_size(terms, size_of(&sizes, node_of(e, i))))
            heapy_node_set_add(out, (heapy_node)i);
    add_noted_addresses(e, terms, out);
    heapy_status status = add_noted_dicts(e, terms, rows, out);
    if (status)
        return status;
    return add_noted_sites(e, terms, out);
}

/* ---- all ---- */

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
        status = no_memory(e);
    for (size_t t = 0; !status && t < kind->count; t++) {
        const kind_term *term = &kind->terms[t];
        if (heapy__kind_terms_note(&noted, term))
            continue; /* one of many classes, which are looked up together below */
        size_t others;
        memset(rows, true, e->type_count);
        status = restrict_rows(e, term, rows, &others);
        /* Where types decide all, their rows are the answer; else only objects of those are looked at. */
        if (!status && others)
            status = add_term(e, term, rows, &cache, result);
        for (size_t r = 0; !status && !others && r < e->type_count; r++)
            any_term[r] |= rows[r];
    }
    if (!status) {
        heapy__kind_terms_sort(&noted);
        status = add_noted(e, &noted, any_term, rows, result);
    }
    if (!status) {
        add_rows(e, any_term, heapy__node_set_words(result));
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
            if (!is_by_type(&kind->terms[t].literals[i].atom->atom))
                return false;
    return true;
}
