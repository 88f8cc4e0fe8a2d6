/* SPDX-License-Identifier: MIT */
/* SQL in a build without SQLite: how to get it. */
#include "sql.h"

#include <stdarg.h>

static const char remedy[] = "this heapy was built without SQLite: install its headers (libsqlite3-dev, "
                             "sqlite-devel) and build heapy again";

heapy_status
sql_run(const sql_request *request, const sql_input *inputs, size_t input_count, heapy_error *err)
{
    (void)request;
    (void)inputs;
    (void)input_count;
    err->status = HEAPY_UNSUPPORTED;
    snprintf(err->message, sizeof err->message, "sql: %s", remedy);
    return HEAPY_UNSUPPORTED;
}

heapy_status
sql_meet(const char *condition, const sql_diff_row *rows, size_t count, bool *meets, heapy_error *err)
{
    (void)condition;
    (void)rows;
    (void)count;
    (void)meets;
    err->status = HEAPY_UNSUPPORTED;
    snprintf(err->message, sizeof err->message, "--fail-if: %s", remedy);
    return HEAPY_UNSUPPORTED;
}
