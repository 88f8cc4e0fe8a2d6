/* SPDX-License-Identifier: MIT */
/* Status texts, and the one function that fills an error. */
#include <stdarg.h>
#include <stdio.h>

#include "fail.h"

const char *
heapy_status_text(heapy_status status)
{
#define TEXT(name, text) [HEAPY_##name] = text,
    static const char *const texts[HEAPY_STATUS_COUNT] = {HEAPY_STATUS_MAP(TEXT)};
#undef TEXT
    unsigned code = (unsigned)status;
    return code < HEAPY_STATUS_COUNT ? texts[code] : "unknown status";
}

void
heapy__record_failure(heapy_error *err, heapy_status status, const char *format, ...)
{
    if (!err)
        return;
    err->status = status;
    err->os_errno = 0;
    va_list args;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
}
