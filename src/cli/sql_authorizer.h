/* SPDX-License-Identifier: MIT */
/* What a statement may do: read our tables, with views and CTEs, and nothing else. */
#ifndef HEAPY_CLI_SQL_AUTHORIZER_H
#define HEAPY_CLI_SQL_AUTHORIZER_H

#include <stdbool.h>

typedef struct sql_authorizer {
    const bool *is_declaring; /* while our own tables are declared, all is allowed; borrowed */
    unsigned needs;           /* HEAPY_FILE_...: of the statements that were prepared so far */
    const char *refused;      /* what was said no to, as "... is" or "... are"; NULL: nothing yet */
} sql_authorizer;

/* As sqlite3_set_authorizer() has it; the context is a sql_authorizer. */
int sql_authorize(void *context, int action, const char *first, const char *second, const char *database,
                  const char *inner);

#endif
