/* SPDX-License-Identifier: MIT */
/* Classes: making, reading, and what they are as kinds. */
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "classify_internal.h"
#include "heapy/memory.h"

void
heapy_classes_destroy(heapy_classes *classes)
{
    if (!classes)
        return;
    if (classes->whole) {
        heapy_classes *whole = classes->whole;
        heapy_free(classes->of_members);
        heapy_free(classes);
        heapy_classes_destroy(whole);
        return;
    }
    if (classes->sharers) {
        classes->sharers--;
        return;
    }
    for (size_t i = 0; i < classes->inner_count; i++)
        heapy_classes_destroy(classes->inner[i]);
    heapy_free(classes->inner);
    heapy_classifier_release(classes->by);
    heapy__type_table_release(classes->types);
    heapy_free(classes->header);
    heapy_free(classes->of_members);
    heapy_free(classes->name_of_class);
    heapy_free(classes->identities);
    heapy_free(classes->set_starts);
    heapy_free(classes->set_numbers);
    heapy_free(classes->factors);
    for (size_t i = 0; i < classes->text_count; i++)
        heapy_free(classes->texts[i]);
    heapy_free(classes->texts);
    heapy__name_table_deinit(&classes->names);
    heapy_free(classes);
}

/* ---- reading ---- */

size_t
heapy_classes_count(const heapy_classes *classes)
{
    return classes ? classes->class_count : 0;
}

size_t
heapy_classes_member_count(const heapy_classes *classes)
{
    return classes ? classes->member_count : 0;
}

const heapy_class *
heapy_classes_of_members(const heapy_classes *classes)
{
    if (!classes)
        return NULL;
    return classes->of_members;
}

const heapy_classifier *
heapy_classes_classifier(const heapy_classes *classes)
{
    if (!classes)
        return NULL;
    return classes->by;
}

const char *
heapy_classes_header(const heapy_classes *classes)
{
    return classes ? classes->header : "";
}

const char *
heapy_classes_name(const heapy_classes *classes, heapy_class which)
{
    if (which >= heapy_classes_count(classes))
        return "";
    if (classes->name_of_class[which] != NO_NAME)
        return heapy__name_table_get(&classes->names, classes->name_of_class[which], NULL);
    if (classes->types && which < classes->types->count)
        return heapy__type_table_row(classes->types, which).name;
    return "";
}

static bool
are_sets(const heapy_classes *classes)
{
    return classes->set_starts;
}

char *
heapy_classes_factor_name(const heapy_classes *classes, heapy_class which)
{
    if (which >= heapy_classes_count(classes))
        return NULL;
    heapy__string_buffer name = {0};
    const char *text = heapy_classes_name(classes, which);
    bool is_empty = are_sets(classes) && classes->set_starts[which] == classes->set_starts[which + 1];
    while (heapy_classifier_form_of(classes->by) == HEAPY_BY_SIZE && *text == ' ')
        text++;
    if (are_sets(classes))
        heapy__string_buffer_puts(&name, "{");
    heapy__string_buffer_puts(&name, is_empty ? "" : text);
    if (are_sets(classes))
        heapy__string_buffer_puts(&name, "}");
    if (name.failed)
        heapy__string_buffer_deinit(&name);
    return name.text;
}

/* ---- as kinds ---- */

heapy_status
heapy_class_kind(const heapy_classes *classes, heapy_class which, const heapy_kind **out, heapy_error *err)
{
    if (!classes || !out)
        return heapy__fail_null(err, "classes or out");
    if (which >= classes->class_count || !classes->by)
        return heapy__fail(err, HEAPY_INVALID, "class %u of %zu is no kind", which, classes->class_count);
    return classes->by->row->class_kind(classes, which, out, err);
}

heapy_status
heapy_classes_kind(const heapy_classes *classes, const heapy_kind **out, heapy_error *err)
{
    if (!classes || !out)
        return heapy__fail_null(err, "classes or out");
    size_t count = classes->class_count, made = 0;
    bool *is_there = heapy_alloc_zeroed(count, sizeof *is_there);
    const heapy_kind **kinds = heapy_alloc_array(count, sizeof *kinds);
    heapy_status status = HEAPY_OK;
    if (!is_there || !kinds)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the kinds of %zu classes", count);
    for (size_t i = 0; !status && i < classes->member_count; i++)
        is_there[classes->of_members[i]] = true;
    for (heapy_class c = 0; !status && c < count; c++)
        if (is_there[c] && !(status = heapy_class_kind(classes, c, &kinds[made], err)))
            made++;
    if (!status && made == 1)
        *out = heapy_kind_retain(kinds[0]);
    else if (!status)
        status = heapy_kind_union_of_disjoint(kinds, made, out, err);
    for (size_t i = 0; i < made; i++)
        heapy_kind_release(kinds[i]);
    heapy_free(is_there);
    heapy_free(kinds);
    return status;
}

/* ---- making ---- */

heapy_status
heapy__classes_failed(heapy_classes *classes, size_t member_count, heapy_error *err)
{
    heapy_classes_destroy(classes);
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to classify %zu objects", member_count);
}

heapy_status
heapy__classify_lacks(const char *what, heapy_error *err)
{
    return heapy__fail(err, HEAPY_INVALID, "this classifier asks for %s, which is not known of these objects",
                       what);
}

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

bool
heapy__classes_make_inner(heapy_classes *classes, size_t count)
{
    classes->inner = heapy_alloc_zeroed(count, sizeof(heapy_classes *));
    classes->inner_count = classes->inner ? count : 0;
    return classes->inner;
}

heapy_classes *
heapy__classes_new(const heapy_classifier *by, const char *header, size_t member_count)
{
    heapy_classes *classes = heapy_alloc_zeroed(1, sizeof *classes);
    if (!classes)
        return NULL;
    classes->by = heapy_classifier_retain(by);
    classes->member_count = member_count;
    classes->of_members = heapy_alloc_array(member_count, sizeof *classes->of_members);
    classes->header = heapy__copy_text(header);
    if (!classes->header || !classes->of_members) {
        heapy_classes_destroy(classes);
        return NULL;
    }
    return classes;
}

heapy_classes *
heapy__classes_of_some(heapy_classes *classes, const heapy_node_set *members)
{
    heapy_classes *some = heapy_alloc_zeroed(1, sizeof *some);
    heapy_class *of_members = heapy_alloc_array(heapy_node_set_count(members), sizeof *of_members);
    if (!some || !of_members) {
        heapy_free(some);
        heapy_free(of_members);
        return NULL;
    }
    *some = *classes;
    some->whole = classes->whole ? classes->whole : classes;
    some->whole->sharers++;
    some->of_members = of_members;
    some->member_count = 0;
    for (size_t i = 0; i < classes->member_count; i++)
        if (heapy_node_set_contains(members, (heapy_node)i))
            of_members[some->member_count++] = classes->of_members[i];
    return some;
}

/* Partitions count classes into an array without looking: here is where they are looked at. */
static heapy_status
check_created(const char *header, size_t member_count, const heapy_class *of_members, size_t class_count,
              const char *const *names, heapy_error *err)
{
    if (!header || !of_members || (!names && class_count))
        return heapy__fail(err, HEAPY_INVALID,
                           "heapy_classes_create: NULL in place of header, of_members or names");
    for (size_t i = 0; i < member_count; i++)
        if (of_members[i] >= class_count)
            return heapy__fail(err, HEAPY_INVALID, "member %zu has class %u of %zu", i, of_members[i],
                               class_count);
    for (size_t i = 0; i < class_count; i++)
        if (!names[i])
            return heapy__fail(err, HEAPY_INVALID, "class %zu has no name", i);
    return HEAPY_OK;
}

heapy_status
heapy_classes_create(const char *header, size_t member_count, heapy_class *of_members, size_t class_count,
                     const char *const *names, heapy_classes **out, heapy_error *err)
{
    heapy_status status = check_created(header, member_count, of_members, class_count, names, err);
    if (!status && !out)
        status = heapy__fail_null(err, "out");
    heapy_classes *classes = NULL;
    if (!status)
        classes = heapy__classes_new(NULL, header, 0);
    if (!classes) {
        heapy_free(of_members);
        if (status)
            return status;
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu classes", class_count);
    }
    heapy_free(classes->of_members);
    classes->of_members = of_members;
    classes->member_count = member_count;
    for (size_t i = 0; i < class_count; i++)
        if (!heapy__classes_add(classes, names[i], strlen(names[i])))
            return heapy__classes_failed(classes, member_count, err);
    *out = classes;
    return HEAPY_OK;
}
