/* SPDX-License-Identifier: MIT */
/* UTF-8 by the character: every byte that is no continuation (10xxxxxx) begins one. */
#ifndef HEAPY_CHARACTERS_H
#define HEAPY_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool
heapy__begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

/* How many characters a text has, up to its NUL. */
static inline size_t
heapy__character_count(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += heapy__begins_character(*text);
    return count;
}

/* The byte after the first `count` characters of `length` bytes; `length` where there are fewer. */
static inline size_t
heapy__end_of_characters(const char *text, size_t length, size_t count)
{
    size_t at = 0;
    while (at < length && count-- > 0)
        for (at++; at < length && !heapy__begins_character(text[at]); at++)
            ;
    return at;
}

/* The character at text[0 .. length-1] and how many bytes it has; what is no UTF-8 is one byte, and U+FFFD.
   Surrogates count as characters. */
static inline uint32_t
heapy__character_at(const char *at, size_t length, size_t *bytes)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *text = (const unsigned char *)at;
    size_t count = 0;
    if (text[0] < 0x80)
        count = 1;
    else if (text[0] >= 0xf0 && text[0] < 0xf8)
        count = 4;
    else if (text[0] >= 0xe0 && text[0] < 0xf0)
        count = 3;
    else if (text[0] >= 0xc0 && text[0] < 0xe0)
        count = 2;
    *bytes = 1;
    if (!count || count > length)
        return 0xfffd;
    uint32_t c = count == 1 ? text[0] : text[0] & (0x7fu >> count);
    for (size_t i = 1; i < count; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0xfffd;
        c = c << 6 | (text[i] & 0x3f);
    }
    if (c < least[count] || c > 0x10ffff)
        return 0xfffd;
    *bytes = count;
    return c;
}

#endif
