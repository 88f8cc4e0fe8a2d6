/* SPDX-License-Identifier: MIT */
#include "info_facts.h"

#include "json_read.h"

#include <heapy/memory.h>
#include <stdio.h>
#include <time.h>

const char *
column_word(unsigned number, unsigned *column)
{
    static const struct {
        const char *word;
        unsigned column;
    } words[] = {
        {"sizes", HEAPY_FILE_SIZES}, {"owners", HEAPY_FILE_OWNERS}, {"lengths", HEAPY_FILE_LENGTHS},
        {"facts", HEAPY_FILE_FACTS}, {"edges", HEAPY_FILE_EDGES},   {"addresses", HEAPY_FILE_ADDRESSES},
        {"texts", HEAPY_FILE_TEXTS}, {"keys", HEAPY_FILE_KEYS},     {"before", HEAPY_FILE_BEFORE}};
    if (number >= sizeof words / sizeof *words)
        return NULL;
    *column = words[number].column;
    return words[number].word;
}

const char *
contents_word(heapy_contents contents)
{
    static const char *const words[] = {"none", "names", "values"};
    return (size_t)contents < sizeof words / sizeof *words ? words[contents] : "";
}

void
put_time(document *doc, double seconds)
{
    struct tm parts;
    char text[64];
    time_t whole = seconds >= 0 && seconds < 253402300800.0 ? (time_t)seconds : -1; /* up to the year 9999 */
    if (whole >= 0 && gmtime_r(&whole, &parts) &&
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts))
        document_put(doc, text);
    else
        document_put(doc, "not known");
}

/* Facts of the file's info, in the order of docs/format.md; one that is not there, or of another sort than
   that page says, is null. */
static void
json_known(document *doc, const json_values *known)
{
    static const struct {
        const char *name;
        json_kind kind;
    } facts[] = {{"id", JSON_STRING},       {"heapy", JSON_STRING},     {"python", JSON_STRING},
                 {"platform", JSON_STRING}, {"host", JSON_STRING},      {"pid", JSON_NUMBER},
                 {"started", JSON_NUMBER},  {"time", JSON_NUMBER},      {"argv", JSON_ARRAY},
                 {"rss", JSON_NUMBER},      {"allocator", JSON_OBJECT}, {"labels", JSON_OBJECT},
                 {"taken", JSON_STRING},    {"notes", JSON_ARRAY}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        size_t number = json_member(known, 0, facts[i].name);
        json_key(doc, facts[i].name);
        if (number != JSON_NONE && known->values[number].kind == facts[i].kind)
            json_put_value(doc, known, number);
        else
            json_null(doc);
    }
}

void
json_input(document *doc, const input *in)
{
    const char *word;
    unsigned column;
    json_values known = {0};
    if (in->info.info_length)
        json_read(&known, in->info.info, in->info.info_length);
    doc->failed |= known.lacks_memory;
    json_begin(doc, '{');
    json_key(doc, "path");
    json_string(doc, in->path);
    json_known(doc, &known);
    json_key(doc, "objects");
    json_unsigned(doc, in->info.node_count);
    json_key(doc, "edges");
    json_unsigned(doc, in->info.edge_count);
    json_key(doc, "types");
    json_unsigned(doc, in->info.type_count);
    json_key(doc, "contents");
    json_string(doc, contents_word(in->info.contents));
    json_key(doc, "columns");
    json_begin(doc, '[');
    for (unsigned i = 0; (word = column_word(i, &column)); i++)
        if (in->info.columns & column)
            json_string(doc, word);
    json_end(doc, ']');
    json_key(doc, "bytes");
    json_unsigned(doc, in->info.file_bytes);
    json_key(doc, "file_format");
    json_unsigned(doc, in->info.format);
    json_key(doc, "compressed");
    json_bool(doc, in->info.is_compressed);
    json_end(doc, '}');
    json_values_free(&known);
}
