/* SPDX-License-Identifier: MIT */
/* Which texts of live objects may be written to a file. */
#ifndef HEAPY_ALLOWED_TEXTS_H
#define HEAPY_ALLOWED_TEXTS_H

#include <heapy/address_map.h>
#include <heapy/snapshot_file.h>
#include <stdbool.h>

/* map: of the snapshot's nodes.  withheld: objects whose text is not written whatever the contents; NULL:
   none.  Both borrowed. */
typedef struct allowed_texts {
    heapy_contents contents;
    const heapy_address_map *map, *withheld;
} allowed_texts;

/*
 * For heapy_snapshot_write_options; context: an allowed_texts.  With HEAPY_CONTENTS_NAMES keys whose text the
 * compiler made, which are str that are interned: what becomes of d['name'] and of attributes.  Values are
 * not, whatever their type.
 */
bool may_write_text(void *context, heapy_node node, heapy_text_use use);

#endif
