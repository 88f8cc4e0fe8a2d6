/* SPDX-License-Identifier: MIT */
/* Columns and addresses that are read where they lie. */
#include "support.h"

/* ---- graphs ---- */

static int released;

static void
count_release(void *context)
{
    (void)context;
    released++;
}

static const heapy_keeper keeper = {count_release, NULL};

/* All columns of a small graph, to be lent and spoilt. */
typedef struct columns {
    heapy_type types[4];
    uint32_t narrow[4];
    heapy_large_size large[2];
    size_t large_count;
    uint64_t words[1];
    uint32_t ranks[1], values[2];
    size_t value_count;
    uint32_t offsets[5], targets[3];
    heapy_label labels[3];
} columns;

/* 0 --[0]--> 1 --[0]--> 2, 1 --[1]--> 1; node 1 has 2^33 bytes; nodes 1 and 3 have a value. */
static const columns GOOD = {.narrow = {16, HEAPY_LARGE_SIZE, 16, 16},
                             .large = {{.node = 1, .size = UINT64_C(1) << 33}},
                             .large_count = 1,
                             .words = {10},
                             .values = {2, 0},
                             .value_count = 2,
                             .offsets = {0, 1, 3, 3, 3},
                             .targets = {1, 2, 1},
                             .labels = {0x20000000, 0x20000000, 0x20000001}};

static heapy_status
lend(const columns *c, heapy_graph **out, heapy_error *error)
{
    heapy_graph_builder *b = NULL;
    heapy_facts *facts = NULL;
    heapy_type type;
    uint32_t value;
    const heapy_sizes sizes = {c->narrow, c->large, c->large_count, 4};
    const heapy_sparse_values values = {c->words, c->ranks, c->values, c->value_count};
    const heapy_lent_edges edges = {c->offsets, NULL, c->targets, c->labels, 3};
    heapy_status status = heapy_graph_builder_create_lent(4, c->types, &keeper, &b, error);
    if (status)
        return status;
    status = add_type(b, "dict", HEAPY_ROLE_DICT, &type, error);
    if (!status)
        status = heapy_graph_builder_lend_sizes(b, &sizes, error);
    if (!status)
        status = heapy_graph_builder_lend_owners(b, &values, error);
    if (!status)
        status = heapy_graph_builder_lend_lengths(b, &values, error);
    if (!status)
        status = heapy_graph_builder_begin_facts(b, "module", &facts, error);
    for (int i = 0; !status && i < 3; i++)
        status = heapy_facts_add_value(facts, "os", 2, &value, error);
    if (!status)
        status = heapy_facts_lend(facts, &values, error);
    if (!status)
        status = heapy_graph_builder_lend_edges(b, &edges, error);
    if (!status)
        return heapy_graph_builder_finish(b, out, error);
    heapy_graph_builder_destroy(b);
    return status;
}

static void
lent_columns_are_read_where_they_lie(void **state)
{
    (void)state;
    heapy_graph *graph;
    uint64_t first, end;
    released = 0;
    assert_ok(lend(&GOOD, &graph, err));
    assert_ptr_equal(heapy_graph_types(graph), GOOD.types);
    assert_ptr_equal(heapy_graph_targets(graph), GOOD.targets);
    assert_int_equal(size_of(graph, 0), 16);
    assert_int_equal(size_of(graph, 1), UINT64_C(1) << 33);
    assert_int_equal(heapy_graph_length(graph, 1), 2);
    assert_int_equal(heapy_graph_length(graph, 2), HEAPY_NO_LENGTH);
    assert_int_equal(heapy_graph_owner(graph, 3), 0);
    assert_int_equal(heapy_facts_of_node(heapy_graph_facts(graph, "module"), 1), 2);
    heapy_graph_edges(graph, 1, &first, &end);
    assert_int_equal(first, 1);
    assert_int_equal(end, 3);
    assert_true(heapy_graph_bytes(graph) < 4096);
    assert_int_equal(released, 0);
    heapy_graph_destroy(graph);
    assert_int_equal(released, 1);
}

#define REFUSES(field, wrong)                                                                                \
    do {                                                                                                     \
        columns c = GOOD;                                                                                    \
        heapy_graph *graph;                                                                                  \
        c.field = (wrong);                                                                                   \
        released = 0;                                                                                        \
        assert_int_equal(lend(&c, &graph, err), HEAPY_INVALID);                                              \
        assert_int_equal(released, 1);                                                                       \
    } while (0)

static void
wrong_columns_are_refused_and_let_go(void **state)
{
    (void)state;
    REFUSES(types[3], 1);
    REFUSES(large[0].node, 4);
    REFUSES(large_count, 2); /* both of node 1 and of node 0: out of order */
    REFUSES(words[0], 26);   /* a bit for node 4 */
    REFUSES(words[0], 2);    /* a value of nobody */
    REFUSES(ranks[0], 1);
    REFUSES(values[0], 5); /* an owner of type 1, which is not there; and no such fact */
    REFUSES(offsets[0], 1);
    REFUSES(offsets[2], 0);
    REFUSES(offsets[4], 2);
    REFUSES(targets[2], 4);
    REFUSES(labels[0], 0xf0000000);
    REFUSES(labels[0], 0x10000000); /* a name that is not there */
}

static void
what_is_lent_is_not_made_too(void **state)
{
    (void)state;
    heapy_graph_builder *b;
    heapy_size_writer *sizes;
    heapy_node *owners;
    heapy_edge_writer *edges;
    const heapy_sizes lent = {GOOD.narrow, GOOD.large, 1, 4};
    const heapy_sparse_values values = {GOOD.words, GOOD.ranks, GOOD.values, 2};
    const heapy_lent_edges some = {GOOD.offsets, NULL, GOOD.targets, GOOD.labels, 3};
    released = 0;
    assert_ok(heapy_graph_builder_create_lent(4, GOOD.types, &keeper, &b, err));
    assert_ok(heapy_graph_builder_lend_sizes(b, &lent, err));
    assert_ok(heapy_graph_builder_lend_owners(b, &values, err));
    assert_ok(heapy_graph_builder_lend_lengths(b, &values, err));
    assert_ok(heapy_graph_builder_lend_edges(b, &some, err));
    assert_int_equal(heapy_graph_builder_lend_sizes(b, &lent, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_lend_owners(b, &values, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_lend_lengths(b, &values, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_lend_edges(b, &some, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_sizes(b, &sizes, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_owners(b, &owners, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_add_length(b, 3, 1, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_begin_edges(b, &edges, err), HEAPY_INVALID);
    assert_int_equal(heapy_graph_builder_end_node(b, err), HEAPY_INVALID);
    heapy_graph_builder_destroy(b);
    assert_int_equal(heapy_graph_builder_create_lent(SIZE_MAX, GOOD.types, &keeper, &b, err), HEAPY_LIMIT);
    assert_int_equal(released, 2);
}

static heapy_status
lend_good(heapy_error *error)
{
    heapy_graph *graph;
    heapy_status status = lend(&GOOD, &graph, error);
    if (!status)
        heapy_graph_destroy(graph);
    return status;
}

static void
each_failing_allocation_of_a_graph_is_reported(void **state)
{
    (void)state;
    fail_each_allocation(lend_good);
}

/* ---- addresses ---- */

typedef struct layout {
    heapy_region_record *records;
    uint64_t *words;
    size_t record_count, word_count;
} layout;

static heapy_address_map *
random_map(size_t count, uintptr_t span, bool has_odd)
{
    heapy_address_map *map;
    assert_ok(heapy_address_map_create(&map, err));
    for (size_t i = 0; i < count; i++)
        heapy_address_map_mark(map, 0x7f0000000010 + 16 * random_below(span) +
                                        (has_odd && !random_below(50) ? 8 : 0));
    assert_ok(heapy_address_map_freeze(map, err));
    return map;
}

static layout
layout_of(const heapy_address_map *map)
{
    layout l = {.records = calloc(map->region_count + 1, sizeof *l.records),
                .words = calloc(map->region_count + 1, HEAPY_REGION_LAYOUT_WORDS * sizeof *l.words)};
    heapy_region_record record = {0};
    while (heapy_address_map_layout(map, l.record_count, &record, l.words + l.word_count) ||
           l.record_count < map->region_count) {
        l.records[l.record_count++] = record;
        l.word_count += heapy_region_record_words(&record);
    }
    return l;
}

static void
free_layout(layout *l)
{
    free(l->records);
    free(l->words);
}

static void
laid_out_addresses_are_found_where_they_were(void **state)
{
    (void)state;
    seed_random(15);
    for (int round = 0; round < 40; round++) {
        heapy_address_map *map =
            random_map(random_below(5000), 1 + random_below(round % 2 ? 70000 : 1000000), round % 3);
        layout l = layout_of(map);
        heapy_address_map *lent;
        assert_ok(heapy_address_map_lend(l.records, l.record_count, l.words, l.word_count, &lent, err));
        assert_int_equal(heapy_address_map_count(lent), heapy_address_map_count(map));
        for (heapy_node i = 0; i < heapy_address_map_count(map); i++) {
            uintptr_t address = heapy_address_map_select(map, i);
            assert_int_equal(heapy_address_map_select(lent, i), address);
            assert_int_equal(heapy_address_map_rank(lent, address), i);
            assert_int_equal(heapy_address_map_rank(lent, address ^ 8), HEAPY_NO_NODE);
        }
        assert_true(heapy_address_map_is_subset(lent, map));
        assert_true(heapy_address_map_bytes(lent) <= heapy_address_map_bytes(map));
        heapy_address_map_destroy(lent);
        heapy_address_map_destroy(map);
        free_layout(&l);
    }
}

/* Whatever bit is flipped: refused, or another valid map. */
static void
spoilt_layouts_are_refused_or_valid(void **state)
{
    (void)state;
    seed_random(16);
    for (int round = 0; round < 400; round++) {
        heapy_address_map *map = random_map(round % 2 ? 2000 : 30, 3000, true), *lent;
        layout l = layout_of(map);
        size_t bit;
        if (round % 4 < 2) {
            bit = random_below(64 * l.word_count);
            l.words[bit / 64] ^= UINT64_C(1) << bit % 64;
        } else {
            bit = random_below(8 * sizeof *l.records * l.record_count);
            ((unsigned char *)l.records)[bit / 8] ^= (unsigned char)(1 << bit % 8);
        }
        if (!heapy_address_map_lend(l.records, l.record_count, l.words, l.word_count, &lent, err)) {
            assert_ok(heapy_address_map_check(lent, err));
            heapy_address_map_destroy(lent);
        }
        heapy_address_map_destroy(map);
        free_layout(&l);
    }
}

static layout to_lend;

static heapy_status
lend_map(heapy_error *error)
{
    heapy_address_map *lent;
    heapy_status status = heapy_address_map_lend(to_lend.records, to_lend.record_count, to_lend.words,
                                                 to_lend.word_count, &lent, error);
    if (!status)
        heapy_address_map_destroy(lent);
    return status;
}

static void
each_failing_allocation_of_a_map_is_reported(void **state)
{
    (void)state;
    seed_random(17);
    heapy_address_map *map = random_map(100, 1000000, true);
    to_lend = layout_of(map);
    heapy_address_map_destroy(map);
    fail_each_allocation(lend_map);
    free_layout(&to_lend);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lent_columns_are_read_where_they_lie),
        cmocka_unit_test(wrong_columns_are_refused_and_let_go),
        cmocka_unit_test(what_is_lent_is_not_made_too),
        cmocka_unit_test(each_failing_allocation_of_a_graph_is_reported),
        cmocka_unit_test(laid_out_addresses_are_found_where_they_were),
        cmocka_unit_test(spoilt_layouts_are_refused_or_valid),
        cmocka_unit_test(each_failing_allocation_of_a_map_is_reported),
    };
    return cmocka_run_group_tests_name("lending", tests, NULL, NULL);
}
