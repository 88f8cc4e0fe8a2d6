/* SPDX-License-Identifier: MIT */
/*
 * Hooks for tests.  They do something only in a build with -Dfailing_alloc=true, which is the only one that
 * exports them and installs this header; heapy.h does not include it.
 */
#ifndef HEAPY_TESTING_H
#define HEAPY_TESTING_H

#include <stdbool.h>

#include "heapy/status.h"

#ifdef HEAPY_FAILING_ALLOC
#define HEAPY_TESTING_API HEAPY_API
#else
#define HEAPY_TESTING_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* True when this build can make allocations fail. */
HEAPY_TESTING_API bool heapy_testing_can_fail(void);

/* Make the `nth` allocation from now on fail, once (1 is the next).  0 turns it off.  In the environment of a
   program HEAPY_TESTING_FAIL_AT=n does so from its first allocation on; at its end it says on standard error
   how many were left. */
HEAPY_TESTING_API void heapy_testing_fail_at(long nth);

/* Allocations left until the failure; 0 when it has happened or none was asked for. */
HEAPY_TESTING_API long heapy_testing_remaining(void);

#ifdef __cplusplus
}
#endif

#endif
