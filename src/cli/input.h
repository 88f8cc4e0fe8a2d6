/* SPDX-License-Identifier: MIT */
/* A snapshot file that a command asks. */
#ifndef HEAPY_CLI_INPUT_H
#define HEAPY_CLI_INPUT_H

#include "output.h"

#include <heapy/heapy.h>
#include <sys/stat.h>

typedef struct input {
    const char *path; /* as it was named; borrowed */
    heapy_snapshot_file *file;
    heapy_snapshot_file_info info;
    heapy_snapshot *snapshot; /* NULL until input_load() */
    const heapy_graph *graph;
    heapy_sizes sizes;
    int spool; /* descriptor of what standard input was copied to; -1: none */
} input;

#define INPUT_INIT {NULL, NULL, {0}, NULL, NULL, {0}, -1}

/*
 * Open a file; `-` is standard input, which is copied to an unlinked temporary file first.
 * STATUS_DONE, or STATUS_FAILED when what is wrong was said; input_close() in either case.
 */
int input_open(input *in, const char *path);

/* The same, where what is wrong with the file itself is in err->status, and was not said. */
int input_try(input *in, const char *path, heapy_error *err);
void input_close(input *in);

/* Is it made of the file of these facts, by whatever name? */
bool input_is_of(const input *in, const struct stat *facts);

/* May columns be used where they lie: is a file written by nobody else than who asks, or the system? */
bool input_is_trusted(const struct stat *facts);

/* Make the snapshot with the columns of `needs` (HEAPY_FILE_...), once.  As input_open(). */
int input_load(input *in, unsigned needs);

/* Say that there are no references in the file, which it needs for `what`; STATUS_FAILED. */
int input_need_edges(const input *in, const char *what);

/* The columns of a file that a classification needs. */
unsigned columns_for(unsigned classifier_needs);

/* What is known of a file as one JSON object. */
void json_input(document *doc, const input *in);

/* The beginning of the JSON document of a command: its format, and the files it asked. */
void json_begin_document(document *doc, const char *name, const input *inputs, size_t count);
/* The same, up to the files, which the caller writes and ends. */
void json_begin_bare_document(document *doc, const char *name);
void json_end_document(document *doc);

#endif
