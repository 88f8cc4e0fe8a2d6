/* SPDX-License-Identifier: MIT */
/*
 * A snapshot: a heap, or as much of it as a question needs, at one moment.
 *
 *     graph     what objects there were and how they refer to each other
 *     map       the address of each node
 *     words     what else can be said of an object: its text, which keys are equal
 *     lazily    referrers (the edges the other way round) and dominators, made once when first needed
 *
 * Every answer is made from a snapshot, wherever it comes from: a live process, a kept moment, a file, a
 * test. What can change of an object (its length, the name of a module, its size, the contents of a dict) is
 * a column of the graph, as it was at the moment; what cannot (an int, a str) may be read by the words when
 * it is shown.
 *
 * A snapshot never changes; it is counted, and may be used by several threads at once if its words may.
 */
#ifndef HEAPY_SNAPSHOT_H
#define HEAPY_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

#include "heapy/address_map.h"
#include "heapy/dominators.h"
#include "heapy/graph.h"
#include "heapy/progress.h"
#include "heapy/referrers.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct heapy_snapshot heapy_snapshot;

/* What the text of an object is wanted for. */
typedef enum heapy_text_use {
    HEAPY_TEXT_ROW,        /* a row of a table, a brief: of long values the beginning and the end */
    HEAPY_TEXT_KEY,        /* the key in the name of a reference, as a path shows it: shortened */
    HEAPY_TEXT_WHOLE_KEY,  /* the same as a class of references is named: only the very longest are shortened
                            */
    HEAPY_TEXT_FULL_KEY,   /* the same at its full length */
    HEAPY_TEXT_CHARACTERS, /* of a str its characters; nothing of anything else */
    HEAPY_TEXT_USE_COUNT
} heapy_text_use;

/*
 * What the maker of a snapshot says of its objects.  Any function may be NULL.  All are called with
 * `context`, by the thread that asks the snapshot, and may fail with a status of their own, which is passed
 * on.
 *
 * text        the text of a node in UTF-8: heapy_alloc_array() memory into *text, NUL-terminated; the engine
 *             has said already what columns say.  *text NULL on success: nothing is known, so the address is
 *             shown.
 *
 * owner_text  the same of the owner of a dict, where that is no node.
 *
 * group_keys  equal keys get equal numbers, 0 .. *group_count - 1 in order of their first key, as a
 *             dict would compare them.  groups: `count` numbers, the caller's.
 *
 * order_keys  the order of keys by `<`: order[i], i at first, becomes the number of the key that comes i-th.
 *             What cannot be compared stays as it is.
 *
 * compare     the order of two nodes' values, below 0, 0 or above 0; called for two of one type that
 *             has values (HEAPY_ROLE_NUMBER, HEAPY_ROLE_TEXT).
 *
 * release     called once when the snapshot goes.
 */
typedef struct heapy_words {
    heapy_status (*text)(void *context, heapy_node node, heapy_text_use use, char **text, heapy_error *err);
    heapy_status (*owner_text)(void *context, heapy_node dict, heapy_text_use use, char **text,
                               heapy_error *err);
    heapy_status (*group_keys)(void *context, const heapy_node *keys, size_t count, uint32_t *groups,
                               size_t *group_count, heapy_error *err);
    heapy_status (*order_keys)(void *context, const heapy_node *keys, size_t count, size_t *order,
                               heapy_error *err);
    int (*compare)(void *context, heapy_node a, heapy_node b);
    void (*release)(void *context);
    void *context;
} heapy_words;

/*
 * graph  taken over, also on failure.
 * map    the nodes' addresses, frozen, as many as nodes: HEAPY_INVALID otherwise; borrowed, and must live
 * until words->release is called.  NULL: nodes have no addresses. words  copied; released also on failure.
 * NULL: only addresses and lengths can be said. out    owned, heapy_snapshot_release().
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_create(heapy_graph *graph,
                                                              const heapy_address_map *map,
                                                              const heapy_words *words, heapy_snapshot **out,
                                                              heapy_error *err);
HEAPY_API heapy_snapshot *heapy_snapshot_retain(heapy_snapshot *snapshot); /* NULL does nothing */
HEAPY_API void heapy_snapshot_release(heapy_snapshot *snapshot);           /* NULL does nothing */

/*
 * The objects a question is about: some nodes of a snapshot, in an order of their own, numbered 0 .. count-1.
 * NULL in place of members: all nodes in their order.  Every node must be there: HEAPY_INVALID.
 */
typedef struct heapy_members {
    const heapy_node *nodes;
    size_t count;
} heapy_members;

/* Borrowed while the snapshot lives; of NULL NULL. */
HEAPY_API const heapy_graph *heapy_snapshot_graph(const heapy_snapshot *snapshot);
HEAPY_API const heapy_address_map *heapy_snapshot_map(const heapy_snapshot *snapshot); /* NULL: none */
HEAPY_API const heapy_words *heapy_snapshot_words(const heapy_snapshot *snapshot);

/* The address of a node, 0 when it is not known; the node at an address, or HEAPY_NO_NODE.  O(log regions).
 */
HEAPY_API uintptr_t heapy_snapshot_address(const heapy_snapshot *snapshot, heapy_node node);
HEAPY_API heapy_node heapy_snapshot_node(const heapy_snapshot *snapshot, uintptr_t address);

/* The reverse edges, made at the first call; borrowed while the snapshot lives.  heapy_referrers_create()
   says what they cost; HEAPY_INVALID in a snapshot without edges. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_referrers(heapy_snapshot *snapshot,
                                                                 const heapy_referrers **out,
                                                                 heapy_error *err);

/* The same if they were made already, or NULL: a pass over the edges does instead. */
HEAPY_API const heapy_referrers *heapy_snapshot_known_referrers(const heapy_snapshot *snapshot);

/* Give a snapshot its referrers, where somebody has kept them: taken over, also on failure.  Where it has
   some already these are dropped.  HEAPY_INVALID: they are of other numbers of nodes or edges. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_adopt_referrers(heapy_snapshot *snapshot,
                                                                       heapy_referrers *referrers,
                                                                       heapy_error *err);

/* The same of the dominators.  progress: who may stop it; NULL: nobody. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_dominators(heapy_snapshot *snapshot,
                                                                  const heapy_progress *progress,
                                                                  heapy_dominators **out, heapy_error *err);

/* Give a snapshot its dominators, where somebody has kept them: taken over, also on failure.  Where it has
   some already these are dropped.  HEAPY_INVALID: they are of another number of nodes. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_adopt_dominators(heapy_snapshot *snapshot,
                                                                        heapy_dominators *dominators,
                                                                        heapy_error *err);

/* Bytes of memory it owns, with what was made lazily; the map is the maker's. */
HEAPY_API size_t heapy_snapshot_bytes(const heapy_snapshot *snapshot);

/*
 * The text of a node: what columns say (`0x7f…*3` of a container, the name of a type or module), else what
 * the words say, else its address (`#12`, its number, where it has none). text: owned UTF-8,
 * heapy_text_free().  O(text).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_text(const heapy_snapshot *snapshot, heapy_node node,
                                                            heapy_text_use use, char **text,
                                                            heapy_error *err);

/* The same of the object whose attribute dict a node is.  HEAPY_INVALID when it has no owner. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_owner_text(const heapy_snapshot *snapshot,
                                                                  heapy_node dict, heapy_text_use use,
                                                                  char **text, heapy_error *err);

/* The text of a node in a brief: of a dict that has an owner the owner's, of which a dotted name is only `..`
   and its last part.  As heapy_snapshot_text(). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_brief(const heapy_snapshot *snapshot, heapy_node node,
                                                             char **text, heapy_error *err);

/* What the text of an object of a role is, as the heading of a column; static storage. */
HEAPY_API const char *heapy_role_heading(heapy_role role);

#ifdef __cplusplus
}
#endif

#endif
