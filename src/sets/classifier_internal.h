/* SPDX-License-Identifier: MIT */
/*
 * Classifiers as expressions.  What each form does is a row of one table (../analysis/classifier_table.c),
 * which is above: an expression keeps a pointer to its row, so that kinds can hold classifiers without
 * knowing what classifying is.
 */
#ifndef HEAPY_CLASSIFIER_INTERNAL_H
#define HEAPY_CLASSIFIER_INTERNAL_H

#include <stdatomic.h>

#include "heapy/classifier.h"
#include "heapy/kind.h"

/* What a form has parts of, and so how it is written. */
typedef enum classifier_parts {
    PARTS_NONE,    /* NAME */
    PARTS_FACT,    /* NAME */
    PARTS_ONE,     /* part.NAME */
    PARTS_SEVERAL, /* (part & part) */
    PARTS_KINDS    /* NAME(kind, kind) */
} classifier_parts;

/* Which objects its part classifies. */
typedef enum classifier_view { VIEW_MEMBERS, VIEW_REFERRERS, VIEW_OWNERS } classifier_view;

typedef struct heapy_classes heapy_classes; /* heapy/classify.h */
struct heapy__members;

typedef struct heapy__classifier_row {
    const char *name;
    const char *header; /* of the Kind column; of forms with parts its beginning */
    classifier_parts parts;
    classifier_view view;
    unsigned needs; /* without those of its parts */

    /* Classify `members`.  out: owned. */
    heapy_status (*classify)(const heapy_classifier *classifier, const struct heapy__members *members,
                             heapy_classes **out, heapy_error *err);
    /* What class `which`, which is there, is as a kind. */
    heapy_status (*class_kind)(const heapy_classes *classes, uint32_t which, const heapy_kind **out,
                               heapy_error *err);
} heapy__classifier_row;

struct heapy_classifier {
    atomic_size_t uses;
    heapy_classifier_form form;
    const heapy__classifier_row *row;
    unsigned depth;
    const heapy_classifier **parts; /* owned, each too */
    size_t part_count;
    const heapy_kind **kinds; /* the same */
    char **names;             /* of the kinds' rows */
    size_t kind_count;
    char *fact, *name, *header; /* PARTS_FACT; owned */
};

/* What is needed of other objects than the members, when `needs` is what is needed of members. */
static inline unsigned
heapy__needs_elsewhere(unsigned needs)
{
    return needs | (needs & HEAPY_NEEDS_SIZES ? HEAPY_NEEDS_ALL_SIZES : 0) |
           (needs & HEAPY_NEEDS_EDGES ? HEAPY_NEEDS_ALL_EDGES : 0);
}

/* An expression to be filled, with room for parts or kinds; NULL: no memory. */
heapy_classifier *heapy__classifier_new(heapy_classifier_form form, const heapy__classifier_row *row,
                                        size_t part_count, size_t kind_count);

/* The header of the Kind column; borrowed. */
const char *heapy__classifier_header(const heapy_classifier *classifier);

#endif
