/* SPDX-License-Identifier: MIT */
#include "separated_text.h"

#include <string.h>

/* Copy the text with `replaced` characters, each of one byte, as `by` has them. */
static void
put_field(document *doc, const char *text, size_t length, const char *replaced, const char *const *by)
{
    size_t plain = 0;
    for (size_t at = 0; at < length;) {
        uint32_t point = 0;
        size_t count = read_character((const unsigned char *)text + at, length - at, &point);
        const char *found = NULL;
        if (count == 1 && point)
            found = strchr(replaced, (int)point);
        if (count && !found) {
            at += count;
            continue;
        }
        document_write(doc, text + plain, at - plain);
        document_put(doc, found ? by[found - replaced] : "\xef\xbf\xbd");
        plain = ++at;
    }
    document_write(doc, text + plain, length - plain);
}

void
put_csv_field(document *doc, const char *text, size_t length)
{
    static const char *const doubled[] = {"\"\""};
    bool needs_quotes = false;
    for (size_t i = 0; i < length; i++)
        needs_quotes |= text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
    document_put(doc, needs_quotes ? "\"" : "");
    put_field(doc, text, length, "\"", doubled);
    document_put(doc, needs_quotes ? "\"" : "");
}

void
put_tsv_field(document *doc, const char *text, size_t length)
{
    static const char *const escapes[] = {"\\t", "\\n", "\\r", "\\\\"};
    put_field(doc, text, length, "\t\n\r\\", escapes);
}
