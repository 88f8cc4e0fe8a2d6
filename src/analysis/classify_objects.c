/* SPDX-License-Identifier: MIT */
/* By what an object is: which module, or which object at all. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "classify_internal.h"
#include "heapy/memory.h"

/* ---- modules ---- */

/* Add a class for a module, whose kind has its address. */
static heapy_status
add_module(heapy_classes *classes, const heapy__members *members, heapy_node node, size_t *capacity,
           heapy_error *err)
{
    char *name;
    heapy_status status = heapy_snapshot_text(members->snapshot, node, HEAPY_TEXT_ROW, &name, err);
    if (status)
        return status;
    uint64_t *addresses = heapy_grow(classes->identities, classes->class_count, capacity, sizeof *addresses);
    if (addresses) {
        classes->identities = addresses;
        addresses[classes->class_count] = heapy_snapshot_address(members->snapshot, node);
    }
    if (!addresses || !heapy__classes_add(classes, name, strlen(name)))
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the class of a module");
    heapy_text_free(name);
    return status;
}

/* Class 0 is everything that is no module; then a class a module. */
heapy_status
heapy__classify_by_module(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                          heapy_error *err)
{
    static const char others[] = "~module";
    size_t capacity = 0;
    heapy_classes *classes = heapy__classes_new(by, heapy__classifier_header(by), members->count);
    if (!classes || !(classes->identities = heapy_grow(NULL, 0, &capacity, sizeof *classes->identities)) ||
        !heapy__classes_add(classes, others, sizeof others - 1))
        return heapy__classes_failed(classes, members->count, err);
    classes->types = heapy__type_table_retain(members->graph->type_table);
    classes->identities[0] = 0;
    heapy_status status = HEAPY_OK;
    for (size_t i = 0; !status && i < members->count; i++) {
        heapy_node node = heapy__member_node(members, i);
        classes->of_members[i] = 0;
        if (heapy_graph_role(members->graph, node) != HEAPY_ROLE_MODULE)
            continue;
        classes->of_members[i] = (heapy_class)classes->class_count;
        status = add_module(classes, members, node, &capacity, err);
    }
    if (status)
        heapy_classes_destroy(classes);
    else
        *out = classes;
    return status;
}

heapy_status
heapy__kind_by_module(const heapy_classes *classes, uint32_t which, const heapy_kind **out, heapy_error *err)
{
    if (which)
        return heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_MODULE,
                                               .identity = classes->identities[which],
                                               .name = heapy_classes_name(classes, which)},
                                 out, err);
    return heapy__kind_of_others(classes->types, HEAPY_ROLE_MODULE, "module", out, err);
}

/* ---- identity ---- */

/* Write "<1 int: 1>": the object's class by Clodo, and its own text. */
static heapy_status
put_brief(const heapy__members *members, heapy_node node, const char *class_name, heapy__string_buffer *name,
          heapy_error *err)
{
    char *text;
    heapy_status status = heapy_snapshot_brief(members->snapshot, node, &text, err);
    if (status)
        return status;
    heapy__string_buffer_puts(name, "<1 ");
    heapy__string_buffer_puts(name, class_name);
    heapy__string_buffer_puts(name, ": ");
    heapy__string_buffer_puts(name, text);
    heapy__string_buffer_puts(name, ">");
    heapy_text_free(text);
    return HEAPY_OK;
}

/* What tells a node from others: its address, or its number where that is not known. */
static uint64_t
identity_of(const heapy__members *members, heapy_node node)
{
    uintptr_t address = heapy_snapshot_address(members->snapshot, node);
    return address ? address : node;
}

/* Each member is a class.  clodo: names are briefs; NULL: addresses. */
static heapy_status
classify_each(const heapy_classifier *by, const heapy__members *members, const heapy_classes *clodo,
              heapy_classes **out, heapy_error *err)
{
    heapy_classes *classes = heapy__classes_new(by, heapy__classifier_header(by), members->count);
    heapy__string_buffer name = {0};
    heapy_status status = HEAPY_OK;
    if (!classes || !(classes->identities = heapy_alloc_array(members->count, sizeof *classes->identities)))
        return heapy__classes_failed(classes, members->count, err);
    for (size_t i = 0; !status && i < members->count; i++) {
        heapy_node node = heapy__member_node(members, i);
        classes->identities[i] = identity_of(members, node);
        classes->of_members[i] = (heapy_class)i;
        name.length = 0;
        if (clodo)
            status = put_brief(members, node, heapy_classes_name(clodo, clodo->of_members[i]), &name, err);
        else
            heapy__string_buffer_printf(&name, "<id 0x%" PRIx64 ">", classes->identities[i]);
        if (!status && (name.failed || !heapy__classes_add(classes, name.text, name.length)))
            status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to classify %zu objects", members->count);
    }
    heapy__string_buffer_deinit(&name);
    if (status)
        heapy_classes_destroy(classes);
    else
        *out = classes;
    return status;
}

heapy_status
heapy__classify_by_id(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                      heapy_error *err)
{
    return classify_each(by, members, NULL, out, err);
}

heapy_status
heapy__kind_by_id(const heapy_classes *classes, uint32_t which, const heapy_kind **out, heapy_error *err)
{
    return heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_ID, .identity = classes->identities[which]},
                             out, err);
}

heapy_status
heapy__classify_by_idset(const heapy_classifier *by, const heapy__members *members, heapy_classes **out,
                         heapy_error *err)
{
    const heapy_classifier *clodo = NULL;
    heapy_classes *of_members = NULL;
    heapy_status status = heapy_classifier_create(HEAPY_BY_CLODO, NULL, 0, &clodo, err);
    if (!status)
        status = heapy__classify(clodo, members, &of_members, err);
    if (!status)
        status = classify_each(by, members, of_members, out, err);
    heapy_classes_destroy(of_members);
    heapy_classifier_release(clodo);
    return status;
}

/* The set that has one object. */
heapy_status
heapy__kind_by_idset(const heapy_classes *classes, uint32_t which, const heapy_kind **out, heapy_error *err)
{
    heapy_address_map *map;
    bool is_new;
    heapy_status status = heapy_address_map_create(&map, err);
    if (status)
        return status;
    status = heapy_address_map_add(map, (uintptr_t)classes->identities[which], &is_new, err);
    if (!status)
        status = heapy_address_map_freeze(map, err);
    if (!status)
        status = heapy_kind_create(&(heapy_atom){.form = HEAPY_ATOM_MEMBERS, .members = map}, out, err);
    heapy_address_map_destroy(map);
    return status;
}
