/* SPDX-License-Identifier: MIT */
/*
 * Reference patterns (P-60 to P-77).
 *
 * A stack has the rows that are known but not made, the next one on top:
 *
 *     rows     0 _ , 1 a , 2 aa                       made, in order
 *     waiting  c , b , ab                             ab is made next, and its children go on top
 *
 * A row is a sorted array of nodes, so that a pattern costs what its rows have, however large the heap is.
 * Two arrays over all nodes and classes are kept for the next row: a bit for each node, all 0 between rows,
 * and what was counted of each class.
 */
#include "heapy/pattern.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "../graph/node_set_internal.h"
#include "heapy/id_table.h"
#include "heapy/memory.h"
#include "heapy/reach.h"
#include "heapy/retained_rows.h"

/* Nodes, owned. */
typedef struct node_list {
    heapy_node *nodes;
    size_t count, capacity;
} node_list;

typedef struct known_row {
    heapy_pattern_row shown;
    heapy_node *nodes; /* of it, owned */
    uint64_t hash;     /* of the nodes */
} known_row;

/* What was counted of a class among the children of a row. */
typedef struct child_class {
    heapy_class which;
    const char *name;
    uint64_t size; /* bytes */
    size_t count;
    heapy_node *nodes;
} child_class;

struct heapy_pattern {
    heapy_snapshot *snapshot;
    heapy_classes *classes;
    heapy_pattern_options options;
    uint64_t *stop; /* a bit a node; NULL: stop_types */
    bool *stop_types;
    known_row *rows;
    size_t row_count, row_capacity;
    known_row *waiting;
    size_t waiting_count, waiting_capacity;
    size_t *slots; /* by hash of their nodes: rows + 1; a power of two, at most half full */
    size_t slot_count, slots_used;
    uint64_t *marked;         /* a bit a node */
    uint32_t *place_of_class; /* where a class is among the children of a row; UINT32_MAX */
};

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

static const heapy_graph *
graph_of(const heapy_pattern *pattern)
{
    return heapy_snapshot_graph(pattern->snapshot);
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

/* ---- referrers ---- */

static int
compare_nodes(const void *a, const void *b)
{
    const heapy_node *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Put the nodes that are marked, those of the list, in order: by a look at all marks where there are many. */
static void
sort_marked(const heapy_pattern *pattern, node_list *list)
{
    enum { NODES_PER_WORD_WORTH_LOOKING_AT = 8 };
    size_t nodes = heapy_graph_node_count(graph_of(pattern));
    if (list->count < heapy__bitmap_words(nodes) / NODES_PER_WORD_WORTH_LOOKING_AT) {
        if (list->count)
            qsort(list->nodes, list->count, sizeof *list->nodes, compare_nodes);
        return;
    }
    size_t at = 0;
    for (size_t n = heapy__bitmap_next(pattern->marked, nodes, 0); n < nodes;
         n = heapy__bitmap_next(pattern->marked, nodes, n + 1))
        list->nodes[at++] = (heapy_node)n;
}

static bool
append_node(node_list *list, heapy_node node)
{
    heapy_node *nodes = heapy_grow(list->nodes, list->count, &list->capacity, sizeof *nodes);
    if (!nodes)
        return false;
    list->nodes = nodes;
    nodes[list->count++] = node;
    return true;
}

/* Is a node in a row or one above it? */
static bool
is_in_row_or_above(const heapy_pattern *pattern, const heapy_pattern_row *row, heapy_node node)
{
    for (;;) {
        if (bsearch(&node, row->nodes, row->count, sizeof node, compare_nodes))
            return true;
        if (row->parent == HEAPY_NO_PATTERN_ROW)
            return false;
        row = &pattern->rows[row->parent].shown;
    }
}

static bool
is_child(const heapy_pattern *pattern, const heapy_pattern_row *row, heapy_node node)
{
    return !pattern->options.without_ancestors || !is_in_row_or_above(pattern, row, node);
}

/* The nodes that refer to a row; one that does will do where only_whether. */
static heapy_status
find_referrers(heapy_pattern *pattern, const heapy_pattern_row *row, bool only_whether, node_list *out,
               heapy_error *err)
{
    const heapy_referrers *referrers;
    heapy_status status = heapy_snapshot_referrers(pattern->snapshot, &referrers, err);
    for (size_t i = 0; !status && i < row->count && !(only_whether && out->count); i++) {
        size_t count;
        const heapy_node *sources = heapy_referrers_get(referrers, row->nodes[i], &count);
        for (size_t k = 0; !status && k < count && !(only_whether && out->count); k++) {
            if (heapy__bitmap_get(pattern->marked, sources[k]) || !is_child(pattern, row, sources[k]))
                continue;
            heapy__bitmap_set(pattern->marked, sources[k]);
            if (!append_node(out, sources[k])) {
                heapy__bitmap_clear(pattern->marked, sources[k]);
                status =
                    heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the %zu referrers of a row", out->count);
            }
        }
    }
    if (!status)
        sort_marked(pattern, out);
    for (size_t i = 0; i < out->count; i++)
        heapy__bitmap_clear(pattern->marked, out->nodes[i]);
    return status;
}

/* Those of them that the start reaches around the others.  What the root itself refers to has none. */
static heapy_status
find_dominators(heapy_pattern *pattern, const heapy_pattern_row *row, node_list *out, heapy_error *err)
{
    const heapy_graph *graph = graph_of(pattern);
    size_t nodes = heapy_graph_node_count(graph);
    heapy_node start = pattern->options.start, root = heapy_graph_root(graph);
    heapy_node_set *set = NULL, *starts = NULL, *found = NULL, *all = NULL;
    const heapy_referrers *referrers;
    heapy_status status = heapy_snapshot_referrers(pattern->snapshot, &referrers, err);
    if (!status)
        status = heapy_node_set_create(nodes, &set, err);
    if (!status)
        status = heapy_node_set_create(nodes, &all, err);
    if (!status)
        status = heapy_node_set_create(nodes, &found, err);
    if (!status && start != HEAPY_NO_NODE)
        status = heapy_node_set_create(nodes, &starts, err);
    if (!status) {
        for (size_t i = 0; i < row->count; i++)
            heapy_node_set_add(set, row->nodes[i]);
        heapy_referrers_of_set(referrers, set, all);
        if (starts)
            heapy_node_set_add(starts, start);
        bool is_below_root =
            root != HEAPY_NO_NODE && (!starts || start == root) && heapy_node_set_contains(all, root);
        if (!is_below_root)
            status = heapy_immediate_dominators(graph, referrers, starts, set, found, err);
    }
    for (heapy_node n = status ? HEAPY_NO_NODE : heapy_node_set_next(found, 0); !status && n != HEAPY_NO_NODE;
         n = heapy_node_set_next(found, n + 1))
        if (is_child(pattern, row, n) && !append_node(out, n))
            status =
                heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the %zu dominators of a row", out->count);
    heapy_node_set_destroy(set);
    heapy_node_set_destroy(all);
    heapy_node_set_destroy(found);
    heapy_node_set_destroy(starts);
    return status;
}

/* ---- children ---- */

static int
in_table_order(const void *a, const void *b)
{
    const child_class *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    int order = strcmp(x->name, y->name);
    if (order)
        return order;
    return (x->which > y->which) - (x->which < y->which);
}

/* Count the classes of a list, each in *out (owned). */
static heapy_status
count_classes(heapy_pattern *pattern, const node_list *list, child_class **out, size_t *count,
              heapy_error *err)
{
    const heapy_class *of_nodes = heapy_classes_of_members(pattern->classes);
    const heapy_sizes sizes = heapy_graph_sizes(graph_of(pattern));
    child_class *classes = NULL;
    size_t found = 0, capacity = 0;
    heapy_status status = HEAPY_OK;
    for (size_t i = 0; !status && i < list->count; i++) {
        heapy_class which = of_nodes[list->nodes[i]];
        uint32_t *place = &pattern->place_of_class[which];
        if (*place == UINT32_MAX) {
            child_class *more = heapy_grow(classes, found, &capacity, sizeof *more);
            if (!more) {
                status =
                    heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu classes of referrers", found + 1);
                break;
            }
            classes = more;
            classes[found] =
                (child_class){.which = which, .name = heapy_classes_name(pattern->classes, which)};
            *place = (uint32_t)found++;
        }
        classes[*place].count++;
        classes[*place].size += heapy_size_of(&sizes, list->nodes[i]);
    }
    for (size_t i = 0; i < found; i++)
        pattern->place_of_class[classes[i].which] = UINT32_MAX;
    *out = classes;
    *count = found;
    return status;
}

/* Put the classes, of one node of the list each, into the order of a table by Id. */
static heapy_status
order_by_identity(heapy_pattern *pattern, const node_list *list, child_class *classes, heapy_error *err)
{
    const heapy_members members = {list->nodes, list->count};
    const uint32_t *order;
    heapy_id_table *table = NULL;
    child_class *copy = heapy_alloc_array(list->count, sizeof *copy);
    heapy_status status;
    if (copy)
        status = heapy_id_table_of_members(pattern->snapshot, &members, &table, err);
    else
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu rows", list->count);
    if (!status)
        status = heapy_id_table_members(table, list->count, &order, err);
    if (!status)
        memcpy(copy, classes, list->count * sizeof *copy);
    for (size_t i = 0; !status && i < list->count; i++)
        classes[i] = copy[order[i]];
    heapy_id_table_destroy(table);
    heapy_free(copy);
    return status;
}

static heapy_status
order_classes(heapy_pattern *pattern, const node_list *list, child_class *classes, size_t count,
              heapy_error *err)
{
    if (!count)
        return HEAPY_OK;
    if (heapy_classifier_form_of(heapy_classes_classifier(pattern->classes)) == HEAPY_BY_ID)
        return order_by_identity(pattern, list, classes, err);
    qsort(classes, count, sizeof *classes, in_table_order);
    return HEAPY_OK;
}

/* Give each class its nodes. */
static heapy_status
distribute(heapy_pattern *pattern, const node_list *list, child_class *classes, size_t count,
           heapy_error *err)
{
    const heapy_class *of_nodes = heapy_classes_of_members(pattern->classes);
    for (size_t i = 0; i < count; i++) {
        classes[i].nodes = heapy_alloc_array(classes[i].count, sizeof *classes[i].nodes);
        if (!classes[i].nodes)
            return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the %zu nodes of a row",
                               classes[i].count);
    }
    for (size_t i = 0; i < count; i++) {
        pattern->place_of_class[classes[i].which] = (uint32_t)i;
        classes[i].count = 0;
    }
    for (size_t i = 0; i < list->count; i++) {
        child_class *class = &classes[pattern->place_of_class[of_nodes[list->nodes[i]]]];
        class->nodes[class->count++] = list->nodes[i];
    }
    for (size_t i = 0; i < count; i++)
        pattern->place_of_class[classes[i].which] = UINT32_MAX;
    return HEAPY_OK;
}

static bool
reserve_waiting(heapy_pattern *pattern, size_t more)
{
    size_t wanted = pattern->waiting_count + more;
    if (wanted <= pattern->waiting_capacity)
        return true;
    known_row *waiting = heapy_realloc_array(pattern->waiting, 2 * wanted, sizeof *waiting);
    if (!waiting)
        return false;
    pattern->waiting = waiting;
    pattern->waiting_capacity = 2 * wanted;
    return true;
}

/* Put the rows below `row`, which is to be number row_count, onto the stack. */
static heapy_status
push_children(heapy_pattern *pattern, const heapy_pattern_row *row, const node_list *list, heapy_error *err)
{
    child_class *classes = NULL;
    size_t count = 0;
    heapy_status status = count_classes(pattern, list, &classes, &count, err);
    if (!status)
        status = order_classes(pattern, list, classes, count, err);
    if (!status)
        status = distribute(pattern, list, classes, count, err);
    if (!status && !reserve_waiting(pattern, count))
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory for %zu rows", count);
    for (size_t i = count; !status && i-- > 0;) {
        const heapy_pattern_row child = {.parent = pattern->row_count,
                                         .depth = row->depth + 1,
                                         .number = i,
                                         .same = HEAPY_NO_PATTERN_ROW,
                                         .which = classes[i].which,
                                         .name = classes[i].name,
                                         .nodes = classes[i].nodes,
                                         .count = classes[i].count};
        pattern->waiting[pattern->waiting_count++] = (known_row){.shown = child, .nodes = classes[i].nodes};
        classes[i].nodes = NULL;
    }
    for (size_t i = 0; i < count; i++)
        heapy_free(classes[i].nodes);
    heapy_free(classes);
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
        status = find_dominators(pattern, row, &children, err);
    else
        status = find_referrers(pattern, row, !is_expanded, &children, err);
    if (!children.count)
        row->mark = HEAPY_PATTERN_ROOT;
    else if (is_stopped)
        row->mark = HEAPY_PATTERN_STOP;
    else if (is_expanded)
        row->mark = HEAPY_PATTERN_EXPANDED;
    else
        row->mark = HEAPY_PATTERN_DEEPEST;
    if (!status && row->mark == HEAPY_PATTERN_EXPANDED)
        status = push_children(pattern, row, &children, err);
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
