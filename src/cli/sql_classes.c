/* SPDX-License-Identifier: MIT */
/* The tables `types` and `kinds`: what is counted by class, without a row for each object. */
#include "sql_table.h"

#include <string.h>

/* The columns of both; those of one alone are not there in the other. */
enum {
    TYPE_SNAPSHOT,
    TYPE_TYPE,
    TYPE_MODULE,
    TYPE_QUALNAME,
    TYPE_NODE,
    TYPE_COUNT,
    TYPE_SIZE,
    TYPE_LARGEST,
    TYPE_RETAINED,
    TYPE_COLUMN_COUNT
};

static const sql_column type_columns[TYPE_COLUMN_COUNT] = {
    [TYPE_SNAPSHOT] = {"snapshot", "INTEGER", SQL_BY_VALUE, 0, false},
    [TYPE_TYPE] = {"type", "TEXT", SQL_BY_VALUE, 0, false},
    [TYPE_MODULE] = {"module", "TEXT", 0, 0, false},
    [TYPE_QUALNAME] = {"qualname", "TEXT", 0, 0, false},
    [TYPE_NODE] = {"node", "INTEGER", 0, 0, false},
    [TYPE_COUNT] = {"count", "INTEGER", 0, 0, false},
    [TYPE_SIZE] = {"size", "INTEGER", 0, HEAPY_FILE_SIZES, false},
    [TYPE_LARGEST] = {"largest", "INTEGER", 0, HEAPY_FILE_SIZES, false},
    [TYPE_RETAINED] = {"retained", "INTEGER", 0, HEAPY_FILE_SIZES | HEAPY_FILE_EDGES, false},
};

enum {
    KIND_SNAPSHOT,
    KIND_KIND,
    KIND_TYPE,
    KIND_OWNER_TYPE,
    KIND_COUNT,
    KIND_SIZE,
    KIND_LARGEST,
    KIND_RETAINED,
    KIND_COLUMN_COUNT
};

static const sql_column kind_columns[KIND_COLUMN_COUNT] = {
    [KIND_SNAPSHOT] = {"snapshot", "INTEGER", SQL_BY_VALUE, 0, false},
    [KIND_KIND] = {"kind", "TEXT", SQL_BY_VALUE, 0, false},
    [KIND_TYPE] = {"type", "TEXT", 0, 0, false},
    [KIND_OWNER_TYPE] = {"owner_type", "TEXT", 0, 0, false},
    [KIND_COUNT] = {"count", "INTEGER", 0, 0, false},
    [KIND_SIZE] = {"size", "INTEGER", 0, HEAPY_FILE_SIZES, false},
    [KIND_LARGEST] = {"largest", "INTEGER", 0, HEAPY_FILE_SIZES, false},
    [KIND_RETAINED] = {"retained", "INTEGER", 0, HEAPY_FILE_SIZES | HEAPY_FILE_EDGES, false},
};

typedef struct class_rows {
    sql_classing *classing;
    uint32_t class_number;
    const char *name; /* asked for; NULL: all */
    size_t length;
    bool has_members; /* only classes that have some are rows */
} class_rows;

/* Go to the first class from the current one on that is a row. */
static heapy_status
find_class(class_rows *rows, bool *at_end)
{
    const sql_classing *classing = rows->classing;
    for (; rows->class_number < classing->count; rows->class_number++) {
        uint32_t c = rows->class_number;
        if ((!rows->has_members || classing->counts[c]) &&
            (!rows->name ||
             (classing->lengths[c] == rows->length && !memcmp(classing->names[c], rows->name, rows->length))))
            return HEAPY_OK;
    }
    *at_end = true;
    return HEAPY_OK;
}

static heapy_status
begin_types(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    class_rows *rows = context;
    heapy_status status = sql_heap_need_types(cursor->heap, err);
    rows->classing = &cursor->heap->types;
    rows->name = sql_asked_text(cursor, TYPE_TYPE, &rows->length);
    if (status)
        return status;
    return find_class(rows, at_end);
}

static heapy_status
begin_kinds(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    class_rows *rows = context;
    heapy_status status = sql_heap_need_kinds(cursor->heap, err);
    rows->classing = &cursor->heap->kinds;
    if (!status)
        status = sql_heap_count(cursor->heap, rows->classing, err);
    rows->has_members = true;
    rows->name = sql_asked_text(cursor, KIND_KIND, &rows->length);
    if (status)
        return status;
    return find_class(rows, at_end);
}

static heapy_status
next_class(sql_cursor *cursor, void *context, bool *at_end, heapy_error *err)
{
    class_rows *rows = context;
    (void)cursor;
    (void)err;
    rows->class_number++;
    return find_class(rows, at_end);
}

/* What is counted of a class: `column` as of kinds. */
static heapy_status
put_count(sql_cursor *cursor, const class_rows *rows, int column, sqlite3_context *result, heapy_error *err)
{
    sql_heap *heap = cursor->heap;
    uint32_t c = rows->class_number;
    if (column != KIND_COUNT && !heap->sizes.narrow)
        return HEAPY_OK; /* NULL: sizes are not known */
    heapy_status status;
    if (column == KIND_RETAINED)
        status = sql_heap_retained_by(heap, rows->classing, &cursor->session->progress, err);
    else
        status = sql_heap_count(heap, rows->classing, err);
    if (status)
        return status;
    const uint64_t *counted;
    if (column == KIND_COUNT)
        counted = rows->classing->counts;
    else if (column == KIND_SIZE)
        counted = rows->classing->sizes;
    else if (column == KIND_LARGEST)
        counted = rows->classing->largest;
    else
        counted = rows->classing->retained;
    sql_put_size(result, counted[c]);
    return HEAPY_OK;
}

static heapy_status
put_type(sql_cursor *cursor, void *context, int column, sqlite3_context *result, heapy_error *err)
{
    const class_rows *rows = context;
    const heapy_type_row type = heapy_graph_type_row(cursor->heap->graph, rows->class_number);
    switch (column) {
    case TYPE_TYPE:
        sql_put_constant(result, rows->classing->names[rows->class_number]);
        return HEAPY_OK;
    case TYPE_MODULE:
        sql_put_constant(result, type.module);
        return HEAPY_OK;
    case TYPE_QUALNAME:
        sql_put_constant(result, type.qualname);
        return HEAPY_OK;
    case TYPE_NODE:
        sql_put_node(result, type.node);
        return HEAPY_OK;
    default:
        return put_count(cursor, rows, column - TYPE_COUNT + KIND_COUNT, result, err);
    }
}

static heapy_status
put_kind(sql_cursor *cursor, void *context, int column, sqlite3_context *result, heapy_error *err)
{
    const class_rows *rows = context;
    const heapy_graph *graph = cursor->heap->graph;
    heapy_node first = rows->classing->first[rows->class_number];
    heapy_type owner;
    switch (column) {
    case KIND_KIND:
        sql_put_constant(result, rows->classing->names[rows->class_number]);
        return HEAPY_OK;
    case KIND_TYPE:
        sql_put_constant(result, heapy_graph_type_name(graph, heapy_graph_types(graph)[first]));
        return HEAPY_OK;
    case KIND_OWNER_TYPE: /* of a dict; whatever else has an owner is of its own type's kind */
        if (heapy_graph_role(graph, first) == HEAPY_ROLE_DICT)
            owner = heapy_graph_owner_type(graph, first);
        else
            owner = HEAPY_NO_TYPE;
        if (owner != HEAPY_NO_TYPE)
            sql_put_constant(result, heapy_graph_type_name(graph, owner));
        return HEAPY_OK;
    default:
        return put_count(cursor, rows, column, result, err);
    }
}

static uint64_t
class_number(const sql_cursor *cursor, const void *context)
{
    return sql_row_number(cursor, ((const class_rows *)context)->class_number);
}

static double
type_count(const sql_heap *heap)
{
    return (double)heap->info.type_count;
}

const sql_table sql_types = {
    .name = "types",
    .columns = type_columns,
    .column_count = TYPE_COLUMN_COUNT,
    .snapshot_column = TYPE_SNAPSHOT,
    .rows_bytes = sizeof(class_rows),
    .begin = begin_types,
    .next = next_class,
    .put = put_type,
    .row_number = class_number,
    .rows_of = type_count,
};

const sql_table sql_kinds = {
    .name = "kinds",
    .columns = kind_columns,
    .column_count = KIND_COLUMN_COUNT,
    .snapshot_column = KIND_SNAPSHOT,
    .needs = HEAPY_FILE_OWNERS,
    .rows_bytes = sizeof(class_rows),
    .begin = begin_kinds,
    .next = next_class,
    .put = put_kind,
    .row_number = class_number,
    .rows_of = type_count,
};
