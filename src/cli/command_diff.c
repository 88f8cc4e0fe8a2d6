/* SPDX-License-Identifier: MIT */
/* heapy diff BEFORE AFTER */
#include "diff_rows.h"
#include "index_file.h"
#include "json_read.h"
#include "rows.h"

#include <heapy/memory.h>
#include <inttypes.h>
#include <string.h>

typedef struct comparison {
    const invocation *asked;
    const heapy_classifier *by;
    input in[2]; /* before, after */
    side sides[2];
    diff_rows rows;
    size_t shown; /* rows; 0: all */
    bool is_one_process;
    size_t new_count, gone_count, kept_count; /* objects, of one process */
    chosen new_objects;
} comparison;

/* ---- objects of one process ---- */

/* Is a fact known of both, and the same? */
static bool
is_same_fact(const json_values known[2], const char *name)
{
    const json_value *values[2];
    for (int i = 0; i < 2; i++) {
        size_t number = json_member(&known[i], 0, name);
        if (number == JSON_NONE)
            return false;
        values[i] = &known[i].values[number];
    }
    return values[0]->kind == values[1]->kind && values[0]->kind != JSON_NULL &&
           values[0]->length == values[1]->length &&
           !memcmp(values[0]->text, values[1]->text, values[0]->length);
}

/* Number, start and host of the process tell it from others.  STATUS_FAILED when what is wrong was said. */
static int
find_process(const input in[2], bool *is_one)
{
    json_values known[2] = {{0}, {0}};
    bool result = in[0].info.columns & in[1].info.columns & HEAPY_FILE_ADDRESSES;
    for (int i = 0; i < 2; i++)
        result =
            result && in[i].info.info_length && json_read(&known[i], in[i].info.info, in[i].info.info_length);
    result =
        result && is_same_fact(known, "pid") && is_same_fact(known, "started") && is_same_fact(known, "host");
    bool lacks_memory = known[0].lacks_memory || known[1].lacks_memory;
    json_values_free(&known[0]);
    json_values_free(&known[1]);
    *is_one = result;
    if (!lacks_memory)
        return STATUS_DONE;
    return complain_of_memory();
}

/* The object of the other file at a node's address, if it has a type of the same identity there. */
static bool
is_kept(const input *in, const input *other, heapy_node node)
{
    heapy_node there = heapy_snapshot_node(other->snapshot, heapy_snapshot_address(in->snapshot, node));
    if (there == HEAPY_NO_NODE)
        return false;
    heapy_type_row row = heapy_graph_type_row(in->graph, heapy_graph_types(in->graph)[node]);
    heapy_type_row other_row = heapy_graph_type_row(other->graph, heapy_graph_types(other->graph)[there]);
    return row.identity == other_row.identity && !strcmp(row.name, other_row.name);
}

static int
compare_objects(comparison *self)
{
    heapy_node root = heapy_graph_root(self->in[1].graph);
    const chosen *after = &self->sides[1].objects;
    self->new_objects.nodes = heapy_alloc_array(after->count, sizeof *after->nodes);
    if (!self->new_objects.nodes)
        return complain_of_memory();
    for (size_t i = 0; i < after->count; i++)
        if (after->nodes[i] != root && !is_kept(&self->in[1], &self->in[0], after->nodes[i]))
            self->new_objects.nodes[self->new_objects.count++] = after->nodes[i];
    self->new_count = self->new_objects.count;
    self->kept_count = after->count - self->new_count;
    self->gone_count = self->sides[0].objects.count - self->kept_count;
    return STATUS_DONE;
}

/* ---- showing ---- */

static int
put_text(document *doc, comparison *self)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_text_options options = HEAPY_TEXT_OPTIONS_INIT;
    char *text;
    size_t length;
    options.max_rows = self->shown;
    if (heapy_table_render(&self->rows.table, &options, &text, &length, &err))
        return complain_of(self->in[1].path, &err);
    document_put_marked(doc, self->asked, text, length, 1);
    heapy_text_free(text);
    if (self->is_one_process)
        document_printf(doc, "Both are of one process: %zu objects are new, %zu gone, %zu kept.\n",
                        self->new_count, self->gone_count, self->kept_count);
    return STATUS_DONE;
}

static void
json_totals(document *doc, const char *name, const side *of)
{
    json_key(doc, name);
    json_begin(doc, '{');
    json_key(doc, "count");
    json_integer(doc, heapy_stat_table(of->stat)->count);
    json_key(doc, "size");
    json_integer(doc, heapy_stat_table(of->stat)->size);
    json_end(doc, '}');
}

static void
put_json(document *doc, const comparison *self)
{
    json_totals(doc, "before", &self->sides[0]);
    json_totals(doc, "after", &self->sides[1]);
    json_key(doc, "objects");
    if (self->is_one_process) {
        json_begin(doc, '{');
        json_key(doc, "new");
        json_unsigned(doc, self->new_count);
        json_key(doc, "gone");
        json_unsigned(doc, self->gone_count);
        json_key(doc, "kept");
        json_unsigned(doc, self->kept_count);
        json_end(doc, '}');
    } else {
        json_null(doc);
    }
    json_key(doc, "rows");
    json_diff_rows(doc, &self->rows, self->shown);
}

/* ---- all ---- */

static int
load_sides(comparison *self)
{
    unsigned needs = columns_of_table(self->asked, self->by) | HEAPY_FILE_ADDRESSES;
    int status = STATUS_DONE;
    for (int i = 0; !status && i < 2; i++) {
        status = input_open(&self->in[i], self->asked->operands[i]);
        if (!status)
            status = input_load(&self->in[i], needs);
    }
    if (!status)
        status = find_process(self->in, &self->is_one_process);
    for (int i = 0; !status && i < 2; i++)
        status = side_init(&self->sides[i], self->asked, &self->in[i], self->by);
    if (!status && is_given(self->asked, OPTION_NEW) && !self->is_one_process)
        status = complain(
            "%s: it is not known to be of the process of %s, so addresses say nothing of what is new",
            self->in[1].path, self->in[0].path);
    if (!status && self->is_one_process)
        status = compare_objects(self);
    return status;
}

/* The rows that meet a --fail-if, under the table or in the document; *failed: there are some. */
static int
put_failed(document *doc, const comparison *self, bool *failed)
{
    bool *meets = NULL;
    int status = diff_rows_meeting(&self->rows, self->asked, &meets);
    if (!status && is_given(self->asked, OPTION_JSON))
        json_failed_rows(doc, &self->rows, meets, failed);
    else if (!status)
        put_failed_rows(doc, &self->rows, meets, failed);
    heapy_free(meets);
    return status;
}

static int
put_difference(document *doc, comparison *self, bool *failed)
{
    bool is_json = is_given(self->asked, OPTION_JSON);
    if (is_json)
        json_begin_document(doc, "diff", self->in, 2);
    int status = diff_rows_init(&self->rows, self->sides, self->in[1].path);
    if (!status && is_json)
        put_json(doc, self);
    else if (!status)
        status = put_text(doc, self);
    if (!status)
        status = put_failed(doc, self, failed);
    if (!status && is_given(self->asked, OPTION_NEW)) {
        if (is_json) {
            json_key(doc, "new");
            json_begin(doc, '{');
        }
        status = put_table(doc, self->asked, &self->in[1], &self->new_objects, self->by);
        if (is_json)
            json_end(doc, '}');
    }
    if (is_json)
        json_end_document(doc);
    return status;
}

int
run_diff(const invocation *asked)
{
    document doc = {0};
    bool failed = false;
    comparison self = {.asked = asked, .in = {INPUT_INIT, INPUT_INIT}};
    int status = rows_asked(asked, HEAPY_DEFAULT_ROWS, &self.shown);
    if (!status)
        status = relation_asked(asked, "clodo", &self.by);
    if (!status && relation_tells_objects(self.by))
        status = usage_error(asked, "--by: objects have no names that two files share; --new shows new ones");
    if (!status)
        status = diff_conditions_check(asked);
    if (!status)
        status = load_sides(&self);
    if (!status)
        status = put_difference(&doc, &self, &failed);
    if (!status)
        status = document_print(&doc);
    for (int i = 0; !status && is_given(asked, OPTION_RETAINED) && i < 2; i++)
        index_put_hint(asked, self.in[i].path);
    document_deinit(&doc);
    chosen_deinit(&self.new_objects);
    diff_rows_deinit(&self.rows);
    for (int i = 0; i < 2; i++) {
        side_deinit(&self.sides[i]);
        input_close(&self.in[i]);
    }
    heapy_classifier_release(self.by);
    if (status)
        return status;
    if (failed)
        return STATUS_CONDITION;
    return STATUS_DONE;
}
