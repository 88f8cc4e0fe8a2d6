/* SPDX-License-Identifier: MIT */
/* Stats: slices, differences against a loop, files written and read back, and files that are no stats. */
#include "support.h"

#include <string.h>

static heapy_stat *
stat_of(heapy_table_format format, const char *header, size_t row_count, const heapy_row *rows)
{
    heapy_table table = {.format = format, .kind_name = "", .header = header, .row_count = row_count};
    table.rows = rows;
    for (size_t i = 0; i < row_count; i++) {
        table.count += rows[i].count;
        table.size += rows[i].size;
    }
    heapy_stat *stat;
    assert_ok(heapy_stat_create(&table, 1000.25, &stat, err));
    return stat;
}

static heapy_row
row_of(int64_t count, int64_t size, const char *name)
{
    return (heapy_row){.count = count, .size = size, .name = name};
}

/* Feed `text` line by line; the number of bytes up to the end of the stat, or 0 when it was refused. */
static size_t
read_text(const char *text, heapy_stat **out)
{
    heapy_stat_reader *reader;
    assert_ok(heapy_stat_reader_create("the test", &reader, err));
    const char *at = text;
    bool is_complete = false;
    heapy_status status = HEAPY_OK;
    while (!status && !is_complete && *at) {
        size_t length = strcspn(at, "\n") + 1;
        if (at[length - 1] != '\n')
            length--;
        status = heapy_stat_reader_feed(reader, at, length, &is_complete, err);
        at += length;
    }
    if (!status)
        status = heapy_stat_reader_finish(reader, out, err);
    heapy_stat_reader_destroy(reader);
    assert_true(!status || status == HEAPY_INVALID);
    return status ? 0 : (size_t)(at - text);
}

static void
assert_written(const heapy_stat *stat, const char *expected)
{
    char *text;
    size_t length;
    assert_ok(heapy_stat_write(stat, &text, &length, err));
    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
    heapy_text_free(text);
}

#define PACKAGE                                                                                              \
    ".loader: _load_stat\n.format: SetFormat\n.timemade: 1000.250000\n.count: 3\n.size: 106\n"               \
    ".kindname: \n.kindheader: Type\n.numrows: 2\n.r: 2 56 int\n.r: 1 50        28\n"                        \
    ".end: .loader: _load_stat\n"

/* T-90, T-91, T-93, T-97 */
static void
a_file_is_written_and_read_back_byte_for_byte(void **state)
{
    (void)state;
    const heapy_row rows[] = {row_of(2, 56, "int"), row_of(1, 50, "       28")};
    heapy_stat *stat = stat_of(HEAPY_FORMAT_SET, "Type", 2, rows), *read;
    assert_written(stat, PACKAGE);
    assert_int_equal(read_text(PACKAGE "something else", &read), strlen(PACKAGE));
    assert_written(read, PACKAGE);
    const heapy_table *table = heapy_stat_table(read);
    assert_string_equal(table->rows[1].name, "       28");
    assert_int_equal(table->rows[1].cumulative, 106);
    heapy_stat_destroy(read);
    heapy_stat_destroy(stat);
}

/* T-92, T-109: any order before the rows; what is not known is kept as data, and written again. */
static void
directives_may_come_in_any_order_and_unknown_ones_are_kept(void **state)
{
    (void)state;
    const char *text = ".loader: _load_stat\n.numrows: 1\n.kindheader: Type\n.__class__: int\n.size: 56\n"
                       ".count: 2\n.timemade: 1.500000\n.kindname: \n.format: SetFormat\n.dump: 1\n"
                       ".r: 2 56 int\n.end: .loader: _load_stat\n";
    heapy_stat *stat;
    assert_true(read_text(text, &stat));
    const char *name, *value;
    assert_true(heapy_stat_directive(stat, 0, &name, &value));
    assert_string_equal(name, "__class__");
    assert_string_equal(value, "int");
    assert_true(heapy_stat_directive(stat, 1, &name, &value));
    assert_false(heapy_stat_directive(stat, 2, &name, &value));
    assert_written(stat, text);
    heapy_stat_destroy(stat);
}

/* T-94 */
static void
newlines_in_names_become_blanks(void **state)
{
    (void)state;
    const heapy_row rows[] = {row_of(1, 8, "A\nB\r\nC")};
    heapy_stat *stat = stat_of(HEAPY_FORMAT_SET, "Ty\npe", 1, rows), *read;
    char *text;
    size_t length;
    assert_ok(heapy_stat_write(stat, &text, &length, err));
    assert_int_equal(read_text(text, &read), length);
    assert_string_equal(heapy_stat_table(read)->rows[0].name, "A B  C");
    heapy_text_free(text);
    heapy_stat_destroy(read);
    heapy_stat_destroy(stat);
}

/* T-98, T-111 */
static void
rows_end_with_the_stat(void **state)
{
    (void)state;
    const char *empty = ".loader: _load_stat\n.format: SetFormat\n.timemade: 1\n.count: 0\n.size: 0\n"
                        ".kindname: \n.kindheader: Type\n.numrows: 0\n.end: .loader: _load_stat\n";
    char two[1024];
    snprintf(two, sizeof two, "%s%s", empty, PACKAGE);
    heapy_stat *stat;
    assert_int_equal(read_text(two, &stat), strlen(empty));
    assert_int_equal(heapy_stat_table(stat)->row_count, 0);
    heapy_stat_destroy(stat);
    const char *extra = ".loader: _load_stat\n.format: SetFormat\n.timemade: 1\n.count: 0\n.size: 0\n"
                        ".kindname: \n.kindheader: Type\n.numrows: 1\n.r: 1 2 a\n.r: 1 2 b\n";
    assert_true(read_text(extra, &stat));
    assert_int_equal(heapy_stat_table(stat)->row_count, 1);
    heapy_stat_destroy(stat);
}

/* F-7: a writer who died over a stat, and another that goes on behind it */
static void
a_stat_begins_behind_a_cut_one(void **state)
{
    (void)state;
    char text[2048];
    heapy_stat *stat;
    for (size_t cut = 1; cut < strlen(PACKAGE) - 1; cut++) {
        assert_string_equal(heapy_stat_separator(PACKAGE, cut), PACKAGE[cut - 1] == '\n' ? "" : ".");
        snprintf(text, sizeof text, "%.*s.%s", (int)cut, PACKAGE, PACKAGE);
        assert_int_equal(read_text(text, &stat), cut + 1 + strlen(PACKAGE));
        assert_int_equal(heapy_stat_table(stat)->row_count, 2);
        assert_int_equal(heapy_stat_table(stat)->rows[0].size, 56);
        heapy_stat_destroy(stat);
    }
    assert_string_equal(heapy_stat_separator(PACKAGE, strlen(PACKAGE) - 1), "\n");
    assert_int_equal(HEAPY_STAT_END, strlen("\n.end: .loader: _load_stat"));
}

/* F-7 */
static void
empty_lines_are_skipped(void **state)
{
    (void)state;
    const char *text =
        "\n\r\n.loader: _load_stat\n.format: SetFormat\n\n.timemade: 1\n.count: 1\n.size: 2\n"
        ".kindname: \n.kindheader: Type\n.numrows: 1\n\n.r: 1 2 a\n\n.end: .loader: _load_stat\n";
    heapy_stat *stat;
    assert_int_equal(read_text(text, &stat), strlen(text));
    assert_int_equal(heapy_stat_table(stat)->row_count, 1);
    heapy_stat_destroy(stat);
}

/* F-2, F-7: which last lines of a file may be the beginning of longer ones. */
static void
a_line_without_its_end_may_be_cut(void **state)
{
    (void)state;
    heapy_stat_reader *reader;
    bool is_complete;
    assert_ok(heapy_stat_reader_create("x", &reader, err));
    assert_false(heapy_stat_reader_has_begun(reader));
    assert_true(heapy_stat_reader_is_cut(reader, ".loa", 4));
    assert_false(heapy_stat_reader_is_cut(reader, "MZ", 2));
    assert_false(heapy_stat_reader_is_cut(reader, ".loader: _load_stat\n", 20));
    assert_ok(heapy_stat_reader_feed(reader, ".loader: _load_stat\n", 20, &is_complete, err));
    assert_true(heapy_stat_reader_has_begun(reader));
    assert_true(heapy_stat_reader_is_cut(reader, ".count: 12", 10));
    assert_false(heapy_stat_reader_is_cut(reader, ".count: 12\n", 11));
    assert_true(heapy_stat_reader_is_cut(reader, ".end: .loader: _load_st", 23));
    assert_false(heapy_stat_reader_is_cut(reader, ".end: .loader: _load_stat", 25));
    heapy_stat_reader_destroy(reader);
}

/* T-107, T-109 */
static void
what_is_no_stat_is_refused_with_its_line(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "nothing",
        ".loader: __init__\n",
        ".loader: _load_stat\n",
        ".loader: _load_stat\n.count: x\n",
        ".loader: _load_stat\n.count: 99999999999999999999\n",
        ".loader: _load_stat\n.count: 5.5\n",
        ".loader: _load_stat\n.timemade: now\n",
        ".loader: _load_stat\n.timemade: 0x10\n",
        ".loader: _load_stat\n.numrows: -1\n",
        ".loader: _load_stat\n.format: FooFormat\n",
        ".loader: _load_stat\n.format\n",
        ".loader: _load_stat\nrubbish: 1\n",
        ".loader: _load_stat\n.r: 1 2 a\n",
        ".loader: _load_stat\n.end: .loader: _load_stat\n",
        ".loader: _load_stat\n.format: DiffFormat\n.timemade: 1\n.count: 0\n.size: 0\n.kindname:\n"
        ".kindheader:\n.numrows: 0\n.end: .loader: _load_stat\n", /* no b_count */
        ".loader: _load_stat\n.format: SetFormat\n.timemade: 1\n.count: 0\n.size: 0\n.kindname:\n"
        ".kindheader:\n.numrows: 1\n.r: 1 x a\n",
        ".loader: _load_stat\n.format: SetFormat\n.timemade: 1\n.count: 0\n.size: 0\n.kindname:\n"
        ".kindheader:\n.numrows: 1\n.r: 1 2 a\n.count: 7\n",
        ".loader: _load_stat\n.format: SetFormat\n.timemade: 1\n.count: 0\n.size: 0\n.kindname:\n"
        ".kindheader:\n.numrows: 1\n.r: 1 2 a\n.end: something\n",
        ".loader: _load_stat\n.format: SetFormat\n.timemade: 1\n.count: 0\n.size: 0\n.kindname:\n"
        ".kindheader:\n.numrows: 1\n.r: 1 2 a\n.end: .loader: _load_st\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        heapy_stat *stat = NULL;
        *err = (heapy_error)HEAPY_ERROR_INIT;
        assert_int_equal(read_text(bad[i], &stat), 0);
        assert_non_null(strstr(err->message, "the test, line "));
    }
    heapy_stat_reader *reader;
    bool is_complete;
    assert_ok(heapy_stat_reader_create("x", &reader, err));
    assert_int_equal(heapy_stat_reader_feed(reader, "a\0b", 3, &is_complete, err), HEAPY_INVALID);
    heapy_stat_reader_destroy(reader);
}

/* No bytes, however mangled, may do more than be refused. */
static void
mangled_files_are_survived(void **state)
{
    (void)state;
    seed_random(4);
    for (int round = 0; round < 20000; round++) {
        char text[] = PACKAGE;
        for (uint64_t n = 1 + random_below(4); n--;)
            text[random_below(sizeof text - 1)] = (char)(1 + random_below(255));
        heapy_stat *stat;
        if (read_text(text, &stat)) {
            char *written;
            size_t length;
            assert_ok(heapy_stat_write(stat, &written, &length, err));
            heapy_text_free(written);
            heapy_text_options options = HEAPY_TEXT_OPTIONS_INIT;
            assert_ok(heapy_table_render(heapy_stat_table(stat), &options, &written, NULL, err));
            heapy_text_free(written);
            heapy_stat_destroy(stat);
        }
    }
}

/* T-66 */
static void
slices_go_both_ways(void **state)
{
    (void)state;
    const heapy_row rows[] = {row_of(1, 40, "a"), row_of(2, 30, "b"), row_of(3, 20, "c")};
    heapy_stat *stat = stat_of(HEAPY_FORMAT_SET, "Type", 3, rows), *slice;
    assert_ok(heapy_stat_slice(stat, 2, -2, 2, &slice, err));
    const heapy_table *table = heapy_stat_table(slice);
    assert_int_equal(table->row_count, 2);
    assert_int_equal(table->count, 4);
    assert_int_equal(table->size, 60);
    assert_string_equal(table->rows[0].name, "c");
    assert_int_equal(table->rows[1].index, 1);
    assert_int_equal(table->rows[1].cumulative, 60);
    heapy_stat_destroy(slice);
    heapy_stat_destroy(stat);
}

enum { NAMES = 6 };

/* T-82, T-83, T-84: against a loop over names. */
static void
differences_of_random_stats_are_right(void **state)
{
    (void)state;
    seed_random(5);
    static const char *const names[NAMES] = {"a", "b", "c", "d", "e", "f"};
    for (int round = 0; round < 2000; round++) {
        heapy_row rows[2][12];
        size_t count[2];
        int64_t total[NAMES] = {0}, objects[NAMES] = {0};
        int order[NAMES], seen = 0;
        for (int side = 0; side < 2; side++) {
            count[side] = random_below(12);
            for (size_t i = 0; i < count[side]; i++) {
                size_t name = random_below(NAMES);
                rows[side][i] = row_of((int64_t)random_below(3), (int64_t)random_below(4), names[name]);
                total[name] += side ? -rows[side][i].size : rows[side][i].size;
                objects[name] += side ? -rows[side][i].count : rows[side][i].count;
                bool is_new = true;
                for (int k = 0; k < seen; k++)
                    is_new = is_new && order[k] != (int)name;
                if (is_new)
                    order[seen++] = (int)name;
            }
        }
        heapy_stat *a = stat_of(HEAPY_FORMAT_SET, "H", count[0], rows[0]);
        heapy_stat *b = stat_of(HEAPY_FORMAT_SET, "H", count[1], rows[1]), *d;
        assert_ok(heapy_stat_diff(a, b, 2.0, &d, err));
        const heapy_table *table = heapy_stat_table(d);
        assert_int_equal(table->base_size, heapy_stat_table(b)->size);
        size_t at = 0;
        for (int64_t size = 100; size >= 0; size--) /* largest first, ties as they came */
            for (int k = 0; k < seen; k++) {
                int name = order[k];
                if ((total[name] < 0 ? -total[name] : total[name]) != size || (!size && !objects[name]))
                    continue;
                assert_string_equal(table->rows[at].name, names[name]);
                assert_int_equal(table->rows[at].count, objects[name]);
                assert_int_equal(table->rows[at++].size, total[name]);
            }
        assert_int_equal(at, table->row_count);
        heapy_stat_destroy(d);
        heapy_stat_destroy(a);
        heapy_stat_destroy(b);
    }
}

/* T-81 */
static void
tables_with_different_headers_are_not_subtracted(void **state)
{
    (void)state;
    heapy_stat *a = stat_of(HEAPY_FORMAT_SET, "Type", 0, NULL),
               *b = stat_of(HEAPY_FORMAT_SET, "Size", 0, NULL);
    heapy_stat *d;
    assert_int_equal(heapy_stat_diff(a, b, 0, &d, err), HEAPY_INVALID);
    assert_non_null(strstr(err->message, "'Type'"));
    assert_non_null(strstr(err->message, "'Size'"));
    heapy_stat_destroy(a);
    heapy_stat_destroy(b);
}

static heapy_status
read_diff_and_write(heapy_error *error)
{
    heapy_stat_reader *reader = NULL;
    heapy_stat *stat = NULL, *slice = NULL, *diff = NULL;
    char *text = NULL;
    size_t length;
    heapy_status status = heapy_stat_reader_create("x", &reader, error);
    bool is_complete = false;
    for (const char *at = PACKAGE; !status && !is_complete; at += strcspn(at, "\n") + 1)
        status = heapy_stat_reader_feed(reader, at, strcspn(at, "\n"), &is_complete, error);
    if (!status)
        status = heapy_stat_reader_finish(reader, &stat, error);
    if (!status)
        status = heapy_stat_slice(stat, 0, 1, 1, &slice, error);
    if (!status)
        status = heapy_stat_diff(stat, slice, 0, &diff, error);
    if (!status)
        status = heapy_stat_write(diff, &text, &length, error);
    heapy_text_free(text);
    heapy_stat_destroy(diff);
    heapy_stat_destroy(slice);
    heapy_stat_destroy(stat);
    heapy_stat_reader_destroy(reader);
    return status;
}

static void
no_memory_is_an_error(void **state)
{
    (void)state;
    fail_each_allocation(read_diff_and_write);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_written_and_read_back_byte_for_byte),
        cmocka_unit_test(directives_may_come_in_any_order_and_unknown_ones_are_kept),
        cmocka_unit_test(newlines_in_names_become_blanks),
        cmocka_unit_test(rows_end_with_the_stat),
        cmocka_unit_test(a_stat_begins_behind_a_cut_one),
        cmocka_unit_test(empty_lines_are_skipped),
        cmocka_unit_test(a_line_without_its_end_may_be_cut),
        cmocka_unit_test(what_is_no_stat_is_refused_with_its_line),
        cmocka_unit_test(mangled_files_are_survived),
        cmocka_unit_test(slices_go_both_ways),
        cmocka_unit_test(differences_of_random_stats_are_right),
        cmocka_unit_test(tables_with_different_headers_are_not_subtracted),
        cmocka_unit_test(no_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
