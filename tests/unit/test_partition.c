/* SPDX-License-Identifier: MIT */
/* Classification and partitions: order of rows, sums, rows back to nodes; random graphs against a loop. */
#include "support.h"

#include <string.h>

enum { MAX_NODES = 400, MAX_TYPES = 12 };

typedef struct sample {
    heapy_graph *graph;
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
    assert_ok(heapy_graph_builder_finish(b, &s.graph, err));
    return s;
}

static bool
same_class(const sample *s, heapy_classifier classifier, size_t i, size_t j)
{
    if (classifier == HEAPY_BY_UNITY)
        return true;
    if (classifier == HEAPY_BY_SIZE)
        return s->size[i] == s->size[j];
    return s->type[i] == s->type[j] && (classifier == HEAPY_BY_TYPE || s->owner[i] == s->owner[j]);
}

static void
class_name(const sample *s, heapy_classifier classifier, size_t i, char *out, size_t room)
{
    if (classifier == HEAPY_BY_UNITY)
        snprintf(out, room, "<Anything>");
    else if (classifier == HEAPY_BY_SIZE)
        snprintf(out, room, "%9d", (int)s->size[i]);
    else if (classifier == HEAPY_BY_TYPE || s->type[i])
        snprintf(out, room, "%s", s->name[s->type[i]]);
    else if (s->owner[i] == HEAPY_NO_TYPE)
        snprintf(out, room, "dict (no owner)");
    else
        snprintf(out, room, "dict of %s", s->name[s->owner[i]]);
}

static void
check_partition(const sample *s, heapy_classifier classifier, const heapy_node_set *nodes)
{
    heapy_classes *classes;
    heapy_partition *partition;
    assert_ok(heapy_classify(s->graph, classifier, &classes, err));
    assert_ok(heapy_partition_create(s->graph, nodes, classes, &partition, err));
    const heapy_table *table = heapy_partition_table(partition);
    uint64_t count = 0, size = 0;
    bool seen[MAX_NODES] = {0};
    for (size_t r = 0; r < table->row_count; r++) {
        const heapy_row *row = &table->rows[r];
        heapy_node_set *members;
        assert_ok(heapy_partition_nodes(partition, r, 1, 1, &members, err));
        assert_ok(heapy_node_set_check(members, err));
        assert_int_equal(heapy_node_set_count(members), row->count);
        heapy_node first = heapy_node_set_next(members, 0);
        uint64_t row_size = 0;
        for (size_t i = 0; i < s->nodes; i++) {
            bool expected = same_class(s, classifier, first, i) &&
                            (!nodes || heapy_node_set_contains(nodes, (heapy_node)i));
            assert_int_equal(heapy_node_set_contains(members, (heapy_node)i), expected);
            row_size += expected ? s->size[i] : 0;
            seen[i] |= expected;
        }
        char name[64];
        class_name(s, classifier, first, name, sizeof name);
        assert_string_equal(row->name, name);
        assert_int_equal(row->index, r);
        assert_int_equal(row->size, row_size);
        count += row->count;
        size += row->size;
        assert_int_equal(row->cumulative, size);
        /* T-10: by size descending, then by name ascending */
        if (r) {
            assert_true(row[-1].size >= row->size);
            assert_true(row[-1].size > row->size || strcmp(row[-1].name, row->name) <= 0);
        }
        heapy_node_set_destroy(members);
    }
    assert_int_equal(table->count, count);
    assert_int_equal(table->size, size);
    for (size_t i = 0; i < s->nodes; i++)
        assert_int_equal(seen[i], !nodes || heapy_node_set_contains(nodes, (heapy_node)i));

    /* Every second row at once. */
    size_t half = (table->row_count + 1) / 2;
    heapy_node_set *odd;
    assert_ok(heapy_partition_nodes(partition, 0, 2, half, &odd, err));
    uint64_t expected = 0;
    for (size_t r = 0; r < table->row_count; r += 2)
        expected += table->rows[r].count;
    assert_int_equal(heapy_node_set_count(odd), expected);
    heapy_node_set_destroy(odd);
    heapy_partition_destroy(partition);
}

static void
partitions_agree_with_a_loop_over_all_nodes(void **state)
{
    (void)state;
    seed_random(6);
    for (int round = 0; round < 100; round++) {
        sample s = random_sample();
        heapy_node_set *some;
        assert_ok(heapy_node_set_create(s.nodes, &some, err));
        for (size_t i = 0; i < s.nodes; i++)
            if (random_below(2))
                heapy_node_set_add(some, (heapy_node)i);
        for (int c = HEAPY_BY_TYPE; c <= HEAPY_BY_UNITY; c++) {
            check_partition(&s, (heapy_classifier)c, NULL);
            check_partition(&s, (heapy_classifier)c, some);
        }
        heapy_node_set_destroy(some);
        heapy_graph_destroy(s.graph);
    }
}

static void
headers_name_the_classifier(void **state)
{
    (void)state;
    seed_random(7);
    sample s = random_sample();
    heapy_classes *classes;
    assert_ok(heapy_classify(s.graph, HEAPY_BY_TYPE, &classes, err));
    assert_string_equal(heapy_classes_header(classes), "Type");
    assert_int_equal(heapy_classes_node_count(classes), s.nodes);
    heapy_classes_destroy(classes);
    assert_ok(heapy_classify(s.graph, HEAPY_BY_CLODO, &classes, err));
    assert_string_equal(heapy_classes_header(classes), "Kind (class / dict of class)");
    heapy_classes_destroy(classes);
    heapy_classes_destroy(NULL);
    heapy_graph_destroy(s.graph);
}

static sample oom_sample;

static heapy_status
partition_rows(heapy_error *error)
{
    heapy_classes *classes = NULL;
    heapy_partition *partition = NULL;
    heapy_node_set *nodes = NULL, *row = NULL;
    heapy_status status = heapy_node_set_create(oom_sample.nodes, &nodes, error);
    if (!status)
        status = heapy_classify(oom_sample.graph, HEAPY_BY_CLODO, &classes, error);
    if (!status)
        status = heapy_partition_create(oom_sample.graph, nodes, classes, &partition, error);
    if (!status)
        status = heapy_partition_nodes(partition, 0, 1, 0, &row, error);
    heapy_node_set_destroy(row);
    heapy_node_set_destroy(nodes);
    heapy_partition_destroy(partition);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    seed_random(8);
    oom_sample = random_sample();
    if (!heapy_testing_can_fail())
        heapy_graph_destroy(oom_sample.graph);
    fail_each_allocation(partition_rows);
    heapy_graph_destroy(oom_sample.graph);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partitions_agree_with_a_loop_over_all_nodes),
        cmocka_unit_test(headers_name_the_classifier),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("partition", tests, NULL, NULL);
}
