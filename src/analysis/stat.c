/* SPDX-License-Identifier: MIT */
/* Stats: made from tables, sliced, subtracted. */
#include "heapy/stat.h"

#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/name_table.h"
#include "heapy/memory.h"
#include "stat_internal.h"
#include "table_internal.h"

/* ---- building ---- */

heapy_stat *
heapy__stat_new(heapy_table_format format, double time_made)
{
    heapy_stat *stat = heapy_alloc_zeroed(1, sizeof *stat);
    if (stat) {
        stat->table.format = format;
        stat->time_made = time_made;
    }
    return stat;
}

void
heapy_stat_destroy(heapy_stat *stat)
{
    if (!stat)
        return;
    heapy_free(stat->rows);
    heapy_free(stat->names);
    heapy__string_buffer_deinit(&stat->text);
    heapy_free(stat->directives);
    heapy_free(stat);
}

size_t
heapy__stat_add_text(heapy_stat *stat, const char *text, size_t length)
{
    size_t offset = stat->text.length;
    heapy__string_buffer_append(&stat->text, text, length);
    heapy__string_buffer_append(&stat->text, "", 1);
    return offset;
}

/* Sums wrap on overflow, which only a forged file can bring about. */
static int64_t
sum(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

bool
heapy__stat_add_row(heapy_stat *stat, int64_t count, int64_t size, const char *name, size_t length)
{
    size_t n = stat->table.row_count;
    heapy_row *rows = heapy_grow(stat->rows, n, &stat->row_capacity, sizeof *rows);
    if (!rows)
        return false;
    stat->rows = rows;
    size_t *names = heapy_grow(stat->names, n, &stat->name_capacity, sizeof *names);
    if (!names)
        return false;
    stat->names = names;
    rows[n] = (heapy_row){.index = (int64_t)n,
                          .count = count,
                          .size = size,
                          .cumulative = sum(size, n ? rows[n - 1].cumulative : 0)};
    names[n] = heapy__stat_add_text(stat, name, length);
    stat->table.row_count++;
    return !stat->text.failed;
}

bool
heapy__stat_add_directive(heapy_stat *stat, stat_directive directive)
{
    stat_directive *directives =
        heapy_grow(stat->directives, stat->directive_count, &stat->directive_capacity, sizeof *directives);
    if (!directives)
        return false;
    stat->directives = directives;
    directives[stat->directive_count++] = directive;
    return true;
}

bool
heapy__stat_add_fields(heapy_stat *stat, const stat_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!heapy__stat_add_directive(stat, (stat_directive){.field = fields[i]}))
            return false;
    return true;
}

bool
heapy__stat_seal(heapy_stat *stat)
{
    if (stat->text.failed)
        return false;
    for (size_t i = 0; i < stat->table.row_count; i++)
        stat->rows[i].name = stat->text.text + stat->names[i];
    heapy_free(stat->names);
    stat->names = NULL;
    stat->table.rows = stat->rows;
    stat->table.kind_name = stat->text.text + stat->kind_name;
    stat->table.header = stat->text.text + stat->header;
    return true;
}

/* The strings of `table`, and the directives in the order that derived stats have, or the usual one. */
static bool
describe(heapy_stat *stat, const heapy_table *table, bool is_derived)
{
    static const stat_field usual[] = {FIELD_FORMAT,    FIELD_TIME_MADE,   FIELD_COUNT,    FIELD_SIZE,
                                       FIELD_KIND_NAME, FIELD_KIND_HEADER, FIELD_ROW_COUNT};
    static const stat_field derived[] = {FIELD_FORMAT,      FIELD_TIME_MADE, FIELD_COUNT,    FIELD_SIZE,
                                         FIELD_KIND_HEADER, FIELD_KIND_NAME, FIELD_ROW_COUNT};
    stat->kind_name = heapy__stat_add_text(stat, table->kind_name, strlen(table->kind_name));
    stat->header = heapy__stat_add_text(stat, table->header, strlen(table->header));
    if (is_derived)
        return heapy__stat_add_fields(stat, derived, sizeof derived / sizeof *derived);
    return heapy__stat_add_fields(stat, usual, sizeof usual / sizeof *usual);
}

/* Seal `stat` and give it away, or destroy it. */
static heapy_status
finish(heapy_stat *stat, bool is_built, heapy_stat **out, heapy_error *err)
{
    if (!stat || !is_built || !heapy__stat_seal(stat)) {
        heapy_stat_destroy(stat);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the rows of a stat");
    }
    *out = stat;
    return HEAPY_OK;
}

heapy_status
heapy_stat_create(const heapy_table *table, double time_made, heapy_stat **out, heapy_error *err)
{
    if (!out)
        return heapy__fail_null(err, "out");
    heapy_status status = heapy__table_check(table, 0, table ? table->row_count : 0, err);
    if (!status && (unsigned)table->format >= HEAPY_STAT_FORMAT_COUNT)
        status = heapy__fail(err, HEAPY_INVALID, "a table with retained sizes is no stat");
    if (status)
        return status;
    heapy_stat *stat = heapy__stat_new(table->format, time_made);
    bool is_built = stat && describe(stat, table, false);
    for (size_t i = 0; is_built && i < table->row_count; i++) {
        const heapy_row *row = &table->rows[i];
        is_built = heapy__stat_add_row(stat, row->count, row->size, row->name, strlen(row->name));
    }
    if (is_built) {
        stat->table.count = table->count;
        stat->table.size = table->size;
    }
    return finish(stat, is_built, out, err);
}

/* ---- reading ---- */

const heapy_table *
heapy_stat_table(const heapy_stat *stat)
{
    if (!stat)
        return NULL;
    return &stat->table;
}

double
heapy_stat_time_made(const heapy_stat *stat)
{
    return stat ? stat->time_made : 0;
}

const char *
heapy_table_format_name(heapy_table_format format)
{
    static const char *const names[] = {"SetFormat", "IdFormat", "DiffFormat"};
    return (unsigned)format < HEAPY_STAT_FORMAT_COUNT ? names[format] : "";
}

bool
heapy_stat_directive(const heapy_stat *stat, size_t number, const char **name, const char **value)
{
    if (!stat || !name || !value)
        return false;
    for (size_t i = 0; i < stat->directive_count; i++) {
        if (stat->directives[i].field != FIELD_UNKNOWN || number--)
            continue;
        *name = stat->text.text + stat->directives[i].name;
        *value = stat->text.text + stat->directives[i].value;
        return true;
    }
    return false;
}

/* ---- slices ---- */

/* Are the rows first, first + step, ... all below `all`? */
static bool
has_rows(size_t all, size_t first, ptrdiff_t step, size_t row_count)
{
    if (first >= all)
        return false;
    size_t room = step < 0 ? first : all - 1 - first, stride = step < 0 ? 0 - (size_t)step : (size_t)step;
    return !stride || row_count - 1 <= room / stride;
}

heapy_status
heapy_stat_slice(const heapy_stat *stat, size_t first, ptrdiff_t step, size_t row_count, heapy_stat **out,
                 heapy_error *err)
{
    if (!stat || !out)
        return heapy__fail_null(err, "stat or out");
    if (row_count && !has_rows(stat->table.row_count, first, step, row_count))
        return heapy__fail(err, HEAPY_INVALID, "%zu rows from row %zu in steps of %td are not among %zu",
                           row_count, first, step, stat->table.row_count);
    static const stat_field base[] = {FIELD_BASE_COUNT, FIELD_BASE_SIZE};
    const heapy_table *table = &stat->table;
    heapy_stat *slice = heapy__stat_new(table->format, stat->time_made);
    bool is_built = slice && describe(slice, table, true);
    size_t at = first;
    for (size_t i = 0; is_built && i < row_count; i++, at += (size_t)step) {
        const heapy_row *row = &table->rows[at];
        is_built = heapy__stat_add_row(slice, row->count, row->size, row->name, strlen(row->name));
        slice->table.count = sum(slice->table.count, row->count);
        slice->table.size = sum(slice->table.size, row->size);
    }
    if (is_built && table->format == HEAPY_FORMAT_DIFF) {
        is_built = heapy__stat_add_fields(slice, base, 2);
        slice->table.base_count = table->base_count;
        slice->table.base_size = table->base_size;
    }
    return finish(slice, is_built, out, err);
}

/* ---- differences ---- */

typedef struct difference {
    int64_t count, size;
    size_t order; /* in which the name came */
} difference;

static uint64_t
magnitude(int64_t value)
{
    if (value >= 0)
        return (uint64_t)value;
    return 0 - (uint64_t)value;
}

static int
largest_first(const void *a, const void *b)
{
    const difference *x = a, *y = b;
    uint64_t p = magnitude(x->size), q = magnitude(y->size);
    if (p != q)
        return p < q ? 1 : -1;
    return (x->order > y->order) - (x->order < y->order);
}

/* Add the rows of one side, sign +1 or -1, to the differences by name. */
static bool
accumulate(const heapy_table *table, int sign, heapy__name_table *names, difference *differences)
{
    for (size_t i = 0; i < table->row_count; i++) {
        const heapy_row *row = &table->rows[i];
        uint32_t number;
        if (!heapy__name_table_intern(names, row->name, strlen(row->name), &number))
            return false;
        differences[number].order = number;
        uint64_t count = (uint64_t)row->count, size = (uint64_t)row->size;
        differences[number].count = sum(differences[number].count, (int64_t)(sign < 0 ? 0 - count : count));
        differences[number].size = sum(differences[number].size, (int64_t)(sign < 0 ? 0 - size : size));
    }
    return true;
}

static bool
add_differences(heapy_stat *stat, const heapy__name_table *names, difference *differences)
{
    qsort(differences, names->count, sizeof *differences, largest_first);
    for (size_t i = 0; i < names->count; i++) {
        const difference *d = &differences[i];
        if (!d->count && !d->size)
            continue;
        size_t length;
        const char *name = heapy__name_table_get(names, (uint32_t)d->order, &length);
        if (!heapy__stat_add_row(stat, d->count, d->size, name, length))
            return false;
        stat->table.count = sum(stat->table.count, d->count);
        stat->table.size = sum(stat->table.size, d->size);
    }
    return true;
}

heapy_status
heapy_stat_diff(const heapy_stat *a, const heapy_stat *b, double time_made, heapy_stat **out,
                heapy_error *err)
{
    if (!a || !b || !out)
        return heapy__fail_null(err, "a, b or out");
    static const stat_field fields[] = {FIELD_FORMAT,      FIELD_TIME_MADE, FIELD_BASE_COUNT,
                                        FIELD_BASE_SIZE,   FIELD_COUNT,     FIELD_SIZE,
                                        FIELD_KIND_HEADER, FIELD_KIND_NAME, FIELD_ROW_COUNT};
    const heapy_table *left = &a->table, *right = &b->table;
    if (strcmp(left->header, right->header) != 0)
        return heapy__fail(err, HEAPY_INVALID,
                           "cannot subtract tables with different headers: '%.90s' and '%.90s'", left->header,
                           right->header);
    heapy_stat *stat = heapy__stat_new(HEAPY_FORMAT_DIFF, time_made);
    heapy__name_table names = {0};
    difference *differences = heapy_alloc_zeroed(left->row_count + right->row_count, sizeof *differences);
    bool is_built = stat && differences && accumulate(left, 1, &names, differences) &&
                    accumulate(right, -1, &names, differences);
    if (is_built) {
        stat->kind_name = heapy__stat_add_text(stat, left->kind_name, strlen(left->kind_name));
        stat->header = heapy__stat_add_text(stat, left->header, strlen(left->header));
        stat->table.base_count = right->count;
        stat->table.base_size = right->size;
        is_built = heapy__stat_add_fields(stat, fields, sizeof fields / sizeof *fields) &&
                   (!names.count || add_differences(stat, &names, differences));
    }
    heapy__name_table_deinit(&names);
    heapy_free(differences);
    return finish(stat, is_built, out, err);
}
