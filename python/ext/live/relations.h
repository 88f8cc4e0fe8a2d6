/* SPDX-License-Identifier: MIT */
/* How one object refers to another, as Python has it: a code and what it is about (R-20 to R-24, H-100). */
#ifndef HEAPY_RELATIONS_H
#define HEAPY_RELATIONS_H

#include "live/live_capture.h"

/* What `label`, a name of `edge` from `source`, is about (map: the objects of the nodes): a name, a number or
   a key.  New reference; None for an edge without a name, or whose key is not part of the heap. */
PyObject *relator_of(const heapy_graph *graph, const heapy_address_map *map, heapy_node source, uint64_t edge,
                     heapy_label label);

/* Every relation between two objects as the view sees them now: a tuple of HEAPY_REFERENCE_CODE_COUNT tuples
   of relators (H-100).  count: the references among them (R-31, H-37); may be NULL.  New reference. */
PyObject *relate_objects(const capture_view *view, PyObject *source, PyObject *target, size_t *count);

#endif
