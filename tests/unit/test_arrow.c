/* SPDX-License-Identifier: MIT */
/* Objects and references as Arrow streams, beside what the snapshot says of each. */
#define _GNU_SOURCE /* memfd_create */
#include "random_snapshot.h"

#include <errno.h>

enum { NODE, ADDRESS, TYPE, KIND, SIZE, LENGTH, OWNER, TEXT, RETAINED, DOMINATOR };
enum { SOURCE, TARGET, RELATION, NAME, NUMBER, KEY };

/* ---- reading ---- */

static bool
is_there(const struct ArrowArray *column, size_t row)
{
    const unsigned char *bits = column->buffers[0];
    return !bits || bits[row / 8] >> row % 8 & 1;
}

static int64_t
number_at(const struct ArrowArray *column, size_t row)
{
    return is_there(column, row) ? ((const int64_t *)column->buffers[1])[row] : -1;
}

/* The string of a column of texts or words; "-": missing. */
static const char *
text_at(const struct ArrowArray *column, size_t row)
{
    static char text[200];
    if (!is_there(column, row))
        return "-";
    if (column->dictionary) {
        row = (size_t)((const int32_t *)column->buffers[1])[row];
        column = column->dictionary;
        assert_true(row < (size_t)column->length);
    }
    const int32_t *offsets = column->buffers[1];
    assert_true(offsets[row] <= offsets[row + 1] && offsets[row + 1] - offsets[row] < 200);
    memcpy(text, (const char *)column->buffers[2] + offsets[row], (size_t)(offsets[row + 1] - offsets[row]));
    text[offsets[row + 1] - offsets[row]] = '\0';
    return text;
}

/* The next batch; false: the end. */
static bool
next_batch(struct ArrowArrayStream *stream, struct ArrowArray *batch)
{
    if (stream->get_next(stream, batch))
        fail_msg("%s", stream->get_last_error(stream));
    assert_null(stream->get_last_error(stream));
    return batch->release;
}

/* The number that a node stands for in a column. */
static int64_t
node_number(heapy_node node)
{
    return node == HEAPY_NO_NODE ? -1 : (int64_t)node;
}

/* ---- tests ---- */

static void
check_object(heapy_snapshot *snapshot, const heapy_dominators *dominators, const heapy_classes *kinds,
             const struct ArrowArray *batch, size_t row, heapy_node node)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    struct ArrowArray *const *columns = batch->children;
    uint64_t length = heapy_graph_length(graph, node);
    char *text;
    assert_int_equal(number_at(columns[NODE], row), node);
    assert_int_equal(number_at(columns[ADDRESS], row), heapy_snapshot_address(snapshot, node));
    assert_string_equal(text_at(columns[TYPE], row),
                        heapy_graph_type_name(graph, heapy_graph_types(graph)[node]));
    assert_string_equal(text_at(columns[KIND], row),
                        heapy_classes_name(kinds, heapy_classes_of_members(kinds)[node]));
    assert_int_equal(number_at(columns[SIZE], row), size_of(graph, node));
    assert_int_equal(number_at(columns[LENGTH], row), length == HEAPY_NO_LENGTH ? -1 : (int64_t)length);
    assert_int_equal(number_at(columns[OWNER], row), node_number(heapy_graph_owner(graph, node)));
    assert_ok(heapy_snapshot_text(snapshot, node, HEAPY_TEXT_ROW, &text, err));
    assert_string_equal(text_at(columns[TEXT], row), text);
    heapy_text_free(text);
    if (!dominators)
        return;
    bool is_reached = heapy_dominators_has(dominators, node);
    assert_int_equal(number_at(columns[RETAINED], row),
                     is_reached ? (int64_t)heapy_retained_size(dominators, node) : -1);
    assert_int_equal(number_at(columns[DOMINATOR], row), node_number(heapy_dominator(dominators, node)));
}

static void
test_objects_are_what_the_snapshot_says_of_each(void **state)
{
    (void)state;
    seed_random(27);
    for (int round = 0; round < 60; round++) {
        size_t nodes = random_below(90), rows = random_below(3) ? 1 + random_below(40) : 0, next = 0;
        heapy_snapshot *snapshot = random_snapshot(nodes);
        heapy_dominators *dominators = NULL;
        heapy_classes *kinds;
        struct ArrowArrayStream stream;
        struct ArrowArray batch;
        if (random_below(2))
            assert_ok(heapy_snapshot_dominators(snapshot, NULL, &dominators, err));
        assert_ok(classify_all(HEAPY_BY_CLODO, snapshot, &kinds, err));
        assert_ok(heapy_arrow_objects(snapshot, dominators, rows, &stream, err));
        while (next_batch(&stream, &batch)) {
            assert_int_equal(batch.n_children, dominators ? 10 : 8);
            assert_true(batch.length && (size_t)batch.length <= (rows ? rows : nodes));
            for (size_t row = 0; row < (size_t)batch.length; row++)
                check_object(snapshot, dominators, kinds, &batch, row, (heapy_node)next++);
            batch.release(&batch);
            assert_null(batch.release);
        }
        assert_int_equal(next, nodes);
        heapy_classes_destroy(kinds);
        stream.release(&stream);
        assert_null(stream.release);
        heapy_snapshot_release(snapshot);
    }
}

static void
check_edge(const heapy_graph *graph, heapy_node source, uint64_t edge, heapy_label label,
           const struct ArrowArray *batch, size_t row)
{
    struct ArrowArray *const *columns = batch->children;
    heapy_label_kind kind = heapy_label_kind_of(label);
    bool is_named = heapy_label_is_named(kind), has_number = !is_named && kind != HEAPY_LABEL_UNNAMED;
    assert_int_equal(number_at(columns[SOURCE], row), source);
    assert_int_equal(number_at(columns[TARGET], row), heapy_graph_targets(graph)[edge]);
    assert_string_equal(text_at(columns[RELATION], row), heapy_label_kind_name(kind));
    assert_string_equal(text_at(columns[NAME], row),
                        is_named ? heapy_graph_name(graph, heapy_label_number(label), NULL) : "-");
    assert_int_equal(number_at(columns[NUMBER], row), has_number ? (int64_t)heapy_label_number(label) : -1);
    assert_int_equal(number_at(columns[KEY], row),
                     node_number(heapy_reference_of_edge(graph, source, edge, label).key));
}

static void
test_edges_have_a_row_for_each_of_their_names(void **state)
{
    (void)state;
    seed_random(28);
    for (int round = 0; round < 60; round++) {
        heapy_snapshot *snapshot = random_snapshot(random_below(60));
        const heapy_graph *graph = heapy_snapshot_graph(snapshot);
        struct ArrowArrayStream stream;
        struct ArrowArray batch = {.length = 0};
        size_t row = 0, rows = 1 + random_below(50);
        assert_ok(heapy_arrow_edges(snapshot, rows, &stream, err));
        for (heapy_node source = 0; source < heapy_graph_node_count(graph); source++) {
            uint64_t edge, end;
            heapy_graph_edges(graph, source, &edge, &end);
            for (; edge < end; edge++) {
                const heapy_label *parts;
                size_t count = heapy_graph_label_parts(graph, &heapy_graph_labels(graph)[edge], &parts);
                for (size_t part = 0; part < count; part++, row++) {
                    if (row == (size_t)batch.length) {
                        if (batch.length)
                            batch.release(&batch);
                        assert_true(next_batch(&stream, &batch));
                        row = 0;
                    }
                    check_edge(graph, source, edge, parts[part], &batch, row);
                }
            }
        }
        assert_int_equal(row, batch.length);
        if (batch.length)
            batch.release(&batch);
        assert_false(next_batch(&stream, &batch));
        stream.release(&stream);
        heapy_snapshot_release(snapshot);
    }
}

static void
check_field(const struct ArrowSchema *field, const char *name, const char *format, bool may_be_missing)
{
    assert_string_equal(field->name, name);
    assert_string_equal(field->format, format);
    assert_int_equal(field->flags, may_be_missing ? ARROW_FLAG_NULLABLE : 0);
    assert_int_equal(!field->dictionary, strcmp(format, "i") != 0);
    if (field->dictionary)
        assert_string_equal(field->dictionary->format, "u");
}

static void
test_a_schema_names_the_columns_and_their_forms(void **state)
{
    (void)state;
    heapy_snapshot *snapshot = random_snapshot(5);
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    assert_ok(heapy_arrow_objects(snapshot, NULL, 0, &stream, err));
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_string_equal(schema.format, "+s");
    assert_int_equal(schema.n_children, 8);
    check_field(schema.children[NODE], "node", "l", false);
    check_field(schema.children[ADDRESS], "address", "l", true);
    check_field(schema.children[TYPE], "type", "i", false);
    check_field(schema.children[KIND], "kind", "i", false);
    check_field(schema.children[SIZE], "size", "l", true);
    check_field(schema.children[LENGTH], "length", "l", true);
    check_field(schema.children[OWNER], "owner", "l", true);
    check_field(schema.children[TEXT], "text", "u", false);
    schema.release(&schema);
    assert_null(schema.release);
    stream.release(&stream);
    assert_ok(heapy_arrow_edges(snapshot, 0, &stream, err));
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_int_equal(schema.n_children, 6);
    check_field(schema.children[RELATION], "relation", "i", false);
    check_field(schema.children[NAME], "name", "i", true);
    schema.release(&schema);
    stream.release(&stream);
    heapy_snapshot_release(snapshot);
}

/* Whoever takes a batch may move a column out of it, and keep it longer than the stream. */
static void
test_a_column_lives_without_its_batch_and_stream(void **state)
{
    (void)state;
    heapy_snapshot *snapshot = random_snapshot(30);
    struct ArrowArrayStream stream;
    struct ArrowArray batch, column;
    assert_ok(heapy_arrow_objects(snapshot, NULL, 0, &stream, err));
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    assert_true(next_batch(&stream, &batch));
    column = *batch.children[TYPE];
    batch.children[TYPE]->release = NULL;
    batch.release(&batch);
    stream.release(&stream);
    for (size_t row = 0; row < 30; row++)
        assert_string_equal(text_at(&column, row),
                            heapy_graph_type_name(graph, heapy_graph_types(graph)[row]));
    column.release(&column);
    heapy_snapshot_release(snapshot);
}

/* A type's name that is no UTF-8 for others: a surrogate, a lone byte, half a character at the end. */
/* Two classes of one name are one word: pandas refuses a dictionary that has it twice. */
static void
test_a_dictionary_has_no_word_twice(void **state)
{
    (void)state;
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_snapshot *snapshot;
    heapy_type type;
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    assert_ok(heapy_graph_builder_create(3, &b, err));
    for (heapy_node i = 0; i < 3; i++) {
        assert_ok(add_type(b, i == 1 ? "other" : "C", HEAPY_ROLE_OBJECT, &type, err));
        heapy_graph_builder_types(b)[i] = type;
    }
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
    assert_ok(heapy_arrow_objects(snapshot, NULL, 0, &stream, err));
    assert_true(next_batch(&stream, &batch));
    assert_int_equal(batch.children[TYPE]->dictionary->length, 2);
    const struct ArrowArray *kinds = batch.children[KIND]->dictionary;
    for (size_t i = 0; i < (size_t)kinds->length; i++)
        for (size_t k = 0; k < i; k++) {
            char *word = strdup(text_at(kinds, k));
            assert_string_not_equal(text_at(kinds, i), word);
            free(word);
        }
    assert_string_equal(text_at(batch.children[TYPE], 0), "C");
    assert_string_equal(text_at(batch.children[TYPE], 1), "other");
    assert_string_equal(text_at(batch.children[KIND], 2), "C");
    batch.release(&batch);
    stream.release(&stream);
    heapy_snapshot_release(snapshot);
}

static void
test_texts_are_utf8(void **state)
{
    (void)state;
    heapy_graph_builder *b;
    heapy_graph *graph;
    heapy_snapshot *snapshot;
    heapy_type type;
    heapy_node *owners;
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    assert_ok(heapy_graph_builder_create(1, &b, err));
    assert_ok(add_type(b, "a\xed\xb2\x80\xc3\xa9\xff_\xe2\x82", HEAPY_ROLE_OBJECT, &type, err));
    heapy_graph_builder_types(b)[0] = type;
    assert_ok(heapy_graph_builder_owners(b, &owners, err));
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &snapshot, err));
    assert_ok(heapy_arrow_objects(snapshot, NULL, 0, &stream, err));
    assert_true(next_batch(&stream, &batch));
    assert_string_equal(text_at(batch.children[TYPE], 0),
                        "a\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd_\xef\xbf\xbd\xef\xbf\xbd");
    assert_int_equal(number_at(batch.children[ADDRESS], 0), -1);
    assert_int_equal(number_at(batch.children[SIZE], 0), -1);
    batch.release(&batch);
    stream.release(&stream);
    heapy_snapshot_release(snapshot);
}

/* ---- failing allocations ---- */

static heapy_snapshot *read_snapshot;

static heapy_status
read_stream(struct ArrowArrayStream *stream, heapy_error *error)
{
    struct ArrowSchema schema;
    struct ArrowArray batch = {.release = NULL};
    int result = stream->get_schema(stream, &schema);
    if (!result)
        schema.release(&schema);
    while (!result && !(result = stream->get_next(stream, &batch)) && batch.release)
        batch.release(&batch);
    if (result) {
        assert_int_equal(result, ENOMEM);
        strcpy(error->message, stream->get_last_error(stream));
        error->status = HEAPY_NO_MEMORY;
    }
    stream->release(stream);
    return result ? HEAPY_NO_MEMORY : HEAPY_OK;
}

static heapy_status
read_objects(heapy_error *error)
{
    struct ArrowArrayStream stream;
    heapy_status status = heapy_arrow_objects(read_snapshot, NULL, 7, &stream, error);
    return status ? status : read_stream(&stream, error);
}

static heapy_status
read_edges(heapy_error *error)
{
    struct ArrowArrayStream stream;
    heapy_status status = heapy_arrow_edges(read_snapshot, 7, &stream, error);
    return status ? status : read_stream(&stream, error);
}

static void
test_failing_allocations_are_errors(void **state)
{
    (void)state;
    seed_random(29);
    read_snapshot = random_snapshot(20);
    fail_each_allocation(read_objects);
    fail_each_allocation(read_edges);
    heapy_snapshot_release(read_snapshot);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects_are_what_the_snapshot_says_of_each),
        cmocka_unit_test(test_edges_have_a_row_for_each_of_their_names),
        cmocka_unit_test(test_a_schema_names_the_columns_and_their_forms),
        cmocka_unit_test(test_a_column_lives_without_its_batch_and_stream),
        cmocka_unit_test(test_a_dictionary_has_no_word_twice),
        cmocka_unit_test(test_texts_are_utf8),
        cmocka_unit_test(test_failing_allocations_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
