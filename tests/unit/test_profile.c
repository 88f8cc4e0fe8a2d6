/* SPDX-License-Identifier: MIT */
/* Profiles: read piece by piece, and asked, against slow obvious answers. */
#include "support.h"

#include <string.h>

enum { KINDS = 9, SAMPLES = 12 };

/* A package of rows of the given kinds, whose names are letters. */
static size_t
put_package(char *text, size_t room, size_t rows, const int *kinds, int64_t values[2][2 * KINDS])
{
    size_t at =
        (size_t)snprintf(text, room,
                         ".loader: _load_stat\n.format: SetFormat\n.timemade: 5.500000\n.count: 7\n.size: 9\n"
                         ".kindname: \n.kindheader: Type\n.numrows: %zu\n",
                         rows);
    for (size_t i = 0; i < rows; i++)
        at += (size_t)snprintf(text + at, room - at, ".r: %lld %lld %c\n",
                               (long long)values[HEAPY_PROFILE_COUNT][i],
                               (long long)values[HEAPY_PROFILE_SIZE][i], 'a' + kinds[i]);
    return at + (size_t)snprintf(text + at, room - at, ".end: .loader: _load_stat\n");
}

static int64_t
summed(size_t rows, const int *kinds, const int64_t *values, int kind)
{
    int64_t total = 0;
    for (size_t i = 0; i < rows; i++)
        if (kinds[i] == kind)
            total += values[i];
    return total;
}

static int
letter_of(const heapy_profile *profile, heapy_profile_kind kind)
{
    return heapy_profile_kind_name(profile, kind, NULL)[0] - 'a';
}

/* F-2, F-7: whatever the pieces, the samples are the same. */
static void
pieces_of_any_length_give_the_same(void **state)
{
    (void)state;
    char text[4096];
    int kinds[] = {0, 1, 2};
    int64_t values[2][2 * KINDS] = {{30, 20, 10}, {1, 2, 3}};
    size_t length = put_package(text, sizeof text, 3, kinds, values);
    length += put_package(text + length, sizeof text - length, 2, kinds, values);
    length += put_package(text + length, sizeof text - length, 0, kinds, values);
    for (size_t piece = 1; piece <= length; piece++) {
        heapy_profile *profile;
        assert_ok(heapy_profile_create(&profile, err));
        size_t begin = 0, consumed;
        for (size_t end = 0; end < length;) {
            end = end + piece < length ? end + piece : length;
            assert_ok(heapy_profile_read(profile, "x", text + begin, end - begin, &consumed, err));
            begin += consumed;
        }
        assert_true(length - begin <= 1); /* an end of line */
        assert_int_equal(heapy_profile_sample_count(profile), 3);
        assert_int_equal(heapy_profile_sample(profile, 0).row_count, 3);
        assert_int_equal(heapy_profile_sample(profile, 1).row_count, 2);
        assert_int_equal(heapy_profile_sample(profile, 2).totals[HEAPY_PROFILE_SIZE], 9);
        assert_true(heapy_profile_sample(profile, 2).time_made == 5.5);
        heapy_profile_destroy(profile);
    }
}

/* W-31, W-42: against loops over all kinds. */
static void
random_profiles_are_asked(void **state)
{
    (void)state;
    seed_random(9);
    for (int round = 0; round < 500; round++) {
        heapy_profile *profile;
        assert_ok(heapy_profile_create(&profile, err));
        static int kinds[SAMPLES][2 * KINDS];
        static int64_t values[SAMPLES][2][2 * KINDS];
        size_t rows[SAMPLES];
        for (size_t s = 0; s < SAMPLES; s++) {
            char text[4096];
            rows[s] = random_below(2 * KINDS + 1);
            for (size_t i = 0; i < rows[s]; i++) {
                kinds[s][i] = (int)random_below(KINDS);
                values[s][0][i] = (int64_t)random_below(5) - 1;
                values[s][1][i] = (int64_t)random_below(100);
            }
            size_t length = put_package(text, sizeof text, rows[s], kinds[s], values[s]), consumed;
            assert_ok(heapy_profile_read(profile, "x", text, length, &consumed, err));
            assert_int_equal(consumed, length);
        }
        size_t kind_count = heapy_profile_kind_count(profile), found;
        heapy_profile_kind all[KINDS], largest[KINDS];
        int64_t given[KINDS], some[KINDS];
        for (size_t k = 0; k < kind_count; k++)
            all[k] = (heapy_profile_kind)k;
        int64_t greatest[KINDS];
        for (int k = 0; k < KINDS; k++)
            greatest[k] = INT64_MIN;
        for (size_t s = 0; s < SAMPLES; s++) {
            heapy_profile_quantity by = (heapy_profile_quantity)random_below(2);
            assert_ok(heapy_profile_values(profile, s, by, kind_count, all, given, err));
            for (size_t k = 0; k < kind_count; k++)
                assert_int_equal(given[k],
                                 summed(rows[s], kinds[s], values[s][by], letter_of(profile, all[k])));
            size_t wanted = random_below(KINDS + 1);
            assert_ok(heapy_profile_largest(profile, s, by, NULL, wanted, largest, some, &found, err));
            size_t present = heapy_profile_sample_kind_count(profile, s);
            assert_int_equal(found, wanted < present ? wanted : present);
            for (size_t i = 0; i < found; i++) {
                assert_int_equal(some[i], given[largest[i]]);
                assert_true(!i || some[i] <= some[i - 1]);
                for (size_t j = 0; j < i; j++)
                    assert_int_not_equal(largest[i], largest[j]);
            }
            bool among[KINDS];
            heapy_profile_kind some_largest[KINDS];
            size_t some_found;
            for (size_t k = 0; k < kind_count; k++)
                among[k] = k % 2;
            assert_ok(
                heapy_profile_largest(profile, s, by, among, present, some_largest, some, &some_found, err));
            for (size_t i = 0; i < some_found; i++)
                assert_true(some_largest[i] % 2 && some[i] == given[some_largest[i]]);
            assert_ok(heapy_profile_largest(profile, s, by, NULL, wanted, largest, some, &found, err));
            for (size_t r = 0; found && r < rows[s]; r++) { /* what was left out is no larger */
                heapy_profile_kind kind;
                char name[] = {(char)('a' + kinds[s][r]), '\0'};
                assert_true(heapy_profile_find_kind(profile, name, 1, &kind));
                bool is_in = false;
                for (size_t i = 0; i < found; i++)
                    is_in = is_in || largest[i] == kind;
                assert_true(is_in || given[kind] <= some[found - 1]);
                int64_t value = summed(rows[s], kinds[s], values[s][0], kinds[s][r]);
                if (value > greatest[kinds[s][r]])
                    greatest[kinds[s][r]] = value;
            }
            for (size_t r = 0; !found && r < rows[s]; r++) {
                int64_t value = summed(rows[s], kinds[s], values[s][0], kinds[s][r]);
                if (value > greatest[kinds[s][r]])
                    greatest[kinds[s][r]] = value;
            }
        }
        assert_ok(heapy_profile_largest_ever(profile, 0, SAMPLES, HEAPY_PROFILE_SIZE, NULL, 3, largest,
                                             &found, err));
        assert_int_equal(found, kind_count < 3 ? kind_count : 3);
        for (size_t i = 0; i < found; i++)
            for (size_t k = 0; k < kind_count; k++) {
                int64_t value = greatest[letter_of(profile, largest[i])];
                bool is_in = false;
                for (size_t j = 0; j < found; j++)
                    is_in = is_in || largest[j] == k;
                assert_true(is_in || greatest[letter_of(profile, (heapy_profile_kind)k)] <= value);
            }
        heapy_profile_destroy(profile);
    }
}

/* Many are sorted otherwise than few. */
static void
a_thousand_kinds_are_sorted(void **state)
{
    (void)state;
    static char text[1 << 16];
    size_t at = (size_t)snprintf(text, sizeof text,
                                 ".loader: _load_stat\n.format: IdFormat\n.timemade: 1\n.count: 1\n"
                                 ".size: 1\n.kindname: \n.kindheader: Type\n.numrows: 1000\n");
    for (int i = 0; i < 1000; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, ".r: %d n%d\n", i * 37 % 1000, i);
    at += (size_t)snprintf(text + at, sizeof text - at, ".end: .loader: _load_stat\n");
    heapy_profile *profile;
    size_t consumed, found;
    assert_ok(heapy_profile_create(&profile, err));
    assert_ok(heapy_profile_read(profile, "x", text, at, &consumed, err));
    static heapy_profile_kind kinds[1000];
    static int64_t values[1000];
    static const size_t wanted[] = {0, 1, 64, 65, 1000, 5000};
    static bool among[1000];
    for (size_t i = 0; i < 1000; i++)
        among[i] = i % 10 == 3;
    assert_ok(heapy_profile_largest(profile, 0, HEAPY_PROFILE_SIZE, among, 70, kinds, values, &found, err));
    assert_int_equal(found, 70);
    assert_ok(heapy_profile_largest_ever(profile, 0, 1, HEAPY_PROFILE_SIZE, among, 500, kinds, &found, err));
    assert_int_equal(found, 100);
    for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
        assert_ok(heapy_profile_largest(profile, 0, HEAPY_PROFILE_SIZE, NULL, wanted[w], kinds, values,
                                        &found, err));
        assert_int_equal(found, wanted[w] < 1000 ? wanted[w] : 1000);
        for (size_t i = 0; i < found; i++)
            assert_int_equal(values[i], 999 - (int64_t)i);
    }
    heapy_profile_destroy(profile);
}

/* T-107 */
static void
what_is_no_profile_is_refused(void **state)
{
    (void)state;
    char good[4096];
    int kinds[] = {0};
    int64_t values[2][2 * KINDS] = {{1}, {1}};
    size_t length = put_package(good, sizeof good, 1, kinds, values), consumed;
    heapy_profile *profile;
    assert_ok(heapy_profile_create(&profile, err));
    memcpy(good + length, "rubbish\n", 9);
    assert_int_equal(heapy_profile_read(profile, "the file", good, length + 8, &consumed, err),
                     HEAPY_INVALID);
    assert_string_equal(err->message,
                        "the file, sample 1, line 1: not a dump of heapy, which begins with '.loader:': "
                        "'rubbish'");
    assert_int_equal(heapy_profile_sample_count(profile), 0);
    assert_int_equal(consumed, 0);
    char *endless = heapy_alloc_zeroed(HEAPY_PROFILE_LONGEST_LINE + 2, 1);
    memset(endless, '.', HEAPY_PROFILE_LONGEST_LINE + 2);
    assert_int_equal(
        heapy_profile_read(profile, "the file", endless, HEAPY_PROFILE_LONGEST_LINE + 2, &consumed, err),
        HEAPY_INVALID);
    assert_non_null(strstr(err->message, "a line of more than"));
    heapy_free(endless);
    heapy_profile_kind kind;
    assert_false(heapy_profile_find_kind(profile, "nosuch", 6, &kind));
    int64_t value;
    kind = 77;
    assert_int_equal(heapy_profile_values(profile, 0, HEAPY_PROFILE_SIZE, 1, &kind, &value, err),
                     HEAPY_INVALID);
    assert_int_equal(
        heapy_profile_largest(profile, 5, HEAPY_PROFILE_SIZE, NULL, 1, &kind, &value, &consumed, err),
        HEAPY_INVALID);
    assert_string_equal(err->message, "sample 5 of a profile with 0 samples");
    assert_int_equal(
        heapy_profile_largest_ever(profile, 0, 1, HEAPY_PROFILE_SIZE, NULL, 1, &kind, &consumed, err),
        HEAPY_INVALID);
    assert_int_equal(heapy_profile_read(NULL, "x", "", 0, &consumed, err), HEAPY_INVALID);
    assert_int_equal(heapy_profile_sample(profile, 3).row_count, 0);
    assert_int_equal(heapy_profile_sample_kind_count(profile, 3), 0);
    assert_null(heapy_profile_kind_name(profile, 77, NULL));
    heapy_profile_destroy(profile);
}

static heapy_status
read_and_ask(heapy_error *error)
{
    char text[4096];
    int kinds[] = {0, 1, 1};
    int64_t values[2][2 * KINDS] = {{3, 2, 1}, {1, 1, 1}};
    size_t length = put_package(text, sizeof text, 3, kinds, values), consumed, found;
    heapy_profile *profile = NULL;
    heapy_profile_kind largest[2];
    heapy_status status = heapy_profile_create(&profile, error);
    if (!status)
        status = heapy_profile_read(profile, "x", text, length, &consumed, error);
    if (!status)
        status = heapy_profile_largest(profile, 0, HEAPY_PROFILE_COUNT, NULL, 2, largest, values[0], &found,
                                       error);
    if (!status)
        status =
            heapy_profile_largest_ever(profile, 0, 1, HEAPY_PROFILE_COUNT, NULL, 2, largest, &found, error);
    heapy_profile_destroy(profile);
    return status;
}

static void
no_memory_is_an_error(void **state)
{
    (void)state;
    fail_each_allocation(read_and_ask);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_any_length_give_the_same),
        cmocka_unit_test(random_profiles_are_asked),
        cmocka_unit_test(a_thousand_kinds_are_sorted),
        cmocka_unit_test(what_is_no_profile_is_refused),
        cmocka_unit_test(no_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
