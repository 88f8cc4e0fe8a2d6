/* SPDX-License-Identifier: MIT */
/* The objects of a snapshot as an Arrow table: a row a node. */
#include <string.h>

#include "../base/fail.h"
#include "../base/name_table.h"
#include "arrow_stream.h"
#include "heapy/classify.h"
#include "heapy/memory.h"

enum { NODE, ADDRESS, TYPE, KIND, SIZE, LENGTH, OWNER, TEXT, RETAINED, DOMINATOR, FIELD_COUNT };

static const heapy__arrow_field fields[FIELD_COUNT] = {
    [NODE] = {"node", HEAPY__ARROW_NUMBER, false},
    [ADDRESS] = {"address", HEAPY__ARROW_NUMBER, true},
    [TYPE] = {"type", HEAPY__ARROW_WORD, false},
    [KIND] = {"kind", HEAPY__ARROW_WORD, false},
    [SIZE] = {"size", HEAPY__ARROW_NUMBER, true},
    [LENGTH] = {"length", HEAPY__ARROW_NUMBER, true},
    [OWNER] = {"owner", HEAPY__ARROW_NUMBER, true},
    [TEXT] = {"text", HEAPY__ARROW_TEXT, false},
    [RETAINED] = {"retained", HEAPY__ARROW_NUMBER, true},
    [DOMINATOR] = {"dominator", HEAPY__ARROW_NUMBER, true},
};

typedef struct object_rows {
    heapy_snapshot *snapshot; /* retained */
    const heapy_dominators *dominators;
    heapy_classes *kinds;
    heapy__arrow_words *type_names, *kind_names;
    uint32_t *word_of_type, *word_of_kind; /* their numbers in these */
    heapy_address_iterator addresses;      /* at the next row */
    size_t next;
} object_rows;

/* Nodes, or nothing where there is none. */
static void
put_node(heapy__arrow_column *column, heapy_node node)
{
    if (node == HEAPY_NO_NODE)
        heapy__arrow_put_missing(column);
    else
        heapy__arrow_put(column, node);
}

/* Bytes: more than a signed number has room for are not there. */
static void
put_bytes(heapy__arrow_column *column, uint64_t bytes)
{
    heapy__arrow_put(column, bytes > INT64_MAX ? INT64_MAX : (int64_t)bytes);
}

static void
put_numbers(object_rows *rows, heapy_node node, heapy__arrow_column *columns)
{
    const heapy_graph *graph = heapy_snapshot_graph(rows->snapshot);
    const heapy_sizes sizes = heapy_graph_sizes(graph);
    uint64_t length = heapy_graph_length(graph, node);
    heapy__arrow_put(&columns[NODE], node);
    if (heapy_snapshot_map(rows->snapshot))
        heapy__arrow_put(&columns[ADDRESS], (int64_t)heapy_address_iterator_next(&rows->addresses));
    else
        heapy__arrow_put_missing(&columns[ADDRESS]);
    heapy__arrow_put(&columns[TYPE], rows->word_of_type[heapy_graph_types(graph)[node]]);
    heapy__arrow_put(&columns[KIND], rows->word_of_kind[heapy_classes_of_members(rows->kinds)[node]]);
    if (sizes.narrow)
        put_bytes(&columns[SIZE], heapy_size_of(&sizes, node));
    else
        heapy__arrow_put_missing(&columns[SIZE]);
    if (length != HEAPY_NO_LENGTH)
        heapy__arrow_put(&columns[LENGTH], (int64_t)length);
    else
        heapy__arrow_put_missing(&columns[LENGTH]);
    put_node(&columns[OWNER], heapy_graph_owner(graph, node));
    if (!rows->dominators)
        return;
    if (heapy_dominators_has(rows->dominators, node))
        put_bytes(&columns[RETAINED], heapy_retained_size(rows->dominators, node));
    else
        heapy__arrow_put_missing(&columns[RETAINED]);
    put_node(&columns[DOMINATOR], heapy_dominator(rows->dominators, node));
}

static heapy_status
fill(void *context, heapy__arrow_batch *batch, heapy_error *err)
{
    object_rows *rows = context;
    heapy__arrow_column *columns = batch->columns;
    size_t count = heapy_graph_node_count(heapy_snapshot_graph(rows->snapshot));
    while (rows->next < count && columns[NODE].count < batch->capacity &&
           columns[TEXT].text.length < HEAPY__ARROW_TEXT_BYTES) {
        heapy_node node = (heapy_node)rows->next;
        char *text;
        heapy_status status = heapy_snapshot_text(rows->snapshot, node, HEAPY_TEXT_ROW, &text, err);
        if (status)
            return status;
        if (strlen(text) > HEAPY__ARROW_TEXT_BYTES) {
            heapy_text_free(text);
            return heapy__fail(err, HEAPY_LIMIT, "the text of object %zu has more than %d bytes", rows->next,
                               (int)HEAPY__ARROW_TEXT_BYTES);
        }
        heapy__arrow_put_text(&columns[TEXT], text);
        heapy_text_free(text);
        put_numbers(rows, node, columns);
        rows->next++;
    }
    return HEAPY_OK;
}

static heapy__arrow_words *
words_of(void *context, size_t field)
{
    object_rows *rows = context;
    return field == TYPE ? rows->type_names : rows->kind_names;
}

static void
release(void *context)
{
    object_rows *rows = context;
    heapy__arrow_words_release(rows->type_names);
    heapy__arrow_words_release(rows->kind_names);
    heapy_free(rows->word_of_type);
    heapy_free(rows->word_of_kind);
    heapy_classes_destroy(rows->kinds);
    heapy_snapshot_release(rows->snapshot);
    heapy_free(rows);
}

/* ---- dictionaries ---- */

/* Add a word unless it is there; types of one name are one word, for readers take a dictionary to have none
 * twice. */
static bool
add_word(heapy__arrow_words *words, heapy__name_table *known, const char *name, uint32_t *number)
{
    size_t before = known->count, length = strlen(name);
    if (!heapy__name_table_intern(known, name, length, number))
        return false;
    return known->count == before || heapy__arrow_words_add(words, name, length);
}

static heapy_status
add_words(object_rows *rows, heapy_error *err)
{
    const heapy_graph *graph = heapy_snapshot_graph(rows->snapshot);
    size_t types = heapy_graph_type_count(graph), kinds = heapy_classes_count(rows->kinds);
    rows->type_names = heapy__arrow_words_create(types);
    rows->kind_names = heapy__arrow_words_create(kinds);
    rows->word_of_type = heapy_alloc_array(types, sizeof *rows->word_of_type);
    rows->word_of_kind = heapy_alloc_array(kinds, sizeof *rows->word_of_kind);
    heapy__name_table known_types = {0}, known_kinds = {0};
    bool is_done = rows->type_names && rows->kind_names && rows->word_of_type && rows->word_of_kind;
    for (size_t i = 0; is_done && i < types; i++)
        is_done = add_word(rows->type_names, &known_types, heapy_graph_type_name(graph, (heapy_type)i),
                           &rows->word_of_type[i]);
    for (size_t i = 0; is_done && i < kinds; i++)
        is_done = add_word(rows->kind_names, &known_kinds, heapy_classes_name(rows->kinds, (heapy_class)i),
                           &rows->word_of_kind[i]);
    heapy__name_table_deinit(&known_types);
    heapy__name_table_deinit(&known_kinds);
    if (is_done)
        return HEAPY_OK;
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the names of types");
}

static heapy_status
add_kinds(object_rows *rows, heapy_error *err)
{
    const heapy_classifier *by;
    heapy_status status = heapy_classifier_create(HEAPY_BY_CLODO, NULL, 0, &by, err);
    if (status)
        return status;
    status = heapy_classify(by, rows->snapshot, NULL, &rows->kinds, err);
    heapy_classifier_release(by);
    return status;
}

heapy_status
heapy_arrow_objects(heapy_snapshot *snapshot, const heapy_dominators *dominators, size_t batch_rows,
                    struct ArrowArrayStream *out, heapy_error *err)
{
    if (!snapshot || !out)
        return heapy__fail_null(err, "snapshot or out");
    object_rows *rows = heapy_alloc_zeroed(1, sizeof *rows);
    if (!rows)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a stream of objects");
    rows->snapshot = heapy_snapshot_retain(snapshot);
    rows->dominators = dominators;
    if (heapy_snapshot_map(snapshot))
        heapy_address_iterator_init(&rows->addresses, heapy_snapshot_map(snapshot));
    heapy_status status = add_kinds(rows, err);
    if (!status)
        status = add_words(rows, err);
    if (status) {
        release(rows);
        return status;
    }
    const heapy__arrow_table table = {.fields = fields,
                                      .field_count = dominators ? FIELD_COUNT : RETAINED,
                                      .fill = fill,
                                      .words = words_of,
                                      .release = release,
                                      .context = rows};
    return heapy__arrow_stream_create(&table, batch_rows, out, err);
}
