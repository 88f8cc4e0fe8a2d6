/* SPDX-License-Identifier: MIT */
/* heapy pattern FILE OBJECT */
#include "index_file.h"
#include "object.h"
#include "rows.h"
#include "watch.h"

#include <heapy/memory.h>
#include <string.h>

typedef struct listing {
    const invocation *asked;
    input in;
    heapy_pattern *pattern;
    const heapy_classifier *by;
    heapy_pattern_text_options options;
    size_t rows;
} listing;

/* Is there a row of that number?  STATUS_FAILED: what is wrong was said. */
static int
get_row(const listing *self, size_t number, heapy_pattern_row *row, bool *found)
{
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_pattern_get(self->pattern, number, row, found, &err))
        return complain_of(self->in.path, &err);
    return STATUS_DONE;
}

static int
make_pattern(listing *self, heapy_node node)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_classes *classes = NULL;
    heapy_pattern_options options = HEAPY_PATTERN_OPTIONS_INIT;
    uint64_t depth = options.depth;
    if (!option_number(self->asked, OPTION_DEPTH, &depth))
        return STATUS_USAGE;
    options.depth = depth > SIZE_MAX ? SIZE_MAX : (size_t)depth;
    options.dominators_only = is_given(self->asked, OPTION_IMDOM);
    options.start = heapy_graph_root(self->in.graph);
    index_use_referrers(self->in.path, self->in.snapshot);
    heapy_status status = heapy_classify(self->by, self->in.snapshot, NULL, &classes, &err);
    if (!status)
        status = heapy_pattern_create(self->in.snapshot, classes, &node, 1, &options, &self->pattern, &err);
    return status ? complain_of(self->in.path, &err) : STATUS_DONE;
}

/* ---- text ---- */

static int
put_row(document *doc, const listing *self, size_t number)
{
    heapy_error err = HEAPY_ERROR_INIT;
    char *text;
    heapy_pattern_text_options options = self->options;
    options.shows_owners |=
        !number; /* the set itself is shown as the session shows it, whatever rows are by */
    if (heapy_pattern_line(self->pattern, number, &options, &text, &err))
        return complain_of(self->in.path, &err);
    document_put_escaped(doc, text, strlen(text));
    document_put(doc, "\n");
    heapy_text_free(text);
    return STATUS_DONE;
}

static int
put_label(document *doc, const listing *self)
{
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_kind_writer writer = {0};
    char *text;
    if (heapy_pattern_label(self->by, &writer, &text, &err))
        return complain_of(self->in.path, &err);
    document_put_marked(doc, self->asked, text, strlen(text), 0);
    heapy_text_free(text);
    return STATUS_DONE;
}

static int
put_pattern(document *doc, const listing *self)
{
    heapy_pattern_row row;
    bool found = true, is_more = false;
    /* One row that would be left alone is taken along. */
    int status = self->rows ? get_row(self, self->rows + 1, &row, &is_more) : STATUS_DONE;
    size_t end = !self->rows || !is_more ? SIZE_MAX : self->rows;
    if (!status)
        status = put_label(doc, self);
    for (size_t number = 0; !status && found && number < end; number++) {
        status = get_row(self, number, &row, &found);
        if (!status && found)
            status = put_row(doc, self, number);
    }
    if (!status && is_more && heapy_pattern_is_complete(self->pattern))
        document_printf(doc, "<%zu more lines. Type e.g. '_.more' for more.>\n",
                        heapy_pattern_row_count(self->pattern) - end);
    else if (!status && is_more)
        document_put(doc, "<Type e.g. '_.more' for more.>\n");
    return status;
}

/* ---- JSON ---- */

static const char *
mark_word(heapy_pattern_mark mark)
{
    static const char *const words[] = {[HEAPY_PATTERN_AGAIN] = "again",
                                        [HEAPY_PATTERN_ROOT] = "root",
                                        [HEAPY_PATTERN_STOP] = "stop",
                                        [HEAPY_PATTERN_EXPANDED] = "expanded",
                                        [HEAPY_PATTERN_DEEPEST] = "deepest"};
    return words[mark];
}

static void
json_number_or_null(document *doc, size_t number)
{
    if (number == HEAPY_NO_PATTERN_ROW)
        json_null(doc);
    else
        json_unsigned(doc, number);
}

static int
json_row(document *doc, const listing *self, size_t number, const heapy_pattern_row *row)
{
    heapy_error err = HEAPY_ERROR_INIT;
    char *name;
    if (heapy_pattern_row_name(self->pattern, number, &name, &err))
        return complain_of(self->in.path, &err);
    json_begin(doc, '{');
    json_key(doc, "index");
    json_unsigned(doc, number);
    json_key(doc, "name");
    json_string(doc, name);
    json_key(doc, "depth");
    json_unsigned(doc, row->depth);
    json_key(doc, "parent");
    json_number_or_null(doc, row->parent);
    json_key(doc, "count");
    json_unsigned(doc, row->count);
    json_key(doc, "kind");
    json_string(doc, row->name);
    json_key(doc, "mark");
    json_string(doc, mark_word(row->mark));
    json_key(doc, "same");
    json_number_or_null(doc, row->same);
    json_end(doc, '}');
    heapy_text_free(name);
    return STATUS_DONE;
}

static int
json_pattern(document *doc, const listing *self)
{
    heapy_pattern_row row;
    bool found = true;
    int status = STATUS_DONE;
    json_key(doc, "rows");
    json_begin(doc, '[');
    for (size_t number = 0; !status && found && (!self->rows || number < self->rows); number++) {
        status = get_row(self, number, &row, &found);
        if (!status && found)
            status = json_row(doc, self, number, &row);
    }
    json_end(doc, ']');
    return status;
}

int
run_pattern(const invocation *asked)
{
    document doc = {0};
    listing self = {.asked = asked, .in = INPUT_INIT, .options = HEAPY_PATTERN_TEXT_OPTIONS_INIT};
    heapy_node node = 0;
    int status = rows_asked(asked, HEAPY_DEFAULT_ROWS, &self.rows) ? STATUS_DONE : STATUS_USAGE;
    if (!status)
        status = relation_asked(asked, "clodo", &self.by);
    heapy_classifier_form form = heapy_classifier_form_of(self.by);
    if (!status && form != HEAPY_BY_CLODO && form != HEAPY_BY_TYPE)
        status = usage_error(asked, "--by: patterns are by clodo or by type");
    self.options.shows_owners = form == HEAPY_BY_CLODO;
    if (!status)
        status = input_open(&self.in, asked->operands[0]);
    if (!status)
        status = input_need_edges(&self.in, "pattern");
    if (!status)
        status = input_load(&self.in, OBJECT_COLUMNS | HEAPY_FILE_EDGES);
    if (!status)
        status = object_asked(asked, &self.in, 1, &node);
    if (!status)
        status = make_pattern(&self, node);
    if (!status && is_given(asked, OPTION_JSON)) {
        json_begin_document(&doc, "pattern", &self.in, 1);
        status = json_pattern(&doc, &self);
        json_end_document(&doc);
    } else if (!status) {
        status = put_pattern(&doc, &self);
    }
    if (!status)
        status = document_print(&doc);
    document_deinit(&doc);
    heapy_pattern_destroy(self.pattern);
    heapy_classifier_release(self.by);
    input_close(&self.in);
    return status;
}
