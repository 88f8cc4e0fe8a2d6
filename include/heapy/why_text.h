/* SPDX-License-Identifier: MIT */
/*
 * Why an object is there and what it costs, in four lines:
 *
 *     <1 dict of shop.Shop: 0x7f..>
 *       path       Root.i0_modules['shop'].__dict__['shop'].__dict__  (one of 2 shortest paths)
 *       dominator  <1 shop.Shop: 0x7f..>
 *       retained   1000064 bytes, of which 64 its own
 */
#ifndef HEAPY_WHY_TEXT_H
#define HEAPY_WHY_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "heapy/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is said of it; all borrowed during the call. */
typedef struct heapy_why_facts {
    const char *brief;      /* of the object */
    const char *path;       /* a shortest path from the root; NULL: there is none */
    const char *path_count; /* how many there are, in decimal digits */
    const char *no_path;    /* why there is none; NULL: because the root does not reach it */
    const char *dominator;  /* its brief; NULL: the root alone, or none of what is not reached */
    bool is_reached;
    uint64_t retained, size; /* bytes */
} heapy_why_facts;

/* text: owned UTF-8, heapy_text_free(), without a newline at the end.  O(text). */
HEAPY_API HEAPY_MUST_CHECK heapy_status heapy_why_text(const heapy_why_facts *facts, char **text,
                                                       heapy_error *err);

#ifdef __cplusplus
}
#endif

#endif
