/* SPDX-License-Identifier: MIT */
/* Misuse of the order and the texts of references: paths, patterns, and tables for programs. */
#include "misuse.h"

enum { NODES = 3 };

static heapy_node_set *
only(size_t nodes, heapy_node member)
{
    heapy_node_set *set;
    MADE(heapy_node_set_create(nodes, &set, err));
    heapy_node_set_add(set, member);
    return set;
}

/* What the words give is no order: the same key twice. */
static heapy_status
order_wildly(void *context, const heapy_node *keys, size_t count, size_t *order, heapy_error *error)
{
    (void)context, (void)keys, (void)error;
    for (size_t i = 0; i < count; i++)
        order[i] = 0;
    return HEAPY_OK;
}

static void
orders(heapy_snapshot *snapshot)
{
    const heapy_reference value = {heapy_label_make(HEAPY_LABEL_VALUE, 0), 0}, two[] = {value, value};
    const heapy_words wild = {.order_keys = order_wildly};
    heapy_path_step beyond[] = {{.edge = 99}};
    heapy_snapshot *wildly;
    size_t order[2];
    REFUSED(heapy_references_order(NULL, two, 2, order, err));
    REFUSED(heapy_references_order(snapshot, NULL, 2, order, err));
    REFUSED(heapy_references_order(snapshot, two, 2, NULL, err));
    MADE(heapy_snapshot_create(chain_of(NODES), NULL, &wild, &wildly, err));
    REFUSED(heapy_references_order(wildly, two, 2, order, err));
    heapy_snapshot_release(wildly);
    REFUSED(heapy_path_steps_order(NULL, 0, beyond, 1, err));
    REFUSED(heapy_path_steps_order(snapshot, 0, NULL, 1, err));
    REFUSED(heapy_path_steps_order(snapshot, 0, beyond, 1, err));
    GIVES(heapy_reference_code_of(UINT32_MAX), HEAPY_REFERENCE_UNKNOWN);
    GIVES(heapy_reference_form_of((heapy_reference_code)99).before == NULL, false);
    GIVES(*heapy_label_kind_name((heapy_label_kind)99), '\0');
}

/* A text that its writer does not give. */
static heapy_status
no_text(void *context, heapy_node source, char **text, heapy_error *error)
{
    (void)context, (void)source, (void)text, (void)error;
    return HEAPY_OK;
}

static void
lines_of(heapy_snapshot *snapshot, heapy_path_writer *writer)
{
    heapy_node_set *first = only(NODES, 0), *last = only(NODES, 2);
    heapy_shortest_paths *paths, *none;
    heapy_path_lines *lines;
    const heapy_source_names names = {"Src", NULL, NULL}, nameless = {NULL, NULL, NULL},
                             mute = {NULL, no_text, NULL};
    const uint32_t beyond[] = {1}, far_beyond[] = {0, 0, 0, 1};
    char *text;
    MADE(
        heapy_shortest_paths_create(heapy_snapshot_graph(snapshot), first, last, NULL, NULL, 0, &paths, err));
    MADE(heapy_shortest_paths_create(heapy_snapshot_graph(snapshot), last, first, NULL, NULL, 0, &none, err));
    REFUSED(heapy_path_lines_create(NULL, writer, &names, NULL, 0, &lines, err));
    REFUSED(heapy_path_lines_create(paths, NULL, &names, NULL, 0, &lines, err));
    REFUSED(heapy_path_lines_create(paths, writer, NULL, NULL, 0, &lines, err));
    REFUSED(heapy_path_lines_create(paths, writer, &nameless, NULL, 0, &lines, err));
    REFUSED(heapy_path_lines_create(paths, writer, &names, NULL, 1, &lines, err));
    REFUSED(heapy_path_lines_create(paths, writer, &names, beyond, 1, &lines, err));
    REFUSED(heapy_path_lines_create(paths, writer, &names, far_beyond, 4, &lines, err));
    REFUSED(heapy_path_lines_create(paths, writer, &names, NULL, 0, NULL, err));
    REFUSED(heapy_path_lines_create(none, writer, &names, NULL, 0, &lines, err));
    REFUSED(heapy_path_lines_next(NULL, &text, NULL, err));
    MADE(heapy_path_lines_create(paths, writer, &mute, NULL, 0, &lines, err));
    REFUSED(heapy_path_lines_next(lines, NULL, NULL, err));
    MADE(heapy_path_lines_next(lines, &text, NULL, err));
    GIVES(strcmp(text, " 0: [0][0]"), 0); /* nothing for the source */
    heapy_text_free(text);
    MADE(heapy_path_lines_next(lines, &text, NULL, err));
    GIVES(text, NULL);
    SURVIVES(heapy_path_lines_destroy(NULL));
    heapy_path_lines_destroy(lines);
    heapy_shortest_paths_destroy(paths);
    heapy_shortest_paths_destroy(none);
    heapy_node_set_destroy(first);
    heapy_node_set_destroy(last);
}

static void
paths(heapy_snapshot *snapshot)
{
    const heapy_path_step no_edge[] = {{.edge = 99}}, no_name[] = {{.edge = 0, .name = 7}};
    heapy_path_writer *writer, *made;
    char *text;
    MADE(heapy_path_writer_create(snapshot, HEAPY_TEXT_KEY, HEAPY_PATH_PLAIN, &writer, err));
    REFUSED(heapy_path_writer_create(NULL, HEAPY_TEXT_KEY, HEAPY_PATH_PLAIN, &made, err));
    REFUSED(heapy_path_writer_create(snapshot, (heapy_text_use)9, HEAPY_PATH_PLAIN, &made, err));
    REFUSED(heapy_path_writer_create(snapshot, HEAPY_TEXT_KEY, HEAPY_PATH_FORM_COUNT, &made, err));
    REFUSED(heapy_path_writer_create(snapshot, HEAPY_TEXT_KEY, HEAPY_PATH_PLAIN, NULL, err));
    REFUSED(heapy_path_text(NULL, "x", 0, NULL, 0, &text, NULL, err));
    REFUSED(heapy_path_text(writer, NULL, 0, NULL, 0, &text, NULL, err));
    REFUSED(heapy_path_text(writer, "x", 0, NULL, 1, &text, NULL, err));
    REFUSED(heapy_path_text(writer, "x", 0, no_edge, 1, &text, NULL, err));
    REFUSED(heapy_path_text(writer, "x", 0, no_name, 1, &text, NULL, err));
    REFUSED(heapy_path_text(writer, "x", 0, NULL, 0, NULL, NULL, err));
    lines_of(snapshot, writer);
    SURVIVES(heapy_path_writer_destroy(NULL));
    heapy_path_writer_destroy(writer);
}

static heapy_classes *
classes_of(heapy_snapshot *snapshot)
{
    const heapy_classifier *by;
    heapy_classes *classes;
    MADE(heapy_classifier_create(HEAPY_BY_TYPE, NULL, 0, &by, err));
    MADE(heapy_classify(by, snapshot, NULL, &classes, err));
    heapy_classifier_release(by);
    return classes;
}

/* Classes are taken over by what is refused, too. */
static void
making_patterns(heapy_snapshot *snapshot)
{
    static const heapy_node nodes[] = {0}, beyond[] = {NODES}, descending[] = {1, 0}, twice[] = {1, 1};
    const heapy_pattern_options options = HEAPY_PATTERN_OPTIONS_INIT;
    heapy_pattern_options strange = options;
    heapy_node_set *wrong = only(100, 99);
    heapy_snapshot *other;
    heapy_pattern *made;
    MADE(heapy_snapshot_create(chain_of(NODES + 1), NULL, NULL, &other, err));
    strange.stop = wrong;
    REFUSED(heapy_pattern_create(NULL, classes_of(snapshot), nodes, 1, &options, &made, err));
    REFUSED(heapy_pattern_create(snapshot, NULL, nodes, 1, &options, &made, err));
    REFUSED(heapy_pattern_create(snapshot, classes_of(other), nodes, 1, &options, &made, err));
    REFUSED(heapy_pattern_create(snapshot, classes_of(snapshot), NULL, 1, &options, &made, err));
    REFUSED(heapy_pattern_create(snapshot, classes_of(snapshot), beyond, 1, &options, &made, err));
    REFUSED(heapy_pattern_create(snapshot, classes_of(snapshot), descending, 2, &options, &made, err));
    REFUSED(heapy_pattern_create(snapshot, classes_of(snapshot), twice, 2, &options, &made, err));
    REFUSED(heapy_pattern_create(snapshot, classes_of(snapshot), nodes, 1, NULL, &made, err));
    REFUSED(heapy_pattern_create(snapshot, classes_of(snapshot), nodes, 1, &strange, &made, err));
    REFUSED(heapy_pattern_create(snapshot, classes_of(snapshot), nodes, 1, &options, NULL, err));
    strange = options;
    strange.start = NODES;
    REFUSED(heapy_pattern_create(snapshot, classes_of(snapshot), nodes, 1, &strange, &made, err));
    heapy_snapshot_release(other);
    heapy_node_set_destroy(wrong);
}

static void
patterns(heapy_snapshot *snapshot)
{
    static const heapy_node last[] = {NODES - 1};
    const heapy_pattern_options options = HEAPY_PATTERN_OPTIONS_INIT;
    const heapy_pattern_text_options as_lines = HEAPY_PATTERN_TEXT_OPTIONS_INIT;
    heapy_pattern *pattern;
    heapy_pattern_row row;
    char *text;
    bool found;
    making_patterns(snapshot);
    MADE(heapy_pattern_create(snapshot, classes_of(snapshot), last, 1, &options, &pattern, err));
    REFUSED(heapy_pattern_get(NULL, 0, &row, &found, err));
    REFUSED(heapy_pattern_get(pattern, 0, NULL, &found, err));
    REFUSED(heapy_pattern_get(pattern, 0, &row, NULL, err));
    GIVES(heapy_pattern_made_row(pattern, 0, &row), false); /* not yet */
    REFUSED(heapy_pattern_row_name(pattern, 0, &text, err));
    MADE(heapy_pattern_get(pattern, 99, &row, &found, err));
    GIVES(found, false);
    GIVES(heapy_pattern_made_row(NULL, 0, &row), false);
    GIVES(heapy_pattern_made_row(pattern, 0, NULL), false);
    GIVES(heapy_pattern_made_row(pattern, 99, &row), false);
    GIVES(heapy_pattern_row_count(NULL), 0);
    GIVES(heapy_pattern_is_complete(NULL), true);
    GIVES(heapy_pattern_snapshot(NULL), NULL);
    GIVES(heapy_pattern_classes(NULL), NULL);
    REFUSED(heapy_pattern_row_name(NULL, 0, &text, err));
    REFUSED(heapy_pattern_row_name(pattern, 99, &text, err));
    REFUSED(heapy_pattern_row_name(pattern, 0, NULL, err));
    REFUSED(heapy_pattern_summary(NULL, 0, 80, &as_lines, &text, err));
    REFUSED(heapy_pattern_summary(pattern, 99, 80, &as_lines, &text, err));
    REFUSED(heapy_pattern_summary(pattern, 0, 80, NULL, &text, err));
    REFUSED(heapy_pattern_summary(pattern, 0, 80, &as_lines, NULL, err));
    REFUSED(heapy_pattern_line_start(NULL, 0, &text, err));
    REFUSED(heapy_pattern_line_start(pattern, 99, &text, err));
    REFUSED(heapy_pattern_line_start(pattern, 0, NULL, err));
    REFUSED(heapy_pattern_line(NULL, 0, &as_lines, &text, err));
    REFUSED(heapy_pattern_line(pattern, 99, &as_lines, &text, err));
    REFUSED(heapy_pattern_line(pattern, 0, NULL, &text, err));
    REFUSED(heapy_pattern_line(pattern, 0, &as_lines, NULL, err));
    SURVIVES(heapy_pattern_destroy(NULL));
    heapy_pattern_destroy(pattern);
}

static void
streams(heapy_snapshot *snapshot)
{
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    REFUSED(heapy_arrow_objects(NULL, NULL, 0, &stream, err));
    REFUSED(heapy_arrow_objects(snapshot, NULL, 0, NULL, err));
    REFUSED(heapy_arrow_edges(NULL, 0, &stream, err));
    REFUSED(heapy_arrow_edges(snapshot, 0, NULL, err));
    MADE(heapy_arrow_edges(snapshot, SIZE_MAX, &stream, err)); /* so many are not made room for */
    GIVES(stream.get_next(&stream, &batch), 0);
    GIVES(stream.get_last_error(&stream), NULL);
    batch.release(&batch);
    stream.release(&stream);
}

static void
tables(void)
{
    const heapy_row row = {.index = 0, .count = 1, .size = 8, .cumulative = 8, .name = "t"};
    const heapy_table strange = {.format = HEAPY_FORMAT_COUNT, .row_count = 1, .rows = &row};
    const heapy_table rowless = {.format = HEAPY_FORMAT_SET, .row_count = 1};
    size_t count = 1;
    char *text;
    GIVES(heapy_table_columns(HEAPY_FORMAT_COUNT, &count), NULL);
    GIVES(count, 0);
    GIVES(heapy_table_columns(HEAPY_FORMAT_SET, NULL) == NULL, false);
    GIVES(heapy_row_number(NULL, HEAPY_COLUMN_SIZE), 0);
    GIVES(heapy_row_number(&row, HEAPY_COLUMN_NAME), 0);
    GIVES(heapy_row_number(&row, (heapy_column)99), 0);
    REFUSED(heapy_table_json(NULL, NULL, 0, &text, err));
    REFUSED(heapy_table_json(&strange, NULL, 0, &text, err));
    REFUSED(heapy_table_json(&rowless, NULL, 0, &text, err));
    REFUSED(heapy_table_json(&rowless, NULL, 0, NULL, err));
    REFUSED(heapy_table_csv(NULL, 0, &text, err));
    REFUSED(heapy_table_csv(&strange, 0, &text, err));
    REFUSED(heapy_table_csv(&rowless, 0, &text, err));
    REFUSED(heapy_table_csv(&rowless, 0, NULL, err));
}

static void
branches_of(heapy_snapshot *snapshot)
{
    heapy_branches *branches;
    const heapy_table *table;
    const heapy_node beyond = NODES, first = 0;
    char *text;
    size_t count = 9;
    REFUSED(heapy_branches_create(NULL, HEAPY_NO_NODE, 0, NULL, &branches, err));
    REFUSED(heapy_branches_create(snapshot, HEAPY_NO_NODE, 0, NULL, NULL, err));
    SURVIVES(heapy_branches_destroy(NULL));
    GIVES(heapy_branches_nodes(NULL, &count), NULL);
    GIVES(count, 0);
    GIVES(heapy_branches_nodes(NULL, NULL), NULL);
    GIVES(heapy_branches_retained(NULL), 0);
    REFUSED(heapy_branches_table(NULL, 0, 1, &table, err));
    REFUSED(heapy_branch_paths(NULL, HEAPY_NO_NODE, &first, 1, &text, err));
    REFUSED(heapy_branch_paths(snapshot, HEAPY_NO_NODE, NULL, 1, &text, err));
    REFUSED(heapy_branch_paths(snapshot, HEAPY_NO_NODE, &first, 1, NULL, err));
    REFUSED(heapy_branch_paths(snapshot, HEAPY_NO_NODE, &beyond, 1, &text, err));
    REFUSED(heapy_branch_paths(snapshot, NODES, &first, 1, &text, err));
    REFUSED(heapy_node_brief(NULL, 0, 80, &text, err));
    REFUSED(heapy_node_brief(snapshot, 0, 80, NULL, err));
    REFUSED(heapy_node_brief(snapshot, NODES, 80, &text, err));
    REFUSED(heapy_node_kind(NULL, 0, &text, err));
    REFUSED(heapy_node_kind(snapshot, 0, NULL, err));
    REFUSED(heapy_node_kind(snapshot, NODES, &text, err));
    const heapy_why_facts nobody = {.path = "p"}, uncounted = {.brief = "b", .path = "p"},
                          one = {.brief = "b"};
    REFUSED(heapy_why_text(NULL, &text, err));
    REFUSED(heapy_why_text(&nobody, &text, err));
    REFUSED(heapy_why_text(&uncounted, &text, err));
    REFUSED(heapy_why_text(&one, NULL, err));
    const heapy_classifier *by;
    const heapy_kind_writer writer = {0};
    MADE(heapy_classifier_create(HEAPY_BY_TYPE, NULL, 0, &by, err));
    REFUSED(heapy_pattern_label(NULL, &writer, &text, err));
    REFUSED(heapy_pattern_label(by, NULL, &text, err));
    REFUSED(heapy_pattern_label(by, &writer, NULL, err));
    heapy_classifier_release(by);
}

void
misuse_show(void)
{
    heapy_snapshot *snapshot;
    MADE(heapy_snapshot_create(chain_of(NODES), NULL, NULL, &snapshot, err));
    orders(snapshot);
    paths(snapshot);
    patterns(snapshot);
    branches_of(snapshot);
    streams(snapshot);
    tables();
    heapy_snapshot_release(snapshot);
}
