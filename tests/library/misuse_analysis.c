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

static const heapy_classifier *
classifier(heapy_classifier_form form)
{
    const heapy_classifier *by;
    MADE(heapy_classifier_create(form, NULL, 0, &by, err));
    return by;
}

static heapy_classes *
by_type(heapy_snapshot *snapshot)
{
    const heapy_classifier *by = classifier(HEAPY_BY_CLODO);
    heapy_classes *classes;
    MADE(heapy_classify(by, snapshot, NULL, &classes, err));
    heapy_classifier_release(by);
    return classes;
}

static void
making_classifiers(void)
{
    const heapy_classifier *by = classifier(HEAPY_BY_TYPE), *made, *parts[] = {by, by, NULL};
    const heapy_kind *kind, *kinds[2] = {NULL};
    const char *const names[] = {"a", NULL};
    MADE(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_ANYTHING}, &kind, err));
    kinds[0] = kind;
    REFUSED(heapy_classifier_create((heapy_classifier_form)99, NULL, 0, &made, err));
    REFUSED(heapy_classifier_create(HEAPY_BY_TYPE, NULL, 0, NULL, err));
    REFUSED(heapy_classifier_create(HEAPY_BY_TYPE, parts, 1, &made, err));
    REFUSED(heapy_classifier_create(HEAPY_BY_REFERRERS, NULL, 0, &made, err));
    REFUSED(heapy_classifier_create(HEAPY_BY_OWNER, parts, 2, &made, err));
    REFUSED(heapy_classifier_create(HEAPY_BY_ALL, NULL, 1, &made, err));
    REFUSED(heapy_classifier_create(HEAPY_BY_ALL, parts, 0, &made, err));
    REFUSED(heapy_classifier_create(HEAPY_BY_ALL, parts, 3, &made, err));
    REFUSED(heapy_classifier_create(HEAPY_BY_FIRST_MATCH, parts, 1, &made, err));
    REFUSED(heapy_classifier_create(HEAPY_BY_FACT, NULL, 0, &made, err));
    REFUSED(heapy_classifier_of_kinds(NULL, names, 1, &made, err));
    REFUSED(heapy_classifier_of_kinds(kinds, NULL, 1, &made, err));
    REFUSED(heapy_classifier_of_kinds(kinds, names, 2, &made, err));
    REFUSED(heapy_classifier_of_kinds(kinds, names, 1, NULL, err));
    REFUSED(heapy_classifier_by_fact(NULL, "n", "h", &made, err));
    REFUSED(heapy_classifier_by_fact("f", NULL, "h", &made, err));
    REFUSED(heapy_classifier_by_fact("f", "n", NULL, &made, err));
    REFUSED(heapy_classifier_by_fact("f", "n", "h", NULL, err));
    GIVES(heapy_classifier_retain(NULL), NULL);
    SURVIVES(heapy_classifier_release(NULL));
    GIVES(heapy_classifier_form_of(NULL), HEAPY_CLASSIFIER_FORM_COUNT);
    GIVES(heapy_classifier_part_count(NULL), 0);
    GIVES(heapy_classifier_part(by, 0), NULL);
    GIVES(heapy_classifier_kind_count(NULL), 0);
    GIVES(heapy_classifier_kind(by, 0), NULL);
    GIVES(heapy_classifier_name(NULL)[0], '\0');
    GIVES(heapy_classifier_header((heapy_classifier_form)99)[0], '\0');
    GIVES(heapy_classifier_header(HEAPY_BY_REFERRERS)[0], '\0');
    GIVES(heapy_classifier_depth(NULL), 0);
    GIVES(heapy_classifier_needs(NULL), 0);
    GIVES(heapy_classifier_is_equal(NULL, by), false);
    GIVES(heapy_classifier_is_equal(by, NULL), false);
    GIVES(heapy_classifier_is_finer(NULL, by), false);
    GIVES(heapy_classifier_is_finer(by, NULL), false);
    SURVIVES((void)heapy_classifier_hash(NULL));
    heapy_kind_release(kind);
    heapy_classifier_release(by);
}

/* What takes a column over takes it over when it refuses it, too. */
static void
making_classes(heapy_snapshot *snapshot)
{
    const heapy_kind *kind;
    const char *const names[] = {"a", NULL};
    const heapy_node beyond = 9;
    const heapy_members strange = {&beyond, 1}, no_nodes = {NULL, 1};
    const heapy_classifier *by = classifier(HEAPY_BY_TYPE);
    heapy_classes *made;
    REFUSED(heapy_type_kind(heapy_snapshot_graph(snapshot), UINT32_MAX, &kind, err));
    REFUSED(heapy_type_kind(heapy_snapshot_graph(snapshot), 0, NULL, err));
    REFUSED(heapy_classify(NULL, snapshot, NULL, &made, err));
    REFUSED(heapy_classify(by, NULL, NULL, &made, err));
    REFUSED(heapy_classify(by, snapshot, &strange, &made, err));
    REFUSED(heapy_classify(by, snapshot, &no_nodes, &made, err));
    REFUSED(heapy_classify(by, snapshot, NULL, NULL, err));
    REFUSED(heapy_classes_create("h", NODES, column(1), 1, names, &made, err)); /* out of range */
    REFUSED(heapy_classes_create("h", NODES, column(0), 0, names, &made, err));
    REFUSED(heapy_classes_create("h", NODES, column(0), 2, names, &made, err)); /* without a name */
    REFUSED(heapy_classes_create("h", NODES, column(0), 1, NULL, &made, err));
    REFUSED(heapy_classes_create("h", NODES, NULL, 1, names, &made, err));
    REFUSED(heapy_classes_create(NULL, NODES, column(0), 1, names, &made, err));
    REFUSED(heapy_classes_create("h", NODES, column(0), 1, names, NULL, err));
    SURVIVES(heapy_classes_destroy(NULL));
    heapy_classifier_release(by);
}

/* What a classifier asks for and the snapshot lacks. */
static void
lacking(void)
{
    const heapy_classifier *type = classifier(HEAPY_BY_TYPE), *by[5];
    heapy_snapshot *bare;
    heapy_graph_builder *builder;
    heapy_graph *graph;
    heapy_type row;
    heapy_classes *made;
    const heapy_type_row object = {.name = "object", .node = HEAPY_NO_NODE};
    MADE(heapy_graph_builder_create(1, &builder, err));
    MADE(heapy_graph_builder_add_type(builder, &object, &row, err));
    heapy_graph_builder_types(builder)[0] = row;
    MADE(heapy_graph_builder_finish(builder, &graph, err));
    MADE(heapy_snapshot_create(graph, NULL, NULL, &bare, err));
    MADE(heapy_classifier_create(HEAPY_BY_REFERRERS, &type, 1, &by[0], err));
    MADE(heapy_classifier_create(HEAPY_BY_OWNER, &type, 1, &by[1], err));
    MADE(heapy_classifier_by_fact("f", "F", "by f", &by[2], err));
    by[3] = classifier(HEAPY_BY_REFERENCES);
    by[4] = classifier(HEAPY_BY_PRODUCER);
    for (size_t i = 0; i < 5; i++) {
        REFUSED(heapy_classify(by[i], bare, NULL, &made, err));
        heapy_classifier_release(by[i]);
    }
    heapy_classifier_release(type);
    heapy_snapshot_release(bare);
}

static void
reading_classes(const heapy_classes *classes)
{
    const heapy_kind *kind;
    const char *const names[] = {"a"};
    heapy_classes *somebodys;
    MADE(heapy_classes_create("h", NODES, column(0), 1, names, &somebodys, err));
    GIVES(heapy_classes_count(NULL), 0);
    GIVES(heapy_classes_member_count(NULL), 0);
    GIVES(heapy_classes_of_members(NULL), NULL);
    GIVES(heapy_classes_name(NULL, 0)[0], '\0');
    GIVES(heapy_classes_name(classes, UINT32_MAX)[0], '\0');
    GIVES(heapy_classes_factor_name(NULL, 0), NULL);
    GIVES(heapy_classes_factor_name(classes, UINT32_MAX), NULL);
    GIVES(heapy_classes_header(NULL)[0], '\0');
    GIVES(heapy_classes_classifier(NULL), NULL);
    GIVES(heapy_classes_classifier(somebodys), NULL);
    REFUSED(heapy_type_kind(NULL, 0, &kind, err));
    REFUSED(heapy_class_kind(NULL, 0, &kind, err));
    REFUSED(heapy_class_kind(classes, UINT32_MAX, &kind, err));
    REFUSED(heapy_class_kind(classes, 0, NULL, err));
    REFUSED(heapy_class_kind(somebodys, 0, &kind, err));
    REFUSED(heapy_classes_kind(NULL, &kind, err));
    REFUSED(heapy_classes_kind(classes, NULL, err));
    REFUSED(heapy_classes_kind(somebodys, &kind, err));
    heapy_classes_destroy(somebodys);
}

static void
partitions(heapy_snapshot *snapshot, heapy_snapshot *other)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    const heapy_node nodes[NODES + 1] = {0};
    const heapy_members more = {nodes, NODES + 1}, no_nodes = {NULL, NODES};
    const heapy_kind_writer writer = {.is_brief = true};
    heapy_partition *partition, *made;
    heapy_node_set *out;
    char *text;
    MADE(heapy_partition_create(graph, NULL, by_type(snapshot), &partition, err));
    REFUSED(heapy_partition_create(NULL, NULL, by_type(snapshot), &made, err));
    REFUSED(heapy_partition_create(graph, NULL, NULL, &made, err));
    REFUSED(heapy_partition_create(graph, NULL, by_type(other), &made, err));
    REFUSED(heapy_partition_create(graph, &more, by_type(snapshot), &made, err));
    REFUSED(heapy_partition_create(graph, &no_nodes, by_type(snapshot), &made, err));
    REFUSED(heapy_partition_create(graph, NULL, by_type(snapshot), NULL, err));
    SURVIVES(heapy_partition_destroy(NULL));
    GIVES(heapy_partition_table(NULL), NULL);
    GIVES(heapy_partition_classes(NULL), NULL);
    GIVES(heapy_partition_row_class(NULL, 0), HEAPY_NO_CLASS);
    GIVES(heapy_partition_row_class(partition, 1), HEAPY_NO_CLASS);
    GIVES(heapy_partition_class_row(NULL, 0), HEAPY_NO_ROW);
    GIVES(heapy_partition_class_row(partition, UINT32_MAX), HEAPY_NO_ROW);
    REFUSED(heapy_partition_members(NULL, 0, 1, 1, &out, err));
    REFUSED(heapy_partition_members(partition, 0, 0, 1, &out, err));
    REFUSED(heapy_partition_members(partition, 1, 1, 1, &out, err));
    REFUSED(heapy_partition_members(partition, 0, 1, SIZE_MAX, &out, err));
    REFUSED(heapy_partition_members(partition, 0, SIZE_MAX, 2, &out, err));
    REFUSED(heapy_partition_members(partition, 0, 1, 1, NULL, err));
    REFUSED(heapy_partition_of_rows(NULL, 0, 1, 1, &made, err));
    REFUSED(heapy_partition_of_rows(partition, 0, 0, 1, &made, err));
    REFUSED(heapy_partition_of_rows(partition, 1, 1, 1, &made, err));
    REFUSED(heapy_partition_of_rows(partition, 0, 1, 1, NULL, err));
    REFUSED(heapy_set_brief(NULL, NULL, partition, &writer, 80, &text, err));
    REFUSED(heapy_set_brief(snapshot, NULL, NULL, &writer, 80, &text, err));
    REFUSED(heapy_set_brief(snapshot, NULL, partition, NULL, 80, &text, err));
    REFUSED(heapy_set_brief(snapshot, NULL, partition, &writer, 80, NULL, err));
    REFUSED(heapy_set_brief(snapshot, &more, partition, &writer, 80, &text, err));
    MADE(heapy_set_brief(snapshot, NULL, partition, &writer, 0, &text, err)); /* nothing but dots */
    heapy_text_free(text);
    heapy_partition_destroy(partition);
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
id_tables(heapy_snapshot *snapshot, heapy_snapshot *other)
{
    const heapy_node beyond[NODES] = {0, 1, 9};
    const heapy_members strange = {beyond, NODES};
    heapy_id_table *table, *made;
    const heapy_table *rows;
    const uint32_t *numbers;
    MADE(heapy_id_table_create(snapshot, NULL, by_type(snapshot), &table, err));
    REFUSED(heapy_id_table_create(NULL, NULL, by_type(other), &made, err));
    REFUSED(heapy_id_table_create(snapshot, NULL, NULL, &made, err));
    REFUSED(heapy_id_table_create(snapshot, NULL, by_type(other), &made, err));
    REFUSED(heapy_id_table_create(snapshot, &strange, by_type(snapshot), &made, err));
    REFUSED(heapy_id_table_create(snapshot, NULL, by_type(snapshot), NULL, err));
    REFUSED(heapy_id_table_of_members(NULL, NULL, &made, err));
    REFUSED(heapy_id_table_of_members(snapshot, &strange, &made, err));
    REFUSED(heapy_id_table_of_members(snapshot, NULL, NULL, err));
    SURVIVES(heapy_id_table_destroy(NULL));
    REFUSED(heapy_id_table_rows(NULL, 1, &rows, err));
    REFUSED(heapy_id_table_rows(table, 1, NULL, err));
    REFUSED(heapy_id_table_members(NULL, 1, &numbers, err));
    REFUSED(heapy_id_table_members(table, 1, NULL, err));
    MADE(heapy_id_table_rows(table, SIZE_MAX, &rows, err));
    heapy_id_table_destroy(table);
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
    GIVES(heapy_stat_separator(NULL, 3)[0], 0);
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
no_text(void *context, const heapy_atom *atom, char **text, heapy_error *error)
{
    (void)atom, (void)context, (void)text, (void)error;
    return HEAPY_OK;
}

static void
kind_texts(void)
{
    const heapy_kind *kind, *members;
    const heapy_classifier *by = classifier(HEAPY_BY_TYPE);
    const heapy_kind_writer writer = {.members_text = no_text};
    heapy_address_map *map;
    char *text;
    MADE(heapy_address_map_create(&map, err));
    MADE(heapy_address_map_freeze(map, err));
    MADE(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_ANYTHING}, &kind, err));
    MADE(heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_MEMBERS, .members = map}, &members, err));
    REFUSED(heapy_kind_text(NULL, &writer, &text, err));
    REFUSED(heapy_kind_text(kind, NULL, &text, err));
    REFUSED(heapy_kind_text(kind, &writer, NULL, err));
    REFUSED(heapy_kind_text(members, &writer, &text, err)); /* the text of its objects is NULL */
    REFUSED(heapy_kind_set_text(NULL, &writer, &text, err));
    REFUSED(heapy_kind_set_text(heapy_kind_atom(kind), &writer, &text, err)); /* it has no set of kinds */
    REFUSED(heapy_kind_set_text(heapy_kind_atom(kind), NULL, &text, err));
    REFUSED(heapy_classifier_text(NULL, &writer, &text, err));
    REFUSED(heapy_classifier_text(by, NULL, &text, err));
    REFUSED(heapy_classifier_text(by, &writer, NULL, err));
    heapy_classifier_release(by);
    heapy_kind_release(kind);
    heapy_kind_release(members);
    heapy_address_map_destroy(map);
}

void
misuse_analysis(void)
{
    heapy_snapshot *snapshot, *other;
    MADE(heapy_snapshot_create(chain_of(NODES), NULL, NULL, &snapshot, err));
    MADE(heapy_snapshot_create(chain_of(7), NULL, NULL, &other, err));
    heapy_classes *classes = by_type(snapshot);
    making_classifiers();
    making_classes(snapshot);
    lacking();
    reading_classes(classes);
    partitions(snapshot, other);
    sorts();
    id_tables(snapshot, other);
    table_texts();
    stats();
    stat_readers();
    profiles();
    kind_texts();
    heapy_classes_destroy(classes);
    heapy_snapshot_release(snapshot);
    heapy_snapshot_release(other);
}
