/* SPDX-License-Identifier: MIT */
/* Where a node is, as text. */
#ifndef HEAPY_ADDRESS_TEXT_H
#define HEAPY_ADDRESS_TEXT_H

#include "../base/string_buffer.h"
#include "heapy/snapshot.h"

/* The address of a node, or its number where it has none: `0x7f03e8`, `#12`. */
void heapy__put_address(const heapy_snapshot *snapshot, heapy_node node, heapy__string_buffer *out);

#endif
