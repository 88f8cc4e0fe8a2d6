/* SPDX-License-Identifier: MIT */
/* What is below a row of a reference pattern: the nodes that refer to it, and those as rows, a class each. */
#include <stdlib.h>
#include <string.h>

#include "../base/bitmap.h"
#include "../base/fail.h"
#include "heapy/id_table.h"
#include "heapy/memory.h"
#include "heapy/reach.h"
#include "pattern_stack.h"

/* What was counted of a class among the children of a row. */
typedef struct child_class {
    heapy_class which;
    const char *name;
    uint64_t size; /* bytes */
    size_t count;
    heapy_node *nodes;
} child_class;

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
heapy_status
heapy__pattern_find_referrers(heapy_pattern *pattern, const heapy_pattern_row *row, bool only_whether,
                              node_list *out, heapy_error *err)
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
heapy_status
heapy__pattern_find_dominators(heapy_pattern *pattern, const heapy_pattern_row *row, node_list *out,
                               heapy_error *err)
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
heapy_status
heapy__pattern_push_children(heapy_pattern *pattern, const heapy_pattern_row *row, const node_list *list,
                             heapy_error *err)
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
