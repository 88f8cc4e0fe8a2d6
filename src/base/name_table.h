/* SPDX-License-Identifier: MIT */
/*
 * Interned byte strings: equal strings get equal numbers, 0, 1, 2, ... in the order they came.
 *
 *     text     | "id\0" | "name\0" | ...      all strings, one after the other
 *     starts   where each begins; starts[count] is the end
 *     slots    open-addressed hash table of number + 1, 0 is free
 */
#ifndef HEAPY_BASE_NAME_TABLE_H
#define HEAPY_BASE_NAME_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct heapy__name_table {
    char *text;
    size_t text_capacity;
    size_t *starts; /* count + 1 of them once count > 0 */
    size_t starts_capacity;
    size_t count;
    uint32_t *slots;
    size_t slot_count; /* a power of two, or 0 */
} heapy__name_table;

/* A zeroed struct is an empty table.  deinit frees what it owns and leaves it empty. */
void heapy__name_table_deinit(heapy__name_table *table);

/* The number of the string; false when there is no memory (the table is then unchanged). */
bool heapy__name_table_intern(heapy__name_table *table, const char *name, size_t length, uint32_t *out);

/* The number of a string that is in the table; false when it is not. */
bool heapy__name_table_find(const heapy__name_table *table, const char *name, size_t length, uint32_t *out);

/* NUL-terminated; borrowed until the next intern.  length may be NULL. */
const char *heapy__name_table_get(const heapy__name_table *table, uint32_t number, size_t *length);

size_t heapy__name_table_bytes(const heapy__name_table *table);

#endif
