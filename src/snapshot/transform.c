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

static inline void
put8(uint64_t value, size_t i, size_t count, unsigned char *restrict out)
{
    for (unsigned k = 0; k < 8; k++)
        out[k * count + i] = (unsigned char)(value >> 8 * k);
}

static inline uint64_t
get8(size_t i, size_t count, const unsigned char *restrict in)
{
    uint64_t value = 0;
    for (unsigned k = 0; k < 8; k++)
        value |= (uint64_t)in[k * count + i] << 8 * k;
    return value;
}

/* What is done with numbers of one width, of which `type` has `width` bytes.  It is a macro, because a
   function over any width would not become vectors. */
#define TRANSFORMS(width, type)                                                                              \
    static inline type fold##width(type difference)                                                          \
    {                                                                                                        \
        return difference << 1 ^ (0 - (difference >> (8 * width - 1)));                                      \
    }                                                                                                        \
                                                                                                             \
    static void shuffle##width(const type *restrict in, size_t count, unsigned char *restrict out)           \
    {                                                                                                        \
        for (size_t i = 0; i < count; i++)                                                                   \
            put##width(in[i], i, count, out);                                                                \
    }                                                                                                        \
                                                                                                             \
    static void shuffle##width##_back(const unsigned char *restrict in, size_t count, type *restrict out)    \
    {                                                                                                        \
        for (size_t i = 0; i < count; i++)                                                                   \
            out[i] = get##width(i, count, in);                                                               \
    }                                                                                                        \
                                                                                                             \
    static void differences##width(const type *restrict in, size_t count, unsigned char *restrict out)       \
    {                                                                                                        \
        if (count)                                                                                           \
            put##width(fold##width(in[0]), 0, count, out);                                                   \
        for (size_t i = 1; i < count; i++)                                                                   \
            put##width(fold##width(in[i] - in[i - 1]), i, count, out);                                       \
    }                                                                                                        \
                                                                                                             \
    static void differences##width##_back(const unsigned char *restrict in, size_t count,                    \
                                          type *restrict out)                                                \
    {                                                                                                        \
        type value = 0;                                                                                      \
        shuffle##width##_back(in, count, out);                                                               \
        for (size_t i = 0; i < count; i++)                                                                   \
            out[i] = value += out[i] >> 1 ^ (0 - (out[i] & 1));                                              \
    }

TRANSFORMS(4, uint32_t)
TRANSFORMS(8, uint64_t)

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
