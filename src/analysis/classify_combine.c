/* SPDX-License-Identifier: MIT */
/* By several classifiers at once, by the owner of a dict, by the first kind that has a member. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "classify_internal.h"
#include "heapy/memory.h"

/* ---- several together ---- */

/* Tuples of classes seen so far, hashed: open addressing, at most half full. */
typedef struct tuple_table {
    heapy_classes *classes; /* inner: of each part */
    size_t capacity;        /* of classes->factors, in tuples */
    uint32_t *slots;        /* class + 1; 0: free */
    size_t slot_count;
} tuple_table;

static const heapy_class *
tuple_of(const tuple_table *table, size_t which)
{
    return table->classes->factors + which * table->classes->inner_count;
}

static size_t
tuple_slot(const tuple_table *table, const heapy_class *tuple)
{
    size_t count = table->classes->inner_count, mask = table->slot_count - 1;
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
    for (size_t i = 0; is_named && i < table->classes->inner_count; i++) {
        char *text = heapy_classes_factor_name(table->classes->inner[i], tuple[i]);
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
    size_t count = classes->inner_count;
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
    if (!factor->set_starts) {
        heapy__string_buffer_puts(header, factor->header);
        return;
    }
    if (length && factor->header[length - 1] == ':')
        length--;
    heapy__string_buffer_puts(header, "{");
    heapy__string_buffer_append(header, factor->header, length);
    heapy__string_buffer_puts(header, "}");
}

/* The column of inner classes is needed while members are classified only. */
static void
drop_members(heapy_classes *classes)
{
    for (size_t i = 0; i < classes->inner_count; i++) {
        heapy_free(classes->inner[i]->of_members);
        classes->inner[i]->of_members = NULL;
        classes->inner[i]->member_count = 0;
    }
}

/* Replace the header, which is made of those of the parts.  False: no memory. */
static bool
set_header(heapy_classes *classes, const char *beginning, const char *separator)
{
    heapy__string_buffer header = {0};
    heapy__string_buffer_puts(&header, beginning);
    for (size_t i = 0; i < classes->inner_count; i++) {
        if (i)
            heapy__string_buffer_puts(&header, separator);
        if (classes->inner_count > 1)
            put_factor_header(&header, classes->inner[i]);
        else
            heapy__string_buffer_puts(&header, heapy_classes_header(classes->inner[i]));
    }
    if (header.failed) {
        heapy__string_buffer_deinit(&header);
        return false;
    }
    heapy_free(classes->header);
    classes->header = header.text;
    return true;
}

static bool
number_tuples(heapy_classes *classes)
{
    tuple_table table = {.classes = classes};
    size_t count = classes->inner_count;
    heapy_class *tuple = heapy_alloc_array(count, sizeof *tuple);
    bool is_done = tuple;
    for (size_t i = 0; is_done && i < classes->member_count; i++) {
        for (size_t f = 0; f < count; f++)
            tuple[f] = classes->inner[f]->of_members[i];
        is_done = number_tuple(&table, tuple, &classes->of_members[i]);
    }
    heapy_free(tuple);
    heapy_free(table.slots);
    return is_done;
}

heapy_status
heapy__classify_by_all(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                       heapy_error *err)
{
    heapy_classes *classes = heapy__classes_new(by, "", members->count);
    if (!classes || !heapy__classes_make_inner(classes, by->part_count))
        return heapy__classes_failed(classes, members->count, err);
    heapy_status status = HEAPY_OK;
    for (size_t i = 0; !status && i < by->part_count; i++)
        status = heapy__classify(by->parts[i], members, &classes->inner[i], err);
    if (status) {
        heapy_classes_destroy(classes);
        return status;
    }
    if (!set_header(classes, "", " & ") || !number_tuples(classes))
        return heapy__classes_failed(classes, members->count, err);
    drop_members(classes);
    *out = classes;
    return HEAPY_OK;
}

/* In the order of the parts, whatever the order of the operators'; a & b is written (b & a) for the first
 * two. */
heapy_status
heapy__kind_by_all(const heapy_classes *classes, uint32_t which, const heapy_kind **out, heapy_error *err)
{
    const heapy_class *factors = classes->factors + which * classes->inner_count;
    const heapy_kind *kind = NULL;
    heapy_status status = HEAPY_OK;
    for (size_t i = 0; !status && i < classes->inner_count; i++) {
        const heapy_kind *factor, *both = NULL;
        bool is_one_object = heapy_classifier_form_of(classes->inner[i]->by) == HEAPY_BY_IDSET;
        status = heapy_class_kind(classes->inner[i], factors[i], &factor, err);
        if (status)
            break;
        if (!kind || is_one_object) /* the object is in the class of every other part too */
            both = heapy_kind_retain(factor);
        else
            status = heapy_kind_combine(i == 1 ? factor : kind, i == 1 ? kind : factor, HEAPY_INTERSECTION,
                                        &both, err);
        heapy_kind_release(factor);
        heapy_kind_release(kind);
        kind = both;
        if (is_one_object)
            break;
    }
    if (status)
        heapy_kind_release(kind);
    else
        *out = kind;
    return status;
}

/* ---- owners ---- */

static bool
name_owner_classes(heapy_classes *classes)
{
    static const char no_dict[] = "~dict", no_owner[] = "dict (no owner)", prefix[] = "dict of ";
    const heapy_classes *of_owners = classes->inner[0];
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

static int
compare_nodes(const void *a, const void *b)
{
    heapy_node x = *(const heapy_node *)a, y = *(const heapy_node *)b;
    return (x > y) - (x < y);
}

static heapy_node
owner_of_member(const heapy__members *members, size_t i)
{
    heapy_node node = heapy__member_node(members, i);
    bool is_dict = heapy_graph_role(members->graph, node) == HEAPY_ROLE_DICT;
    if (!is_dict)
        return HEAPY_NO_NODE;
    return heapy_graph_owner(members->graph, node);
}

/* The owners of the members that are dicts, each once, in order; their number. */
static size_t
list_owners(const heapy__members *members, heapy_node *owners)
{
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < members->count; i++) {
        heapy_node owner = owner_of_member(members, i);
        if (owner != HEAPY_NO_NODE)
            owners[count++] = owner;
    }
    if (count > 1)
        qsort(owners, count, sizeof *owners, compare_nodes);
    for (size_t i = 0; i < count; i++)
        if (!kept || owners[i] != owners[kept - 1])
            owners[kept++] = owners[i];
    return kept;
}

/* The class of each member, once those of the owners are known. */
static void
class_dicts(heapy_classes *classes, const heapy__members *members, const heapy__members *owners)
{
    for (size_t i = 0; i < members->count; i++) {
        bool is_dict = heapy_graph_role(members->graph, heapy__member_node(members, i)) == HEAPY_ROLE_DICT;
        heapy_node owner = owner_of_member(members, i);
        const heapy_node *found = NULL;
        if (owner != HEAPY_NO_NODE)
            found = bsearch(&owner, owners->nodes, owners->count, sizeof owner, compare_nodes);
        if (found)
            classes->of_members[i] = 2 + classes->inner[0]->of_members[found - owners->nodes];
        else if (is_dict)
            classes->of_members[i] = 1;
        else
            classes->of_members[i] = 0;
    }
}

/* Class 0 is what is no dict, 1 dicts without owner, 2 + c the dicts whose owner has class c of its part. */
heapy_status
heapy__classify_by_owner(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                         heapy_error *err)
{
    if (!heapy_graph_has_owners(members->graph))
        return heapy__classify_lacks("the owners of dicts", err);
    heapy_classes *classes = heapy__classes_new(by, "", members->count);
    heapy_node *owners = heapy_alloc_array(members->count, sizeof *owners);
    if (!classes || !owners || !heapy__classes_make_inner(classes, 1)) {
        heapy_free(owners);
        return heapy__classes_failed(classes, members->count, err);
    }
    classes->types = heapy__type_table_retain(members->graph->type_table);
    heapy__members of_owners = *members;
    of_owners.count = list_owners(members, owners);
    of_owners.nodes = owners;
    heapy_status status = heapy__classify(by->parts[0], &of_owners, &classes->inner[0], err);
    if (!status && (!set_header(classes, heapy__classifier_header(by), "") || !name_owner_classes(classes)))
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to classify %zu objects", members->count);
    if (!status) {
        class_dicts(classes, members, &of_owners);
        drop_members(classes);
        *out = classes;
    } else {
        heapy_classes_destroy(classes);
    }
    heapy_free(owners);
    return status;
}

heapy_status
heapy__kind_by_owner(const heapy_classes *classes, uint32_t which, const heapy_kind **out, heapy_error *err)
{
    const heapy_kind *kind = NULL;
    heapy_status status = HEAPY_OK;
    if (!which)
        return heapy__kind_of_others(classes->types, HEAPY_ROLE_DICT, "dict", out, err);
    if (which >= 2)
        status = heapy_class_kind(classes->inner[0], which - 2, &kind, err);
    if (!status)
        status = heapy_kind_create(
            &(heapy_atom){.form = HEAPY_ATOM_DICT_OF, .kinds = &kind, .kind_count = which >= 2}, out, err);
    heapy_kind_release(kind);
    return status;
}

/* ---- the first kind that has a member ---- */

/* Matches are called "int / 0" and so on by the kind's number, and "<None>" what no kind has. */
static bool
name_matches(heapy_classes *classes)
{
    static const char none[] = "<None>";
    heapy__string_buffer name = {0};
    bool is_named = true;
    for (size_t i = 0; is_named && i < classes->by->kind_count; i++) {
        name.length = 0;
        heapy__string_buffer_puts(&name, classes->by->names[i]);
        heapy__string_buffer_printf(&name, " / %zu", i);
        is_named = !name.failed && heapy__classes_add(classes, name.text, name.length);
    }
    heapy__string_buffer_deinit(&name);
    return is_named && heapy__classes_add(classes, none, sizeof none - 1);
}

/* Class k is the kinds' number k, their count that of what none of them has. */
heapy_status
heapy__classify_by_first_match(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                               heapy_error *err)
{
    heapy_classes *classes = heapy__classes_new(by, heapy__classifier_header(by), members->count);
    if (!classes || !name_matches(classes))
        return heapy__classes_failed(classes, members->count, err);
    for (size_t i = 0; i < members->count; i++)
        classes->of_members[i] = (heapy_class)by->kind_count;
    const heapy_members some = {members->nodes, members->count};
    heapy_status status = HEAPY_OK;
    for (size_t k = by->kind_count; !status && k-- > 0;) { /* earlier kinds overwrite later ones */
        heapy_node_set *matched = NULL;
        status =
            heapy_kind_select(by->kinds[k], members->snapshot, members->nodes ? &some : NULL, &matched, err);
        for (heapy_node i = heapy_node_set_next(matched, 0); i != HEAPY_NO_NODE;
             i = heapy_node_set_next(matched, i + 1))
            classes->of_members[i] = (heapy_class)k;
        heapy_node_set_destroy(matched);
    }
    if (status)
        heapy_classes_destroy(classes);
    else
        *out = classes;
    return status;
}

heapy_status
heapy__kind_by_first_match(const heapy_classes *classes, uint32_t which, const heapy_kind **out,
                           heapy_error *err)
{
    return heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_FIRST_MATCH,
                                           .classifier = classes->by,
                                           .number = which,
                                           .kinds = classes->by->kinds,
                                           .kind_count = classes->by->kind_count},
                             out, err);
}
