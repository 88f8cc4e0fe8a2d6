/* SPDX-License-Identifier: MIT */
/* What is said of one reference, in SQL and in exports. */
#ifndef HEAPY_CLI_EDGE_TEXT_H
#define HEAPY_CLI_EDGE_TEXT_H

#include <heapy/heapy.h>

/* The word for a relation: `attribute`, `index`, `value`, ...; static storage. */
const char *edge_relation(heapy_label label);

/* The name of an attribute, a field or a local variable, *length its bytes; NULL of any other relation. */
const char *edge_name(const heapy_graph *graph, heapy_label label, size_t *length);

/* Has the relation a number: the place of an item, an entry, a key, a slot of the stack? */
bool edge_has_number(heapy_label label);

#endif
