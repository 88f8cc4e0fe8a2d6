/* SPDX-License-Identifier: MIT */
/*
 * The heap as an immutable graph in columns.
 *
 *     node          0 .. node_count-1, by increasing address (heapy/address_map.h turns one into the other)
 *     type          of each node, a row of the type table
 *     size          of each node alone, in bytes (its shallow size)
 *     owner         of a dict node: the node whose attribute dict it is
 *     length        of a container: its items
 *     facts         what else is known of nodes, by name: a number for a node and a table of what they mean
 *     edges         of each node, in traversal order: target and label, in compressed sparse rows (CSR)
 *     roots         edges that start outside every node, or at the root node
 *
 * All but types are optional.  A builder takes the columns one after the other and heapy_graph_builder_finish
 * checks everything later code relies on: a graph in hand is valid.  The graph knows nothing of Python; a
 * file reader or a generator of random graphs can fill a builder.
 *
 * Columns are made by the builder, or lent to it: those of a file are read where they lie.
 *
 * Building in a wrong order, or with numbers of what is not there, is HEAPY_INVALID at once or by finish.
 * Reading is total: of a type, name, root or fact that is not there the text is "" and the number 0 or none,
 * and a node that is not there has no edges.
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

/* What the instances of a type are to an analysis, and how one is shown. */
typedef enum heapy_role {
    HEAPY_ROLE_OBJECT,   /* anything: by its address */
    HEAPY_ROLE_NUMBER,   /* by its value, which also orders: int, float, bool */
    HEAPY_ROLE_VALUE,    /* by its value: complex, None */
    HEAPY_ROLE_TEXT,     /* by its beginning and end: str, bytes */
    HEAPY_ROLE_SEQUENCE, /* by address and length: list, tuple */
    HEAPY_ROLE_DICT,     /* the same, and classified by the type of its owner */
    HEAPY_ROLE_TYPE,     /* by its name */
    HEAPY_ROLE_FUNCTION,
    HEAPY_ROLE_BUILTIN,
    HEAPY_ROLE_MODULE,
    HEAPY_ROLE_CODE,  /* by file, line and name */
    HEAPY_ROLE_FRAME, /* by name and address */
    HEAPY_ROLE_METHOD,
    HEAPY_ROLE_TRACEBACK,
    HEAPY_ROLE_COUNT
} heapy_role;

/* A row of the type table.  Texts are UTF-8. */
typedef struct heapy_type_row {
    const char *name;     /* as tables show it */
    const char *module;   /* where it was defined; NULL: not known */
    const char *qualname; /* its own name there; NULL: not known */
    bool is_alias;        /* `name` is a well-known one for it: its own is its module's and qualname */
    heapy_role role;      /* of its instances */
    uint64_t identity;    /* what tells it from other types of its process, such as its address; 0: unknown */
    heapy_node node;      /* the type as an object; HEAPY_NO_NODE: it is no node */
    const heapy_type *bases; /* rows it inherits from directly */
    size_t base_count;
} heapy_type_row;

/* Zeros but for the node. */
#define HEAPY_TYPE_ROW_INIT {NULL, NULL, NULL, false, HEAPY_ROLE_OBJECT, 0, HEAPY_NO_NODE, NULL, 0}

/* Shallow sizes in 32 bits; HEAPY_LARGE_SIZE stands for one that is in the table beside. */
#define HEAPY_LARGE_SIZE UINT32_MAX

typedef struct heapy_large_size {
    heapy_node node;
    uint32_t unused;
    uint64_t size; /* bytes */
} heapy_large_size;

typedef struct heapy_sizes {
    const uint32_t *narrow;        /* by node; NULL: sizes are not known and count as 0 */
    const heapy_large_size *large; /* by increasing node */
    size_t large_count;
    size_t node_count; /* of `narrow`; 0 where that is NULL */
} heapy_sizes;

/* The slow half of heapy_size_of(): 0 of a node that is not in the table.  O(log large_count). */
HEAPY_API uint64_t heapy_large_size_of(const heapy_sizes *sizes, heapy_node node);

/* Bytes of a node alone; 0 of one that is not there. */
static inline uint64_t
heapy_size_of(const heapy_sizes *sizes, heapy_node node)
{
    if (!sizes || node >= sizes->node_count)
        return 0;
    return sizes->narrow[node] != HEAPY_LARGE_SIZE ? sizes->narrow[node] : heapy_large_size_of(sizes, node);
}

/* What is known of some nodes beside the columns, such as where they were allocated. */
typedef struct heapy_facts heapy_facts;

/*
 * How a source refers to its target.
 *
 *     bit  31 ..... 28 27 .................................... 0
 *         |   kind    | a number, a name or the number of a list |
 *
 *     d['a']   VALUE 0      the key is the target of the edge KEY 0 of the same source
 *     l[3]     INDEX 3
 *     o.x      ATTRIBUTE n  names[n] is "x"
 *     both     SEVERAL k    lists[k] has the labels, one after the other: one edge with several names
 *
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
 * heapy_graph_builder_destroy() or heapy_graph_builder_finish().  Takes 4 bytes a node.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_create(size_t node_count,
                                                                   heapy_graph_builder **out,
                                                                   heapy_error *err);
HEAPY_API void heapy_graph_builder_destroy(heapy_graph_builder *builder); /* NULL does nothing */

/* Append a row to the type table; all of `row` is copied.  The rows of its bases may follow later. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_add_type(heapy_graph_builder *builder,
                                                                     const heapy_type_row *row,
                                                                     heapy_type *out, heapy_error *err);

/* Say which rows a row inherits from (copied), or which node it is as an object, once that is known.
   HEAPY_INVALID for a row that is not there. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_set_bases(heapy_graph_builder *builder,
                                                                      heapy_type type,
                                                                      const heapy_type *bases, size_t count,
                                                                      heapy_error *err);
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_set_type_node(heapy_graph_builder *builder,
                                                                          heapy_type type, heapy_node node,
                                                                          heapy_error *err);

/* The number of `name` (length bytes of UTF-8, copied) in the name table; entered when new.  O(length). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_intern(heapy_graph_builder *builder,
                                                                   const char *name, size_t length,
                                                                   uint32_t *out, heapy_error *err);

/* The label of references that have several names, at least one (copied).  HEAPY_LABEL_SEVERAL, of a list
   that was made before, stands for what that has. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_several(heapy_graph_builder *builder,
                                                                    const heapy_label *labels, size_t count,
                                                                    heapy_label *out, heapy_error *err);

/* The column of types, node_count elements to be filled by the caller; borrowed until finish or destroy. */
HEAPY_API heapy_type *heapy_graph_builder_types(heapy_graph_builder *builder);

/* Where sizes go.  Open so that heapy_size_writer_put can be inlined. */
typedef struct heapy_size_writer {
    uint32_t *narrow;        /* by node; 0 at first */
    heapy_large_size *large; /* as they came; the last of a node counts */
    size_t node_count, large_count, large_capacity;
} heapy_size_writer;

/* The optional column of sizes, made (4 bytes a node) at the first call; borrowed until finish or destroy. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_sizes(heapy_graph_builder *builder,
                                                                  heapy_size_writer **out, heapy_error *err);

/* The slow half of heapy_size_writer_put. */
HEAPY_API bool heapy_size_writer_put_large(heapy_size_writer *writer, heapy_node node, uint64_t size);

/* `node` has `size` bytes.  False: no memory, or there is no such node. */
static inline bool
heapy_size_writer_put(heapy_size_writer *writer, heapy_node node, uint64_t size)
{
    if (!writer || size >= HEAPY_LARGE_SIZE || node >= writer->node_count)
        return heapy_size_writer_put_large(writer, node, size);
    writer->narrow[node] = (uint32_t)size;
    return true;
}

/*
 * The optional column of owners, made (4 bytes a node until finish, all HEAPY_NO_NODE) at the first call: the
 * node whose attribute dict a node is, or heapy_owner_elsewhere() of its type where the owner is no node.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_owners(heapy_graph_builder *builder,
                                                                   heapy_node **out, heapy_error *err);

/* An owner that is no node of a graph of `node_count` nodes, of which only the type is known. */
static inline heapy_node
heapy_owner_elsewhere(size_t node_count, heapy_type type)
{
    uint64_t owner = (uint64_t)node_count + type;
    return owner < HEAPY_NO_NODE ? (heapy_node)owner : HEAPY_NO_NODE;
}

/* Say how many items a container has: nodes ascend from call to call, HEAPY_INVALID when they do not. Lengths
   of 2^32 - 1 and more are kept as that.  Takes 4 bytes a container and an eighth of a byte a node. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_add_length(heapy_graph_builder *builder,
                                                                       heapy_node node, uint64_t length,
                                                                       heapy_error *err);

/*
 * Begin a column of facts.  name: UTF-8, copied, such as "module".  out: borrowed until finish or destroy.
 * HEAPY_INVALID where there is one of that name.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_begin_facts(heapy_graph_builder *builder,
                                                                        const char *name, heapy_facts **out,
                                                                        heapy_error *err);

/* The number of a fact with this text (length bytes of UTF-8, copied), entered anew whether or not there is
   one of the same text: two modules may have one name. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_facts_add_value(heapy_facts *facts, const char *text,
                                                              size_t length, uint32_t *out, heapy_error *err);

/* Say that a fact holds of `node`: nodes ascend from call to call. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_facts_add(heapy_facts *facts, heapy_node node, uint32_t value,
                                                        heapy_error *err);

/* Where the edges of the current node go.  Open so that heapy_edge_writer_put can be inlined. */
typedef struct heapy_edge_writer {
    uint32_t *targets;
    heapy_label *labels;
    size_t count, capacity;
    struct heapy_graph_builder *drained_by; /* NULL: edges are kept */
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

/*
 * Who takes edges that are not kept: targets and labels of edges in order and, apart from them, of nodes in
 * order how many edges each has.  Of either there may be none in a call.  The arrays are the builder's.  What
 * it returns is passed on, and then it is not called again.
 */
typedef struct heapy_edge_drain {
    heapy_status (*take)(void *context, const heapy_node *targets, const heapy_label *labels,
                         size_t edge_count, const uint32_t *counts, size_t node_count, heapy_error *err);
    void *context;
} heapy_edge_drain;

/*
 * As heapy_graph_builder_begin_edges(), for who cannot have all edges in memory: they are checked and given
 * to the drain (copied) some ten thousand at a time, the last ones by finish, and the graph has none.  Names,
 * lists of labels and roots it has.  256 KiB.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_drain_edges(heapy_graph_builder *builder,
                                                                        const heapy_edge_drain *drain,
                                                                        heapy_edge_writer **out,
                                                                        heapy_error *err);

/* The slow half of heapy_edge_writer_put.  False: no memory, and the writer is unchanged; or a drain failed.
 */
HEAPY_API bool heapy_edge_writer_grow(heapy_edge_writer *writer);

/* Append an edge to the current node.  A target or label that is none is found by finish.  False: no memory,
   or a drain failed, which finish says.  Amortised O(1). */
static inline bool
heapy_edge_writer_put(heapy_edge_writer *writer, heapy_node target, heapy_label label)
{
    if (!writer || (writer->count == writer->capacity && !heapy_edge_writer_grow(writer)))
        return false;
    writer->targets[writer->count] = target;
    writer->labels[writer->count] = label;
    writer->count++;
    return true;
}

/* ---- lending ---- */

/* Who keeps lent columns alive.  release is called once, when the graph is gone; NULL: they outlive it. */
typedef struct heapy_keeper {
    void (*release)(void *context);
    void *context;
} heapy_keeper;

/*
 * A builder whose column of types is lent: `node_count` of them.  Columns that are lent stay as they are
 * until the keeper is released, which happens also on failure.  What is lent and what the builder makes may
 * be mixed, column by column; of each column one or the other.
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_create_lent(size_t node_count,
                                                                        const heapy_type *types,
                                                                        const heapy_keeper *keeper,
                                                                        heapy_graph_builder **out,
                                                                        heapy_error *err);

/* Lend sizes: `narrow` of all nodes, and `large` by increasing node.  HEAPY_INVALID where there are some. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_lend_sizes(heapy_graph_builder *builder,
                                                                       const heapy_sizes *sizes,
                                                                       heapy_error *err);

/*
 * A value of 32 bits for some of the nodes:
 *
 *     words    (node_count + 63) / 64: a bit for each node, has it a value?
 *     ranks    node_count / 512 + 1: how many nodes before each block of 512 have one
 *     values   `count`, one after the other
 */
typedef struct heapy_sparse_values {
    const uint64_t *words;
    const uint32_t *ranks;
    const uint32_t *values;
    size_t count;
} heapy_sparse_values;

HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_lend_owners(heapy_graph_builder *builder,
                                                                        const heapy_sparse_values *owners,
                                                                        heapy_error *err);
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_lend_lengths(heapy_graph_builder *builder,
                                                                         const heapy_sparse_values *lengths,
                                                                         heapy_error *err);

/* Lend the facts of nodes: numbers of values that heapy_facts_add_value() has entered. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_facts_lend(heapy_facts *facts,
                                                         const heapy_sparse_values *of_nodes,
                                                         heapy_error *err);

/* Edges that are lent: those of node i are offsets[i] .. offsets[i + 1] - 1. */
typedef struct heapy_lent_edges {
    const uint32_t *offsets32; /* node_count + 1; NULL: 64 bits are needed */
    const uint64_t *offsets64; /* one of the two is there */
    const uint32_t *targets;   /* `count` */
    const heapy_label *labels; /* `count` */
    size_t count;
} heapy_lent_edges;

/* In place of beginning edges and ending nodes. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_lend_edges(heapy_graph_builder *builder,
                                                                       const heapy_lent_edges *edges,
                                                                       heapy_error *err);

/* ---- roots, and finishing ---- */

HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_add_root(heapy_graph_builder *builder,
                                                                     heapy_node target, heapy_label label,
                                                                     heapy_error *err);

/* Say which node stands for what is outside: the roots are its references.  HEAPY_NO_NODE at first. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_set_root(heapy_graph_builder *builder,
                                                                     heapy_node node, heapy_error *err);

/*
 * Check the columns and turn the builder into a graph; the builder is gone whatever happens.
 * out: owned, heapy_graph_destroy().  HEAPY_INVALID names the first broken node, edge or root.
 * O(nodes + edges).
 */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_builder_finish(heapy_graph_builder *builder,
                                                                   heapy_graph **out, heapy_error *err);

/* ---- reading; everything returned is borrowed until the graph is destroyed ---- */

HEAPY_API void heapy_graph_destroy(heapy_graph *graph); /* NULL does nothing */

HEAPY_API size_t heapy_graph_node_count(const heapy_graph *graph);
HEAPY_API size_t heapy_graph_type_count(const heapy_graph *graph);
/* A row of the type table, its texts and bases borrowed. */
HEAPY_API heapy_type_row heapy_graph_type_row(const heapy_graph *graph, heapy_type type);
HEAPY_API const char *heapy_graph_type_name(const heapy_graph *graph, heapy_type type); /* UTF-8 */
HEAPY_API heapy_role heapy_graph_type_role(const heapy_graph *graph, heapy_type type);

/* The row that is this node as an object, or HEAPY_NO_TYPE.  O(log types). */
HEAPY_API heapy_type heapy_graph_type_of_node(const heapy_graph *graph, heapy_node node);

/* The row of that identity, or HEAPY_NO_TYPE.  O(types). */
HEAPY_API heapy_type heapy_graph_type_of_identity(const heapy_graph *graph, uint64_t identity);

/* Mark in `rows` (type_count flags, the caller's) the types that inherit from `type`, or those it inherits
   from; itself too.  As far as rows say.  O(types + bases). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_subtypes(const heapy_graph *graph, heapy_type type,
                                                             bool *rows, heapy_error *err);
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_supertypes(const heapy_graph *graph, heapy_type type,
                                                               bool *rows, heapy_error *err);

HEAPY_API const heapy_type *heapy_graph_types(const heapy_graph *graph);
HEAPY_API heapy_role heapy_graph_role(const heapy_graph *graph, heapy_node node); /* of its type */
HEAPY_API heapy_sizes heapy_graph_sizes(const heapy_graph *graph);

/* Are owners known?  The owner of a dict, HEAPY_NO_NODE when it has none or one that is no node; and the
   owner's type, HEAPY_NO_TYPE when it has none.  O(1). */
HEAPY_API bool heapy_graph_has_owners(const heapy_graph *graph);
HEAPY_API heapy_node heapy_graph_owner(const heapy_graph *graph, heapy_node node);
HEAPY_API heapy_type heapy_graph_owner_type(const heapy_graph *graph, heapy_node node);

/* The items of a container; HEAPY_NO_LENGTH when that is not known.  O(1). */
#define HEAPY_NO_LENGTH UINT64_MAX
HEAPY_API uint64_t heapy_graph_length(const heapy_graph *graph, heapy_node node);

/* The facts of that name, or NULL. */
HEAPY_API const heapy_facts *heapy_graph_facts(const heapy_graph *graph, const char *name);
#define HEAPY_NO_FACT UINT32_MAX
HEAPY_API uint32_t heapy_facts_of_node(const heapy_facts *facts, heapy_node node); /* or HEAPY_NO_FACT */
HEAPY_API size_t heapy_facts_value_count(const heapy_facts *facts);
HEAPY_API const char *heapy_facts_value(const heapy_facts *facts, uint32_t value); /* UTF-8 */

HEAPY_API bool heapy_graph_has_edges(const heapy_graph *graph);
HEAPY_API uint64_t heapy_graph_edge_count(const heapy_graph *graph);

/* The edges of `node` are numbered *first .. *end - 1.  Both 0 in a graph without edges. */
HEAPY_API void heapy_graph_edges(const heapy_graph *graph, heapy_node node, uint64_t *first, uint64_t *end);
HEAPY_API const uint32_t *heapy_graph_targets(const heapy_graph *graph);   /* by edge number */
HEAPY_API const heapy_label *heapy_graph_labels(const heapy_graph *graph); /* by edge number */

/* The labels that *label stands for: itself, or those of a list.  Their number, 0 for a list that is not
 *there; parts is borrowed from the graph or is `label`. */
HEAPY_API size_t heapy_graph_label_parts(const heapy_graph *graph, const heapy_label *label,
                                         const heapy_label **parts);

/* The node that is the key of the dict entry of which `edge`, an edge of `source` that has the name `label`
   (a HEAPY_LABEL_VALUE), gives the value; HEAPY_NO_NODE when the graph lacks it.  O(1) for plain dicts, else
   O(edges of source). */
HEAPY_API heapy_node heapy_graph_key_of_edge(const heapy_graph *graph, heapy_node source, uint64_t edge,
                                             heapy_label label);

HEAPY_API size_t heapy_graph_name_count(const heapy_graph *graph);
HEAPY_API const char *heapy_graph_name(const heapy_graph *graph, uint32_t name, size_t *length);

/* The node that stands for what is outside, or HEAPY_NO_NODE. */
HEAPY_API heapy_node heapy_graph_root(const heapy_graph *graph);
HEAPY_API size_t heapy_graph_root_count(const heapy_graph *graph);
HEAPY_API heapy_node heapy_graph_root_target(const heapy_graph *graph, size_t root);
HEAPY_API heapy_label heapy_graph_root_label(const heapy_graph *graph, size_t root);

/* Bytes of memory the graph owns: without what was lent. */
HEAPY_API size_t heapy_graph_bytes(const heapy_graph *graph);

/* What finish checked, again.  For tests. */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_graph_validate(const heapy_graph *graph, heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
