/* SPDX-License-Identifier: MIT */
/*
 * Paths as text (P-10 to P-18).
 *
 * What a step adds behind the source is kept, in one text for all steps, and found by the step's edge and
 * name:
 *
 *     slots    hash of (edge, name) --> first byte, length        a power of two of them, at most half full
 *     rests    ['d'].w[0].w ...                                   the texts, one behind the other
 */
#include "heapy/path_text.h"

#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "../snapshot/reference_internal.h"
#include "heapy/memory.h"
#include "heapy/reference.h"

typedef struct step_text {
    uint64_t edge;
    uint32_t name;
    heapy_reference_code code;
    size_t first, length; /* in rests */
    bool is_used;
} step_text;

struct heapy_path_writer {
    const heapy_snapshot *snapshot;
    heapy_text_use use;
    heapy_path_form form;
    step_text *slots;
    size_t slot_count, used;
    heapy__string_buffer rests;
};

enum { FIRST_SLOTS = 64 };

heapy_status
heapy_path_writer_create(const heapy_snapshot *snapshot, heapy_text_use use, heapy_path_form form,
                         heapy_path_writer **out, heapy_error *err)
{
    if (!snapshot || !out)
        return heapy__fail_null(err, "snapshot or out");
    if ((unsigned)use >= HEAPY_TEXT_USE_COUNT || (unsigned)form >= HEAPY_PATH_FORM_COUNT)
        return heapy__fail(err, HEAPY_INVALID, "%d is no use of a text, or %d no form of a path", (int)use,
                           (int)form);
    heapy_path_writer *writer = heapy_alloc_zeroed(1, sizeof *writer);
    step_text *slots = heapy_alloc_zeroed(FIRST_SLOTS, sizeof *slots);
    if (!writer || !slots) {
        heapy_free(writer);
        heapy_free(slots);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to write paths");
    }
    *writer = (heapy_path_writer){
        .snapshot = snapshot, .use = use, .form = form, .slots = slots, .slot_count = FIRST_SLOTS};
    *out = writer;
    return HEAPY_OK;
}

void
heapy_path_writer_destroy(heapy_path_writer *writer)
{
    if (!writer)
        return;
    heapy_free(writer->slots);
    heapy__string_buffer_deinit(&writer->rests);
    heapy_free(writer);
}

/* ---- steps ---- */

static step_text *
find_slot(step_text *slots, size_t slot_count, uint64_t edge, uint32_t name)
{
    size_t i = (size_t)((edge + name * UINT64_C(0x9e3779b9)) * UINT64_C(0x9e3779b97f4a7c15) >> 20) &
               (slot_count - 1);
    while (slots[i].is_used && (slots[i].edge != edge || slots[i].name != name))
        i = (i + 1) & (slot_count - 1);
    return &slots[i];
}

static bool
widen(heapy_path_writer *writer)
{
    size_t count = 2 * writer->slot_count;
    step_text *slots = heapy_alloc_zeroed(count, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < writer->slot_count; i++)
        if (writer->slots[i].is_used)
            *find_slot(slots, count, writer->slots[i].edge, writer->slots[i].name) = writer->slots[i];
    heapy_free(writer->slots);
    writer->slots = slots;
    writer->slot_count = count;
    return true;
}

/* Append a text; in a template with every % twice. */
static void
put_rest(heapy_path_writer *writer, const heapy__string_buffer *rest)
{
    for (size_t at = 0; at < rest->length;) {
        const char *percent =
            writer->form == HEAPY_PATH_TEMPLATE ? memchr(rest->text + at, '%', rest->length - at) : NULL;
        size_t end;
        if (percent)
            end = (size_t)(percent - rest->text) + 1;
        else
            end = rest->length;
        heapy__string_buffer_append(&writer->rests, rest->text + at, end - at);
        if (percent)
            heapy__string_buffer_puts(&writer->rests, "%");
        at = end;
    }
}

/* Keep what a step adds. */
static heapy_status
keep_text(heapy_path_writer *writer, heapy_path_step step, heapy_reference_code code,
          const heapy__string_buffer *rest, step_text *out, heapy_error *err)
{
    step_text text = {step.edge, step.name, code, writer->rests.length, 0, true};
    put_rest(writer, rest);
    if (rest->failed || writer->rests.failed ||
        (2 * (writer->used + 1) > writer->slot_count && !widen(writer))) {
        writer->rests.failed = false; /* the next one may find memory */
        writer->rests.length = text.first;
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the text of a reference");
    }
    text.length = writer->rests.length - text.first;
    step_text *slot = find_slot(writer->slots, writer->slot_count, step.edge, step.name);
    writer->used += !slot->is_used;
    *slot = *out = text;
    return HEAPY_OK;
}

static heapy_status
text_of_step(heapy_path_writer *writer, heapy_node source, heapy_path_step step, step_text *out,
             heapy_error *err)
{
    step_text *slot = find_slot(writer->slots, writer->slot_count, step.edge, step.name);
    if (slot->is_used) {
        *out = *slot;
        return HEAPY_OK;
    }
    const heapy_graph *graph = heapy_snapshot_graph(writer->snapshot);
    const heapy_label *parts;
    if (step.edge >= heapy_graph_edge_count(graph) ||
        step.name >= heapy_graph_label_parts(graph, heapy_graph_labels(graph) + step.edge, &parts))
        return heapy__fail(err, HEAPY_INVALID, "reference %" PRIu64 " has no name %" PRIu32, step.edge,
                           step.name);
    heapy_reference reference = heapy_reference_of_edge(graph, source, step.edge, parts[step.name]);
    heapy__string_buffer rest = {
        0}; /* not into the rests: the words may run code that writes with this writer */
    heapy_status status = heapy__reference_put_rest(writer->snapshot, reference, writer->use, &rest, err);
    if (!status)
        status = keep_text(writer, step, heapy_reference_code_of(reference.label), &rest, out, err);
    heapy__string_buffer_deinit(&rest);
    return status;
}

/* ---- paths ---- */

static heapy_status
put_path(heapy_path_writer *writer, const char *source, heapy_node first, const heapy_path_step *steps,
         size_t length, heapy__string_buffer *out, heapy_error *err)
{
    const heapy_graph *graph = heapy_snapshot_graph(writer->snapshot);
    step_text *texts = heapy_alloc_array(length, sizeof *texts);
    heapy_status status = HEAPY_OK;
    if (!texts)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a path of %zu steps", length);
    heapy_node at = first;
    for (size_t i = 0; !status && i < length; i++) {
        status = text_of_step(writer, at, steps[i], &texts[i], err);
        if (!status)
            at = heapy_graph_targets(graph)[steps[i].edge];
    }
    for (size_t i = length; !status && i-- > 0;) /* the last reference is written around all before it */
        heapy__string_buffer_puts(out, heapy_reference_form_of(texts[i].code).before);
    if (!status)
        heapy__string_buffer_puts(out, writer->form == HEAPY_PATH_TEMPLATE ? "%s" : source);
    for (size_t i = 0; !status && i < length; i++)
        heapy__string_buffer_append(out, writer->rests.text + texts[i].first, texts[i].length);
    heapy_free(texts);
    if (!status && out->failed)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the text of a path of %zu steps", length);
    return status;
}

/* Hand the text over; on failure there is none. */
static heapy_status
give_text(heapy_status status, heapy__string_buffer *from, char **text, size_t *bytes)
{
    if (status) {
        heapy__string_buffer_deinit(from);
        return status;
    }
    *text = from->text;
    if (bytes)
        *bytes = from->length;
    return HEAPY_OK;
}

heapy_status
heapy_path_text(heapy_path_writer *writer, const char *source, heapy_node first, const heapy_path_step *steps,
                size_t length, char **text, size_t *bytes, heapy_error *err)
{
    if (!writer || (!source && writer->form == HEAPY_PATH_PLAIN) || (!steps && length) || !text)
        return heapy__fail_null(err, "writer, source, steps or text");
    heapy__string_buffer out = {0};
    heapy__string_buffer_append(&out, "", 0);
    return give_text(put_path(writer, source, first, steps, length, &out, err), &out, text, bytes);
}

/* ---- lists ---- */

struct heapy_path_lines {
    heapy_shortest_paths *paths;
    heapy_path_writer *writer;
    heapy_source_names names;
    uint32_t *positions;
    heapy_path_step *steps;
    char *
        number; /* of the next path: decimal digits, the last at number[number_size - 2]; room for one more */
    size_t number_size, number_first;
    heapy_node named; /* the source that source_text is about; HEAPY_NO_NODE: none yet */
    char *source_text;
    bool is_at_end;
};

/* The decimal digits of a number of 32-bit digits, which is used up. */
static void
write_number(heapy_path_lines *lines, uint32_t *digits, size_t count)
{
    lines->number_first = lines->number_size - 1;
    do {
        uint64_t rest = 0;
        for (size_t i = count; i-- > 0;) {
            rest = rest << 32 | digits[i];
            digits[i] = (uint32_t)(rest / 10);
            rest %= 10;
        }
        lines->number[--lines->number_first] = (char)('0' + rest);
        while (count && !digits[count - 1])
            count--;
    } while (count);
}

/* The number has room for what 2^32 further paths add to it; more than that nobody lists. */
static void
increment_number(heapy_path_lines *lines)
{
    size_t i = lines->number_size - 2;
    while (i > lines->number_first && lines->number[i] == '9')
        lines->number[i--] = '0';
    if (lines->number[i] != '9') {
        lines->number[i]++;
    } else {
        lines->number[i] = '0';
        if (lines->number_first)
            lines->number[--lines->number_first] = '1';
    }
}

heapy_status
heapy_path_lines_create(heapy_shortest_paths *paths, heapy_path_writer *writer,
                        const heapy_source_names *names, const uint32_t *digits, size_t digit_count,
                        heapy_path_lines **out, heapy_error *err)
{
    if (!paths || !writer || !names || (!names->name && !names->text) || (!digits && digit_count) || !out)
        return heapy__fail_null(err, "paths, writer, names, digits or out");
    heapy_path_lines *lines = heapy_alloc_zeroed(1, sizeof *lines);
    uint32_t *rest = heapy_alloc_array(digit_count, sizeof *rest);
    heapy_status status = HEAPY_OK;
    if (lines) {
        *lines = (heapy_path_lines){.paths = paths,
                                    .writer = writer,
                                    .names = *names,
                                    .number_size = 10 * digit_count + 12, /* 32 bits are at most 10 digits */
                                    .named = HEAPY_NO_NODE};
        lines->positions = heapy_alloc_array(heapy_paths_length(paths) + 1, sizeof *lines->positions);
        lines->steps = heapy_alloc_array(heapy_paths_length(paths), sizeof *lines->steps);
        lines->number = heapy_alloc_zeroed(lines->number_size, 1);
    }
    if (!lines || !rest || !lines->positions || !lines->steps || !lines->number)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to list paths");
    if (!status)
        status = heapy_paths_seek(paths, digits, digit_count, lines->positions, err);
    if (!status) {
        if (digit_count)
            memcpy(rest, digits, digit_count * sizeof *rest);
        write_number(lines, rest, digit_count);
        *out = lines;
        lines = NULL;
    }
    heapy_free(rest);
    heapy_path_lines_destroy(lines);
    return status;
}

void
heapy_path_lines_destroy(heapy_path_lines *lines)
{
    if (!lines)
        return;
    heapy_free(lines->positions);
    heapy_free(lines->steps);
    heapy_free(lines->number);
    heapy_text_free(lines->source_text);
    heapy_free(lines);
}

/* The text of a source; neighbours in the list mostly begin at the same one. */
static heapy_status
name_source(heapy_path_lines *lines, heapy_node source, const char **name, heapy_error *err)
{
    *name = lines->names.name;
    if (*name)
        return HEAPY_OK;
    if (lines->named != source) {
        char *text = NULL;
        heapy_status status = lines->names.text(lines->names.context, source, &text, err);
        if (status)
            return status;
        heapy_text_free(lines->source_text);
        lines->source_text = text;
        lines->named = source;
    }
    *name = lines->source_text ? lines->source_text : "";
    return HEAPY_OK;
}

heapy_status
heapy_path_lines_next(heapy_path_lines *lines, char **text, size_t *bytes, heapy_error *err)
{
    if (!lines || !text)
        return heapy__fail_null(err, "lines or text");
    heapy_node source;
    const char *name = NULL;
    bool found = true;
    if (lines->is_at_end) {
        *text = NULL;
        return HEAPY_OK;
    }
    heapy_status status = heapy_paths_at(lines->paths, lines->positions, &source, lines->steps, err);
    if (!status)
        status = name_source(lines, source, &name, err);
    heapy__string_buffer out = {0};
    if (!status) {
        const char *number = lines->number + lines->number_first;
        heapy__string_buffer_pad(&out, !number[1]);
        heapy__string_buffer_puts(&out, number);
        heapy__string_buffer_puts(&out, ": ");
        status =
            put_path(lines->writer, name, source, lines->steps, heapy_paths_length(lines->paths), &out, err);
    }
    if (!status)
        status = heapy_paths_next(lines->paths, lines->positions, &found, err);
    status = give_text(status, &out, text, bytes);
    if (!status) {
        lines->is_at_end = !found;
        increment_number(lines);
    }
    return status;
}
