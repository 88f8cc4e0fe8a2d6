/* SPDX-License-Identifier: MIT */
#include "diff_rows.h"

#include "sql.h"
#include "watch.h"

#include <heapy/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- one side ---- */

int
side_init(side *self, const invocation *asked, input *in, const heapy_classifier *by)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_classes *classes;
    heapy_partition *partition = NULL;
    uint64_t *retained = NULL;
    heapy_row *rows = NULL;
    int status = chosen_init(&self->objects, in, NULL);
    if (status)
        return status;
    const heapy_members members = {self->objects.nodes, self->objects.count};
    if (heapy_classify(by, in->snapshot, &members, &classes, &err) ||
        heapy_partition_create(in->graph, &members, classes, &partition, &err))
        return complain_of(in->path, &err);
    heapy_table table = *heapy_partition_table(partition);
    if (is_given(asked, OPTION_RETAINED)) {
        retained = retained_of_classes(asked, in, &self->objects, heapy_partition_classes(partition));
        rows = heapy_alloc_array(table.row_count, sizeof *rows);
        if (retained && !rows)
            complain_of_memory();
        status = retained && rows ? STATUS_DONE : STATUS_FAILED;
        for (size_t i = 0; !status && i < table.row_count; i++) {
            rows[i] = table.rows[i];
            rows[i].size = (int64_t)retained[heapy_partition_row_class(partition, i)];
        }
        table.rows = rows;
    }
    if (!status && heapy_stat_create(&table, 0, &self->stat, &err))
        status = complain_of(in->path, &err);
    heapy_partition_destroy(partition);
    heapy_free(retained);
    heapy_free(rows);
    return status;
}

void
side_deinit(side *self)
{
    chosen_deinit(&self->objects);
    heapy_stat_destroy(self->stat);
    self->stat = NULL;
}

/* ---- both ---- */

typedef struct named_row {
    const char *name;
    size_t place;
} named_row;

static int
compare_names(const void *a, const void *b)
{
    const named_row *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order)
        return order;
    if (x->place < y->place)
        return -1;
    return x->place > y->place;
}

/* Add the rows of one side to those of their names. */
static void
add_side(diff_rows *self, const named_row *sorted, const heapy_table *table, bool is_after)
{
    for (size_t i = 0; i < table->row_count; i++) {
        const heapy_row *row = &table->rows[i];
        size_t low = 0, high = self->table.row_count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (strcmp(sorted[middle].name, row->name) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == self->table.row_count || strcmp(sorted[low].name, row->name))
            continue; /* it is the same on both sides */
        diff_row *sum = &self->rows[sorted[low].place];
        *(is_after ? &sum->after_count : &sum->before_count) += row->count;
        *(is_after ? &sum->after_size : &sum->before_size) += row->size;
    }
}

/* Names that move no cursor in the table, and names as they are in the rows. */
static int
name_rows(diff_rows *self)
{
    size_t count = self->table.row_count;
    self->header = copy_escaped(self->table.header);
    bool is_made = self->header != NULL;
    for (size_t i = 0; is_made && i < count; i++) {
        self->names[i] = copy_escaped(self->table.rows[i].name);
        is_made = self->names[i] != NULL;
        self->shown[i] = self->table.rows[i];
        self->shown[i].name = self->names[i];
        self->rows[i].name = self->table.rows[i].name;
    }
    self->table.rows = self->shown;
    self->table.header = self->header;
    if (is_made)
        return STATUS_DONE;
    return complain_of_memory();
}

int
diff_rows_init(diff_rows *self, const side sides[2], const char *path)
{
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_table *before = heapy_stat_table(sides[0].stat), *after = heapy_stat_table(sides[1].stat);
    if (heapy_stat_diff(sides[1].stat, sides[0].stat, 0, &self->stat, &err))
        return complain_of(path, &err);
    self->table = *heapy_stat_table(self->stat);
    self->table.count = after->count - before->count; /* what rows retain does not add up to totals */
    self->table.size = after->size - before->size;
    size_t count = self->table.row_count;
    named_row *sorted = heapy_alloc_array(count, sizeof *sorted);
    self->shown = heapy_alloc_array(count, sizeof *self->shown);
    self->names = heapy_alloc_zeroed(count, sizeof *self->names);
    self->rows = heapy_alloc_zeroed(count + 1, sizeof *self->rows);
    int status = STATUS_DONE;
    if (!(sorted && self->shown && self->names && self->rows))
        status = complain_of_memory();
    if (!status) {
        for (size_t i = 0; i < count; i++)
            sorted[i] = (named_row){self->table.rows[i].name, i};
        qsort(sorted, count, sizeof *sorted, compare_names);
        add_side(self, sorted, before, false);
        add_side(self, sorted, after, true);
        self->rows[count] = (diff_row){"(total)", before->count, before->size, after->count, after->size};
        status = name_rows(self);
    }
    heapy_free(sorted);
    return status;
}

void
diff_rows_deinit(diff_rows *self)
{
    for (size_t i = 0; self->names && i < self->table.row_count; i++)
        heapy_free(self->names[i]);
    heapy_free(self->names);
    heapy_free(self->shown);
    heapy_free(self->rows);
    heapy_free(self->header);
    heapy_stat_destroy(self->stat);
    *self = (diff_rows){0};
}

/* ---- conditions ---- */

int
diff_conditions_check(const invocation *asked)
{
    heapy_error err = HEAPY_ERROR_INIT;
    size_t at = 0;
    const char *condition;
    while ((condition = next_value(asked, OPTION_FAIL_IF, &at)))
        if (sql_meet(condition, NULL, 0, NULL, &err))
            return complain_of("--fail-if", &err);
    return STATUS_DONE;
}

int
diff_rows_meeting(const diff_rows *self, const invocation *asked, bool **out)
{
    heapy_error err = HEAPY_ERROR_INIT;
    size_t count = self->table.row_count + 1, at = 0;
    const char *condition;
    sql_diff_row *rows = heapy_alloc_array(count, sizeof *rows);
    bool *one = heapy_alloc_zeroed(count, sizeof *one), *all = heapy_alloc_zeroed(count, sizeof *all);
    int status = STATUS_DONE;
    if (!(rows && one && all))
        status = complain_of_memory();
    for (size_t i = 0; !status && i < count; i++) {
        const diff_row *row = &self->rows[i];
        int64_t growth = row->after_size - row->before_size;
        rows[i] = (sql_diff_row){
            row->name,
            row->after_count - row->before_count,
            growth,
            row->before_count,
            row->before_size,
            row->after_count,
            row->after_size,
            row->before_size ? 100.0 * (double)growth / (double)row->before_size : (double)NAN};
    }
    while (!status && (condition = next_value(asked, OPTION_FAIL_IF, &at))) {
        if (sql_meet(condition, rows, count, one, &err))
            status = complain_of("--fail-if", &err);
        for (size_t i = 0; !status && i < count; i++)
            all[i] |= one[i];
    }
    heapy_free(rows);
    heapy_free(one);
    if (!status)
        *out = all;
    else
        heapy_free(all);
    return status;
}

/* ---- showing ---- */

static void
json_diff_row(document *doc, const diff_row *row)
{
    json_begin(doc, '{');
    json_key(doc, "kind");
    json_string(doc, row->name);
    json_key(doc, "count");
    json_integer(doc, row->after_count - row->before_count);
    json_key(doc, "size");
    json_integer(doc, row->after_size - row->before_size);
    json_key(doc, "before_count");
    json_integer(doc, row->before_count);
    json_key(doc, "before_size");
    json_integer(doc, row->before_size);
    json_key(doc, "after_count");
    json_integer(doc, row->after_count);
    json_key(doc, "after_size");
    json_integer(doc, row->after_size);
    json_end(doc, '}');
}

void
json_diff_rows(document *doc, const diff_rows *self, size_t rows)
{
    json_begin(doc, '[');
    for (size_t i = 0; i < self->table.row_count && (!rows || i < rows); i++)
        json_diff_row(doc, &self->rows[i]);
    json_end(doc, ']');
}

void
json_failed_rows(document *doc, const diff_rows *self, const bool *meets, bool *failed)
{
    json_key(doc, "failed");
    json_begin(doc, '[');
    for (size_t i = 0; i <= self->table.row_count; i++) {
        if (!meets[i])
            continue;
        json_diff_row(doc, &self->rows[i]);
        *failed = true;
    }
    json_end(doc, ']');
}

void
put_failed_rows(document *doc, const diff_rows *self, const bool *meets, bool *failed)
{
    for (size_t i = 0; i <= self->table.row_count; i++) {
        const diff_row *row = &self->rows[i];
        if (!meets[i])
            continue;
        *failed = true;
        document_put(doc, "Failed: ");
        document_put_escaped(doc, row->name, strlen(row->name));
        document_printf(doc, ": %" PRId64 " to %" PRId64 " objects, %" PRId64 " to %" PRId64 " bytes",
                        row->before_count, row->after_count, row->before_size, row->after_size);
        if (row->before_size)
            document_printf(doc, " (%+.1f %%)",
                            100.0 * (double)(row->after_size - row->before_size) / (double)row->before_size);
        document_put(doc, "\n");
    }
}
