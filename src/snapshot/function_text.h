/* SPDX-License-Identifier: MIT */
/* What functions were called at the moment of a snapshot. */
#ifndef HEAPY_FUNCTION_TEXT_H
#define HEAPY_FUNCTION_TEXT_H

#include "heapy/snapshot.h"

/*
 * `module.name` of a function, and `<type at address>.name` of a method of one: the characters of what the
 * references __module__ and __name__ lead to, for either may be assigned later.
 * text: owned, heapy_text_free(); NULL of other nodes, and where references or characters are not known.
 */
heapy_status heapy__function_text(const heapy_snapshot *snapshot, heapy_node node, char **text,
                                  heapy_error *err);

#endif
