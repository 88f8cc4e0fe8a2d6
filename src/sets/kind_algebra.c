/* SPDX-License-Identifier: MIT */
/*
 * The algebra of kinds.
 *
 * Everything is done on the normal form.  The order of terms and literals decides nothing but the text, where
 * users see it: it is guppy's (K-58b).
 */
#include <string.h>

#include "../base/fail.h"
#include "heapy/memory.h"
#include "kind_internal.h"

/* ---- literals and terms ---- */

/* Is everything in the literal x in the literal y? */
static bool
literal_implies(kind_literal x, kind_literal y)
{
    atom_relation relation = heapy__relate_atoms(x.atom, y.atom);
    if (!x.is_complement && !y.is_complement)
        return relation == ATOMS_EQUAL || relation == ATOMS_SUBSET;
    if (!x.is_complement)
        return relation == ATOMS_DISJOINT;
    if (y.is_complement)
        return relation == ATOMS_EQUAL || relation == ATOMS_SUPERSET;
    return y.atom->atom.form == HEAPY_ATOM_ANYTHING;
}

static bool
literals_exclude(kind_literal x, kind_literal y)
{
    y.is_complement = !y.is_complement;
    return literal_implies(x, y);
}

static bool
is_everything(kind_literal x)
{
    return !x.is_complement && x.atom->atom.form == HEAPY_ATOM_ANYTHING;
}

static bool
is_empty(kind_literal x)
{
    return x.is_complement && x.atom->atom.form == HEAPY_ATOM_ANYTHING;
}

/* Drop literals that others imply; the first `known` imply none of each other.  False: the intersection is
   certainly empty. */
static bool
simplify_term(kind_literal *literals, size_t *count, size_t known)
{
    size_t kept = known;
    if (known && is_empty(literals[0]))
        return false;
    for (size_t i = known; i < *count; i++) {
        /* "Anything" says nothing, unless it is all there is. */
        bool is_implied = is_everything(literals[i]) && (kept || i + 1 < *count);
        if (is_empty(literals[i]))
            return false;
        /* literals[0 .. kept-1] imply none of each other.  One that follows from the new one goes; the new
           one goes when it follows from one of them, but is still held against the others, which it may
           exclude. */
        for (size_t k = 0; k < kept;) {
            if (literals_exclude(literals[i], literals[k]))
                return false;
            if (is_implied || literal_implies(literals[k], literals[i])) {
                is_implied = true;
                k++;
            } else if (literal_implies(literals[i], literals[k])) {
                memmove(literals + k, literals + k + 1, (--kept - k) * sizeof *literals);
            } else {
                k++;
            }
        }
        if (!is_implied)
            literals[kept++] = literals[i];
    }
    *count = kept;
    return true;
}

/* Is everything in the term x in the term y? */
static bool
literals_imply(const kind_literal *x, size_t x_count, const kind_literal *y, size_t y_count)
{
    for (size_t i = 0; i < y_count; i++) {
        bool is_implied = is_everything(y[i]);
        for (size_t k = 0; !is_implied && k < x_count; k++) /* terms of one union share most literals */
            is_implied = x[k].atom == y[i].atom && x[k].is_complement == y[i].is_complement;
        for (size_t k = 0; !is_implied && k < x_count; k++)
            is_implied = literal_implies(x[k], y[i]);
        if (!is_implied)
            return false;
    }
    return true;
}

static bool
term_implies(const kind_literal *x, size_t x_count, const kind_term *y)
{
    return literals_imply(x, x_count, y->literals, y->count);
}

/* Do the terms have nothing in common? */
static bool
terms_exclude(const kind_literal *x, size_t x_count, const kind_term *y)
{
    for (size_t i = 0; i < y->count; i++)
        for (size_t k = 0; k < x_count; k++)
            if (literals_exclude(x[k], y->literals[i]))
                return true;
    return false;
}

/* Are they the same but for one literal that is the complement of the other's?  Then which of x's. */
static bool
differ_in_complement(const kind_literal *x, size_t x_count, const kind_term *y, size_t *which)
{
    *which = 0;
    if (x_count != y->count)
        return false;
    size_t found = 0;
    for (size_t i = 0; i < x_count; i++) {
        bool is_same = false, is_opposite = false;
        for (size_t k = 0; k < y->count; k++) {
            if (heapy__relate_atoms(x[i].atom, y->literals[k].atom) != ATOMS_EQUAL)
                continue;
            is_same |= x[i].is_complement == y->literals[k].is_complement;
            is_opposite |= x[i].is_complement != y->literals[k].is_complement;
        }
        if (is_opposite) {
            *which = i;
            found++;
        } else if (!is_same) {
            return false;
        }
    }
    return found == 1;
}

/* ---- unions ---- */

/* Absorbing compares each pair of terms, literal by literal: in unions larger than this nothing is absorbed.
 */
enum { MANY_TERMS = 4096, MANY_LITERALS = 1 << 13 };

static bool
is_too_large_to_absorb(const heapy_kind *kind, size_t literals)
{
    return kind->count > MANY_TERMS || kind->count * literals > MANY_LITERALS;
}

/* Add a term that is not empty, in place of those it absorbs; the union keeps only maximal terms. */
static bool
add_term(heapy_kind *kind, const kind_literal *literals, size_t count)
{
    for (size_t i = 0; i < kind->count; i++)
        if (term_implies(literals, count, &kind->terms[i]))
            return true;
    for (size_t i = 0; i < kind->count;) {
        kind_term *term = &kind->terms[i];
        size_t which;
        if (literals_imply(term->literals, term->count, literals, count)) {
            heapy__kind_remove(kind, i);
        } else if (differ_in_complement(literals, count, term, &which)) {
            /* (x & y) | (x & ~y) is x, which may absorb more, or merge again: begin anew with it. */
            kind_literal *merged = heapy_alloc_array(count, sizeof *merged);
            if (!merged)
                return false;
            memcpy(merged, literals, which * sizeof *merged);
            memcpy(merged + which, literals + which + 1, (count - which - 1) * sizeof *merged);
            heapy__kind_remove(kind, i); /* the caller's literals keep the atoms */
            bool is_added = add_term(kind, merged, count - 1);
            heapy_free(merged);
            return is_added;
        } else {
            i++;
        }
    }
    return heapy__kind_append(kind, literals, count);
}

/* are_maximal: none of them absorbs another, and `out` is empty. */
static bool
add_terms(heapy_kind *out, const heapy_kind *from, bool are_maximal)
{
    bool is_done = true;
    for (size_t i = 0; is_done && i < from->count; i++) {
        const kind_term *term = &from->terms[i];
        if (term->count == 1 && is_empty(term->literals[0]))
            continue;
        if (are_maximal || is_too_large_to_absorb(out, term->count))
            is_done = heapy__kind_append(out, term->literals, term->count);
        else
            is_done = add_term(out, term->literals, term->count);
    }
    return is_done;
}

/* Is it a single term of a single complement? */
static bool
is_single_complement(const kind_literal *literals, size_t count)
{
    return count == 1 && literals[0].is_complement;
}

/* In guppy's order the first of two single operands comes last, a single one after several, and of several
   those of the second operand come first. */
static bool
first_comes_first(size_t a, size_t b, bool a_is_complement, bool b_is_complement)
{
    if (a == 1 && b == 1)
        return a_is_complement && !b_is_complement;
    return a > 1 && b == 1;
}

static heapy_kind *
unite(const heapy_kind *a, const heapy_kind *b)
{
    heapy_kind *out = heapy__kind_new();
    if (!out)
        return NULL;
    bool a_first = first_comes_first(
        a->count, b->count, a->count == 1 && is_single_complement(a->terms[0].literals, a->terms[0].count),
        b->count == 1 && is_single_complement(b->terms[0].literals, b->terms[0].count));
    if (add_terms(out, a_first ? a : b, true) && add_terms(out, a_first ? b : a, false))
        return out;
    heapy_kind_release(out);
    return NULL;
}

/* ---- intersections ---- */

/* Add a & b to `out`.  False: no memory. */
static bool
add_product(heapy_kind *out, const kind_term *a, const kind_term *b)
{
    kind_literal *literals = heapy_alloc_array(a->count + b->count, sizeof *literals);
    if (!literals)
        return false;
    bool a_first = first_comes_first(a->count, b->count, is_single_complement(a->literals, a->count),
                                     is_single_complement(b->literals, b->count));
    const kind_term *first = a_first ? a : b, *second = a_first ? b : a;
    memcpy(literals, first->literals, first->count * sizeof *literals);
    memcpy(literals + first->count, second->literals, second->count * sizeof *literals);
    size_t count = a->count + b->count;
    bool is_added = true;
    if (simplify_term(literals, &count, first->count)) {
        if (is_too_large_to_absorb(out, count))
            is_added = heapy__kind_append(out, literals, count);
        else
            is_added = add_term(out, literals, count);
    }
    heapy_free(literals);
    return is_added;
}

static heapy_status
intersect(const heapy_kind *a, const heapy_kind *b, heapy_kind **out, heapy_error *err)
{
    heapy_kind *product = heapy__kind_new();
    if (!product)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a kind");
    /* Every term of one with every term of the other; the order of the two is that of the text. */
    if (a->count == 1 && b->count > 1) { /* c & (a | b) is (a & c) | (b & c) */
        const heapy_kind *single = a;
        a = b;
        b = single;
    }
    heapy_status status = HEAPY_OK;
    for (size_t i = 0; !status && i < a->count; i++)
        for (size_t k = 0; !status && k < b->count; k++) {
            if (!add_product(product, &a->terms[i], &b->terms[k]))
                status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a kind");
            else if (b->count > 1 && product->count > HEAPY_KIND_MAX_TERMS)
                status = heapy__fail(err, HEAPY_LIMIT,
                                     "this expression is a union of more than %d intersections; select in "
                                     "several steps, as in (x & a) & b, instead",
                                     HEAPY_KIND_MAX_TERMS);
        }
    if (status)
        heapy_kind_release(product);
    else
        *out = product;
    return status;
}

/* ---- complements ---- */

static heapy_kind *
complement_of_term(const kind_term *term)
{
    heapy_kind *out = heapy__kind_new();
    for (size_t i = 0; out && i < term->count; i++) {
        heapy_kind *one = heapy__kind_new();
        kind_literal opposite = {term->literals[i].atom, !term->literals[i].is_complement};
        heapy_kind *both = one && heapy__kind_append(one, &opposite, 1) ? i ? unite(out, one) : one : NULL;
        if (both != one)
            heapy_kind_release(one);
        heapy_kind_release(out);
        out = both;
    }
    return out;
}

heapy_status
heapy_kind_complement(const heapy_kind *a, const heapy_kind **out, heapy_error *err)
{
    if (!a || !out)
        return heapy__fail_null(err, "a or out");
    heapy_kind *result = NULL;
    heapy_status status = HEAPY_OK;
    if (!a->count) { /* everything: one term without literals */
        result = heapy__kind_new();
        if (!result || !heapy__kind_append(result, NULL, 0)) {
            heapy_kind_release(result);
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a kind");
        }
    }
    /* De Morgan: the complement of a union is the intersection of the terms' complements, each of which is
       the union of its literals' complements.  `result` is the intersection so far. */
    for (size_t i = 0; !status && i < a->count; i++) {
        heapy_kind *opposite = complement_of_term(&a->terms[i]), *both = opposite;
        if (!opposite)
            status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a kind");
        else if (i)
            status = intersect(result, opposite, &both, err);
        if (both != opposite || status)
            heapy_kind_release(opposite);
        if (i || status)
            heapy_kind_release(result);
        if (status)
            result = NULL;
        else
            result = both;
    }
    if (!status)
        *out = result;
    return status;
}

static heapy_status
subtract(const heapy_kind *a, const heapy_kind *b, heapy_kind **out, heapy_error *err)
{
    const heapy_kind *rest;
    heapy_status status = heapy_kind_complement(b, &rest, err);
    if (status)
        return status;
    status = intersect(a, rest, out, err);
    heapy_kind_release(rest);
    return status;
}

heapy_status
heapy_kind_combine(const heapy_kind *a, const heapy_kind *b, heapy_set_operation operation,
                   const heapy_kind **out, heapy_error *err)
{
    if (!a || !b || !out)
        return heapy__fail_null(err, "a, b or out");
    heapy_kind *result = NULL, *other = NULL;
    heapy_status status = HEAPY_OK;
    switch (operation) {
    case HEAPY_UNION:
        result = unite(a, b);
        break;
    case HEAPY_INTERSECTION:
        status = intersect(a, b, &result, err);
        break;
    case HEAPY_DIFFERENCE:
        status = subtract(a, b, &result, err);
        break;
    case HEAPY_SYMMETRIC_DIFFERENCE: {
        heapy_kind *first = NULL;
        status = subtract(a, b, &first, err);
        if (!status)
            status = subtract(b, a, &other, err);
        if (!status)
            result = unite(first, other);
        heapy_kind_release(first);
        heapy_kind_release(other);
        break;
    }
    default:
        return heapy__fail_operation(err, operation);
    }
    if (status)
        return status;
    if (!result)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a kind");
    *out = result;
    return HEAPY_OK;
}

/* ---- comparing ---- */

bool
heapy_kind_is_nothing(const heapy_kind *kind)
{
    if (!kind)
        return false; /* NULL is no kind: nothing is certain of it */
    for (size_t i = 0; i < kind->count; i++)
        if (kind->terms[i].count != 1 || !is_empty(kind->terms[i].literals[0]))
            return false;
    return true;
}

enum { COVER_STEPS = 20000, COVER_DEPTH = 64 };

/* A term that grows literal by literal, and the terms that may cover it. */
typedef struct cover_search {
    const heapy_kind *kind;
    kind_literal *literals; /* room for COVER_DEPTH more than the term has */
    size_t count, limit;
    unsigned steps;
} cover_search;

/* The term of the kind that can be told apart with the fewest further literals; NULL: none overlaps. */
static const kind_term *
overlapping_term(const cover_search *search)
{
    const kind_term *best = NULL;
    for (size_t i = 0; i < search->kind->count; i++) {
        const kind_term *term = &search->kind->terms[i];
        if ((best && best->count <= term->count) || terms_exclude(search->literals, search->count, term))
            continue;
        best = term;
    }
    return best;
}

static bool
excludes_literal(const cover_search *search, kind_literal literal)
{
    for (size_t i = 0; i < search->count; i++)
        if (literals_exclude(search->literals[i], literal))
            return true;
    return false;
}

static bool is_covered(cover_search *search);

/* The same with one more literal; an empty intersection is covered by anything. */
static bool
is_covered_with(cover_search *search, kind_literal literal)
{
    if (excludes_literal(search, literal))
        return true;
    if (search->count == search->limit)
        return false;
    search->literals[search->count++] = literal;
    bool result = is_covered(search);
    search->count--;
    return result;
}

/* Does the union cover the term?  By cases: a literal of an overlapping term holds or does not. */
static bool
is_covered(cover_search *search)
{
    if (++search->steps > COVER_STEPS)
        return false;
    for (size_t i = 0; i < search->kind->count; i++)
        if (term_implies(search->literals, search->count, &search->kind->terms[i]))
            return true;
    const kind_term *term = overlapping_term(search);
    for (size_t i = 0; term && i < term->count; i++) {
        kind_literal holds = term->literals[i], fails = {holds.atom, !holds.is_complement};
        bool is_decided = is_everything(holds);
        for (size_t k = 0; !is_decided && k < search->count; k++)
            is_decided = literal_implies(search->literals[k], holds);
        /* The part of the term where the literal fails is outside this overlapping term, so it narrows the
           rest down; the part where it holds is one literal nearer to being in it. */
        if (!is_decided)
            return is_covered_with(search, fails) && is_covered_with(search, holds);
    }
    return false;
}

static bool
term_is_subset(const kind_term *term, const heapy_kind *kind)
{
    if (term->count == 1 && is_empty(term->literals[0]))
        return true;
    for (size_t i = 0; i < kind->count; i++)
        if (term_implies(term->literals, term->count, &kind->terms[i]))
            return true;
    cover_search search = {.kind = kind, .count = term->count, .limit = term->count + COVER_DEPTH};
    search.literals = heapy_alloc_array(search.limit, sizeof *search.literals);
    if (!search.literals)
        return false;
    if (term->count)
        memcpy(search.literals, term->literals, term->count * sizeof *term->literals);
    bool result = is_covered(&search);
    heapy_free(search.literals);
    return result;
}

bool
heapy_kind_is_subset(const heapy_kind *a, const heapy_kind *b)
{
    if (!a || !b)
        return false;
    if (a == b)
        return true;
    for (size_t i = 0; i < a->count; i++)
        if (!term_is_subset(&a->terms[i], b))
            return false;
    return true;
}

static bool
is_empty_term(const kind_term *term)
{
    return term->count == 1 && is_empty(term->literals[0]);
}

bool
heapy_kind_is_disjoint(const heapy_kind *a, const heapy_kind *b)
{
    if (!a || !b)
        return false;
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++) {
            const kind_term *x = &a->terms[i], *y = &b->terms[k];
            if (!is_empty_term(x) && !is_empty_term(y) && !terms_exclude(x->literals, x->count, y))
                return false;
        }
    return true;
}

/* ---- hashing ---- */

/*
 * Kinds that are equal may be written differently.  Where the literals of the shortest form have nothing to
 * do with each other, or it is a union of atoms, that form is the only one; every other kind gets one hash.
 */
static bool
drop_redundant_literals(heapy_kind *kind)
{
    for (size_t t = 0; t < kind->count; t++)
        for (size_t i = 0; i < kind->terms[t].count;) {
            kind_term *term = &kind->terms[t];
            kind_literal without[64];
            if (term->count > 64)
                return false;
            memcpy(without, term->literals, i * sizeof *without);
            memcpy(without + i, term->literals + i + 1, (term->count - i - 1) * sizeof *without);
            if (!term_is_subset(&(kind_term){without, term->count - 1}, kind)) {
                i++;
                continue;
            }
            heapy__atom_release(term->literals[i].atom);
            memcpy(term->literals, without, --term->count * sizeof *without);
        }
    return true;
}

/* Drop the terms that the others cover. */
static void
drop_redundant_terms(heapy_kind *kind)
{
    /* A term is taken out, asked for, and put back at its place when the others do not cover it. */
    for (size_t t = kind->count; t-- > 0;) {
        kind_term term = kind->terms[t];
        size_t after = kind->count - t - 1;
        memmove(kind->terms + t, kind->terms + t + 1, after * sizeof term);
        kind->terms[--kind->count] = term;
        if (term_is_subset(&term, kind)) {
            kind->count++;
            heapy__kind_remove(kind, kind->count - 1);
        } else {
            memmove(kind->terms + t + 1, kind->terms + t, after * sizeof term);
            kind->terms[t] = term;
            kind->count++;
        }
    }
}

/* Has each literal nothing to do with the others, or is it the same? */
static bool
are_independent(const heapy_kind *kind)
{
    for (size_t t = 0; t < kind->count; t++)
        for (size_t i = 0; i < kind->terms[t].count; i++)
            for (size_t u = 0; u < t; u++)
                for (size_t k = 0; k < kind->terms[u].count; k++) {
                    kind_literal x = kind->terms[t].literals[i], y = kind->terms[u].literals[k];
                    atom_relation relation = heapy__relate_atoms(x.atom, y.atom);
                    if (relation != ATOMS_UNRELATED &&
                        (relation != ATOMS_EQUAL || x.is_complement != y.is_complement))
                        return false;
                }
    return true;
}

/* Is the kind a union of atoms, or one intersection? */
static bool
is_plain(const heapy_kind *kind)
{
    bool result = true;
    for (size_t t = 0; result && t < kind->count; t++)
        result = kind->terms[t].count == 1 && !kind->terms[t].literals[0].is_complement;
    return result || kind->count == 1;
}

static uint64_t
hash_terms(const heapy_kind *kind)
{
    uint64_t sum = 0;
    for (size_t t = 0; t < kind->count; t++) {
        uint64_t product = 0;
        for (size_t i = 0; i < kind->terms[t].count; i++) {
            const kind_literal *literal = &kind->terms[t].literals[i];
            if (!is_everything(*literal))
                product ^= literal->is_complement ? ~literal->atom->hash : literal->atom->hash;
        }
        sum += product * UINT64_C(0x9e3779b97f4a7c15) + 1;
    }
    return sum;
}

enum { HASH_MANY_TERMS = 128 };

uint64_t
heapy_kind_hash(const heapy_kind *kind)
{
    static const uint64_t hash_of_the_rest = UINT64_C(0x5bd1e995);
    if (!kind || heapy_kind_is_nothing(kind))
        return 0;
    if (is_plain(kind)) /* nothing can be shortened */
        return hash_terms(kind);
    if (kind->count > HASH_MANY_TERMS)
        return hash_of_the_rest;
    const heapy_kind *copy;
    if (heapy_kind_union_of_disjoint(&kind, 1, &copy, NULL))
        return hash_of_the_rest;
    heapy_kind *reduced = heapy__kind_mutable(copy);
    uint64_t hash = hash_of_the_rest;
    if (drop_redundant_literals(reduced)) {
        drop_redundant_terms(reduced);
        if (is_plain(reduced) || are_independent(reduced))
            hash = hash_terms(reduced);
    }
    heapy_kind_release(copy);
    return hash;
}
