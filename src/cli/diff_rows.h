/* SPDX-License-Identifier: MIT */
/* The rows of two tables beside each other, and what differs. */
#ifndef HEAPY_CLI_DIFF_ROWS_H
#define HEAPY_CLI_DIFF_ROWS_H

#include "rows.h"

/* One file's table: with --retained its sizes are what each row retains. */
typedef struct side {
    chosen objects;
    heapy_stat *stat;
} side;

/* STATUS_FAILED: what is wrong was said.  side_deinit() in any case. */
int side_init(side *self, const invocation *asked, input *in, const heapy_classifier *by);
void side_deinit(side *self);

typedef struct diff_row {
    const char *name; /* as it is; borrowed */
    int64_t before_count, before_size, after_count, after_size;
} diff_row;

typedef struct diff_rows {
    heapy_stat *stat;
    heapy_table table; /* named safely */
    heapy_row *shown;  /* owned */
    char **names;      /* owned, each too */
    char *header;      /* owned */
    diff_row *rows;    /* as many as the table has, and one of totals behind them; owned */
} diff_rows;

/* After less before.  The same; path: to be named when it fails. */
int diff_rows_init(diff_rows *self, const side sides[2], const char *path);
void diff_rows_deinit(diff_rows *self);

void json_diff_rows(document *doc, const diff_rows *self, size_t rows);

/* Is each --fail-if a condition?  Asked before files are read, which may take long.  The same. */
int diff_conditions_check(const invocation *asked);

/* Which rows meet a --fail-if, that of totals behind the others: owned, heapy_free().  The same. */
int diff_rows_meeting(const diff_rows *self, const invocation *asked, bool **out);
void json_failed_rows(document *doc, const diff_rows *self, const bool *meets, bool *failed);
void put_failed_rows(document *doc, const diff_rows *self, const bool *meets, bool *failed);

#endif
