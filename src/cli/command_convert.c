/* SPDX-License-Identifier: MIT */
/* heapy convert IN OUT */
#include "info_facts.h"
#include "json_read.h"
#include "output_file.h"
#include "watch.h"

#include <heapy/memory.h>
#include <string.h>

/* What of texts a file keeps: no more than it has. */
static heapy_contents
contents_asked(const invocation *asked, const input *in)
{
    const char *word = option_value(asked, OPTION_CONTENTS);
    heapy_contents wanted = HEAPY_CONTENTS_NAMES;
    if (!word)
        wanted = in->info.contents;
    else if (!strcmp(word, "none"))
        wanted = HEAPY_CONTENTS_NONE;
    return wanted < in->info.contents ? wanted : in->info.contents;
}

static heapy_codec
codec_asked(const invocation *asked, const input *in)
{
    const char *word = option_value(asked, OPTION_COMPRESS);
    if (!word)
        return in->info.is_compressed ? HEAPY_CODEC_BEST : HEAPY_CODEC_PLAIN;
    return strcmp(word, "zstd") ? HEAPY_CODEC_PLAIN : HEAPY_CODEC_ZSTD;
}

/* What is known of the process, with what the file now holds; without texts, without the program's arguments.
 */
static void
put_info(document *doc, const input *in, heapy_contents contents)
{
    json_values known = {0};
    bool is_read = in->info.info_length && json_read(&known, in->info.info, in->info.info_length);
    doc->failed |= known.lacks_memory;
    json_begin(doc, '{');
    for (size_t i = 1; is_read && known.values[0].kind == JSON_OBJECT && i < known.values[0].end;
         i = known.values[i + 1].end) {
        char *key = json_characters(&known, i);
        doc->failed |= !key;
        if (key && !strcmp(key, "contents")) {
            json_key(doc, key);
            json_string(doc, contents_word(contents));
        } else if (key && (contents != HEAPY_CONTENTS_NONE || strcmp(key, "argv"))) {
            json_key(doc, key);
            json_put_value(doc, &known, i + 1);
        }
        heapy_free(key);
    }
    json_end(doc, '}');
    json_values_free(&known);
}

/* What a file with as little in it shows already may be written again. */
static bool
may_write_all(void *context, heapy_node node, heapy_text_use use)
{
    (void)context;
    (void)node;
    (void)use;
    return true;
}

static int
write_file(const invocation *asked, input *in, output_file *out, const document *info,
           heapy_contents contents)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_node_set *before = NULL;
    heapy_snapshot_write_options options = HEAPY_SNAPSHOT_WRITE_OPTIONS_INIT;
    const heapy_sink sink = output_file_sink(out);
    if (in->info.columns & HEAPY_FILE_BEFORE && heapy_snapshot_file_before(in->file, &before, &err))
        return complain_of(in->path, &err);
    options.contents = contents;
    options.codec = codec_asked(asked, in);
    options.info = info->text;
    options.info_length = info->length;
    options.before = before;
    if (contents == in->info.contents)
        options.may_write_text = may_write_all;
    else
        options.may_write_text = NULL;
    heapy_status status = heapy_snapshot_write(in->snapshot, &options, &sink, progress_of(asked), &err);
    progress_end();
    heapy_node_set_destroy(before);
    return status ? complain_of(status == HEAPY_OS ? out->path : in->path, &err) : STATUS_DONE;
}

int
run_convert(const invocation *asked)
{
    document info = {0};
    input in = INPUT_INIT;
    output_file out = {.descriptor = -1};
    int status = input_open(&in, asked->operands[0]);
    if (!status)
        status = input_load(&in, HEAPY_FILE_EVERYTHING);
    heapy_contents contents = contents_asked(asked, &in);
    if (!status)
        put_info(&info, &in, contents);
    if (!status && info.failed)
        status = complain_of_memory();
    if (!status)
        status = output_file_begin(&out, asked, asked->operands[1], &in);
    if (!status)
        status = write_file(asked, &in, &out, &info, contents);
    if (!status)
        status = output_file_complete(&out);
    output_file_end(&out);
    document_deinit(&info);
    input_close(&in);
    return status;
}
