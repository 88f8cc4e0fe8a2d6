/* SPDX-License-Identifier: MIT */
/* Tables as comma-separated values. */
#include <inttypes.h>
#include <string.h>

#include "../analysis/table_internal.h"
#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "heapy/table_json.h"

static void
put_text(heapy__string_buffer *out, const char *text)
{
    static const char blanks[] = " \t\n\r\v\f";
    text += strspn(text, blanks);
    size_t length = strlen(text);
    while (length && strchr(blanks, text[length - 1]))
        length--;
    bool is_quoted = strcspn(text, ",\"\r\n") < length;
    heapy__string_buffer_puts(out, is_quoted ? "\"" : "");
    for (size_t i = 0; i < length; i++) {
        heapy__string_buffer_append(out, &text[i], 1);
        if (text[i] == '"')
            heapy__string_buffer_puts(out, "\"");
    }
    heapy__string_buffer_puts(out, is_quoted ? "\"" : "");
}

heapy_status
heapy_table_csv(const heapy_table *table, size_t max_rows, char **text, heapy_error *err)
{
    if (!table || !text)
        return heapy__fail_null(err, "table or text");
    size_t rows = max_rows && max_rows < table->row_count ? max_rows : table->row_count, count;
    heapy_status status = heapy__table_check(table, 0, rows, err);
    if (status)
        return status;
    const heapy_column_name *columns = heapy_table_columns(table->format, &count);
    heapy__string_buffer out = {0};
    for (size_t k = 0; k < count; k++)
        heapy__string_buffer_printf(&out, "%s%s", k ? "," : "", columns[k].name);
    heapy__string_buffer_puts(&out, "\n");
    for (size_t i = 0; i < rows; i++) {
        for (size_t k = 0; k < count; k++) {
            heapy__string_buffer_puts(&out, k ? "," : "");
            if (columns[k].column == HEAPY_COLUMN_NAME)
                put_text(&out, table->rows[i].name);
            else if (columns[k].column != HEAPY_COLUMN_INDEX || table->rows[i].index != HEAPY_NO_INDEX)
                heapy__string_buffer_printf(&out, "%" PRId64,
                                            heapy_row_number(&table->rows[i], columns[k].column));
        }
        heapy__string_buffer_puts(&out, "\n");
    }
    if (out.failed) {
        heapy__string_buffer_deinit(&out);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu rows", rows);
    }
    *text = out.text;
    return HEAPY_OK;
}
