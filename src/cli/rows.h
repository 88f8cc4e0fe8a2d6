/* SPDX-License-Identifier: MIT */
/* Tables of objects by a relation: what top, referrers and the like show. */
#ifndef HEAPY_CLI_ROWS_H
#define HEAPY_CLI_ROWS_H

#include "input.h"

/* What --by says; `usual` where it is not given.  out: owned, heapy_classifier_release().  STATUS_USAGE: it
   names no relation, which was said. */
int relation_asked(const invocation *asked, const char *usual, const heapy_classifier **out);

/* Is each object a row of its own, named by its address: is `id` one of those that are joined? */
bool relation_tells_objects(const heapy_classifier *by);

/* Objects of a file: all but the root, or some of them. */
typedef struct chosen {
    heapy_node *nodes; /* owned; ascending */
    size_t count;
} chosen;

/* STATUS_DONE, or STATUS_FAILED when what is wrong was said.  among: NULL for all. */
int chosen_init(chosen *out, const input *in, const heapy_node_set *among);
void chosen_deinit(chosen *objects);

/* Keep the objects of the types of a name (`list`, `shop.Order`), in tables or in full.  As chosen_init(). */
int chosen_keep_type(chosen *objects, const input *in, const char *name);

/*
 * The table of some objects as text or JSON, as the options say: -n, --all, --json, --sort, --retained.
 * What is left to say of JSON (its beginning and end) is the caller's.
 */
int put_table(document *doc, const invocation *asked, input *in, const chosen *objects,
              const heapy_classifier *by);

/* What each class of a partition of the objects retains, by class.  Owned, heapy_free(); NULL when what is
   wrong was said. */
uint64_t *retained_of_classes(const invocation *asked, const input *in, const chosen *objects,
                              const heapy_classes *classes);

/* The columns of a file that put_table() needs. */
unsigned columns_of_table(const invocation *asked, const heapy_classifier *by);

#endif
