/* SPDX-License-Identifier: MIT */
/*
 * Classification: a column with one class per node, and a table of what the classes are.
 *
 * A classifier reads a graph and makes heapy_classes.  Every class has a name, the text of the Kind column;
 * two classes may have the same name (two types may) and stay apart.  A class that is not there has the name
 * "".
 */
#ifndef HEAPY_CLASSIFY_H
#define HEAPY_CLASSIFY_H

#include "heapy/graph.h"
#include "heapy/node_set.h"
#include "heapy/referrer_sets.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t heapy_class;

typedef struct heapy_classes heapy_classes;

HEAPY_API void heapy_classes_destroy(heapy_classes *classes); /* NULL does nothing */

HEAPY_API size_t heapy_classes_count(const heapy_classes *classes);
HEAPY_API size_t heapy_classes_node_count(const heapy_classes *classes);

/* The class of each node, node_count of them; borrowed until classes is destroyed. */
HEAPY_API const heapy_class *heapy_classes_of_nodes(const heapy_classes *classes);

/* UTF-8; borrowed until classes is destroyed. */
HEAPY_API const char *heapy_classes_name(const heapy_classes *classes, heapy_class which);

/* The name as one of several joined by " & ": a size without blanks before it, a set in braces.  Owned,
   heapy_text_free(); NULL: no memory, or no such class. */
HEAPY_API char *heapy_classes_factor_name(const heapy_classes *classes, heapy_class which);

typedef enum heapy_classifier {
    HEAPY_BY_TYPE,  /* same type.  Header "Type" */
    HEAPY_BY_CLODO, /* "class or dict of": same type, and for dicts the same type of owner.
                      Header "Kind (class / dict of class)" */
    HEAPY_BY_SIZE,  /* same size.  Header "Individual Size"; names are right-aligned in 9 columns */
    HEAPY_BY_UNITY  /* everything alike.  Header "<unclassified>" */
} heapy_classifier;

/* The heading of the Kind column for `classifier`, "" of none; static storage. */
HEAPY_API const char *heapy_classifier_header(heapy_classifier classifier);

/* The same for what these classes were made by. */
HEAPY_API const char *heapy_classes_header(const heapy_classes *classes);

/* What a class is, where the graph's types say it. */
typedef enum heapy_class_form {
    HEAPY_CLASS_OTHER,        /* a size, everything, or what the caller of heapy_classes_create made */
    HEAPY_CLASS_TYPE,         /* the nodes of a type */
    HEAPY_CLASS_DICT_OF,      /* the dicts owned by nodes of a type */
    HEAPY_CLASS_DICT_NO_OWNER /* the dicts nothing owns */
} heapy_class_form;

/* The form of class `which`, and for the first two its type, a row of the graph's type table.  O(1). */
HEAPY_API heapy_class_form heapy_classes_form(const heapy_classes *classes, heapy_class which,
                                              heapy_type *type);

/*
 * Classes found by somebody else: the class of each node, and the name of each class.
 *
 * header    of the Kind column; copied.
 * of_nodes  node_count classes below class_count (else HEAPY_INVALID), from heapy_alloc_array(); taken over,
 *           also on failure.
 * names     class_count strings in UTF-8; copied.
 * out       owned.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classes_create(const char *header, size_t node_count,
                                                             heapy_class *of_nodes, size_t class_count,
                                                             const char *const *names, heapy_classes **out,
                                                             heapy_error *err);

/*
 * Classes of nodes that have equal sets of what refers to them.
 *
 * nodes    by node to be classified: the node whose set it has; HEAPY_NO_NODE: the empty set.  NULL: its own.
 *          HEAPY_INVALID: `sets` has no such node.
 * header   of the Kind column; copied.
 * texts    of the numbers in the sets; UTF-8, copied.
 * nothing  the name of the class whose set is empty.
 *
 * A class's name is the texts of its set, sorted and joined by ", ".  O(nodes + numbers).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classify_by_sets(const heapy_referrer_sets *sets,
                                                               const heapy_node *nodes, size_t node_count,
                                                               const char *header, const char *const *texts,
                                                               const char *nothing, heapy_classes **out,
                                                               heapy_error *err);

/* The set of a class made by heapy_classify_by_sets(); borrowed until classes is destroyed.  NULL, and 0
   numbers, of any other. */
HEAPY_API const uint32_t *heapy_classes_set(const heapy_classes *classes, heapy_class which, size_t *count);

/*
 * Classes of nodes that are in the same class of each of `factors`, at least one, which classify equally many
 * nodes.  Names and headers are joined by " & ".  out: owned.  O(nodes * factors).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classes_combine(const heapy_classes *const *factors,
                                                              size_t count, heapy_classes **out,
                                                              heapy_error *err);

/* The class in each factor; borrowed until classes is destroyed.  NULL: they are no such classes. */
HEAPY_API const heapy_class *heapy_classes_factors(const heapy_classes *classes, heapy_class which);

/*
 * Dicts by the class of their owner: class 0 is what is no dict (`~dict`), 1 dicts without owner, 2 + c the
 * dicts whose owner has class c of `of_owners`.
 *
 * owner_nodes  by node of `graph`: the owner's number in of_owners, or HEAPY_NO_NODE.  Of dicts it must be
 * below their node count: HEAPY_INVALID.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classify_by_owner(const heapy_graph *graph,
                                                                const heapy_node *owner_nodes,
                                                                const heapy_classes *of_owners,
                                                                heapy_classes **out, heapy_error *err);

/* By the first of `count` sets, over node_count nodes, that has the node: its number; `count` where none has.
   names: count + 1. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classify_by_first_match(size_t node_count,
                                                                      const heapy_node_set *const *sets,
                                                                      size_t count, const char *header,
                                                                      const char *const *names,
                                                                      heapy_classes **out, heapy_error *err);

/* Classify every node of `graph` (copied from, may go afterwards).  out: owned.  O(nodes); 4 bytes a node. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classify(const heapy_graph *graph, heapy_classifier classifier,
                                                       heapy_classes **out, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
