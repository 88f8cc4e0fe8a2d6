/* SPDX-License-Identifier: MIT */
/* Misuse of builders and graphs. */
#include "misuse.h"

static const heapy_type_row a_type = {.name = "t", .node = HEAPY_NO_NODE};

static heapy_graph_builder *
builder_of(size_t nodes)
{
    heapy_graph_builder *builder;
    heapy_type type;
    MADE(heapy_graph_builder_create(nodes, &builder, err));
    MADE(heapy_graph_builder_add_type(builder, &a_type, &type, err));
    for (size_t i = 0; i < nodes; i++)
        heapy_graph_builder_types(builder)[i] = type;
    return builder;
}

static void
nulls(void)
{
    heapy_graph_builder *builder = builder_of(2), *other;
    heapy_graph *graph;
    heapy_type type = 0;
    heapy_label label = 0;
    heapy_size_writer *sizes;
    heapy_edge_writer *edges;
    heapy_node *owners;
    heapy_facts *facts;
    uint32_t number;
    REFUSED(heapy_graph_builder_create(1, NULL, err));
    REFUSED(heapy_graph_builder_create(SIZE_MAX, &other, err));
    SURVIVES(heapy_graph_builder_destroy(NULL));
    REFUSED(heapy_graph_builder_add_type(NULL, &a_type, &type, err));
    REFUSED(heapy_graph_builder_add_type(builder, NULL, &type, err));
    REFUSED(heapy_graph_builder_add_type(builder, &a_type, NULL, err));
    REFUSED(heapy_graph_builder_set_bases(NULL, 0, &type, 1, err));
    REFUSED(heapy_graph_builder_set_bases(builder, 0, NULL, 1, err));
    REFUSED(heapy_graph_builder_set_type_node(NULL, 0, 0, err));
    REFUSED(heapy_graph_builder_intern(NULL, "a", 1, &number, err));
    REFUSED(heapy_graph_builder_intern(builder, NULL, 1, &number, err));
    REFUSED(heapy_graph_builder_intern(builder, "a", 1, NULL, err));
    REFUSED(heapy_graph_builder_several(NULL, &label, 1, &label, err));
    REFUSED(heapy_graph_builder_several(builder, NULL, 1, &label, err));
    REFUSED(heapy_graph_builder_several(builder, &label, 0, &label, err));
    REFUSED(heapy_graph_builder_several(builder, &label, 1, NULL, err));
    GIVES(heapy_graph_builder_types(NULL), NULL);
    REFUSED(heapy_graph_builder_sizes(NULL, &sizes, err));
    REFUSED(heapy_graph_builder_sizes(builder, NULL, err));
    GIVES(heapy_size_writer_put(NULL, 0, 1), false);
    GIVES(heapy_size_writer_put_large(NULL, 0, 1), false);
    REFUSED(heapy_graph_builder_owners(NULL, &owners, err));
    REFUSED(heapy_graph_builder_owners(builder, NULL, err));
    REFUSED(heapy_graph_builder_add_length(NULL, 0, 1, err));
    REFUSED(heapy_graph_builder_begin_facts(NULL, "f", &facts, err));
    REFUSED(heapy_graph_builder_begin_facts(builder, NULL, &facts, err));
    REFUSED(heapy_graph_builder_begin_facts(builder, "f", NULL, err));
    REFUSED(heapy_facts_add_value(NULL, "x", 1, &number, err));
    REFUSED(heapy_facts_add(NULL, 0, 0, err));
    REFUSED(heapy_graph_builder_drain_edges(NULL, NULL, NULL, err));
    REFUSED(heapy_graph_builder_begin_edges(NULL, &edges, err));
    REFUSED(heapy_graph_builder_begin_edges(builder, NULL, err));
    REFUSED(heapy_graph_builder_end_node(NULL, err));
    GIVES(heapy_edge_writer_grow(NULL), false);
    GIVES(heapy_edge_writer_put(NULL, 0, 0), false);
    REFUSED(heapy_graph_builder_add_root(NULL, 0, 0, err));
    REFUSED(heapy_graph_builder_set_root(NULL, 0, err));
    REFUSED(heapy_graph_builder_finish(NULL, &graph, err));
    REFUSED(heapy_graph_builder_finish(builder, NULL, err)); /* and the builder is gone */
}

/* In a wrong order, or of what is not there. */
static void
building(void)
{
    heapy_graph_builder *builder = builder_of(2);
    heapy_type_row row = a_type;
    heapy_type type;
    heapy_size_writer *sizes;
    heapy_edge_writer *edges;
    heapy_facts *facts;
    uint32_t value;
    row.role = HEAPY_ROLE_COUNT;
    REFUSED(heapy_graph_builder_add_type(builder, &row, &type, err));
    row = (heapy_type_row)HEAPY_TYPE_ROW_INIT; /* without a name */
    REFUSED(heapy_graph_builder_add_type(builder, &row, &type, err));
    row = a_type;
    row.base_count = 3; /* without bases */
    REFUSED(heapy_graph_builder_add_type(builder, &row, &type, err));
    REFUSED(heapy_graph_builder_set_bases(builder, 5, &type, 0, err));
    REFUSED(heapy_graph_builder_set_type_node(builder, 5, 0, err));
    MADE(heapy_graph_builder_sizes(builder, &sizes, err));
    GIVES(heapy_size_writer_put(sizes, 2, 1), false);
    GIVES(heapy_size_writer_put(sizes, HEAPY_NO_NODE, UINT64_MAX), false);
    REFUSED(heapy_graph_builder_add_length(builder, 2, 1, err));
    MADE(heapy_graph_builder_add_length(builder, 1, 1, err));
    REFUSED(heapy_graph_builder_add_length(builder, 0, 1, err));
    REFUSED(heapy_graph_builder_add_length(builder, 1, 1, err));
    MADE(heapy_graph_builder_begin_facts(builder, "f", &facts, err));
    REFUSED(heapy_graph_builder_begin_facts(builder, "f", &facts, err));
    REFUSED(heapy_facts_add(facts, 0, 0, err));
    REFUSED(heapy_facts_add_value(facts, NULL, 1, &value, err));
    REFUSED(heapy_facts_add_value(facts, "x", 1, NULL, err));
    MADE(heapy_facts_add_value(facts, "x", 1, &value, err));
    REFUSED(heapy_facts_add(facts, 2, value, err));
    REFUSED(heapy_graph_builder_end_node(builder, err)); /* before the edges begin */
    REFUSED(heapy_graph_builder_set_root(builder, 2, err));
    MADE(heapy_graph_builder_begin_edges(builder, &edges, err));
    REFUSED(heapy_graph_builder_begin_edges(builder, &edges, err));
    MADE(heapy_graph_builder_end_node(builder, err));
    MADE(heapy_graph_builder_end_node(builder, err));
    REFUSED(heapy_graph_builder_end_node(builder, err));
    heapy_graph_builder_destroy(builder);
}

/* What only finish can see. */
static void
finishing(void)
{
    heapy_graph *graph = NULL;
    heapy_edge_writer *edges;
    heapy_node *owners;
    heapy_label label;
    heapy_type none = 7;
    heapy_graph_builder *builder;

    MADE(heapy_graph_builder_create(1, &builder, err)); /* its type was never said */
    REFUSED(heapy_graph_builder_finish(builder, &graph, err));
    builder = builder_of(1);
    heapy_graph_builder_types(builder)[0] = 1;
    REFUSED(heapy_graph_builder_finish(builder, &graph, err));
    builder = builder_of(1);
    MADE(heapy_graph_builder_set_bases(builder, 0, &none, 1, err));
    REFUSED(heapy_graph_builder_finish(builder, &graph, err));
    builder = builder_of(1);
    MADE(heapy_graph_builder_set_type_node(builder, 0, 1, err));
    REFUSED(heapy_graph_builder_finish(builder, &graph, err));
    builder = builder_of(1);
    MADE(heapy_graph_builder_owners(builder, &owners, err));
    owners[0] = heapy_owner_elsewhere(1, 7);
    REFUSED(heapy_graph_builder_finish(builder, &graph, err));
    builder = builder_of(1);
    MADE(heapy_graph_builder_add_root(builder, 1, 0, err));
    REFUSED(heapy_graph_builder_finish(builder, &graph, err));
    builder = builder_of(1);
    MADE(heapy_graph_builder_begin_edges(builder, &edges, err)); /* and no node is ended */
    REFUSED(heapy_graph_builder_finish(builder, &graph, err));
    static const heapy_label wrong[] = {UINT32_MAX, 0xf0000000, (heapy_label)HEAPY_LABEL_ATTRIBUTE << 28,
                                        (heapy_label)HEAPY_LABEL_SEVERAL << 28};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        builder = builder_of(1);
        MADE(heapy_graph_builder_begin_edges(builder, &edges, err));
        MADE(!heapy_edge_writer_put(edges, 0, wrong[i]));
        MADE(heapy_graph_builder_end_node(builder, err));
        REFUSED(heapy_graph_builder_finish(builder, &graph, err));
    }
    builder = builder_of(1);
    MADE(heapy_graph_builder_begin_edges(builder, &edges, err));
    MADE(!heapy_edge_writer_put(edges, 9, 0)); /* a target that is no node */
    MADE(heapy_graph_builder_end_node(builder, err));
    REFUSED(heapy_graph_builder_finish(builder, &graph, err));
    builder = builder_of(1);
    label = (heapy_label)HEAPY_LABEL_SEVERAL << 28;
    REFUSED(heapy_graph_builder_several(builder, &label, 1, &label, err)); /* a list that is not there */
    heapy_graph_builder_destroy(builder);
    GIVES(graph, NULL);
}

/* Of a graph of three nodes: what is past its ends. */
static void
reading(const heapy_graph *graph)
{
    uint64_t first = 1, end = 2;
    size_t length = 1;
    const heapy_label list = (heapy_label)HEAPY_LABEL_SEVERAL << 28, *parts;
    const heapy_facts *facts = heapy_graph_facts(graph, "not there");
    heapy_sizes sizes = heapy_graph_sizes(graph);
    bool rows[1];
    GIVES(heapy_graph_type_name(graph, 1)[0], '\0');
    GIVES(heapy_graph_type_row(graph, 1).name[0], '\0');
    GIVES(heapy_graph_type_role(graph, HEAPY_NO_TYPE), HEAPY_ROLE_OBJECT);
    GIVES(heapy_graph_type_of_node(graph, 3), HEAPY_NO_TYPE);
    GIVES(heapy_graph_type_of_identity(graph, 5), HEAPY_NO_TYPE);
    REFUSED(heapy_graph_subtypes(graph, 1, rows, err));
    REFUSED(heapy_graph_supertypes(graph, 1, rows, err));
    REFUSED(heapy_graph_subtypes(graph, 0, NULL, err));
    REFUSED(heapy_graph_supertypes(graph, 0, NULL, err));
    GIVES(heapy_graph_role(graph, 3), HEAPY_ROLE_OBJECT);
    GIVES(heapy_size_of(&sizes, 3), 0);
    GIVES(heapy_size_of(NULL, 0), 0);
    GIVES(heapy_large_size_of(&sizes, 0), 0);
    GIVES(heapy_large_size_of(NULL, 0), 0);
    GIVES(heapy_graph_owner(graph, 3), HEAPY_NO_NODE);
    GIVES(heapy_graph_owner_type(graph, HEAPY_NO_NODE), HEAPY_NO_TYPE);
    GIVES(heapy_graph_length(graph, 3), HEAPY_NO_LENGTH);
    GIVES(facts, NULL);
    GIVES(heapy_graph_facts(graph, NULL), NULL);
    GIVES(heapy_facts_of_node(facts, 0), HEAPY_NO_FACT);
    GIVES(heapy_facts_value_count(facts), 0);
    GIVES(heapy_facts_value(facts, 0)[0], '\0');
    SURVIVES(heapy_graph_edges(graph, 3, &first, &end));
    GIVES(first + end, 0);
    SURVIVES(heapy_graph_edges(graph, 0, NULL, &end));
    GIVES(heapy_graph_label_parts(graph, &list, &parts), 0);
    GIVES(heapy_graph_label_parts(graph, NULL, &parts), 0);
    GIVES(heapy_graph_label_parts(graph, &list, NULL), 0);
    GIVES(heapy_graph_key_of_edge(graph, 3, 0, 0), HEAPY_NO_NODE);
    GIVES(heapy_graph_key_of_edge(graph, 0, 77, 0), HEAPY_NO_NODE);
    GIVES(heapy_graph_name(graph, 0, &length)[0], '\0');
    GIVES(length, 0);
    GIVES(heapy_graph_root_target(graph, 1), HEAPY_NO_NODE);
    GIVES(heapy_graph_root_label(graph, 1), 0);
}

static void
reading_null(void)
{
    uint64_t first = 1, end = 2;
    SURVIVES(heapy_graph_destroy(NULL));
    reading(NULL);
    GIVES(heapy_graph_node_count(NULL), 0);
    GIVES(heapy_graph_type_count(NULL), 0);
    GIVES(heapy_graph_types(NULL), NULL);
    GIVES(heapy_graph_sizes(NULL).narrow, NULL);
    GIVES(heapy_graph_has_owners(NULL), false);
    GIVES(heapy_graph_has_edges(NULL), false);
    GIVES(heapy_graph_edge_count(NULL), 0);
    SURVIVES(heapy_graph_edges(NULL, 0, &first, &end));
    GIVES(heapy_graph_targets(NULL), NULL);
    GIVES(heapy_graph_labels(NULL), NULL);
    GIVES(heapy_graph_name_count(NULL), 0);
    GIVES(heapy_graph_root(NULL), HEAPY_NO_NODE);
    GIVES(heapy_graph_root_count(NULL), 0);
    GIVES(heapy_graph_bytes(NULL), 0);
    REFUSED(heapy_graph_validate(NULL, err));
}

void
misuse_graph(void)
{
    heapy_graph *graph = chain_of(3), *empty = chain_of(0);
    nulls();
    building();
    finishing();
    reading(graph);
    reading(empty);
    reading_null();
    heapy_graph_destroy(graph);
    heapy_graph_destroy(empty);
}
