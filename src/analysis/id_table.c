/* SPDX-License-Identifier: MIT */
/* Tables by Id (T-20, T-21, T-32 to T-34, T-58). */
#include "heapy/id_table.h"

#include <stdlib.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "classify_internal.h"
#include "heapy/incremental_sort.h"
#include "heapy/memory.h"

enum { FIRST_ROWS = 16 };

struct heapy_id_table {
    heapy_snapshot *snapshot;
    const heapy_graph *graph; /* the snapshot's */
    heapy__members members;
    heapy_classes *clodo;
    heapy_sizes sizes;
    size_t count;
    bool is_mixed;      /* several classes: rows begin with the name of theirs */
    uint8_t *orders;    /* by class of `clodo`: its alike_order */
    char **owner_texts; /* by member: of dicts whose owner was asked for, its text; NULL: none was */
    char *kind_name, *header;
    heapy_incremental_sort *order;
    heapy_row *rows; /* the first `made` of count; names owned */
    size_t made, capacity;
    heapy_row *outgrown[sizeof(size_t) * 8]; /* rows that were given out, and are read by other threads */
    size_t outgrown_count;
    heapy_table table;
    heapy_error failure; /* of a comparison, which cannot report it */
};

void
heapy_id_table_destroy(heapy_id_table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->made; i++)
        heapy_text_free((char *)(uintptr_t)table->rows[i].name);
    for (size_t i = 0; table->owner_texts && i < table->count; i++)
        heapy_text_free(table->owner_texts[i]);
    heapy_free(table->owner_texts);
    heapy_free(table->orders);
    for (size_t i = 0; i < table->outgrown_count; i++)
        heapy_free(table->outgrown[i]);
    heapy_free(table->rows);
    heapy_free(table->kind_name);
    heapy_free(table->header);
    heapy_incremental_sort_destroy(table->order);
    heapy_classes_destroy(table->clodo);
    heapy_free(table);
}

static heapy_status
no_memory(const heapy_id_table *table, heapy_error *err)
{
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a table of %zu objects", table->count);
}

static inline heapy_node
node_of(const heapy_id_table *table, size_t member)
{
    return heapy__member_node(&table->members, member);
}

/* ---- owners: dicts that have one show its text ---- */

static heapy_type
owner_type_of(const heapy_id_table *table, size_t member)
{
    heapy_node node = node_of(table, member);
    if (heapy_graph_role(table->graph, node) != HEAPY_ROLE_DICT)
        return HEAPY_NO_TYPE;
    return heapy_graph_owner_type(table->graph, node);
}

/* Made when it is first compared or shown, for most never are.  out: the table's; NULL: there is no owner. */
static heapy_status
owner_text(heapy_id_table *table, uint32_t member, const char **out, heapy_error *err)
{
    *out = NULL;
    if (owner_type_of(table, member) == HEAPY_NO_TYPE)
        return HEAPY_OK;
    if (!table->owner_texts &&
        !(table->owner_texts = heapy_alloc_zeroed(table->count, sizeof *table->owner_texts)))
        return no_memory(table, err);
    heapy_status status = HEAPY_OK;
    if (!(table->owner_texts[member]))
        status = heapy_snapshot_owner_text(table->snapshot, node_of(table, member), HEAPY_TEXT_ROW,
                                           &table->owner_texts[member], err);
    *out = table->owner_texts[member];
    return status;
}

/* ---- order ---- */

typedef enum role_order { ORDER_BY_ADDRESS, ORDER_BY_VALUE, ORDER_BY_TEXT } role_order;

static role_order
order_of_role(heapy_role role)
{
    switch (role) {
    case HEAPY_ROLE_OBJECT:
    case HEAPY_ROLE_SEQUENCE:
    case HEAPY_ROLE_DICT:
        return ORDER_BY_ADDRESS;
    case HEAPY_ROLE_NUMBER:
    case HEAPY_ROLE_TEXT:
        return ORDER_BY_VALUE;
    case HEAPY_ROLE_VALUE:
    case HEAPY_ROLE_TYPE:
    case HEAPY_ROLE_FUNCTION:
    case HEAPY_ROLE_BUILTIN:
    case HEAPY_ROLE_MODULE:
    case HEAPY_ROLE_CODE:
    case HEAPY_ROLE_FRAME:
    case HEAPY_ROLE_METHOD:
    case HEAPY_ROLE_TRACEBACK:
    case HEAPY_ROLE_COUNT:
        break;
    }
    return ORDER_BY_TEXT;
}

/* A failure to make a text is kept for who asked for the order; meanwhile addresses decide. */
static int
keep_failure(heapy_id_table *table, const heapy_error *err)
{
    if (!table->failure.status)
        table->failure = *err;
    return 0;
}

static int
compare_texts(heapy_id_table *table, uint32_t a, uint32_t b)
{
    char *x = NULL, *y = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_snapshot_text(table->snapshot, node_of(table, a), HEAPY_TEXT_ROW, &x, &err);
    if (!status)
        status = heapy_snapshot_text(table->snapshot, node_of(table, b), HEAPY_TEXT_ROW, &y, &err);
    /* UTF-8 is in the order of its characters. */
    int order;
    if (status)
        order = keep_failure(table, &err);
    else
        order = strcmp(x, y);
    heapy_text_free(x);
    heapy_text_free(y);
    return order;
}

static int
compare_owners(heapy_id_table *table, uint32_t a, uint32_t b)
{
    const char *x, *y = NULL;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = owner_text(table, a, &x, &err);
    if (!status && x)
        status = owner_text(table, b, &y, &err);
    if (status)
        return keep_failure(table, &err);
    if (x && y)
        return strcmp(x, y);
    return 0;
}

/* Compare two members of one class: by their owners, then as the class says. */
static int
compare_alike(heapy_id_table *table, uint32_t a, uint32_t b)
{
    const heapy_words *words = heapy_snapshot_words(table->snapshot);
    role_order by = order_of_role(heapy_graph_role(table->graph, node_of(table, a)));
    int order = compare_owners(table, a, b);
    if (order)
        return order;
    if (by == ORDER_BY_VALUE && words->compare)
        return words->compare(words->context, node_of(table, a), node_of(table, b));
    if (by == ORDER_BY_ADDRESS)
        return 0;
    return compare_texts(table, a, b);
}

/* How members of one class are put in order, found once for each class: most need no texts. */
typedef enum alike_order {
    COMPARE_ALIKE, /* by what they say: compare_alike() */
    COMPARE_ADDRESSES,
    COMPARE_OWNERS /* which are what their dicts' owners show */
} alike_order;

static unsigned
hex_digits(uintptr_t number)
{
    unsigned count = 1;
    while (number >>= 4)
        count++;
    return count;
}

/* Do nodes come in the order of what is shown of their addresses, 0x7f..?  Texts are compared from the left.
 */
static bool
nodes_are_in_order_of_text(const heapy_id_table *table)
{
    size_t count = heapy_graph_node_count(table->graph);
    uintptr_t first = heapy_snapshot_address(table->snapshot, 0),
              last = heapy_snapshot_address(table->snapshot, (heapy_node)count - 1);
    return first && hex_digits(first) == hex_digits(last);
}

static alike_order
order_of_member(const heapy_id_table *table, size_t member)
{
    heapy_type owner = owner_type_of(table, member);
    if (owner != HEAPY_NO_TYPE) {
        bool is_by_address = heapy_graph_type_role(table->graph, owner) == HEAPY_ROLE_OBJECT;
        return is_by_address && nodes_are_in_order_of_text(table) ? COMPARE_OWNERS : COMPARE_ALIKE;
    }
    return order_of_role(heapy_graph_role(table->graph, node_of(table, member))) == ORDER_BY_ADDRESS
               ? COMPARE_ADDRESSES
               : COMPARE_ALIKE;
}

/* Members of a class of `clodo` have one type, and dicts owners of one type: any speaks for all. */
static heapy_status
find_orders(heapy_id_table *table, heapy_error *err)
{
    const heapy_class *of_members = heapy_classes_of_members(table->clodo);
    size_t count = heapy_classes_count(table->clodo);
    uint64_t *is_known = heapy_alloc_zeroed(heapy__bitmap_words(count), sizeof *is_known);
    table->orders = heapy_alloc_zeroed(count, sizeof *table->orders);
    if (!is_known || !table->orders) {
        heapy_free(is_known);
        return no_memory(table, err);
    }
    bool is_by_clodo = heapy_classifier_form_of(heapy_classes_classifier(table->clodo)) == HEAPY_BY_CLODO;
    for (size_t i = 0; is_by_clodo && i < table->count; i++) {
        if (heapy__bitmap_get(is_known, of_members[i]))
            continue;
        heapy__bitmap_set(is_known, of_members[i]);
        table->orders[of_members[i]] = (uint8_t)order_of_member(table, i);
    }
    heapy_free(is_known);
    return HEAPY_OK;
}

/* Compare two dicts whose owners are shown by their addresses, as far as those are nodes. */
static int
compare_owner_nodes(heapy_id_table *table, uint32_t a, uint32_t b)
{
    heapy_node x = heapy_graph_owner(table->graph, node_of(table, a)),
               y = heapy_graph_owner(table->graph, node_of(table, b));
    if (x == HEAPY_NO_NODE || y == HEAPY_NO_NODE)
        return compare_alike(table, a, b);
    return (x > y) - (x < y);
}

/* Compare two objects of one size: if there are several classes, by the name of theirs; then as the objects
 * are ordered, at last by address. */
static int
compare_ids(uint32_t a, uint32_t b, void *context)
{
    heapy_id_table *table = context;
    const heapy_class *classes = heapy_classes_of_members(table->clodo);
    int order = 0;
    if (classes[a] == classes[b]) {
        alike_order how = table->orders[classes[a]];
        if (how == COMPARE_OWNERS)
            order = compare_owner_nodes(table, a, b);
        else if (how == COMPARE_ALIKE)
            order = compare_alike(table, a, b);
        if (order)
            return order;
        return (a > b) - (a < b);
    }
    order =
        strcmp(heapy_classes_name(table->clodo, classes[a]), heapy_classes_name(table->clodo, classes[b]));
    if (order)
        return order;
    if (classes[a] < classes[b])
        return -1;
    return 1;
}

/* A class of objects of one size. */
typedef struct size_class {
    uint64_t size;
    heapy_class number;
} size_class;

static int
largest_size_first(const void *a, const void *b)
{
    uint64_t x = ((const size_class *)a)->size, y = ((const size_class *)b)->size;
    return (x < y) - (x > y);
}

/* The rank of each class of sizes: 0 for the largest.  NULL: no memory. */
static uint32_t *
rank_sizes(const heapy_id_table *table, const heapy_classes *classes)
{
    size_t count = heapy_classes_count(classes);
    const heapy_class *of_members = heapy_classes_of_members(classes);
    size_class *sorted = heapy_alloc_zeroed(count, sizeof *sorted);
    uint32_t *ranks = NULL;
    if (sorted)
        ranks = heapy_alloc_array(count, sizeof *ranks);
    if (ranks) {
        for (size_t i = 0; i < table->count; i++)
            sorted[of_members[i]] =
                (size_class){heapy_size_of(&table->sizes, node_of(table, i)), of_members[i]};
        qsort(sorted, count, sizeof *sorted, largest_size_first);
        for (size_t c = 0; c < count; c++)
            ranks[sorted[c].number] = (uint32_t)c;
    }
    heapy_free(sorted);
    return ranks;
}

/* Largest first; within a size only as far as rows are shown. */
static heapy_status
order_nodes(heapy_id_table *table, heapy_error *err)
{
    heapy_classes *sizes = NULL;
    uint32_t *ranks = NULL;
    heapy_status status = heapy__classify_sizes(&table->members, &sizes, err);
    if (!status && !(ranks = rank_sizes(table, sizes)))
        status = no_memory(table, err);
    if (!status)
        status =
            heapy_incremental_sort_create(table->count, heapy_classes_of_members(sizes), ranks,
                                          heapy_classes_count(sizes), compare_ids, table, &table->order, err);
    heapy_classes_destroy(sizes);
    heapy_free(ranks);
    return status;
}

/* ---- texts ---- */

/* The type of the owner of the last dict that has one; HEAPY_NO_TYPE: none has. */
static heapy_type
last_owner_type(const heapy_id_table *table)
{
    heapy_type type = HEAPY_NO_TYPE;
    for (size_t i = table->count; i-- && type == HEAPY_NO_TYPE;)
        type = owner_type_of(table, i);
    return type;
}

/* Write the headings (T-32 to T-34). */
static heapy_status
describe(heapy_id_table *table, heapy_type owner, heapy_error *err)
{
    heapy__string_buffer kind_name = {0}, header = {0};
    if (table->is_mixed) {
        heapy__string_buffer_puts(&kind_name, "<mixed>");
        heapy__string_buffer_puts(&header, "Brief");
    } else {
        heapy__string_buffer_puts(&kind_name, "<");
        heapy__string_buffer_puts(
            &kind_name, heapy_classes_name(table->clodo, heapy_classes_of_members(table->clodo)[0]));
        heapy__string_buffer_puts(&kind_name, ">");
        heapy__string_buffer_puts(&header, owner == HEAPY_NO_TYPE ? "" : "Owner ");
        heapy__string_buffer_puts(&header,
                                  heapy_role_heading(owner == HEAPY_NO_TYPE
                                                         ? heapy_graph_role(table->graph, node_of(table, 0))
                                                         : heapy_graph_type_role(table->graph, owner)));
    }
    table->kind_name = kind_name.text;
    table->header = header.text;
    table->table.kind_name = kind_name.text;
    table->table.header = header.text;
    if (kind_name.failed || header.failed)
        return no_memory(table, err);
    return HEAPY_OK;
}

static heapy_status
row_name(heapy_id_table *table, uint32_t member, char **out, heapy_error *err)
{
    heapy__string_buffer name = {0};
    const char *owner;
    char *text = NULL;
    if (table->is_mixed) {
        heapy__string_buffer_puts(
            &name, heapy_classes_name(table->clodo, heapy_classes_of_members(table->clodo)[member]));
        heapy__string_buffer_puts(&name, ": ");
    }
    heapy_status status = owner_text(table, member, &owner, err);
    if (!status && !owner)
        status = heapy_snapshot_text(table->snapshot, node_of(table, member), HEAPY_TEXT_ROW, &text, err);
    if (!status)
        heapy__string_buffer_puts(&name, owner ? owner : text);
    heapy_text_free(text);
    if (!status && name.failed)
        status = no_memory(table, err);
    if (status)
        heapy__string_buffer_deinit(&name);
    else
        *out = name.text;
    return status;
}

/* ---- tables ---- */

heapy_status
heapy_id_table_create(heapy_snapshot *snapshot, const heapy_members *members, heapy_classes *clodo,
                      heapy_id_table **out, heapy_error *err)
{
    bool is_complete = snapshot && clodo && out;
    heapy_id_table *table = NULL;
    if (is_complete)
        table = heapy_alloc_zeroed(1, sizeof *table);
    if (!table) {
        heapy_classes_destroy(clodo);
        if (is_complete)
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a table by Id");
        return heapy__fail_null(err, "snapshot, clodo or out");
    }
    table->snapshot = snapshot;
    table->graph = heapy_snapshot_graph(snapshot);
    table->clodo = clodo;
    table->sizes = heapy_graph_sizes(table->graph);
    table->members = heapy__members_of(snapshot, members);
    table->count = table->members.count;
    table->table =
        (heapy_table){.format = HEAPY_FORMAT_ID, .count = (int64_t)table->count, .row_count = table->count};
    heapy_status status = heapy__check_members(snapshot, members, err);
    if (!status && (!table->count || heapy_classes_member_count(clodo) != table->count))
        status = heapy__fail(err, HEAPY_INVALID, "classes of %zu members for a table of %zu",
                             heapy_classes_member_count(clodo), table->count);
    const heapy_class *of_members = heapy_classes_of_members(clodo);
    for (size_t i = 0; !status && i < table->count; i++) {
        table->is_mixed |= of_members[i] != of_members[0];
        table->table.size += (int64_t)heapy_size_of(&table->sizes, node_of(table, i));
    }
    if (!status)
        status = find_orders(table, err);
    if (!status)
        status = order_nodes(table, err);
    if (!status)
        status = describe(table, last_owner_type(table), err);
    if (status)
        heapy_id_table_destroy(table);
    else
        *out = table;
    return status;
}

heapy_status
heapy_id_table_of_members(heapy_snapshot *snapshot, const heapy_members *members, heapy_id_table **out,
                          heapy_error *err)
{
    const heapy_classifier *clodo;
    heapy_classes *classes;
    if (!snapshot || !out)
        return heapy__fail_null(err, "snapshot or out");
    heapy_status status = heapy_classifier_create(HEAPY_BY_CLODO, NULL, 0, &clodo, err);
    if (status)
        return status;
    status = heapy_classify(clodo, snapshot, members, &classes, err);
    heapy_classifier_release(clodo);
    if (status)
        return status;
    return heapy_id_table_create(snapshot, members, classes, out, err);
}

heapy_status
heapy_id_table_members(heapy_id_table *table, size_t row_count, const uint32_t **out, heapy_error *err)
{
    if (!table || !out)
        return heapy__fail_null(err, "table or out");
    const uint32_t *order;
    if (row_count > table->count)
        row_count = table->count;
    heapy_status status = heapy_incremental_sort_first(table->order, row_count, &order, err);
    if (!status && table->failure.status) {
        status = table->failure.status;
        if (err)
            *err = table->failure;
        table->failure = (heapy_error)HEAPY_ERROR_INIT;
    }
    if (!status)
        *out = order;
    return status;
}

/* Room for more rows.  Those that were given out stay where they are: in all they are as many as are shown.
 */
static bool
have_room(heapy_id_table *table)
{
    size_t capacity = table->capacity ? 2 * table->capacity : FIRST_ROWS;
    heapy_row *rows = heapy_alloc_array(capacity, sizeof *rows);
    if (!rows)
        return false;
    for (size_t i = 0; i < table->made; i++)
        rows[i] = table->rows[i];
    if (table->rows)
        table->outgrown[table->outgrown_count++] = table->rows;
    table->rows = rows;
    table->capacity = capacity;
    return true;
}

heapy_status
heapy_id_table_rows(heapy_id_table *table, size_t row_count, const heapy_table **out, heapy_error *err)
{
    if (!table || !out)
        return heapy__fail_null(err, "table or out");
    const uint32_t *order;
    if (row_count > table->count)
        row_count = table->count;
    heapy_status status =
        table->made < row_count ? heapy_id_table_members(table, row_count, &order, err) : HEAPY_OK;
    while (!status && table->made < row_count) {
        size_t i = table->made;
        if (i == table->capacity && !have_room(table))
            return no_memory(table, err);
        heapy_row *rows = table->rows;
        char *name;
        status = row_name(table, order[i], &name, err);
        if (status)
            break;
        int64_t size = (int64_t)heapy_size_of(&table->sizes, node_of(table, order[i]));
        rows[i] = (heapy_row){.index = (int64_t)i,
                              .count = 1,
                              .size = size,
                              .cumulative = size + (i ? rows[i - 1].cumulative : 0),
                              .name = name};
        table->made++;
    }
    table->table.rows = table->rows;
    if (!status)
        *out = &table->table;
    return status;
}
