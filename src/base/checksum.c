/* SPDX-License-Identifier: MIT */
#include "checksum.h"

#include <string.h>

#define PRIME_1 UINT64_C(0x9e3779b185ebca87)
#define PRIME_2 UINT64_C(0xc2b2ae3d27d4eb4f)
#define PRIME_3 UINT64_C(0x165667b19e3779f9)
#define PRIME_4 UINT64_C(0x85ebca77c2b2ae63)
#define PRIME_5 UINT64_C(0x27d4eb2f165667c5)

static uint64_t
rotate(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

/* Bytes are little-endian numbers whatever the machine; compilers make one load of this. */
static uint64_t
read64(const unsigned char *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

static uint64_t
read32(const unsigned char *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24;
}

static uint64_t
mix(uint64_t lane, uint64_t input)
{
    return rotate(lane + input * PRIME_2, 31) * PRIME_1;
}

static void
add_stripe(uint64_t *lanes, const unsigned char *stripe)
{
    for (unsigned i = 0; i < 4; i++)
        lanes[i] = mix(lanes[i], read64(stripe + 8 * i));
}

void
heapy__checksum_init(heapy__checksum *checksum)
{
    *checksum = (heapy__checksum){.lanes = {PRIME_1 + PRIME_2, PRIME_2, 0, 0 - PRIME_1}};
}

void
heapy__checksum_add(heapy__checksum *checksum, const void *bytes, size_t count)
{
    const unsigned char *next = bytes;
    size_t waiting = checksum->length % HEAPY__STRIPE;
    if (!count)
        return;
    checksum->length += count;
    if (waiting + count < HEAPY__STRIPE) {
        memcpy(checksum->waiting + waiting, next, count);
        return;
    }
    if (waiting) {
        size_t missing = HEAPY__STRIPE - waiting;
        memcpy(checksum->waiting + waiting, next, missing);
        add_stripe(checksum->lanes, checksum->waiting);
        next += missing;
        count -= missing;
    }
    uint64_t lanes[4];
    memcpy(lanes, checksum->lanes, sizeof lanes); /* in registers */
    for (; count >= HEAPY__STRIPE; next += HEAPY__STRIPE, count -= HEAPY__STRIPE)
        add_stripe(lanes, next);
    memcpy(checksum->lanes, lanes, sizeof lanes);
    memcpy(checksum->waiting, next, count);
}

uint64_t
heapy__checksum_value(const heapy__checksum *checksum)
{
    const uint64_t *lanes = checksum->lanes;
    uint64_t value = PRIME_5;
    if (checksum->length >= HEAPY__STRIPE) {
        value = rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
        for (unsigned i = 0; i < 4; i++)
            value = (value ^ mix(0, lanes[i])) * PRIME_1 + PRIME_4;
    }
    value += checksum->length;
    const unsigned char *next = checksum->waiting;
    size_t left = checksum->length % HEAPY__STRIPE;
    for (; left >= 8; next += 8, left -= 8)
        value = rotate(value ^ mix(0, read64(next)), 27) * PRIME_1 + PRIME_4;
    for (; left >= 4; next += 4, left -= 4)
        value = rotate(value ^ read32(next) * PRIME_1, 23) * PRIME_2 + PRIME_3;
    for (; left; next++, left--)
        value = rotate(value ^ *next * PRIME_5, 11) * PRIME_1;
    value = (value ^ value >> 33) * PRIME_2;
    value = (value ^ value >> 29) * PRIME_3;
    return value ^ value >> 32;
}

uint64_t
heapy__checksum_of(const void *bytes, size_t count)
{
    heapy__checksum checksum;
    heapy__checksum_init(&checksum);
    heapy__checksum_add(&checksum, bytes, count);
    return heapy__checksum_value(&checksum);
}
