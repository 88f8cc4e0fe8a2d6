/* SPDX-License-Identifier: MIT */
/* Classification and partitions: order of rows, sums, rows back to nodes; random graphs against a loop. */
#include "support.h"

#include <string.h>

enum { MAX_NODES = 400, MAX_TYPES = 12 };

typedef struct sample {
    heapy_snapshot *snapshot;
    const heapy_graph *graph; /* the snapshot's */
    size_t nodes, types;
    heapy_type type[MAX_NODES], owner[MAX_NODES];
    uint64_t size[MAX_NODES];
    const char *name[MAX_TYPES];
} sample;

/* Type 0 is dict; names repeat, so that two types may share one. */
static sample
random_sample(void)
{
    static const char *const names[] = {"dict", "K2", "K10", "K1", "K2", "\xc3\xa9t\xc3\xa9", "int"};
    sample s = {.nodes = random_below(MAX_NODES), .types = 1 + random_below(MAX_TYPES - 1)};
    heapy_graph_builder *b;
    heapy_node *owners;
    heapy_size_writer *sizes;
    assert_ok(heapy_graph_builder_create(s.nodes, &b, err));
    for (size_t t = 0; t < s.types; t++) {
        heapy_type type;
        s.name[t] = t ? names[1 + random_below(6)] : names[0];
        assert_ok(add_type(b, s.name[t], t ? HEAPY_ROLE_OBJECT : HEAPY_ROLE_DICT, &type, err));
        assert_int_equal(type, t);
    }
    assert_ok(heapy_graph_builder_owners(b, &owners, err));
    assert_ok(heapy_graph_builder_sizes(b, &sizes, err));
    for (size_t i = 0; i < s.nodes; i++) {
        s.type[i] = heapy_graph_builder_types(b)[i] = (heapy_type)random_below(s.types);
        s.size[i] = 8 * random_below(5);
        assert_true(heapy_size_writer_put(sizes, (heapy_node)i, s.size[i]));
        s.owner[i] = HEAPY_NO_TYPE;
        if (!s.type[i] && random_below(3))
            owners[i] = heapy_owner_elsewhere(s.nodes, s.owner[i] = (heapy_type)random_below(s.types));
    }
    heapy_graph *graph;
    assert_ok(heapy_graph_builder_finish(b, &graph, err));
    assert_ok(heapy_snapshot_create(graph, NULL, NULL, &s.snapshot, err));
    s.graph = heapy_snapshot_graph(s.snapshot);
    return s;
}

static bool
same_class(const sample *s, heapy_classifier_form form, size_t i, size_t j)
{
    if (form == HEAPY_BY_UNITY)
        return true;
    if (form == HEAPY_BY_SIZE)
        return s->size[i] == s->size[j];
    return s->type[i] == s->type[j] && (form == HEAPY_BY_TYPE || s->owner[i] == s->owner[j]);
}

static void
class_name(const sample *s, heapy_classifier_form form, size_t i, char *out, size_t room)
{
    if (form == HEAPY_BY_UNITY)
        snprintf(out, room, "<Anything>");
    else if (form == HEAPY_BY_SIZE)
        snprintf(out, room, "%9d", (int)s->size[i]);
    else if (form == HEAPY_BY_TYPE || s->type[i])
        snprintf(out, room, "%s", s->name[s->type[i]]);
    else if (s->owner[i] == HEAPY_NO_TYPE)
        snprintf(out, room, "dict (no owner)");
    else
        snprintf(out, room, "dict of %s", s->name[s->owner[i]]);
}

static const heapy_classifier *
classifier_of(heapy_classifier_form form)
{
    const heapy_classifier *by;
    assert_ok(heapy_classifier_create(form, NULL, 0, &by, err));
    return by;
}

/* nodes[i] is the node of member i; members: NULL: all. */
/* Every second row, as a partition of its own. */
static void
check_rows_alone(const heapy_partition *partition, const heapy_node_set *odd, size_t half)
{
    const heapy_table *whole = heapy_partition_table(partition), *table;
    const heapy_class *of_whole = heapy_classes_of_members(heapy_partition_classes(partition));
    heapy_partition *some, *again;
    assert_ok(heapy_partition_of_rows(partition, 0, 2, half, &some, err));
    table = heapy_partition_table(some);
    assert_int_equal(table->row_count, half);
    assert_string_equal(table->header, whole->header);
    int64_t count = 0, size = 0;
    for (size_t r = 0; r < half; r++) {
        const heapy_row *row = &table->rows[r], *expected = &whole->rows[2 * r];
        assert_string_equal(row->name, expected->name);
        assert_int_equal(row->count, expected->count);
        assert_int_equal(row->size, expected->size);
        count += row->count;
        size += row->size;
        assert_int_equal(row->index, r);
        assert_int_equal(row->cumulative, size);
        assert_int_equal(heapy_partition_row_class(some, r), heapy_partition_row_class(partition, 2 * r));
        assert_int_equal(heapy_partition_class_row(some, heapy_partition_row_class(some, r)), r);
    }
    assert_int_equal(table->count, count);
    assert_int_equal(table->size, size);
    const heapy_class *of_some = heapy_classes_of_members(heapy_partition_classes(some));
    size_t member = 0;
    for (heapy_node i = heapy_node_set_next(odd, 0); i != HEAPY_NO_NODE; i = heapy_node_set_next(odd, i + 1))
        assert_int_equal(of_some[member++], of_whole[i]);
    assert_int_equal(heapy_classes_member_count(heapy_partition_classes(some)), member);
    /* Those of those, which outlive them. */
    assert_ok(heapy_partition_of_rows(some, 0, 1, half, &again, err));
    heapy_partition_destroy(some);
    assert_int_equal(heapy_partition_table(again)->size, size);
    for (size_t r = 0; r < half; r++)
        assert_string_equal(heapy_partition_table(again)->rows[r].name, whole->rows[2 * r].name);
    heapy_partition_destroy(again);
}

static void
check_partition(const sample *s, heapy_classifier_form form, const heapy_members *members)
{
    heapy_classes *classes;
    heapy_partition *partition;
    const heapy_classifier *by = classifier_of(form);
    size_t count_of_members = members ? members->count : s->nodes;
    assert_ok(heapy_classify(by, s->snapshot, members, &classes, err));
    assert_ok(heapy_partition_create(s->graph, members, classes, &partition, err));
    const heapy_table *table = heapy_partition_table(partition);
    uint64_t count = 0, size = 0;
    bool seen[MAX_NODES] = {0};
    for (size_t r = 0; r < table->row_count; r++) {
        const heapy_row *row = &table->rows[r];
        heapy_node_set *of_row;
        assert_ok(heapy_partition_members(partition, r, 1, 1, &of_row, err));
        assert_ok(heapy_node_set_check(of_row, err));
        assert_int_equal(heapy_node_set_count(of_row), row->count);
        heapy_node first = heapy_node_set_next(of_row, 0), node = members ? members->nodes[first] : first;
        uint64_t row_size = 0;
        for (size_t i = 0; i < count_of_members; i++) {
            heapy_node other = members ? members->nodes[i] : (heapy_node)i;
            bool expected = same_class(s, form, node, other);
            assert_int_equal(heapy_node_set_contains(of_row, (heapy_node)i), expected);
            row_size += expected ? s->size[other] : 0;
            assert_false(seen[i] && expected);
            seen[i] |= expected;
        }
        char name[64];
        class_name(s, form, node, name, sizeof name);
        assert_string_equal(row->name, name);
        assert_int_equal(row->index, r);
        assert_int_equal(row->size, row_size);
        count += row->count;
        size += row->size;
        assert_int_equal(row->cumulative, size);
        assert_int_equal(heapy_partition_class_row(partition, heapy_partition_row_class(partition, r)), r);
        /* T-10: by size descending, then by name ascending */
        if (r) {
            assert_true(row[-1].size >= row->size);
            assert_true(row[-1].size > row->size || strcmp(row[-1].name, row->name) <= 0);
        }
        heapy_node_set_destroy(of_row);
    }
    assert_int_equal(table->count, count);
    assert_int_equal(table->size, size);
    for (size_t i = 0; i < count_of_members; i++)
        assert_true(seen[i]);

    /* Every second row at once. */
    size_t half = (table->row_count + 1) / 2;
    heapy_node_set *odd;
    assert_ok(heapy_partition_members(partition, 0, 2, half, &odd, err));
    uint64_t expected = 0;
    for (size_t r = 0; r < table->row_count; r += 2)
        expected += table->rows[r].count;
    assert_int_equal(heapy_node_set_count(odd), expected);
    check_rows_alone(partition, odd, half);
    heapy_node_set_destroy(odd);
    heapy_partition_destroy(partition);
    heapy_classifier_release(by);
}

static void
partitions_agree_with_a_loop_over_all_members(void **state)
{
    (void)state;
    seed_random(6);
    for (int round = 0; round < 100; round++) {
        sample s = random_sample();
        heapy_node nodes[MAX_NODES];
        heapy_members some = {nodes, 0};
        for (size_t i = s.nodes; i-- > 0;) /* in an order of their own */
            if (random_below(2))
                nodes[some.count++] = (heapy_node)i;
        static const heapy_classifier_form forms[] = {HEAPY_BY_TYPE, HEAPY_BY_CLODO, HEAPY_BY_SIZE,
                                                      HEAPY_BY_UNITY};
        for (size_t f = 0; f < 4; f++) {
            check_partition(&s, forms[f], NULL);
            check_partition(&s, forms[f], &some);
        }
        heapy_snapshot_release(s.snapshot);
    }
}

static void
headers_name_the_classifier(void **state)
{
    (void)state;
    seed_random(7);
    sample s = random_sample();
    heapy_classes *classes;
    const heapy_classifier *by_type = classifier_of(HEAPY_BY_TYPE), *by_clodo = classifier_of(HEAPY_BY_CLODO);
    assert_ok(heapy_classify(by_type, s.snapshot, NULL, &classes, err));
    assert_string_equal(heapy_classes_header(classes), "Type");
    assert_int_equal(heapy_classes_member_count(classes), s.nodes);
    heapy_classes_destroy(classes);
    assert_ok(heapy_classify(by_clodo, s.snapshot, NULL, &classes, err));
    assert_string_equal(heapy_classes_header(classes), "Kind (class / dict of class)");
    heapy_classes_destroy(classes);
    heapy_classes_destroy(NULL);
    heapy_classifier_release(by_type);
    heapy_classifier_release(by_clodo);
    heapy_snapshot_release(s.snapshot);
}

static sample oom_sample;

static heapy_status
partition_rows(heapy_error *error)
{
    const heapy_classifier *by = NULL;
    heapy_classes *classes = NULL;
    heapy_partition *partition = NULL, *some = NULL;
    heapy_node_set *row = NULL;
    heapy_status status = heapy_classifier_create(HEAPY_BY_CLODO, NULL, 0, &by, error);
    if (!status)
        status = heapy_classify(by, oom_sample.snapshot, NULL, &classes, error);
    if (!status)
        status = heapy_partition_create(oom_sample.graph, NULL, classes, &partition, error);
    if (!status)
        status = heapy_partition_members(partition, 0, 1, 0, &row, error);
    if (!status)
        status = heapy_partition_of_rows(partition, 0, 1, heapy_partition_table(partition)->row_count, &some,
                                         error);
    heapy_node_set_destroy(row);
    heapy_partition_destroy(some);
    heapy_partition_destroy(partition);
    heapy_classifier_release(by);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    seed_random(8);
    oom_sample = random_sample();
    if (!heapy_testing_can_fail())
        heapy_snapshot_release(oom_sample.snapshot);
    fail_each_allocation(partition_rows);
    heapy_snapshot_release(oom_sample.snapshot);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partitions_agree_with_a_loop_over_all_members),
        cmocka_unit_test(headers_name_the_classifier),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("partition", tests, NULL, NULL);
}
