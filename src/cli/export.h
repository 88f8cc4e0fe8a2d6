/* SPDX-License-Identifier: MIT */
/* Snapshots for other programs: what `heapy export` writes. */
#ifndef HEAPY_CLI_EXPORT_H
#define HEAPY_CLI_EXPORT_H

#include "input.h"

/*
 * Where an export goes: text collects in `line` and is passed on when there is much of it.  A failure is
 * remembered; export_flush() says whether there was one.
 */
typedef struct export_sink {
    heapy_sink sink;
    document line;
    heapy_status status;
    heapy_error err;
} export_sink;

enum { EXPORT_PART = 1 << 16 };

/* Pass on what has collected, if it is much, or `all` of it. */
heapy_status export_flush(export_sink *to, bool all);

/* What a .heapsnapshot has. */
typedef struct export_chrome_size {
    uint64_t nodes, edges;
    uint64_t text_units; /* of UTF-16, in its strings */
} export_chrome_size;

/*
 * The most that DevTools opens: its loader has the strings in one, which in V8 has no more units, and counts
 * places of nodes by their 7 fields, and of edges by their 3, in 32 bits.
 */
#define CHROME_MOST_TEXT (UINT64_C(536870888) - 4) /* without the ends of lists and the file */
#define CHROME_MOST_NODES (UINT64_C(0xffffffff) / 7)
#define CHROME_MOST_EDGES (UINT64_C(0xffffffff) / 3)

/*
 * The format of Chrome's memory panel, a .heapsnapshot.  Columns of HEAPY_FILE_EVERYTHING are loaded.
 * dominators: objects that retain less than `least` bytes are left out; NULL: none is.
 */
heapy_status export_chrome(input *in, heapy_dominators *dominators, uint64_t least,
                           export_chrome_size *written, export_sink *to);

/*
 * The objects at most `hops` references away from one, as a graph in the language of Graphviz; at most
 * DOT_LIMIT, and *left: how many more there are.
 */
enum { DOT_LIMIT = 500 };
heapy_status export_dot(input *in, heapy_node around, uint64_t hops, size_t *left, export_sink *to);

#endif
