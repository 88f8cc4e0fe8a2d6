/* SPDX-License-Identifier: MIT */
/* How the engine reports an error: fill the caller's heapy_error, return the status. */
#ifndef HEAPY_BASE_FAIL_H
#define HEAPY_BASE_FAIL_H

#include "heapy/status.h"

/* Write the formatted message into `err` (which may be NULL). */
void heapy__record_failure(heapy_error *err, heapy_status status, const char *format, ...) HEAPY_PRINTF(3, 4);

/* The same, with the value `status`: a macro, so that readers and analyzers see that it is not HEAPY_OK. */
#define heapy__fail(err, status, ...) (heapy__record_failure((err), (status), __VA_ARGS__), (status))

/* For a public function that got NULL where it may not: `names` says where, as in "graph or out". */
#define heapy__fail_null(err, names)                                                                         \
    heapy__fail((err), HEAPY_INVALID, "%s: NULL in place of " names, __func__)

/* For a heapy_set_operation that is none. */
#define heapy__fail_operation(err, operation)                                                                \
    heapy__fail((err), HEAPY_INVALID, "%s: %d is no operation on sets", __func__, (int)(operation))

#endif
