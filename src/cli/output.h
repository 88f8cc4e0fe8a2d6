/* SPDX-License-Identifier: MIT */
/*
 * What a command says: a document on standard output, whole or not at all, and lines on standard error.
 */
#ifndef HEAPY_CLI_OUTPUT_H
#define HEAPY_CLI_OUTPUT_H

#include "command.h"

#include <heapy/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A document under construction; zeros are an empty one.  A failed append is remembered until the end. */
typedef struct document {
    char *text;
    size_t length, capacity;
    bool failed;
    bool after_value; /* in JSON: a comma comes before what follows */
} document;

void document_deinit(document *doc);
void document_write(document *doc, const char *text, size_t length);
void document_put(document *doc, const char *text);
void document_printf(document *doc, const char *format, ...) HEAPY_PRINTF(2, 3);

/* The bytes of the character at `text`, of `left` bytes, and its code point; 0: it is no UTF-8. */
size_t read_character(const unsigned char *text, size_t left, uint32_t *out);

/* A heap's text, in which what could move a cursor or is no UTF-8 is escaped: `\x1b`. */
void document_put_escaped(document *doc, const char *text, size_t length);

/* The same as a text of its own; owned, heapy_free().  NULL: no memory. */
char *copy_escaped(const char *text);

/* Write it to standard output and free it.  STATUS_DONE, or STATUS_FAILED when what is wrong was said. */
int document_print(document *doc);

/* Was standard output closed when the process began?  What it has been opened to since is nobody's. */
bool output_is_closed(void);

/* Is standard output a terminal that shows colours, as --color says? */
bool shows_colour(const invocation *asked);

/* Text with an end of line behind it; line number `heading` stands out where there are colours. */
void document_put_marked(document *doc, const invocation *asked, const char *text, size_t length,
                         size_t heading);

/* ---- JSON: values follow each other, commas come by themselves; strings are made UTF-8 ---- */

void json_begin(document *doc, char bracket); /* { or [ */
void json_end(document *doc, char bracket);   /* } or ] */
void json_key(document *doc, const char *name);
void json_integer(document *doc, int64_t number);
void json_unsigned(document *doc, uint64_t number);
void json_bool(document *doc, bool value);
void json_null(document *doc);
void json_literal(document *doc, const char *text, size_t length); /* what is JSON already */
void json_string(document *doc, const char *text);
void json_string_of(document *doc, const char *text, size_t length);
void json_address(document *doc, uintptr_t address); /* "0x7f..."; null of 0 */

/* ---- standard error ---- */

/* `heapy: ` and a text on one line, its control characters escaped.  STATUS_FAILED. */
int complain(const char *format, ...) HEAPY_PRINTF(1, 2);
int complain_of_memory(void);

/* What a function of the engine said about a file, which is named once.  path: as the user named it. */
int complain_of(const char *path, const heapy_error *err);

/* The same without the file's name; borrowed from `err`. */
const char *message_about(const char *path, const heapy_error *err);

/* ---- the process ---- */

/* Standard streams, and signals: a closed pipe, Ctrl-C, a file that shrinks. */
void process_init(void);

/* A file that goes when the process is interrupted; NULL: there is none any more. */
void process_set_temporary(const char *path);

/* The file that is being read, as the user named it. */
void process_set_reading(const char *path);

#endif
