/* SPDX-License-Identifier: MIT */
/*
 * Snapshots in files: written front to back, read in another process, on another machine.
 *
 * docs/format.md describes the bytes.  A file is asked like any other snapshot:
 * heapy_snapshot_file_snapshot() gives one, whose columns are those of the file and whose words are what was
 * written of texts.
 *
 * Everything that is handed out was checked as a whole before: a column that is not asked for is not read,
 * and there is no way to one that was not checked.  A file that is cut, damaged, or hostile is
 * HEAPY_BAD_FILE, with a message that names the file and the place; one made by a later version, or that
 * needs a codec this build lacks, is HEAPY_UNSUPPORTED; what the system refuses is HEAPY_OS.
 */
#ifndef HEAPY_SNAPSHOT_FILE_H
#define HEAPY_SNAPSHOT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapy/node_set.h"
#include "heapy/progress.h"
#include "heapy/snapshot.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- writing ---- */

/* How much of what objects hold is written. */
typedef enum heapy_contents {
    HEAPY_CONTENTS_NONE,  /* types, labels and sizes; no other text, and no facts of nodes */
    HEAPY_CONTENTS_NAMES, /* and what stands in source code: names of modules, functions, code */
    HEAPY_CONTENTS_VALUES /* and what tables and paths show of numbers, strings and keys */
} heapy_contents;

typedef enum heapy_codec {
    HEAPY_CODEC_BEST,  /* zstd where this build has it, else none */
    HEAPY_CODEC_PLAIN, /* columns as they are, to be used where they lie */
    HEAPY_CODEC_ZSTD   /* HEAPY_UNSUPPORTED where this build lacks it */
} heapy_codec;

/* Has this build zstd? */
HEAPY_API bool heapy_snapshot_file_has_zstd(void);

/*
 * What is written and how.
 *
 * info    what else is known of the snapshot, one JSON object: docs/format.md says which names it may have.
 *         Neither read nor checked here.  UTF-8 of info_length bytes; NULL: nothing.
 * before  the nodes that were there before the reference point; NULL: there is none.
 * may_write_text
 *         asked of each text that `contents` alone does not decide: of rows of numbers and strings, and of
 * keys of any role, both with HEAPY_CONTENTS_NAMES and _VALUES.  NULL: with _VALUES all are written, with
 *         _NAMES none.
 */
typedef struct heapy_snapshot_write_options {
    heapy_contents contents;
    heapy_codec codec;
    const char *info;
    size_t info_length;
    const heapy_node_set *before;
    bool (*may_write_text)(void *context, heapy_node node, heapy_text_use use);
    void *context; /* of may_write_text */
} heapy_snapshot_write_options;

#define HEAPY_SNAPSHOT_WRITE_OPTIONS_INIT {HEAPY_CONTENTS_NAMES, HEAPY_CODEC_BEST, NULL, 0, NULL, NULL, NULL}

/* Where bytes go.  write takes all of them or fails, with a status that is passed on. */
typedef struct heapy_sink {
    heapy_status (*write)(void *context, const void *bytes, size_t count, heapy_error *err);
    void *context;
} heapy_sink;

/*
 * Write a snapshot.  The words are asked while it is written; they may fail, and so may the sink: what was
 * written then is no snapshot, and will be refused as one.  progress: may be NULL; called about every million
 * bytes.
 *
 * Takes all memory by heapy_alloc_array() and its kin: 1 MiB, and 2.6 MiB more where zstd is used, which gets
 * its own before it starts and asks for none; a quarter of a byte a node for texts; 8 bytes for each key of a
 * dict, and with HEAPY_CONTENTS_VALUES 32 for each key and 12 for each number and string, while they are put
 * in order.  Starts no thread, opens nothing.  Where the words order keys, the C library's qsort() is called
 * too.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_write(const heapy_snapshot *snapshot,
                                                             const heapy_snapshot_write_options *options,
                                                             const heapy_sink *sink,
                                                             const heapy_progress *progress,
                                                             heapy_error *err);

/*
 * A snapshot written while its graph is built, in a process that cannot have all of it in memory: edges are
 * written as they come, sizes when the builder has them, and then neither is kept.  Their chunks come first.
 * What was written when something failed is no snapshot; a writer that failed only fails.
 */
typedef struct heapy_snapshot_writer heapy_snapshot_writer;

/* Begin a file: its header is written.  sink, progress: copied; progress may be NULL.  out: owned. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_writer_create(heapy_codec codec,
                                                                     const heapy_sink *sink,
                                                                     const heapy_progress *progress,
                                                                     heapy_snapshot_writer **out,
                                                                     heapy_error *err);
HEAPY_API void heapy_snapshot_writer_destroy(heapy_snapshot_writer *writer); /* NULL does nothing */

/*
 * As heapy_graph_builder_begin_edges(), once: the graph will have no edges, and the file has them.  After the
 * last node, and before anything else is written, end_edges; until then the builder is borrowed.  Takes 3 MiB
 * and what labels and numbers of edges are when they are packed.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_writer_begin_edges(heapy_snapshot_writer *writer,
                                                                          heapy_graph_builder *builder,
                                                                          heapy_edge_writer **out,
                                                                          heapy_error *err);
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_writer_end_edges(heapy_snapshot_writer *writer,
                                                                        heapy_error *err);

/* Write the sizes that the builder has, and free them.  HEAPY_INVALID: it has none of its own. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_writer_take_sizes(heapy_snapshot_writer *writer,
                                                                         heapy_graph_builder *builder,
                                                                         heapy_error *err);

/* Write the rest: of a snapshot of the graph that the builder has become.  options: as of
   heapy_snapshot_write(), but the codec. */
HEAPY_API HEAPY_MUST_CHECK heapy_status
heapy_snapshot_writer_finish(heapy_snapshot_writer *writer, const heapy_snapshot *snapshot,
                             const heapy_snapshot_write_options *options, heapy_error *err);

/* ---- reading ---- */

typedef struct heapy_snapshot_file heapy_snapshot_file;

/*
 * is_unchanging     the caller's word that nobody will write to the file, or cut it, while it is open:
 * columns that are not compressed are then used where they lie.  If the word is broken the process may get
 *                   SIGBUS, or wrong answers.  Without it columns are copied, and nothing of that can happen.
 * memory_limit      columns of more bytes go to an unlinked temporary file instead of memory; 0: 64 MiB.
 * temporary_folder  where; NULL: $TMPDIR, else /var/tmp.  Copied.
 */
typedef struct heapy_snapshot_open_options {
    bool is_unchanging;
    size_t memory_limit;
    const char *temporary_folder;
} heapy_snapshot_open_options;

#define HEAPY_SNAPSHOT_OPEN_OPTIONS_INIT {false, 0, NULL}

/*
 * Open a file: header, table, info, the type table and names are read and checked, which takes as long
 * however many nodes there are.  options: NULL for the defaults.
 * out: owned, heapy_snapshot_file_close().  Waits for nothing: what is no regular file is HEAPY_BAD_FILE.
 *
 * A file and snapshots of it may be used by any number of threads; who asks for columns waits for whoever
 * loads some.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_open(const char *path,
                                                            const heapy_snapshot_open_options *options,
                                                            heapy_snapshot_file **out, heapy_error *err);

/* The same file, to be closed once more.  NULL gives NULL. */
HEAPY_API heapy_snapshot_file *heapy_snapshot_file_retain(heapy_snapshot_file *file);

/* Let go of a file.  Snapshots of it keep what they need.  NULL does nothing. */
HEAPY_API void heapy_snapshot_file_close(heapy_snapshot_file *file);

/* Columns of a file. */
enum {
    HEAPY_FILE_SIZES = 1,
    HEAPY_FILE_OWNERS = 2,
    HEAPY_FILE_LENGTHS = 4,
    HEAPY_FILE_FACTS = 8,      /* of nodes, such as the names of modules */
    HEAPY_FILE_EDGES = 16,     /* with their labels; roots */
    HEAPY_FILE_ADDRESSES = 32, /* the map */
    HEAPY_FILE_TEXTS = 64,     /* of rows, and the order of values */
    HEAPY_FILE_KEYS = 128,     /* texts of keys, and which are equal */
    HEAPY_FILE_BEFORE = 256,   /* which nodes were there before the reference point */
    HEAPY_FILE_EVERYTHING = 511
};

/* What opening has read. */
typedef struct heapy_snapshot_file_info {
    uint64_t file_bytes, edge_count;
    size_t node_count, type_count;
    uint32_t format;
    heapy_contents contents;
    unsigned columns;   /* HEAPY_FILE_...: which there are */
    bool is_compressed; /* some of them are */
    const char *info;   /* JSON as it was written, NUL-terminated; borrowed until the file is closed */
    size_t info_length;
} heapy_snapshot_file_info;

/* What is known of an open file; all zeros of NULL. */
HEAPY_API heapy_snapshot_file_info heapy_snapshot_file_describe(const heapy_snapshot_file *file);

/*
 * A snapshot with the columns of `needs` (HEAPY_FILE_... added up) that the file has, and with types and
 * names. Each column is read and checked when it is first needed, and kept for the next snapshot.  Without
 * HEAPY_FILE_TEXTS or _KEYS nothing is known of texts but what columns say.
 *
 * out: owned, heapy_snapshot_release().  O(bytes of the columns).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_file_snapshot(heapy_snapshot_file *file,
                                                                     unsigned needs, heapy_snapshot **out,
                                                                     heapy_error *err);

/* The nodes that were there before the reference point.  out: owned, heapy_node_set_destroy(); an empty set
   where the file has no reference point. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_snapshot_file_before(heapy_snapshot_file *file,
                                                                   heapy_node_set **out, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
