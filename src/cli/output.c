/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <heapy/memory.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- text ---- */

void
document_deinit(document *doc)
{
    heapy_free(doc->text);
    *doc = (document){0};
}

void
document_write(document *doc, const char *text, size_t length)
{
    if (doc->failed)
        return;
    if (length >= doc->capacity - doc->length) {
        size_t capacity = doc->capacity + doc->capacity / 2 + length + 256;
        char *grown = NULL;
        if (capacity >= length)
            grown = heapy_realloc_array(doc->text, capacity, 1);
        if (!grown) {
            doc->failed = true;
            return;
        }
        doc->text = grown;
        doc->capacity = capacity;
    }
    memcpy(doc->text + doc->length, text, length);
    doc->length += length;
    doc->text[doc->length] = 0;
}

void
document_put(document *doc, const char *text)
{
    document_write(doc, text, strlen(text));
}

void
document_printf(document *doc, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *text = NULL;
    if (length >= 0)
        text = heapy_alloc_array((size_t)length + 1, 1);
    if (text) {
        vsnprintf(text, (size_t)length + 1, format, again);
        document_write(doc, text, (size_t)length);
    } else {
        doc->failed = true;
    }
    heapy_free(text);
    va_end(again);
    va_end(arguments);
}

/* ---- a heap's texts ---- */

size_t
read_character(const unsigned char *text, size_t left, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t count = 0;
    if (text[0] < 0x80)
        count = 1;
    else if (text[0] >> 5 == 6)
        count = 2;
    else if (text[0] >> 4 == 14)
        count = 3;
    else if (text[0] >> 3 == 30)
        count = 4;
    if (!count || count > left)
        return 0;
    uint32_t point;
    if (count == 1)
        point = text[0];
    else
        point = text[0] & (0x7fu >> count);
    for (size_t i = 1; i < count; i++) {
        if (text[i] >> 6 != 2)
            return 0;
        point = point << 6 | (text[i] & 0x3f);
    }
    if (point < least[count] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        return 0;
    *out = point;
    return count;
}

/* Does a character move the cursor, or turn the direction of what follows? */
static bool
is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c || point == 0x200e ||
           point == 0x200f || (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

void
document_put_escaped(document *doc, const char *text, size_t length)
{
    size_t plain = 0;
    for (size_t at = 0; at < length;) {
        uint32_t point = 0;
        size_t count = read_character((const unsigned char *)text + at, length - at, &point);
        if (count && !is_control(point)) {
            at += count;
            continue;
        }
        document_write(doc, text + plain, at - plain);
        if (!count)
            document_printf(doc, "\\x%02x", (unsigned char)text[at]);
        else if (point == '\n')
            document_put(doc, "\\n");
        else if (point == '\t')
            document_put(doc, "\\t");
        else if (point == '\r')
            document_put(doc, "\\r");
        else if (point < 0x100)
            document_printf(doc, "\\x%02" PRIx32, point);
        else
            document_printf(doc, "\\u%04" PRIx32, point);
        at += count ? count : 1;
        plain = at;
    }
    document_write(doc, text + plain, length - plain);
}

char *
copy_escaped(const char *text)
{
    document doc = {0};
    document_put_escaped(&doc, text, strlen(text));
    if (doc.failed)
        document_deinit(&doc);
    return doc.text;
}

/* ---- JSON ---- */

static void
put_comma(document *doc)
{
    if (doc->after_value)
        document_put(doc, ", ");
    doc->after_value = true;
}

void
json_begin(document *doc, char bracket)
{
    put_comma(doc);
    document_write(doc, &bracket, 1);
    doc->after_value = false;
}

void
json_end(document *doc, char bracket)
{
    document_write(doc, &bracket, 1);
    doc->after_value = true;
}

void
json_string_of(document *doc, const char *text, size_t length)
{
    size_t plain = 0;
    put_comma(doc);
    document_put(doc, "\"");
    for (size_t at = 0; at < length;) {
        uint32_t point = 0;
        if (text[at] >= ' ' && text[at] < 0x7f && text[at] != '"' && text[at] != '\\') { /* most are */
            at++;
            continue;
        }
        size_t count = read_character((const unsigned char *)text + at, length - at, &point);
        if (count && !is_control(point) && point != '"' && point != '\\') {
            at += count;
            continue;
        }
        document_write(doc, text + plain, at - plain);
        if (!count)
            document_put(doc, "\xef\xbf\xbd"); /* U+FFFD */
        else if (point == '"' || point == '\\')
            document_printf(doc, "\\%c", (char)point);
        else
            document_printf(doc, "\\u%04" PRIx32, point);
        at += count ? count : 1;
        plain = at;
    }
    document_write(doc, text + plain, length - plain);
    document_put(doc, "\"");
}

void
json_string(document *doc, const char *text)
{
    json_string_of(doc, text, strlen(text));
}

void
json_key(document *doc, const char *name)
{
    json_string(doc, name);
    document_put(doc, ": ");
    doc->after_value = false;
}

void
json_integer(document *doc, int64_t number)
{
    put_comma(doc);
    document_printf(doc, "%" PRId64, number);
}

void
json_unsigned(document *doc, uint64_t number)
{
    put_comma(doc);
    document_printf(doc, "%" PRIu64, number);
}

void
json_bool(document *doc, bool value)
{
    put_comma(doc);
    document_put(doc, value ? "true" : "false");
}

void
json_literal(document *doc, const char *text, size_t length)
{
    put_comma(doc);
    document_write(doc, text, length);
}

void
json_null(document *doc)
{
    put_comma(doc);
    document_put(doc, "null");
}

void
json_address(document *doc, uintptr_t address)
{
    put_comma(doc);
    if (address)
        document_printf(doc, "\"0x%" PRIxPTR "\"", address);
    else
        document_put(doc, "null");
}

/* ---- standard error ---- */

int
complain(const char *format, ...)
{
    document line = {0};
    char text[1200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    document_put(&line, "heapy: ");
    document_put_escaped(&line, text, strlen(text));
    if (line.failed)
        fprintf(stderr, "heapy: out of memory\n");
    else
        fprintf(stderr, "%s\n", line.text);
    document_deinit(&line);
    return STATUS_FAILED;
}

int
complain_of_memory(void)
{
    return complain("out of memory");
}

const char *
message_about(const char *path, const heapy_error *err)
{
    const char *text;
    if (err->message[0])
        text = err->message;
    else
        text = heapy_status_text(err->status);
    size_t length = strlen(path);
    if (!strncmp(text, path, length) && !strncmp(text + length, ": ", 2))
        return text + length + 2;
    if (strncmp(text, "/proc/self/fd/", 14))
        return text;
    /* Standard input was copied to a file that has no name. */
    const char *spooled = strstr(text, ": ");
    if (!spooled)
        return text;
    return spooled + 2;
}

int
complain_of(const char *path, const heapy_error *err)
{
    return complain("%s: %s", path, message_about(path, err));
}
