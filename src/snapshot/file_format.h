/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a snapshot file; docs/format.md is the authority.
 *
 *     header | chunk | chunk | ... | table of chunks | trailer
 *
 * Everything begins at a multiple of 64; zeros fill the gaps.  Numbers are little-endian.
 */
#ifndef HEAPY_SNAPSHOT_FILE_FORMAT_H
#define HEAPY_SNAPSHOT_FILE_FORMAT_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

/* As that of PNG: no ASCII, and line ends that a transfer as text would change. */
#define HEAPY__FILE_MAGIC "\x89HEAPY\r\n\x1a\n"

enum {
    HEAPY__MAGIC_BYTES = 10,
    HEAPY__FILE_VERSION = 1,
    HEAPY__FILE_NEEDS = 0 << 16 | 1, /* the first heapy that reads what is written here: 0.1 */
    HEAPY__BYTE_ORDER = 0xfeff,
    HEAPY__ALIGNMENT = 64,
    HEAPY__FRAME_BYTES = 1 << 20, /* of a column in one zstd frame */
    HEAPY__FRAME_RATIO = 256,     /* how much longer than itself a frame unpacks to, at most */
    HEAPY__CHUNK_NAME_BYTES = 32,
    HEAPY__MOST_CHUNKS = 4096,
    HEAPY__TEXTS_IN_BLOCK = 64 /* nodes whose texts are found one after the other */
};

typedef struct heapy__file_header {
    unsigned char magic[HEAPY__MAGIC_BYTES];
    uint16_t byte_order;
    uint32_t version;
    uint32_t needs; /* of heapy: major << 16 | minor */
    uint32_t unused[9];
    uint64_t checksum; /* of what is before */
} heapy__file_header;

enum { HEAPY__CHUNK_REQUIRED = 1 };

/* How a column is packed; transform.c has the last two. */
typedef enum heapy__chunk_codec {
    HEAPY__PLAIN,
    HEAPY__ZSTD,
    HEAPY__SHUFFLED,    /* bytes by their place, then zstd */
    HEAPY__DIFFERENCES, /* differences, then as SHUFFLED */
    HEAPY__CODEC_COUNT
} heapy__chunk_codec;

/* A row of the table of chunks. */
typedef struct heapy__chunk_entry {
    char name[HEAPY__CHUNK_NAME_BYTES]; /* filled up with NULs */
    uint32_t flags;
    uint32_t codec;
    uint64_t offset;   /* in the file */
    uint64_t stored;   /* bytes there */
    uint64_t raw;      /* bytes of the column */
    uint32_t element;  /* bytes of one of its elements */
    uint32_t needs;    /* of heapy, to read it */
    uint64_t checksum; /* of the stored bytes and the zeros behind them */
} heapy__chunk_entry;

typedef struct heapy__file_trailer {
    uint64_t table_offset, table_bytes, table_checksum; /* checksum: with the zeros behind it */
    uint64_t file_bytes;
    unsigned char unused[14];
    unsigned char magic[HEAPY__MAGIC_BYTES];
    uint64_t checksum; /* of what is before */
} heapy__file_trailer;

/* The chunk "graph". */
typedef struct heapy__file_graph {
    uint64_t node_count, edge_count;
    uint32_t type_count, name_count, fact_count;
    uint32_t root; /* a node, or 2^32 - 1 */
    uint32_t contents;
    uint32_t unused;
} heapy__file_graph;

/* Or-ed to the role of a type: its name is a well-known one, and not that of module and qualname. */
#define HEAPY__FILE_TYPE_ALIAS UINT32_C(0x80000000)

/* An element of the chunk "type.rows".  Texts are numbers in "type.texts", 2^32 - 1 for none. */
typedef struct heapy__file_type {
    uint32_t name, module, qualname;
    uint32_t role; /* and HEAPY__FILE_TYPE_ALIAS */
    uint64_t identity;
    uint32_t node;
    uint32_t base_count; /* in "type.bases", after those of the row before */
} heapy__file_type;

typedef struct heapy__file_root {
    uint32_t target, label;
} heapy__file_root;

static_assert(sizeof(heapy__file_header) == 64, "a header has 64 bytes");
static_assert(sizeof(heapy__file_trailer) == 64, "a trailer has 64 bytes");
static_assert(sizeof(heapy__chunk_entry) == 80, "an entry has 80 bytes");
static_assert(sizeof(heapy__file_graph) == 40, "the graph has 40 bytes");
static_assert(sizeof(heapy__file_type) == 32, "a type has 32 bytes");

static inline uint64_t
heapy__aligned(uint64_t offset)
{
    return (offset + HEAPY__ALIGNMENT - 1) / HEAPY__ALIGNMENT * HEAPY__ALIGNMENT;
}

/* Numbers are written and used as they lie in memory. */
static inline bool
heapy__is_little_endian(void)
{
    const union {
        uint16_t number;
        unsigned char bytes[2];
    } probe = {.number = 1};
    return probe.bytes[0] == 1;
}

#endif
