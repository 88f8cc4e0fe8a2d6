/* SPDX-License-Identifier: MIT */
/* Which types inherit from which: searches over the bases of the type table, with a stack of their own, since
   a program's classes may inherit as deep as they like. */
#include <string.h>

#include "../base/fail.h"
#include "graph_internal.h"
#include "heapy/memory.h"

static heapy_status
no_memory(const heapy__type_table *table, heapy_error *err)
{
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to search %zu types", table->count);
}

heapy_status
heapy__type_table_supertypes(const heapy__type_table *table, heapy_type type, bool *rows, heapy_error *err)
{
    heapy_status status = heapy__type_table_check(table, type, err);
    if (status)
        return status;
    heapy_type *waiting = heapy_alloc_array(table->count, sizeof *waiting);
    if (!waiting)
        return no_memory(table, err);
    size_t count = 0;
    memset(rows, 0, table->count * sizeof *rows);
    rows[type] = true;
    waiting[count++] = type;
    while (count) { /* each row waits once */
        const graph_type *row = &table->rows[waiting[--count]];
        for (uint32_t i = 0; i < row->base_count; i++) {
            heapy_type base = table->bases[row->first_base + i];
            if (!rows[base]) {
                rows[base] = true;
                waiting[count++] = base;
            }
        }
    }
    heapy_free(waiting);
    return HEAPY_OK;
}

heapy_status
heapy_graph_supertypes(const heapy_graph *graph, heapy_type type, bool *rows, heapy_error *err)
{
    if (!graph || !rows)
        return heapy__fail_null(err, "graph or rows");
    return heapy__type_table_supertypes(graph->type_table, type, rows, err);
}

/* The bases the other way round: who inherits from a row directly, in CSR. */
typedef struct heirs {
    uint32_t *starts; /* type_count + 2 */
    heapy_type *rows;
} heirs;

static bool
find_heirs(const heapy_graph *graph, heirs *out)
{
    out->starts = heapy_alloc_zeroed(graph->type_table->count + 2, sizeof *out->starts);
    out->rows = heapy_alloc_array(graph->type_table->base_count, sizeof *out->rows);
    if (!out->starts || !out->rows)
        return false;
    uint32_t *next = out->starts + 1; /* where the next heir of a row goes */
    for (heapy_type t = 0; t < graph->type_table->count; t++)
        for (uint32_t i = 0; i < graph->type_table->rows[t].base_count; i++)
            out->starts[graph->type_table->bases[graph->type_table->rows[t].first_base + i] + 2]++;
    for (size_t t = 2; t < graph->type_table->count + 2; t++)
        out->starts[t] += out->starts[t - 1];
    for (heapy_type t = 0; t < graph->type_table->count; t++)
        for (uint32_t i = 0; i < graph->type_table->rows[t].base_count; i++)
            out->rows[next[graph->type_table->bases[graph->type_table->rows[t].first_base + i]]++] = t;
    return true;
}

heapy_status
heapy_graph_subtypes(const heapy_graph *graph, heapy_type type, bool *rows, heapy_error *err)
{
    if (!graph || !rows)
        return heapy__fail_null(err, "graph or rows");
    heapy_status status = heapy__type_table_check(graph->type_table, type, err);
    if (status)
        return status;
    heirs h = {0};
    heapy_type *waiting = heapy_alloc_array(graph->type_table->count, sizeof *waiting);
    if (!find_heirs(graph, &h) || !waiting)
        status = no_memory(graph->type_table, err);
    size_t count = 0;
    if (!status) {
        memset(rows, 0, graph->type_table->count * sizeof *rows);
        rows[type] = true;
        waiting[count++] = type;
    }
    while (count) {
        heapy_type base = waiting[--count];
        for (uint32_t i = h.starts[base]; i < h.starts[base + 1]; i++)
            if (!rows[h.rows[i]]) {
                rows[h.rows[i]] = true;
                waiting[count++] = h.rows[i];
            }
    }
    heapy_free(h.starts);
    heapy_free(h.rows);
    heapy_free(waiting);
    return status;
}
