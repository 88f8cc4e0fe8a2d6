/* SPDX-License-Identifier: MIT */
/* References of one object, and to it, as rows. */
#ifndef HEAPY_CLI_REFERENCES_H
#define HEAPY_CLI_REFERENCES_H

#include "object.h"

enum { REFERENCE_COLUMNS = OBJECT_COLUMNS | HEAPY_FILE_EDGES | HEAPY_FILE_KEYS };

/* A reference: an edge of `source`. */
typedef struct one_reference {
    heapy_node source, target;
    uint64_t edge;
} one_reference;

typedef struct reference_list {
    one_reference *references; /* owned */
    size_t count, capacity;
} reference_list;

/* The references of an object in their order, or those to it by source; of the root node the roots.
   STATUS_FAILED: what is wrong was said.  reference_list_deinit() in any case. */
int references_of(const input *in, heapy_node node, reference_list *out);
int references_to(input *in, heapy_node node, reference_list *out);
void reference_list_deinit(reference_list *list);

/* The name of a reference, `.name` or `['key']`, several with a slash between them; escaped.  NULL when what
   is wrong was said; owned, heapy_free(). */
char *reference_name(const input *in, const one_reference *reference);

/* A table of references to (or of) an object: what is at their other ends.  dominators: NULL, or each has
   what it retains.  rows: 0 for all. */
int put_references(document *doc, const invocation *asked, const input *in, const reference_list *list,
                   bool shows_sources, heapy_dominators *dominators, size_t rows);
int json_references(document *doc, const input *in, const reference_list *list, bool shows_sources,
                    heapy_dominators *dominators, size_t rows);

#endif
