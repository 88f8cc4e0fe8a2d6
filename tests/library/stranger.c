/* SPDX-License-Identifier: MIT */
/*
 * A program of somebody who knows nothing but the installed library: it builds a heap, asks what there is to
 * ask, and prints the answers, which tests/library/stranger.txt has.
 */
#include <heapy/heapy.h>
#include <stdio.h>
#include <stdlib.h>

static heapy_error err;

static void
must(heapy_status status)
{
    if (status) {
        fprintf(stderr, "%s: %s\n", heapy_status_text(status), err.message);
        exit(1);
    }
}

/*
 *     0 module --dict--> 1 dict --"cache" (4)--> 2 list --[0], [1]--> 3 str
 *                             \--"text" (5)------------------------> 3 str
 */
enum { MODULE, DICT, LIST, TEXT, CACHE_KEY, TEXT_KEY, NODES };

static const struct {
    const char *name;
    heapy_role role;
} type_rows[] = {{"module", HEAPY_ROLE_MODULE},
                 {"dict", HEAPY_ROLE_DICT},
                 {"list", HEAPY_ROLE_SEQUENCE},
                 {"str", HEAPY_ROLE_TEXT}};
static const heapy_type types[NODES] = {0, 1, 2, 3, 3, 3};
static const unsigned bytes[NODES] = {72, 232, 72, 5000, 54, 53};

static void
add_columns(heapy_graph_builder *builder)
{
    heapy_size_writer *sizes;
    heapy_node *owners;
    for (size_t i = 0; i < sizeof type_rows / sizeof *type_rows; i++) {
        heapy_type_row row = HEAPY_TYPE_ROW_INIT;
        heapy_type type;
        row.name = type_rows[i].name;
        row.role = type_rows[i].role;
        must(heapy_graph_builder_add_type(builder, &row, &type, &err));
    }
    must(heapy_graph_builder_sizes(builder, &sizes, &err));
    must(heapy_graph_builder_owners(builder, &owners, &err));
    owners[DICT] = MODULE;
    for (heapy_node i = 0; i < NODES; i++) {
        heapy_graph_builder_types(builder)[i] = types[i];
        if (!heapy_size_writer_put(sizes, i, bytes[i]))
            exit(1);
    }
    must(heapy_graph_builder_add_length(builder, DICT, 2, &err));
    must(heapy_graph_builder_add_length(builder, LIST, 2, &err));
}

static heapy_graph *
build(void)
{
    heapy_graph_builder *builder;
    heapy_graph *graph;
    heapy_edge_writer *edges;
    uint32_t name;
    must(heapy_graph_builder_create(NODES, &builder, &err));
    add_columns(builder);
    must(heapy_graph_builder_intern(builder, "__dict__", 8, &name, &err));
    const heapy_label attribute = heapy_label_make(HEAPY_LABEL_ATTRIBUTE, name);
    const struct {
        heapy_node source, target;
        heapy_label label;
    } all[] = {{MODULE, DICT, attribute},
               {DICT, CACHE_KEY, heapy_label_make(HEAPY_LABEL_KEY, 0)},
               {DICT, LIST, heapy_label_make(HEAPY_LABEL_VALUE, 0)},
               {DICT, TEXT_KEY, heapy_label_make(HEAPY_LABEL_KEY, 1)},
               {DICT, TEXT, heapy_label_make(HEAPY_LABEL_VALUE, 1)},
               {LIST, TEXT, heapy_label_make(HEAPY_LABEL_INDEX, 0)},
               {LIST, TEXT, heapy_label_make(HEAPY_LABEL_INDEX, 1)}};
    must(heapy_graph_builder_begin_edges(builder, &edges, &err));
    for (size_t node = 0, e = 0; node < NODES; node++) {
        for (; e < sizeof all / sizeof *all && all[e].source == node; e++)
            if (!heapy_edge_writer_put(edges, all[e].target, all[e].label))
                exit(1);
        must(heapy_graph_builder_end_node(builder, &err));
    }
    must(heapy_graph_builder_add_root(builder, MODULE, HEAPY_LABEL_UNNAMED, &err));
    must(heapy_graph_builder_finish(builder, &graph, &err));
    return graph;
}

static void
show(const heapy_table *table)
{
    heapy_text_options options = HEAPY_TEXT_OPTIONS_INIT;
    char *text;
    must(heapy_table_render(table, &options, &text, NULL, &err));
    printf("%s\n\n", text);
    heapy_text_free(text);
}

/* The classes "class or dict of". */
static heapy_classes *
classify(heapy_snapshot *snapshot)
{
    const heapy_classifier *clodo;
    heapy_classes *classes;
    must(heapy_classifier_create(HEAPY_BY_CLODO, NULL, 0, &clodo, &err));
    must(heapy_classify(clodo, snapshot, NULL, &classes, &err));
    heapy_classifier_release(clodo);
    return classes;
}

static void
show_tables(heapy_snapshot *snapshot)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_partition *partition;
    heapy_id_table *ids;
    heapy_stat *stat;
    const heapy_table *rows;
    char *file;
    size_t length;
    must(heapy_partition_create(graph, NULL, classify(snapshot), &partition, &err));
    show(heapy_partition_table(partition));
    must(heapy_stat_create(heapy_partition_table(partition), 0, &stat, &err));
    must(heapy_stat_write(stat, &file, &length, &err));
    printf("%s\n", file);
    heapy_text_free(file);
    heapy_stat_destroy(stat);
    heapy_partition_destroy(partition);
    must(heapy_id_table_create(snapshot, NULL, classify(snapshot), &ids, &err));
    must(heapy_id_table_rows(ids, NODES, &rows, &err));
    show(rows);
    heapy_id_table_destroy(ids);
}

/* Every str, as a kind; and what it would take to free them. */
static heapy_node_set *
select_texts(const heapy_snapshot *snapshot)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    const heapy_kind *kind;
    heapy_node_set *texts, *freed;
    must(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_TYPE, .name = "str"}, &kind, &err));
    must(heapy_kind_select(kind, snapshot, NULL, &texts, &err));
    must(heapy_node_set_create(NODES, &freed, &err));
    must(heapy_dominated(graph, texts, freed, &err));
    printf("%zu texts, %llu bytes freed with them\n", heapy_node_set_count(texts),
           (unsigned long long)heapy_size_of_set(graph, freed));
    heapy_kind_release(kind);
    heapy_node_set_destroy(freed);
    return texts;
}

static void
show_path(heapy_snapshot *snapshot, const heapy_path_step *steps, heapy_node source, size_t length)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    char *text, *next;
    must(heapy_snapshot_text(snapshot, source, HEAPY_TEXT_ROW, &text, &err));
    for (size_t i = 0; i < length; i++) {
        heapy_label label = heapy_graph_labels(graph)[steps[i].edge];
        must(heapy_reference_text(snapshot, heapy_reference_of_edge(graph, source, steps[i].edge, label),
                                  text, HEAPY_TEXT_KEY, &next, &err));
        heapy_text_free(text);
        text = next;
        source = heapy_graph_targets(graph)[steps[i].edge];
    }
    printf("%s\n", text);
    heapy_text_free(text);
}

static void
show_paths(heapy_snapshot *snapshot)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    heapy_node_set *sources, *targets;
    heapy_shortest_paths *paths;
    heapy_node source;
    heapy_path_step steps[4];
    must(heapy_node_set_create(NODES, &sources, &err));
    must(heapy_node_set_create(NODES, &targets, &err));
    heapy_node_set_add(sources, MODULE);
    heapy_node_set_add(targets, TEXT);
    must(heapy_shortest_paths_create(graph, sources, targets, NULL, NULL, 0, &paths, &err));
    must(heapy_paths_get(paths, NULL, 0, &source, steps, &err));
    show_path(snapshot, steps, source, heapy_paths_length(paths));
    heapy_shortest_paths_destroy(paths);
    heapy_node_set_destroy(sources);
    heapy_node_set_destroy(targets);
}

int
main(void)
{
    heapy_snapshot *snapshot;
    heapy_dominators *dominators;
    must(heapy_snapshot_create(build(), NULL, NULL, &snapshot, &err));
    show_tables(snapshot);
    heapy_node_set_destroy(select_texts(snapshot));
    must(heapy_snapshot_dominators(snapshot, NULL, &dominators, &err));
    printf("the dict retains %llu bytes\n", (unsigned long long)heapy_retained_size(dominators, DICT));
    show_paths(snapshot);
    heapy_snapshot_release(snapshot);
    return 0;
}
