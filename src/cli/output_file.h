/* SPDX-License-Identifier: MIT */
/* A file that a command writes: it appears under its name when it is whole. */
#ifndef HEAPY_CLI_OUTPUT_FILE_H
#define HEAPY_CLI_OUTPUT_FILE_H

#include "output.h"

#include <heapy/snapshot_file.h>

typedef struct output_file {
    const char *path; /* as it was named; borrowed */
    char *temporary;  /* owned; NULL: what is named is written to directly */
    int descriptor;
    bool replaces;
} output_file;

/*
 * Begin to write: `-` is standard output.  A file that is there is left alone without --force. STATUS_FAILED:
 * what is wrong was said.  output_file_end() in any case.
 */
int output_file_begin(output_file *out, const invocation *asked, const char *path);

/* The same of a file that is written over if it is there. */
int output_file_replace(output_file *out, const char *path);

/* It is whole: give it its name.  As output_file_begin(). */
int output_file_complete(output_file *out);

/* Let go; what is not complete is removed. */
void output_file_end(output_file *out);

/* Where heapy_snapshot_write() may write. */
heapy_sink output_file_sink(output_file *out);

#endif
