/* SPDX-License-Identifier: MIT */
/* What a stat is made of: shared by its arithmetic (stat.c) and its file format (stat_file.c). */
#ifndef HEAPY_ANALYSIS_STAT_INTERNAL_H
#define HEAPY_ANALYSIS_STAT_INTERNAL_H

#include "../base/string_buffer.h"
#include "heapy/stat.h"

typedef enum stat_field {
    FIELD_FORMAT,
    FIELD_TIME_MADE,
    FIELD_BASE_COUNT,
    FIELD_BASE_SIZE,
    FIELD_COUNT,
    FIELD_SIZE,
    FIELD_KIND_NAME,
    FIELD_KIND_HEADER,
    FIELD_ROW_COUNT,
    FIELD_UNKNOWN, /* a directive that means nothing to a stat */
    FIELD_KINDS = FIELD_UNKNOWN
} stat_field;

/* A line before the rows. */
typedef struct stat_directive {
    stat_field field;
    size_t name, value; /* of an unknown one: offsets in text */
} stat_directive;

struct heapy_stat {
    heapy_table table;
    double time_made;
    heapy_row *rows; /* owned */
    size_t *names;   /* owned while rows are added: offsets in text, which moves */
    size_t row_capacity, name_capacity;
    heapy__string_buffer text;  /* every string, each with a NUL after it */
    size_t kind_name, header;   /* offsets in text */
    stat_directive *directives; /* owned: in the order in which they are written */
    size_t directive_count, directive_capacity;
};

/* An empty stat; NULL: no memory. */
heapy_stat *heapy__stat_new(heapy_table_format format, double time_made);

/* Copy a string; its offset in stat->text.  A failure is remembered in stat->text. */
size_t heapy__stat_add_text(heapy_stat *stat, const char *text, size_t length);

/* Append a row; its index and cumulative size follow from the rows before.  False: no memory. */
bool heapy__stat_add_row(heapy_stat *stat, int64_t count, int64_t size, const char *name, size_t length);

/* Append a directive.  False: no memory. */
bool heapy__stat_add_directive(heapy_stat *stat, stat_directive directive);

/* Append those of `fields`, count of them. */
bool heapy__stat_add_fields(heapy_stat *stat, const stat_field *fields, size_t count);

/* Nothing more is added: turn offsets into pointers.  False: some append found no memory. */
bool heapy__stat_seal(heapy_stat *stat);

#endif
