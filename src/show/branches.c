/* SPDX-License-Identifier: MIT */
/* Branches of the dominator tree as rows: what each is, and the shortest path by which it hangs. */
#include "heapy/branches.h"

#include <inttypes.h>
#include <string.h>

#include "../base/fail.h"
#include "../base/string_buffer.h"
#include "../snapshot/snapshot_internal.h"
#include "heapy/memory.h"
#include "heapy/path_levels.h"
#include "heapy/path_text.h"
#include "heapy/set_brief.h"
#include "heapy/snapshot_paths.h"

/* ---- how they hang ---- */

/* Paths from one node to many, one after the other. */
typedef struct hanging {
    heapy_snapshot *snapshot;
    heapy_node from; /* HEAPY_NO_NODE: the root */
    heapy_path_levels
        *levels; /* of a search from the node; NULL from the root, whose levels the snapshot keeps */
    const heapy_referrers *referrers;
    heapy_path_writer *writer;
    bool is_single; /* from the root: each by a search that ends there, and nothing is kept */
} hanging;

/* So few are met sooner one by one than all of a heap at once. */
enum { FEW_NODES = 16 };

static void
hanging_deinit(hanging *self)
{
    heapy_path_levels_destroy(self->levels);
    heapy_path_writer_destroy(self->writer);
}

/* A set of some nodes.  HEAPY_INVALID: one is not there. */
static heapy_status
set_of_nodes(const heapy_snapshot *snapshot, const heapy_node *nodes, size_t count, heapy_node_set **out,
             heapy_error *err)
{
    size_t range = heapy_graph_node_count(heapy_snapshot_graph(snapshot));
    heapy_node_set *set;
    for (size_t i = 0; i < count; i++)
        if (nodes[i] >= range)
            return heapy__fail(err, HEAPY_INVALID, "there is no node %" PRIu32 " among %zu", nodes[i], range);
    heapy_status status = heapy_node_set_create(range, &set, err);
    if (status)
        return status;
    for (size_t i = 0; i < count; i++)
        heapy_node_set_add(set, nodes[i]);
    *out = set;
    return HEAPY_OK;
}

/* Search from the node until all of `nodes` are met. */
static heapy_status
search_levels(hanging *self, const heapy_node *nodes, size_t count, heapy_error *err)
{
    heapy_node_set *source = NULL, *until = NULL;
    heapy_status status = set_of_nodes(self->snapshot, &self->from, 1, &source, err);
    if (!status)
        status = set_of_nodes(self->snapshot, nodes, count, &until, err);
    if (!status)
        status = heapy_path_levels_create(heapy_snapshot_graph(self->snapshot), source, NULL, NULL, 0, until,
                                          &self->levels, err);
    if (!status)
        status = heapy_snapshot_referrers(self->snapshot, &self->referrers, err);
    heapy_node_set_destroy(source);
    heapy_node_set_destroy(until);
    return status;
}

/* Find the paths to one of them. */
static heapy_status
find_paths(const hanging *self, heapy_node to, heapy_shortest_paths **out, heapy_error *err)
{
    heapy_node_set *target;
    heapy_status status = set_of_nodes(self->snapshot, &to, 1, &target, err);
    if (status)
        return status;
    if (self->levels) {
        status = heapy_shortest_paths_along(self->levels, self->referrers, target, out, err);
        if (!status)
            heapy__order_by_reference(self->snapshot, *out);
    } else {
        const heapy_path_question question = {.targets = target, .is_single = self->is_single};
        status = heapy_snapshot_paths(self->snapshot, &question, out, err);
    }
    heapy_node_set_destroy(target);
    return status;
}

/* The text of the first of some paths, of which there is one. */
static heapy_status
first_path_text(const hanging *self, heapy_shortest_paths *paths, char **text, heapy_error *err)
{
    const uint32_t first = 0;
    size_t length = heapy_paths_length(paths);
    heapy_node source;
    heapy_path_step *steps = heapy_alloc_array(length, sizeof *steps);
    if (!steps)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a path of %zu steps", length);
    heapy_status status = heapy_paths_get(paths, &first, 1, &source, steps, err);
    if (!status)
        status = heapy_path_text(self->writer, self->from == HEAPY_NO_NODE ? "Root" : "", source, steps,
                                 length, text, NULL, err);
    heapy_free(steps);
    return status;
}

static heapy_status
path_text(const hanging *self, heapy_node to, char **text, heapy_error *err)
{
    heapy_shortest_paths *paths;
    heapy_status status = find_paths(self, to, &paths, err);
    if (status)
        return status;
    if (heapy_paths_length(paths)) {
        status = first_path_text(self, paths, text, err);
    } else {
        *text = heapy_alloc_zeroed(1, 1);
        if (!*text)
            status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a text");
    }
    heapy_shortest_paths_destroy(paths);
    return status;
}

heapy_status
heapy_branch_paths(heapy_snapshot *snapshot, heapy_node from, const heapy_node *nodes, size_t count,
                   char **texts, heapy_error *err)
{
    if (!snapshot || (count && (!nodes || !texts)))
        return heapy__fail_null(err, "snapshot, nodes or texts");
    hanging self = {.snapshot = snapshot,
                    .from = from,
                    .is_single = count <= FEW_NODES && !heapy__knows_path_levels(snapshot, true)};
    size_t made = 0;
    char **found = heapy_alloc_zeroed(count, sizeof *found);
    heapy_status status =
        found ? HEAPY_OK : heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu paths", count);
    if (!status)
        status = heapy_path_writer_create(snapshot, HEAPY_TEXT_KEY, HEAPY_PATH_PLAIN, &self.writer, err);
    if (!status && from != HEAPY_NO_NODE)
        status = search_levels(&self, nodes, count, err);
    for (; !status && made < count; made += !status)
        status = path_text(&self, nodes[made], &found[made], err);
    hanging_deinit(&self);
    for (size_t i = 0; i < made; i++)
        if (status)
            heapy_text_free(found[i]);
        else
            texts[i] = found[i];
    heapy_free(found);
    return status;
}

/* ---- rows ---- */

struct heapy_branches {
    heapy_snapshot *snapshot;
    const heapy_dominators *dominators;
    heapy_node node;
    heapy_node *nodes;
    size_t count;
    char *name;      /* of the node */
    heapy_row *rows; /* the first `row_end`, of which those from row_first on are filled; names owned */
    size_t row_first, row_end;
    heapy_table table;
};

static void
free_rows(heapy_branches *self)
{
    for (size_t i = self->row_first; i < self->row_end; i++)
        heapy_text_free((char *)(uintptr_t)self->rows[i].name);
    heapy_free(self->rows);
    self->rows = NULL;
    self->row_first = self->row_end = 0;
}

void
heapy_branches_destroy(heapy_branches *branches)
{
    if (!branches)
        return;
    free_rows(branches);
    heapy_free(branches->nodes);
    heapy_text_free(branches->name);
    heapy_free(branches);
}

heapy_status
heapy_branches_create(heapy_snapshot *snapshot, heapy_node node, uint64_t least,
                      const heapy_progress *progress, heapy_branches **out, heapy_error *err)
{
    if (!snapshot || !out)
        return heapy__fail_null(err, "snapshot or out");
    heapy_dominators *dominators;
    heapy_branches *self = heapy_alloc_zeroed(1, sizeof *self);
    if (!self)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the branches of a node");
    heapy_status status = heapy_snapshot_dominators(snapshot, progress, &dominators, err);
    if (!status)
        status = heapy_dominated_children(dominators, node, &self->nodes, &self->count, err);
    if (status) {
        heapy_branches_destroy(self);
        return status;
    }
    heapy_node root = heapy_graph_root(heapy_snapshot_graph(snapshot));
    size_t kept = 0;
    for (size_t i = 0; i < self->count; i++)
        if (self->nodes[i] != root && heapy_retained_size(dominators, self->nodes[i]) >= least)
            self->nodes[kept++] = self->nodes[i];
    self->snapshot = snapshot;
    self->dominators = dominators;
    self->node = node;
    self->count = kept;
    *out = self;
    return HEAPY_OK;
}

const heapy_node *
heapy_branches_nodes(const heapy_branches *branches, size_t *count)
{
    if (count)
        *count = branches ? branches->count : 0;
    if (!branches)
        return NULL;
    return branches->nodes;
}

uint64_t
heapy_branches_retained(const heapy_branches *branches)
{
    if (!branches)
        return 0;
    if (branches->node == HEAPY_NO_NODE)
        return heapy_retained_by_roots(branches->dominators);
    return heapy_retained_size(branches->dominators, branches->node);
}

static heapy_status
no_memory_for_rows(size_t count, heapy_error *err)
{
    return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu branches", count);
}

/* `<1 list: 0x7f..*2>  ['key']`.  path: "": nothing is said of it. */
static heapy_status
row_name(const heapy_branches *self, heapy_node node, const char *path, char **out, heapy_error *err)
{
    heapy__string_buffer name = {0};
    char *brief;
    heapy_status status = heapy_node_brief(self->snapshot, node, HEAPY_BRIEF_LENGTH, &brief, err);
    if (status)
        return status;
    heapy__string_buffer_printf(&name, "%s%s%s", brief, *path ? "  " : "", path);
    heapy_text_free(brief);
    if (name.failed) {
        heapy__string_buffer_deinit(&name);
        return no_memory_for_rows(1, err);
    }
    *out = name.text;
    return HEAPY_OK;
}

/* Rows first .. end - 1, with the paths of the first of them. */
static heapy_status
fill_rows(heapy_branches *self, size_t first, size_t end, char **paths, size_t path_count, heapy_error *err)
{
    const heapy_sizes sizes = heapy_graph_sizes(heapy_snapshot_graph(self->snapshot));
    self->rows = heapy_alloc_zeroed(end, sizeof *self->rows);
    if (!self->rows)
        return no_memory_for_rows(end, err);
    self->row_first = self->row_end = first;
    for (size_t i = first; i < end; i++) {
        heapy_node node = self->nodes[i];
        char *name;
        heapy_status status =
            row_name(self, node, i - first < path_count ? paths[i - first] : "", &name, err);
        if (status)
            return status;
        self->rows[i] = (heapy_row){.index = (int64_t)i,
                                    .count = 1,
                                    .size = (int64_t)heapy_size_of(&sizes, node),
                                    .retained = (int64_t)heapy_retained_size(self->dominators, node),
                                    .name = name};
        self->row_end = i + 1;
    }
    return HEAPY_OK;
}

static heapy_status
make_rows(heapy_branches *self, size_t first, size_t end, heapy_error *err)
{
    size_t path_count = end - first < HEAPY_BRANCHES_NAMED ? end - first : HEAPY_BRANCHES_NAMED;
    char **paths = heapy_alloc_zeroed(path_count, sizeof *paths);
    if (!paths)
        return no_memory_for_rows(path_count, err);
    heapy_status status =
        heapy_branch_paths(self->snapshot, self->node, self->nodes + first, path_count, paths, err);
    if (!status)
        status = fill_rows(self, first, end, paths, path_count, err);
    for (size_t i = 0; i < path_count; i++)
        heapy_text_free(paths[i]);
    heapy_free(paths);
    return status;
}

heapy_status
heapy_branches_table(heapy_branches *branches, size_t first, size_t count, const heapy_table **out,
                     heapy_error *err)
{
    heapy_branches *self = branches;
    heapy_status status = HEAPY_OK;
    if (!branches || !out)
        return heapy__fail_null(err, "branches or out");
    first = first < self->count ? first : self->count;
    count = count < self->count - first ? count : self->count - first;
    free_rows(self);
    if (!self->name && self->node != HEAPY_NO_NODE)
        status = heapy_node_brief(self->snapshot, self->node, HEAPY_BRIEF_LENGTH, &self->name, err);
    if (!status)
        status = make_rows(self, first, first + count, err);
    if (status)
        return status;
    self->table = (heapy_table){.format = HEAPY_FORMAT_DOMINATED,
                                .kind_name = self->name ? self->name : "the root",
                                .header = "Brief",
                                .count = (int64_t)self->count,
                                .size = (int64_t)heapy_branches_retained(self),
                                .row_count = self->count,
                                .rows = self->rows};
    *out = &self->table;
    return HEAPY_OK;
}
