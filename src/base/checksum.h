/* SPDX-License-Identifier: MIT */
/*
 * XXH64: a fast checksum of 64 bits against accidents, not against intent.
 *
 * Follows the public specification, "XXH64 Algorithm Description" of the xxHash project (BSD 2-Clause), with
 * seed 0.  The result does not depend on how the bytes are divided over calls.
 */
#ifndef HEAPY_BASE_CHECKSUM_H
#define HEAPY_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

enum { HEAPY__STRIPE = 32 };

typedef struct heapy__checksum {
    uint64_t lanes[4];
    uint64_t length;                      /* bytes so far */
    unsigned char waiting[HEAPY__STRIPE]; /* the last length % 32 of them */
} heapy__checksum;

void heapy__checksum_init(heapy__checksum *checksum);
void heapy__checksum_add(heapy__checksum *checksum, const void *bytes, size_t count);
uint64_t heapy__checksum_value(const heapy__checksum *checksum); /* of what was added so far */

/* The checksum of bytes that are all here. */
uint64_t heapy__checksum_of(const void *bytes, size_t count);

#endif
