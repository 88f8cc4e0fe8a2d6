/* SPDX-License-Identifier: MIT */
/*
 * libheapy: heaps as graphs, and the questions one asks of them.
 *
 * A capture (or a file, or a test) fills a graph builder; the finished graph never changes.  Classifiers
 * turn it into columns of classes, partitions into rows, renderers into text.  The library knows nothing
 * of Python, never prints, exits or aborts, and has no global state.
 *
 * What a caller gets wrong is an answer, in every build: where a function returns a heapy_status,
 * HEAPY_INVALID with a message that names it; else what there is of nothing: 0, false, NULL, HEAPY_NO_NODE,
 * "".  That goes for NULL, numbers of what is not there, calls in a wrong order, and sets of another graph's
 * range.  What no library can see is the caller's part: that pointers point to what they say, arrays have the
 * length that is said, nothing is used after it was destroyed, and what is not immutable is used by one
 * thread at a time.
 */
#ifndef HEAPY_HEAPY_H
#define HEAPY_HEAPY_H

#include "heapy/address_map.h"
#include "heapy/arrow.h"
#include "heapy/bit_set.h"
#include "heapy/branches.h"
#include "heapy/classifier.h"
#include "heapy/classify.h"
#include "heapy/dominators.h"
#include "heapy/graph.h"
#include "heapy/id_table.h"
#include "heapy/incremental_sort.h"
#include "heapy/kind.h"
#include "heapy/kind_text.h"
#include "heapy/memory.h"
#include "heapy/node_set.h"
#include "heapy/partition.h"
#include "heapy/path_levels.h"
#include "heapy/path_text.h"
#include "heapy/pattern.h"
#include "heapy/pattern_text.h"
#include "heapy/profile.h"
#include "heapy/progress.h"
#include "heapy/questions.h"
#include "heapy/reach.h"
#include "heapy/reference.h"
#include "heapy/referrer_sets.h"
#include "heapy/referrers.h"
#include "heapy/retained_rows.h"
#include "heapy/set_brief.h"
#include "heapy/shortest_paths.h"
#include "heapy/snapshot.h"
#include "heapy/snapshot_file.h"
#include "heapy/snapshot_paths.h"
#include "heapy/stat.h"
#include "heapy/status.h"
#include "heapy/table.h"
#include "heapy/table_json.h"
#include "heapy/table_text.h"
#include "heapy/threads.h"
#include "heapy/why_text.h"

#endif
