/* SPDX-License-Identifier: MIT */
/* UTF-8 by the character: every byte that is no continuation (10xxxxxx) begins one. */
#ifndef HEAPY_CHARACTERS_H
#define HEAPY_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>

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

#endif
