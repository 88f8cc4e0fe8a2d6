/* SPDX-License-Identifier: MIT */
/*
 * References: how one object refers to another, and their names.
 *
 * A name is what is written behind the source: `.name`, `[key]`, `->field`, `.keys()[3]`.
 */
#ifndef HEAPY_REFERENCE_H
#define HEAPY_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapy/graph.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Ways in which one object refers to another, by the numbers that guppy gives them.  Those that no label has
   hold without an edge: between an object and itself, through an attribute dict or a cell. */
typedef enum heapy_reference_code {
    HEAPY_REFERENCE_UNKNOWN = -1,
    HEAPY_REFERENCE_IDENTITY,
    HEAPY_REFERENCE_ATTRIBUTE,
    HEAPY_REFERENCE_INDEX,
    HEAPY_REFERENCE_KEY,
    HEAPY_REFERENCE_INTERNAL,
    HEAPY_REFERENCE_ATTRIBUTE_NAME, /* the target is a key of the source's attribute dict */
    HEAPY_REFERENCE_LOCAL,
    HEAPY_REFERENCE_CELL, /* a variable in a cell */
    HEAPY_REFERENCE_STACK,
    HEAPY_REFERENCE_MEMBER,
    HEAPY_REFERENCE_FORMATTED, /* whatever a user made of it */
    HEAPY_REFERENCE_CODE_COUNT
} heapy_reference_code;

HEAPY_API heapy_reference_code heapy_reference_code_of(heapy_label label);

/* What a label of that kind is called: `attribute`, `index`, `value`, `key`, `internal`, `local`, `stack`,
   `member`, `unnamed`; `several` of a list.  Static storage; "" of what is none. */
HEAPY_API const char *heapy_label_kind_name(heapy_label_kind kind);

/* How the target of a reference is written: before, the text of the source, between, what the reference is
   about (a name, a number, a key), after.  Static storage; all that is written of references is written so.
 */
typedef struct heapy_reference_form {
    const char *before, *between, *after;
    bool has_relator; /* false: it is about nothing */
} heapy_reference_form;

HEAPY_API heapy_reference_form heapy_reference_form_of(heapy_reference_code code);

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

/*
 * The order in which references are listed: by code, unknown ones last; then numbers, tuples, strings, others
 * by the name of their type; then by value, and what cannot be compared as it came.
 *
 * order  count numbers, the caller's: order[i] becomes the number of the reference that comes i-th.
 * O(count log count), and what the words take to compare keys.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_references_order(const heapy_snapshot *snapshot,
                                                               const heapy_reference *references,
                                                               size_t count, size_t *order, heapy_error *err);

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
