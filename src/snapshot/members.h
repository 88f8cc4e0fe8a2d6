/* SPDX-License-Identifier: MIT */
/* Members of a snapshot, as they come from outside and as the engine's loops read them. */
#ifndef HEAPY_SNAPSHOT_MEMBERS_H
#define HEAPY_SNAPSHOT_MEMBERS_H

#include "heapy/snapshot.h"

/* HEAPY_INVALID where a member is no node.  O(members). */
heapy_status heapy__check_members(const heapy_snapshot *snapshot, const heapy_members *members,
                                  heapy_error *err);

/* What a question is about: the snapshot, its graph, and the members' nodes (NULL: all). */
typedef struct heapy__members {
    heapy_snapshot *snapshot;
    const heapy_graph *graph;
    const heapy_node *nodes;
    size_t count;
} heapy__members;

static inline heapy_node
heapy__member_node(const heapy__members *members, size_t member)
{
    return members->nodes ? members->nodes[member] : (heapy_node)member;
}

/* heapy__check_members() first. */
heapy__members heapy__members_of(heapy_snapshot *snapshot, const heapy_members *members);

#endif
