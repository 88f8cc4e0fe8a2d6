/* SPDX-License-Identifier: MIT */
/*
 * Kinds: symbolic sets of nodes, that decide membership without listing their members.
 *
 * A kind is an expression in normal form: a union of terms, each an intersection of literals, each an atom or
 * the complement of one.  An atom is one class of some classification: a type, a size, the dicts of some
 * owners, what is referred to by lists only.  Kinds are immutable and counted; combining simplifies by what
 * holds between atoms whatever the heap:
 *
 *     different classes of one classification are disjoint
 *     dicts of an owner are dicts; everything is in "anything"
 *
 * heapy_kind_select() evaluates a kind to the nodes of a graph.
 */
#ifndef HEAPY_KIND_H
#define HEAPY_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapy/address_map.h"
#include "heapy/classifier.h"
#include "heapy/graph.h"
#include "heapy/node_set.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum heapy_atom_form {
    HEAPY_ATOM_ANYTHING,   /* every node */
    HEAPY_ATOM_TYPE,       /* the nodes of a type: identity, name and what follows it, supertypes */
    HEAPY_ATOM_DICT_OF,    /* the dicts whose owner is in kinds[0]; without kinds: those nothing owns */
    HEAPY_ATOM_SIZE,       /* the nodes of `number` bytes; name: the same in decimal, exact */
    HEAPY_ATOM_MODULE,     /* the node at address identity; name */
    HEAPY_ATOM_ID,         /* the node at address identity */
    HEAPY_ATOM_REFERRERS,  /* the classes of a node's referrers by `classifier` are exactly kinds */
    HEAPY_ATOM_REFERENCES, /* the names of the references to a node are exactly texts */
    HEAPY_ATOM_PRODUCER, /* allocated in file `name` (NULL: no file given) at line `number` (HEAPY_NO_LINE) */
    HEAPY_ATOM_NO_PRODUCER, /* it is not known where it was allocated */
    HEAPY_ATOM_FACT,        /* the facts of `classifier` say `name` of it; NULL: they say nothing */
    HEAPY_ATOM_FIRST_MATCH, /* kinds[number] is the first of kinds that has the node, or number is their
                               count and none has; classifier */
    HEAPY_ATOM_MEMBERS,     /* the nodes whose addresses are in `members` */
    HEAPY_ATOM_CLASSES      /* the classes of `classifier`, which are no nodes */
} heapy_atom_form;

#define HEAPY_NO_LINE INT64_MIN

/* How the class of a node compares with the one named: types by inheritance, sets by inclusion, producers by
   beginning of the file name and by line. */
typedef enum heapy_comparison { HEAPY_EQ, HEAPY_LT, HEAPY_LE, HEAPY_GE, HEAPY_GT } heapy_comparison;

/* What an atom is made from, and what can be read of it. */
typedef struct heapy_atom {
    heapy_atom_form form;
    heapy_comparison comparison;
    uint64_t identity;             /* of a type as in heapy_type_row; of an object its address; 0: unknown */
    const char *name;              /* UTF-8 */
    const char *module, *qualname; /* of a type, as in heapy_type_row; NULL: not known */
    bool is_alias;                 /* the same */
    bool is_dict;                  /* of a type: its nodes are classified by owner */
    const uint64_t
        *supertypes; /* of a type: the identities of what it inherits from, itself included or not */
    size_t supertype_count;
    const heapy_classifier *classifier;
    int64_t number;
    const heapy_kind *const *kinds;
    size_t kind_count;
    const char *const *texts; /* UTF-8, sorted */
    size_t text_count;
    const heapy_address_map *members; /* frozen */
    const void *host; /* what keeps `members`: the caller's, who keeps it as long as any kind that names it
                         (heapy_kind_visit finds them).  NULL: `members` is copied */
} heapy_atom;

/* Atoms in atoms, at most so deep; deeper is HEAPY_LIMIT. */
enum { HEAPY_KIND_MAX_DEPTH = 10 };

/* Terms of a product of two unions, at most; more is HEAPY_LIMIT. */
enum { HEAPY_KIND_MAX_TERMS = 1024 };

/*
 * The kind of one atom.  HEAPY_INVALID: a form or comparison that is none, what the form needs is NULL, texts
 * are not sorted, or dicts of more than one kind.  What `atom` points at is copied, kinds and classifiers are
 * retained; what has an identity the caller keeps as long as any kind that names it, if it is to stay what it
 * is. out: owned, heapy_kind_release().
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_kind_create(const heapy_atom *atom, const heapy_kind **out,
                                                          heapy_error *err);

/* The union of kinds known to be disjoint, such as different classes of one classification, in O(count). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_kind_union_of_disjoint(const heapy_kind *const *kinds,
                                                                     size_t count, const heapy_kind **out,
                                                                     heapy_error *err);

HEAPY_API const heapy_kind *heapy_kind_retain(const heapy_kind *kind); /* NULL does nothing */
HEAPY_API void heapy_kind_release(const heapy_kind *kind);             /* NULL does nothing */

/* a OP b and ~a, simplified.  out: owned.  O(terms of a * terms of b), HEAPY_LIMIT when there are too many.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_kind_combine(const heapy_kind *a, const heapy_kind *b,
                                                           heapy_set_operation operation,
                                                           const heapy_kind **out, heapy_error *err);
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_kind_complement(const heapy_kind *a, const heapy_kind **out,
                                                              heapy_error *err);

/* The kind whose only atom has another comparison.  HEAPY_INVALID when there is none: it is not of one atom,
   or of one that has no order, or not compared by HEAPY_EQ. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_kind_alter(const heapy_kind *kind, heapy_comparison comparison,
                                                         const heapy_kind **out, heapy_error *err);

/* Is it certain that the kind has no member?  Of NULL, which is no kind, nothing is certain: here and below
   false. */
HEAPY_API bool heapy_kind_is_nothing(const heapy_kind *kind);

/* Is it certain that every member of a is one of b?  Complete but for a limit on the steps tried, after which
   it is false; false too when memory runs out. */
HEAPY_API bool heapy_kind_is_subset(const heapy_kind *a, const heapy_kind *b);

/* Is it certain that they have no member in common?  O(terms of a * terms of b). */
HEAPY_API bool heapy_kind_is_disjoint(const heapy_kind *a, const heapy_kind *b);

/* The same for kinds that are subsets of each other. */
HEAPY_API uint64_t heapy_kind_hash(const heapy_kind *kind);

/* ---- reading: of a term or a literal that is not there 0 or NULL ---- */

HEAPY_API size_t heapy_kind_term_count(const heapy_kind *kind);
HEAPY_API size_t heapy_kind_literal_count(const heapy_kind *kind, size_t term);
HEAPY_API const heapy_atom *heapy_kind_literal(const heapy_kind *kind, size_t term, size_t literal,
                                               bool *is_complement);

/* The kind of a single term, owned.  HEAPY_INVALID: there is no such term. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_kind_term(const heapy_kind *kind, size_t term,
                                                        const heapy_kind **out, heapy_error *err);

/* The only atom of a kind, if it is one and no complement; else NULL. */
HEAPY_API const heapy_atom *heapy_kind_atom(const heapy_kind *kind);

/* Call `visit` for every atom, also those in atoms and in their classifiers. */
HEAPY_API void heapy_kind_visit(const heapy_kind *kind, void (*visit)(const heapy_atom *atom, void *context),
                                void *context);

/* Atoms in atoms: 1 for a kind of atoms without kinds or classifiers. */
HEAPY_API unsigned heapy_kind_depth(const heapy_kind *kind);

/* ---- evaluating ---- */

/* What a snapshot must have for heapy_kind_select() to evaluate a kind: HEAPY_NEEDS_..., or-ed.  O(atoms). */
HEAPY_API unsigned heapy_kind_needs(const heapy_kind *kind);

/* Does it ask for nothing but types? */
HEAPY_API bool heapy_kind_is_by_type(const heapy_kind *kind);

/* The facts that say where an object was allocated, each `FILE:LINE`. */
#define HEAPY_ALLOCATION_SITES "allocation site"

/*
 * The members of a snapshot that are in `kind`.  members: NULL: all nodes.  out: a set over their numbers,
 * owned, heapy_node_set_destroy().  HEAPY_INVALID names what the kind asks for and the snapshot lacks.
 * O(members * distinct atoms, nodes and edges where referrers or owners are asked for); of terms that are one
 * type, the dicts of one type, one size or one address there may be any number.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_kind_select(const heapy_kind *kind,
                                                          const heapy_snapshot *snapshot,
                                                          const heapy_members *members, heapy_node_set **out,
                                                          heapy_error *err);

/*
 * What is asked of types alone: may a node of a type be in the kind, whatever else is known of it?
 * Made once for many types; kind: borrowed, must outlive it.  out: owned, heapy_type_filter_destroy().
 */
typedef struct heapy_type_filter heapy_type_filter;
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_type_filter_create(const heapy_kind *kind,
                                                                 heapy_type_filter **out, heapy_error *err);
HEAPY_API void heapy_type_filter_destroy(heapy_type_filter *filter); /* NULL does nothing */

/*
 * identity    of the type.
 * is_subtype  does the first inherit from the second, or is it the same?
 * is_exact    set to whether the answer is that of every node of the type.
 *
 * O(terms that are more than one type).
 */
HEAPY_API bool heapy_type_filter_accepts(const heapy_type_filter *filter, uint64_t identity,
                                         bool (*is_subtype)(uint64_t identity, uint64_t of), bool *is_exact);

#ifdef __cplusplus
}
#endif

#endif
