/* SPDX-License-Identifier: MIT */
/*
 * Classification: a classifier applied to a snapshot.
 *
 * The answer is a column with one class per member, and a table of what the classes are: every class has a
 * name, the text of the Kind column, and is a kind.  Two classes may have the same name (two types may) and
 * stay apart. A class that is not there has the name "".
 *
 * Classes keep what they need to say what they are, and not the snapshot.
 */
#ifndef HEAPY_CLASSIFY_H
#define HEAPY_CLASSIFY_H

#include "heapy/classifier.h"
#include "heapy/graph.h"
#include "heapy/kind.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t heapy_class;

typedef struct heapy_classes heapy_classes;

/*
 * Classify the members of a snapshot (NULL: all nodes), which has what heapy_classifier_needs() says:
 * HEAPY_INVALID names what it lacks.  snapshot: borrowed during the call; its referrers are used if they were
 * made. out: owned, heapy_classes_destroy(). O(members); by referrers, references and owners O(nodes +
 * edges).  4 bytes a member, and what names take.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classify(const heapy_classifier *classifier,
                                                       heapy_snapshot *snapshot, const heapy_members *members,
                                                       heapy_classes **out, heapy_error *err);
HEAPY_API void heapy_classes_destroy(heapy_classes *classes); /* NULL does nothing */

HEAPY_API size_t heapy_classes_count(const heapy_classes *classes);
HEAPY_API size_t heapy_classes_member_count(const heapy_classes *classes);

/* The class of each member, member_count of them; borrowed until classes is destroyed. */
HEAPY_API const heapy_class *heapy_classes_of_members(const heapy_classes *classes);

/* UTF-8; borrowed until classes is destroyed.  A class that no member has may have the name "". */
HEAPY_API const char *heapy_classes_name(const heapy_classes *classes, heapy_class which);

/* The name as one of several joined by " & ": a size without blanks before it, a set in braces.  Owned,
   heapy_text_free(); NULL: no memory, or no such class. */
HEAPY_API char *heapy_classes_factor_name(const heapy_classes *classes, heapy_class which);

/* The heading of the Kind column; borrowed until classes is destroyed. */
HEAPY_API const char *heapy_classes_header(const heapy_classes *classes);

/* What they were made by; borrowed.  NULL: heapy_classes_create(). */
HEAPY_API const heapy_classifier *heapy_classes_classifier(const heapy_classes *classes);

/*
 * The kind that a class is.  HEAPY_INVALID: there is no such class, or they were made by somebody else.
 * out: owned, heapy_kind_release().  O(types) for types, O(set) for classes that are sets, else O(parts).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_class_kind(const heapy_classes *classes, heapy_class which,
                                                         const heapy_kind **out, heapy_error *err);

/* The kind of the nodes of a type, as a class by type is.  HEAPY_INVALID: there is no such type.  The same.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_type_kind(const heapy_graph *graph, heapy_type type,
                                                        const heapy_kind **out, heapy_error *err);

/* The union of the kinds of all classes that a member has.  The same; O(members) beside. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classes_kind(const heapy_classes *classes,
                                                           const heapy_kind **out, heapy_error *err);

/*
 * Classes found by somebody else: the class of each member, and the name of each class.
 *
 * header      of the Kind column; copied.
 * of_members  member_count classes below class_count (else HEAPY_INVALID), from heapy_alloc_array(); taken
 * over, also on failure. names       class_count strings in UTF-8; copied. out         owned.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_classes_create(const char *header, size_t member_count,
                                                             heapy_class *of_members, size_t class_count,
                                                             const char *const *names, heapy_classes **out,
                                                             heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
