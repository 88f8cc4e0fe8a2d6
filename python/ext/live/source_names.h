/* SPDX-License-Identifier: MIT */
/* Which texts of live objects stand in source code. */
#ifndef HEAPY_SOURCE_NAMES_H
#define HEAPY_SOURCE_NAMES_H

#include <heapy/snapshot.h>
#include <stdbool.h>

/* Of a live snapshot: is the node a key whose text the compiler made?  So are str keys that are interned:
   what becomes of d['name'] and of attributes.  Values are not, whatever their type.  context: the snapshot.
 */
bool is_text_of_source(void *context, heapy_node node, heapy_text_use use);

#endif
