/* SPDX-License-Identifier: MIT */
/* A set of objects in one line: `<2 int: 1, 2> | <1 str: 'x'>`. */
#ifndef HEAPY_SET_BRIEF_H
#define HEAPY_SET_BRIEF_H

#include "heapy/kind_text.h"
#include "heapy/partition.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Members of a snapshot (NULL: all nodes), at least one, by the rows of their partition, which has a
 * classifier.  Of each row some objects are shown, by their addresses where its classes say no more of them.
 *
 * writer  of the rows' kinds, for people.
 * limit   characters of each row's objects, and of the whole: what is longer ends in dots.
 * text    owned UTF-8, heapy_text_free().
 *
 * O(members + text, rows log rows).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_set_brief(const heapy_snapshot *snapshot,
                                                        const heapy_members *members,
                                                        const heapy_partition *partition,
                                                        const heapy_kind_writer *writer, size_t limit,
                                                        char **text, heapy_error *err);

/* Characters that a brief has in a session and in the command. */
enum { HEAPY_BRIEF_LENGTH = 80 };

/* The brief of one object, as a set of it by type (of a dict by its owner's type): `<1 shop.C: 0x7f..>`.  As
   heapy_set_brief(); HEAPY_INVALID: it is not there.  O(text). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_node_brief(heapy_snapshot *snapshot, heapy_node node,
                                                         size_t limit, char **text, heapy_error *err);

/* Its kind, as the row of that set; the same. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_node_kind(heapy_snapshot *snapshot, heapy_node node,
                                                        char **text, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
