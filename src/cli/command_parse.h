/* SPDX-License-Identifier: MIT */
/* A command line becomes an invocation. */
#ifndef HEAPY_CLI_COMMAND_PARSE_H
#define HEAPY_CLI_COMMAND_PARSE_H

#include "command.h"

/*
 * Parse arguments[0 .. count-1], of which the first is the name of a command.  out: command_parse_free(),
 * also on failure; its texts are those of `arguments`.  STATUS_DONE, or STATUS_USAGE when what is wrong was
 * said.
 */
int command_parse(int count, char **arguments, invocation *out);
void command_parse_free(invocation *asked);

/* The one of `count` words that is most like `word`, or NULL where none is like it. */
const char *nearest_word(const char *word, const char *const *words, size_t count);

#endif
