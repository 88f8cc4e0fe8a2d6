/* SPDX-License-Identifier: MIT */
/* Briefs of sets (K-50, P-67): one pass over the members gives each row the first of its objects. */
#include "heapy/set_brief.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/characters.h"
#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "../base/text_list.h"
#include "../snapshot/members.h"

/* A row: its kind, and `int: 1, 2`, by which rows are sorted. */
typedef struct brief_row {
    const heapy_kind *kind;
    heapy__text_list items;
    size_t length; /* characters of the items so far */
    bool is_full;
    char *text;
    int64_t count;
} brief_row;

typedef struct brief_maker {
    heapy__members members;
    const heapy_partition *partition;
    heapy_kind_writer writer;
    size_t limit;
    brief_row *rows;
    size_t count;
    heapy_error *err;
} brief_maker;

static heapy_status
no_memory(const brief_maker *maker)
{
    return heapy__fail(maker->err, HEAPY_NO_MEMORY, "no memory for the brief of %zu objects",
                       maker->members.count);
}

/* ---- objects ---- */

/* Does the class say no more of its objects than where they are? */
static bool
shows_addresses(const heapy_classes *classes, heapy_class which)
{
    switch (heapy_classifier_form_of(heapy_classes_classifier(classes))) {
    case HEAPY_BY_TYPE:
    case HEAPY_BY_CLODO:
        return false;
    case HEAPY_BY_MODULE: /* a module shows its name */
        return which == 0;
    default:
        return true;
    }
}

static heapy_status
put_item(const brief_maker *maker, heapy_node node, bool is_address, heapy__string_buffer *out)
{
    char *text = NULL;
    uintptr_t address = 0;
    if (is_address)
        address = heapy_snapshot_address(maker->members.snapshot, node);
    if (address) {
        heapy__string_buffer_printf(out, "0x%" PRIxPTR, address);
        return HEAPY_OK;
    }
    heapy_status status = heapy_snapshot_brief(maker->members.snapshot, node, &text, maker->err);
    if (!status)
        heapy__string_buffer_puts(out, text);
    heapy_text_free(text);
    return status;
}

/* Give the row one more of its objects; the last one that it has room for ends in dots. */
static heapy_status
add_item(const brief_maker *maker, brief_row *row, heapy_node node, bool is_address)
{
    heapy__string_buffer text = {0};
    heapy_status status = put_item(maker, node, is_address, &text);
    row->length += status || text.failed ? 0 : heapy__character_count(text.text) + 2;
    row->is_full = row->length > maker->limit;
    if (row->is_full)
        heapy__string_buffer_puts(&text, "...");
    if (!status && !heapy__text_list_append(&row->items, &text))
        status = no_memory(maker);
    heapy__string_buffer_deinit(&text);
    return status;
}

static heapy_status
add_items(const brief_maker *maker)
{
    const heapy_classes *classes = heapy_partition_classes(maker->partition);
    const heapy_class *of_members = heapy_classes_of_members(classes);
    size_t full = 0;
    heapy_status status = HEAPY_OK;
    for (size_t i = 0; !status && full < maker->count && i < maker->members.count; i++) {
        brief_row *row = &maker->rows[heapy_partition_class_row(maker->partition, of_members[i])];
        if (row->is_full)
            continue;
        status = add_item(maker, row, heapy__member_node(&maker->members, i),
                          shows_addresses(classes, of_members[i]));
        full += row->is_full;
    }
    return status;
}

/* ---- rows ---- */

static heapy_status
name_row(const brief_maker *maker, size_t number)
{
    brief_row *row = &maker->rows[number];
    heapy__string_buffer text = {0};
    char *name = NULL;
    heapy_status status =
        heapy_class_kind(heapy_partition_classes(maker->partition),
                         heapy_partition_row_class(maker->partition, number), &row->kind, maker->err);
    if (!status)
        status = heapy_kind_text(row->kind, &maker->writer, &name, maker->err);
    if (status)
        return status;
    heapy__string_buffer_puts(&text, name);
    heapy__string_buffer_puts(&text, ": ");
    heapy__text_list_join(&row->items, true, ", ", &text);
    heapy_text_free(name);
    if (text.failed) {
        heapy__string_buffer_deinit(&text);
        return no_memory(maker);
    }
    row->text = text.text;
    row->count = heapy_partition_table(maker->partition)->rows[number].count;
    return HEAPY_OK;
}

/* Rows are ordered by their kinds and objects, not by what stands before them. */
static int
compare_rows(const void *a, const void *b)
{
    const brief_row *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    if (order)
        return order;
    return (x->count > y->count) - (x->count < y->count);
}

/* Write the union of the kinds of all rows, in short. */
static heapy_status
put_union(const brief_maker *maker, heapy__string_buffer *out)
{
    const heapy_kind **kinds = heapy_alloc_array(maker->count, sizeof *kinds), *all = NULL;
    char *text = NULL;
    heapy_status status = HEAPY_OK;
    if (!kinds)
        status = no_memory(maker);
    for (size_t i = 0; kinds && i < maker->count; i++)
        kinds[i] = maker->rows[i].kind;
    if (!status)
        status = heapy_kind_union_of_disjoint(kinds, maker->count, &all, maker->err);
    if (!status)
        status = heapy_kind_text(all, &maker->writer, &text, maker->err);
    if (!status)
        heapy__string_buffer_puts(out, text);
    heapy_kind_release(all);
    heapy_text_free(text);
    heapy_free(kinds);
    return status;
}

/* Write "<3 (int | str): <2 int: 1, 2> | <1 str: 'x'>>", or where there is one row that alone. */
static heapy_status
put_rows(const brief_maker *maker, heapy__string_buffer *out)
{
    heapy_status status = HEAPY_OK;
    if (maker->count > 1) {
        heapy__string_buffer_printf(out, "<%zu ", maker->members.count);
        status = put_union(maker, out);
        heapy__string_buffer_puts(out, ": ");
    }
    if (!status && maker->count > 1)
        qsort(maker->rows, maker->count, sizeof *maker->rows, compare_rows);
    for (size_t i = 0; !status && i < maker->count; i++) {
        heapy__string_buffer_printf(out, "%s<%" PRId64 " ", i ? " | " : "", maker->rows[i].count);
        heapy__string_buffer_puts(out, maker->rows[i].text);
        heapy__string_buffer_puts(out, ">");
    }
    heapy__string_buffer_puts(out, maker->count > 1 ? ">" : "");
    return status;
}

/* ---- all ---- */

/* Leave at most `limit` characters, the last four of which say that there was more. */
static void
cut(heapy__string_buffer *text, size_t limit)
{
    if (text->failed || !text->text || heapy__character_count(text->text) <= limit)
        return;
    text->length = heapy__end_of_characters(text->text, text->length, limit > 4 ? limit - 4 : 0);
    heapy__string_buffer_puts(text, "...>");
}

heapy_status
heapy_set_brief(const heapy_snapshot *snapshot, const heapy_members *members,
                const heapy_partition *partition, const heapy_kind_writer *writer, size_t limit, char **text,
                heapy_error *err)
{
    if (!snapshot || !partition || !writer || !text)
        return heapy__fail_null(err, "snapshot, partition, writer or text");
    heapy_status status = heapy__check_members(snapshot, members, err);
    if (status)
        return status;
    brief_maker maker = {.members = heapy__members_of((heapy_snapshot *)(uintptr_t)snapshot, members),
                         .partition = partition,
                         .writer = *writer,
                         .limit = limit,
                         .count = heapy_partition_table(partition)->row_count,
                         .err = err};
    heapy__string_buffer out = {0};
    if (heapy_classes_member_count(heapy_partition_classes(partition)) != maker.members.count)
        return heapy__fail(err, HEAPY_INVALID, "a partition of %zu members for a brief of %zu",
                           heapy_classes_member_count(heapy_partition_classes(partition)),
                           maker.members.count);
    maker.writer.is_brief = true;
    maker.writer.more = NULL;
    maker.writer.less = NULL;
    maker.rows = heapy_alloc_zeroed(maker.count, sizeof *maker.rows);
    if (maker.rows)
        status = add_items(&maker);
    else
        status = no_memory(&maker);
    for (size_t r = 0; !status && r < maker.count; r++)
        status = name_row(&maker, r);
    if (!status)
        status = put_rows(&maker, &out);
    for (size_t r = 0; maker.rows && r < maker.count; r++) {
        heapy_kind_release(maker.rows[r].kind);
        heapy__text_list_deinit(&maker.rows[r].items);
        heapy_free(maker.rows[r].text);
    }
    heapy_free(maker.rows);
    cut(&out, limit);
    if (!status && out.failed)
        status = no_memory(&maker);
    if (status)
        heapy__string_buffer_deinit(&out);
    else
        *text = out.text;
    return status;
}

/* ---- one object ---- */

/* The set of a node by clodo. */
static heapy_status
partition_of_one(heapy_snapshot *snapshot, const heapy_members *members, heapy_partition **out,
                 heapy_error *err)
{
    const heapy_classifier *by;
    heapy_classes *classes;
    heapy_status status = heapy_classifier_create(HEAPY_BY_CLODO, NULL, 0, &by, err);
    if (status)
        return status;
    status = heapy_classify(by, snapshot, members, &classes, err);
    heapy_classifier_release(by);
    if (status)
        return status;
    return heapy_partition_create(heapy_snapshot_graph(snapshot), members, classes, out, err);
}

heapy_status
heapy_node_brief(heapy_snapshot *snapshot, heapy_node node, size_t limit, char **text, heapy_error *err)
{
    if (!snapshot || !text)
        return heapy__fail_null(err, "snapshot or text");
    const heapy_members members = {&node, 1};
    const heapy_kind_writer writer = {.is_brief = true};
    heapy_partition *partition;
    heapy_status status = partition_of_one(snapshot, &members, &partition, err);
    if (status)
        return status;
    status = heapy_set_brief(snapshot, &members, partition, &writer, limit, text, err);
    heapy_partition_destroy(partition);
    return status;
}

heapy_status
heapy_node_kind(heapy_snapshot *snapshot, heapy_node node, char **text, heapy_error *err)
{
    if (!snapshot || !text)
        return heapy__fail_null(err, "snapshot or text");
    const heapy_members members = {&node, 1};
    heapy_partition *partition;
    heapy_status status = partition_of_one(snapshot, &members, &partition, err);
    if (status)
        return status;
    heapy__string_buffer name = {0};
    heapy__string_buffer_puts(&name, heapy_partition_table(partition)->rows[0].name);
    heapy_partition_destroy(partition);
    if (name.failed) {
        heapy__string_buffer_deinit(&name);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the kind of an object");
    }
    *text = name.text;
    return HEAPY_OK;
}
