/* SPDX-License-Identifier: MIT */
/*
 * Streams of Arrow's C data interface.
 *
 * A batch is a struct of arrays, each of which owns its memory: whoever takes one may take a column out of it
 * and let go of the others.  Dictionaries are counted, since all batches have the same.
 */
#include "arrow_stream.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/characters.h"
#include "../base/fail.h"
#include "heapy/memory.h"

/* Append a text as Arrow wants it: what is no UTF-8 for others, such as Python's surrogates, is U+FFFD. */
static void
append_text(heapy__string_buffer *buffer, const char *text, size_t length)
{
    size_t plain = 0, bytes; /* where what is copied as it is begins */
    for (size_t i = 0; i < length; i += bytes) {
        uint32_t character = heapy__character_at(text + i, length - i, &bytes);
        bool is_utf8 = character != 0xfffd && (character < 0xd800 || character > 0xdfff);
        if (is_utf8)
            continue;
        heapy__string_buffer_append(buffer, text + plain, i - plain);
        heapy__string_buffer_puts(buffer, "\xef\xbf\xbd");
        plain = i + bytes;
    }
    heapy__string_buffer_append(buffer, text + plain, length - plain);
}

/* ---- dictionaries ---- */

struct heapy__arrow_words {
    atomic_size_t uses;
    size_t count, capacity;
    int32_t *offsets; /* count + 1 */
    heapy__string_buffer text;
};

heapy__arrow_words *
heapy__arrow_words_create(size_t count)
{
    heapy__arrow_words *words = heapy_alloc_zeroed(1, sizeof *words);
    if (!words)
        return NULL;
    atomic_init(&words->uses, 1);
    words->capacity = count;
    words->offsets = heapy_alloc_zeroed(count + 1, sizeof *words->offsets);
    if (words->offsets)
        return words;
    heapy_free(words);
    return NULL;
}

bool
heapy__arrow_words_add(heapy__arrow_words *words, const char *text, size_t length)
{
    if (words->count == words->capacity || length > (INT32_MAX - words->text.length) / 3)
        return false;
    append_text(&words->text, text, length);
    words->offsets[++words->count] = (int32_t)words->text.length;
    return !words->text.failed;
}

void
heapy__arrow_words_release(heapy__arrow_words *words)
{
    if (!words || atomic_fetch_sub_explicit(&words->uses, 1, memory_order_acq_rel) != 1)
        return;
    heapy__string_buffer_deinit(&words->text);
    heapy_free(words->offsets);
    heapy_free(words);
}

static heapy__arrow_words *
words_retain(heapy__arrow_words *words)
{
    if (words)
        atomic_fetch_add_explicit(&words->uses, 1, memory_order_relaxed);
    return words;
}

/* ---- columns under construction ---- */

static size_t
value_bytes(heapy__arrow_form form)
{
    if (form == HEAPY__ARROW_NUMBER)
        return sizeof(int64_t);
    return sizeof(int32_t);
}

void
heapy__arrow_put(heapy__arrow_column *column, int64_t number)
{
    if (column->form == HEAPY__ARROW_NUMBER)
        ((int64_t *)column->values)[column->count++] = number;
    else
        ((int32_t *)column->values)[column->count++] = (int32_t)number;
}

void
heapy__arrow_put_text(heapy__arrow_column *column, const char *text)
{
    append_text(&column->text, text, strlen(text));
    ((int32_t *)column->values)[++column->count] = (int32_t)column->text.length;
}

void
heapy__arrow_put_missing(heapy__arrow_column *column)
{
    heapy__bitmap_clear(column->is_there, column->count);
    column->missing++;
    if (column->form == HEAPY__ARROW_TEXT)
        heapy__arrow_put_text(column, "");
    else
        heapy__arrow_put(column, 0);
}

static void
column_deinit(heapy__arrow_column *column)
{
    heapy_free(column->is_there);
    heapy_free(column->values);
    heapy__string_buffer_deinit(&column->text);
    heapy__arrow_words_release(column->words);
    *column = (heapy__arrow_column){0};
}

static bool
column_init(heapy__arrow_column *column, const heapy__arrow_field *field, size_t capacity)
{
    size_t words = heapy__bitmap_words(capacity);
    column->form = field->form;
    column->values = heapy_alloc_array(capacity + 1, value_bytes(field->form));
    if (field->may_be_missing && (column->is_there = heapy_alloc_array(words, sizeof *column->is_there)))
        memset(column->is_there, 0xff, words * sizeof *column->is_there);
    if (column->values && field->form == HEAPY__ARROW_TEXT)
        *(int32_t *)column->values = 0;
    return column->values && (column->is_there || !field->may_be_missing);
}

/* ---- arrays ---- */

/* What an array owns. */
typedef struct array_memory {
    heapy__arrow_column column; /* of a struct and of a dictionary only `words` */
    const void *buffers[3];
    struct ArrowArray *children; /* of a struct */
    struct ArrowArray **places;
    struct ArrowArray dictionary;
} array_memory;

static void
release_array(struct ArrowArray *array)
{
    array_memory *memory = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
    if (array->dictionary && array->dictionary->release)
        array->dictionary->release(array->dictionary);
    array->release = NULL;
    column_deinit(&memory->column);
    heapy_free(memory->children);
    heapy_free(memory->places);
    heapy_free(memory);
}

/* An array with memory of its own, `count` rows long; false: no memory. */
static bool
array_init(struct ArrowArray *array, size_t count, int64_t buffer_count)
{
    array_memory *memory = heapy_alloc_zeroed(1, sizeof *memory);
    if (!memory)
        return false;
    *array = (struct ArrowArray){.length = (int64_t)count,
                                 .n_buffers = buffer_count,
                                 .buffers = memory->buffers,
                                 .release = release_array,
                                 .private_data = memory};
    return true;
}

/* Arrow wants a buffer for strings that are all empty too. */
static const void *
bytes_of(const heapy__string_buffer *text)
{
    return text->text ? text->text : "";
}

static bool
dictionary_init(struct ArrowArray *array, heapy__arrow_words *words)
{
    if (!array_init(array, words->count, 3))
        return false;
    array_memory *memory = array->private_data;
    memory->column.words = words_retain(words);
    memory->buffers[1] = words->offsets;
    memory->buffers[2] = bytes_of(&words->text);
    return true;
}

/* An array of a column, which is taken over where there is memory. */
static bool
column_to_array(heapy__arrow_column *column, struct ArrowArray *array)
{
    if (!array_init(array, column->count, column->form == HEAPY__ARROW_TEXT ? 3 : 2))
        return false;
    array_memory *memory = array->private_data;
    memory->column = *column;
    *column = (heapy__arrow_column){0};
    const heapy__arrow_column *own = &memory->column;
    array->null_count = (int64_t)own->missing;
    if (own->missing)
        memory->buffers[0] = own->is_there;
    else
        memory->buffers[0] = NULL;
    memory->buffers[1] = own->values;
    if (own->form == HEAPY__ARROW_TEXT)
        memory->buffers[2] = bytes_of(&own->text);
    else
        memory->buffers[2] = NULL;
    if (own->form != HEAPY__ARROW_WORD)
        return true;
    array->dictionary = &memory->dictionary;
    return dictionary_init(&memory->dictionary, own->words);
}

/* The struct of all columns, which are taken over as far as there is memory. */
static bool
batch_to_array(heapy__arrow_column *columns, size_t column_count, struct ArrowArray *array)
{
    if (!array_init(array, columns[0].count, 1))
        return false;
    array_memory *memory = array->private_data;
    memory->children = heapy_alloc_zeroed(column_count, sizeof *memory->children);
    memory->places = heapy_alloc_array(column_count, sizeof *memory->places);
    bool is_done = memory->children && memory->places;
    for (size_t i = 0; is_done && i < column_count; i++)
        memory->places[i] = &memory->children[i];
    array->children = memory->places;
    array->n_children = is_done ? (int64_t)column_count : 0;
    for (size_t i = 0; is_done && i < column_count; i++)
        is_done = column_to_array(&columns[i], &memory->children[i]);
    if (!is_done)
        release_array(array);
    return is_done;
}

/* ---- schemas ---- */

typedef struct schema_memory {
    struct ArrowSchema *children; /* of a struct */
    struct ArrowSchema **places;
    struct ArrowSchema dictionary;
} schema_memory;

static void
release_schema(struct ArrowSchema *schema)
{
    schema_memory *memory = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
    if (schema->dictionary && schema->dictionary->release)
        schema->dictionary->release(schema->dictionary);
    schema->release = NULL;
    heapy_free(memory->children);
    heapy_free(memory->places);
    heapy_free(memory);
}

static bool
schema_init(struct ArrowSchema *schema, const char *name, const char *format, bool may_be_missing)
{
    schema_memory *memory = heapy_alloc_zeroed(1, sizeof *memory);
    if (!memory)
        return false;
    *schema = (struct ArrowSchema){.format = format,
                                   .name = name,
                                   .flags = may_be_missing ? ARROW_FLAG_NULLABLE : 0,
                                   .release = release_schema,
                                   .private_data = memory};
    return true;
}

static bool
field_to_schema(const heapy__arrow_field *field, struct ArrowSchema *schema)
{
    static const char *const formats[] = {
        [HEAPY__ARROW_NUMBER] = "l", [HEAPY__ARROW_TEXT] = "u", [HEAPY__ARROW_WORD] = "i"};
    if (!schema_init(schema, field->name, formats[field->form], field->may_be_missing))
        return false;
    schema_memory *memory = schema->private_data;
    if (field->form != HEAPY__ARROW_WORD)
        return true;
    schema->dictionary = &memory->dictionary;
    return schema_init(&memory->dictionary, "", "u", false);
}

static bool
table_to_schema(const heapy__arrow_table *table, struct ArrowSchema *schema)
{
    if (!schema_init(schema, "", "+s", false))
        return false;
    schema_memory *memory = schema->private_data;
    memory->children = heapy_alloc_zeroed(table->field_count, sizeof *memory->children);
    memory->places = heapy_alloc_array(table->field_count, sizeof *memory->places);
    bool is_done = memory->children && memory->places;
    for (size_t i = 0; is_done && i < table->field_count; i++)
        memory->places[i] = &memory->children[i];
    schema->children = memory->places;
    schema->n_children = is_done ? (int64_t)table->field_count : 0;
    for (size_t i = 0; is_done && i < table->field_count; i++)
        is_done = field_to_schema(&table->fields[i], &memory->children[i]);
    if (!is_done)
        release_schema(schema);
    return is_done;
}

/* ---- streams ---- */

typedef struct stream_memory {
    heapy__arrow_table table;
    size_t batch_rows;
    heapy_error err; /* of the call that failed last */
} stream_memory;

/* The number that the interface wants for a status. */
static int
error_number(heapy_status status)
{
    switch (status) {
    case HEAPY_OK:
        return 0;
    case HEAPY_NO_MEMORY:
        return ENOMEM;
    case HEAPY_CANCELLED:
        return ECANCELED;
    case HEAPY_OS:
        return EIO;
    default:
        return EINVAL;
    }
}

static int
stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    stream_memory *memory = stream->private_data;
    if (table_to_schema(&memory->table, out))
        return 0;
    return error_number(heapy__fail(&memory->err, HEAPY_NO_MEMORY, "no memory for the names of columns"));
}

/* Begin the batch's columns, with room for its rows; false: no memory. */
static bool
begin_batch(const stream_memory *memory, heapy__arrow_batch *batch)
{
    const heapy__arrow_table *table = &memory->table;
    batch->capacity = memory->batch_rows;
    batch->columns = heapy_alloc_zeroed(table->field_count, sizeof *batch->columns);
    for (size_t i = 0; batch->columns && i < table->field_count; i++) {
        if (!column_init(&batch->columns[i], &table->fields[i], batch->capacity))
            return false;
        if (table->fields[i].form == HEAPY__ARROW_WORD)
            batch->columns[i].words = words_retain(table->words(table->context, i));
    }
    return batch->columns;
}

static bool
has_failed_text(const stream_memory *memory, const heapy__arrow_batch *batch)
{
    for (size_t i = 0; i < memory->table.field_count; i++)
        if (batch->columns[i].text.failed)
            return true;
    return false;
}

static int
stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    stream_memory *memory = stream->private_data;
    heapy__arrow_batch batch = {0};
    heapy_status status = HEAPY_OK;
    bool has_room = begin_batch(memory, &batch);
    memset(out, 0, sizeof *out); /* without release: the end */
    if (has_room)
        status = memory->table.fill(memory->table.context, &batch, &memory->err);
    if (has_room && !status && batch.columns[0].count)
        has_room =
            !has_failed_text(memory, &batch) && batch_to_array(batch.columns, memory->table.field_count, out);
    if (!has_room)
        status = heapy__fail(&memory->err, HEAPY_NO_MEMORY, "no memory for %zu rows", memory->batch_rows);
    if (!has_room)
        memset(out, 0, sizeof *out);
    for (size_t i = 0; batch.columns && i < memory->table.field_count; i++)
        column_deinit(&batch.columns[i]);
    heapy_free(batch.columns);
    return error_number(status);
}

static const char *
stream_error(struct ArrowArrayStream *stream)
{
    stream_memory *memory = stream->private_data;
    if (!memory->err.status)
        return NULL;
    return memory->err.message;
}

static void
stream_release(struct ArrowArrayStream *stream)
{
    stream_memory *memory = stream->private_data;
    stream->release = NULL;
    memory->table.release(memory->table.context);
    heapy_free(memory);
}

heapy_status
heapy__arrow_stream_create(const heapy__arrow_table *table, size_t batch_rows, struct ArrowArrayStream *out,
                           heapy_error *err)
{
    stream_memory *memory = heapy_alloc_zeroed(1, sizeof *memory);
    if (!memory) {
        table->release(table->context);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a stream of rows");
    }
    memory->table = *table;
    if (!batch_rows)
        memory->batch_rows = HEAPY_ARROW_ROWS;
    else if (batch_rows < HEAPY_ARROW_MOST_ROWS)
        memory->batch_rows = batch_rows;
    else
        memory->batch_rows = HEAPY_ARROW_MOST_ROWS;
    *out = (struct ArrowArrayStream){.get_schema = stream_schema,
                                     .get_next = stream_next,
                                     .get_last_error = stream_error,
                                     .release = stream_release,
                                     .private_data = memory};
    return HEAPY_OK;
}
