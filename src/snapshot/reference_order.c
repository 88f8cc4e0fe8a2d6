/* SPDX-License-Identifier: MIT */
/*
 * The order of references.
 *
 * What columns say is sorted first.  That leaves runs of keys of one sort, whose values only the words know.
 */
#include "heapy/reference.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/fail.h"
#include "heapy/memory.h"

/* Sorts of keys, in their order.  What is no key has the rank of what it is about. */
typedef enum key_rank { RANK_NUMBER, RANK_TUPLE, RANK_STRING, RANK_OTHER } key_rank;

typedef struct ordered_reference {
    unsigned code; /* the unknown one is the largest */
    key_rank rank;
    const char *type_name; /* of a key of rank RANK_OTHER */
    const char *name;      /* of what is named */
    uint32_t number;       /* of what is numbered */
    heapy_node key;        /* HEAPY_NO_NODE: none */
    size_t place;          /* where it came */
} ordered_reference;

static int
compare_references(const void *a, const void *b)
{
    const ordered_reference *x = a, *y = b;
    if (x->code != y->code)
        return x->code < y->code ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    int order = 0;
    if (x->type_name && y->type_name)
        order = strcmp(x->type_name, y->type_name);
    if (!order && x->name && y->name)
        order = strcmp(x->name, y->name);
    if (!order && x->key == HEAPY_NO_NODE && y->key == HEAPY_NO_NODE)
        order = (x->number > y->number) - (x->number < y->number);
    if (order)
        return order;
    return (x->place > y->place) - (x->place < y->place);
}

/* Ranks of types, found once for each type that a list of keys has. */
typedef struct rank_finder {
    const heapy_graph *graph;
    bool *supertypes; /* room for a flag a type */
    heapy_type type;  /* the last one asked about */
    key_rank rank;
} rank_finder;

/* Find the rank by the builtin type that `type` is or inherits from. */
static heapy_status
find_rank(rank_finder *finder, heapy_type type, key_rank *rank, heapy_error *err)
{
    static const struct {
        const char *name;
        key_rank rank;
    } builtin[] = {{"int", RANK_NUMBER}, {"float", RANK_NUMBER}, {"tuple", RANK_TUPLE}, {"str", RANK_STRING}};
    *rank = finder->rank;
    if (type == finder->type)
        return HEAPY_OK;
    size_t count = heapy_graph_type_count(finder->graph);
    if (!finder->supertypes && !(finder->supertypes = heapy_alloc_array(count, sizeof(bool))))
        return heapy__fail(err, HEAPY_NO_MEMORY, "no memory to order keys of %zu types", count);
    memset(finder->supertypes, 0, count * sizeof(bool));
    heapy_status status = heapy_graph_supertypes(finder->graph, type, finder->supertypes, err);
    if (status)
        return status;
    *rank = RANK_OTHER;
    for (heapy_type t = 0; t < count; t++)
        for (size_t i = 0; finder->supertypes[t] && i < sizeof builtin / sizeof *builtin; i++)
            if (!strcmp(heapy_graph_type_name(finder->graph, t), builtin[i].name) && builtin[i].rank < *rank)
                *rank = builtin[i].rank;
    finder->type = type;
    finder->rank = *rank;
    return HEAPY_OK;
}

/* Fields whose names begin with a point lead through a dict or a cell, and are named as such references are
   written. */
static heapy_reference_code
code_of(const heapy_graph *graph, heapy_label label)
{
    heapy_reference_code code = heapy_reference_code_of(label);
    if (code != HEAPY_REFERENCE_INTERNAL)
        return code;
    const char *name = heapy_graph_name(graph, heapy_label_number(label), NULL);
    if (name[0] != '.')
        return code;
    const char *of_cells = heapy_reference_form_of(HEAPY_REFERENCE_CELL).between;
    return strncmp(name, of_cells, strlen(of_cells)) ? HEAPY_REFERENCE_ATTRIBUTE_NAME : HEAPY_REFERENCE_CELL;
}

static heapy_status
describe(rank_finder *finder, heapy_reference reference, size_t place, ordered_reference *out,
         heapy_error *err)
{
    const heapy_graph *graph = finder->graph;
    heapy_label_kind kind = heapy_label_kind_of(reference.label);
    *out = (ordered_reference){
        .code = (unsigned)code_of(graph, reference.label), .key = HEAPY_NO_NODE, .place = place};
    if (heapy_label_is_named(kind)) {
        out->rank = RANK_STRING;
        out->name = heapy_graph_name(graph, heapy_label_number(reference.label), NULL);
    } else if (kind != HEAPY_LABEL_VALUE) {
        out->number = heapy_label_number(reference.label);
    } else if (reference.key < heapy_graph_node_count(graph)) {
        heapy_type type = heapy_graph_types(graph)[reference.key];
        heapy_status status = find_rank(finder, type, &out->rank, err);
        if (status)
            return status;
        out->key = reference.key;
        if (out->rank == RANK_OTHER)
            out->type_name = heapy_graph_type_name(graph, type);
        else
            out->type_name = NULL;
    }
    return HEAPY_OK;
}

static bool
are_of_one_sort(const ordered_reference *a, const ordered_reference *b)
{
    return a->key != HEAPY_NO_NODE && b->key != HEAPY_NO_NODE && a->code == b->code && a->rank == b->rank &&
           (!a->type_name || !strcmp(a->type_name, b->type_name));
}

/* Put keys of one sort in the order that the words give, which is checked. */
static heapy_status
sort_keys(const heapy_words *words, ordered_reference *references, size_t count, heapy_error *err)
{
    if (count < 2 || !words->order_keys)
        return HEAPY_OK;
    heapy_node *keys = heapy_alloc_array(count, sizeof *keys);
    size_t *order = heapy_alloc_array(count, sizeof *order);
    ordered_reference *before = heapy_alloc_array(count, sizeof *before);
    heapy_status status = HEAPY_OK;
    if (!keys || !order || !before)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to order %zu keys", count);
    for (size_t i = 0; !status && i < count; i++) {
        keys[i] = references[i].key;
        order[i] = i;
    }
    if (!status) {
        memcpy(before, references, count * sizeof *before);
        status = words->order_keys(words->context, keys, count, order, err);
    }
    for (size_t i = 0; !status && i < count; i++) {
        if (order[i] >= count || before[order[i]].place == SIZE_MAX) {
            status = heapy__fail(err, HEAPY_INVALID, "the words order %zu keys by what is no order of them",
                                 count);
            break;
        }
        references[i] = before[order[i]];
        before[order[i]].place = SIZE_MAX; /* taken */
    }
    heapy_free(keys);
    heapy_free(order);
    heapy_free(before);
    return status;
}

heapy_status
heapy_references_order(const heapy_snapshot *snapshot, const heapy_reference *references, size_t count,
                       size_t *order, heapy_error *err)
{
    if (!snapshot || ((!references || !order) && count))
        return heapy__fail_null(err, "snapshot, references or order");
    rank_finder finder = {.graph = heapy_snapshot_graph(snapshot), .type = HEAPY_NO_TYPE};
    ordered_reference *ordered = heapy_alloc_array(count, sizeof *ordered);
    heapy_status status = HEAPY_OK;
    if (!ordered)
        status = heapy__fail(err, HEAPY_NO_MEMORY, "no memory to order %zu references", count);
    for (size_t i = 0; !status && i < count; i++)
        status = describe(&finder, references[i], i, &ordered[i], err);
    if (!status)
        qsort(ordered, count, sizeof *ordered, compare_references);
    for (size_t i = 0, end; !status && i < count; i = end) {
        for (end = i + 1; end < count && are_of_one_sort(&ordered[i], &ordered[end]); end++)
            ;
        status = sort_keys(heapy_snapshot_words(snapshot), ordered + i, end - i, err);
    }
    for (size_t i = 0; !status && i < count; i++)
        order[i] = ordered[i].place;
    heapy_free(finder.supertypes);
    heapy_free(ordered);
    return status;
}
