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
    size_t starts_capacity, numbers_capacity;
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
    return classes->set_numbers ? classes->set_numbers + classes->set_starts[which] : NULL;
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
        heapy_grow(classes->set_starts, class_count + 1, &table->starts_capacity, sizeof *starts);
    if (!starts)
        return false;
    classes->set_starts = starts;
    for (size_t i = 0; i < count; i++) {
        uint32_t *all = heapy_grow(classes->set_numbers, first + i, &table->numbers_capacity, sizeof *all);
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

const uint32_t *
heapy_classes_set(const heapy_classes *classes, heapy_class which, size_t *count)
{
    if (!count)
        return NULL;
    *count = 0;
    if (which >= heapy_classes_count(classes) || !classes->set_starts)
        return NULL;
    return set_of_class(classes, which, count);
}

heapy_status
heapy_classify_by_sets(const heapy_referrer_sets *sets, const heapy_node *nodes, size_t node_count,
                       const char *header, const char *const *texts, const char *nothing, heapy_classes **out,
                       heapy_error *err)
{
    if (!sets || !header || !texts || !nothing || !out)
        return heapy__fail_null(err, "sets, header, texts, nothing or out");
    heapy_class *of_nodes = heapy_alloc_array(node_count, sizeof *of_nodes);
    set_table table = {.classes = heapy__classes_new(header, node_count, of_nodes), .starts_capacity = 1};
    heapy_classes *classes = table.classes;
    bool is_done = classes && (classes->set_starts = heapy_alloc_zeroed(1, sizeof *classes->set_starts)) &&
                   widen_sets(&table, 0);
    if (classes)
        classes->form = CLASSES_SETS;
    const uint32_t *last = NULL; /* neighbours often have equal sets */
    size_t last_count = SIZE_MAX;
    heapy_node missing = HEAPY_NO_NODE;
    for (size_t i = 0; is_done && i < node_count; i++) {
        size_t count = 0;
        heapy_node node = nodes ? nodes[i] : (heapy_node)i;
        const uint32_t *set = node == HEAPY_NO_NODE ? NULL : heapy_referrer_sets_get(sets, node, &count);
        if (!set && node != HEAPY_NO_NODE) {
            missing = node;
            is_done = false;
            break;
        }
        if (count == last_count && (!count || (set && last && is_equal(set, last, count)))) {
            of_nodes[i] = of_nodes[i - 1];
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
            of_nodes[i] = (heapy_class)classes->class_count - 1;
        } else {
            of_nodes[i] = table.slots[slot] - 1;
        }
    }
    heapy_free(table.slots);
    if (!is_done) {
        heapy_classes_destroy(classes);
        if (missing != HEAPY_NO_NODE)
            return heapy__fail(err, HEAPY_INVALID, "there is no set of node %u", missing);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to classify %zu objects", node_count);
    }
    *out = classes;
    return HEAPY_OK;
}
