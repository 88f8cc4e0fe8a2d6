/* SPDX-License-Identifier: MIT */
/*
 * The normal form of kinds: unions of terms of literals.
 *
 *     (dict of C & size < 100) | ~module
 *
 *     heapy_kind    terms --> | term 0            | term 1    |
 *                               literals             literals
 *                               |         |             |
 *                        kind_literal  kind_literal  kind_literal     is_complement: of the last one true
 *                               |         |             |
 *                        kind_atom     kind_atom     kind_atom        counted: kinds share them
 *                        DICT_OF       SIZE          TYPE
 *                        kinds[0]      LT, 100       module
 *                           |
 *                        heapy_kind of one term of one literal, TYPE C
 *
 * No terms: nothing.  One term without literals: everything.  No term is in another, and in no term does a
 * literal follow from another or exclude it, as far as the relations between atoms go; of very large unions
 * that is not looked at.
 */
#ifndef HEAPY_KIND_INTERNAL_H
#define HEAPY_KIND_INTERNAL_H

#include "heapy/kind.h"

typedef struct kind_atom {
    heapy_atom atom; /* the public view, of what is owned here: */
    char *name, *module, *qualname;
    const heapy_kind **kinds;
    char **texts;
    uint64_t *supertypes;
    heapy_address_map *members; /* a copy, where nobody else keeps it */
    size_t references;
    unsigned depth; /* atoms in atoms: 1 for one without kinds */
    uint64_t hash;
} kind_atom;

typedef struct kind_literal {
    kind_atom *atom;
    bool is_complement;
} kind_literal;

/* An intersection; of no literal: everything. */
typedef struct kind_term {
    kind_literal *literals;
    size_t count;
} kind_term;

/* A union; of no term: nothing. */
struct heapy_kind {
    size_t references;
    kind_term *terms;
    size_t count, capacity;
    unsigned depth; /* of its deepest atom */
};

/* Kinds never change but for their count, and while they are made. */
static inline heapy_kind *
heapy__kind_mutable(const heapy_kind *kind)
{
    return (heapy_kind *)(uintptr_t)kind;
}

/* What holds between two atoms whatever the heap. */
typedef enum atom_relation {
    ATOMS_UNRELATED,
    ATOMS_EQUAL,
    ATOMS_SUBSET,   /* a is in b */
    ATOMS_SUPERSET, /* b is in a */
    ATOMS_DISJOINT
} atom_relation;

atom_relation heapy__relate_atoms(const kind_atom *a, const kind_atom *b);

/* An empty union to be filled; NULL: no memory. */
heapy_kind *heapy__kind_new(void);

/* Append a copy of a term; false: no memory. */
bool heapy__kind_append(heapy_kind *kind, const kind_literal *literals, size_t count);

/* Remove term i, keeping the order. */
void heapy__kind_remove(heapy_kind *kind, size_t i);

kind_atom *heapy__atom_retain(kind_atom *atom);
void heapy__atom_release(kind_atom *atom);

#endif
