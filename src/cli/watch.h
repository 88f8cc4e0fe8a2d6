/* SPDX-License-Identifier: MIT */
/* A line on standard error while something takes long, and hints behind it. */
#ifndef HEAPY_CLI_WATCH_H
#define HEAPY_CLI_WATCH_H

#include "command.h"

#include <heapy/progress.h>

/* The command begins: from here on it takes long. */
void progress_begin(void);

/* Who watches a computation, as --progress and -q say: shown after two seconds, to a terminal. */
const heapy_progress *progress_of(const invocation *asked);

/* Remove the line. */
void progress_end(void);

/* Did it take long, is there a terminal, and does -q not forbid to say what would help next time? */
bool is_hint_due(const invocation *asked);

/* Say it on standard error, if so. */
void put_hint(const invocation *asked, const char *text);

#endif
