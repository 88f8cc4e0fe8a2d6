/* SPDX-License-Identifier: MIT */
/* Sets of integers against an array of bools (B-10, B-25, B-32, B-36, BC-4 to BC-6). */
#include "support.h"

enum { UNIVERSE = 4096, FIRST = -2000, ROOM = 2 * UNIVERSE };

typedef struct model {
    bool has[UNIVERSE];
} model;

/* Members in runs and alone, so that words are full, sparse and absent. */
static model
random_model(void)
{
    model m = {0};
    for (uint64_t runs = random_below(12); runs > 0; runs--) {
        size_t at = random_below(UNIVERSE), length = random_below(3) ? random_below(900) : 1;
        for (size_t i = at; i < at + length && i < UNIVERSE; i++)
            m.has[i] = random_below(50);
    }
    return m;
}

static heapy_bit_set *
set_of_model(const model *m)
{
    heapy_bit_set *set;
    assert_ok(heapy_bit_set_create(NULL, 0, &set, err));
    size_t start = random_below(UNIVERSE), step = 2 * random_below(100) + 1; /* in some order */
    for (size_t i = 0; i < UNIVERSE; i++) {
        size_t at = (start + i * step) % UNIVERSE;
        bool is_new = false;
        if (m->has[at]) {
            assert_ok(heapy_bit_set_add(set, FIRST + (int64_t)at, &is_new, err));
            assert_true(is_new);
            assert_ok(heapy_bit_set_add(set, FIRST + (int64_t)at, &is_new, err));
            assert_false(is_new);
        }
    }
    return set;
}

static size_t
words_of_model(const model *m, heapy_bit_word *words)
{
    heapy_bit_set *set = set_of_model(m);
    size_t count = heapy_bit_set_word_count(set);
    assert_true(count <= ROOM);
    heapy_bit_set_read(set, words);
    assert_ok(heapy_bit_words_check(words, count, err));
    heapy_bit_set_destroy(set);
    return count;
}

static void
assert_model(const heapy_bit_word *words, size_t count, const model *m)
{
    uint64_t length = 0;
    assert_ok(heapy_bit_words_check(words, count, err));
    for (size_t i = 0; i < UNIVERSE; i++) {
        assert_int_equal(heapy_bit_words_contain(words, count, FIRST + (int64_t)i), m->has[i]);
        length += m->has[i];
    }
    assert_int_equal(heapy_bit_words_length(words, count), length);
    assert_false(heapy_bit_words_contain(words, count, INT64_MAX));
    assert_false(heapy_bit_words_contain(words, count, INT64_MIN));
}

static bool
combine_bools(bool a, bool b, heapy_set_operation operation)
{
    return operation == HEAPY_UNION          ? a || b
           : operation == HEAPY_INTERSECTION ? a && b
           : operation == HEAPY_DIFFERENCE   ? a && !b
                                             : a != b;
}

static void
test_operations(void **state)
{
    (void)state;
    seed_random(11);
    static heapy_bit_word a[ROOM], b[ROOM], out[ROOM];
    for (int round = 0; round < 400; round++) {
        model x = random_model(), y = random_below(8) ? random_model() : x;
        size_t m = words_of_model(&x, a), n = words_of_model(&y, b);
        bool is_subset = true, is_disjoint = true, is_equal = true;
        for (size_t i = 0; i < UNIVERSE; i++) {
            is_subset &= !x.has[i] || y.has[i];
            is_disjoint &= !x.has[i] || !y.has[i];
            is_equal &= x.has[i] == y.has[i];
        }
        assert_int_equal(heapy_bit_words_is_subset(a, m, b, n), is_subset);
        assert_int_equal(heapy_bit_words_is_disjoint(a, m, b, n), is_disjoint);
        assert_int_equal(heapy_bit_words_equal(a, m, b, n), is_equal);
        assert_int_equal(heapy_bit_words_hash(a, m) == heapy_bit_words_hash(b, n), is_equal);
        for (heapy_set_operation op = HEAPY_UNION; op <= HEAPY_SYMMETRIC_DIFFERENCE; op++) {
            model z;
            for (size_t i = 0; i < UNIVERSE; i++)
                z.has[i] = combine_bools(x.has[i], y.has[i], op);
            size_t count = heapy_bit_words_combine(a, m, b, n, op, out);
            assert_true(count <= heapy_bit_words_room(a, m, b, n, op));
            assert_model(out, count, &z);
            heapy_bit_set *set = set_of_model(&x);
            assert_ok(heapy_bit_set_combine(set, b, n, op, err));
            assert_int_equal(heapy_bit_set_word_count(set), count);
            assert_int_equal(heapy_bit_set_length(set), heapy_bit_words_length(out, count));
            heapy_bit_set_read(set, a);
            assert_true(heapy_bit_words_equal(a, count, out, count));
            heapy_bit_iterator iterator;
            int64_t bit, next = FIRST;
            heapy_bit_iterator_init(&iterator, set);
            for (; heapy_bit_iterator_next(&iterator, &bit); next++) {
                for (; !z.has[next - FIRST]; next++)
                    ;
                assert_int_equal(bit, next);
            }
            for (; next < FIRST + UNIVERSE; next++)
                assert_false(z.has[next - FIRST]);
            heapy_bit_set_destroy(set);
            m = words_of_model(&x, a);
        }
    }
}

/* Many words, scattered: chunks are split, and vanish when they are emptied (B-104). */
static void
test_changes(void **state)
{
    (void)state;
    seed_random(12);
    enum { BITS = 20000 };
    static int64_t bits[BITS];
    heapy_bit_set *set;
    assert_ok(heapy_bit_set_create(NULL, 0, &set, err));
    for (int i = 0; i < BITS; i++) {
        bits[i] = (int64_t)(random_below(1 << 30)) * 64 - (INT64_C(1) << 33);
        bool is_new, was_there = heapy_bit_set_contains(set, bits[i]);
        assert_ok(heapy_bit_set_add(set, bits[i], &is_new, err));
        assert_int_equal(is_new, !was_there);
    }
    heapy_bit_word *words = malloc(heapy_bit_set_word_count(set) * sizeof *words);
    heapy_bit_set_read(set, words);
    assert_ok(heapy_bit_words_check(words, heapy_bit_set_word_count(set), err));
    heapy_bit_set *copy;
    assert_ok(heapy_bit_set_create(words, heapy_bit_set_word_count(set), &copy, err));
    free(words);
    size_t bytes = heapy_bit_set_bytes(set);
    for (int round = 0; round < 3; round++) {
        int64_t lowest, highest;
        for (int i = 0; i < BITS; i++) {
            assert_true(heapy_bit_set_contains(copy, bits[i]));
            heapy_bit_set_remove(set, bits[i]);
            assert_false(heapy_bit_set_contains(set, bits[i]));
            assert_false(heapy_bit_set_remove(set, bits[i]));
        }
        assert_int_equal(heapy_bit_set_word_count(set), 0);
        assert_false(heapy_bit_set_extremes(set, &lowest, &highest));
        for (int i = 0; i < BITS; i++)
            assert_ok(heapy_bit_set_add(set, bits[i], NULL, err));
        assert_true(heapy_bit_set_extremes(set, &lowest, &highest));
        assert_true(heapy_bit_set_contains(set, lowest) && heapy_bit_set_contains(set, highest));
        assert_true(heapy_bit_set_bytes(set) <= bytes);
    }
    heapy_bit_set_destroy(copy);
    heapy_bit_set_destroy(set);
}

static void
assert_range(int64_t start, int64_t stop, int64_t step)
{
    static heapy_bit_word words[ROOM], expected[ROOM];
    size_t n = 0, room = heapy_bit_range_room(start, stop, step);
    for (int64_t bit = start; bit < stop;) {
        if (!n || expected[n - 1].position != heapy_bit_position(bit))
            expected[n++] = (heapy_bit_word){heapy_bit_position(bit), 0};
        expected[n - 1].bits |= heapy_bit_mask(bit);
        if (__builtin_add_overflow(bit, step, &bit))
            break;
    }
    assert_true(n <= room && room <= ROOM);
    size_t count = heapy_bit_range(start, stop, step, words);
    assert_true(heapy_bit_words_equal(words, count, expected, n));
}

/* B-25, B-102: at the edges of words, and of what fits. */
static void
test_ranges(void **state)
{
    (void)state;
    static const int64_t edges[] = {-129, -128, -127, -65, -64, -63, -33, -32, -31, -1,  0,
                                    1,    31,   32,   33,  63,  64,  65,  127, 128, 129, 700};
    enum { EDGES = sizeof edges / sizeof *edges };
    for (size_t i = 0; i < EDGES; i++)
        for (size_t k = 0; k < EDGES; k++)
            for (int64_t step = 1; step < 140; step++)
                assert_range(edges[i], edges[k], step);
    for (int64_t step = 1; step < 34; step++) {
        assert_range(INT64_MAX - 300, INT64_MAX, step);
        assert_range(INT64_MIN, INT64_MIN + 300, step);
    }
    for (int64_t step = INT64_MAX / 32; step > INT64_MAX / 40; step -= INT64_MAX / 400) {
        assert_range(INT64_MIN, INT64_MAX, step);
        assert_range(-step, INT64_MAX, step);
    }
    assert_range(INT64_MIN, INT64_MAX, INT64_MAX);
}

static void
test_shifts(void **state)
{
    (void)state;
    seed_random(13);
    static heapy_bit_word a[ROOM], out[ROOM];
    for (int round = 0; round < 500; round++) {
        model x = random_model();
        size_t n = words_of_model(&x, a), count;
        int64_t by = (int64_t)random_below(400) - 200;
        assert_ok(heapy_bit_words_shift(a, n, by, out, &count, err));
        assert_ok(heapy_bit_words_check(out, count, err));
        assert_int_equal(heapy_bit_words_length(out, count), heapy_bit_words_length(a, n));
        for (size_t i = 0; i < UNIVERSE; i++)
            assert_int_equal(heapy_bit_words_contain(out, count, FIRST + (int64_t)i + by), x.has[i]);
    }
    size_t count;
    heapy_bit_word highest = {heapy_bit_position(INT64_MAX), UINT64_C(1) << 63};
    heapy_bit_word lowest = {heapy_bit_position(INT64_MIN), 1};
    assert_int_equal(heapy_bit_words_shift(&highest, 1, 1, out, &count, err), HEAPY_LIMIT);
    assert_int_equal(heapy_bit_words_shift(&lowest, 1, -1, out, &count, err), HEAPY_LIMIT);
    assert_ok(heapy_bit_words_shift(&highest, 1, INT64_MIN, out, &count, err));
    assert_true(heapy_bit_words_contain(out, count, -1));
    assert_ok(heapy_bit_words_shift(NULL, 0, INT64_MAX, out, &count, err));
    assert_int_equal(count, 0);
}

static void
test_checks(void **state)
{
    (void)state;
    const heapy_bit_word empty = {0, 0}, outside = {INT64_MAX, 1}, twice[] = {{1, 1}, {1, 2}},
                         back[] = {{2, 1}, {1, 1}};
    assert_int_equal(heapy_bit_words_check(&empty, 1, err), HEAPY_INVALID);
    assert_int_equal(heapy_bit_words_check(&outside, 1, err), HEAPY_INVALID);
    assert_int_equal(heapy_bit_words_check(twice, 2, err), HEAPY_INVALID);
    assert_int_equal(heapy_bit_words_check(back, 2, err), HEAPY_INVALID);
}

static heapy_status
work_on_a_set(heapy_error *error)
{
    static heapy_bit_word range[1100];
    size_t count = heapy_bit_range(0, 64 * 1100, 64, range);
    heapy_bit_set *set = NULL;
    heapy_status status = heapy_bit_set_create(range, count, &set, error);
    for (int64_t bit = 1; !status && bit < 64 * 1100; bit += 999)
        status = heapy_bit_set_add(set, bit - 64 * 600, NULL, error);
    if (!status)
        status = heapy_bit_set_combine(set, range, count, HEAPY_SYMMETRIC_DIFFERENCE, error);
    if (!status)
        status = heapy_bit_set_combine(set, range, 2, HEAPY_UNION, error);
    heapy_bit_set_destroy(set);
    return status;
}

static void
test_failing_allocations(void **state)
{
    (void)state;
    fail_each_allocation(work_on_a_set);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations), cmocka_unit_test(test_changes),
        cmocka_unit_test(test_ranges),     cmocka_unit_test(test_shifts),
        cmocka_unit_test(test_checks),     cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
