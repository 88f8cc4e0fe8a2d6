/* SPDX-License-Identifier: MIT */
/* Node sets against an array of booleans. */
#include "support.h"

enum { MAX_RANGE = 700 };

static void
assert_same(const heapy_node_set *set, const bool *model, size_t range)
{
    assert_ok(heapy_node_set_check(set, err));
    size_t count = 0;
    heapy_node next = HEAPY_NO_NODE;
    for (size_t i = range; i-- > 0;) {
        assert_int_equal(heapy_node_set_contains(set, (heapy_node)i), model[i]);
        if (model[i]) {
            count++;
            next = (heapy_node)i;
        }
        assert_int_equal(heapy_node_set_next(set, (heapy_node)i), next);
    }
    assert_int_equal(heapy_node_set_count(set), count);
    assert_int_equal(heapy_node_set_range(set), range);
    assert_false(heapy_node_set_contains(set, (heapy_node)range));
}

static void
random_operations_agree_with_booleans(void **state)
{
    (void)state;
    seed_random(5);
    for (int round = 0; round < 300; round++) {
        size_t range = random_below(MAX_RANGE);
        bool a[MAX_RANGE] = {0}, b[MAX_RANGE] = {0};
        heapy_node_set *x, *y;
        assert_ok(heapy_node_set_create(range, &x, err));
        assert_ok(heapy_node_set_create(range, &y, err));
        for (size_t i = 0; range && i < 2 * range; i++) {
            heapy_node node = (heapy_node)random_below(range);
            bool *model = random_below(2) ? a : b;
            heapy_node_set *set = model == a ? x : y;
            if (random_below(4)) {
                assert_int_equal(heapy_node_set_add(set, node), !model[node]);
                model[node] = true;
            } else {
                assert_int_equal(heapy_node_set_remove(set, node), model[node]);
                model[node] = false;
            }
        }
        assert_same(x, a, range);
        assert_same(y, b, range);
        heapy_set_operation operation = (heapy_set_operation)random_below(4);
        bool equal = true, subset = true;
        for (size_t i = 0; i < range; i++) {
            equal &= a[i] == b[i];
            subset &= !a[i] || b[i];
        }
        assert_int_equal(heapy_node_set_equal(x, y), equal);
        assert_int_equal(heapy_node_set_is_subset(x, y), subset);
        assert_ok(heapy_node_set_combine(x, y, operation, err));
        for (size_t i = 0; i < range; i++)
            a[i] = operation == HEAPY_UNION          ? a[i] || b[i]
                   : operation == HEAPY_INTERSECTION ? a[i] && b[i]
                   : operation == HEAPY_DIFFERENCE   ? a[i] && !b[i]
                                                     : a[i] != b[i];
        assert_same(x, a, range);
        heapy_node_set_complement(x);
        for (size_t i = 0; i < range; i++)
            a[i] = !a[i];
        assert_same(x, a, range);
        heapy_node_set_destroy(x);
        heapy_node_set_destroy(y);
    }
}

static void
sets_of_different_graphs_do_not_mix(void **state)
{
    (void)state;
    heapy_node_set *x, *y;
    assert_ok(heapy_node_set_create(5, &x, err));
    assert_ok(heapy_node_set_create(6, &y, err));
    assert_int_equal(heapy_node_set_combine(x, y, HEAPY_UNION, err), HEAPY_INVALID);
    assert_false(heapy_node_set_equal(x, y));
    assert_false(heapy_node_set_is_subset(x, y));
    heapy_node_set_destroy(x);
    heapy_node_set_destroy(y);
    heapy_node_set_destroy(NULL);
}

static heapy_status
create_one(heapy_error *error)
{
    heapy_node_set *set = NULL;
    heapy_status status = heapy_node_set_create(1000, &set, error);
    heapy_node_set_destroy(set);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    fail_each_allocation(create_one);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_agree_with_booleans),
        cmocka_unit_test(sets_of_different_graphs_do_not_mix),
        cmocka_unit_test(each_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests_name("node_set", tests, NULL, NULL);
}
