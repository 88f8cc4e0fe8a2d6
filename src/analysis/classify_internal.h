/* SPDX-License-Identifier: MIT */
/* Classes as the classifiers fill them. */
#ifndef HEAPY_CLASSIFY_INTERNAL_H
#define HEAPY_CLASSIFY_INTERNAL_H

#include "../base/name_table.h"
#include "../graph/graph_internal.h"
#include "../sets/classifier_internal.h"
#include "../snapshot/members.h"
#include "heapy/classify.h"
#include "heapy/node_set.h"
#include "heapy/referrer_sets.h"

#define NO_NAME UINT32_MAX

struct heapy_classes {
    const heapy_classifier *by; /* retained; NULL: somebody else */
    char *header;               /* owned */
    size_t class_count;
    size_t member_count;
    heapy_class *of_members;
    uint32_t *name_of_class; /* in names; NO_NAME: that of a type, or none */
    size_t name_capacity;
    heapy__name_table names;

    heapy__type_table *types; /* retained, of classes that are types: see the picture in classify_columns.c */
    uint64_t *identities;     /* by class: an address or a size; or NULL */
    char **texts;             /* of the numbers in sets of references; owned, each too */
    size_t text_count;

    size_t *set_starts; /* of classes that are sets of numbers: class_count + 1; or NULL */
    uint32_t *set_numbers;
    size_t starts_capacity, numbers_capacity;

    heapy_classes **inner; /* of parts: those of each, of what refers to the members, or of owners; owned */
    size_t inner_count;
    heapy_class *factors; /* of combined classes: the class in each part, class by class */

    heapy_classes *whole; /* whose classes these are, for some of its members; NULL: everything is owned */
    size_t sharers;       /* of which this is the whole */
};

/* ---- making (classes.c) ---- */

/* Classes of `by` without names, the class of each member still to be written.  NULL: no memory. */
heapy_classes *heapy__classes_new(const heapy_classifier *by, const char *header, size_t member_count);

/* The same classes, of some of the members alone.  NULL: no memory.  O(members) */
heapy_classes *heapy__classes_of_some(heapy_classes *classes, const heapy_node_set *members);

/* Name class number class_count, and count it.  False: no memory. */
bool heapy__classes_add(heapy_classes *classes, const char *name, size_t length);

/* Room for the classes of `count` parts.  False: no memory. */
bool heapy__classes_make_inner(heapy_classes *classes, size_t count);

/* HEAPY_NO_MEMORY, and the classes are gone. */
heapy_status heapy__classes_failed(heapy_classes *classes, size_t member_count, heapy_error *err);

/* HEAPY_INVALID: `what` is asked for. */
heapy_status heapy__classify_lacks(const char *what, heapy_error *err);

/* Give members classes by their sets.  node_of: by member, the number of its set; HEAPY_NO_NODE: the empty
   one. NULL: its own number.  texts: of the numbers in the sets.  nothing: the name of the empty set's class.
   False: no memory. */
bool heapy__classify_by_sets(heapy_classes *classes, const heapy_referrer_sets *sets,
                             const heapy_node *node_of, const char *const *texts, const char *nothing);

/* ---- one function a form: heapy__classifier_row says what they are ---- */

#define CLASSIFIER_FUNCTIONS(name)                                                                           \
    heapy_status heapy__classify_by_##name(const heapy_classifier *, const heapy__members *,                 \
                                           heapy_classes **, heapy_error *);                                 \
    heapy_status heapy__kind_by_##name(const heapy_classes *, uint32_t, const heapy_kind **, heapy_error *)
CLASSIFIER_FUNCTIONS(type);
CLASSIFIER_FUNCTIONS(clodo);
CLASSIFIER_FUNCTIONS(size);
CLASSIFIER_FUNCTIONS(module);
CLASSIFIER_FUNCTIONS(id);
CLASSIFIER_FUNCTIONS(idset);
CLASSIFIER_FUNCTIONS(unity);
CLASSIFIER_FUNCTIONS(references);
CLASSIFIER_FUNCTIONS(producer);
CLASSIFIER_FUNCTIONS(fact);
CLASSIFIER_FUNCTIONS(all);
CLASSIFIER_FUNCTIONS(referrers);
CLASSIFIER_FUNCTIONS(owner);
CLASSIFIER_FUNCTIONS(first_match);
#undef CLASSIFIER_FUNCTIONS

/* As heapy_classify(), of members that were checked. */
heapy_status heapy__classify(const heapy_classifier *classifier, const heapy__members *members,
                             heapy_classes **out, heapy_error *err);

/* Classify by size as heapy_classify() does, for who has no classifier. */
heapy_status heapy__classify_sizes(const heapy__members *members, heapy_classes **out, heapy_error *err);

/* The kind of a row of a type table; HEAPY_NO_TYPE, where it has no such row: of the type of that name. */
heapy_status heapy__kind_of_type(const heapy__type_table *types, heapy_type type, const char *name,
                                 const heapy_kind **out, heapy_error *err);

/* The kind of everything but the type of that role; without a row of it, but the type of that name. */
heapy_status heapy__kind_of_others(const heapy__type_table *types, heapy_role role, const char *name,
                                   const heapy_kind **out, heapy_error *err);

#endif
