/* SPDX-License-Identifier: MIT */
/* Lines of reference patterns, to the character (P-62 to P-68). */
#include "heapy/pattern_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/characters.h"
#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "../snapshot/address_text.h"
#include "heapy/memory.h"
#include "heapy/retained_rows.h"

enum { LETTERS = 52, FILLED_COLUMNS = 9 /* before the mark, and one more a step */ };

/* A row that was made; HEAPY_INVALID for another. */
static heapy_status
row_of(const heapy_pattern *pattern, size_t row, heapy_pattern_row *out, heapy_error *err)
{
    if (!pattern)
        return heapy__fail_null(err, "pattern");
    if (!heapy_pattern_made_row(pattern, row, out))
        return heapy__fail(err, HEAPY_INVALID, "row %zu of %zu", row, heapy_pattern_row_count(pattern));
    return HEAPY_OK;
}

static heapy_status
hand_over(heapy_status status, heapy__string_buffer *from, char **text, heapy_error *err)
{
    if (!status && from->failed)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the text of a row");
    if (status)
        heapy__string_buffer_deinit(from);
    else
        *text = from->text;
    return status;
}

/* ---- names ---- */

static void
put_steps(heapy__string_buffer *out, size_t number, size_t times)
{
    static const char letters[LETTERS + 1] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (number >= LETTERS) {
        while (times-- > 0)
            heapy__string_buffer_printf(out, "_%zu_", number);
    } else if (times >= 3) {
        heapy__string_buffer_printf(out, "%c%zu", letters[number], times);
    } else {
        heapy__string_buffer_append(out, &letters[number], 1);
        if (times == 2)
            heapy__string_buffer_append(out, &letters[number], 1);
    }
}

static heapy_status
put_name(const heapy_pattern *pattern, heapy_pattern_row row, heapy__string_buffer *out, heapy_error *err)
{
    size_t depth = row.depth;
    size_t *numbers = heapy_alloc_array(depth, sizeof *numbers);
    if (!numbers)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the name of a row");
    heapy_status status = HEAPY_OK;
    for (size_t i = depth; !status && i-- > 0;) {
        numbers[i] = row.number;
        status = row_of(pattern, row.parent, &row, err);
    }
    if (!depth)
        heapy__string_buffer_puts(out, "_");
    for (size_t i = 0, end; !status && i < depth; i = end) {
        for (end = i + 1; end < depth && numbers[end] == numbers[i]; end++)
            ;
        put_steps(out, numbers[i], end - i);
    }
    heapy_free(numbers);
    return status;
}

heapy_status
heapy_pattern_row_name(const heapy_pattern *pattern, size_t row, char **text, heapy_error *err)
{
    heapy_pattern_row shown;
    heapy__string_buffer out = {0};
    if (!text)
        return heapy__fail_null(err, "text");
    heapy_status status = row_of(pattern, row, &shown, err);
    if (!status)
        status = put_name(pattern, shown, &out, err);
    return hand_over(status, &out, text, err);
}

/* ---- nodes ---- */

/* A node in a list of its class: of an attribute dict the owner, of a dotted name its last part. */
static heapy_status
put_node(const heapy_snapshot *snapshot, heapy_node node, bool shows_address, bool shows_owner,
         heapy__string_buffer *out, heapy_error *err)
{
    char *text = NULL;
    if (shows_address) {
        heapy__put_address(snapshot, node, out);
        return HEAPY_OK;
    }
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    bool has_owner = shows_owner && heapy_graph_role(graph, node) == HEAPY_ROLE_DICT && /* as rows by Id */
                     heapy_graph_owner_type(graph, node) != HEAPY_NO_TYPE;
    heapy_status status;
    if (has_owner)
        status = heapy_snapshot_owner_text(snapshot, node, HEAPY_TEXT_ROW, &text, err);
    else
        status = heapy_snapshot_text(snapshot, node, HEAPY_TEXT_ROW, &text, err);
    if (status)
        return status;
    const char *dot = NULL;
    if (has_owner)
        dot = strrchr(text, '.');
    heapy__string_buffer_puts(out, dot ? ".." : "");
    heapy__string_buffer_puts(out, dot ? dot + 1 : text);
    heapy_text_free(text);
    return HEAPY_OK;
}

typedef struct item_list {
    char **texts; /* owned, each too */
    size_t count, capacity;
} item_list;

static bool
append_item(item_list *items, char *text)
{
    char **texts = heapy_grow(items->texts, items->count, &items->capacity, sizeof *texts);
    if (!texts)
        return false;
    items->texts = texts;
    texts[items->count++] = text;
    return true;
}

static int
compare_names(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* Have the last item say that there are more. */
static bool
add_dots(item_list *items)
{
    heapy__string_buffer text = {0};
    char **last = &items->texts[items->count - 1];
    heapy__string_buffer_puts(&text, *last);
    heapy__string_buffer_puts(&text, "...");
    if (text.failed) {
        heapy__string_buffer_deinit(&text);
        return false;
    }
    heapy_text_free(*last);
    *last = text.text;
    return true;
}

/* Texts of nodes while they fit into `room` characters, the last one with dots if there are more. */
static heapy_status
collect_items(const heapy_snapshot *snapshot, const heapy_pattern_row *row, bool shows_addresses,
              bool shows_owners, size_t room, item_list *items, heapy_error *err)
{
    size_t used = 0;
    for (size_t i = 0; i < row->count; i++) {
        heapy__string_buffer text = {0};
        heapy_status status = put_node(snapshot, row->nodes[i], shows_addresses, shows_owners, &text, err);
        bool fits = false, is_kept = false;
        if (!status && !text.failed) {
            used += heapy__character_count(text.text) + 2;
            fits = !i || used < room;
            if (fits)
                is_kept = append_item(items, text.text);
            else
                is_kept = add_dots(items);
        }
        if (!fits || !is_kept)
            heapy__string_buffer_deinit(&text);
        if (status || !is_kept) {
            if (status)
                return status;
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the text of a row");
        }
        if (!fits)
            break;
    }
    return HEAPY_OK;
}

/* ---- summaries ---- */

static heapy_status
put_kind(const heapy_pattern *pattern, heapy_class which, const heapy_kind_writer *writer,
         heapy__string_buffer *out, heapy_error *err)
{
    const heapy_kind *kind;
    heapy_kind_writer brief = *writer;
    char *text = NULL;
    heapy_status status = heapy_class_kind(heapy_pattern_classes(pattern), which, &kind, err);
    if (status)
        return status;
    brief.is_brief = true;
    status = heapy_kind_text(kind, &brief, &text, err);
    heapy_kind_release(kind);
    if (!status)
        heapy__string_buffer_puts(out, text);
    heapy_text_free(text);
    return status;
}

/* The names of the classes of some nodes, as a union of kinds is written: (int | list | str).  *several: are
   there several? */
static heapy_status
put_classes(const heapy_pattern *pattern, const heapy_pattern_row *row, const heapy_kind_writer *kinds,
            bool *several, heapy__string_buffer *out, heapy_error *err)
{
    const heapy_classes *classes = heapy_pattern_classes(pattern);
    *several = false;
    if (row->which != HEAPY_NO_CLASS && kinds)
        return put_kind(pattern, row->which, kinds, out, err);
    if (row->which != HEAPY_NO_CLASS) {
        heapy__string_buffer_puts(out, row->name);
        return HEAPY_OK;
    }
    const char **names = NULL; /* borrowed */
    size_t count = 0, capacity = 0;
    bool *is_there = heapy_alloc_zeroed(heapy_classes_count(classes), sizeof *is_there), failed = !is_there;
    for (size_t i = 0; !failed && i < row->count; i++) {
        heapy_class which = heapy_classes_of_members(classes)[row->nodes[i]];
        const char **more = names;
        if (!(is_there[which]))
            more = heapy_grow(names, count, &capacity, sizeof *more);
        failed = !more;
        if (failed || is_there[which])
            continue;
        names = more;
        names[count++] = heapy_classes_name(classes, which);
        is_there[which] = true;
    }
    heapy_free(is_there);
    *several = count > 1;
    if (*several)
        qsort(names, count, sizeof *names, compare_names);
    heapy__string_buffer_puts(out, *several ? "(" : "");
    for (size_t i = 0; i < count; i++) {
        heapy__string_buffer_puts(out, i ? " | " : "");
        heapy__string_buffer_puts(out, names[i]);
    }
    heapy__string_buffer_puts(out, *several ? ")" : "");
    heapy_free(names);
    if (!failed)
        return HEAPY_OK;
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the classes of a row");
}

static heapy_status
put_items(const heapy_pattern *pattern, const heapy_pattern_row *row, bool shows_addresses, size_t room,
          bool shows_owners, heapy__string_buffer *out, heapy_error *err)
{
    item_list items = {0};
    heapy_status status =
        collect_items(heapy_pattern_snapshot(pattern), row, shows_addresses, shows_owners, room, &items, err);
    if (!status && items.count)
        qsort(items.texts, items.count, sizeof *items.texts, compare_names);
    for (size_t i = 0; i < items.count; i++) {
        heapy__string_buffer_puts(out, i ? ", " : "");
        heapy__string_buffer_puts(out, items.texts[i]);
        heapy_text_free(items.texts[i]);
    }
    heapy_free(items.texts);
    return status;
}

static heapy_status
put_summary(const heapy_pattern *pattern, const heapy_pattern_row *row, size_t width,
            const heapy_pattern_text_options *options, heapy__string_buffer *out, heapy_error *err)
{
    bool several = false;
    heapy_status status = HEAPY_OK;
    heapy__string_buffer text = {0};
    heapy__string_buffer_printf(&text, "%zu ", row->count);
    if (row->count)
        status = put_classes(pattern, row, options->kinds, &several, &text, err);
    else
        heapy__string_buffer_puts(&text, "<Nothing>");
    heapy__string_buffer_puts(&text, ": ");
    size_t used = 0;
    if (!text.failed)
        used = heapy__character_count(text.text);
    if (!status && row->count)
        status = put_items(pattern, row, several || options->shows_addresses, width > used ? width - used : 0,
                           options->shows_owners, &text, err);
    if (!status && !text.failed && heapy__character_count(text.text) > width) {
        size_t kept = 0;
        if (!row->count)
            kept = width;
        else if (width > 3)
            kept = width - 3;
        text.length = heapy__end_of_characters(text.text, text.length, kept);
        text.text[text.length] = '\0';
        heapy__string_buffer_puts(&text, row->count ? "..." : "");
    }
    out->failed |= text.failed;
    if (!text.failed)
        heapy__string_buffer_append(out, text.text, text.length);
    heapy__string_buffer_deinit(&text);
    return status;
}

heapy_status
heapy_pattern_summary(const heapy_pattern *pattern, size_t row, size_t width,
                      const heapy_pattern_text_options *options, char **text, heapy_error *err)
{
    heapy_pattern_row shown;
    heapy__string_buffer out = {0};
    if (!options || !text)
        return heapy__fail_null(err, "options or text");
    heapy_status status = row_of(pattern, row, &shown, err);
    if (!status)
        status = put_summary(pattern, &shown, width, options, &out, err);
    return hand_over(status, &out, text, err);
}

/* ---- lines ---- */

static heapy_status
put_line_start(const heapy_pattern *pattern, size_t row, const heapy_pattern_row *shown,
               heapy__string_buffer *out, heapy_error *err)
{
    heapy__string_buffer_printf(out, "%2zu: ", row);
    heapy_status status = put_name(pattern, *shown, out, err);
    heapy__string_buffer_puts(out, " ");
    for (size_t end = FILLED_COLUMNS + shown->depth; !status && !out->failed && out->length < end;)
        heapy__string_buffer_puts(out, row % 2 ? " " : "-");
    switch (shown->mark) {
    case HEAPY_PATTERN_AGAIN:
        heapy__string_buffer_printf(out, " [^ %zu] ", shown->same);
        break;
    case HEAPY_PATTERN_ROOT:
        heapy__string_buffer_puts(out, " [R] ");
        break;
    case HEAPY_PATTERN_STOP:
        heapy__string_buffer_puts(out, " [S] ");
        break;
    case HEAPY_PATTERN_EXPANDED:
        heapy__string_buffer_puts(out, " [-] ");
        break;
    case HEAPY_PATTERN_DEEPEST:
        heapy__string_buffer_puts(out, " [+] ");
        break;
    }
    return status;
}

heapy_status
heapy_pattern_line_start(const heapy_pattern *pattern, size_t row, char **text, heapy_error *err)
{
    heapy_pattern_row shown;
    heapy__string_buffer out = {0};
    if (!text)
        return heapy__fail_null(err, "text");
    heapy_status status = row_of(pattern, row, &shown, err);
    if (!status)
        status = put_line_start(pattern, row, &shown, &out, err);
    return hand_over(status, &out, text, err);
}

heapy_status
heapy_pattern_line(const heapy_pattern *pattern, size_t row, const heapy_pattern_text_options *options,
                   char **text, heapy_error *err)
{
    heapy_pattern_row shown;
    heapy__string_buffer out = {0};
    if (!options || !text)
        return heapy__fail_null(err, "options or text");
    heapy_status status = row_of(pattern, row, &shown, err);
    if (!status)
        status = put_line_start(pattern, row, &shown, &out, err);
    size_t width = options->line_length > out.length ? options->line_length - out.length : 0;
    if (!status)
        status = put_summary(pattern, &shown, width, options, &out, err);
    return hand_over(status, &out, text, err);
}

/* ---- the label ---- */

/* What a classifier without parts is called; NULL: by its name. */
static const char *
word_of_form(heapy_classifier_form form)
{
    switch (form) {
    case HEAPY_BY_CLODO:
        return "[dict of] class";
    case HEAPY_BY_TYPE:
        return "type";
    case HEAPY_BY_UNITY:
        return "unity";
    case HEAPY_BY_SIZE:
        return "individual size";
    case HEAPY_BY_MODULE:
        return "module";
    case HEAPY_BY_ID:
        return "object identity";
    case HEAPY_BY_IDSET:
        return "by identity set";
    case HEAPY_BY_REFERENCES:
        return "referred via";
    case HEAPY_BY_PRODUCER:
        return "producer";
    case HEAPY_BY_REFERRERS:
        return "referrer kinds";
    default:
        return NULL;
    }
}

/* Write the kinds as a tuple of Python: `(a, b)`, and of one `(a,)`. */
static heapy_status
put_kinds(const heapy_classifier *by, const heapy_kind_writer *writer, heapy__string_buffer *out,
          heapy_error *err)
{
    size_t count = heapy_classifier_kind_count(by);
    heapy_kind_writer expressions = *writer;
    expressions.is_brief = false;
    heapy__string_buffer_puts(out, "index of first matching kind of (");
    for (size_t i = 0; i < count; i++) {
        char *text;
        heapy_status status = heapy_kind_text(heapy_classifier_kind(by, i), &expressions, &text, err);
        if (status)
            return status;
        heapy__string_buffer_printf(out, "%s%s", i ? ", " : "", text);
        heapy_text_free(text);
    }
    heapy__string_buffer_puts(out, count == 1 ? ",)" : ")");
    return HEAPY_OK;
}

/* Write the words of a classifier that is not and-ed; owners are classified by parts, which nest. */
static heapy_status
put_words(const heapy_classifier *by, const heapy_kind_writer *writer, heapy__string_buffer *out,
          heapy_error *err)
{
    for (; heapy_classifier_form_of(by) == HEAPY_BY_OWNER; by = heapy_classifier_part(by, 0))
        heapy__string_buffer_puts(out, "[dict of] ");
    heapy_classifier_form form = heapy_classifier_form_of(by);
    const char *word = word_of_form(form);
    if (form == HEAPY_BY_FIRST_MATCH)
        return put_kinds(by, writer, out, err);
    heapy__string_buffer_puts(out, word ? word : heapy_classifier_name(by));
    return HEAPY_OK;
}

heapy_status
heapy_pattern_label(const heapy_classifier *by, const heapy_kind_writer *writer, char **text,
                    heapy_error *err)
{
    heapy__string_buffer out = {0};
    heapy_status status = HEAPY_OK;
    if (!by || !writer || !text)
        return heapy__fail_null(err, "by, writer or text");
    bool is_several = heapy_classifier_form_of(by) == HEAPY_BY_ALL;
    heapy__string_buffer_puts(&out, is_several ? "Reference Pattern by <<" : "Reference Pattern by <");
    if (!is_several)
        status = put_words(by, writer, &out, err);
    for (size_t i = 0; !status && is_several && i < heapy_classifier_part_count(by); i++) {
        heapy__string_buffer_puts(&out, i ? " & " : "");
        status = put_words(heapy_classifier_part(by, i), writer, &out, err);
    }
    heapy__string_buffer_puts(&out, is_several ? ">>." : ">.");
    return hand_over(status, &out, text, err);
}
