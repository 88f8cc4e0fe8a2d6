/* SPDX-License-Identifier: MIT */
#include "bitmap.h"

#include "heapy/address_map.h"

size_t
heapy__bitmap_count(const uint64_t *words, size_t bits)
{
    size_t count = 0;
    for (size_t w = 0; w < heapy__bitmap_words(bits); w++)
        count += heapy_popcount(words[w]);
    return count;
}

size_t
heapy__bitmap_next(const uint64_t *words, size_t bits, size_t from)
{
    if (from >= bits)
        return bits;
    size_t w = from >> 6;
    uint64_t word = words[w] & ~UINT64_C(0) << (from & 63);
    while (!word) {
        if (++w >= heapy__bitmap_words(bits))
            return bits;
        word = words[w];
    }
    return w << 6 | (size_t)__builtin_ctzll(word);
}
