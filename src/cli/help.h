/* SPDX-License-Identifier: MIT */
/* Help as text, made from the table of commands. */
#ifndef HEAPY_CLI_HELP_H
#define HEAPY_CLI_HELP_H

#include "command.h"
#include "output.h"

/* which: NULL for all commands.  What the process ends with. */
int print_help(const command *which);
int print_version(void);

/* The manual page heapy(1), and what docs/heapy-command.md says of commands and options. */
void put_manual(document *doc);
void put_page(document *doc);

/* The options of a command as they are written: `-n N`, `--by RELATION`. */
void put_option(document *doc, const option_row *row);

#endif
