/* SPDX-License-Identifier: MIT */
/* Reference patterns (P-60 to P-77): made, row by row; see the picture in pattern_stack.h. */
#include "heapy/pattern.h"

#include <inttypes.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../graph/node_set_internal.h"
#include "heapy/memory.h"
#include "heapy/retained_rows.h"
#include "pattern_stack.h"

void
heapy_pattern_destroy(heapy_pattern *pattern)
{
    if (!pattern)
        return;
    for (size_t i = 0; i < pattern->row_count; i++)
        heapy_free(pattern->rows[i].nodes);
    for (size_t i = 0; i < pattern->waiting_count; i++)
        heapy_free(pattern->waiting[i].nodes);
    heapy_free(pattern->rows);
    heapy_free(pattern->waiting);
    heapy_free(pattern->slots);
    heapy_free(pattern->marked);
    heapy_free(pattern->place_of_class);
    heapy_free(pattern->stop);
    heapy_free(pattern->stop_types);
    heapy_classes_destroy(pattern->classes);
    heapy_snapshot_release(pattern->snapshot);
    heapy_free(pattern);
}

/* ---- where rows stop ---- */

/* What is not looked behind unless somebody says otherwise: everything leads there, and from there
 * everywhere. */
static bool
stops_by_default(const heapy_graph *graph, heapy_type type)
{
    switch (heapy_graph_type_role(graph, type)) {
    case HEAPY_ROLE_MODULE:
    case HEAPY_ROLE_CODE:
    case HEAPY_ROLE_FRAME:
        return true;
    case HEAPY_ROLE_TYPE: /* instances of metaclasses are classes of their own */
        return !strcmp(heapy_graph_type_name(graph, type), "type");
    case HEAPY_ROLE_OBJECT:
    case HEAPY_ROLE_NUMBER:
    case HEAPY_ROLE_VALUE:
    case HEAPY_ROLE_TEXT:
    case HEAPY_ROLE_SEQUENCE:
    case HEAPY_ROLE_DICT:
    case HEAPY_ROLE_FUNCTION:
    case HEAPY_ROLE_BUILTIN:
    case HEAPY_ROLE_METHOD:
    case HEAPY_ROLE_TRACEBACK:
    case HEAPY_ROLE_COUNT:
        break;
    }
    return false;
}

static bool
init_stop(heapy_pattern *pattern, const heapy_node_set *stop)
{
    const heapy_graph *graph = graph_of(pattern);
    if (stop) {
        size_t words = heapy__bitmap_words(heapy_graph_node_count(graph));
        pattern->stop = heapy_alloc_array(words, sizeof *pattern->stop);
        if (pattern->stop && words)
            memcpy(pattern->stop, heapy_node_set_words(stop), words * sizeof *pattern->stop);
        return pattern->stop;
    }
    size_t types = heapy_graph_type_count(graph);
    pattern->stop_types = heapy_alloc_array(types, sizeof *pattern->stop_types);
    for (heapy_type t = 0; pattern->stop_types && t < types; t++)
        pattern->stop_types[t] = stops_by_default(graph, t);
    return pattern->stop_types;
}

static bool
is_stop(const heapy_pattern *pattern, heapy_node node)
{
    if (pattern->stop)
        return heapy__bitmap_get(pattern->stop, node);
    heapy_type owner = heapy_graph_owner_type(graph_of(pattern), node);
    return pattern->stop_types[heapy_graph_types(graph_of(pattern))[node]] ||
           (owner != HEAPY_NO_TYPE && pattern->stop_types[owner]);
}

static bool
are_all_stops(const heapy_pattern *pattern, const heapy_pattern_row *row)
{
    size_t i = 0;
    while (i < row->count && is_stop(pattern, row->nodes[i]))
        i++;
    return i == row->count;
}

/* ---- making ---- */

static heapy_status
check_arguments(const heapy_snapshot *snapshot, const heapy_classes *classes, const heapy_node *nodes,
                size_t count, const heapy_pattern_options *options, heapy_error *err)
{
    const heapy_graph *graph = heapy_snapshot_graph(snapshot);
    size_t node_count = heapy_graph_node_count(graph);
    if (heapy_classes_member_count(classes) != node_count)
        return heapy__fail(err, HEAPY_INVALID, "classes of %zu nodes for a pattern of %zu",
                           heapy_classes_member_count(classes), node_count);
    for (size_t i = 0; i < count; i++)
        if (nodes[i] >= node_count || (i && nodes[i] <= nodes[i - 1]))
            return heapy__fail(err, HEAPY_INVALID, "node %" PRIu32 " is not there or does not ascend",
                               nodes[i]);
    if (options->start != HEAPY_NO_NODE && options->start >= node_count)
        return heapy__fail(err, HEAPY_INVALID, "start node %" PRIu32 " is not one of the %zu", options->start,
                           node_count);
    return heapy__node_set_fits(options->stop, node_count, "stop", err);
}

/* The class that all nodes have; HEAPY_NO_CLASS: they have several, or there are none. */
static heapy_class
class_of_all(const heapy_classes *classes, const heapy_node *nodes, size_t count)
{
    const heapy_class *of_nodes = heapy_classes_of_members(classes);
    size_t i = 0;
    while (i < count && of_nodes[nodes[i]] == of_nodes[nodes[0]])
        i++;
    return count && i == count ? of_nodes[nodes[0]] : HEAPY_NO_CLASS;
}

static heapy_status
init_pattern(heapy_pattern *pattern, const heapy_node *nodes, size_t count, heapy_error *err)
{
    size_t class_count = heapy_classes_count(pattern->classes);
    size_t words = heapy__bitmap_words(heapy_graph_node_count(graph_of(pattern)));
    heapy_node *copy = heapy_alloc_array(count, sizeof *copy);
    pattern->marked = heapy_alloc_zeroed(words, sizeof *pattern->marked);
    pattern->place_of_class = heapy_alloc_array(class_count, sizeof *pattern->place_of_class);
    pattern->waiting = heapy_grow(NULL, 0, &pattern->waiting_capacity, sizeof *pattern->waiting);
    if (!copy || !pattern->marked || !pattern->place_of_class || !pattern->waiting ||
        !init_stop(pattern, pattern->options.stop)) {
        heapy_free(copy);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a pattern of %zu nodes", count);
    }
    if (count)
        memcpy(copy, nodes, count * sizeof *copy);
    memset(pattern->place_of_class, 0xff, class_count * sizeof *pattern->place_of_class);
    pattern->options.stop = NULL;
    heapy_class which = class_of_all(pattern->classes, nodes, count);
    const heapy_pattern_row first = {.parent = HEAPY_NO_PATTERN_ROW,
                                     .same = HEAPY_NO_PATTERN_ROW,
                                     .which = which,
                                     .name = heapy_classes_name(pattern->classes, which),
                                     .nodes = copy,
                                     .count = count};
    pattern->waiting[pattern->waiting_count++] = (known_row){.shown = first, .nodes = copy};
    return HEAPY_OK;
}

heapy_status
heapy_pattern_create(heapy_snapshot *snapshot, heapy_classes *classes, const heapy_node *nodes, size_t count,
                     const heapy_pattern_options *options, heapy_pattern **out, heapy_error *err)
{
    heapy_status status;
    if (!snapshot || !classes || (!nodes && count) || !options || !out)
        status = heapy__fail_null(err, "snapshot, classes, nodes, options or out");
    else
        status = check_arguments(snapshot, classes, nodes, count, options, err);
    const heapy_referrers *referrers;
    if (!status)
        status = heapy_snapshot_referrers(snapshot, &referrers, err);
    heapy_pattern *pattern = NULL;
    if (!status)
        pattern = heapy_alloc_zeroed(1, sizeof *pattern);
    if (!status && !pattern)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for a pattern");
    if (status) {
        heapy_classes_destroy(classes);
        return status;
    }
    pattern->snapshot = heapy_snapshot_retain(snapshot);
    pattern->classes = classes;
    pattern->options = *options;
    status = init_pattern(pattern, nodes, count, err);
    if (status)
        heapy_pattern_destroy(pattern);
    else
        *out = pattern;
    return status;
}

/* ---- rows ---- */

static uint64_t
hash_nodes(const heapy_pattern_row *row)
{
    uint64_t hash = row->count;
    for (size_t i = 0; i < row->count; i++)
        hash = (hash ^ row->nodes[i]) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

/* The slot of the first row with these nodes, or a free one. */
static size_t *
find_slot(const heapy_pattern *pattern, size_t *slots, size_t slot_count, const known_row *row)
{
    size_t i = (size_t)row->hash & (slot_count - 1);
    for (; slots[i]; i = (i + 1) & (slot_count - 1)) {
        const known_row *other = &pattern->rows[slots[i] - 1];
        if (other->hash == row->hash && other->shown.count == row->shown.count &&
            (!row->shown.count ||
             !memcmp(other->shown.nodes, row->shown.nodes, row->shown.count * sizeof(heapy_node))))
            break;
    }
    return &slots[i];
}

static bool
widen_slots(heapy_pattern *pattern)
{
    size_t count = pattern->slot_count ? 2 * pattern->slot_count : 64;
    size_t *slots = heapy_alloc_zeroed(count, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < pattern->slot_count; i++)
        if (pattern->slots[i])
            *find_slot(pattern, slots, count, &pattern->rows[pattern->slots[i] - 1]) = pattern->slots[i];
    heapy_free(pattern->slots);
    pattern->slots = slots;
    pattern->slot_count = count;
    return true;
}

/* Find out how a row is marked, and put what is below it onto the stack. */
static heapy_status
expand(heapy_pattern *pattern, heapy_pattern_row *row, heapy_error *err)
{
    bool is_stopped = row->depth && are_all_stops(pattern, row);
    bool is_expanded = !is_stopped && row->depth < pattern->options.depth;
    node_list children = {0};
    heapy_status status;
    if (pattern->options.dominators_only)
        status = heapy__pattern_find_dominators(pattern, row, &children, err);
    else
        status = heapy__pattern_find_referrers(pattern, row, !is_expanded, &children, err);
    if (!children.count)
        row->mark = HEAPY_PATTERN_ROOT;
    else if (is_stopped)
        row->mark = HEAPY_PATTERN_STOP;
    else if (is_expanded)
        row->mark = HEAPY_PATTERN_EXPANDED;
    else
        row->mark = HEAPY_PATTERN_DEEPEST;
    if (!status && row->mark == HEAPY_PATTERN_EXPANDED)
        status = heapy__pattern_push_children(pattern, row, &children, err);
    heapy_free(children.nodes);
    return status;
}

/* Make the row on top of the stack, which stays there on failure. */
static heapy_status
make_row(heapy_pattern *pattern, heapy_error *err)
{
    known_row *rows = heapy_grow(pattern->rows, pattern->row_count, &pattern->row_capacity, sizeof *rows);
    if (rows)
        pattern->rows = rows;
    if (!rows || (2 * (pattern->slots_used + 1) > pattern->slot_count && !widen_slots(pattern)))
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu rows", pattern->row_count + 1);
    known_row row = pattern->waiting[pattern->waiting_count - 1];
    row.hash = hash_nodes(&row.shown);
    size_t *slot = find_slot(pattern, pattern->slots, pattern->slot_count, &row);
    if (*slot) {
        row.shown.mark = HEAPY_PATTERN_AGAIN;
        row.shown.same = *slot - 1;
        pattern->waiting_count--;
    } else {
        pattern->waiting_count--; /* children take its place */
        heapy_status status = expand(pattern, &row.shown, err);
        if (status) {
            pattern->waiting_count++;
            return status;
        }
        if (pattern->row_count || !pattern->options.is_partial) {
            *slot = pattern->row_count + 1;
            pattern->slots_used++;
        }
    }
    pattern->rows[pattern->row_count++] = row;
    return HEAPY_OK;
}

heapy_status
heapy_pattern_get(heapy_pattern *pattern, size_t row, heapy_pattern_row *out, bool *found, heapy_error *err)
{
    if (!pattern || !out || !found)
        return heapy__fail_null(err, "pattern, out or found");
    while (pattern->row_count <= row && pattern->waiting_count) {
        heapy_status status = make_row(pattern, err);
        if (status)
            return status;
    }
    *found = heapy_pattern_made_row(pattern, row, out);
    return HEAPY_OK;
}

size_t
heapy_pattern_row_count(const heapy_pattern *pattern)
{
    return pattern ? pattern->row_count : 0;
}

bool
heapy_pattern_made_row(const heapy_pattern *pattern, size_t row, heapy_pattern_row *out)
{
    if (!pattern || !out || row >= pattern->row_count)
        return false;
    *out = pattern->rows[row].shown;
    return true;
}

bool
heapy_pattern_is_complete(const heapy_pattern *pattern)
{
    return !pattern || !pattern->waiting_count;
}

const heapy_snapshot *
heapy_pattern_snapshot(const heapy_pattern *pattern)
{
    if (!pattern)
        return NULL;
    return pattern->snapshot;
}

const heapy_classes *
heapy_pattern_classes(const heapy_pattern *pattern)
{
    if (!pattern)
        return NULL;
    return pattern->classes;
}
