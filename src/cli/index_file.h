/* SPDX-License-Identifier: MIT */
/*
 * FILE.index: the dominators of FILE, kept so that they need not be found again.
 *
 *     0   8 bytes  `HEAPYIDX`
 *     8   u64      version: 1
 *     16  u64      nodes
 *     24  u64      bytes of FILE
 *     32  u64      what the end of FILE adds up to: its trailer has the checksums of all of it
 *     40  u64      what all that follows adds up to
 *     48  u64      0
 *     56  u64      0
 *     64  u32 ...  the immediate dominator of each node
 *
 * An index is used when it belongs to that very file, and never trusted: the column is a tree, or it is not
 * used.
 */
#ifndef HEAPY_CLI_INDEX_FILE_H
#define HEAPY_CLI_INDEX_FILE_H

#include "output_file.h"

#include <heapy/heapy.h>

/* `FILE.index`.  Owned, heapy_free(); NULL: no memory, which was said. */
char *index_path(const char *path);

/* Give a snapshot of `path` the dominators that were kept of it, if there are some; sizes are the graph's. */
void index_use(const char *path, heapy_snapshot *snapshot);

/* Is there an index at a path: a file that begins as one? */
bool index_is_one(const char *path);

/* Write the dominators of `path`, of which `snapshot` is all.  *bytes: how many it took.  STATUS_DONE, or
   STATUS_FAILED when what is wrong was said. */
int index_write(output_file *out, const char *path, const heapy_dominators *dominators, uint64_t *bytes);

#endif
