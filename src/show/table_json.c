/* SPDX-License-Identifier: MIT */
/* Tables as JSON, to the character as Python's json module writes them. */
#include "heapy/table_json.h"

#include <inttypes.h>
#include <string.h>

#include "../analysis/table_internal.h"
#include "../base/characters.h"
#include "../base/fail.h"
#include "../base/string_buffer.h"

static void
put_character(heapy__string_buffer *out, uint32_t c)
{
    static const char named[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    const char *found = NULL;
    if (c && c < 0x80)
        found = strchr(named, (int)c);
    if (found)
        heapy__string_buffer_printf(out, "\\%c", names[found - named]);
    else if (c >= 0x20 && c < 0x7f)
        heapy__string_buffer_printf(out, "%c", (char)c);
    else if (c < 0x10000)
        heapy__string_buffer_printf(out, "\\u%04" PRIx32, c);
    else
        heapy__string_buffer_printf(out, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xd800 + ((c - 0x10000) >> 10),
                                    0xdc00 + ((c - 0x10000) & 0x3ff));
}

/* Write a text in quotes, without the blanks around it. */
static void
put_text(heapy__string_buffer *out, const char *text)
{
    static const char blanks[] = " \t\n\r\v\f";
    text += strspn(text, blanks);
    size_t length = strlen(text), bytes;
    while (length && strchr(blanks, text[length - 1]))
        length--;
    heapy__string_buffer_puts(out, "\"");
    for (size_t i = 0; i < length; i += bytes)
        put_character(out, heapy__character_at(text + i, length - i, &bytes));
    heapy__string_buffer_puts(out, "\"");
}

static void
put_row(heapy__string_buffer *out, const heapy_row *row, const heapy_column_name *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        heapy__string_buffer_printf(out, "%s\"%s\": ", i ? ", " : "{", columns[i].name);
        if (columns[i].column == HEAPY_COLUMN_NAME)
            put_text(out, row->name);
        else if (columns[i].column == HEAPY_COLUMN_INDEX && row->index == HEAPY_NO_INDEX)
            heapy__string_buffer_puts(out, "null");
        else
            heapy__string_buffer_printf(out, "%" PRId64, heapy_row_number(row, columns[i].column));
    }
    heapy__string_buffer_puts(out, "}");
}

heapy_status
heapy_table_json(const heapy_table *table, const char *by, size_t max_rows, char **text, heapy_error *err)
{
    if (!table || !text)
        return heapy__fail_null(err, "table or text");
    size_t rows = max_rows && max_rows < table->row_count ? max_rows : table->row_count, count;
    heapy_status status = heapy__table_check(table, 0, rows, err);
    if (status)
        return status;
    const heapy_column_name *columns = heapy_table_columns(table->format, &count);
    heapy__string_buffer out = {0};
    heapy__string_buffer_puts(&out, "{");
    if (by) {
        heapy__string_buffer_puts(&out, "\"by\": ");
        put_text(&out, by);
        heapy__string_buffer_puts(&out, ", ");
    }
    heapy__string_buffer_printf(&out, "\"count\": %" PRId64 ", \"size\": %" PRId64 ", \"rows\": [",
                                table->count, table->size);
    for (size_t i = 0; i < rows; i++) {
        heapy__string_buffer_puts(&out, i ? ", " : "");
        put_row(&out, &table->rows[i], columns, count);
    }
    heapy__string_buffer_puts(&out, "]");
    if (table->format == HEAPY_FORMAT_DIFF)
        heapy__string_buffer_printf(&out, ", \"before_count\": %" PRId64 ", \"before_size\": %" PRId64,
                                    table->base_count, table->base_size);
    heapy__string_buffer_puts(&out, "}");
    if (out.failed) {
        heapy__string_buffer_deinit(&out);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu rows", rows);
    }
    *text = out.text;
    return HEAPY_OK;
}
