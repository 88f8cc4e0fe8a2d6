/* SPDX-License-Identifier: MIT */
/*
 * Tables as streams of Arrow's C data interface.
 *
 *     table    the names and forms of columns, and who fills batches
 *     batch    columns under construction: a row is complete when each of them was put to
 *     words    a dictionary: strings that several batches share
 */
#ifndef HEAPY_SHOW_ARROW_STREAM_H
#define HEAPY_SHOW_ARROW_STREAM_H

#include <stdbool.h>

#include "../base/string_buffer.h"
#include "heapy/arrow.h"

typedef enum heapy__arrow_form {
    HEAPY__ARROW_NUMBER, /* 64 bits, signed */
    HEAPY__ARROW_TEXT,   /* UTF-8 */
    HEAPY__ARROW_WORD    /* a number of `words`, 32 bits */
} heapy__arrow_form;

typedef struct heapy__arrow_field {
    const char *name; /* static storage */
    heapy__arrow_form form;
    bool may_be_missing;
} heapy__arrow_field;

/* ---- dictionaries ---- */

typedef struct heapy__arrow_words heapy__arrow_words;

/* A dictionary of `count` strings, copied by and by; NULL: no memory. */
heapy__arrow_words *heapy__arrow_words_create(size_t count);

/* The next string; lengths in bytes.  False: no memory, or 2 GiB are full. */
bool heapy__arrow_words_add(heapy__arrow_words *words, const char *text, size_t length);

void heapy__arrow_words_release(heapy__arrow_words *words); /* NULL does nothing */

/* ---- batches ---- */

typedef struct heapy__arrow_column {
    heapy__arrow_form form;
    size_t count, missing;
    uint64_t *is_there; /* a bit a row; NULL: none is missing */
    void *values;       /* numbers; of texts the offsets of their ends, the first 0 */
    heapy__string_buffer text;
    heapy__arrow_words *words;
} heapy__arrow_column;

typedef struct heapy__arrow_batch {
    heapy__arrow_column *columns;
    size_t capacity; /* rows */
} heapy__arrow_batch;

/* Texts of a batch end here, so that 32 bits are enough for offsets: whoever fills begins another. */
enum { HEAPY__ARROW_TEXT_BYTES = 1 << 26 };

/* Put to the next row of a column. */
void heapy__arrow_put(heapy__arrow_column *column, int64_t number);
void heapy__arrow_put_text(heapy__arrow_column *column, const char *text);
void heapy__arrow_put_missing(heapy__arrow_column *column);

/* ---- tables ---- */

typedef struct heapy__arrow_table {
    const heapy__arrow_field *fields;
    size_t field_count;
    /* Put the next rows, at most batch->capacity; none: the end. */
    heapy_status (*fill)(void *context, heapy__arrow_batch *batch, heapy_error *err);
    /* The dictionary of a column of words; borrowed. */
    heapy__arrow_words *(*words)(void *context, size_t field);
    void (*release)(void *context);
    void *context; /* released also on failure */
} heapy__arrow_table;

heapy_status heapy__arrow_stream_create(const heapy__arrow_table *table, size_t batch_rows,
                                        struct ArrowArrayStream *out, heapy_error *err);

#endif
