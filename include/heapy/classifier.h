/* SPDX-License-Identifier: MIT */
/*
 * Classifiers: what makes the rows of a table.
 *
 * A classifier is an expression: a form, and for some forms parts.  It says what is alike, not of which
 * objects; heapy_classify() of heapy/classify.h applies it to a snapshot.  Classifiers are immutable and
 * counted, and kinds that are classes of one keep it.
 */
#ifndef HEAPY_CLASSIFIER_H
#define HEAPY_CLASSIFIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_kind heapy_kind; /* heapy/kind.h */
typedef struct heapy_classifier heapy_classifier;

typedef enum heapy_classifier_form {
    HEAPY_BY_TYPE,        /* same type */
    HEAPY_BY_CLODO,       /* "class or dict of": same type, and for dicts the same type of owner */
    HEAPY_BY_SIZE,        /* same size */
    HEAPY_BY_MODULE,      /* the same module; what is no module is alike */
    HEAPY_BY_ID,          /* the same object */
    HEAPY_BY_IDSET,       /* the same, its classes being sets of one object */
    HEAPY_BY_UNITY,       /* everything alike */
    HEAPY_BY_REFERENCES,  /* the same names of the references to it */
    HEAPY_BY_PRODUCER,    /* allocated at the same line */
    HEAPY_BY_FACT,        /* the same fact of a column: heapy_classifier_by_fact() */
    HEAPY_BY_ALL,         /* in the same class of each part */
    HEAPY_BY_REFERRERS,   /* the same classes, by its only part, of what refers to it */
    HEAPY_BY_OWNER,       /* of dicts: the same class, by its only part, of the owner */
    HEAPY_BY_FIRST_MATCH, /* the same kind is the first that has it: heapy_classifier_of_kinds() */
    HEAPY_CLASSIFIER_FORM_COUNT
} heapy_classifier_form;

/* Classifiers in classifiers, at most so deep: their classes are kinds one deeper.  Deeper is HEAPY_LIMIT. */
enum { HEAPY_CLASSIFIER_MAX_DEPTH = 9 };

/* What a snapshot must have to answer a question, or-ed; "members" are the objects asked about. */
enum {
    HEAPY_NEEDS_SIZES = 1,            /* of the members */
    HEAPY_NEEDS_OWNERS = 2,           /* the owners of dicts, or their types */
    HEAPY_NEEDS_OWNER_NODES = 4,      /* the owners as nodes */
    HEAPY_NEEDS_EDGES = 8,            /* those that lead to the members */
    HEAPY_NEEDS_REFERENCE_NAMES = 16, /* names of edges */
    HEAPY_NEEDS_PRODUCERS = 32,       /* the graph's facts HEAPY_ALLOCATION_SITES */
    HEAPY_NEEDS_FACTS = 64,           /* the other facts that the snapshot's maker knows of */
    HEAPY_NEEDS_LENGTHS = 128,        /* of containers, as their texts show them */
    HEAPY_NEEDS_MODULES = 256,        /* names of modules */
    HEAPY_NEEDS_OWNER_TEXTS = 512,    /* the words can say owners that are no nodes */
    HEAPY_NEEDS_ALL_EDGES = 1024,     /* those between all nodes */
    HEAPY_NEEDS_ALL_SIZES = 2048,     /* of all nodes */
    HEAPY_NEEDS_REFERRERS = 4096,     /* edges are looked up by target: a snapshot that answers more questions
                                         should have its referrers made */
    HEAPY_NEEDS_WORDS = 8192          /* its maker's words, which say texts and tell keys apart, are asked */
};

/*
 * A classifier of a form with its parts: none up to HEAPY_BY_PRODUCER, one for HEAPY_BY_REFERRERS and
 * HEAPY_BY_OWNER, any number but none for HEAPY_BY_ALL, where parts that others imply fall away (a single one
 * left is the result). HEAPY_INVALID for other numbers and the forms that have functions of their own. Parts
 * are retained.  out: owned, heapy_classifier_release().
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classifier_create(heapy_classifier_form form,
                                                                const heapy_classifier *const *parts,
                                                                size_t part_count,
                                                                const heapy_classifier **out,
                                                                heapy_error *err);

/*
 * By the first of some kinds.  names: what the rows are called, as ` / INDEX` is put after each; UTF-8,
 * copied. Kinds are retained.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classifier_of_kinds(const heapy_kind *const *kinds,
                                                                  const char *const *names, size_t count,
                                                                  const heapy_classifier **out,
                                                                  heapy_error *err);

/*
 * By a column of facts (heapy_graph_builder_begin_facts()).
 *
 * fact    the column's name.
 * name    of the classifier in expressions.
 * header  of the Kind column.  All UTF-8, copied.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classifier_by_fact(const char *fact, const char *name,
                                                                 const char *header,
                                                                 const heapy_classifier **out,
                                                                 heapy_error *err);

HEAPY_API const heapy_classifier *
heapy_classifier_retain(const heapy_classifier *classifier);                 /* NULL: nothing */
HEAPY_API void heapy_classifier_release(const heapy_classifier *classifier); /* the same */

/* ---- reading; of NULL, or what is not there, 0, NULL or "" ---- */

HEAPY_API heapy_classifier_form heapy_classifier_form_of(const heapy_classifier *classifier);
HEAPY_API size_t heapy_classifier_part_count(const heapy_classifier *classifier);
HEAPY_API const heapy_classifier *heapy_classifier_part(const heapy_classifier *classifier,
                                                        size_t i); /* borrowed */
HEAPY_API size_t heapy_classifier_kind_count(const heapy_classifier *classifier);
HEAPY_API const heapy_kind *heapy_classifier_kind(const heapy_classifier *classifier,
                                                  size_t i); /* borrowed */

/* The word for it in expressions: `Type`, `refdby` of a part, `findex`; borrowed while it lives. */
HEAPY_API const char *heapy_classifier_name(const heapy_classifier *classifier);

/* The heading of the Kind column of a form without parts; static storage, "" of none. */
HEAPY_API const char *heapy_classifier_header(heapy_classifier_form form);

/* Classifiers in classifiers: 1 for one without parts. */
HEAPY_API unsigned heapy_classifier_depth(const heapy_classifier *classifier);

/* What a snapshot must have for heapy_classify(): HEAPY_NEEDS_..., or-ed. */
HEAPY_API unsigned heapy_classifier_needs(const heapy_classifier *classifier);

/* Do they say the same?  Kinds are compared as heapy_kind_is_subset() does. */
HEAPY_API bool heapy_classifier_is_equal(const heapy_classifier *a, const heapy_classifier *b);

/* Is what is alike by `a` certainly alike by `b`? */
HEAPY_API bool heapy_classifier_is_finer(const heapy_classifier *a, const heapy_classifier *b);

/* The same for equal ones. */
HEAPY_API uint64_t heapy_classifier_hash(const heapy_classifier *classifier);

#ifdef __cplusplus
}
#endif

#endif
