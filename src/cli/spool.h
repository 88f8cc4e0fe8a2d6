/* SPDX-License-Identifier: MIT */
/* A file without a name, for what is kept until it is whole. */
#ifndef HEAPY_CLI_SPOOL_H
#define HEAPY_CLI_SPOOL_H

/*
 * A descriptor, empty, of a file in the folder that TMPDIR names, else in /var/tmp; where that is closed to
 * us, of memory.  -1 when what is wrong was said.  path: of the input that it is for, or NULL; what: what it
 * keeps.
 */
int spool_create(const char *path, const char *what);

#endif
