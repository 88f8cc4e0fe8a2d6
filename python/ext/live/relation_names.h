/* SPDX-License-Identifier: MIT */
/* Relations as text. */
#ifndef HEAPY_RELATION_NAMES_H
#define HEAPY_RELATION_NAMES_H

#include <heapy/kind.h>

/* The names of relations, as heapy_scope.name_relations: the repr of each.  context: the
   heapy_address_map of the graph's nodes, which are held.  An exception is left set, and HEAPY_CANCELLED
   returned. */
heapy_status name_relations(void *context, const heapy_graph *graph, const heapy_relation *relations,
                            size_t count, heapy_relation_names *out, heapy_error *err);

#endif
