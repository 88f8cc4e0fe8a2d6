/* SPDX-License-Identifier: MIT */
/* Random graphs of several shapes, for tests that compare an algorithm with an obvious model. */
#ifndef HEAPY_TEST_RANDOM_GRAPH_H
#define HEAPY_TEST_RANDOM_GRAPH_H

#include <string.h>

#include "support.h"

enum { MAX_NODES = 40 };

/* Edges as the model sees them: how many from i to j, and which nodes are roots. */
typedef struct model {
    size_t nodes;
    unsigned edges[MAX_NODES][MAX_NODES];
    bool is_root[MAX_NODES];
    uint64_t sizes[MAX_NODES];
} model;

static inline void
make_model(model *m)
{
    *m = (model){.nodes = 1 + random_below(random_below(4) ? 12 : MAX_NODES)};
    size_t edges = random_below(3 * m->nodes + 1), shape = random_below(5);
    for (size_t i = 0; i < m->nodes; i++)
        m->sizes[i] = random_below(20) ? 16 * random_below(9) : UINT64_C(1) << 33;
    for (size_t k = 0; k < edges; k++) {
        size_t a = random_below(m->nodes), b = random_below(m->nodes);
        if (shape == 0 && a > b) { /* no cycles */
            size_t t = a;
            a = b;
            b = t;
        }
        if (shape == 1) /* a star */
            a = 0;
        if (shape == 2) /* a chain with short cuts */
            a = k % m->nodes, b = (a + 1 + !random_below(5)) % m->nodes;
        m->edges[a][b]++;
    }
    for (size_t k = random_below(4); k > 0; k--)
        m->is_root[random_below(m->nodes)] = true;
}

/* A chain of `nodes` from the only root, and `more` edges from each to the next. */
static inline heapy_status
build_chain(size_t nodes, unsigned parallel, heapy_graph **out, heapy_error *error)
{
    heapy_graph_builder *b;
    heapy_edge_writer *edges;
    heapy_size_writer *sizes;
    heapy_type type;
    heapy_status status = heapy_graph_builder_create(nodes, &b, error);
    if (status)
        return status;
    status = add_type(b, "list", HEAPY_ROLE_SEQUENCE, &type, error);
    if (!status)
        status = heapy_graph_builder_sizes(b, &sizes, error);
    if (!status)
        status = heapy_graph_builder_begin_edges(b, &edges, error);
    for (size_t i = 0; !status && i < nodes; i++) {
        heapy_graph_builder_types(b)[i] = type;
        if (!heapy_size_writer_put(sizes, (heapy_node)i, 8))
            status = HEAPY_NO_MEMORY;
        for (unsigned k = 0; k < parallel && i + 1 < nodes; k++)
            if (!heapy_edge_writer_put(edges, (heapy_node)i + 1, heapy_label_make(HEAPY_LABEL_INDEX, k)))
                status = HEAPY_NO_MEMORY;
        if (!status)
            status = heapy_graph_builder_end_node(b, error);
    }
    if (!status)
        status = heapy_graph_builder_add_root(b, 0, heapy_label_make(HEAPY_LABEL_INDEX, 0), error);
    if (status) {
        heapy_graph_builder_destroy(b);
        strcpy(error->message, "no memory");
        return error->status = status;
    }
    return heapy_graph_builder_finish(b, out, error);
}

/* What the graph of a model has beside its edges and sizes. */
typedef struct model_form {
    bool has_root;      /* the first node is the root */
    bool has_more_root; /* rather one more node than the model's is it, and refers to the model's roots */
    bool has_frames;    /* each third node is a frame, whose references have names */
} model_form;

/* The label of the number-th reference of a node, to the node `to`. */
static inline heapy_label
label_of_model(const uint32_t *frame_names, size_t to, unsigned number)
{
    if (frame_names)
        return heapy_label_make(HEAPY_LABEL_INTERNAL, frame_names[(to + number) % 4]);
    return heapy_label_make(HEAPY_LABEL_INDEX, number);
}

static inline heapy_status
put_edges_of_model(const model *m, heapy_edge_writer *edges, size_t from, const uint32_t *frame_names)
{
    unsigned number = 0;
    for (size_t to = 0; to < m->nodes; to++) {
        unsigned count = from < m->nodes ? m->edges[from][to] : m->is_root[to];
        for (; count; count--, number++)
            if (!heapy_edge_writer_put(edges, (heapy_node)to, label_of_model(frame_names, to, number)))
                return HEAPY_NO_MEMORY;
    }
    return HEAPY_OK;
}

static inline heapy_status
fill_model(const model *m, model_form form, heapy_graph_builder *b, heapy_error *error)
{
    static const char *const names[] = {"f_globals", "f_builtins", "f_code", "f_back"};
    heapy_edge_writer *edges;
    heapy_size_writer *sizes;
    heapy_type object, frame;
    uint32_t numbers[4];
    heapy_status status = add_type(b, "list", HEAPY_ROLE_SEQUENCE, &object, error);
    if (!status && form.has_frames)
        status = add_type(b, "frame", HEAPY_ROLE_FRAME, &frame, error);
    for (size_t i = 0; !status && form.has_frames && i < 4; i++)
        status = heapy_graph_builder_intern(b, names[i], strlen(names[i]), &numbers[i], error);
    if (!status)
        status = heapy_graph_builder_sizes(b, &sizes, error);
    if (!status)
        status = heapy_graph_builder_begin_edges(b, &edges, error);
    for (size_t i = 0; !status && i < m->nodes + form.has_more_root; i++) {
        bool is_frame = form.has_frames && i % 3 == 1;
        heapy_graph_builder_types(b)[i] = is_frame ? frame : object;
        if (i < m->nodes && !heapy_size_writer_put(sizes, (heapy_node)i, m->sizes[i]))
            status = HEAPY_NO_MEMORY;
        if (!status)
            status = put_edges_of_model(m, edges, i, is_frame ? numbers : NULL);
        if (!status)
            status = heapy_graph_builder_end_node(b, error);
    }
    for (size_t i = 0; !status && i < m->nodes; i++)
        if (m->is_root[i])
            status =
                heapy_graph_builder_add_root(b, (heapy_node)i, heapy_label_make(HEAPY_LABEL_INDEX, i), error);
    if (!status && form.has_root)
        status = heapy_graph_builder_set_root(b, form.has_more_root ? (heapy_node)m->nodes : 0, error);
    return status;
}

static inline heapy_status
build_model_as(const model *m, model_form form, heapy_graph **out, heapy_error *error)
{
    heapy_graph_builder *b;
    heapy_status status = heapy_graph_builder_create(m->nodes + form.has_more_root, &b, error);
    if (status)
        return status;
    status = fill_model(m, form, b, error);
    if (!status)
        return heapy_graph_builder_finish(b, out, error);
    heapy_graph_builder_destroy(b);
    if (!error->status)
        strcpy(error->message, "no memory");
    return error->status = status;
}

static inline heapy_status
build_model(const model *m, heapy_graph **out, heapy_error *error)
{
    return build_model_as(m, (model_form){0}, out, error);
}

/* Add to `reached` what the starts reach without entering `avoid`. */
static inline void
reach_in_model(const model *m, const bool *starts, const bool *avoid, bool *reached)
{
    for (size_t i = 0; i < m->nodes; i++)
        reached[i] = starts[i] && !avoid[i];
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < m->nodes; i++)
            for (size_t j = 0; reached[i] && j < m->nodes; j++)
                if (m->edges[i][j] && !avoid[j] && !reached[j])
                    again = reached[j] = true;
    }
}

static inline void
dominated_in_model(const model *m, const bool *set, bool *dominated)
{
    bool around[MAX_NODES];
    reach_in_model(m, m->is_root, set, around);
    reach_in_model(m, set, around, dominated);
}

static inline uint64_t
size_in_model(const model *m, const bool *set)
{
    uint64_t total = 0;
    for (size_t i = 0; i < m->nodes; i++)
        total += set[i] ? m->sizes[i] : 0;
    return total;
}

static inline heapy_node_set *
node_set_of(const model *m, const bool *members)
{
    heapy_node_set *set;
    assert_ok(heapy_node_set_create(m->nodes, &set, err));
    for (size_t i = 0; i < m->nodes; i++)
        if (members[i])
            heapy_node_set_add(set, (heapy_node)i);
    return set;
}

static inline void
random_members(const model *m, bool *members)
{
    uint64_t rarity = 1 + random_below(6);
    for (size_t i = 0; i < MAX_NODES; i++)
        members[i] = i < m->nodes && !random_below(rarity);
}

#endif
