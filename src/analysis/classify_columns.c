/* SPDX-License-Identifier: MIT */
/*
 * By what columns say of a member: its type, its owner's type, its size; and all alike.
 *
 * By type the classes are the graph's types.  By "class or dict of" there are two blocks of classes and one
 * more, so that the class of a member is arithmetic:
 *
 *     0 .. types-1        type t
 *     types .. 2*types-1  dict of a t
 *     2*types             dict without owner
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "classify_internal.h"
#include "heapy/memory.h"

/* ---- types ---- */

/* `count` classes that have the names of types, or none yet. */
static bool
add_unnamed(heapy_classes *classes, size_t count)
{
    classes->name_of_class = heapy_alloc_array(count, sizeof *classes->name_of_class);
    if (!classes->name_of_class)
        return false;
    memset(classes->name_of_class, 0xff, count * sizeof *classes->name_of_class); /* NO_NAME */
    classes->class_count = classes->name_capacity = count;
    return true;
}

static heapy_classes *
new_by_type(const heapy_classifier *by, const heapy__members *members, size_t class_count)
{
    heapy_classes *classes = heapy__classes_new(by, heapy__classifier_header(by), members->count);
    if (!classes)
        return NULL;
    classes->types = heapy__type_table_retain(members->graph->type_table);
    const heapy_type *types = heapy_graph_types(members->graph);
    if (!members->nodes && members->count)
        memcpy(classes->of_members, types, members->count * sizeof *types);
    for (size_t i = 0; members->nodes && i < members->count; i++)
        classes->of_members[i] = types[members->nodes[i]];
    if (add_unnamed(classes, class_count))
        return classes;
    heapy_classes_destroy(classes);
    return NULL;
}

heapy_status
heapy__classify_by_type(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                        heapy_error *err)
{
    heapy_classes *classes = new_by_type(by, members, heapy_graph_type_count(members->graph));
    if (!classes)
        return heapy__classes_failed(NULL, members->count, err);
    *out = classes;
    return HEAPY_OK;
}

/* Name a class of the second block, or the one after it, when it is first seen. */
static bool
name_dicts(heapy_classes *classes, heapy_class which, heapy__string_buffer *room)
{
    size_t types = classes->types->count;
    room->length = 0;
    heapy__string_buffer_puts(room, which == 2 * types ? "dict (no owner)" : "dict of ");
    if (which < 2 * types)
        heapy__string_buffer_puts(room,
                                  heapy__type_table_row(classes->types, (heapy_type)(which - types)).name);
    return !room->failed && heapy__name_table_intern(&classes->names, room->text, room->length,
                                                     &classes->name_of_class[which]);
}

heapy_status
heapy__classify_by_clodo(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                         heapy_error *err)
{
    size_t types = heapy_graph_type_count(members->graph);
    if (types > UINT32_MAX / 2 - 1)
        return heapy__fail(err, HEAPY_LIMIT, "%zu types are too many to classify", types);
    heapy_classes *classes = new_by_type(by, members, 2 * types + 1);
    bool *is_dict = heapy_alloc_array(types, sizeof *is_dict);
    heapy__string_buffer room = {0};
    bool is_done = classes && is_dict;
    for (heapy_type t = 0; is_done && t < types; t++)
        is_dict[t] = heapy_graph_type_role(members->graph, t) == HEAPY_ROLE_DICT;
    for (size_t i = 0; is_done && i < members->count; i++) {
        if (!is_dict[classes->of_members[i]])
            continue;
        heapy_type owner = heapy_graph_owner_type(members->graph, heapy__member_node(members, i));
        heapy_class which = (heapy_class)(owner == HEAPY_NO_TYPE ? 2 * types : types + owner);
        classes->of_members[i] = which;
        is_done = classes->name_of_class[which] != NO_NAME || name_dicts(classes, which, &room);
    }
    heapy__string_buffer_deinit(&room);
    heapy_free(is_dict);
    if (!is_done)
        return heapy__classes_failed(classes, members->count, err);
    *out = classes;
    return HEAPY_OK;
}

enum { FEW_TYPES = 64 };

/* The rows above a row, itself included, if they are few: looking through all types for each of many classes
   would be quadratic.  0: they are many. */
static size_t
few_above(const heapy__type_table *types, heapy_type type, heapy_type *above)
{
    size_t count = 0;
    above[count++] = type;
    for (size_t done = 0; done < count; done++) {
        const graph_type *row = &types->rows[above[done]];
        for (uint32_t i = 0; i < row->base_count; i++) {
            heapy_type base = types->bases[row->first_base + i];
            size_t k = 0;
            while (k < count && above[k] != base)
                k++;
            if (k == FEW_TYPES)
                return 0;
            if (k == count)
                above[count++] = base;
        }
    }
    return count;
}

/* The identities of what a row inherits from, itself included.  NULL: no memory. */
static uint64_t *
identities_above(const heapy__type_table *types, heapy_type type, size_t *count)
{
    heapy_type few[FEW_TYPES];
    size_t above = few_above(types, type, few);
    bool *rows = NULL;
    if (!above)
        rows = heapy_alloc_array(types->count, sizeof *rows);
    uint64_t *identities = heapy_alloc_array(above ? above : types->count, sizeof *identities);
    *count = 0;
    if (!identities || (!above && (!rows || heapy__type_table_supertypes(types, type, rows, NULL)))) {
        heapy_free(rows);
        heapy_free(identities);
        return NULL;
    }
    for (size_t i = 0; i < above; i++)
        if (types->rows[few[i]].identity)
            identities[(*count)++] = types->rows[few[i]].identity;
    for (heapy_type t = 0; !above && t < types->count; t++)
        if (rows[t] && types->rows[t].identity)
            identities[(*count)++] = types->rows[t].identity;
    heapy_free(rows);
    return identities;
}

heapy_status
heapy__kind_of_type(const heapy__type_table *types, heapy_type type, const char *name, const heapy_kind **out,
                    heapy_error *err)
{
    size_t above_count = 0;
    if (type == HEAPY_NO_TYPE) {
        const heapy_atom unknown = {.form = HEAPY_ATOM_TYPE, .name = name, .is_dict = !strcmp(name, "dict")};
        return heapy_kind_create(&unknown, out, err);
    }
    heapy_type_row row = heapy__type_table_row(types, type);
    uint64_t *above = identities_above(types, type, &above_count);
    if (!above)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a kind");
    const heapy_atom atom = {.form = HEAPY_ATOM_TYPE,
                             .identity = row.identity,
                             .name = row.name,
                             .module = row.module,
                             .qualname = row.qualname,
                             .is_alias = row.is_alias,
                             .is_dict = row.role == HEAPY_ROLE_DICT,
                             .supertypes = above,
                             .supertype_count = above_count};
    heapy_status status = heapy_kind_create(&atom, out, err);
    heapy_free(above);
    return status;
}

heapy_status
heapy_type_kind(const heapy_graph *graph, heapy_type type, const heapy_kind **out, heapy_error *err)
{
    if (!graph || !out)
        return heapy__fail_null(err, "graph or out");
    if (type >= graph->type_table->count)
        return heapy__fail(err, HEAPY_INVALID, "type %u of %zu", type, graph->type_table->count);
    return heapy__kind_of_type(graph->type_table, type, "", out, err);
}

heapy_status
heapy__kind_of_others(const heapy__type_table *types, heapy_role role, const char *name,
                      const heapy_kind **out, heapy_error *err)
{
    const heapy_kind *kind = NULL;
    heapy_type type = 0;
    while (type < types->count && types->rows[type].role != role)
        type++;
    heapy_status status =
        heapy__kind_of_type(types, type < types->count ? type : HEAPY_NO_TYPE, name, &kind, err);
    if (!status)
        status = heapy_kind_complement(kind, out, err);
    heapy_kind_release(kind);
    return status;
}

heapy_status
heapy__kind_by_type(const heapy_classes *classes, uint32_t which, const heapy_kind **out, heapy_error *err)
{
    return heapy__kind_of_type(classes->types, which, "", out, err);
}

heapy_status
heapy__kind_by_clodo(const heapy_classes *classes, uint32_t which, const heapy_kind **out, heapy_error *err)
{
    size_t types = classes->types->count;
    const heapy_kind *owners = NULL;
    if (which < types)
        return heapy__kind_of_type(classes->types, which, "", out, err);
    heapy_status status = HEAPY_OK;
    if (which < 2 * types)
        status = heapy__kind_of_type(classes->types, (heapy_type)(which - types), "", &owners, err);
    if (!status)
        status = heapy_kind_create(
            &(heapy_atom){.form = HEAPY_ATOM_DICT_OF, .kinds = &owners, .kind_count = owners != NULL}, out,
            err);
    heapy_kind_release(owners);
    return status;
}

/* ---- sizes ---- */

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
add_size(heapy_classes *classes, size_table *table, size_t *capacity, uint64_t size)
{
    char name[32];
    int length = snprintf(name, sizeof name, "%9" PRIu64, size);
    if (2 * (classes->class_count + 1) > table->slot_count && !widen_sizes(table))
        return false;
    uint64_t *sizes = heapy_grow(classes->identities, classes->class_count, capacity, sizeof *sizes);
    if (!sizes)
        return false;
    classes->identities = sizes;
    sizes[classes->class_count] = size;
    if (!heapy__classes_add(classes, name, (size_t)length))
        return false;
    size_t slot = size_slot(table, size);
    table->slots[slot].size = size;
    table->slots[slot].class_plus_1 = (heapy_class)classes->class_count;
    return true;
}

heapy_status
heapy__classify_by_size(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                        heapy_error *err)
{
    const heapy_sizes sizes = heapy_graph_sizes(members->graph);
    heapy_classes *classes = heapy__classes_new(by, by ? heapy__classifier_header(by) : "", members->count);
    size_table table = {0};
    size_t capacity = 0;
    uint64_t last = 0;
    heapy_class class_of_last = 0;
    bool is_done = classes && widen_sizes(&table);
    for (size_t i = 0; is_done && i < members->count; i++) {
        uint64_t size = heapy_size_of(&sizes, heapy__member_node(members, i));
        if (!i || size != last) { /* neighbours are often of one size */
            last = size;
            size_t slot = size_slot(&table, last);
            if (!table.slots[slot].class_plus_1) {
                is_done = add_size(classes, &table, &capacity, last);
                class_of_last = (heapy_class)classes->class_count - 1;
            } else {
                class_of_last = table.slots[slot].class_plus_1 - 1;
            }
        }
        classes->of_members[i] = class_of_last;
    }
    heapy_free(table.slots);
    if (!is_done)
        return heapy__classes_failed(classes, members->count, err);
    *out = classes;
    return HEAPY_OK;
}

heapy_status
heapy__classify_sizes(const heapy__members *members, heapy_classes **out, heapy_error *err)
{
    return heapy__classify_by_size(NULL, members, out, err);
}

heapy_status
heapy__kind_by_size(const heapy_classes *classes, uint32_t which, const heapy_kind **out, heapy_error *err)
{
    uint64_t size = classes->identities[which];
    char name[32];
    snprintf(name, sizeof name, "%" PRIu64, size);
    return heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_SIZE,
                                           .number = size > INT64_MAX ? INT64_MAX : (int64_t)size,
                                           .name = name},
                             out, err);
}

/* ---- all alike ---- */

heapy_status
heapy__classify_by_unity(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                         heapy_error *err)
{
    static const char anything[] = "<Anything>";
    heapy_classes *classes = heapy__classes_new(by, heapy__classifier_header(by), members->count);
    if (!classes || !heapy__classes_add(classes, anything, sizeof anything - 1))
        return heapy__classes_failed(classes, members->count, err);
    if (members->count)
        memset(classes->of_members, 0, members->count * sizeof *classes->of_members);
    *out = classes;
    return HEAPY_OK;
}

heapy_status
heapy__kind_by_unity(const heapy_classes *classes, uint32_t which, const heapy_kind **out, heapy_error *err)
{
    (void)classes, (void)which;
    return heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_ANYTHING}, out, err);
}
