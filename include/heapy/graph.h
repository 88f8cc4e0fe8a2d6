/* SPDX-License-Identifier: MIT */
/*
 * The heap as an immutable graph in columns.
 *
 *     node          0 .. node_count-1, by increasing address (heapy/address_map.h turns one into the other)
 *     type          of each node, a row of the type table: name and flags
 *     size          of each node alone, in bytes (its shallow size)
 *     owner type    of a dict node: the type of the object whose attribute dict it is
 *     edges         of each node, in traversal order: target and label, in compressed sparse rows (CSR)
 *     roots         edges that start outside every node
 *
 * Owner types and edges are optional columns.  A builder takes the columns one after the other and
 * heapy_graph_builder_finish checks everything later code relies on: a graph in hand is valid.
 * The graph knows nothing of Python; a file reader or a generator of random graphs can fill a builder.
 */
#ifndef HEAPY_GRAPH_H
#define HEAPY_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapy/address_map.h"
#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t heapy_type; /* a row of a graph's type table */
#define HEAPY_NO_TYPE UINT32_MAX

enum {
    HEAPY_TYPE_IS_DICT = 1 /* its nodes are classified by the type of their owner */
};

/*
 * How a source refers to its target: a kind in the upper 4 bits, a number or a name in the lower 28.
 * A number too large for 28 bits makes the label unnamed.
 */
typedef uint32_t heapy_label;

typedef enum heapy_label_kind {
    HEAPY_LABEL_UNNAMED,   /* an edge whose name is not known */
    HEAPY_LABEL_ATTRIBUTE, /* name:   source.name */
    HEAPY_LABEL_INDEX,     /* number: source[number] */
    HEAPY_LABEL_VALUE,     /* number: the value of entry `number`; that entry's key is the target of the
                              edge HEAPY_LABEL_KEY `number` of the same source */
    HEAPY_LABEL_KEY,       /* number: source.keys()[number] */
    HEAPY_LABEL_INTERNAL,  /* name:   source->name, a field of the C struct */
    HEAPY_LABEL_LOCAL,     /* name:   source.f_locals['name'] */
    HEAPY_LABEL_STACK,     /* number: slot of a frame's evaluation stack */
    HEAPY_LABEL_MEMBER,    /* number: list(source)[number] */
    HEAPY_LABEL_SEVERAL,   /* number: of a list of labels, all of which name this one reference */
    HEAPY_LABEL_KIND_COUNT
} heapy_label_kind;

enum { HEAPY_LABEL_NUMBER_BITS = 28 };

static inline heapy_label
heapy_label_make(heapy_label_kind kind, size_t number)
{
    return number >> HEAPY_LABEL_NUMBER_BITS
               ? (heapy_label)HEAPY_LABEL_UNNAMED
               : (heapy_label)kind << HEAPY_LABEL_NUMBER_BITS | (heapy_label)number;
}

static inline heapy_label_kind
heapy_label_kind_of(heapy_label label)
{
    return (heapy_label_kind)(label >> HEAPY_LABEL_NUMBER_BITS);
}

static inline uint32_t
heapy_label_number(heapy_label label)
{
    return label & ((UINT32_C(1) << HEAPY_LABEL_NUMBER_BITS) - 1);
}

/* Is the number of such a label a row of the name table? */
static inline bool
heapy_label_is_named(heapy_label_kind kind)
{
    return kind == HEAPY_LABEL_ATTRIBUTE || kind == HEAPY_LABEL_INTERNAL || kind == HEAPY_LABEL_LOCAL;
}

typedef struct heapy_graph heapy_graph;
typedef struct heapy_graph_builder heapy_graph_builder;

/* ---- building ---- */

/*
 * A builder for `node_count` nodes (at most 2^32 - 1: HEAPY_LIMIT).  out: owned,
 * heapy_graph_builder_destroy() or heapy_graph_builder_finish().  Takes 12 bytes a node.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_create(size_t node_count,
                                                                   heapy_graph_builder **out,
                                                                   heapy_error *err);
HEAPY_API void heapy_graph_builder_destroy(heapy_graph_builder *builder); /* NULL does nothing */

/* Append a row to the type table.  name: UTF-8, copied.  flags: HEAPY_TYPE_IS_... */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_add_type(heapy_graph_builder *builder,
                                                                     const char *name, unsigned flags,
                                                                     heapy_type *out, heapy_error *err);

/* The number of `name` (length bytes of UTF-8, copied) in the name table; entered when new.  O(length). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_intern(heapy_graph_builder *builder,
                                                                   const char *name, size_t length,
                                                                   uint32_t *out, heapy_error *err);

/* The label of references that have several names, none of them HEAPY_LABEL_SEVERAL (copied). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_several(heapy_graph_builder *builder,
                                                                    const heapy_label *labels, size_t count,
                                                                    heapy_label *out, heapy_error *err);

/* The columns, node_count elements each, to be filled by the caller; borrowed until finish or destroy. */
HEAPY_API heapy_type *heapy_graph_builder_types(heapy_graph_builder *builder);
HEAPY_API uint64_t *heapy_graph_builder_sizes(heapy_graph_builder *builder); /* bytes; 0 at first */

/* The optional column of owner types, made (4 bytes a node, all HEAPY_NO_TYPE) at the first call. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_owners(heapy_graph_builder *builder,
                                                                   heapy_type **out, heapy_error *err);

/* Where the edges of the current node go.  Open so that heapy_edge_writer_put can be inlined. */
typedef struct heapy_edge_writer {
    uint32_t *targets;
    heapy_label *labels;
    size_t count, capacity;
} heapy_edge_writer;

/*
 * Begin the optional edge columns.  Then, for each node in order: put its edges, end the node.
 * The writer is borrowed until finish or destroy.  Takes 4 bytes a node and 8 bytes an edge (12 at most
 * while it grows).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_begin_edges(heapy_graph_builder *builder,
                                                                        heapy_edge_writer **out,
                                                                        heapy_error *err);
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_end_node(heapy_graph_builder *builder,
                                                                     heapy_error *err);

/* The slow half of heapy_edge_writer_put.  False: no memory; the writer is unchanged. */
HEAPY_API bool heapy_edge_writer_grow(heapy_edge_writer *writer);

/* Append an edge to the current node.  False: no memory.  Amortised O(1). */
static inline bool
heapy_edge_writer_put(heapy_edge_writer *writer, heapy_node target, heapy_label label)
{
    if (writer->count == writer->capacity && !heapy_edge_writer_grow(writer))
        return false;
    writer->targets[writer->count] = target;
    writer->labels[writer->count] = label;
    writer->count++;
    return true;
}

HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_add_root(heapy_graph_builder *builder,
                                                                     heapy_node target, heapy_label label,
                                                                     heapy_error *err);

/*
 * Check the columns and turn the builder into a graph; the builder is gone whatever happens.
 * out: owned, heapy_graph_destroy().  HEAPY_INVALID names the first broken node, edge or root.
 * O(nodes + edges).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_finish(heapy_graph_builder *builder,
                                                                   heapy_graph **out, heapy_error *err);

/*
 * nodes[0] .. nodes[count-1] of a graph as nodes 0 .. count-1 of a new one: types, of which it has the same
 * table, sizes and owners; no edges, no roots.  out: owned, heapy_graph_destroy().  O(count + types).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_subset(const heapy_graph *graph, const heapy_node *nodes,
                                                           size_t count, heapy_graph **out, heapy_error *err);

/* ---- reading; everything returned is borrowed until the graph is destroyed ---- */

HEAPY_API void heapy_graph_destroy(heapy_graph *graph); /* NULL does nothing */

HEAPY_API size_t heapy_graph_node_count(const heapy_graph *graph);
HEAPY_API size_t heapy_graph_type_count(const heapy_graph *graph);
HEAPY_API const char *heapy_graph_type_name(const heapy_graph *graph, heapy_type type); /* UTF-8 */
HEAPY_API unsigned heapy_graph_type_flags(const heapy_graph *graph, heapy_type type);

HEAPY_API const heapy_type *heapy_graph_types(const heapy_graph *graph);
HEAPY_API const uint64_t *heapy_graph_sizes(const heapy_graph *graph);    /* bytes */
HEAPY_API const heapy_type *heapy_graph_owners(const heapy_graph *graph); /* NULL: no such column */

HEAPY_API bool heapy_graph_has_edges(const heapy_graph *graph);
HEAPY_API uint64_t heapy_graph_edge_count(const heapy_graph *graph);

/* The edges of `node` are numbered *first .. *end - 1.  Both 0 in a graph without edges. */
HEAPY_API void heapy_graph_edges(const heapy_graph *graph, heapy_node node, uint64_t *first, uint64_t *end);
HEAPY_API const uint32_t *heapy_graph_targets(const heapy_graph *graph);   /* by edge number */
HEAPY_API const heapy_label *heapy_graph_labels(const heapy_graph *graph); /* by edge number */

/* The labels that *label stands for: itself, or those of a list.  Their number; *parts is borrowed from the
   graph or is `label`. */
HEAPY_API size_t heapy_graph_label_parts(const heapy_graph *graph, const heapy_label *label,
                                         const heapy_label **parts);

/* The node that is the key of the dict entry of which `edge`, an edge of `source` that has the name `label`
   (a HEAPY_LABEL_VALUE), gives the value; HEAPY_NO_NODE when the graph lacks it.  O(1) for plain dicts, else
   O(edges of source). */
HEAPY_API heapy_node heapy_graph_key_of_edge(const heapy_graph *graph, heapy_node source, uint64_t edge,
                                             heapy_label label);

HEAPY_API size_t heapy_graph_name_count(const heapy_graph *graph);
HEAPY_API const char *heapy_graph_name(const heapy_graph *graph, uint32_t name, size_t *length);

HEAPY_API size_t heapy_graph_root_count(const heapy_graph *graph);
HEAPY_API heapy_node heapy_graph_root_target(const heapy_graph *graph, size_t root);
HEAPY_API heapy_label heapy_graph_root_label(const heapy_graph *graph, size_t root);

/* Bytes of memory the graph owns. */
HEAPY_API size_t heapy_graph_bytes(const heapy_graph *graph);

/* What finish checked, again.  For tests. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_validate(const heapy_graph *graph, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
