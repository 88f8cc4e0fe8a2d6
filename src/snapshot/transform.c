/* SPDX-License-Identifier: MIT */
/*
 * Two transforms, of elements of 4 and of 8 bytes:
 *
 *     shuffled       all first bytes, then all second bytes, ...
 *     differences    of each number from the one before, 2 d or -2 d - 1, so that small ones of either sign
 *                    are small; then shuffled
 *
 * The loops are written so that compilers make vectors of them.
 */
#include "transform.h"

bool
heapy__can_transform(uint32_t codec, uint32_t element)
{
    return (codec == HEAPY__SHUFFLED || codec == HEAPY__DIFFERENCES) && (element == 4 || element == 8);
}

/* ---- four bytes ---- */

static inline void
put4(uint32_t value, size_t i, size_t count, unsigned char *restrict out)
{
    out[i] = (unsigned char)value;
    out[count + i] = (unsigned char)(value >> 8);
    out[2 * count + i] = (unsigned char)(value >> 16);
    out[3 * count + i] = (unsigned char)(value >> 24);
}

static inline uint32_t
get4(size_t i, size_t count, const unsigned char *restrict in)
{
    return in[i] | (uint32_t)in[count + i] << 8 | (uint32_t)in[2 * count + i] << 16 |
           (uint32_t)in[3 * count + i] << 24;
}

static inline uint32_t
fold4(uint32_t difference)
{
    return difference << 1 ^ (0 - (difference >> 31));
}

static void
shuffle4(const uint32_t *restrict in, size_t count, unsigned char *restrict out)
{
    for (size_t i = 0; i < count; i++)
        put4(in[i], i, count, out);
}

static void
shuffle4_back(const unsigned char *restrict in, size_t count, uint32_t *restrict out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = get4(i, count, in);
}

static void
differences4(const uint32_t *restrict in, size_t count, unsigned char *restrict out)
{
    if (count)
        put4(fold4(in[0]), 0, count, out);
    for (size_t i = 1; i < count; i++)
        put4(fold4(in[i] - in[i - 1]), i, count, out);
}

static void
differences4_back(const unsigned char *restrict in, size_t count, uint32_t *restrict out)
{
    uint32_t value = 0;
    shuffle4_back(in, count, out);
    for (size_t i = 0; i < count; i++)
        out[i] = value += out[i] >> 1 ^ (0 - (out[i] & 1));
}

/* ---- eight bytes ---- */

static inline void
put8(uint64_t value, size_t i, size_t count, unsigned char *restrict out)
{
    for (unsigned k = 0; k < 8; k++)
        out[k * count + i] = (unsigned char)(value >> 8 * k);
}

static inline uint64_t
fold8(uint64_t difference)
{
    return difference << 1 ^ (0 - (difference >> 63));
}

static void
shuffle8(const uint64_t *restrict in, size_t count, unsigned char *restrict out)
{
    for (size_t i = 0; i < count; i++)
        put8(in[i], i, count, out);
}

static void
shuffle8_back(const unsigned char *restrict in, size_t count, uint64_t *restrict out)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t value = 0;
        for (unsigned k = 0; k < 8; k++)
            value |= (uint64_t)in[k * count + i] << 8 * k;
        out[i] = value;
    }
}

static void
differences8(const uint64_t *restrict in, size_t count, unsigned char *restrict out)
{
    if (count)
        put8(fold8(in[0]), 0, count, out);
    for (size_t i = 1; i < count; i++)
        put8(fold8(in[i] - in[i - 1]), i, count, out);
}

static void
differences8_back(const unsigned char *restrict in, size_t count, uint64_t *restrict out)
{
    uint64_t value = 0;
    shuffle8_back(in, count, out);
    for (size_t i = 0; i < count; i++)
        out[i] = value += out[i] >> 1 ^ (0 - (out[i] & 1));
}

/* ---- either ---- */

void
heapy__transform(uint32_t codec, uint32_t element, const void *piece, size_t count, void *out)
{
    assert(heapy__can_transform(codec, element) && count % element == 0);
    if (element == 4)
        (codec == HEAPY__SHUFFLED ? shuffle4 : differences4)(piece, count / 4, out);
    else
        (codec == HEAPY__SHUFFLED ? shuffle8 : differences8)(piece, count / 8, out);
}

void
heapy__transform_back(uint32_t codec, uint32_t element, const void *transformed, size_t count, void *out)
{
    assert(heapy__can_transform(codec, element) && count % element == 0);
    if (element == 4)
        (codec == HEAPY__SHUFFLED ? shuffle4_back : differences4_back)(transformed, count / 4, out);
    else
        (codec == HEAPY__SHUFFLED ? shuffle8_back : differences8_back)(transformed, count / 8, out);
}
