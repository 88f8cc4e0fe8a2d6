/* SPDX-License-Identifier: MIT */
/* An open file, shared by who reads its graph and who reads its texts. */
#ifndef HEAPY_SNAPSHOT_SNAPSHOT_FILE_INTERNAL_H
#define HEAPY_SNAPSHOT_SNAPSHOT_FILE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "../base/sparse_column.h"
#include "chunk_reader.h"
#include "heapy/snapshot_file.h"

struct heapy_snapshot_file {
    atomic_size_t uses; /* who opened it, and what snapshots need of it */
    heapy__chunk_reader reader;
    heapy__file_graph graph;
    const char *info;
    size_t info_length;
    heapy_address_map *map; /* lent from its columns; NULL until asked for */
    pthread_mutex_t lock;   /* of the reader's columns and of the map */
    atomic_long holder;     /* the process whose thread has the lock; 0: none has it */
};

/* Texts with their starts: NAME.starts and NAME.bytes, checked. */
typedef struct heapy__file_texts {
    const uint64_t *starts; /* count + 1 */
    const char *bytes;
    size_t count;
} heapy__file_texts;

/* count: how many there must be, or HEAPY__ANY_COUNT. */
heapy_status heapy__file_load_texts(heapy_snapshot_file *file, const char *name, uint64_t count,
                                    heapy__file_texts *out, heapy_error *err);

/* NAME.nodes, NAME.ranks and NAME.numbers as a lent column; checked by who uses it. */
heapy_status heapy__file_load_sparse(heapy_snapshot_file *file, const char *name, heapy_sparse_values *out,
                                     heapy_error *err);

/* The name of the chunk NAME.part, in a room of HEAPY__CHUNK_NAME_BYTES, which is returned. */
const char *heapy__file_part_name(char *room, const char *name, const char *part);

/* What a builder says is wrong, said of the file: `err` is told again with the chunk's place.  The status,
   which is passed on. */
heapy_status heapy__blame_file(const heapy_snapshot_file *file, heapy_status status, const char *chunk,
                               heapy_error *err);

/* Is there a chunk NAME.part? */
bool heapy__file_has(const heapy_snapshot_file *file, const char *name, const char *part);

/* What a snapshot of the file says of texts; graph: of that snapshot.  The words hold the file, and release
   it, also on failure.  needs: HEAPY_FILE_TEXTS and _KEYS. */
heapy_status heapy__file_words_create(heapy_snapshot_file *file, const heapy_graph *graph, unsigned needs,
                                      heapy_words *out, heapy_error *err);

#endif
