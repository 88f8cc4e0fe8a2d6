/* SPDX-License-Identifier: MIT */
/* What is known of a file beside its columns, in the words of docs/format.md. */
#ifndef HEAPY_CLI_INFO_FACTS_H
#define HEAPY_CLI_INFO_FACTS_H

#include "input.h"

/* What is kept of what a file holds, by HEAPY_FILE_... in one word each; NULL behind the last. */
const char *column_word(unsigned number, unsigned *column);

const char *contents_word(heapy_contents contents);

/* `2026-11-28 09:30:12 UTC` of seconds since 1970. */
void put_time(document *doc, double seconds);

#endif
