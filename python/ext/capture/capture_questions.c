/* SPDX-License-Identifier: MIT */
/*
 * Questions about some objects that need no graph: one or two walks that look for references, or that go
 * around something.
 */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "capture/capture_questions.h"
#include "capture/capture_walk.h"

static bool
has_root(const capture *c, const heapy_address_map *map)
{
    return map && heapy_address_map_contains(map, (uintptr_t)c->state->root);
}

/* Mark every object of `map` to be visited; the root at once, since it is no object of the heap. */
static void
mark_all(capture *c, const heapy_address_map *map)
{
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    for (uintptr_t address; (address = heapy_address_iterator_next(&iterator));)
        if (address == (uintptr_t)c->state->root)
            capture_mark_roots(c, true);
        else
            capture_mark(c, (PyObject *)address);
}

/* Begin a second walk of the same moment, around `known` (owned by the capture). */
static bool
begin_again(capture *c, heapy_address_map **known)
{
    *known = capture_take_map(c);
    c->known[0] = *known;
    c->known[1] = NULL;
    c->excluded_count = 0;
    return !heapy_address_map_create(&c->map, NULL);
}

/* ---- referents ---- */

heapy_status
capture_find_referents(capture *c, heapy_error *err)
{
    heapy_status status = capture_begin_walk(c, err);
    if (status)
        return status;
    size_t count = heapy_address_map_count(c->question->objects);
    uintptr_t *objects = heapy_alloc_array(count, sizeof *objects);
    if (!objects)
        return capture_status(c, false, err);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, c->question->objects);
    count = heapy_address_iterator_read(&iterator, objects, count);
    bool is_done = capture_visit_all(c, objects, count);
    heapy_free(objects);
    /* What hides is found when it is visited: look at each without taking what it leads to. */
    uintptr_t *found = c->stack;
    size_t found_count = c->stack_count;
    c->stack = NULL;
    c->stack_count = c->stack_capacity = 0;
    for (size_t i = 0; is_done && i < found_count; i++)
        if (!capture_is_visible(c, (PyObject *)found[i]))
            heapy_address_map_remove(c->map, found[i]);
    heapy_free(found);
    return capture_status(c, is_done && capture_finish_walk(c), err);
}

/* ---- referrers, immediate dominators ---- */

/* The objects but the root: a new map, owned.  NULL: no memory. */
static heapy_address_map *
without_root(const capture *c, const heapy_address_map *objects)
{
    heapy_address_map *root = NULL, *rest = NULL;
    if (heapy_address_map_create(&root, NULL))
        return NULL;
    if (heapy_address_map_mark(root, (uintptr_t)c->state->root) < 0 || heapy_address_map_freeze(root, NULL) ||
        heapy_address_map_combine(objects, root, HEAPY_DIFFERENCE, &rest, NULL))
        rest = NULL;
    heapy_address_map_destroy(root);
    return rest;
}

/* ---- types that are roots for their instances' sake (H-35) ---- */

/* Does nothing but instances lead to this type, as far as these maps of what was reached go? */
static bool
is_other_root(const type_record *record, const heapy_address_map *reached, const heapy_address_map *more)
{
    uintptr_t type = (uintptr_t)record->type;
    return !record->is_unsound && !record->is_hidden && !heapy_address_map_contains(reached, type) &&
           !(more && heapy_address_map_contains(more, type));
}

static bool
has_other_roots(const capture *c, const heapy_address_map *reached)
{
    for (size_t i = 0; i < c->record_count; i++)
        if (is_other_root(&c->records[i], reached, NULL))
            return true;
    return false;
}

/* A new map to walk into, around `known`, which may be NULL. */
static bool
begin_around(capture *c, const heapy_address_map *known)
{
    c->known[0] = known;
    c->known[1] = NULL;
    c->excluded_count = 0;
    return !heapy_address_map_create(&c->map, NULL);
}

/* Put into c->own what `sources` lead to beyond c->reachable. */
static bool
walk_below(capture *c, const heapy_address_map *sources)
{
    size_t count = heapy_address_map_count(sources);
    uintptr_t *objects = heapy_alloc_array(count, sizeof *objects);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, sources);
    bool is_done = objects && begin_around(c, c->reachable);
    if (is_done) {
        c->search.targets = NULL;
        count = heapy_address_iterator_read(&iterator, objects, count);
        is_done = capture_visit_all(c, objects, count) && capture_walk_from(c);
    }
    heapy_free(objects);
    if (is_done)
        c->own = capture_take_map(c);
    return is_done;
}

/* Look for sources from the types that are such roots, given what the named roots reach: c->reachable until
   they come to sources, c->own from there on.  It goes around the former alone, for it may come by another
   way to what lies below a source. */
static bool
search_from_other_types(capture *c, const heapy_address_map *targets)
{
    if (!begin_around(c, c->reachable) || !capture_seek(c, targets))
        return false;
    size_t next = 0;
    for (bool found = true; found;) {
        found = false;
        for (; next < c->record_count && !c->out_of_memory; next++)
            if (is_other_root(&c->records[next], c->reachable, c->own)) {
                capture_mark(c, (PyObject *)c->records[next].type);
                found = true;
            }
        if (!capture_drain(c))
            return false;
    }
    bool is_done = capture_finish_walk(c);
    drop_hidden_sources(c);
    return is_done && !heapy_address_map_freeze(c->search.sources, NULL);
}

/* The sources that the named roots come to were found; add those that types come to which only instances lead
 * to. */
static bool
add_sources_below_types(capture *c, const heapy_address_map *targets)
{
    if (heapy_address_map_freeze(c->search.sources, NULL))
        return false;
    if (!has_other_roots(c, c->map))
        return true;
    heapy_address_map *first = c->search.sources, *both = NULL;
    c->search.sources = NULL;
    c->reachable = capture_take_map(c);
    bool is_done = walk_below(c, first) && search_from_other_types(c, targets) &&
                   !heapy_address_map_combine(first, c->search.sources, HEAPY_UNION, &both, NULL);
    heapy_address_map_destroy(first);
    if (is_done) {
        heapy_address_map_destroy(c->search.sources);
        c->search.sources = both;
    }
    return is_done;
}

static heapy_status
find_sources(capture *c, bool stops_at_sources, heapy_error *err)
{
    heapy_status status = capture_begin_walk(c, err);
    if (status)
        return status;
    c->search.stops_at_sources = stops_at_sources;
    /* The root is referred to by the tool alone, which does not show (H-18). */
    heapy_address_map *targets = without_root(c, c->question->objects);
    bool is_done = targets && wants_keys(c) && capture_seek(c, targets), is_first = false;
    if (is_done) {
        capture_mark_roots(c, false);
        /* Everything goes through the root, which then is the only way, and no object. */
        is_first = stops_at_sources && c->search.is_hit;
        if (is_first)
            is_done = capture_finish_walk(c);
        else if (stops_at_sources)
            is_done = capture_walk_from(c);
        else
            is_done = capture_walk_on(c);
        if (is_first)
            heapy_address_map_remove(c->search.sources, (uintptr_t)c->state->root);
    }
    if (is_done)
        drop_hidden_sources(c);
    if (is_done && stops_at_sources && !is_first && !capture_starts_elsewhere(c))
        is_done = add_sources_below_types(c, targets);
    else
        is_done = is_done && !heapy_address_map_freeze(c->search.sources, NULL);
    heapy_address_map_destroy(targets);
    c->out_of_memory |= !is_done && !c->is_cancelled;
    if (is_done)
        replace_map(c, &c->search.sources);
    return capture_status(c, is_done, err);
}

heapy_status
capture_find_referrers(capture *c, heapy_error *err)
{
    return find_sources(c, false, err);
}

heapy_status
capture_find_immediate_dominators(capture *c, heapy_error *err)
{
    return find_sources(c, true, err);
}

/* ---- reachability around something ---- */

/*
 * Mark the types of visited objects that nothing but instances leads to.  What the named roots reach is in
 * c->reachable, and in `named` where that is not NULL; else in what the objects reach, c->own, are no such
 * types. Were there any?
 */
static bool
mark_other_types(capture *c, const heapy_address_map *named, size_t *first_record)
{
    bool found = false;
    for (; *first_record < c->record_count && !c->out_of_memory; ++*first_record) {
        const type_record *record = &c->records[*first_record];
        uintptr_t type = (uintptr_t)record->type;
        if (!is_other_root(record, c->reachable, named ? named : c->own) ||
            heapy_address_map_contains(c->map, type) ||
            heapy_address_map_contains(c->question->objects, type))
            continue;
        capture_mark(c, (PyObject *)record->type);
        found = true;
    }
    return found;
}

/* Is there such a type among what the objects reach?  It goes on being a root without them.  Instances of
   heap types refer to their types, so those are not looked into: it would cost a walk for every set with a
   class. */
static bool
reaches_other_roots(const capture *c)
{
    for (size_t i = 0; i < c->record_count; i++)
        if (!c->records[i].is_unsound && !PyType_HasFeature(c->records[i].type, Py_TPFLAGS_HEAPTYPE) &&
            is_other_root(&c->records[i], c->reachable, c->question->objects) &&
            heapy_address_map_contains(c->own, (uintptr_t)c->records[i].type))
            return true;
    return false;
}

/* What the named roots reach, going around nothing: a new map, owned.  NULL: no memory, or cancelled. */
static heapy_address_map *
reached_by_named_roots(capture *c)
{
    if (!begin_around(c, NULL))
        return NULL;
    capture_mark_roots(c, false);
    if (!capture_walk_from(c))
        return NULL;
    return capture_take_map(c);
}

/* What such types reach, around the objects and what the root reaches, is not dominated either: into c->map.
   c->reachable, c->own: what the root reaches, what the objects reach around that. */
static bool
walk_from_other_types(capture *c)
{
    size_t first_record = 0;
    heapy_address_map *named = NULL;
    if (reaches_other_roots(c) && !(named = reached_by_named_roots(c))) {
        c->out_of_memory |= !c->is_cancelled;
        return false;
    }
    bool is_done = begin_around(c, c->reachable);
    c->known[1] = c->question->objects;
    c->out_of_memory |= !is_done;
    while (is_done && mark_other_types(c, named, &first_record))
        is_done = capture_drain(c);
    heapy_address_map_destroy(named);
    return is_done && capture_finish_walk(c);
}

/* The objects again, around all that is not dominated. */
static bool
walk_around(capture *c, const heapy_address_map *more)
{
    heapy_address_map *around;
    if (heapy_address_map_combine(c->reachable, more, HEAPY_UNION, &around, NULL)) {
        c->out_of_memory = true;
        return false;
    }
    heapy_address_map_destroy(c->reachable);
    c->reachable = around;
    heapy_address_map_destroy(capture_take_map(c));
    c->known[0] = c->reachable;
    c->known[1] = NULL;
    c->excluded_count = 0;
    if (heapy_address_map_create(&c->map, NULL)) {
        c->out_of_memory = true;
        return false;
    }
    mark_all(c, c->question->objects);
    return capture_walk_from(c);
}

/* Leave in c->map what the objects dominate; c->own is what they reach, and may share something with what
   types reach that nothing refers to. */
static bool
leave_out_what_types_reach(capture *c)
{
    heapy_address_map *common = NULL;
    c->own = capture_take_map(c);
    if (!walk_from_other_types(c))
        return false;
    if (heapy_address_map_combine(c->own, c->map, HEAPY_INTERSECTION, &common, NULL)) {
        c->out_of_memory = true;
        return false;
    }
    bool is_done = true;
    if (heapy_address_map_count(common)) {
        is_done = walk_around(c, c->map);
    } else {
        replace_map(c, &c->own);
    }
    heapy_address_map_destroy(common);
    return is_done;
}

/* The root first, around the objects; then the objects, around what the root reaches so.  Without the root
   nothing is reached but by the objects. */
heapy_status
capture_find_dominated(capture *c, heapy_error *err)
{
    const heapy_address_map *objects = c->question->objects;
    heapy_status status = capture_begin_walk(c, err);
    if (status)
        return status;
    if (has_root(c, objects)) {
        capture_mark_roots(c, false);
        mark_all(c, objects);
        return capture_status(c, capture_walk_on(c), err);
    }
    c->known[0] = objects;
    capture_mark_roots(c, false);
    bool is_done = capture_walk_from(c) && begin_again(c, &c->reachable);
    if (is_done) {
        mark_all(c, objects);
        /* From a root of the user's types are no roots, as they are none for heap(). */
        is_done = capture_walk_from(c) && (capture_starts_elsewhere(c) || leave_out_what_types_reach(c));
    }
    return capture_status(c, is_done, err);
}

heapy_status
capture_find_reachable(capture *c, heapy_error *err)
{
    const capture_question *question = c->question;
    heapy_status status = capture_begin_walk(c, err);
    if (status)
        return status;
    /* Starts that are to be avoided lead nowhere. */
    heapy_address_map *starts = NULL;
    if (heapy_address_map_combine(question->sources, question->avoid, HEAPY_DIFFERENCE, &starts, NULL))
        return capture_status(c, false, err);
    c->known[0] = question->avoid;
    if (question->may_end_there && !capture_seek(c, question->avoid)) {
        heapy_address_map_destroy(starts);
        return capture_status(c, false, err);
    }
    if (question->may_end_there && heapy_address_map_create(&c->search.hits, NULL)) {
        heapy_address_map_destroy(starts);
        return capture_status(c, false, err);
    }
    mark_all(c, starts);
    heapy_address_map_destroy(starts);
    bool is_done = capture_walk_from(c);
    if (is_done && question->may_end_there) {
        heapy_address_map *ends = NULL, *all_ends = NULL, *both = NULL;
        is_done =
            !heapy_address_map_freeze(c->search.hits, NULL) &&
            !heapy_address_map_combine(question->sources, question->avoid, HEAPY_INTERSECTION, &ends, NULL) &&
            !heapy_address_map_combine(c->search.hits, ends, HEAPY_UNION, &all_ends, NULL) &&
            !heapy_address_map_combine(c->map, all_ends, HEAPY_UNION, &both, NULL);
        heapy_address_map_destroy(ends);
        heapy_address_map_destroy(all_ends);
        c->out_of_memory |= !is_done;
        if (is_done)
            replace_map(c, &both);
    }
    return capture_status(c, is_done, err);
}
