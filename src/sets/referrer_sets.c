/* SPDX-License-Identifier: MIT */
/*
 * Sets of what the referrers of nodes are: edges counted by target, then written by target, then each
 * target's numbers sorted.
 */
#include "heapy/referrer_sets.h"

#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "../graph/graph_internal.h"
#include "../graph/node_set_internal.h"
#include "heapy/memory.h"

struct heapy_referrer_sets {
    size_t node_count;
    uint64_t *starts; /* of each node's numbers, node_count + 1 */
    uint32_t *counts; /* numbers of each node that are distinct */
    uint32_t *numbers;
};

void
heapy_referrer_sets_destroy(heapy_referrer_sets *sets)
{
    if (!sets)
        return;
    heapy_free(sets->starts);
    heapy_free(sets->counts);
    heapy_free(sets->numbers);
    heapy_free(sets);
}

const uint32_t *
heapy_referrer_sets_get(const heapy_referrer_sets *sets, heapy_node node, size_t *count)
{
    if (!count)
        return NULL;
    *count = 0;
    if (!sets || node >= sets->node_count)
        return NULL;
    *count = sets->counts[node];
    return sets->numbers + sets->starts[node];
}

static int
compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

enum { FEW = 8 }; /* numbers, which are sorted by insertion */

static void
sort_few(uint32_t *numbers, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        uint32_t number = numbers[i], k = i;
        for (; k && numbers[k - 1] > number; k--)
            numbers[k] = numbers[k - 1];
        numbers[k] = number;
    }
}

static uint32_t
sort_distinct(uint32_t *numbers, uint32_t count)
{
    if (count < 2)
        return count;
    if (count <= FEW)
        sort_few(numbers, count);
    else
        qsort(numbers, count, sizeof *numbers, compare_numbers);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < count; i++)
        if (numbers[i] != numbers[kept - 1])
            numbers[kept++] = numbers[i];
    return kept;
}

void
heapy_referrer_sets_renumber(heapy_referrer_sets *sets, const uint32_t *new_numbers)
{
    if (!sets || !new_numbers)
        return;
    for (size_t i = 0; i < sets->node_count; i++) {
        uint32_t *numbers = sets->numbers + sets->starts[i];
        for (uint32_t k = 0; k < sets->counts[i]; k++)
            numbers[k] = new_numbers[numbers[k]];
        sets->counts[i] = sort_distinct(numbers, sets->counts[i]);
    }
}

/* ---- numbers of edges ---- */

/* Relations seen so far, hashed: open addressing, at most half full. */
typedef struct reference_table {
    heapy_reference *references;
    size_t count, capacity;
    uint32_t *slots; /* number + 1; 0: free */
    size_t slot_count;
} reference_table;

static size_t
reference_slot(const reference_table *table, heapy_reference reference)
{
    size_t mask = table->slot_count - 1;
    uint64_t key = (uint64_t)reference.label << 32 | reference.key;
    size_t i = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;
    for (; table->slots[i]; i = (i + 1) & mask) {
        const heapy_reference *other = &table->references[table->slots[i] - 1];
        if (other->label == reference.label && other->key == reference.key)
            break;
    }
    return i;
}

static bool
widen_references(reference_table *table)
{
    reference_table wider = *table;
    wider.slot_count = table->slot_count ? 4 * table->slot_count : 1024;
    wider.slots = heapy_alloc_zeroed(wider.slot_count, sizeof *wider.slots);
    if (!wider.slots)
        return false;
    for (size_t i = 0; i < table->count; i++)
        wider.slots[reference_slot(&wider, table->references[i])] = (uint32_t)i + 1;
    heapy_free(table->slots);
    *table = wider;
    return true;
}

/* The number of a reference, new or not.  False: no memory. */
static bool
number_reference(reference_table *table, heapy_reference reference, uint32_t *number)
{
    if (2 * (table->count + 1) > table->slot_count && !widen_references(table))
        return false;
    size_t slot = reference_slot(table, reference);
    if (!table->slots[slot]) {
        heapy_reference *references =
            heapy_grow(table->references, table->count, &table->capacity, sizeof *references);
        if (!references)
            return false;
        table->references = references;
        references[table->count] = reference;
        table->slots[slot] = (uint32_t)++table->count;
    }
    *number = table->slots[slot] - 1;
    return true;
}

/* What makes a number of an edge: the class of its source, or its label. */
typedef struct edge_reader {
    const heapy_graph *graph;
    const heapy_node_set *nodes;
    const uint32_t *class_of_node; /* NULL: by reference */
    reference_table references;
    uint32_t type_name; /* name number of "ob_type", or UINT32_MAX */
} edge_reader;

static bool
is_wanted(const edge_reader *reader, heapy_node target)
{
    return !reader->nodes || heapy_node_set_contains(reader->nodes, target);
}

/* That of an edge without name, or of an object to its type. */
static bool
counts_not(const edge_reader *reader, heapy_label label)
{
    heapy_label_kind kind = heapy_label_kind_of(label);
    return kind == HEAPY_LABEL_UNNAMED ||
           (kind == HEAPY_LABEL_INTERNAL && heapy_label_number(label) == reader->type_name);
}

/* The labels of an edge; of a list not all may count. */
static size_t
labels_of(const edge_reader *reader, uint64_t edge, const heapy_label **labels)
{
    const heapy_label *label = heapy_graph_labels(reader->graph) + edge;
    return counts_not(reader, *label) ? 0 : heapy_graph_label_parts(reader->graph, label, labels);
}

static void
count_edges(const edge_reader *reader, uint64_t *counts)
{
    const uint32_t *targets = heapy_graph_targets(reader->graph);
    uint64_t edge_count = heapy_graph_edge_count(reader->graph);
    for (uint64_t e = 0; e < edge_count; e++) {
        const heapy_label *labels;
        if (is_wanted(reader, targets[e]))
            counts[targets[e]] += reader->class_of_node ? 1 : labels_of(reader, e, &labels);
    }
}

/* Append, unless it is the number just appended: neighbouring sources are often alike. */
static void
append(heapy_referrer_sets *sets, heapy_node target, uint32_t number)
{
    uint32_t *numbers = sets->numbers + sets->starts[target];
    uint32_t count = sets->counts[target];
    if (count && numbers[count - 1] == number)
        return;
    numbers[count] = number;
    sets->counts[target]++;
}

static bool
append_references(heapy_referrer_sets *sets, edge_reader *reader, heapy_node source, uint64_t edge)
{
    const heapy_label *labels;
    size_t count = labels_of(reader, edge, &labels);
    heapy_node target = heapy_graph_targets(reader->graph)[edge];
    for (size_t i = 0; i < count; i++) {
        heapy_reference reference = {labels[i], HEAPY_NO_NODE};
        if (count > 1 && counts_not(reader, labels[i]))
            continue;
        if (heapy_label_kind_of(labels[i]) == HEAPY_LABEL_VALUE) { /* which entry it is does not matter */
            reference.key = heapy_graph_key_of_edge(reader->graph, source, edge, labels[i]);
            reference.label = heapy_label_make(HEAPY_LABEL_VALUE, 0);
            if (reference.key == HEAPY_NO_NODE)
                continue;
        }
        uint32_t number;
        if (!number_reference(&reader->references, reference, &number))
            return false;
        append(sets, target, number);
    }
    return true;
}

static bool
append_edges(heapy_referrer_sets *sets, edge_reader *reader)
{
    const uint32_t *targets = heapy_graph_targets(reader->graph);
    for (heapy_node source = 0; source < sets->node_count; source++) {
        uint64_t first, end;
        heapy__graph_edges(reader->graph, source, &first, &end);
        for (uint64_t e = first; e < end; e++) {
            if (!is_wanted(reader, targets[e]))
                continue;
            if (reader->class_of_node)
                append(sets, targets[e], reader->class_of_node[source]);
            else if (!append_references(sets, reader, source, e))
                return false;
        }
    }
    return true;
}

static heapy_status
make_sets(edge_reader *reader, heapy_referrer_sets **out, heapy_error *err)
{
    size_t nodes = heapy_graph_node_count(reader->graph);
    heapy_referrer_sets *sets = heapy_alloc_zeroed(1, sizeof *sets);
    bool is_done = sets;
    if (sets) {
        sets->node_count = nodes;
        sets->starts = heapy_alloc_zeroed(nodes + 1, sizeof *sets->starts);
        sets->counts = heapy_alloc_zeroed(nodes, sizeof *sets->counts);
        is_done = sets->starts && sets->counts;
    }
    if (is_done) {
        count_edges(reader, sets->starts);
        uint64_t total = 0;
        for (size_t i = 0; i <= nodes; i++) {
            uint64_t count = sets->starts[i];
            sets->starts[i] = total;
            total += count;
        }
        sets->numbers = heapy_alloc_array((size_t)total, sizeof *sets->numbers);
        is_done = sets->numbers && append_edges(sets, reader);
    }
    if (!is_done) {
        heapy_referrer_sets_destroy(sets);
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the referrers of %zu nodes", nodes);
    }
    for (size_t i = 0; i < nodes; i++)
        sets->counts[i] = sort_distinct(sets->numbers + sets->starts[i], sets->counts[i]);
    *out = sets;
    return HEAPY_OK;
}

heapy_status
heapy_referrer_sets_by_class(const heapy_graph *graph, const heapy_node_set *nodes,
                             const uint32_t *class_of_node, heapy_referrer_sets **out, heapy_error *err)
{
    if (!graph || (!class_of_node && heapy_graph_node_count(graph)) || !out)
        return heapy__fail_null(err, "graph, class_of_node or out");
    heapy_status status = heapy__node_set_fits(nodes, heapy_graph_node_count(graph), "nodes", err);
    if (status)
        return status;
    static const uint32_t none = 0; /* a graph without nodes needs no classes */
    edge_reader reader = {
        .graph = graph, .nodes = nodes, .class_of_node = class_of_node ? class_of_node : &none};
    return make_sets(&reader, out, err);
}

/* Room for `count` sets with `total` numbers.  NULL: no memory. */
static heapy_referrer_sets *
new_sets(size_t count, uint64_t total)
{
    heapy_referrer_sets *sets = heapy_alloc_zeroed(1, sizeof *sets);
    if (!sets)
        return NULL;
    sets->node_count = count;
    sets->starts = heapy_alloc_array(count + 1, sizeof *sets->starts);
    sets->counts = heapy_alloc_array(count, sizeof *sets->counts);
    sets->numbers = heapy_alloc_array((size_t)total, sizeof *sets->numbers);
    if (sets->starts && sets->counts && sets->numbers)
        return sets;
    heapy_referrer_sets_destroy(sets);
    return NULL;
}

heapy_status
heapy_referrer_sets_of_nodes(const heapy_referrers *referrers, const heapy_node *nodes, size_t count,
                             const uint32_t *class_of_node, heapy_referrer_sets **out, heapy_error *err)
{
    if (!referrers || (!nodes && count) || !class_of_node || !out)
        return heapy__fail_null(err, "referrers, nodes, class_of_node or out");
    for (size_t i = 0; i < count; i++)
        if (nodes[i] != HEAPY_NO_NODE && nodes[i] >= heapy_referrers_node_count(referrers))
            return heapy__fail(err, HEAPY_INVALID, "there is no node %u among %zu", nodes[i],
                               heapy_referrers_node_count(referrers));
    uint64_t total = 0;
    size_t known;
    for (size_t i = 0; i < count; i++)
        if (nodes[i] != HEAPY_NO_NODE) {
            heapy_referrers_get(referrers, nodes[i], &known);
            total += known;
        }
    heapy_referrer_sets *sets = new_sets(count, total);
    if (!sets)
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory for the referrers of %zu nodes", count);
    uint64_t used = 0;
    for (size_t i = 0; i < count; i++) {
        sets->starts[i] = used;
        sets->counts[i] = 0;
        if (nodes[i] == HEAPY_NO_NODE)
            continue;
        const heapy_node *sources = heapy_referrers_get(referrers, nodes[i], &known);
        for (size_t k = 0; k < known; k++)
            append(sets, (heapy_node)i, class_of_node[sources[k]]);
        sets->counts[i] = sort_distinct(sets->numbers + used, sets->counts[i]);
        used += sets->counts[i];
    }
    sets->starts[count] = used;
    *out = sets;
    return HEAPY_OK;
}

heapy_status
heapy_referrer_sets_by_reference(const heapy_graph *graph, const heapy_node_set *nodes,
                                 heapy_referrer_sets **out, heapy_reference **references,
                                 size_t *reference_count, heapy_error *err)
{
    if (!graph || !out || !references || !reference_count)
        return heapy__fail_null(err, "graph, out, references or reference_count");
    heapy_status status = heapy__node_set_fits(nodes, heapy_graph_node_count(graph), "nodes", err);
    if (status)
        return status;
    edge_reader reader = {.graph = graph, .nodes = nodes, .type_name = UINT32_MAX};
    for (uint32_t i = 0; i < heapy_graph_name_count(graph); i++)
        if (!strcmp(heapy_graph_name(graph, i, NULL), "ob_type"))
            reader.type_name = i;
    status = make_sets(&reader, out, err);
    heapy_free(reader.references.slots);
    if (status) {
        heapy_free(reader.references.references);
        return status;
    }
    *references = reader.references.references;
    *reference_count = reader.references.count;
    return HEAPY_OK;
}
