/* SPDX-License-Identifier: MIT */
/* guppy's text of a table: label, header, rows, and the line that says how many rows are left. */
#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "heapy/memory.h"
#include "heapy/table.h"
#include "text_wrap.h"

/* Columns before the Kind column; continuation lines are indented by as much. */
enum { SET_PREFIX = 45 };

static double
percent(uint64_t part, uint64_t whole)
{
    return whole ? (double)part * 100.0 / (double)whole : 0.0;
}

static void
put_row(heapy__string_buffer *out, const heapy_table *table, const heapy_row *row, size_t width)
{
    /* "%.0f" rounds halves to even, as the columns must. */
    heapy__string_buffer line = {0};
    heapy__string_buffer_printf(&line, "%6zu %6" PRIu64 " %3.0f %8" PRIu64 " %3.0f %9" PRIu64 " %3.0f ",
                                row->index, row->count, percent(row->count, table->count), row->size,
                                percent(row->size, table->size), row->cumulative,
                                percent(row->cumulative, table->size));
    size_t name_length = strcspn(row->name, "\n");
    heapy__string_buffer_append(&line, row->name, name_length);
    if (line.failed)
        out->failed = true;
    else
        heapy__text_wrap(out, line.text, line.length, 0, SET_PREFIX, width);
    heapy__string_buffer_deinit(&line);
    for (const char *rest = row->name + name_length; *rest;) {
        rest++; /* the newline */
        name_length = strcspn(rest, "\n");
        heapy__string_buffer_append(out, "\n", 1);
        heapy__text_wrap(out, rest, name_length, SET_PREFIX, SET_PREFIX, width);
        rest += name_length;
    }
}

static void
put_header(heapy__string_buffer *out, const heapy_table *table, size_t width)
{
    if (!table->count && !table->size)
        return; /* an empty line stands for it */
    heapy__string_buffer line = {0};
    heapy__string_buffer_puts(&line, " Index  Count   %     Size   % Cumulative  % ");
    heapy__string_buffer_puts(&line, table->header);
    if (line.failed)
        out->failed = true;
    else
        heapy__text_wrap(out, line.text, line.length, 0, SET_PREFIX, width);
    heapy__string_buffer_deinit(&line);
}

size_t
heapy_table_end_row(const heapy_table *table, const heapy_text_options *options)
{
    size_t end = table->row_count;
    if (options->first_row >= end)
        return end;
    if (options->max_rows && end - options->first_row > options->max_rows + 1)
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
    heapy__string_buffer out = {0};
    heapy__string_buffer_append(&out, "", 0);
    if (options->with_label)
        heapy__string_buffer_printf(
            &out, "Partition of a set of %" PRIu64 " object%s. Total size = %" PRIu64 " bytes.\n",
            table->count, table->count == 1 ? "" : "s", table->size);
    size_t end = heapy_table_end_row(table, options);
    if (options->first_row < end)
        put_header(&out, table, options->line_length);
    for (size_t i = options->first_row; i < end; i++) {
        heapy__string_buffer_append(&out, "\n", 1);
        put_row(&out, table, &table->rows[i], options->line_length);
    }
    if (end < table->row_count)
        heapy__string_buffer_printf(&out, "\n<%zu more rows. Type e.g. '_.more' to view.>",
                                    table->row_count - end);
    if (!out.failed)
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

void
heapy_text_free(char *text)
{
    heapy_free(text);
}
