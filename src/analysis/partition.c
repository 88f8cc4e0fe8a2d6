/* SPDX-License-Identifier: MIT */
/* Group-by over a column of classes: two counters a class, then a sort of the classes that occur. */
#include "heapy/partition.h"

#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../graph/node_set_internal.h"
#include "classify_internal.h"
#include "heapy/memory.h"

struct heapy_partition {
    heapy_classes *classes;    /* owned: names and the class of each member */
    heapy_row *rows;           /* owned; names borrowed from classes */
    uint32_t *row_of_class;    /* owned; HEAPY_NO_ROW: does not occur */
    heapy_class *class_of_row; /* owned */
    heapy_table table;
};

void
heapy_partition_destroy(heapy_partition *partition)
{
    if (!partition)
        return;
    heapy_classes_destroy(partition->classes);
    heapy_free(partition->rows);
    heapy_free(partition->row_of_class);
    heapy_free(partition->class_of_row);
    heapy_free(partition);
}

const heapy_table *
heapy_partition_table(const heapy_partition *partition)
{
    if (!partition)
        return NULL;
    return &partition->table;
}

static int
in_table_order(const void *a, const void *b)
{
    const heapy_row *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    int order = strcmp(x->name, y->name);
    if (order)
        return order;
    return (x->index > y->index) - (x->index < y->index); /* the class, until rows are numbered */
}

/* Count every class into rows[class]. */
static void
count_classes(const heapy_graph *graph, const heapy_members *members, const heapy_classes *classes,
              heapy_row *rows)
{
    const heapy_class *of_members = heapy_classes_of_members(classes);
    const heapy_sizes sizes = heapy_graph_sizes(graph);
    const heapy_node *nodes = NULL;
    if (members)
        nodes = members->nodes;
    size_t count = heapy_classes_member_count(classes);
    /* Neighbours are often of one class: their sums stay in registers. */
    for (size_t i = 0; i < count;) {
        heapy_class which = of_members[i];
        size_t first = i;
        uint64_t size = 0;
        for (; i < count && of_members[i] == which; i++)
            size += heapy_size_of(&sizes, nodes ? nodes[i] : (heapy_node)i);
        rows[which].count += (int64_t)(i - first);
        rows[which].size += (int64_t)size;
    }
}

static heapy_status
check_arguments(const heapy_graph *graph, const heapy_members *members, const heapy_classes *classes,
                heapy_partition **out, heapy_error *err)
{
    size_t count;
    if (members)
        count = members->count;
    else
        count = heapy_graph_node_count(graph);
    if (!graph || !classes || !out || (members && members->count && !members->nodes))
        return heapy__fail(err, HEAPY_INVALID,
                           "heapy_partition_create: NULL in place of graph, classes, out or nodes");
    if (heapy_classes_member_count(classes) != count)
        return heapy__fail(err, HEAPY_INVALID, "classes of %zu members do not divide %zu",
                           heapy_classes_member_count(classes), count);
    return HEAPY_OK;
}

/* Number the rows, whose index is their class, and sum them up.  The table has their number, and no sums. */
static heapy_status
finish_rows(heapy_partition *partition, heapy_error *err)
{
    heapy_table *table = &partition->table;
    heapy_row *rows = partition->rows;
    partition->class_of_row = heapy_alloc_array(table->row_count, sizeof *partition->class_of_row);
    if (!partition->class_of_row)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu rows", table->row_count);
    for (size_t i = 0; i < table->row_count; i++) {
        partition->class_of_row[i] = (heapy_class)rows[i].index;
        partition->row_of_class[rows[i].index] = (uint32_t)i;
        table->count += rows[i].count;
        table->size += rows[i].size;
        rows[i].index = (int64_t)i;
        rows[i].cumulative = table->size;
    }
    return HEAPY_OK;
}

heapy_status
heapy_partition_create(const heapy_graph *graph, const heapy_members *members, heapy_classes *classes,
                       heapy_partition **out, heapy_error *err)
{
    size_t class_count = heapy_classes_count(classes);
    heapy_status status = check_arguments(graph, members, classes, out, err);
    heapy_partition *partition = NULL;
    if (!status)
        partition = heapy_alloc_zeroed(1, sizeof *partition);
    if (!partition) {
        heapy_classes_destroy(classes);
        if (status)
            return status;
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a partition");
    }
    partition->classes = classes;
    partition->rows = heapy_alloc_zeroed(class_count, sizeof *partition->rows);
    partition->row_of_class = heapy_alloc_array(class_count, sizeof *partition->row_of_class);
    if (!partition->rows || !partition->row_of_class)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu classes", class_count);
    if (status) {
        heapy_partition_destroy(partition);
        return status;
    }

    heapy_row *rows = partition->rows;
    count_classes(graph, members, classes, rows);
    size_t row_count = 0;
    for (size_t c = 0; c < class_count; c++) {
        partition->row_of_class[c] = HEAPY_NO_ROW;
        if (!rows[c].count)
            continue;
        heapy_row row = rows[c];
        row.index = (int64_t)c;
        row.name = heapy_classes_name(classes, (heapy_class)c);
        rows[row_count++] = row;
    }
    if (row_count)
        qsort(rows, row_count, sizeof *rows, in_table_order);
    heapy_table *table = &partition->table;
    *table = (heapy_table){.format = HEAPY_FORMAT_SET,
                           .kind_name = "",
                           .header = heapy_classes_header(classes),
                           .row_count = row_count,
                           .rows = rows};
    status = finish_rows(partition, err);
    if (status)
        heapy_partition_destroy(partition);
    else
        *out = partition;
    return status;
}

const heapy_classes *
heapy_partition_classes(const heapy_partition *partition)
{
    if (!partition)
        return NULL;
    return partition->classes;
}

heapy_class
heapy_partition_row_class(const heapy_partition *partition, size_t row)
{
    return partition && row < partition->table.row_count ? partition->class_of_row[row] : HEAPY_NO_CLASS;
}

uint32_t
heapy_partition_class_row(const heapy_partition *partition, heapy_class which)
{
    return partition && which < heapy_classes_count(partition->classes) ? partition->row_of_class[which]
                                                                        : HEAPY_NO_ROW;
}

heapy_status
heapy_partition_members(const heapy_partition *partition, size_t first, size_t step, size_t row_count,
                        heapy_node_set **out, heapy_error *err)
{
    if (!partition || !out)
        return heapy__fail_null(err, "partition or out");
    size_t all = partition->table.row_count;
    if (!step || (row_count && (first >= all || row_count - 1 > (all - 1 - first) / step)))
        return heapy__fail(err, HEAPY_INVALID, "%zu rows from row %zu in steps of %zu are not among %zu",
                           row_count, first, step, all);
    const heapy_class *of_members = heapy_classes_of_members(partition->classes);
    size_t member_count = heapy_classes_member_count(partition->classes);
    heapy_node_set *set;
    heapy_status status = heapy_node_set_create(member_count, &set, err);
    if (status)
        return status;
    for (size_t i = 0; i < member_count; i++) {
        size_t row = partition->row_of_class[of_members[i]];
        /* unsigned: a row before `first`, or a class that does not occur, is far beyond the end */
        if (row - first < row_count * step && (row - first) % step == 0)
            heapy_node_set_add(set, (heapy_node)i);
    }
    *out = set;
    return HEAPY_OK;
}

heapy_status
heapy_partition_of_rows(const heapy_partition *partition, size_t first, size_t step, size_t row_count,
                        heapy_partition **out, heapy_error *err)
{
    heapy_node_set *members = NULL;
    heapy_status status;
    if (!out)
        status = heapy__fail_null(err, "out");
    else
        status = heapy_partition_members(partition, first, step, row_count, &members, err);
    if (status)
        return status;
    heapy_partition *some = heapy_alloc_zeroed(1, sizeof *some);
    size_t class_count = heapy_classes_count(partition->classes);
    if (some) {
        some->classes = heapy__classes_of_some(partition->classes, members);
        some->rows = heapy_alloc_array(row_count, sizeof *some->rows);
        some->row_of_class = heapy_alloc_array(class_count, sizeof *some->row_of_class);
    }
    heapy_node_set_destroy(members);
    if (!some || !some->classes || !some->rows || !some->row_of_class) {
        heapy_partition_destroy(some);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu rows of a partition", row_count);
    }
    for (size_t c = 0; c < class_count; c++)
        some->row_of_class[c] = HEAPY_NO_ROW;
    for (size_t i = 0; i < row_count; i++) {
        some->rows[i] = partition->rows[first + i * step];
        some->rows[i].index = partition->class_of_row[first + i * step];
    }
    some->table = partition->table;
    some->table.rows = some->rows;
    some->table.row_count = row_count;
    some->table.count = some->table.size = 0;
    status = finish_rows(some, err);
    if (status)
        heapy_partition_destroy(some);
    else
        *out = some;
    return status;
}
