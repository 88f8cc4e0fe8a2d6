/* SPDX-License-Identifier: MIT */
/* Objects by what a user calls them, and what is said of one. */
#ifndef HEAPY_CLI_OBJECT_H
#define HEAPY_CLI_OBJECT_H

#include "input.h"

/* The columns of a file that say what an object is. */
enum {
    OBJECT_COLUMNS = HEAPY_FILE_SIZES | HEAPY_FILE_OWNERS | HEAPY_FILE_LENGTHS | HEAPY_FILE_FACTS |
                     HEAPY_FILE_ADDRESSES | HEAPY_FILE_TEXTS
};

/* The object at an address `0x7f...` or of a number `#123`.  STATUS_USAGE: it is neither; STATUS_FAILED:
   there is none; both were said. */
int object_named(const invocation *asked, const input *in, const char *name, heapy_node *out);

/* The object that a command is about: its operand number `place`, or what --type says: of those of that type
   the one that retains most.  The same. */
int object_asked(const invocation *asked, input *in, size_t place, heapy_node *out);

/* An object in one line, as a set of one is shown; escaped.  NULL when what is wrong was said; owned,
   heapy_free(). */
char *object_brief(const input *in, heapy_node node);

/* Its class by clodo, as it is: what tables, SQL and documents in JSON call it.  NULL: the same; owned,
   heapy_text_free(). */
char *object_kind(const input *in, heapy_node node);

/* A text that an engine's function made, escaped; the text is freed.  NULL: no memory, which was said. */
char *escaped_and_freed(char *text);

/* The keys of an object in JSON: `address`, `node`, `kind`, `size`, `brief`.  STATUS_FAILED: what is wrong
   was said. */
int json_object(document *doc, const input *in, heapy_node node);

/* The dominator tree, made once; NULL when what is wrong was said. */
heapy_dominators *dominators_of(const invocation *asked, input *in);

#endif
