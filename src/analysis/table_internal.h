/* SPDX-License-Identifier: MIT */
/* For those who are given a table. */
#ifndef HEAPY_TABLE_INTERNAL_H
#define HEAPY_TABLE_INTERNAL_H

#include "heapy/status.h"
#include "heapy/table.h"

/* HEAPY_INVALID when the table, which may be NULL, lacks a text, has no known format, or a row from first_row
   to end_row - 1 is missing or has no name. */
heapy_status heapy__table_check(const heapy_table *table, size_t first_row, size_t end_row, heapy_error *err);

#endif
