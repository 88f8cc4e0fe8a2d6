/* SPDX-License-Identifier: MIT */
/* guppy's text of a table: label, header, rows, and the line that says how many rows are left. */
#include <inttypes.h>
#include <string.h>

#include "../analysis/table_internal.h"
#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "heapy/memory.h"
#include "heapy/table_text.h"
#include "text_wrap.h"

/* How each format begins its lines; continuation lines are indented by as many columns. */
static const struct {
    const char *header;
    size_t prefix;
} formats[] = {
    [HEAPY_FORMAT_SET] = {" Index  Count   %     Size   % Cumulative  % ", 45},
    [HEAPY_FORMAT_ID] = {" Index     Size   %   Cumulative  %   ", 38},
    [HEAPY_FORMAT_DIFF] = {" Index  Count     Size  Cumulative  % of B ", 43},
    [HEAPY_FORMAT_RETAINED] = {" Index  Count   %     Size   %   Retained  ", 0},
    [HEAPY_FORMAT_DOMINATED] = {" Index   Retained   %     Size  ", 0},
};

/* Tables that guppy does not have are pages of plain lines: their header is part of the label, nothing is
 * wrapped. */
static bool
is_plain(const heapy_table *table)
{
    return table->format == HEAPY_FORMAT_RETAINED || table->format == HEAPY_FORMAT_DOMINATED;
}

static double
percent(int64_t part, int64_t whole)
{
    if (!whole)
        return 0.0;
    return (double)part * 100.0 / (double)whole;
}

/* The percentages of a difference, or nine characters that say there is none. */
static void
put_percent_of_base(heapy__string_buffer *line, int64_t part, int64_t whole)
{
    if (whole)
        heapy__string_buffer_printf(line, "%9.3g", percent(part, whole));
    else
        heapy__string_buffer_puts(line, "   (n.a.)");
}

static void
put_index(heapy__string_buffer *line, int64_t index)
{
    if (index == HEAPY_NO_INDEX)
        heapy__string_buffer_puts(line, "      ");
    else
        heapy__string_buffer_printf(line, "%6" PRId64, index);
}

/* The numbers before the name.  "%.0f" rounds halves to even, as the columns must. */
static void
put_numbers(heapy__string_buffer *line, const heapy_table *table, const heapy_row *row)
{
    put_index(line, row->index);
    switch (table->format) {
    case HEAPY_FORMAT_ID:
        heapy__string_buffer_printf(line, " %8" PRId64 " %5.1f %9" PRId64 " %5.1f ", row->size,
                                    percent(row->size, table->size), row->cumulative,
                                    percent(row->cumulative, table->size));
        break;
    case HEAPY_FORMAT_DIFF:
        heapy__string_buffer_printf(line, " %6" PRId64 " %8" PRId64 " %9" PRId64 " ", row->count, row->size,
                                    row->cumulative);
        put_percent_of_base(line, row->cumulative, table->base_size);
        heapy__string_buffer_puts(line, " ");
        break;
    case HEAPY_FORMAT_RETAINED:
        heapy__string_buffer_printf(line, " %6" PRId64 " %3.0f %8" PRId64 " %3.0f %10" PRId64 "  ",
                                    row->count, percent(row->count, table->count), row->size,
                                    percent(row->size, table->size), row->retained);
        break;
    case HEAPY_FORMAT_DOMINATED:
        heapy__string_buffer_printf(line, " %10" PRId64 " %3.0f %8" PRId64 "  ", row->retained,
                                    percent(row->retained, table->size), row->size);
        break;
    case HEAPY_FORMAT_SET:
    case HEAPY_FORMAT_COUNT:
        heapy__string_buffer_printf(line, " %6" PRId64 " %3.0f %8" PRId64 " %3.0f %9" PRId64 " %3.0f ",
                                    row->count, percent(row->count, table->count), row->size,
                                    percent(row->size, table->size), row->cumulative,
                                    percent(row->cumulative, table->size));
    }
}

static void
put_row(heapy__string_buffer *out, const heapy_table *table, const heapy_row *row, size_t width)
{
    size_t prefix = formats[table->format].prefix;
    heapy__string_buffer line = {0};
    if (is_plain(table)) {
        put_numbers(out, table, row);
        heapy__string_buffer_puts(out, row->name);
        return;
    }
    put_numbers(&line, table, row);
    size_t name_length = strcspn(row->name, "\n");
    heapy__string_buffer_append(&line, row->name, name_length);
    if (line.failed)
        out->failed = true;
    else
        heapy__text_wrap(out, line.text, line.length, 0, prefix, width);
    heapy__string_buffer_deinit(&line);
    for (const char *rest = row->name + name_length; *rest;) {
        rest++; /* the newline */
        name_length = strcspn(rest, "\n");
        heapy__string_buffer_append(out, "\n", 1);
        heapy__text_wrap(out, rest, name_length, prefix, prefix, width);
        rest += name_length;
    }
}

static void
put_header(heapy__string_buffer *out, const heapy_table *table, size_t width)
{
    if (is_plain(table) || (!table->count && !table->size && table->format != HEAPY_FORMAT_DIFF))
        return; /* it is in the label, or an empty line stands for it */
    heapy__string_buffer line = {0};
    heapy__string_buffer_puts(&line, formats[table->format].header);
    heapy__string_buffer_puts(&line, table->header);
    if (line.failed)
        out->failed = true;
    else
        heapy__text_wrap(out, line.text, line.length, 0, formats[table->format].prefix, width);
    heapy__string_buffer_deinit(&line);
}

/* Wraps on overflow, which only a forged file can bring about. */
static int64_t
sum(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

/* Write the lines of totals. */
static void
put_label(heapy__string_buffer *out, const heapy_table *table)
{
    const char *plural = table->count == 1 ? "" : "s";
    switch (table->format) {
    case HEAPY_FORMAT_ID:
        heapy__string_buffer_printf(out, "Set of %" PRId64 " ", table->count);
        heapy__string_buffer_puts(out, table->kind_name);
        heapy__string_buffer_printf(out, " object%s. Total size = %" PRId64 " bytes.\n", plural, table->size);
        break;
    case HEAPY_FORMAT_DIFF:
        heapy__string_buffer_puts(out, "Summary of difference operation (A-B).\n        Count     Size\n");
        heapy__string_buffer_printf(out, "  A    %6" PRId64 " %8" PRId64 "\n",
                                    sum(table->count, table->base_count), sum(table->size, table->base_size));
        heapy__string_buffer_printf(out, "  B    %6" PRId64 " %8" PRId64 "\n", table->base_count,
                                    table->base_size);
        heapy__string_buffer_printf(out, "  A-B  %6" PRId64 " %8" PRId64 "  = ", table->count, table->size);
        put_percent_of_base(out, table->size, table->base_size);
        heapy__string_buffer_puts(out, " % of B\n");
        if (table->row_count)
            heapy__string_buffer_puts(out, "\nDifferences by kind, largest absolute size diffs first.\n");
        break;
    case HEAPY_FORMAT_DOMINATED:
        heapy__string_buffer_puts(out, "Dominated by ");
        heapy__string_buffer_puts(out, table->kind_name);
        heapy__string_buffer_printf(out, ": %" PRId64 " branches. Retained size = %" PRId64 " bytes.\n",
                                    table->count, table->size);
        break;
    case HEAPY_FORMAT_RETAINED:
    case HEAPY_FORMAT_SET:
    case HEAPY_FORMAT_COUNT:
        heapy__string_buffer_printf(
            out, "Partition of a set of %" PRId64 " object%s. Total size = %" PRId64 " bytes.\n",
            table->count, plural, table->size);
    }
    if (is_plain(table)) {
        heapy__string_buffer_puts(out, formats[table->format].header);
        heapy__string_buffer_puts(out, table->header);
    }
}

size_t
heapy_table_end_row(const heapy_table *table, const heapy_text_options *options)
{
    if (!table || !options)
        return 0;
    size_t end = table->row_count;
    if (options->first_row >= end)
        return end;
    if (options->max_rows && end - options->first_row - 1 > options->max_rows)
        end = options->first_row + options->max_rows;
    return end;
}

static void
strip(heapy__string_buffer *out)
{
    while (out->length && strchr(" \t\n\r\v\f", out->text[out->length - 1]))
        out->text[--out->length] = '\0';
}

heapy_status
heapy_table_render(const heapy_table *table, const heapy_text_options *options, char **text, size_t *length,
                   heapy_error *err)
{
    if (!options || !text)
        return heapy__fail_null(err, "options or text");
    heapy_status status =
        heapy__table_check(table, options->first_row, heapy_table_end_row(table, options), err);
    if (status)
        return status;
    heapy__string_buffer out = {0};
    heapy__string_buffer_append(&out, "", 0);
    if (options->with_label)
        put_label(&out, table);
    size_t end = heapy_table_end_row(table, options);
    if (options->first_row < end)
        put_header(&out, table, options->line_length);
    for (size_t i = options->first_row; i < end; i++) {
        if (!is_plain(table) || out.length)
            heapy__string_buffer_append(&out, "\n", 1);
        put_row(&out, table, &table->rows[i], options->line_length);
    }
    if (end < table->row_count)
        heapy__string_buffer_printf(&out, "\n<%zu more %s. Type e.g. '_.more' to view.>",
                                    table->row_count - end,
                                    table->format == HEAPY_FORMAT_DOMINATED ? "branches" : "rows");
    if (!out.failed && !is_plain(table))
        strip(&out);
    if (out.failed) {
        heapy__string_buffer_deinit(&out);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the text of %zu rows",
                           end - options->first_row);
    }
    *text = out.text;
    if (length)
        *length = out.length;
    return HEAPY_OK;
}
