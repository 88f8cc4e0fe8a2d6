/* SPDX-License-Identifier: MIT */
/*
 * References: how one object refers to another, and their names.
 *
 * A name is what is written behind the source: `.name`, `[key]`, `->field`, `.keys()[3]`.
 */
#ifndef HEAPY_REFERENCE_H
#define HEAPY_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

#include "heapy/graph.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A label that is no list; and for HEAPY_LABEL_VALUE the node of the key, HEAPY_NO_NODE when the graph lacks
   it. */
typedef struct heapy_reference {
    heapy_label label;
    heapy_node key;
} heapy_reference;

/* The reference that `label`, a name of `edge` of `source`, is.  As heapy_graph_key_of_edge(). */
HEAPY_API heapy_reference heapy_reference_of_edge(const heapy_graph *graph, heapy_node source, uint64_t edge,
                                                  heapy_label label);

/*
 * The text of what a reference leads to, when `source` is the text of where it starts: `source.name`.
 * text: owned UTF-8, heapy_text_free().  use: how long keys may be.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_reference_text(const heapy_snapshot *snapshot,
                                                             heapy_reference reference, const char *source,
                                                             heapy_text_use use, char **text,
                                                             heapy_error *err);

/* Names in quotes.  Equal references have one number, 0 .. text_count - 1; keys are compared as a dict does.
 */
typedef struct heapy_reference_names {
    uint32_t *numbers; /* by reference; owned, heapy_free() */
    char **texts;      /* by number; owned, each too */
    size_t text_count;
} heapy_reference_names;

/* Name `count` different references.  out: heapy_reference_names_deinit().  O(count) and what the words take.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_reference_names_init(heapy_reference_names *out,
                                                                   const heapy_snapshot *snapshot,
                                                                   const heapy_reference *references,
                                                                   size_t count, heapy_error *err);
HEAPY_API void heapy_reference_names_deinit(heapy_reference_names *names); /* leaves it empty */

#ifdef __cplusplus
}
#endif

#endif
