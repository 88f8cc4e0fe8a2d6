/* SPDX-License-Identifier: MIT */
#include "select_types.h"

#include <string.h>

#include "heapy/memory.h"

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

bool
heapy__is_by_type(const heapy_atom *atom)
{
    return atom->form == HEAPY_ATOM_TYPE || atom->form == HEAPY_ATOM_ANYTHING;
}

/* rows[r] &= the literals of `term` that depend on the type only.  others: how many literals do not. */
heapy_status
heapy__restrict_rows(const evaluation *e, const kind_term *term, bool *rows, size_t *others)
{
    bool *matches = NULL;
    heapy_status status = HEAPY_OK;
    *others = 0;
    for (size_t i = 0; !status && i < term->count; i++) {
        const kind_literal *literal = &term->literals[i];
        const heapy_atom *atom = &literal->atom->atom;
        if (!heapy__is_by_type(atom)) {
            ++*others;
            continue;
        }
        if (!matches && !(matches = heapy_alloc_array(e->type_count, sizeof *matches)))
            status = heapy__no_memory_to_select(e);
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
void
heapy__select_rows(const evaluation *e, const bool *rows, uint64_t *words)
{
    const heapy_type *types = heapy_graph_types(e->graph);
    for (size_t first = 0; first < e->count; first += 64) {
        size_t end = first + 64 < e->count ? first + 64 : e->count;
        uint64_t word = 0;
        for (size_t i = first; i < end; i++)
            word |= (uint64_t)rows[types[heapy__evaluated_node(e, i)]] << (i - first);
        words[first / 64] |= word;
    }
}
