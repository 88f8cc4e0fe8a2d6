/* SPDX-License-Identifier: MIT */
/*
 * FILE.index: what is made of the references of FILE, kept so that it need not be made again.
 *
 *     0    8 bytes  `HEAPYIDX`
 *     8    u64      version: 2
 *     16   u64      nodes
 *     24   u64      edges
 *     32   u64      nodes that the roots reach
 *     40   u64      nodes that retain 4 GiB or more
 *     48   u64      bytes of each start of reverse edges: 4, or 8 from 2^32 edges on
 *     56   u64      bytes of FILE
 *     64   u64      what the end of FILE adds up to: its trailer has the checksums of all of it, its id too
 *     72   u64      what the tree adds up to
 *     80   u64      what the reverse edges add up to
 *     88   u64 ...  0
 *     120  u64      what the bytes before add up to
 *
 *     128           the tree: of each node its dominator (u32), of each what it retains (u32), where the
 * children of each begin (nodes + 2 u32), the children (u32), large retained sizes (16 bytes each) the
 * reverse edges: where those of each node begin (nodes + 1), their sources (u32)
 *
 * in the byte order of the machine; each column begins at a multiple of 8.  heapy/dominators.h and
 * heapy/referrers.h say what is in the columns.
 *
 * An index is used when it belongs to that very file, and never trusted: columns are checked, or not used.
 */
#ifndef HEAPY_CLI_INDEX_FILE_H
#define HEAPY_CLI_INDEX_FILE_H

#include "command.h"
#include "output_file.h"

#include <heapy/heapy.h>

/* `FILE.index`.  Owned, heapy_free(); NULL: no memory, which was said. */
char *index_path(const char *path);

/*
 * Give a snapshot of `path` what was kept of it, if there is an index; sizes and edges are the graph's.
 * Columns are read where they lie if nobody else may write to them, as those of a file are.  The tree,
 * borrowed from the snapshot; NULL: none was kept.
 */
heapy_dominators *index_use_dominators(const char *path, heapy_snapshot *snapshot);
void index_use_referrers(const char *path, heapy_snapshot *snapshot);

/* Say on a terminal, of what took long, that an index would have kept it, where there is none of `path`. */
void index_put_hint(const invocation *asked, const char *path);

/* Is there an index at a path: a file that begins as one? */
bool index_is_one(const char *path);

/* Write what is kept of `path`.  *bytes: how many it took.  STATUS_DONE, or STATUS_FAILED when what is wrong
   was said. */
int index_write(output_file *out, const char *path, heapy_dominators *dominators,
                const heapy_referrers *referrers, uint64_t *bytes);

#endif
