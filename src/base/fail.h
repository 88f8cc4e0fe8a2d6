/* SPDX-License-Identifier: MIT */
/* How the engine reports an error: fill the caller's heapy_error, return the status. */
#ifndef HEAPY_BASE_FAIL_H
#define HEAPY_BASE_FAIL_H

#include "heapy/status.h"

/* Write the formatted message into `err` (which may be NULL) and return `status`. */
heapy_status heapy__fail(heapy_error *err, heapy_status status, const char *format, ...) HEAPY_PRINTF(3, 4);

#endif
