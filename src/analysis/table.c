/* SPDX-License-Identifier: MIT */
/* The columns of tables, and what is relied on of a table that comes from outside. */
#include <stdbool.h>

#include "../base/fail.h"
#include "table_internal.h"

heapy_status
heapy__table_check(const heapy_table *table, size_t first_row, size_t end_row, heapy_error *err)
{
    if (!table || !table->header || !table->kind_name || (!table->rows && (table->row_count || end_row)))
        return heapy__fail(err, HEAPY_INVALID, "a table without header, kind name or rows");
    if ((unsigned)table->format >= HEAPY_FORMAT_COUNT)
        return heapy__fail(err, HEAPY_INVALID, "%d is no format of a table", (int)table->format);
    for (size_t i = first_row; i < end_row; i++)
        if (!table->rows[i].name)
            return heapy__fail(err, HEAPY_INVALID, "row %zu has no name", i);
    return HEAPY_OK;
}

const heapy_column_name *
heapy_table_columns(heapy_table_format format, size_t *count)
{
    static const heapy_column_name of_classes[] = {{HEAPY_COLUMN_INDEX, "index"},
                                                   {HEAPY_COLUMN_COUNT, "count"},
                                                   {HEAPY_COLUMN_SIZE, "size"},
                                                   {HEAPY_COLUMN_CUMULATIVE, "cumulative"},
                                                   {HEAPY_COLUMN_NAME, "kind"}};
    static const heapy_column_name of_objects[] = {{HEAPY_COLUMN_INDEX, "index"},
                                                   {HEAPY_COLUMN_SIZE, "size"},
                                                   {HEAPY_COLUMN_CUMULATIVE, "cumulative"},
                                                   {HEAPY_COLUMN_NAME, "brief"}};
    static const heapy_column_name of_retained[] = {{HEAPY_COLUMN_INDEX, "index"},
                                                    {HEAPY_COLUMN_COUNT, "count"},
                                                    {HEAPY_COLUMN_SIZE, "size"},
                                                    {HEAPY_COLUMN_RETAINED, "retained"},
                                                    {HEAPY_COLUMN_NAME, "kind"}};
    static const heapy_column_name of_branches[] = {{HEAPY_COLUMN_INDEX, "index"},
                                                    {HEAPY_COLUMN_RETAINED, "retained"},
                                                    {HEAPY_COLUMN_SIZE, "size"},
                                                    {HEAPY_COLUMN_NAME, "brief"}};
    static const struct {
        const heapy_column_name *columns;
        size_t count;
    } formats[] = {
        [HEAPY_FORMAT_SET] = {of_classes, sizeof of_classes / sizeof *of_classes},
        [HEAPY_FORMAT_ID] = {of_objects, sizeof of_objects / sizeof *of_objects},
        [HEAPY_FORMAT_DIFF] = {of_classes, sizeof of_classes / sizeof *of_classes},
        [HEAPY_FORMAT_RETAINED] = {of_retained, sizeof of_retained / sizeof *of_retained},
        [HEAPY_FORMAT_DOMINATED] = {of_branches, sizeof of_branches / sizeof *of_branches},
    };
    bool is_known = (unsigned)format < HEAPY_FORMAT_COUNT;
    if (count)
        *count = is_known ? formats[format].count : 0;
    if (!is_known)
        return NULL;
    return formats[format].columns;
}

int64_t
heapy_row_number(const heapy_row *row, heapy_column column)
{
    switch (row ? column : HEAPY_COLUMN_NAME) {
    case HEAPY_COLUMN_INDEX:
        return row->index;
    case HEAPY_COLUMN_COUNT:
        return row->count;
    case HEAPY_COLUMN_SIZE:
        return row->size;
    case HEAPY_COLUMN_CUMULATIVE:
        return row->cumulative;
    case HEAPY_COLUMN_RETAINED:
        return row->retained;
    case HEAPY_COLUMN_NAME:
        break;
    }
    return 0;
}
