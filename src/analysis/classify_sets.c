/* SPDX-License-Identifier: MIT */
/* Classes of nodes by the set of what refers to them. */
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "classify_internal.h"
#include "heapy/memory.h"

/* Sets seen so far, hashed: open addressing, at most half full. */
typedef struct set_table {
    heapy_classes *classes;
    uint32_t *slots; /* class + 1; 0: free */
    size_t slot_count;
} set_table;

static bool
is_equal(const uint32_t *a, const uint32_t *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static const uint32_t *
set_of_class(const heapy_classes *classes, size_t which, size_t *count)
{
    *count = classes->set_starts[which + 1] - classes->set_starts[which];
    if (!classes->set_numbers)
        return NULL;
    return classes->set_numbers + classes->set_starts[which];
}

static size_t
set_slot(const set_table *table, const uint32_t *numbers, size_t count)
{
    uint64_t hash = count;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ numbers[i]) * UINT64_C(0x9e3779b97f4a7c15);
    size_t mask = table->slot_count - 1, slot = (size_t)(hash >> 32) & mask;
    for (; table->slots[slot]; slot = (slot + 1) & mask) {
        size_t other;
        const uint32_t *set = set_of_class(table->classes, table->slots[slot] - 1, &other);
        if (other == count && is_equal(set, numbers, count))
            break;
    }
    return slot;
}

static bool
widen_sets(set_table *table, size_t class_count)
{
    set_table wider = *table;
    wider.slot_count = table->slot_count ? 4 * table->slot_count : 256;
    wider.slots = heapy_alloc_zeroed(wider.slot_count, sizeof *wider.slots);
    if (!wider.slots)
        return false;
    for (size_t c = 0; c < class_count; c++) {
        size_t count;
        const uint32_t *set = set_of_class(table->classes, c, &count);
        wider.slots[set_slot(&wider, set, count)] = (uint32_t)c + 1;
    }
    heapy_free(table->slots);
    *table = wider;
    return true;
}

/* Append a set as the next class's. */
static bool
append_set(set_table *table, const uint32_t *numbers, size_t count)
{
    heapy_classes *classes = table->classes;
    size_t class_count = classes->class_count;
    size_t first = classes->set_starts[class_count];
    size_t *starts =
        heapy_grow(classes->set_starts, class_count + 1, &classes->starts_capacity, sizeof *starts);
    if (!starts)
        return false;
    classes->set_starts = starts;
    for (size_t i = 0; i < count; i++) {
        uint32_t *all = heapy_grow(classes->set_numbers, first + i, &classes->numbers_capacity, sizeof *all);
        if (!all)
            return false;
        classes->set_numbers = all;
        all[first + i] = numbers[i];
    }
    starts[class_count + 1] = first + count;
    return true;
}

static int
compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The texts of a set, sorted and joined. */
static bool
name_set(heapy_classes *classes, const uint32_t *numbers, size_t count, const char *const *texts,
         const char *nothing)
{
    if (!count)
        return heapy__classes_add(classes, nothing, strlen(nothing));
    const char **sorted = heapy_alloc_array(count, sizeof *sorted);
    if (!sorted)
        return false;
    for (size_t i = 0; i < count; i++)
        sorted[i] = texts[numbers[i]];
    qsort(sorted, count, sizeof *sorted, compare_texts);
    heapy__string_buffer name = {0};
    for (size_t i = 0; i < count; i++) {
        if (i)
            heapy__string_buffer_puts(&name, ", ");
        heapy__string_buffer_puts(&name, sorted[i]);
    }
    bool is_named = !name.failed && heapy__classes_add(classes, name.text, name.length);
    heapy__string_buffer_deinit(&name);
    heapy_free(sorted);
    return is_named;
}

bool
heapy__classify_by_sets(heapy_classes *classes, const heapy_referrer_sets *sets, const heapy_node *node_of,
                        const char *const *texts, const char *nothing)
{
    set_table table = {.classes = classes};
    classes->starts_capacity = 1;
    classes->set_starts = heapy_alloc_zeroed(1, sizeof *classes->set_starts);
    bool is_done = classes->set_starts && widen_sets(&table, 0);
    const uint32_t *last = NULL; /* neighbours often have equal sets */
    size_t last_count = SIZE_MAX;
    for (size_t i = 0; is_done && i < classes->member_count; i++) {
        size_t count = 0;
        const uint32_t *set = heapy_referrer_sets_get(sets, node_of ? node_of[i] : (heapy_node)i, &count);
        if (count == last_count && (!count || is_equal(set, last, count))) {
            classes->of_members[i] = classes->of_members[i - 1];
            continue;
        }
        last = set;
        last_count = count;
        size_t slot = set_slot(&table, set, count);
        if (!table.slots[slot]) {
            is_done = append_set(&table, set, count) && name_set(classes, set, count, texts, nothing);
            if (!is_done)
                break;
            table.slots[slot] = (uint32_t)classes->class_count;
            is_done = 2 * (classes->class_count + 1) <= table.slot_count ||
                      widen_sets(&table, classes->class_count);
            classes->of_members[i] = (heapy_class)classes->class_count - 1;
        } else {
            classes->of_members[i] = table.slots[slot] - 1;
        }
    }
    heapy_free(table.slots);
    return is_done;
}
