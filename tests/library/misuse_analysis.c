/* SPDX-License-Identifier: MIT */
/* Misuse of classes, partitions, sorts, tables, stats and texts. */
#include "misuse.h"

enum { NODES = 3 };

static heapy_class *
column(heapy_class value)
{
    heapy_class *of_nodes = heapy_alloc_array(NODES, sizeof *of_nodes);
    for (size_t i = 0; of_nodes && i < NODES; i++)
        of_nodes[i] = value;
    return of_nodes;
}

static heapy_classes *
by_type(const heapy_graph *graph)
{
    heapy_classes *classes;
    MADE(heapy_classify(graph, HEAPY_BY_CLODO, &classes, err));
    return classes;
}

/* What takes a column over takes it over when it refuses it, too. */
static void
making_classes(const heapy_graph *graph, const heapy_classes *classes)
{
    const char *const names[] = {"a", NULL};
    const heapy_classes *const factors[] = {classes, NULL};
    const heapy_node beyond = 9;
    heapy_classes *made;
    heapy_node_set *wrong;
    MADE(heapy_node_set_create(100, &wrong, err));
    const heapy_node_set *sets[] = {wrong};
    REFUSED(heapy_classify(NULL, HEAPY_BY_TYPE, &made, err));
    REFUSED(heapy_classify(graph, (heapy_classifier)9, &made, err));
    REFUSED(heapy_classify(graph, HEAPY_BY_TYPE, NULL, err));
    REFUSED(heapy_classes_create("h", NODES, column(1), 1, names, &made, err)); /* out of range */
    REFUSED(heapy_classes_create("h", NODES, column(0), 0, names, &made, err));
    REFUSED(heapy_classes_create("h", NODES, column(0), 2, names, &made, err)); /* without a name */
    REFUSED(heapy_classes_create("h", NODES, column(0), 1, NULL, &made, err));
    REFUSED(heapy_classes_create("h", NODES, NULL, 1, names, &made, err));
    REFUSED(heapy_classes_create(NULL, NODES, column(0), 1, names, &made, err));
    REFUSED(heapy_classes_create("h", NODES, column(0), 1, names, NULL, err));
    REFUSED(heapy_classes_combine(NULL, 1, &made, err));
    REFUSED(heapy_classes_combine(factors, 0, &made, err));
    REFUSED(heapy_classes_combine(factors, 2, &made, err));
    REFUSED(heapy_classes_combine(factors, 1, NULL, err));
    REFUSED(heapy_classify_by_owner(NULL, &beyond, classes, &made, err));
    REFUSED(heapy_classify_by_owner(graph, NULL, classes, &made, err));
    REFUSED(heapy_classify_by_owner(graph, &beyond, NULL, &made, err));
    REFUSED(heapy_classify_by_owner(graph, &beyond, classes, NULL, err));
    REFUSED(heapy_classify_by_first_match(NODES, NULL, 1, "h", names, &made, err));
    REFUSED(heapy_classify_by_first_match(NODES, sets, 1, "h", names, &made, err));
    REFUSED(heapy_classify_by_first_match(NODES, sets, 0, NULL, names, &made, err));
    REFUSED(heapy_classify_by_first_match(NODES, sets, 0, "h", NULL, &made, err));
    REFUSED(heapy_classify_by_first_match(NODES, sets, 0, "h", names, NULL, err));
    SURVIVES(heapy_classes_destroy(NULL));
    heapy_node_set_destroy(wrong);
}

/* The owner of a dict is no node that was classified. */
static void
owners(void)
{
    heapy_graph_builder *builder;
    heapy_graph *graph;
    heapy_classes *classes, *made;
    heapy_type type;
    const heapy_type_row row = {.name = "dict", .role = HEAPY_ROLE_DICT, .node = HEAPY_NO_NODE};
    const heapy_node beyond = 9;
    MADE(heapy_graph_builder_create(1, &builder, err));
    MADE(heapy_graph_builder_add_type(builder, &row, &type, err));
    heapy_graph_builder_types(builder)[0] = type;
    MADE(heapy_graph_builder_finish(builder, &graph, err));
    classes = by_type(graph);
    REFUSED(heapy_classify_by_owner(graph, &beyond, classes, &made, err));
    heapy_classes_destroy(classes);
    heapy_graph_destroy(graph);
}

static void
sets_of_referrers(const heapy_graph *graph)
{
    const uint32_t numbers[NODES] = {0};
    const char *const texts[] = {"a"};
    const heapy_node beyond = 9;
    heapy_referrer_sets *sets;
    heapy_classes *made;
    MADE(heapy_referrer_sets_by_class(graph, NULL, numbers, &sets, err));
    REFUSED(heapy_classify_by_sets(NULL, NULL, NODES, "h", texts, "none", &made, err));
    REFUSED(heapy_classify_by_sets(sets, NULL, NODES + 1, "h", texts, "none", &made, err));
    REFUSED(heapy_classify_by_sets(sets, &beyond, 1, "h", texts, "none", &made, err));
    REFUSED(heapy_classify_by_sets(sets, NULL, NODES, NULL, texts, "none", &made, err));
    REFUSED(heapy_classify_by_sets(sets, NULL, NODES, "h", NULL, "none", &made, err));
    REFUSED(heapy_classify_by_sets(sets, NULL, NODES, "h", texts, NULL, &made, err));
    REFUSED(heapy_classify_by_sets(sets, NULL, NODES, "h", texts, "none", NULL, err));
    heapy_referrer_sets_destroy(sets);
}

static void
reading_classes(const heapy_classes *classes)
{
    size_t count = 1;
    heapy_type type;
    GIVES(heapy_classes_count(NULL), 0);
    GIVES(heapy_classes_node_count(NULL), 0);
    GIVES(heapy_classes_of_nodes(NULL), NULL);
    GIVES(heapy_classes_name(NULL, 0)[0], '\0');
    GIVES(heapy_classes_name(classes, UINT32_MAX)[0], '\0');
    GIVES(heapy_classes_factor_name(NULL, 0), NULL);
    GIVES(heapy_classes_factor_name(classes, UINT32_MAX), NULL);
    GIVES(heapy_classifier_header((heapy_classifier)9)[0], '\0');
    GIVES(heapy_classes_header(NULL)[0], '\0');
    GIVES(heapy_classes_form(NULL, 0, &type), HEAPY_CLASS_OTHER);
    GIVES(heapy_classes_form(classes, UINT32_MAX, &type), HEAPY_CLASS_OTHER);
    GIVES(heapy_classes_form(classes, 0, NULL), HEAPY_CLASS_TYPE);
    GIVES(heapy_classes_set(NULL, 0, &count), NULL);
    GIVES(heapy_classes_set(classes, 0, &count), NULL); /* they are no sets */
    GIVES(count, 0);
    GIVES(heapy_classes_set(classes, 0, NULL), NULL);
    GIVES(heapy_classes_factors(NULL, 0), NULL);
    GIVES(heapy_classes_factors(classes, 0), NULL);
}

static void
partitions(const heapy_graph *graph, const heapy_graph *other)
{
    heapy_partition *partition, *made;
    heapy_node_set *wrong, *out;
    MADE(heapy_node_set_create(100, &wrong, err));
    MADE(heapy_partition_create(graph, NULL, by_type(graph), &partition, err));
    REFUSED(heapy_partition_create(NULL, NULL, by_type(graph), &made, err));
    REFUSED(heapy_partition_create(graph, NULL, NULL, &made, err));
    REFUSED(heapy_partition_create(graph, NULL, by_type(other), &made, err));
    REFUSED(heapy_partition_create(graph, wrong, by_type(graph), &made, err));
    REFUSED(heapy_partition_create(graph, NULL, by_type(graph), NULL, err));
    SURVIVES(heapy_partition_destroy(NULL));
    GIVES(heapy_partition_table(NULL), NULL);
    GIVES(heapy_partition_classes(NULL), NULL);
    GIVES(heapy_partition_row_class(NULL, 0), HEAPY_NO_CLASS);
    GIVES(heapy_partition_row_class(partition, 1), HEAPY_NO_CLASS);
    REFUSED(heapy_partition_nodes(NULL, 0, 1, 1, &out, err));
    REFUSED(heapy_partition_nodes(partition, 0, 0, 1, &out, err));
    REFUSED(heapy_partition_nodes(partition, 1, 1, 1, &out, err));
    REFUSED(heapy_partition_nodes(partition, 0, 1, SIZE_MAX, &out, err));
    REFUSED(heapy_partition_nodes(partition, 0, SIZE_MAX, 2, &out, err));
    REFUSED(heapy_partition_nodes(partition, 0, 1, 1, NULL, err));
    heapy_partition_destroy(partition);
    heapy_node_set_destroy(wrong);
}

static int
compare_nothing(uint32_t a, uint32_t b, void *context)
{
    (void)a, (void)b, (void)context;
    return -1; /* no order at all */
}

static void
sorts(void)
{
    enum { COUNT = 100 };
    heapy_incremental_sort *sort;
    const uint32_t groups[2] = {0, 2}, fine[2] = {0, 1}, twice[2] = {1, 1}, beyond[2] = {0, 2}, *order;
    REFUSED(heapy_incremental_sort_create(2, NULL, NULL, 0, NULL, NULL, &sort, err));
    REFUSED(heapy_incremental_sort_create(2, NULL, NULL, 0, compare_nothing, NULL, NULL, err));
    REFUSED(heapy_incremental_sort_create(SIZE_MAX, NULL, NULL, 0, compare_nothing, NULL, &sort, err));
    REFUSED(heapy_incremental_sort_create(2, groups, NULL, 2, compare_nothing, NULL, &sort, err));
    REFUSED(heapy_incremental_sort_create(2, fine, twice, 2, compare_nothing, NULL, &sort, err));
    REFUSED(heapy_incremental_sort_create(2, fine, beyond, 2, compare_nothing, NULL, &sort, err));
    MADE(heapy_incremental_sort_create(COUNT, NULL, NULL, 0, compare_nothing, NULL, &sort, err));
    REFUSED(heapy_incremental_sort_first(NULL, 1, &order, err));
    REFUSED(heapy_incremental_sort_first(sort, 1, NULL, err));
    MADE(heapy_incremental_sort_first(sort, SIZE_MAX, &order, err)); /* ends, in whatever order */
    SURVIVES(heapy_incremental_sort_destroy(NULL));
    heapy_incremental_sort_destroy(sort);
}

static void
id_tables(void)
{
    heapy_snapshot *snapshot;
    heapy_graph *other = chain_of(7);
    heapy_id_table *table, *made;
    const heapy_table *rows;
    const heapy_node *nodes;
    MADE(heapy_snapshot_create(chain_of(NODES), NULL, NULL, &snapshot, err));
    MADE(heapy_id_table_create(snapshot, by_type(heapy_snapshot_graph(snapshot)), &table, err));
    REFUSED(heapy_id_table_create(NULL, by_type(other), &made, err));
    REFUSED(heapy_id_table_create(snapshot, NULL, &made, err));
    REFUSED(heapy_id_table_create(snapshot, by_type(other), &made, err));
    REFUSED(heapy_id_table_create(snapshot, by_type(heapy_snapshot_graph(snapshot)), NULL, err));
    SURVIVES(heapy_id_table_destroy(NULL));
    REFUSED(heapy_id_table_rows(NULL, 1, &rows, err));
    REFUSED(heapy_id_table_rows(table, 1, NULL, err));
    REFUSED(heapy_id_table_nodes(NULL, 1, &nodes, err));
    REFUSED(heapy_id_table_nodes(table, 1, NULL, err));
    MADE(heapy_id_table_rows(table, SIZE_MAX, &rows, err));
    heapy_id_table_destroy(table);
    heapy_snapshot_release(snapshot);
    heapy_graph_destroy(other);
}

static heapy_row nameless[] = {{.name = NULL}},
                 named[] = {{.name = "a", .size = 1}, {.name = "b", .size = 2}};
static const heapy_table no_header = {.kind_name = ""},
                         no_rows = {.kind_name = "", .header = "", .row_count = 1},
                         no_name = {.kind_name = "", .header = "", .row_count = 1, .rows = nameless},
                         no_format = {.format = HEAPY_FORMAT_COUNT, .kind_name = "", .header = ""},
                         fine = {.kind_name = "", .header = "", .row_count = 2, .rows = named};

static void
table_texts(void)
{
    heapy_text_options options = HEAPY_TEXT_OPTIONS_INIT;
    char *text;
    REFUSED(heapy_table_render(NULL, &options, &text, NULL, err));
    REFUSED(heapy_table_render(&fine, NULL, &text, NULL, err));
    REFUSED(heapy_table_render(&fine, &options, NULL, NULL, err));
    REFUSED(heapy_table_render(&no_header, &options, &text, NULL, err));
    REFUSED(heapy_table_render(&no_rows, &options, &text, NULL, err));
    REFUSED(heapy_table_render(&no_name, &options, &text, NULL, err));
    REFUSED(heapy_table_render(&no_format, &options, &text, NULL, err));
    GIVES(heapy_table_end_row(NULL, &options), 0);
    GIVES(heapy_table_end_row(&fine, NULL), 0);
    GIVES(heapy_table_format_name((heapy_table_format)9)[0], '\0');
    options = (heapy_text_options){.first_row = SIZE_MAX, .max_rows = SIZE_MAX};
    GIVES(heapy_table_end_row(&fine, &options), 2);
    options = (heapy_text_options){.max_rows = SIZE_MAX, .line_length = 0};
    MADE(heapy_table_render(&fine, &options, &text, NULL, err)); /* columns one letter wide */
    heapy_text_free(text);
}

static void
stats(void)
{
    heapy_stat *stat, *made;
    char *text;
    const char *name, *value;
    size_t length;
    MADE(heapy_stat_create(&fine, 0, &stat, err));
    REFUSED(heapy_stat_create(NULL, 0, &made, err));
    REFUSED(heapy_stat_create(&no_header, 0, &made, err));
    REFUSED(heapy_stat_create(&no_rows, 0, &made, err));
    REFUSED(heapy_stat_create(&no_name, 0, &made, err));
    REFUSED(heapy_stat_create(&no_format, 0, &made, err));
    REFUSED(heapy_stat_create(&fine, 0, NULL, err));
    SURVIVES(heapy_stat_destroy(NULL));
    GIVES(heapy_stat_table(NULL), NULL);
    GIVES(heapy_stat_time_made(NULL), 0);
    GIVES(heapy_stat_directive(NULL, 0, &name, &value), false);
    GIVES(heapy_stat_directive(stat, 0, NULL, &value), false);
    GIVES(heapy_stat_directive(stat, SIZE_MAX, &name, &value), false);
    REFUSED(heapy_stat_slice(NULL, 0, 1, 1, &made, err));
    REFUSED(heapy_stat_slice(stat, 2, 1, 1, &made, err));
    REFUSED(heapy_stat_slice(stat, 0, 1, 3, &made, err));
    REFUSED(heapy_stat_slice(stat, 1, -1, 3, &made, err));
    REFUSED(heapy_stat_slice(stat, 0, PTRDIFF_MAX, 3, &made, err));
    REFUSED(heapy_stat_slice(stat, 1, PTRDIFF_MIN, SIZE_MAX, &made, err));
    REFUSED(heapy_stat_slice(stat, 0, 1, 1, NULL, err));
    REFUSED(heapy_stat_diff(NULL, stat, 0, &made, err));
    REFUSED(heapy_stat_diff(stat, NULL, 0, &made, err));
    REFUSED(heapy_stat_diff(stat, stat, 0, NULL, err));
    REFUSED(heapy_stat_write(NULL, &text, &length, err));
    REFUSED(heapy_stat_write(stat, NULL, &length, err));
    REFUSED(heapy_stat_write(stat, &text, NULL, err));
    heapy_stat_destroy(stat);
}

static void
stat_readers(void)
{
    static const char *const lines[] = {
        ".loader: _load_stat", ".format: SetFormat", ".timemade: 1",
        ".count: 0",           ".size: 0",           ".kindname:",
        ".kindheader: H",      ".numrows: 0",        ".end: .loader: _load_stat"};
    heapy_stat_reader *reader, *made;
    heapy_stat *stat, *again;
    bool is_complete = false;
    MADE(heapy_stat_reader_create("test", &reader, err));
    REFUSED(heapy_stat_reader_create(NULL, &made, err));
    REFUSED(heapy_stat_reader_create("test", NULL, err));
    SURVIVES(heapy_stat_reader_destroy(NULL));
    REFUSED(heapy_stat_reader_feed(NULL, "x", 1, &is_complete, err));
    REFUSED(heapy_stat_reader_feed(reader, NULL, 1, &is_complete, err));
    REFUSED(heapy_stat_reader_feed(reader, "x", 1, NULL, err));
    REFUSED(heapy_stat_reader_finish(NULL, &stat, err));
    REFUSED(heapy_stat_reader_finish(reader, NULL, err));
    REFUSED(heapy_stat_reader_finish(reader, &stat, err)); /* before the end */
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        MADE(heapy_stat_reader_feed(reader, lines[i], strlen(lines[i]), &is_complete, err));
    REFUSED(heapy_stat_reader_feed(reader, "more", 4, &is_complete, err));
    MADE(heapy_stat_reader_finish(reader, &stat, err));
    REFUSED(heapy_stat_reader_finish(reader, &again, err));
    heapy_stat_destroy(stat);
    heapy_stat_reader_destroy(reader);
}

static void
profiles(void)
{
    static const char file[] =
        ".loader: _load_stat\n.format: SetFormat\n.timemade: 1\n.count: 1\n.size: 8\n.kindname: \n"
        ".kindheader: H\n.numrows: 1\n.r: 1 8 a\n.end: .loader: _load_stat\n";
    heapy_profile *profile;
    heapy_profile_kind kind = 7, kinds[2];
    const heapy_profile_quantity none = HEAPY_PROFILE_QUANTITIES, by = HEAPY_PROFILE_SIZE;
    int64_t values[2];
    size_t consumed, found, length = 1;
    MADE(heapy_profile_create(&profile, err));
    MADE(heapy_profile_read(profile, "test", file, sizeof file - 1, &consumed, err));
    REFUSED(heapy_profile_create(NULL, err));
    SURVIVES(heapy_profile_destroy(NULL));
    REFUSED(heapy_profile_read(NULL, "test", file, 1, &consumed, err));
    REFUSED(heapy_profile_read(profile, NULL, file, 1, &consumed, err));
    REFUSED(heapy_profile_read(profile, "test", NULL, 1, &consumed, err));
    REFUSED(heapy_profile_read(profile, "test", file, 1, NULL, err));
    REFUSED(heapy_profile_read(profile, "test", "nothing\n", 8, &consumed, err));
    GIVES(heapy_profile_sample_count(NULL), 0);
    GIVES(heapy_profile_sample(NULL, 0).row_count, 0);
    GIVES(heapy_profile_sample(profile, 1).row_count, 0);
    GIVES(heapy_profile_kind_count(NULL), 0);
    GIVES(heapy_profile_kind_name(NULL, 0, &length), NULL);
    GIVES(heapy_profile_kind_name(profile, 1, &length), NULL);
    GIVES(length, 0);
    GIVES(heapy_profile_find_kind(NULL, "a", 1, &kind), false);
    GIVES(heapy_profile_find_kind(profile, NULL, 1, &kind), false);
    GIVES(heapy_profile_find_kind(profile, "a", 1, NULL), false);
    GIVES(heapy_profile_sample_kind_count(NULL, 0), 0);
    GIVES(heapy_profile_sample_kind_count(profile, 1), 0);
    REFUSED(heapy_profile_largest(NULL, 0, by, NULL, 2, kinds, values, &found, err));
    REFUSED(heapy_profile_largest(profile, 1, by, NULL, 2, kinds, values, &found, err));
    REFUSED(heapy_profile_largest(profile, 0, none, NULL, 2, kinds, values, &found, err));
    REFUSED(heapy_profile_largest(profile, 0, by, NULL, 2, NULL, values, &found, err));
    REFUSED(heapy_profile_largest(profile, 0, by, NULL, 2, kinds, values, NULL, err));
    REFUSED(heapy_profile_values(NULL, 0, by, 1, &kind, values, err));
    REFUSED(heapy_profile_values(profile, 0, by, 1, &kind, values, err)); /* no such kind */
    REFUSED(heapy_profile_values(profile, 1, by, 0, &kind, values, err));
    REFUSED(heapy_profile_values(profile, 0, none, 0, &kind, values, err));
    REFUSED(heapy_profile_values(profile, 0, by, 1, NULL, values, err));
    REFUSED(heapy_profile_largest_ever(NULL, 0, 1, by, NULL, 2, kinds, &found, err));
    REFUSED(heapy_profile_largest_ever(profile, 0, 2, by, NULL, 2, kinds, &found, err));
    REFUSED(heapy_profile_largest_ever(profile, 1, 0, by, NULL, 2, kinds, &found, err));
    REFUSED(heapy_profile_largest_ever(profile, 0, 1, none, NULL, 2, kinds, &found, err));
    REFUSED(heapy_profile_largest_ever(profile, 0, 1, by, NULL, 2, NULL, &found, err));
    GIVES(heapy_stat_reader_has_begun(NULL), false);
    GIVES(heapy_stat_reader_is_cut(NULL, "x", 1), false);
    heapy_profile_destroy(profile);
}

static heapy_status
no_text(const heapy_atom *atom, void *context, char **text, heapy_error *error)
{
    (void)atom, (void)context, (void)text, (void)error;
    return HEAPY_OK;
}

static void
kind_texts(void)
{
    const heapy_kind *kind;
    const heapy_kind_writer fine_writer = {.atom_text = no_text, .nothing = "{}"},
                            no_writer = {.nothing = "{}"}, no_nothing = {.atom_text = no_text};
    char *text;
    MADE(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_ANYTHING}, &kind, err));
    REFUSED(heapy_kind_text(NULL, &fine_writer, &text, err));
    REFUSED(heapy_kind_text(kind, NULL, &text, err));
    REFUSED(heapy_kind_text(kind, &no_writer, &text, err));
    REFUSED(heapy_kind_text(kind, &no_nothing, &text, err));
    REFUSED(heapy_kind_text(kind, &fine_writer, NULL, err));
    REFUSED(heapy_kind_text(kind, &fine_writer, &text, err)); /* its text of an atom is NULL */
    heapy_kind_release(kind);
}

void
misuse_analysis(void)
{
    heapy_graph *graph = chain_of(NODES), *other = chain_of(7);
    heapy_classes *classes = by_type(graph);
    making_classes(graph, classes);
    owners();
    sets_of_referrers(graph);
    reading_classes(classes);
    partitions(graph, other);
    sorts();
    id_tables();
    table_texts();
    stats();
    stat_readers();
    profiles();
    kind_texts();
    heapy_classes_destroy(classes);
    heapy_graph_destroy(graph);
    heapy_graph_destroy(other);
}
