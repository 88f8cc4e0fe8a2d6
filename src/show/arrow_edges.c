/* SPDX-License-Identifier: MIT */
/* The references of a snapshot as an Arrow table: a row for each name of each reference. */
#include <string.h>

#include "../base/fail.h"
#include "arrow_stream.h"
#include "heapy/memory.h"
#include "heapy/reference.h"

enum { SOURCE, TARGET, RELATION, NAME, NUMBER, KEY, FIELD_COUNT };

static const heapy__arrow_field fields[FIELD_COUNT] = {
    [SOURCE] = {"source", HEAPY__ARROW_NUMBER, false},   [TARGET] = {"target", HEAPY__ARROW_NUMBER, false},
    [RELATION] = {"relation", HEAPY__ARROW_WORD, false}, [NAME] = {"name", HEAPY__ARROW_WORD, true},
    [NUMBER] = {"number", HEAPY__ARROW_NUMBER, true},    [KEY] = {"key", HEAPY__ARROW_NUMBER, true},
};

typedef struct edge_rows {
    heapy_snapshot *snapshot; /* retained */
    heapy__arrow_words *relations, *names;
    size_t source; /* of the next row, its edge, and which of that one's names it is */
    uint64_t edge, end;
    size_t part;
} edge_rows;

static void
put_row(edge_rows *rows, heapy_label label, heapy__arrow_column *columns)
{
    const heapy_graph *graph = heapy_snapshot_graph(rows->snapshot);
    heapy_label_kind kind = heapy_label_kind_of(label);
    bool is_named = heapy_label_is_named(kind);
    heapy_node source = (heapy_node)rows->source;
    heapy_node key = heapy_reference_of_edge(graph, source, rows->edge, label).key;
    heapy__arrow_put(&columns[SOURCE], source);
    heapy__arrow_put(&columns[TARGET], heapy_graph_targets(graph)[rows->edge]);
    heapy__arrow_put(&columns[RELATION], kind == HEAPY_LABEL_SEVERAL ? HEAPY_LABEL_UNNAMED : kind);
    if (is_named)
        heapy__arrow_put(&columns[NAME], heapy_label_number(label));
    else
        heapy__arrow_put_missing(&columns[NAME]);
    if (!is_named && kind != HEAPY_LABEL_UNNAMED)
        heapy__arrow_put(&columns[NUMBER], heapy_label_number(label));
    else
        heapy__arrow_put_missing(&columns[NUMBER]);
    if (key != HEAPY_NO_NODE)
        heapy__arrow_put(&columns[KEY], key);
    else
        heapy__arrow_put_missing(&columns[KEY]);
}

/* Go to the next source that has an edge; false: there is none. */
static bool
find_edge(edge_rows *rows)
{
    const heapy_graph *graph = heapy_snapshot_graph(rows->snapshot);
    size_t count = heapy_graph_node_count(graph);
    while (rows->edge == rows->end) {
        if (rows->source + 1 >= count && rows->source != SIZE_MAX)
            return false;
        heapy_graph_edges(graph, (heapy_node)++rows->source, &rows->edge, &rows->end);
    }
    return true;
}

static heapy_status
fill(void *context, heapy__arrow_batch *batch, heapy_error *err)
{
    edge_rows *rows = context;
    const heapy_graph *graph = heapy_snapshot_graph(rows->snapshot);
    (void)err;
    while (batch->columns[SOURCE].count < batch->capacity && find_edge(rows)) {
        const heapy_label *parts;
        size_t count = heapy_graph_label_parts(graph, &heapy_graph_labels(graph)[rows->edge], &parts);
        if (rows->part < count)
            put_row(rows, parts[rows->part++], batch->columns);
        if (rows->part >= count) {
            rows->part = 0;
            rows->edge++;
        }
    }
    return HEAPY_OK;
}

static heapy__arrow_words *
words_of(void *context, size_t field)
{
    edge_rows *rows = context;
    return field == RELATION ? rows->relations : rows->names;
}

static void
release(void *context)
{
    edge_rows *rows = context;
    heapy__arrow_words_release(rows->relations);
    heapy__arrow_words_release(rows->names);
    heapy_snapshot_release(rows->snapshot);
    heapy_free(rows);
}

static heapy_status
add_words(edge_rows *rows, heapy_error *err)
{
    const heapy_graph *graph = heapy_snapshot_graph(rows->snapshot);
    size_t names = heapy_graph_name_count(graph);
    rows->relations = heapy__arrow_words_create(HEAPY_LABEL_SEVERAL);
    rows->names = heapy__arrow_words_create(names);
    bool is_done = rows->relations && rows->names;
    for (int kind = 0; is_done && kind < HEAPY_LABEL_SEVERAL; kind++) {
        const char *name = heapy_label_kind_name((heapy_label_kind)kind);
        is_done = heapy__arrow_words_add(rows->relations, name, strlen(name));
    }
    for (size_t i = 0; is_done && i < names; i++) {
        size_t length;
        const char *name = heapy_graph_name(graph, (uint32_t)i, &length);
        is_done = heapy__arrow_words_add(rows->names, name, length);
    }
    if (is_done)
        return HEAPY_OK;
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the names of references");
}

heapy_status
heapy_arrow_edges(heapy_snapshot *snapshot, size_t batch_rows, struct ArrowArrayStream *out, heapy_error *err)
{
    if (!snapshot || !out)
        return heapy__fail_null(err, "snapshot or out");
    edge_rows *rows = heapy_alloc_zeroed(1, sizeof *rows);
    if (!rows)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a stream of references");
    rows->snapshot = heapy_snapshot_retain(snapshot);
    rows->source = SIZE_MAX; /* before the first */
    heapy_status status = add_words(rows, err);
    if (status) {
        release(rows);
        return status;
    }
    const heapy__arrow_table table = {.fields = fields,
                                      .field_count = FIELD_COUNT,
                                      .fill = fill,
                                      .words = words_of,
                                      .release = release,
                                      .context = rows};
    return heapy__arrow_stream_create(&table, batch_rows, out, err);
}
