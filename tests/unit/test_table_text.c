/* SPDX-License-Identifier: MIT */
/* guppy's text of a table, to the character (spec 30). */
#include "support.h"

#include <string.h>

#define HEADER " Index  Count   %     Size   % Cumulative  % Type\n"

static heapy_table
a_table(const char *header, int64_t count, int64_t size, size_t row_count, const heapy_row *rows)
{
    return (heapy_table){.format = HEAPY_FORMAT_SET,
                         .kind_name = "",
                         .header = header,
                         .count = count,
                         .size = size,
                         .row_count = row_count,
                         .rows = rows};
}

static heapy_row many[40];

static heapy_table
table_of(size_t rows)
{
    heapy_table table = a_table("Type", 0, 0, rows, many);
    for (size_t i = 0; i < rows; i++) {
        many[i] = (heapy_row){i, 1, 10, 10 * (i + 1), "int", 0};
        table.count++;
        table.size += 10;
    }
    return table;
}

static void
assert_text(const heapy_table *table, heapy_text_options options, const char *expected)
{
    char *text;
    size_t length;
    assert_ok(heapy_table_render(table, &options, &text, &length, err));
    assert_string_equal(text, expected);
    assert_int_equal(strlen(text), length);
    heapy_text_free(text);
}

static const heapy_text_options defaults = HEAPY_TEXT_OPTIONS_INIT;

static void
percentages_round_halves_to_even(void **state) /* T-30: 12.5 is 12, 37.5 is 38 */
{
    (void)state;
    const heapy_row rows[] = {{0, 1, 30, 30, "a", 0}, {1, 3, 10, 40, "b", 0}, {2, 4, 0, 40, "c", 0}};
    heapy_table table = a_table("Type", 8, 40, 3, rows);
    assert_text(&table, defaults,
                "Partition of a set of 8 objects. Total size = 40 bytes.\n" HEADER
                "     0      1  12       30  75        30  75 a\n"
                "     1      3  38       10  25        40 100 b\n"
                "     2      4  50        0   0        40 100 c");
}

static void
one_object_is_singular_and_a_row_may_exceed_100_percent(void **state) /* T-30, T-40 */
{
    (void)state;
    const heapy_row rows[] = {{7, 1, 56, 1076, "x.Y", 0}};
    heapy_table table = a_table("Type", 1, 56, 1, rows);
    assert_text(&table, defaults,
                "Partition of a set of 1 object. Total size = 56 bytes.\n" HEADER
                "     7      1 100       56 100      1076 1921 x.Y");
}

static void
empty_tables_are_a_label_only(void **state) /* T-23 */
{
    (void)state;
    heapy_table table = a_table("Type", 0, 0, 0, NULL);
    assert_text(&table, defaults, "Partition of a set of 0 objects. Total size = 0 bytes.");
    heapy_text_options more = defaults;
    more.with_label = false;
    assert_text(&table, more, "");
}

static void
sizes_of_zero_give_no_division(void **state) /* T-69 */
{
    (void)state;
    const heapy_row rows[] = {{0, 2, 0, 0, "z", 0}};
    heapy_table table = a_table("Type", 2, 0, 1, rows);
    assert_text(&table, defaults,
                "Partition of a set of 2 objects. Total size = 0 bytes.\n" HEADER
                "     0      2 100        0   0         0   0 z");
}

static size_t
line_count(const char *text)
{
    size_t lines = *text != '\0';
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static void
ten_rows_then_a_more_line_but_never_for_one_row(void **state) /* T-50, T-51 */
{
    (void)state;
    for (size_t rows = 0; rows < 40; rows++) {
        heapy_table table = table_of(rows);
        for (size_t first = 0; first <= rows + 1; first++) {
            heapy_text_options options = defaults;
            options.first_row = first;
            char *text;
            assert_ok(heapy_table_render(&table, &options, &text, NULL, err));
            size_t left = first < rows ? rows - first : 0, shown = left > 11 ? 10 : left;
            size_t more = left - shown;
            assert_int_equal(line_count(text), 1 + (shown ? 1 + shown : 0) + (more != 0));
            char line[80];
            snprintf(line, sizeof line, "<%zu more rows. Type e.g. '_.more' to view.>", more);
            assert_int_equal(strstr(text, "more rows") != NULL, more != 0);
            if (more)
                assert_string_equal(text + strlen(text) - strlen(line), line);
            assert_int_equal(heapy_table_end_row(&table, &options), more ? first + shown : rows);
            heapy_text_free(text);
        }
    }
}

static void
all_rows_when_no_limit_is_set(void **state) /* T-53 */
{
    (void)state;
    heapy_table table = table_of(30);
    heapy_text_options options = defaults;
    options.max_rows = 0;
    assert_int_equal(heapy_table_end_row(&table, &options), 30);
}

static void
assert_wrapped(const char *name, const char *expected)
{
    const heapy_row rows[] = {{0, 1, 8, 8, name, 0}};
    heapy_table table = a_table("Type", 1, 8, 1, rows);
    heapy_text_options options = defaults;
    options.with_label = false;
    char *text;
    assert_ok(heapy_table_render(&table, &options, &text, NULL, err));
    const char *row = strchr(text, '\n') + 1;
    assert_memory_equal(row, "     0      1 100        8 100         8 100", 44);
    assert_string_equal(row + 44, expected);
    heapy_text_free(text);
}

#define INDENT "                                             "

static void
long_names_wrap_at_100_columns_under_the_kind_column(void **state) /* T-24, T-25, T-26 */
{
    (void)state;
    assert_wrapped("", "");
    assert_wrapped("list & 56 & {Referrers by Kind (class / dict of class) of}",
                   " list & 56 & {Referrers by Kind (class / dict of class)\n" INDENT "of}");
    /* a word longer than a line is cut, but not on the first one, which is not indented */
    assert_wrapped("ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJ",
                   "\n" INDENT "ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDE\n" INDENT "FGHIJ");
    /* after a hyphen if there is one */
    assert_wrapped("a-module-with-a-long-name-and-another-part-of-its-long-name.K",
                   " a-module-with-a-long-name-and-another-part-of-its-long-\n" INDENT "name.K");
    assert_wrapped("two\nlines", " two\n" INDENT "lines");
    assert_wrapped("tab\there", " tab        here"); /* stops count from the start of the row */
    /* columns are code points */
    assert_wrapped("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                   "abcdefghijabcdefghijabcdefghijabcdefghijabcde",
                   " \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                   "abcdefghijabcdefghijabcdefghijabcdefghijabcde");
}

static heapy_status
render_long(heapy_error *error)
{
    const heapy_row rows[] = {
        {0, 1, 8, 8, "tab\tand a name that is long enough to be wrapped - more than once, it is", 0}};
    heapy_table table = a_table("Type", 1, 8, 1, rows);
    char *text = NULL;
    heapy_status status = heapy_table_render(&table, &defaults, &text, NULL, error);
    heapy_text_free(text);
    return status;
}

static void
each_failing_allocation_is_reported(void **state)
{
    (void)state;
    fail_each_allocation(render_long);
}

static void
every_status_has_a_text(void **state)
{
    (void)state;
    for (int s = HEAPY_OK; s < HEAPY_STATUS_COUNT; s++)
        assert_true(heapy_status_text((heapy_status)s)[0]);
    assert_string_equal(heapy_status_text((heapy_status)99), "unknown status");
}

static void
retained_sizes_and_branches_are_plain_lines(void **state)
{
    (void)state;
    heapy_row rows[13] = {{0, 2, 100, 0, "dict of mod.C", 1000}, {1, 1, 28, 0, "int ", 28}};
    heapy_table table = a_table("Type", 3, 128, 2, rows);
    table.format = HEAPY_FORMAT_RETAINED;
    assert_text(&table, defaults,
                "Partition of a set of 3 objects. Total size = 128 bytes.\n"
                " Index  Count   %     Size   %   Retained  Type\n"
                "     0      2  67      100  78       1000  dict of mod.C\n"
                "     1      1  33       28  22         28  int ");
    table = a_table("", 0, 0, 0, rows);
    table.format = HEAPY_FORMAT_RETAINED;
    assert_text(&table, defaults,
                "Partition of a set of 0 objects. Total size = 0 bytes.\n"
                " Index  Count   %     Size   %   Retained  ");
    for (int64_t i = 0; i < 13; i++)
        rows[i] = (heapy_row){.index = i, .size = 8, .retained = 100 - i, .name = "<1 list: 0x10*1>"};
    table = a_table("Brief", 13, 200, 13, rows);
    table.format = HEAPY_FORMAT_DOMINATED;
    table.kind_name = "the root";
    assert_text(&table, (heapy_text_options){0, 2, 100, true},
                "Dominated by the root: 13 branches. Retained size = 200 bytes.\n"
                " Index   Retained   %     Size  Brief\n"
                "     0        100  50        8  <1 list: 0x10*1>\n"
                "     1         99  50        8  <1 list: 0x10*1>\n"
                "<11 more branches. Type e.g. '_.more' to view.>");
    assert_text(&table, (heapy_text_options){10, 2, 100, false},
                "    10         90  45        8  <1 list: 0x10*1>\n"
                "    11         89  44        8  <1 list: 0x10*1>\n"
                "    12         88  44        8  <1 list: 0x10*1>");
    heapy_stat *stat;
    assert_int_equal(heapy_stat_create(&table, 0, &stat, err), HEAPY_INVALID);
}

static void
assert_json_and_csv(const heapy_table *table, const char *by, size_t max_rows, const char *json,
                    const char *csv)
{
    char *text;
    assert_ok(heapy_table_json(table, by, max_rows, &text, err));
    assert_string_equal(text, json);
    heapy_text_free(text);
    assert_ok(heapy_table_csv(table, max_rows, &text, err));
    assert_string_equal(text, csv);
    heapy_text_free(text);
}

/* As Python's json and csv modules have them. */
static void
every_table_is_json_and_csv(void **state)
{
    (void)state;
    const heapy_row rows[] = {
        {0, 2, 100, 100, " a, \"b\"\n ", 0},
        {1, 1, 28, 128, "\\ \x01\x7f \xc3\xa9 \xe4\xb8\x80 \xf0\x9f\x98\x80 \xff \xc3", 7},
        {HEAPY_NO_INDEX, 1, 8, HEAPY_NO_INDEX + 1, "plain", -1}};
    heapy_table table = a_table("Type", 3, 128, 2, rows);
    assert_json_and_csv(
        &table, "type", 0,
        "{\"by\": \"type\", \"count\": 3, \"size\": 128, \"rows\": [{\"index\": 0, \"count\": 2, "
        "\"size\": 100, \"cumulative\": 100, \"kind\": \"a, \\\"b\\\"\"}, {\"index\": 1, \"count\": 1, "
        "\"size\": 28, \"cumulative\": 128, \"kind\": \"\\\\ \\u0001\\u007f \\u00e9 \\u4e00 "
        "\\ud83d\\ude00 \\ufffd \\ufffd\"}]}",
        "index,count,size,cumulative,kind\n"
        "0,2,100,100,\"a, \"\"b\"\"\"\n"
        "1,1,28,128,\\ \x01\x7f \xc3\xa9 \xe4\xb8\x80 \xf0\x9f\x98\x80 \xff \xc3\n");
    table.format = HEAPY_FORMAT_DIFF;
    table.base_count = 9;
    table.base_size = 90;
    table.rows = rows + 2;
    table.row_count = 1;
    assert_json_and_csv(
        &table, NULL, 1,
        "{\"count\": 3, \"size\": 128, \"rows\": [{\"index\": null, \"count\": 1, \"size\": 8, "
        "\"cumulative\": -9223372036854775807, \"kind\": \"plain\"}], \"before_count\": 9, "
        "\"before_size\": 90}",
        "index,count,size,cumulative,kind\n,1,8,-9223372036854775807,plain\n");
    static const struct {
        heapy_table_format format;
        const char *csv;
    } cases[] = {{HEAPY_FORMAT_ID, "index,size,cumulative,brief\n,8,-9223372036854775807,plain\n"},
                 {HEAPY_FORMAT_RETAINED, "index,count,size,retained,kind\n,1,8,-1,plain\n"},
                 {HEAPY_FORMAT_DOMINATED, "index,retained,size,brief\n,-1,8,plain\n"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text;
        table.format = cases[i].format;
        assert_ok(heapy_table_csv(&table, 0, &text, err));
        assert_string_equal(text, cases[i].csv);
        heapy_text_free(text);
    }
    char *text;
    size_t count;
    table.format = HEAPY_FORMAT_COUNT;
    assert_int_equal(heapy_table_json(&table, NULL, 0, &text, err), HEAPY_INVALID);
    assert_int_equal(heapy_table_csv(&table, 0, &text, err), HEAPY_INVALID);
    assert_int_equal(heapy_table_json(NULL, NULL, 0, &text, err), HEAPY_INVALID);
    assert_null(heapy_table_columns(HEAPY_FORMAT_COUNT, &count));
    assert_int_equal(heapy_row_number(NULL, HEAPY_COLUMN_SIZE), 0);
}

static heapy_status
write_both(heapy_error *error)
{
    heapy_table table = table_of(40);
    char *text = NULL;
    heapy_status status = heapy_table_json(&table, "type", 0, &text, error);
    if (!status) {
        heapy_text_free(text);
        status = heapy_table_csv(&table, 0, &text, error);
    }
    if (!status)
        heapy_text_free(text);
    return status;
}

static void
each_failing_allocation_of_json_and_csv_is_reported(void **state)
{
    (void)state;
    fail_each_allocation(write_both);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(retained_sizes_and_branches_are_plain_lines),
        cmocka_unit_test(every_table_is_json_and_csv),
        cmocka_unit_test(each_failing_allocation_of_json_and_csv_is_reported),
        cmocka_unit_test(percentages_round_halves_to_even),
        cmocka_unit_test(one_object_is_singular_and_a_row_may_exceed_100_percent),
        cmocka_unit_test(empty_tables_are_a_label_only),
        cmocka_unit_test(sizes_of_zero_give_no_division),
        cmocka_unit_test(ten_rows_then_a_more_line_but_never_for_one_row),
        cmocka_unit_test(all_rows_when_no_limit_is_set),
        cmocka_unit_test(long_names_wrap_at_100_columns_under_the_kind_column),
        cmocka_unit_test(each_failing_allocation_is_reported),
        cmocka_unit_test(every_status_has_a_text),
    };
    return cmocka_run_group_tests_name("table_text", tests, NULL, NULL);
}
