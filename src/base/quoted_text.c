/* SPDX-License-Identifier: MIT */
#include "quoted_text.h"

#include <stdint.h>
#include <string.h>

#include "unprintable.h"

static bool
is_printable(uint32_t code)
{
    size_t low = 0, high = sizeof heapy__unprintable / sizeof *heapy__unprintable;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (heapy__unprintable[middle][1] < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low == sizeof heapy__unprintable / sizeof *heapy__unprintable || code < heapy__unprintable[low][0];
}

/* The character at `text`, of at most `length` bytes; 0 when these are no UTF-8.  Surrogates count as
   characters: texts of Python may have them.  size: bytes. */
static uint32_t
decode(const unsigned char *text, size_t length, size_t *size)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t bytes = 4;
    if (text[0] < 0x80)
        bytes = 1;
    else if (text[0] < 0xc0)
        bytes = 0;
    else if (text[0] < 0xe0)
        bytes = 2;
    else if (text[0] < 0xf0)
        bytes = 3;
    if (!bytes || bytes > length || text[0] > 0xf4)
        return 0;
    uint32_t code;
    if (bytes == 1)
        code = text[0];
    else
        code = text[0] & (0x7fU >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (text[i] & 0x3f);
    }
    *size = bytes;
    return code < smallest[bytes] || code > 0x10ffff ? 0 : code;
}

static void
put_escape(heapy__string_buffer *buffer, uint32_t code)
{
    if (code == '\n' || code == '\r' || code == '\t')
        heapy__string_buffer_puts(buffer, code == '\n' ? "\\n" : code == '\r' ? "\\r" : "\\t");
    else if (code < 0x100)
        heapy__string_buffer_printf(buffer, "\\x%02x", code);
    else if (code < 0x10000)
        heapy__string_buffer_printf(buffer, "\\u%04x", code);
    else
        heapy__string_buffer_printf(buffer, "\\U%08x", code);
}

void
heapy__string_buffer_quote(heapy__string_buffer *buffer, const char *text, size_t length)
{
    char quote = memchr(text, '\'', length) && !memchr(text, '"', length) ? '"' : '\'';
    heapy__string_buffer_append(buffer, &quote, 1);
    size_t plain = 0; /* where what stands for itself begins */
    for (size_t i = 0, size; i < length; i += size) {
        const unsigned char *at = (const unsigned char *)text + i;
        uint32_t code = decode(at, length - i, &size);
        bool is_text = code || !*at; /* a NUL is a character like others */
        if (!code)
            size = 1;
        bool is_marked = code == '\\' || code == (unsigned char)quote;
        if (is_text && !is_marked && code && is_printable(code))
            continue;
        heapy__string_buffer_append(buffer, text + plain, i - plain);
        plain = i + size;
        if (is_marked) {
            const char escaped[] = {'\\', (char)code};
            heapy__string_buffer_append(buffer, escaped, 2);
        } else if (is_text) {
            put_escape(buffer, code);
        } else {
            heapy__string_buffer_printf(buffer, "\\udc%02x", *at);
        }
    }
    heapy__string_buffer_append(buffer, text + plain, length - plain);
    heapy__string_buffer_append(buffer, &quote, 1);
}
