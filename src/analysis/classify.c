/* SPDX-License-Identifier: MIT */
/*
 * Classifiers.
 *
 * By type the classes are the graph's types.  By "class or dict of" there are two blocks of classes and one
 * more, so that the class of a node is arithmetic:
 *
 *     0 .. types-1        type t
 *     types .. 2*types-1  dict of a t
 *     2*types             dict without owner
 */
#include "classify_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "heapy/memory.h"

void
heapy_classes_destroy(heapy_classes *classes)
{
    if (!classes)
        return;
    heapy_free(classes->header);
    heapy_free(classes->of_nodes);
    heapy_free(classes->name_of_class);
    heapy_free(classes->set_starts);
    heapy_free(classes->set_numbers);
    heapy_free(classes->factors);
    heapy__name_table_deinit(&classes->names);
    heapy_free(classes);
}

size_t
heapy_classes_count(const heapy_classes *classes)
{
    return classes ? classes->class_count : 0;
}

size_t
heapy_classes_node_count(const heapy_classes *classes)
{
    return classes ? classes->node_count : 0;
}

const heapy_class *
heapy_classes_of_nodes(const heapy_classes *classes)
{
    return classes ? classes->of_nodes : NULL;
}

const char *
heapy_classes_name(const heapy_classes *classes, heapy_class which)
{
    if (which >= heapy_classes_count(classes))
        return "";
    return heapy__name_table_get(&classes->names, classes->name_of_class[which], NULL);
}

char *
heapy_classes_factor_name(const heapy_classes *classes, heapy_class which)
{
    if (which >= heapy_classes_count(classes))
        return NULL;
    heapy__string_buffer name = {0};
    const char *text = heapy_classes_name(classes, which);
    size_t count = 1;
    if (classes->form == CLASSES_SETS)
        heapy_classes_set(classes, which, &count);
    while (classes->form == CLASSES_SIZES && *text == ' ')
        text++;
    if (classes->form == CLASSES_SETS)
        heapy__string_buffer_puts(&name, "{");
    heapy__string_buffer_puts(&name, count ? text : "");
    if (classes->form == CLASSES_SETS)
        heapy__string_buffer_puts(&name, "}");
    if (name.failed)
        heapy__string_buffer_deinit(&name);
    return name.text;
}

const char *
heapy_classifier_header(heapy_classifier classifier)
{
    switch (classifier) {
    case HEAPY_BY_TYPE:
        return "Type";
    case HEAPY_BY_CLODO:
        return "Kind (class / dict of class)";
    case HEAPY_BY_SIZE:
        return "Individual Size";
    case HEAPY_BY_UNITY:
        return "<unclassified>";
    }
    return "";
}

const char *
heapy_classes_header(const heapy_classes *classes)
{
    return classes ? classes->header : "";
}

heapy_class_form
heapy_classes_form(const heapy_classes *classes, heapy_class which, heapy_type *type)
{
    if (which >= heapy_classes_count(classes) || !classes->has_types)
        return HEAPY_CLASS_OTHER;
    if (which == 2 * classes->type_count)
        return HEAPY_CLASS_DICT_NO_OWNER;
    if (type)
        *type = (heapy_type)(which % classes->type_count);
    return which < classes->type_count ? HEAPY_CLASS_TYPE : HEAPY_CLASS_DICT_OF;
}

/* ---- making ---- */

bool
heapy__classes_add(heapy_classes *classes, const char *name, size_t length)
{
    uint32_t *names =
        heapy_grow(classes->name_of_class, classes->class_count, &classes->name_capacity, sizeof *names);
    if (!names)
        return false;
    classes->name_of_class = names;
    if (!heapy__name_table_intern(&classes->names, name, length, &names[classes->class_count]))
        return false;
    classes->class_count++;
    return true;
}

heapy_classes *
heapy__classes_new(const char *header, size_t node_count, heapy_class *of_nodes)
{
    heapy_classes *classes = of_nodes ? heapy_alloc_zeroed(1, sizeof *classes) : NULL;
    if (classes)
        classes->header = heapy__copy_text(header);
    if (!classes || !classes->header) {
        heapy_free(of_nodes);
        heapy_free(classes);
        return NULL;
    }
    classes->node_count = node_count;
    classes->of_nodes = of_nodes;
    return classes;
}

/* Partitions count classes into an array without looking: here is where they are looked at. */
static heapy_status
check_created(const char *header, size_t node_count, const heapy_class *of_nodes, size_t class_count,
              const char *const *names, heapy_error *err)
{
    if (!header || !of_nodes || (!names && class_count))
        return heapy__fail(err, HEAPY_INVALID,
                           "heapy_classes_create: NULL in place of header, of_nodes or names");
    for (size_t i = 0; i < node_count; i++)
        if (of_nodes[i] >= class_count)
            return heapy__fail(err, HEAPY_INVALID, "node %zu has class %u of %zu", i, of_nodes[i],
                               class_count);
    for (size_t i = 0; i < class_count; i++)
        if (!names[i])
            return heapy__fail(err, HEAPY_INVALID, "class %zu has no name", i);
    return HEAPY_OK;
}

heapy_status
heapy_classes_create(const char *header, size_t node_count, heapy_class *of_nodes, size_t class_count,
                     const char *const *names, heapy_classes **out, heapy_error *err)
{
    heapy_status status = check_created(header, node_count, of_nodes, class_count, names, err);
    if (!status && !out)
        status = heapy__fail_null(err, "out");
    if (status) {
        heapy_free(of_nodes);
        return status;
    }
    heapy_classes *classes = heapy__classes_new(header, node_count, of_nodes);
    bool is_done = classes;
    for (size_t i = 0; is_done && i < class_count; i++)
        is_done = heapy__classes_add(classes, names[i], strlen(names[i]));
    if (!is_done) {
        heapy_classes_destroy(classes);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu classes", class_count);
    }
    *out = classes;
    return HEAPY_OK;
}

/* The names of the first block; only those of classes that occur could be made, but types are few. */
static bool
name_types(heapy_classes *classes, const heapy_graph *graph)
{
    bool is_named = true;
    for (heapy_type t = 0; is_named && t < classes->type_count; t++) {
        const char *name = heapy_graph_type_name(graph, t);
        is_named = heapy__classes_add(classes, name, strlen(name));
    }
    return is_named;
}

/* The names of the second block and of the one class after it. */
static bool
name_owners(heapy_classes *classes, const heapy_graph *graph)
{
    static const char prefix[] = "dict of ", no_owner[] = "dict (no owner)";
    heapy__string_buffer joined = {0};
    bool is_named = true;
    for (heapy_type t = 0; is_named && t < classes->type_count; t++) {
        joined.length = 0;
        heapy__string_buffer_puts(&joined, prefix);
        heapy__string_buffer_puts(&joined, heapy_graph_type_name(graph, t));
        is_named = !joined.failed && heapy__classes_add(classes, joined.text, joined.length);
    }
    heapy__string_buffer_deinit(&joined);
    return is_named && heapy__classes_add(classes, no_owner, sizeof no_owner - 1);
}

static bool
classify_by_type(heapy_classes *classes, const heapy_graph *graph)
{
    classes->has_types = true;
    classes->type_count = heapy_graph_type_count(graph);
    if (classes->node_count)
        memcpy(classes->of_nodes, heapy_graph_types(graph), classes->node_count * sizeof *classes->of_nodes);
    return name_types(classes, graph);
}

static bool
classify_by_clodo(heapy_classes *classes, const heapy_graph *graph)
{
    if (!classify_by_type(classes, graph) || !name_owners(classes, graph))
        return false;
    size_t types = classes->type_count;
    bool *is_dict = heapy_alloc_array(types, sizeof *is_dict);
    if (!is_dict)
        return false;
    for (heapy_type t = 0; t < types; t++)
        is_dict[t] = heapy_graph_type_role(graph, t) == HEAPY_ROLE_DICT;
    for (size_t i = 0; i < classes->node_count; i++) {
        if (!is_dict[classes->of_nodes[i]])
            continue;
        heapy_type owner = heapy_graph_owner_type(graph, (heapy_node)i);
        classes->of_nodes[i] = (heapy_class)(owner == HEAPY_NO_TYPE ? 2 * types : types + owner);
    }
    heapy_free(is_dict);
    return true;
}

/* Sizes seen so far, hashed: open addressing, at most half full. */
typedef struct size_table {
    struct {
        uint64_t size;
        heapy_class class_plus_1; /* 0: free */
    } *slots;
    size_t slot_count; /* a power of two */
} size_table;

static size_t
size_slot(const size_table *table, uint64_t size)
{
    size_t mask = table->slot_count - 1;
    size_t i = (size_t)(size * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;
    while (table->slots[i].class_plus_1 && table->slots[i].size != size)
        i = (i + 1) & mask;
    return i;
}

static bool
widen_sizes(size_table *table)
{
    size_table wider = {.slot_count = table->slot_count ? 4 * table->slot_count : 256};
    wider.slots = heapy_alloc_zeroed(wider.slot_count, sizeof *wider.slots);
    if (!wider.slots)
        return false;
    for (size_t i = 0; i < table->slot_count; i++)
        if (table->slots[i].class_plus_1)
            wider.slots[size_slot(&wider, table->slots[i].size)] = table->slots[i];
    heapy_free(table->slots);
    *table = wider;
    return true;
}

/* The class of a size that is new. */
static bool
add_size(heapy_classes *classes, size_table *table, uint64_t size)
{
    char name[32];
    int length = snprintf(name, sizeof name, "%9" PRIu64, size);
    if (2 * (classes->class_count + 1) > table->slot_count && !widen_sizes(table))
        return false;
    if (!heapy__classes_add(classes, name, (size_t)length))
        return false;
    size_t slot = size_slot(table, size);
    table->slots[slot].size = size;
    table->slots[slot].class_plus_1 = (heapy_class)classes->class_count;
    return true;
}

static bool
classify_by_size(heapy_classes *classes, const heapy_graph *graph)
{
    const heapy_sizes sizes = heapy_graph_sizes(graph);
    size_table table = {0};
    classes->form = CLASSES_SIZES;
    uint64_t last = 0;
    heapy_class class_of_last = 0;
    bool is_done = widen_sizes(&table);
    for (size_t i = 0; is_done && i < classes->node_count; i++) {
        uint64_t size = heapy_size_of(&sizes, (heapy_node)i);
        if (!i || size != last) { /* neighbours are often of one size */
            last = size;
            size_t slot = size_slot(&table, last);
            if (!table.slots[slot].class_plus_1) {
                is_done = add_size(classes, &table, last);
                class_of_last = (heapy_class)classes->class_count - 1;
            } else {
                class_of_last = table.slots[slot].class_plus_1 - 1;
            }
        }
        classes->of_nodes[i] = class_of_last;
    }
    heapy_free(table.slots);
    return is_done;
}

static bool
classify_by_unity(heapy_classes *classes)
{
    static const char anything[] = "<Anything>";
    if (classes->node_count)
        memset(classes->of_nodes, 0, classes->node_count * sizeof *classes->of_nodes);
    return heapy__classes_add(classes, anything, sizeof anything - 1);
}

static bool
classify(heapy_classes *classes, const heapy_graph *graph, heapy_classifier classifier)
{
    switch (classifier) {
    case HEAPY_BY_TYPE:
        return classify_by_type(classes, graph);
    case HEAPY_BY_CLODO:
        return classify_by_clodo(classes, graph);
    case HEAPY_BY_SIZE:
        return classify_by_size(classes, graph);
    case HEAPY_BY_UNITY:
        break;
    }
    return classify_by_unity(classes);
}

heapy_status
heapy_classify(const heapy_graph *graph, heapy_classifier classifier, heapy_classes **out, heapy_error *err)
{
    if (!graph || !out)
        return heapy__fail_null(err, "graph or out");
    if ((unsigned)classifier > HEAPY_BY_UNITY)
        return heapy__fail(err, HEAPY_INVALID, "%d is no classifier", (int)classifier);
    size_t nodes = heapy_graph_node_count(graph), types = heapy_graph_type_count(graph);
    if (types > UINT32_MAX / 2 - 1)
        return heapy__fail(err, HEAPY_LIMIT, "%zu types are too many to classify", types);
    heapy_classes *classes = heapy__classes_new(heapy_classifier_header(classifier), nodes,
                                                heapy_alloc_array(nodes, sizeof *classes->of_nodes));
    if (!classes || !classify(classes, graph, classifier)) {
        heapy_classes_destroy(classes);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to classify %zu objects", nodes);
    }
    *out = classes;
    return HEAPY_OK;
}
