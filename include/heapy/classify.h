/* SPDX-License-Identifier: MIT */
/*
 * Classification: a column with one class per node, and a table of what the classes are.
 *
 * A classifier reads a graph and makes heapy_classes.  Every class has a name, the text of the Kind column;
 * two classes may have the same name (two types may) and stay apart.
 */
#ifndef HEAPY_CLASSIFY_H
#define HEAPY_CLASSIFY_H

#include "heapy/graph.h"
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

typedef enum heapy_classifier {
    HEAPY_BY_TYPE, /* same type.  Header "Type" */
    HEAPY_BY_CLODO /* "class or dict of": same type, and for dicts the same type of owner.
                      Header "Kind (class / dict of class)" */
} heapy_classifier;

/* The heading of the Kind column for `classifier`; static storage. */
HEAPY_API const char *heapy_classifier_header(heapy_classifier classifier);

/* The same for what these classes were made by. */
HEAPY_API const char *heapy_classes_header(const heapy_classes *classes);

/* Classify every node of `graph` (copied from, may go afterwards).  out: owned.  O(nodes); 4 bytes a node. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classify(const heapy_graph *graph, heapy_classifier classifier,
                                                       heapy_classes **out, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
