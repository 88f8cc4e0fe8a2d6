/* SPDX-License-Identifier: MIT */
/* What a kind says of types alone: the first look at an object reads nothing but its type. */
#include "../base/fail.h"
#include "heapy/memory.h"
#include "kind_internal.h"
#include "kind_terms.h"

struct heapy_type_filter {
    kind_terms noted;        /* terms that are one type */
    const kind_term **terms; /* the others that ask for types */
    size_t count;
    bool has_open_terms; /* some ask for no type at all: no type is ruled out */
};

static bool
asks_for_types(const kind_term *term)
{
    for (size_t i = 0; i < term->count; i++) {
        heapy_atom_form form = term->literals[i].atom->atom.form;
        if (form == HEAPY_ATOM_TYPE || form == HEAPY_ATOM_ANYTHING)
            return true;
    }
    return !term->count;
}

void
heapy_type_filter_destroy(heapy_type_filter *filter)
{
    if (!filter)
        return;
    heapy__kind_terms_deinit(&filter->noted);
    heapy_free(filter->terms);
    heapy_free(filter);
}

heapy_status
heapy_type_filter_create(const heapy_kind *kind, heapy_type_filter **out, heapy_error *err)
{
    if (!kind || !out)
        return heapy__fail_null(err, "kind or out");
    heapy_type_filter *filter = heapy_alloc_zeroed(1, sizeof *filter);
    bool is_done = filter && heapy__kind_terms_init(&filter->noted, kind) &&
                   (filter->terms = heapy_alloc_array(kind->count, sizeof *filter->terms));
    if (!is_done) {
        heapy_type_filter_destroy(filter);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a kind of %zu terms", kind->count);
    }
    for (size_t t = 0; t < kind->count; t++) {
        const kind_term *term = &kind->terms[t];
        bool is_type = term->count == 1 && term->literals[0].atom->atom.form == HEAPY_ATOM_TYPE &&
                       term->literals[0].atom->atom.identity;
        if (is_type && heapy__kind_terms_note(&filter->noted, term))
            continue;
        if (asks_for_types(term))
            filter->terms[filter->count++] = term;
        else
            filter->has_open_terms = true;
    }
    heapy__kind_terms_sort(&filter->noted);
    *out = filter;
    return HEAPY_OK;
}

/* Does the type compare so with the atom's? */
static bool
compares_type(const heapy_atom *atom, uint64_t identity, bool (*is_subtype)(uint64_t identity, uint64_t of))
{
    bool is_same = identity == atom->identity;
    switch (atom->comparison) {
    case HEAPY_EQ:
        return is_same;
    case HEAPY_LT:
        return !is_same && is_subtype(identity, atom->identity);
    case HEAPY_LE:
        return is_same || is_subtype(identity, atom->identity);
    case HEAPY_GE:
        return is_same || is_subtype(atom->identity, identity);
    case HEAPY_GT:
        break;
    }
    return !is_same && is_subtype(atom->identity, identity);
}

bool
heapy_type_filter_accepts(const heapy_type_filter *filter, uint64_t identity,
                          bool (*is_subtype)(uint64_t identity, uint64_t of), bool *is_exact)
{
    bool ignored;
    is_exact = is_exact ? is_exact : &ignored;
    *is_exact = true;
    if (!filter || !is_subtype)
        return false;
    if (heapy__noted_types_have(&filter->noted.types, identity, NULL))
        return true;
    bool may_have = filter->has_open_terms;
    for (size_t t = 0; t < filter->count; t++) {
        const kind_term *term = filter->terms[t];
        bool may_match = true, is_by_types = true;
        for (size_t i = 0; may_match && i < term->count; i++) {
            const heapy_atom *atom = &term->literals[i].atom->atom;
            bool is_complement = term->literals[i].is_complement;
            if (atom->form == HEAPY_ATOM_TYPE && atom->identity)
                may_match = compares_type(atom, identity, is_subtype) != is_complement;
            else if (atom->form == HEAPY_ATOM_ANYTHING)
                may_match = !is_complement;
            else
                is_by_types = false;
        }
        if (may_match && is_by_types)
            return true;
        may_have |= may_match;
    }
    *is_exact = !may_have;
    return may_have;
}
