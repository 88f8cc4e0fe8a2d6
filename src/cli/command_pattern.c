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
    heapy_pattern *object; /* of the object by clodo, where rows are by another relation; NULL: `pattern` */
    const heapy_classifier *by;
    heapy_pattern_text_options options;
    size_t rows;
} listing;

static const heapy_kind_writer for_people = {.is_brief = true};

/* Is there a row of that number?  STATUS_FAILED: what is wrong was said. */
static int
get_row(const listing *self, size_t number, heapy_pattern_row *row, bool *found)
{
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_pattern_get(self->pattern, number, row, found, &err))
        return complain_of(self->in.path, &err);
    return STATUS_DONE;
}

/* Rows by type and clodo are called by their classes and show objects; of others kinds and addresses say
 * more.
 */
static void
choose_text(listing *self)
{
    heapy_classifier_form form = heapy_classifier_form_of(self->by);
    bool is_several = form == HEAPY_BY_ALL, shows_types = form == HEAPY_BY_TYPE;
    size_t parts = 0;
    if (is_several)
        parts = heapy_classifier_part_count(self->by);
    self->options.shows_owners = form == HEAPY_BY_CLODO;
    if (form == HEAPY_BY_CLODO || form == HEAPY_BY_TYPE)
        self->options.kinds = NULL;
    else
        self->options.kinds = &for_people;
    for (size_t i = 0; i < parts; i++) {
        heapy_classifier_form part = heapy_classifier_form_of(heapy_classifier_part(self->by, i));
        self->options.shows_owners |= part == HEAPY_BY_CLODO;
        shows_types |= part == HEAPY_BY_TYPE;
    }
    self->options.shows_addresses = !self->options.shows_owners && !shows_types;
}

static heapy_status
find_pattern(listing *self, const heapy_classifier *by, heapy_node node, const heapy_pattern_options *options,
             heapy_pattern **out, heapy_error *err)
{
    heapy_classes *classes = NULL;
    heapy_status status = heapy_classify(by, self->in.snapshot, NULL, &classes, err);
    if (status)
        return status;
    return heapy_pattern_create(self->in.snapshot, classes, &node, 1, options, out, err);
}

/* The object itself is shown as the session shows it, whatever rows are by. */
static heapy_status
find_object(listing *self, heapy_node node, heapy_error *err)
{
    const heapy_classifier *clodo;
    heapy_pattern_row row;
    bool found;
    heapy_pattern_options options = HEAPY_PATTERN_OPTIONS_INIT;
    options.depth = 0;
    heapy_status status = heapy_classifier_create(HEAPY_BY_CLODO, NULL, 0, &clodo, err);
    if (status)
        return status;
    status = find_pattern(self, clodo, node, &options, &self->object, err);
    heapy_classifier_release(clodo);
    if (status)
        return status;
    return heapy_pattern_get(self->object, 0, &row, &found, err);
}

static int
make_pattern(listing *self, heapy_node node)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_pattern_options options = HEAPY_PATTERN_OPTIONS_INIT;
    uint64_t depth = options.depth;
    if (!option_number(self->asked, OPTION_DEPTH, &depth))
        return STATUS_USAGE;
    options.depth = depth > SIZE_MAX ? SIZE_MAX : (size_t)depth;
    options.dominators_only = is_given(self->asked, OPTION_IMDOM);
    options.start = heapy_graph_root(self->in.graph);
    index_use_referrers(self->in.path, self->in.snapshot);
    heapy_status status = find_pattern(self, self->by, node, &options, &self->pattern, &err);
    if (!status && self->options.kinds)
        status = find_object(self, node, &err);
    if (!status)
        return STATUS_DONE;
    return complain_of(self->in.path, &err);
}

/* ---- text ---- */

/* Where a row stands, and how much of its line that leaves to what it is. */
static heapy_status
put_start(document *doc, const listing *self, size_t number, size_t *room, heapy_error *err)
{
    char *text;
    heapy_status status = heapy_pattern_line_start(self->pattern, number, &text, err);
    if (status)
        return status;
    size_t length = strlen(text);
    *room = self->options.line_length > length ? self->options.line_length - length : 0;
    document_put(doc, text);
    heapy_text_free(text);
    return HEAPY_OK;
}

static int
put_row(document *doc, const listing *self, size_t number)
{
    heapy_error err = HEAPY_ERROR_INIT;
    char *text;
    size_t room = 0;
    heapy_pattern_text_options options = self->options;
    const heapy_pattern *of = self->pattern;
    if (!number) {
        of = self->object ? self->object : self->pattern;
        options = (heapy_pattern_text_options)HEAPY_PATTERN_TEXT_OPTIONS_INIT;
    }
    if (put_start(doc, self, number, &room, &err) ||
        heapy_pattern_summary(of, number, room, &options, &text, &err))
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
    int status = STATUS_DONE;
    if (self->rows)
        status = get_row(self, self->rows + 1, &row, &is_more);
    size_t end = !self->rows || !is_more ? SIZE_MAX : self->rows;
    if (!status)
        status = put_label(doc, self);
    for (size_t number = 0; !status && found && number < end; number++) {
        status = get_row(self, number, &row, &found);
        if (!status && found)
            status = put_row(doc, self, number);
    }
    if (!status && is_more) /* how many is not asked here, nor by the session */
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

/* As in text: of the first row that of the object.  Owned; left alone where rows are called by their classes.
 */
static heapy_status
kind_of_row(const listing *self, const heapy_pattern_row *row, char **out, heapy_error *err)
{
    const heapy_kind *kind;
    if (!self->options.kinds)
        return HEAPY_OK;
    if (row->parent == HEAPY_NO_PATTERN_ROW)
        return heapy_node_kind(self->in.snapshot, row->nodes[0], out, err);
    heapy_status status = heapy_class_kind(heapy_pattern_classes(self->pattern), row->which, &kind, err);
    if (!status) {
        status = heapy_kind_text(kind, &for_people, out, err);
        heapy_kind_release(kind);
    }
    return status;
}

static int
json_row(document *doc, const listing *self, size_t number, const heapy_pattern_row *row)
{
    heapy_error err = HEAPY_ERROR_INIT;
    char *name = NULL, *kind = NULL;
    if (heapy_pattern_row_name(self->pattern, number, &name, &err) || kind_of_row(self, row, &kind, &err)) {
        heapy_text_free(name);
        return complain_of(self->in.path, &err);
    }
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
    json_string(doc, kind ? kind : row->name);
    json_key(doc, "mark");
    json_string(doc, mark_word(row->mark));
    json_key(doc, "same");
    json_number_or_null(doc, row->same);
    json_end(doc, '}');
    heapy_text_free(name);
    heapy_text_free(kind);
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
    int status = rows_asked(asked, HEAPY_DEFAULT_ROWS, &self.rows);
    if (!status)
        status = relation_asked(asked, "clodo", &self.by);
    if (!status)
        status = input_open(&self.in, asked->operands[0]);
    if (!status)
        status = input_need_edges(&self.in, "pattern");
    if (!status)
        status = input_load(&self.in,
                            OBJECT_COLUMNS | HEAPY_FILE_EDGES | columns_for(heapy_classifier_needs(self.by)));
    if (!status)
        choose_text(&self);
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
    heapy_pattern_destroy(self.object);
    heapy_classifier_release(self.by);
    input_close(&self.in);
    return status;
}
