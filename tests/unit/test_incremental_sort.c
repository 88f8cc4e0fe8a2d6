/* SPDX-License-Identifier: MIT */
/* The first k of n in order, however the k are asked for, against qsort. */
#include "support.h"

enum { MAX_COUNT = 3000, MAX_GROUPS = 41 };

typedef struct values {
    uint32_t of[MAX_COUNT];
    uint32_t group[MAX_COUNT];
    size_t comparisons;
} values;

static int
by_value(uint32_t a, uint32_t b, void *context)
{
    values *v = context;
    v->comparisons++;
    assert_int_equal(v->group[a], v->group[b]);
    return (v->of[a] > v->of[b]) - (v->of[a] < v->of[b]);
}

static const values *sorting;
static uint32_t rank_of[MAX_GROUPS];

static int
by_value_then_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    uint32_t p = rank_of[sorting->group[x]], q = rank_of[sorting->group[y]];
    if (p != q)
        return p < q ? -1 : 1;
    if (sorting->of[x] != sorting->of[y])
        return sorting->of[x] < sorting->of[y] ? -1 : 1;
    return (x > y) - (x < y);
}

static void
any_prefixes_of_random_values_are_sorted(void **state)
{
    (void)state;
    seed_random(77);
    static values v;
    static uint32_t expected[MAX_COUNT];
    for (int round = 0; round < 300; round++) {
        size_t count = random_below(round % 3 ? 60 : MAX_COUNT);
        uint64_t different = 1 + random_below(round % 2 ? 5 : 100000);
        uint32_t ranks[MAX_GROUPS];
        size_t groups = 1 + random_below(round % 3 ? 6 : 40);
        for (size_t i = 0; i < count; i++) {
            v.of[i] = (uint32_t)(round % 7 ? random_below(different) : i);
            v.group[i] = round % 5 ? (uint32_t)random_below(groups) : 0;
            expected[i] = (uint32_t)i;
        }
        for (size_t g = 0; g < groups; g++) /* backwards, in every other round */
            ranks[g] = rank_of[g] = (uint32_t)(round % 2 ? groups - 1 - g : g);
        sorting = &v;
        qsort(expected, count, sizeof *expected, by_value_then_number);
        heapy_incremental_sort *sort;
        assert_ok(heapy_incremental_sort_create(count, round % 5 ? v.group : NULL, round % 2 ? ranks : NULL,
                                                groups, by_value, &v, &sort, err));
        for (size_t asked = 0; asked <= count; asked += 1 + random_below(1 + count / 4)) {
            const uint32_t *order;
            assert_ok(heapy_incremental_sort_first(sort, asked, &order, err));
            for (size_t i = 0; i < asked; i++)
                assert_int_equal(order[i], expected[i]);
        }
        const uint32_t *order;
        assert_ok(heapy_incremental_sort_first(sort, SIZE_MAX, &order, err));
        for (size_t i = 0; i < count; i++)
            assert_int_equal(order[i], expected[i]);
        heapy_incremental_sort_destroy(sort);
    }
}

/* T-21: ten rows of many cost about one pass, not a sort. */
static void
a_short_prefix_compares_few_times(void **state)
{
    (void)state;
    seed_random(78);
    static values v;
    for (size_t i = 0; i < MAX_COUNT; i++)
        v.of[i] = (uint32_t)random_below(1u << 30);
    heapy_incremental_sort *sort;
    const uint32_t *order;
    assert_ok(heapy_incremental_sort_create(MAX_COUNT, NULL, NULL, 0, by_value, &v, &sort, err));
    assert_ok(heapy_incremental_sort_first(sort, 10, &order, err));
    assert_true(v.comparisons < 12 * MAX_COUNT);
    heapy_incremental_sort_destroy(sort);
}

static heapy_status
sort_some(heapy_error *error)
{
    static values v;
    heapy_incremental_sort *sort;
    for (size_t i = 0; i < MAX_COUNT; i++)
        v.of[i] = (uint32_t)(i * 2654435761u), v.group[i] = i % 3;
    heapy_status status =
        heapy_incremental_sort_create(MAX_COUNT, v.group, NULL, 3, by_value, &v, &sort, error);
    if (status)
        return status;
    const uint32_t *order;
    status = heapy_incremental_sort_first(sort, MAX_COUNT, &order, error);
    heapy_incremental_sort_destroy(sort);
    return status;
}

static void
no_memory_is_an_error(void **state)
{
    (void)state;
    fail_each_allocation(sort_some);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_prefixes_of_random_values_are_sorted),
        cmocka_unit_test(a_short_prefix_compares_few_times),
        cmocka_unit_test(no_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
