/* SPDX-License-Identifier: MIT */
/* Classes made of other classes: of several classifications together, of owners, of the first set that has a
   node. */
#include <assert.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "../graph/node_set_internal.h"
#include "classify_internal.h"
#include "heapy/memory.h"

static heapy_status
no_memory(size_t node_count, heapy_error *err)
{
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to classify %zu objects", node_count);
}

/* ---- several together ---- */

/* Tuples of classes seen so far, hashed: open addressing, at most half full. */
typedef struct tuple_table {
    const heapy_classes *const *factors;
    heapy_classes *classes;
    size_t capacity; /* of classes->factors, in tuples */
    uint32_t *slots; /* class + 1; 0: free */
    size_t slot_count;
} tuple_table;

static const heapy_class *
tuple_of(const tuple_table *table, size_t which)
{
    return table->classes->factors + which * table->classes->factor_count;
}

static size_t
tuple_slot(const tuple_table *table, const heapy_class *tuple)
{
    size_t count = table->classes->factor_count, mask = table->slot_count - 1;
    assert(table->slots);
    uint64_t hash = 1;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ tuple[i]) * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(hash >> 32) & mask;
    while (table->slots[slot] &&
           memcmp(tuple_of(table, table->slots[slot] - 1), tuple, count * sizeof *tuple) != 0)
        slot = (slot + 1) & mask;
    return slot;
}

static bool
widen_tuples(tuple_table *table)
{
    tuple_table wider = *table;
    wider.slot_count = table->slot_count ? 4 * table->slot_count : 256;
    wider.slots = heapy_alloc_zeroed(wider.slot_count, sizeof *wider.slots);
    if (!wider.slots)
        return false;
    for (size_t c = 0; c < table->classes->class_count; c++)
        wider.slots[tuple_slot(&wider, tuple_of(table, c))] = (uint32_t)c + 1;
    heapy_free(table->slots);
    *table = wider;
    return true;
}

static bool
name_tuple(const tuple_table *table, const heapy_class *tuple)
{
    heapy__string_buffer name = {0};
    bool is_named = true;
    for (size_t i = 0; is_named && i < table->classes->factor_count; i++) {
        char *text = heapy_classes_factor_name(table->factors[i], tuple[i]);
        if (i)
            heapy__string_buffer_puts(&name, " & ");
        if (text)
            heapy__string_buffer_puts(&name, text);
        is_named = text;
        heapy_text_free(text);
    }
    is_named = is_named && !name.failed && heapy__classes_add(table->classes, name.text, name.length);
    heapy__string_buffer_deinit(&name);
    return is_named;
}

/* The class of a tuple, new or not.  False: no memory. */
static bool
number_tuple(tuple_table *table, const heapy_class *tuple, heapy_class *number)
{
    heapy_classes *classes = table->classes;
    size_t count = classes->factor_count;
    if ((!table->slots || 2 * (classes->class_count + 1) > table->slot_count) && !widen_tuples(table))
        return false;
    size_t slot = tuple_slot(table, tuple);
    if (!table->slots[slot]) {
        heapy_class *all =
            heapy_grow(classes->factors, classes->class_count, &table->capacity, count * sizeof *all);
        if (!all)
            return false;
        classes->factors = all;
        memcpy(all + classes->class_count * count, tuple, count * sizeof *all);
        if (!name_tuple(table, tuple))
            return false;
        table->slots[slot] = (uint32_t)classes->class_count;
    }
    *number = table->slots[slot] - 1;
    return true;
}

/* "Type & {Referred Via}": sets in braces, and no colon. */
static void
put_factor_header(heapy__string_buffer *header, const heapy_classes *factor)
{
    size_t length = strlen(factor->header);
    if (factor->form != CLASSES_SETS) {
        heapy__string_buffer_puts(header, factor->header);
        return;
    }
    if (length && factor->header[length - 1] == ':')
        length--;
    heapy__string_buffer_puts(header, "{");
    heapy__string_buffer_append(header, factor->header, length);
    heapy__string_buffer_puts(header, "}");
}

heapy_status
heapy_classes_combine(const heapy_classes *const *factors, size_t count, heapy_classes **out,
                      heapy_error *err)
{
    if (!factors || !out)
        return heapy__fail_null(err, "factors or out");
    if (!count)
        return heapy__fail(err, HEAPY_INVALID, "no classes to combine");
    for (size_t i = 0; i < count; i++)
        if (!factors[i] || factors[i]->node_count != factors[0]->node_count)
            return heapy__fail(err, HEAPY_INVALID,
                               "factor %zu does not classify the nodes that the first does", i);
    size_t nodes = factors[0]->node_count;
    heapy__string_buffer header = {0};
    for (size_t i = 0; i < count; i++) {
        if (i)
            heapy__string_buffer_puts(&header, " & ");
        put_factor_header(&header, factors[i]);
    }
    heapy_class *of_nodes = header.failed ? NULL : heapy_alloc_array(nodes, sizeof *of_nodes);
    heapy_class *tuple = heapy_alloc_array(count, sizeof *tuple);
    tuple_table table = {.factors = factors,
                         .classes = of_nodes ? heapy__classes_new(header.text, nodes, of_nodes) : NULL};
    heapy__string_buffer_deinit(&header);
    bool is_done = tuple && table.classes;
    if (table.classes)
        table.classes->factor_count = count;
    for (size_t i = 0; is_done && i < nodes; i++) {
        for (size_t f = 0; f < count; f++)
            tuple[f] = factors[f]->of_nodes[i];
        is_done = number_tuple(&table, tuple, &of_nodes[i]);
    }
    heapy_free(tuple);
    heapy_free(table.slots);
    if (!is_done) {
        heapy_classes_destroy(table.classes);
        return no_memory(nodes, err);
    }
    *out = table.classes;
    return HEAPY_OK;
}

const heapy_class *
heapy_classes_factors(const heapy_classes *classes, heapy_class which)
{
    if (which >= heapy_classes_count(classes) || !classes->factors)
        return NULL;
    return classes->factors + which * classes->factor_count;
}

/* ---- owners ---- */

static bool
name_owner_classes(heapy_classes *classes, const heapy_classes *of_owners)
{
    static const char no_dict[] = "~dict", no_owner[] = "dict (no owner)", prefix[] = "dict of ";
    bool is_named = heapy__classes_add(classes, no_dict, sizeof no_dict - 1) &&
                    heapy__classes_add(classes, no_owner, sizeof no_owner - 1);
    heapy__string_buffer name = {0};
    for (size_t c = 0; is_named && c < of_owners->class_count; c++) {
        name.length = 0;
        heapy__string_buffer_puts(&name, prefix);
        heapy__string_buffer_puts(&name, heapy_classes_name(of_owners, (heapy_class)c));
        is_named = !name.failed && heapy__classes_add(classes, name.text, name.length);
    }
    heapy__string_buffer_deinit(&name);
    return is_named;
}

heapy_status
heapy_classify_by_owner(const heapy_graph *graph, const heapy_node *owner_nodes,
                        const heapy_classes *of_owners, heapy_classes **out, heapy_error *err)
{
    if (!graph || (!owner_nodes && heapy_graph_node_count(graph)) || !of_owners || !out)
        return heapy__fail_null(err, "graph, owner_nodes, of_owners or out");
    size_t nodes = heapy_graph_node_count(graph);
    const heapy_type *types = heapy_graph_types(graph);
    heapy__string_buffer header = {0};
    heapy__string_buffer_puts(&header, "Dict of ");
    heapy__string_buffer_puts(&header, of_owners->header);
    heapy_class *of_nodes = header.failed ? NULL : heapy_alloc_array(nodes, sizeof *of_nodes);
    heapy_classes *classes = of_nodes ? heapy__classes_new(header.text, nodes, of_nodes) : NULL;
    heapy__string_buffer_deinit(&header);
    if (!classes || !name_owner_classes(classes, of_owners)) {
        heapy_classes_destroy(classes);
        return no_memory(nodes, err);
    }
    for (size_t i = 0; i < nodes; i++) {
        bool is_dict = heapy_graph_type_role(graph, types[i]) == HEAPY_ROLE_DICT;
        if (is_dict && owner_nodes[i] != HEAPY_NO_NODE && owner_nodes[i] >= of_owners->node_count) {
            heapy_classes_destroy(classes);
            return heapy__fail(err, HEAPY_INVALID, "dict %zu belongs to node %u of %zu", i, owner_nodes[i],
                               of_owners->node_count);
        }
        of_nodes[i] = !is_dict                          ? 0
                      : owner_nodes[i] == HEAPY_NO_NODE ? 1
                                                        : 2 + of_owners->of_nodes[owner_nodes[i]];
    }
    *out = classes;
    return HEAPY_OK;
}

/* ---- the first set that has a node ---- */

heapy_status
heapy_classify_by_first_match(size_t node_count, const heapy_node_set *const *sets, size_t count,
                              const char *header, const char *const *names, heapy_classes **out,
                              heapy_error *err)
{
    if ((!sets && count) || !header || !names || !out)
        return heapy__fail_null(err, "sets, header, names or out");
    for (size_t i = 0; i <= count; i++) {
        heapy_status status = i < count ? heapy__node_set_fits(sets[i], node_count, "sets", err) : HEAPY_OK;
        if (status)
            return status;
        if (!names[i] || (i < count && !sets[i]))
            return heapy__fail(err, HEAPY_INVALID, "set %zu or its name is NULL", i);
    }
    heapy_class *of_nodes = heapy_alloc_array(node_count, sizeof *of_nodes);
    heapy_classes *classes = heapy__classes_new(header, node_count, of_nodes);
    bool is_done = classes;
    for (size_t i = 0; is_done && i <= count; i++)
        is_done = heapy__classes_add(classes, names[i], strlen(names[i]));
    if (!is_done) {
        heapy_classes_destroy(classes);
        return no_memory(node_count, err);
    }
    for (size_t i = 0; i < node_count; i++) {
        heapy_class c = 0;
        while (c < count && !heapy_node_set_contains(sets[c], (heapy_node)i))
            c++;
        of_nodes[i] = c;
    }
    *out = classes;
    return HEAPY_OK;
}
