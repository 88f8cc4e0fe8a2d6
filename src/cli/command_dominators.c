/* SPDX-License-Identifier: MIT */
/* heapy dominators FILE [OBJECT] */
#include "index_file.h"
#include "object.h"
#include "watch.h"

#include <heapy/memory.h>
#include <string.h>

typedef struct listing {
    const invocation *asked;
    input *in;
    size_t rows;    /* of each table; 0: all */
    uint64_t least; /* bytes that a row retains */
    uint64_t depth; /* levels */
} listing;

/* The branches below a node, HEAPY_NO_NODE being the root: those that retain enough. */
static int
branches_below(const listing *self, heapy_node node, heapy_branches **out)
{
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_branches_create(self->in->snapshot, node, self->least, NULL, out, &err))
        return complain_of(self->in->path, &err);
    return STATUS_DONE;
}

static size_t
rows_shown(const listing *self, const heapy_branches *branches, size_t more)
{
    size_t count;
    heapy_branches_nodes(branches, &count);
    return self->rows && self->rows + more < count ? self->rows + more : count;
}

/* ---- text ---- */

static int
render(document *doc, const listing *self, const heapy_table *table, const char *indent)
{
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_text_options options = HEAPY_TEXT_OPTIONS_INIT;
    char *text;
    size_t length;
    options.max_rows = self->rows;
    if (heapy_table_render(table, &options, &text, &length, &err))
        return complain_of(self->in->path, &err);
    if (!*indent) {
        document_put_marked(doc, self->asked, text, length, 1);
    } else {
        const char *line = text;
        for (size_t end = strcspn(line, "\n");; end = strcspn(line, "\n")) {
            document_printf(doc, "%s%.*s\n", indent, (int)end, line);
            if (!line[end])
                break;
            line += end + 1;
        }
    }
    heapy_text_free(text);
    return STATUS_DONE;
}

/* A table whose first rows are escaped, as they are shown. */
static int
put_escaped(document *doc, const listing *self, const heapy_table *table, size_t shown, const char *indent)
{
    heapy_table copy = *table;
    heapy_row *rows = heapy_alloc_zeroed(shown, sizeof *rows);
    char *name = copy_escaped(table->kind_name);
    size_t made = 0;
    int status = STATUS_DONE;
    if (!(rows && name))
        status = complain_of_memory();
    for (; !status && made < shown; made++) {
        rows[made] = table->rows[made];
        rows[made].name = copy_escaped(table->rows[made].name);
        if (!rows[made].name)
            status = complain_of_memory();
    }
    copy.rows = rows;
    copy.kind_name = name;
    if (!status)
        status = render(doc, self, &copy, indent);
    for (size_t i = 0; i < made; i++)
        heapy_free((void *)(uintptr_t)rows[i].name);
    heapy_free(rows);
    heapy_free(name);
    return status;
}

static int
put_branches(document *doc, const listing *self, heapy_branches *branches, const char *indent)
{
    heapy_error err = HEAPY_ERROR_INIT;
    const heapy_table *table;
    size_t shown = rows_shown(self, branches, 1);
    if (heapy_branches_table(branches, 0, shown, &table, &err))
        return complain_of(self->in->path, &err);
    return put_escaped(doc, self, table, shown, indent);
}

/* ---- levels ---- */

/* A table of which rows are still to be shown below. */
typedef struct level {
    heapy_branches *branches;
    const heapy_node *below;
    size_t count, shown, next;
    char **paths; /* in JSON: of the rows shown; owned */
} level;

enum { DEEPEST = 64 };

static void
end_level(level *self)
{
    for (size_t i = 0; self->paths && i < self->shown; i++)
        heapy_text_free(self->paths[i]);
    heapy_free(self->paths);
    heapy_branches_destroy(self->branches);
}

static int
begin_level(const listing *self, heapy_node node, level *out)
{
    *out = (level){0};
    int status = branches_below(self, node, &out->branches);
    out->below = heapy_branches_nodes(out->branches, &out->count);
    out->shown = rows_shown(self, out->branches, 0);
    return status;
}

static int
put_levels(document *doc, const listing *self, heapy_node node)
{
    level levels[DEEPEST];
    char indent[4 * DEEPEST + 1];
    size_t depth = 0;
    int status = begin_level(self, node, &levels[depth++]);
    if (!status)
        status = put_branches(doc, self, levels[0].branches, "");
    while (depth) {
        level *last = &levels[depth - 1];
        if (status || depth == self->depth || last->next == last->shown) {
            end_level(last);
            depth--;
            continue;
        }
        status = begin_level(self, last->below[last->next++], &levels[depth++]);
        memset(indent, ' ', 4 * (depth - 1));
        indent[4 * (depth - 1)] = 0;
        if (!status && levels[depth - 1].count)
            status = put_branches(doc, self, levels[depth - 1].branches, indent);
    }
    return status;
}

/* The paths of the rows of a level, which a listing in JSON shows: all of them are found at once. */
static int
find_paths(const listing *self, heapy_node node, level *of)
{
    heapy_error err = HEAPY_ERROR_INIT;
    of->paths = heapy_alloc_zeroed(of->shown, sizeof *of->paths);
    if (!of->paths)
        return complain_of_memory();
    if (heapy_branch_paths(self->in->snapshot, node, of->below, of->shown, of->paths, &err))
        return complain_of(self->in->path, &err);
    return STATUS_DONE;
}

/* A row; `below` are its branches. */
static int
json_branch(document *doc, const listing *self, heapy_node node, const char *path, const level *below)
{
    char *escaped = copy_escaped(path);
    json_begin(doc, '{');
    int status;
    if (escaped)
        status = json_object(doc, self->in, node);
    else
        status = complain_of_memory();
    json_key(doc, "path");
    json_string(doc, escaped ? escaped : "");
    heapy_free(escaped);
    json_key(doc, "retained");
    json_unsigned(doc, heapy_branches_retained(below->branches));
    json_key(doc, "count");
    json_unsigned(doc, below->count);
    return status;
}

/* Rows, and in each the rows below it, as deep as is asked. */
static int
json_levels(document *doc, const listing *self, heapy_node node)
{
    level levels[DEEPEST];
    size_t depth = 0;
    int status = begin_level(self, node, &levels[depth++]);
    json_key(doc, "retained");
    json_unsigned(doc, heapy_branches_retained(levels[0].branches));
    if (!status)
        status = find_paths(self, node, &levels[0]);
    json_key(doc, "rows");
    json_begin(doc, '[');
    while (depth) {
        level *last = &levels[depth - 1];
        if (status || last->next == last->shown) {
            end_level(last);
            depth--;
            json_end(doc, ']');
            if (depth)
                json_end(doc, '}');
            continue;
        }
        size_t place = last->next++;
        heapy_node child = last->below[place];
        level below;
        status = begin_level(self, child, &below);
        if (!status)
            status = json_branch(doc, self, child, last->paths[place], &below);
        if (!status && depth < self->depth)
            status = find_paths(self, child, &below);
        if (status || depth == self->depth) {
            end_level(&below);
            json_end(doc, '}');
            continue;
        }
        json_key(doc, "branches");
        json_begin(doc, '[');
        levels[depth++] = below;
    }
    return status;
}

static int
options_of_listing(listing *self)
{
    self->depth = 1;
    if (rows_asked(self->asked, HEAPY_DEFAULT_ROWS, &self->rows) ||
        !option_number(self->asked, OPTION_DEPTH, &self->depth) ||
        !option_bytes(self->asked, OPTION_MIN, &self->least))
        return STATUS_USAGE;
    if (!self->depth || self->depth > DEEPEST)
        return usage_error(self->asked, "--depth: levels are 1 to %d", (int)DEEPEST);
    return STATUS_DONE;
}

int
run_dominators(const invocation *asked)
{
    document doc = {0};
    input in = INPUT_INIT;
    listing self = {.asked = asked, .in = &in};
    heapy_node node = HEAPY_NO_NODE;
    bool has_object = asked->operand_count > 1 || is_given(asked, OPTION_TYPE);
    int status = options_of_listing(&self);
    if (!status)
        status = input_open(&in, asked->operands[0]);
    if (!status)
        status = input_load(&in, OBJECT_COLUMNS | HEAPY_FILE_EDGES | HEAPY_FILE_KEYS);
    if (!status && has_object)
        status = object_asked(asked, &in, 1, &node);
    if (!status && node == heapy_graph_root(in.graph))
        node = HEAPY_NO_NODE; /* it is in no tree, as what it dominates has no dominator in one */
    if (!status && !dominators_of(asked, &in))
        status = STATUS_FAILED;
    if (!status)
        index_use_referrers(in.path, in.snapshot);
    if (!status && is_given(asked, OPTION_JSON)) {
        json_begin_document(&doc, "dominators", &in, 1);
        status = json_levels(&doc, &self, node);
        json_end_document(&doc);
    } else if (!status) {
        status = put_levels(&doc, &self, node);
    }
    if (!status)
        status = document_print(&doc);
    if (!status)
        index_put_hint(asked, in.path);
    document_deinit(&doc);
    input_close(&in);
    return status;
}
