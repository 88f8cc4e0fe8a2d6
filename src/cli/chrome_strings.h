/* SPDX-License-Identifier: MIT */
/*
 * The strings of an export for Chrome's memory panel, and their numbers.
 *
 * Nothing is kept of what is written.  Numbers are arithmetic: first our own words, then the names of types,
 * the names of references, the texts of nodes that have one of their own, and the texts of keys; of the last
 * two a bit for each node says which, and its rank where.
 */
#ifndef HEAPY_CLI_CHROME_STRINGS_H
#define HEAPY_CLI_CHROME_STRINGS_H

#include "export.h"
#include "ranked_nodes.h"

/* Our own words, which begin the strings: their numbers. */
enum {
    CHROME_WORD_ROOT,
    CHROME_WORD_INTERPRETER,
    CHROME_WORD_THREADS,
    CHROME_WORD_OTHER,
    CHROME_WORD_UNREACHED,
    CHROME_WORD_UNNAMED,
    CHROME_WORD_LEFT_OUT,
    CHROME_WORD_REST,
    CHROME_WORD_COUNT
};

typedef struct chrome_strings {
    const heapy_graph *graph;
    ranked_nodes texts, keys;
    heapy_type *named; /* by type: the first of the same name; owned */
} chrome_strings;

/*
 * Then nodes are added to texts.nodes and keys.nodes, and chrome_strings_count() ends that.
 * chrome_strings_deinit() in any case.
 */
heapy_status chrome_strings_init(chrome_strings *self, const heapy_graph *graph, heapy_error *err);
heapy_status chrome_strings_count(chrome_strings *self, heapy_error *err);
void chrome_strings_deinit(chrome_strings *self);

/* Numbers: of a type's name, one for all types of that name; of a reference's name; of a node's text, which
   is among texts.nodes; of a key's text, which is among keys.nodes. */
size_t chrome_string_of_type(const chrome_strings *self, heapy_type type);
size_t chrome_string_of_name(const chrome_strings *self, size_t name);
size_t chrome_string_of_text(const chrome_strings *self, heapy_node node);
size_t chrome_string_of_key(const chrome_strings *self, heapy_node key);

/* Write all.  *units: how much text that is for the panel, in units of UTF-16. */
heapy_status chrome_strings_put(const chrome_strings *self, heapy_snapshot *snapshot, uint64_t *units,
                                export_sink *to);

#endif
