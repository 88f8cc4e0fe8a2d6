/* SPDX-License-Identifier: MIT */
/* heapy info FILE... */
#include "info_facts.h"
#include "json_read.h"

#include <heapy/memory.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A line for a fact: its name, then what follows. */
static void
begin_line(document *doc, const char *name)
{
    document_printf(doc, "  %-11s", name);
}

/* A string or number, escaped; false: there is none. */
static bool
put_fact(document *doc, const json_values *known, size_t number)
{
    char *text = json_characters(known, number);
    if (text)
        document_put_escaped(doc, text, strlen(text));
    else if (number != JSON_NONE && known->values[number].kind == JSON_NUMBER)
        document_write(doc, known->values[number].text, known->values[number].length);
    else if (number != JSON_NONE && known->values[number].kind == JSON_STRING)
        doc->failed = true; /* there was no memory for it */
    else
        return false;
    heapy_free(text);
    return true;
}

/* The same after a word, if there is one. */
static void
put_after(document *doc, const char *before, const json_values *known, const char *name)
{
    size_t number = json_member(known, 0, name);
    if (number == JSON_NONE || known->values[number].kind == JSON_NULL)
        return;
    document_put(doc, before);
    put_fact(doc, known, number);
}

/* Write the strings of a list, or the pairs of an object, one after the other. */
static void
put_items(document *doc, const json_values *known, size_t list, const char *between)
{
    bool is_object = known->values[list].kind == JSON_OBJECT, is_first = true;
    for (size_t i = list + 1; i < known->values[list].end; i = known->values[i].end) {
        document_put(doc, is_first ? "" : between);
        is_first = false;
        put_fact(doc, known, i);
        if (is_object) {
            document_put(doc, "=");
            put_fact(doc, known, ++i);
        }
    }
}

static bool
has_items(const json_values *known, size_t number)
{
    return number != JSON_NONE && known->values[number].end > number + 1;
}

static void
put_line_of(document *doc, const char *heading, const json_values *known, const char *name)
{
    size_t number = json_member(known, 0, name);
    if (number == JSON_NONE || known->values[number].kind == JSON_NULL)
        return;
    if (known->values[number].kind >= JSON_ARRAY && !has_items(known, number))
        return;
    begin_line(doc, heading);
    if (known->values[number].kind >= JSON_ARRAY)
        put_items(doc, known, number, strcmp(name, "argv") ? ", " : " ");
    else
        put_fact(doc, known, number);
    document_put(doc, "\n");
}

static void
put_taken(document *doc, const json_values *known)
{
    double seconds;
    begin_line(doc, "taken");
    if (json_double(known, json_member(known, 0, "time"), &seconds))
        put_time(doc, seconds);
    else
        document_put(doc, "at a time that is not known");
    put_after(doc, ", ", known, "taken");
    document_put(doc, "\n");
    if (json_double(known, json_member(known, 0, "started"), &seconds)) {
        begin_line(doc, "started");
        put_time(doc, seconds);
        document_put(doc, "\n");
    }
}

static void
put_contents(document *doc, const input *in)
{
    const char *word;
    unsigned column;
    begin_line(doc, "contents");
    document_put(doc, contents_word(in->info.contents));
    for (unsigned i = 0; (word = column_word(i, &column)); i++)
        if (in->info.columns & column)
            document_printf(doc, ", %s", word);
    document_put(doc, "\n");
    begin_line(doc, "file");
    document_printf(doc, "%" PRIu64 " bytes, format %" PRIu32 ", %s\n", in->info.file_bytes, in->info.format,
                    in->info.is_compressed ? "compressed" : "not compressed");
}

static void
put_info(document *doc, const input *in)
{
    json_values known = {0};
    bool is_read = !in->info.info_length || json_read(&known, in->info.info, in->info.info_length);
    doc->failed |= known.lacks_memory;
    document_put_escaped(doc, in->path, strlen(in->path));
    document_printf(doc, ": %zu objects of %zu types, %" PRIu64 " references\n", in->info.node_count,
                    in->info.type_count, in->info.edge_count);
    put_taken(doc, &known);
    if (json_member(&known, 0, "pid") != JSON_NONE) {
        begin_line(doc, "process");
        put_fact(doc, &known, json_member(&known, 0, "pid"));
        put_after(doc, " on ", &known, "host");
        document_put(doc, "\n");
    }
    put_line_of(doc, "arguments", &known, "argv");
    put_line_of(doc, "Python", &known, "python");
    put_line_of(doc, "Heapy", &known, "heapy");
    put_line_of(doc, "platform", &known, "platform");
    put_line_of(doc, "allocator", &known, "allocator");
    if (json_member(&known, 0, "rss") != JSON_NONE) {
        begin_line(doc, "resident");
        put_fact(doc, &known, json_member(&known, 0, "rss"));
        document_put(doc, " bytes\n");
    }
    put_line_of(doc, "labels", &known, "labels");
    put_line_of(doc, "id", &known, "id");
    put_contents(doc, in);
    put_line_of(doc, "notes", &known, "notes");
    if (!is_read)
        document_put(doc, "  notes      what is known of the process is no JSON\n");
    json_values_free(&known);
}

int
run_info(const invocation *asked)
{
    document doc = {0};
    bool is_json = is_given(asked, OPTION_JSON);
    input *inputs = heapy_alloc_array(asked->operand_count, sizeof *inputs);
    if (!inputs)
        return complain_of_memory();
    int status = STATUS_DONE;
    size_t opened = 0;
    while (!status && opened < asked->operand_count) {
        status = input_open(&inputs[opened], asked->operands[opened]);
        opened++;
    }
    if (!status && is_json) {
        json_begin_document(&doc, "info", inputs, opened);
        json_end_document(&doc);
    }
    for (size_t i = 0; !status && !is_json && i < opened; i++)
        put_info(&doc, &inputs[i]);
    while (opened)
        input_close(&inputs[--opened]);
    heapy_free(inputs);
    if (!status)
        return document_print(&doc);
    document_deinit(&doc);
    return status;
}
