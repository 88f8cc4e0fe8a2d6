/* SPDX-License-Identifier: MIT */
#include "name_table.h"

#include <assert.h>
#include <string.h>

#include "heapy/memory.h"

void
heapy__name_table_deinit(heapy__name_table *table)
{
    heapy_free(table->text);
    heapy_free(table->starts);
    heapy_free(table->slots);
    *table = (heapy__name_table){0};
}

/* FNV-1a, 64 bits: names are short and need no defence against chosen collisions. */
static uint64_t
hash_of(const char *name, size_t length)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)name[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static bool
widen_slots(heapy__name_table *table)
{
    size_t wider = table->slot_count ? 2 * table->slot_count : 64;
    uint32_t *slots = heapy_alloc_zeroed(wider, sizeof *slots);
    if (!slots)
        return false;
    for (uint32_t number = 0; number < table->count; number++) {
        size_t length;
        const char *name = heapy__name_table_get(table, number, &length);
        size_t i = hash_of(name, length) & (wider - 1);
        while (slots[i])
            i = (i + 1) & (wider - 1);
        slots[i] = number + 1;
    }
    heapy_free(table->slots);
    table->slots = slots;
    table->slot_count = wider;
    return true;
}

static bool
reserve(heapy__name_table *table, size_t length)
{
    if (2 * (table->count + 1) > table->slot_count && !widen_slots(table))
        return false;
    size_t *starts = heapy_grow(table->starts, table->count + 1, &table->starts_capacity, sizeof *starts);
    if (!starts)
        return false;
    table->starts = starts;
    size_t end = table->count ? starts[table->count] : 0;
    if (end + length + 1 > table->text_capacity) {
        size_t wanted = 2 * table->text_capacity + length + 64;
        char *text = heapy_realloc_array(table->text, wanted, 1);
        if (!text)
            return false;
        table->text = text;
        table->text_capacity = wanted;
    }
    return true;
}

static bool
find(const heapy__name_table *table, const char *name, size_t length, uint64_t hash, uint32_t *out)
{
    if (!table->slot_count)
        return false;
    size_t mask = table->slot_count - 1;
    for (size_t i = hash & mask; table->slots[i]; i = (i + 1) & mask) {
        size_t known_length;
        const char *known = heapy__name_table_get(table, table->slots[i] - 1, &known_length);
        if (known_length == length && !memcmp(known, name, length)) {
            *out = table->slots[i] - 1;
            return true;
        }
    }
    return false;
}

bool
heapy__name_table_find(const heapy__name_table *table, const char *name, size_t length, uint32_t *out)
{
    return find(table, name, length, hash_of(name, length), out);
}

bool
heapy__name_table_intern(heapy__name_table *table, const char *name, size_t length, uint32_t *out)
{
    uint64_t hash = hash_of(name, length);
    if (find(table, name, length, hash, out))
        return true;
    if (table->count >= UINT32_MAX - 1 || !reserve(table, length))
        return false;
    size_t start = table->count ? table->starts[table->count] : 0;
    table->starts[0] = 0;
    memcpy(table->text + start, name, length);
    table->text[start + length] = '\0';
    table->starts[table->count + 1] = start + length + 1;
    size_t i = hash & (table->slot_count - 1);
    while (table->slots[i])
        i = (i + 1) & (table->slot_count - 1);
    table->slots[i] = (uint32_t)table->count + 1;
    *out = (uint32_t)table->count++;
    return true;
}

const char *
heapy__name_table_get(const heapy__name_table *table, uint32_t number, size_t *length)
{
    assert(number < table->count);
    if (length)
        *length = table->starts[number + 1] - table->starts[number] - 1;
    return table->text + table->starts[number];
}

size_t
heapy__name_table_bytes(const heapy__name_table *table)
{
    return table->text_capacity + table->starts_capacity * sizeof *table->starts +
           table->slot_count * sizeof *table->slots;
}
