/* SPDX-License-Identifier: MIT */
/* What is relied on of a table that comes from outside. */
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
