/* SPDX-License-Identifier: MIT */
/* heapy dominators FILE [OBJECT] */
#include "object.h"
#include "watch.h"
#include "ways.h"

#include <heapy/memory.h>
#include <string.h>

typedef struct listing {
    const invocation *asked;
    input *in;
    heapy_dominators *dominators;
    size_t rows;    /* of each table; 0: all */
    uint64_t least; /* bytes that a row retains */
    uint64_t depth; /* levels */
} listing;

/* The largest branches below a node, HEAPY_NO_NODE being the root: those that retain enough. */
static int
branches_below(const listing *self, heapy_node node, heapy_node **out, size_t *count)
{
    heapy_error err = HEAPY_ERROR_INIT;
    size_t kept = 0;
    heapy_node root = heapy_graph_root(self->in->graph);
    if (heapy_dominated_children(self->dominators, node, out, count, &err))
        return complain_of(self->in->path, &err);
    for (size_t i = 0; i < *count; i++)
        if ((*out)[i] != root && heapy_retained_size(self->dominators, (*out)[i]) >= self->least)
            (*out)[kept++] = (*out)[i];
    *count = kept;
    return STATUS_DONE;
}

static size_t
rows_shown(const listing *self, size_t count, size_t more)
{
    return self->rows && self->rows + more < count ? self->rows + more : count;
}

static uint64_t
retained_by(const listing *self, heapy_node node)
{
    return node == HEAPY_NO_NODE ? heapy_retained_by_roots(self->dominators)
                                 : heapy_retained_size(self->dominators, node);
}

/* The shortest path from a node, or the root, to one of its branches; "" where there is none.  NULL when what
   is wrong was said; owned, heapy_free(). */
static char *
path_to_branch(const listing *self, heapy_node node, heapy_node branch)
{
    ways found;
    char *text = NULL;
    int status = ways_init(&found, self->in, node, branch, NULL, node == HEAPY_NO_NODE ? "Root" : "");
    if (!status)
        text = heapy_paths_length(found.paths) ? way_text(&found, 0) : copy_escaped("");
    ways_deinit(&found);
    return text;
}

/* ---- text ---- */

enum {
    NAMED_AT_ONCE = 200
}; /* branches of a table, the largest: to name one is to search its shortest path */

/* A branch and how it hangs; as path_to_branch(). */
static char *
branch_text(const listing *self, heapy_node node, heapy_node branch, size_t place)
{
    document doc = {0};
    char *brief = object_brief(self->in, branch);
    char *path = brief && place < NAMED_AT_ONCE ? path_to_branch(self, node, branch) : NULL;
    if (brief && (path || place >= NAMED_AT_ONCE))
        document_printf(&doc, "%s%s%s", brief, path && *path ? "  " : "", path ? path : "");
    heapy_free(brief);
    heapy_free(path);
    if (doc.failed)
        document_deinit(&doc);
    return doc.text;
}

static int
render(document *doc, const listing *self, heapy_table *table, const char *indent)
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
        for (char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
            document_printf(doc, "%s%.*s\n", indent, (int)strcspn(line, "\n"), line);
    }
    heapy_text_free(text);
    return STATUS_DONE;
}

/* The table of the branches below a node. */
static int
put_branches(document *doc, const listing *self, heapy_node node, const heapy_node *below, size_t count,
             const char *indent)
{
    size_t shown = rows_shown(self, count, 1);
    char *name = node == HEAPY_NO_NODE ? copy_escaped("the root") : object_brief(self->in, node);
    char **briefs = heapy_alloc_zeroed(shown, sizeof *briefs);
    heapy_row *rows = heapy_alloc_zeroed(shown, sizeof *rows);
    int status = name && briefs && rows ? STATUS_DONE : complain_of_memory();
    for (size_t i = 0; !status && i < shown; i++) {
        briefs[i] = branch_text(self, node, below[i], i);
        rows[i] = (heapy_row){.index = (int64_t)i,
                              .count = 1,
                              .size = (int64_t)heapy_size_of(&self->in->sizes, below[i]),
                              .retained = (int64_t)heapy_retained_size(self->dominators, below[i]),
                              .name = briefs[i]};
        status = briefs[i] ? STATUS_DONE : STATUS_FAILED;
    }
    heapy_table table = {.format = HEAPY_FORMAT_DOMINATED,
                         .kind_name = name,
                         .header = "Brief",
                         .count = (int64_t)count,
                         .size = (int64_t)retained_by(self, node),
                         .row_count = count,
                         .rows = rows};
    if (!status)
        status = render(doc, self, &table, indent);
    for (size_t i = 0; briefs && i < shown; i++)
        heapy_free(briefs[i]);
    heapy_free(briefs);
    heapy_free(rows);
    heapy_free(name);
    return status;
}

/* ---- levels ---- */

/* A table of which rows are still to be shown below. */
typedef struct level {
    heapy_node node, *below;
    size_t count, shown, next;
} level;

enum { DEEPEST = 64 };

static int
begin_level(const listing *self, heapy_node node, level *out)
{
    *out = (level){.node = node};
    int status = branches_below(self, node, &out->below, &out->count);
    out->shown = rows_shown(self, out->count, 0);
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
        status = put_branches(doc, self, node, levels[0].below, levels[0].count, "");
    while (depth) {
        level *last = &levels[depth - 1];
        if (status || depth == self->depth || last->next == last->shown) {
            heapy_free(last->below);
            depth--;
            continue;
        }
        heapy_node child = last->below[last->next++];
        status = begin_level(self, child, &levels[depth++]);
        memset(indent, ' ', 4 * (depth - 1));
        indent[4 * (depth - 1)] = 0;
        if (!status && levels[depth - 1].count)
            status = put_branches(doc, self, child, levels[depth - 1].below, levels[depth - 1].count, indent);
    }
    return status;
}

static int
json_branch(document *doc, const listing *self, heapy_node parent, heapy_node node)
{
    char *path = path_to_branch(self, parent, node);
    json_begin(doc, '{');
    int status = path ? json_object(doc, self->in, node) : STATUS_FAILED;
    json_key(doc, "path");
    json_string(doc, path ? path : "");
    heapy_free(path);
    json_key(doc, "retained");
    json_unsigned(doc, heapy_retained_size(self->dominators, node));
    return status;
}

/* Rows, and in each the rows below it, as deep as is asked. */
static int
json_levels(document *doc, const listing *self, heapy_node node)
{
    level levels[DEEPEST];
    size_t depth = 0;
    int status = begin_level(self, node, &levels[depth++]);
    json_key(doc, "rows");
    json_begin(doc, '[');
    while (depth) {
        level *last = &levels[depth - 1];
        if (status || last->next == last->shown) {
            heapy_free(last->below);
            depth--;
            json_end(doc, ']');
            if (depth)
                json_end(doc, '}');
            continue;
        }
        heapy_node child = last->below[last->next++];
        level next;
        status = json_branch(doc, self, last->node, child);
        if (!status)
            status = begin_level(self, child, &next);
        json_key(doc, "count");
        json_unsigned(doc, status ? 0 : next.count);
        if (status || depth == self->depth) {
            if (!status)
                heapy_free(next.below);
            json_end(doc, '}');
            continue;
        }
        json_key(doc, "branches");
        json_begin(doc, '[');
        levels[depth++] = next;
    }
    return status;
}

static int
options_of_listing(listing *self)
{
    self->depth = 1;
    if (!rows_asked(self->asked, HEAPY_DEFAULT_ROWS, &self->rows) ||
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
    if (!status && !(self.dominators = dominators_of(asked, &in)))
        status = STATUS_FAILED;
    if (!status && is_given(asked, OPTION_JSON)) {
        json_begin_document(&doc, "dominators", &in, 1);
        json_key(&doc, "retained");
        json_unsigned(&doc, retained_by(&self, node));
        status = json_levels(&doc, &self, node);
        json_end_document(&doc);
    } else if (!status) {
        status = put_levels(&doc, &self, node);
    }
    if (!status)
        status = document_print(&doc);
    if (!status)
        put_hint(asked, "`heapy index` would keep what this took");
    document_deinit(&doc);
    input_close(&in);
    return status;
}
