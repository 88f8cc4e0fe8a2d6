/* SPDX-License-Identifier: MIT */
/*
 * What lies on the shortest paths between some objects, without a graph: forwards, level after level, until
 * one has a target; then backwards from the targets met, keeping of each level what leads to the next.
 */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "capture/capture_questions.h"
#include "capture/capture_walk.h"

/* Mark what `map`, which is frozen, has in `all`, which is not. */
static bool
add_to(heapy_address_map *all, const heapy_address_map *map)
{
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    for (uintptr_t address; (address = heapy_address_iterator_next(&iterator));)
        if (heapy_address_map_mark(all, address) < 0)
            return false;
    return true;
}

/* Objects in the order of their distance. */
typedef struct levels {
    uintptr_t **objects; /* of each level; owned */
    size_t *counts;
    size_t count, objects_capacity, counts_capacity;
} levels;

static void
levels_deinit(levels *l)
{
    for (size_t i = 0; i < l->count; i++)
        heapy_free(l->objects[i]);
    heapy_free(l->objects);
    heapy_free(l->counts);
}

/* Take over the array. */
static bool
add_level(levels *l, uintptr_t *objects, size_t count)
{
    uintptr_t **all = heapy_grow(l->objects, l->count, &l->objects_capacity, sizeof *all);
    if (all)
        l->objects = all;
    size_t *counts = NULL;
    if (all)
        counts = heapy_grow(l->counts, l->count, &l->counts_capacity, sizeof *counts);
    if (!counts) {
        heapy_free(objects);
        return false;
    }
    l->counts = counts;
    l->objects[l->count] = objects;
    counts[l->count++] = count;
    return true;
}

/* What waits on the stack becomes a level. */
static bool
add_stack_as_level(capture *c, levels *l)
{
    uintptr_t *objects = c->stack;
    size_t count = c->stack_count;
    c->stack = NULL;
    c->stack_count = c->stack_capacity = 0;
    return add_level(l, objects, count);
}

/* The sources that are not to be avoided, as the first level; they are marked, so nothing leads to them. */
static bool
add_first_level(capture *c, levels *l)
{
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, c->question->sources);
    size_t room = heapy_address_map_count(c->question->sources), count = 0;
    uintptr_t *objects = heapy_alloc_array(room, sizeof *objects);
    if (!objects)
        return false;
    for (uintptr_t address; (address = heapy_address_iterator_next(&iterator));)
        if ((!c->known[0] || !heapy_address_map_contains(c->known[0], address)) &&
            heapy_address_map_mark(c->map, address) >= 0)
            objects[count++] = address;
    return add_level(l, objects, count);
}

/* The targets that can be met: visible ones that are neither sources nor avoided.  NULL: no memory. */
static heapy_address_map *
possible_targets(capture *c)
{
    const capture_question *question = c->question;
    heapy_address_map *targets = NULL;
    size_t words = heapy_address_map_count(question->objects) / 64 + 1, node = 0;
    uint64_t *kept = heapy_alloc_zeroed(words, sizeof *kept);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, question->objects);
    for (uintptr_t address; kept && (address = heapy_address_iterator_next(&iterator)); node++) {
        bool is_avoided = question->avoid && heapy_address_map_contains(question->avoid, address);
        bool is_source = heapy_address_map_contains(question->sources, address);
        if (!is_avoided && !is_source && capture_is_visible(c, (PyObject *)address))
            kept[node / 64] |= UINT64_C(1) << node % 64;
    }
    if (kept && heapy_address_map_subset(question->objects, kept, &targets, NULL))
        targets = NULL;
    heapy_free(kept);
    return targets;
}

/* Go forwards until a level refers to a target; the sources found are its part of the paths. */
static bool
search_forwards(capture *c, levels *l, const heapy_address_map *targets)
{
    if (!add_first_level(c, l))
        return false;
    while (l->counts[l->count - 1]) {
        if (!capture_seek(c, targets) ||
            !capture_visit_all(c, l->objects[l->count - 1], l->counts[l->count - 1]))
            return false;
        if (c->search.sources->count)
            return true;
        if (!add_stack_as_level(c, l))
            return false;
    }
    return true;
}

/* Go back from the sources found to the first level, and find of each level what refers to those of the next.
 */
static bool
search_backwards(capture *c, const levels *l, heapy_address_map *all)
{
    c->search.only_looks = true;
    for (size_t level = l->count - 1;; level--) {
        drop_hidden_sources(c);
        if (heapy_address_map_freeze(c->search.sources, NULL) || !add_to(all, c->search.sources))
            return false;
        if (!level)
            return true;
        heapy_address_map *next = c->search.sources;
        c->search.sources = NULL;
        bool is_done =
            capture_seek(c, next) && capture_visit_all(c, l->objects[level - 1], l->counts[level - 1]);
        heapy_address_map_destroy(next);
        if (!is_done)
            return false;
    }
}

heapy_status
capture_find_path_nodes(capture *c, heapy_error *err)
{
    heapy_status status = capture_begin_walk(c, err);
    if (status)
        return status;
    levels l = {0};
    heapy_address_map *all = NULL;
    c->known[0] = c->question->avoid;
    heapy_address_map *targets = possible_targets(c);
    bool is_done = targets && wants_keys(c) && !heapy_address_map_create(&c->search.hits, NULL) &&
                   !heapy_address_map_create(&all, NULL) && search_forwards(c, &l, targets);
    if (is_done && c->search.sources && c->search.sources->count) {
        heapy_address_map *hits = c->search.hits;
        c->search.hits = NULL;
        is_done = !heapy_address_map_freeze(hits, NULL) && add_to(all, hits) && search_backwards(c, &l, all);
        heapy_address_map_destroy(hits);
    }
    is_done = is_done && !heapy_address_map_freeze(all, NULL);
    c->out_of_memory |= !is_done && !c->is_cancelled;
    heapy_address_map_destroy(targets);
    levels_deinit(&l);
    if (is_done)
        replace_map(c, &all);
    heapy_address_map_destroy(all);
    return capture_status(c, is_done, err);
}
