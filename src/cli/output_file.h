/* SPDX-License-Identifier: MIT */
/* A file that a command writes: it appears under its name when it is whole. */
#ifndef HEAPY_CLI_OUTPUT_FILE_H
#define HEAPY_CLI_OUTPUT_FILE_H

#include "input.h"
#include "output.h"

#include <heapy/snapshot_file.h>

typedef struct output_file {
    const char *path; /* as it was named; borrowed */
    char *target;     /* owned: the file that is there, where `path` is a link to it; NULL: it is `path` */
    char *temporary;  /* owned; NULL: what is named is written to directly */
    int descriptor;
    bool replaces;
} output_file;

/*
 * Begin to write what is made of an input: `-` is standard output.  A file that is there is left alone
 * without
 * --force, and the input's in any case, by whatever name.  STATUS_FAILED: what is wrong was said.
 * output_file_end() in any case.
 */
int output_file_begin(output_file *out, const invocation *asked, const char *path, const input *of);

/* The same of a name that is a file's of our own, and taken if it is there. */
int output_file_replace(output_file *out, const char *path);

/* It is whole: give it its name.  As output_file_begin(). */
int output_file_complete(output_file *out);

/* Let go; what is not complete is removed. */
void output_file_end(output_file *out);

/* Where heapy_snapshot_write() may write. */
heapy_sink output_file_sink(output_file *out);

#endif
