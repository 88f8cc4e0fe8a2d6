/* SPDX-License-Identifier: MIT */
/* Atoms as members: each function adds to `out` those that are in the atom, which names no other kind. */
#ifndef HEAPY_SELECT_ATOMS_H
#define HEAPY_SELECT_ATOMS_H

#include "evaluation.h"
#include "heapy/address_map.h"

/* What a size is compared as: at most INT64_MAX. */
static inline int64_t
heapy__compared_size(const heapy_sizes *sizes, heapy_node node)
{
    uint64_t exact = heapy_size_of(sizes, node);
    return exact > INT64_MAX ? INT64_MAX : (int64_t)exact;
}

heapy_status heapy__select_sizes(const evaluation *e, const heapy_atom *atom, heapy_node_set *out);

/* Is the node a dict that is classified by its owner?  owner: the owner's type. */
bool heapy__is_owned_dict(const evaluation *e, heapy_node node, heapy_type *owner);

/* Dicts without owner. */
void heapy__select_unowned_dicts(const evaluation *e, heapy_node_set *out);

/* Dicts whose owner's type has its row set. */
void heapy__select_dicts_of_types(const evaluation *e, const bool *rows, heapy_node_set *out);

/* The member, if it is one, that is the node at an address. */
heapy_status heapy__select_address(const evaluation *e, uint64_t address, heapy_node_set *out);

/* The members that are at one of these addresses. */
heapy_status heapy__select_addresses(const evaluation *e, const heapy_address_map *members,
                                     heapy_node_set *out);

heapy_status heapy__select_producers(const evaluation *e, const heapy_atom *atom, heapy_node_set *out);

/* The modules of a name, where addresses are not known. */
heapy_status heapy__select_modules_of_name(const evaluation *e, const char *name, heapy_node_set *out);

heapy_status heapy__select_facts(const evaluation *e, const heapy_atom *atom, heapy_node_set *out);

/* By the names of the references to a member. */
heapy_status heapy__select_by_references(evaluation *e, const heapy_atom *atom, heapy_node_set *out);

#endif
