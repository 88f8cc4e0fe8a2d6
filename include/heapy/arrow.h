/* SPDX-License-Identifier: MIT */
/*
 * Objects and references as tables of other programs, by Arrow's C data interface: pyarrow, Polars, DuckDB
 * and pandas take such a stream and need no row of it as an object.
 *
 *     objects   node, address, type, kind, size, length, owner, text; with dominators also retained,
 * dominator edges     source, target, relation, name, number, key: a row for each name of each reference
 *
 * Numbers are signed and have 64 bits; type, kind, relation and name are numbers of a dictionary of strings.
 * What is not known is null.  Rows are made a batch at a time, from the snapshot's columns.
 */
#ifndef HEAPY_ARROW_H
#define HEAPY_ARROW_H

#include <stddef.h>
#include <stdint.h>

#include "heapy/dominators.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The structs are those of https://arrow.apache.org/docs/format/CDataInterface.html and
   CStreamInterface.html; whoever brings them too has the same names in the same guards. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif

/* Rows of a batch: when 0 is asked for, and at most. */
enum { HEAPY_ARROW_ROWS = 65536, HEAPY_ARROW_MOST_ROWS = 1 << 20 };

/*
 * The objects of a snapshot, in the order of nodes.
 *
 * snapshot    retained until the stream is released; its words are asked where batches are asked for.
 * dominators  of the same snapshot, which keeps them; NULL: the two last columns are left out.
 * batch_rows  rows of a batch at most; 0: HEAPY_ARROW_ROWS.
 * out         the caller's, released by its own release().  Used by one thread at a time; batches, by any.
 *
 * HEAPY_INVALID where kinds cannot be told, as heapy_classify() by HEAPY_BY_CLODO.  Keeps 4 bytes a node; a
 * batch has 61 bytes a row and its texts.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_arrow_objects(heapy_snapshot *snapshot,
                                                            const heapy_dominators *dominators,
                                                            size_t batch_rows, struct ArrowArrayStream *out,
                                                            heapy_error *err);

/* The references of a snapshot, by source and in the order that its graph has; the same.  `key` is the node
   of the key of a dict's value.  No rows where the graph has no edges.  36 bytes a row. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_arrow_edges(heapy_snapshot *snapshot, size_t batch_rows,
                                                          struct ArrowArrayStream *out, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
