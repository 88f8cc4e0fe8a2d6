/* SPDX-License-Identifier: MIT */
/* Address maps against a sorted array of addresses, with the invariants checked after each step. */
#include "support.h"

#include <string.h>

/* A few crowded regions, a few thin ones, and some addresses that are only 8-aligned. */
static uintptr_t
random_address(void)
{
    static const uintptr_t bases[] = {0x555500000000, 0x555500100000, 0x7f0012300000, 0x7f00ff000000,
                                      0x10000};
    uintptr_t base = bases[random_below(sizeof bases / sizeof *bases)];
    size_t spread = random_below(4) ? 1 << 13 : 1 << 21;
    uintptr_t granule = base + (random_below(spread) & ~(uintptr_t)1) * 16;
    /* One object a granule: whether it is 8-aligned only follows from the granule. */
    return granule >> 4 & 0x40 ? granule + 8 : granule;
}

static int
by_address(const void *a, const void *b)
{
    uintptr_t x = *(const uintptr_t *)a, y = *(const uintptr_t *)b;
    return (x > y) - (x < y);
}

typedef struct model {
    uintptr_t *addresses;
    size_t count;
} model;

static model
random_model(size_t wanted)
{
    model m = {calloc(wanted + 1, sizeof *m.addresses), 0};
    for (size_t i = 0; i < wanted; i++)
        m.addresses[i] = random_address();
    qsort(m.addresses, wanted, sizeof *m.addresses, by_address);
    for (size_t i = 0; i < wanted; i++)
        if (!i || m.addresses[i] != m.addresses[i - 1])
            m.addresses[m.count++] = m.addresses[i];
    return m;
}

static bool
model_has(const model *m, uintptr_t address)
{
    return m->count && bsearch(&address, m->addresses, m->count, sizeof address, by_address);
}

static heapy_address_map *
map_of(const model *m)
{
    heapy_address_map *map;
    assert_ok(heapy_address_map_create(&map, err));
    for (size_t i = m->count; i-- > 0;) {
        bool is_new = false;
        assert_ok(heapy_address_map_add(map, m->addresses[i], &is_new, err));
        assert_true(is_new);
    }
    assert_ok(heapy_address_map_check(map, err));
    assert_ok(heapy_address_map_freeze(map, err));
    assert_ok(heapy_address_map_check(map, err));
    return map;
}

static void
assert_same(const heapy_address_map *map, const model *m)
{
    assert_ok(heapy_address_map_check(map, err));
    assert_int_equal(heapy_address_map_count(map), m->count);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    for (size_t i = 0; i < m->count; i++) {
        assert_int_equal(heapy_address_iterator_next(&iterator), m->addresses[i]);
        assert_int_equal(heapy_address_map_rank(map, m->addresses[i]), i);
        assert_int_equal(heapy_address_map_select(map, (heapy_node)i), m->addresses[i]);
        assert_true(heapy_address_map_contains(map, m->addresses[i]));
        assert_false(heapy_address_map_contains(map, m->addresses[i] ^ 8));
        assert_int_equal(heapy_address_map_rank(map, m->addresses[i] ^ 8), HEAPY_NO_NODE);
    }
    assert_int_equal(heapy_address_iterator_next(&iterator), 0);
    assert_int_equal(heapy_address_map_select(map, (heapy_node)m->count), 0);
    for (int i = 0; i < 1000; i++) {
        uintptr_t address = random_address();
        assert_int_equal(heapy_address_map_contains(map, address), model_has(m, address));
    }
}

static void
rank_and_select_agree_with_a_sorted_array(void **state)
{
    (void)state;
    seed_random(1);
    static const size_t sizes[] = {0, 1, 2, 100, 511, 512, 513, 3000, 40000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int round = 0; round < 4; round++) {
            model m = random_model(sizes[s]);
            heapy_address_map *map = map_of(&m);
            assert_same(map, &m);
            heapy_address_map_destroy(map);
            free(m.addresses);
        }
}

static void
reading_in_blocks_gives_every_address_once(void **state)
{
    (void)state;
    seed_random(2);
    model m = random_model(20000);
    heapy_address_map *map = map_of(&m);
    for (size_t room = 1; room < 200; room += 37) {
        heapy_address_iterator iterator;
        heapy_address_iterator_init(&iterator, map);
        uintptr_t block[256];
        size_t seen = 0;
        for (size_t n; (n = heapy_address_iterator_read(&iterator, block, room)); seen += n) {
            assert_in_range(n, 1, room);
            assert_memory_equal(block, m.addresses + seen, n * sizeof *block);
        }
        assert_int_equal(seen, m.count);
    }
    heapy_address_map_destroy(map);
    free(m.addresses);
}

static bool
expected(heapy_set_operation operation, bool in_a, bool in_b)
{
    switch (operation) {
    case HEAPY_UNION:
        return in_a || in_b;
    case HEAPY_INTERSECTION:
        return in_a && in_b;
    case HEAPY_DIFFERENCE:
        return in_a && !in_b;
    case HEAPY_SYMMETRIC_DIFFERENCE:
        return in_a != in_b;
    }
    return false;
}

static void
set_operations_agree_with_the_model(void **state)
{
    (void)state;
    seed_random(3);
    for (int round = 0; round < 12; round++) {
        model a = random_model(random_below(6000)), b = random_model(random_below(6000));
        heapy_address_map *x = map_of(&a), *y = map_of(&b);
        model either = {calloc(a.count + b.count + 1, sizeof(uintptr_t)), 0};
        memcpy(either.addresses, a.addresses, a.count * sizeof(uintptr_t));
        memcpy(either.addresses + a.count, b.addresses, b.count * sizeof(uintptr_t));
        size_t total = a.count + b.count;
        qsort(either.addresses, total, sizeof(uintptr_t), by_address);
        for (int operation = HEAPY_UNION; operation <= HEAPY_SYMMETRIC_DIFFERENCE; operation++) {
            model want = {calloc(total + 1, sizeof(uintptr_t)), 0};
            for (size_t i = 0; i < total; i++) {
                uintptr_t address = either.addresses[i];
                if ((!i || address != either.addresses[i - 1]) &&
                    expected((heapy_set_operation)operation, model_has(&a, address), model_has(&b, address)))
                    want.addresses[want.count++] = address;
            }
            heapy_address_map *result;
            assert_ok(heapy_address_map_combine(x, y, (heapy_set_operation)operation, &result, err));
            assert_same(result, &want);
            heapy_address_map_destroy(result);
            free(want.addresses);
        }
        heapy_address_map_destroy(x);
        heapy_address_map_destroy(y);
        free(a.addresses);
        free(b.addresses);
        free(either.addresses);
    }
}

static void
a_subset_has_the_addresses_of_its_nodes(void **state)
{
    (void)state;
    seed_random(4);
    for (int round = 0; round < 10; round++) {
        model m = random_model(random_below(8000));
        heapy_address_map *map = map_of(&m), *subset;
        heapy_node_set *nodes;
        assert_ok(heapy_node_set_create(m.count, &nodes, err));
        model want = {calloc(m.count + 1, sizeof(uintptr_t)), 0};
        uint64_t share = 1 + random_below(20);
        for (size_t i = 0; i < m.count; i++)
            if (!random_below(share)) {
                heapy_node_set_add(nodes, (heapy_node)i);
                want.addresses[want.count++] = m.addresses[i];
            }
        assert_ok(heapy_address_map_subset(map, heapy_node_set_words(nodes), &subset, err));
        assert_same(subset, &want);
        heapy_address_map_destroy(subset);
        heapy_address_map_destroy(map);
        heapy_node_set_destroy(nodes);
        free(m.addresses);
        free(want.addresses);
    }
}

static void
adding_twice_and_removing(void **state)
{
    (void)state;
    heapy_address_map *map;
    bool is_new;
    assert_ok(heapy_address_map_create(&map, err));
    assert_ok(heapy_address_map_add(map, 0x10008, &is_new, err));
    assert_true(is_new);
    assert_ok(heapy_address_map_add(map, 0x10008, &is_new, err));
    assert_false(is_new);
    assert_true(heapy_address_map_contains(map, 0x10008));
    assert_false(heapy_address_map_contains(map, 0x10000));
    assert_false(heapy_address_map_remove(map, 0x20000));
    assert_true(heapy_address_map_remove(map, 0x10008));
    assert_false(heapy_address_map_remove(map, 0x10008));
    assert_ok(heapy_address_map_check(map, err));
    assert_ok(heapy_address_map_freeze(map, err));
    assert_ok(heapy_address_map_freeze(map, err)); /* again: nothing happens */
    assert_int_equal(heapy_address_map_count(map), 0);
    heapy_address_map_destroy(map);
}

static void
wrong_addresses_and_frozen_maps_are_refused(void **state)
{
    (void)state;
    heapy_address_map *map;
    assert_ok(heapy_address_map_create(&map, err));
    assert_int_equal(heapy_address_map_add(map, 0, NULL, err), HEAPY_INVALID);
    assert_int_equal(heapy_address_map_add(map, 0x10004, NULL, err), HEAPY_INVALID);
    assert_non_null(strstr(err->message, "0x10004"));
    assert_ok(heapy_address_map_freeze(map, err));
    assert_int_equal(heapy_address_map_add(map, 0x10000, NULL, err), HEAPY_INVALID);
    heapy_address_map_destroy(map);
    heapy_address_map_destroy(NULL);
}

static heapy_status
use_every_operation(heapy_error *error)
{
    heapy_address_map *a = NULL, *b = NULL, *c = NULL, *d = NULL;
    heapy_node_set *nodes = NULL;
    heapy_status status = heapy_address_map_create(&a, error);
    for (uintptr_t i = 0; !status && i < 900; i++)
        status = heapy_address_map_add(a, 0x100000 + i * 32 + (i % 50 ? 0 : 8), NULL, error);
    for (uintptr_t i = 0; !status && i < 12; i++)
        status = heapy_address_map_add(a, 0x700000000 + (i << 21), NULL, error);
    if (!status)
        status = heapy_address_map_freeze(a, error);
    if (!status)
        status = heapy_address_map_create(&b, error);
    if (!status)
        status = heapy_address_map_add(b, 0x100008, NULL, error);
    if (!status)
        status = heapy_address_map_freeze(b, error);
    if (!status)
        status = heapy_address_map_combine(a, b, HEAPY_DIFFERENCE, &c, error);
    if (!status)
        status = heapy_node_set_create(heapy_address_map_count(a), &nodes, error);
    if (!status) {
        heapy_node_set_complement(nodes);
        status = heapy_address_map_subset(a, heapy_node_set_words(nodes), &d, error);
    }
    if (!status)
        assert_int_equal(heapy_address_map_count(d), heapy_address_map_count(a));
    heapy_node_set_destroy(nodes);
    heapy_address_map_destroy(a);
    heapy_address_map_destroy(b);
    heapy_address_map_destroy(c);
    heapy_address_map_destroy(d);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    fail_each_allocation(use_every_operation);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rank_and_select_agree_with_a_sorted_array),
        cmocka_unit_test(reading_in_blocks_gives_every_address_once),
        cmocka_unit_test(set_operations_agree_with_the_model),
        cmocka_unit_test(a_subset_has_the_addresses_of_its_nodes),
        cmocka_unit_test(adding_twice_and_removing),
        cmocka_unit_test(wrong_addresses_and_frozen_maps_are_refused),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("address_map", tests, NULL, NULL);
}
