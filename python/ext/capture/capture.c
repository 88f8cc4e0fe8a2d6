/* SPDX-License-Identifier: MIT */
/*
 * The order of business of a look at the heap: roots, walk.  capture_columns.c has what is read of the
 * objects afterwards, live/live_capture.c what is done before and after.
 */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */
#include "cpython/collector_lists.h"

#include "capture/capture_walk.h"
#include "capture/own_object_head.h"

enum { FIRST_TYPE_SLOTS = 2048 };

void
capture_init(capture *c, const capture_view *view)
{
    *c = (capture){.view = view, .state = view->state};
    c->interp = view->state->interp;
}

void
capture_deinit(capture *c)
{
    heapy_address_map_destroy(c->map);
    heapy_address_map_destroy(c->reachable);
    heapy_address_map_destroy(c->own);
    heapy_address_map_destroy(c->running);
    heapy_address_map_destroy(c->own_frames);
    heapy_address_map_destroy(c->search.sources);
    heapy_address_map_destroy(c->search.hits);
    heapy_address_map_destroy(c->search.keys);
    heapy_graph_builder_destroy(c->builder);
    for (size_t i = 0; i < c->record_count; i++) {
        heapy_free(c->records[i].attribute_words);
        heapy_free(c->records[i].getter_names);
    }
    heapy_free(c->records);
    heapy_free(c->record_of_type);
    heapy_free(c->deferred);
    heapy_free(c->type_slots);
    heapy_free(c->members);
    heapy_free(c->roots);
    heapy_free(c->stack);
    heapy_free(c->excluded);
    *c = (capture){0};
}

heapy_status
capture_status(const capture *c, bool is_done, heapy_error *err)
{
    if (is_done && !c->out_of_memory)
        return HEAPY_OK;
    *err = (heapy_error)HEAPY_ERROR_INIT;
    err->status = c->is_cancelled ? HEAPY_CANCELLED : HEAPY_NO_MEMORY;
    return err->status;
}

heapy_status
capture_begin(capture *c, heapy_error *err)
{
    c->type_slots = heapy_alloc_zeroed(FIRST_TYPE_SLOTS, sizeof *c->type_slots);
    c->type_slot_count = FIRST_TYPE_SLOTS;
    if (!c->type_slots)
        return capture_status(c, false, err);
    /* As long as only the tool holds the tag, no object of the user can carry it. */
    PyObject *tag = c->view->hiding_tag;
    if (tag)
        c->checks_tags = tag != c->state->hiding_tag ||
                         (size_t)Py_REFCNT(tag) != 1 + c->state->hiding_tag_uses || c->view->tagged_types;
    heapy_status status = heapy_address_map_create(&c->running, err);
    if (status)
        return status;
    return heapy_address_map_create(&c->own_frames, err);
}

heapy_status
capture_begin_walk(capture *c, heapy_error *err)
{
    heapy_status status = capture_begin(c, err);
    if (!status)
        status = capture_status(c, capture_collect_roots(c), err);
    if (status)
        return status;
    return heapy_address_map_create(&c->map, err);
}

heapy_status
capture_walk_heap(capture *c, heapy_error *err)
{
    heapy_status status = capture_begin_walk(c, err);
    if (status)
        return status;
    if (c->root_is_node && heapy_address_map_mark(c->map, (uintptr_t)c->state->root) < 0)
        c->out_of_memory = true;
    return capture_status(c, !c->out_of_memory && capture_walk(c), err);
}

heapy_status
capture_walk_with_edges(capture *c, heapy_error *err)
{
    c->root_is_node = true;
    heapy_status status = capture_walk_heap(c, err);
    heapy_free(c->stack); /* 8 bytes for each object that once waited */
    c->stack = NULL;
    c->stack_count = c->stack_capacity = 0;
    if (status)
        return status;
    return capture_add_edges(c, err);
}

heapy_address_map *
capture_take_map(capture *c)
{
    heapy_address_map *map = c->map;
    c->map = NULL;
    return map;
}

/* ---- what cannot be reached ---- */

/* Begin another walk of the same moment: into an empty map, around what is known. */
static bool
begin_again(capture *c, const heapy_address_map *known, const heapy_address_map *more_known)
{
    c->known[0] = known;
    c->known[1] = more_known;
    c->excluded_count = 0;
    return !heapy_address_map_create(&c->map, NULL);
}

/* Begin at the tool's own objects, which then are entered. */
static void
begin_at_own(PyObject *object, void *arg)
{
    capture *c = arg;
    const type_record *record = capture_record(c, Py_TYPE(object));
    if (record && (record->is_hidden || (record->is_own && tag_of(object) == c->view->hiding_tag)))
        capture_mark(c, object);
}

static void
begin_at_tracked(PyObject *object, void *arg)
{
    capture_mark(arg, object);
}

/* What the collector knows, and nothing it leads to. */
static void
mark_tracked(PyObject *object, void *arg)
{
    if (PyFrame_Check(object) || PyWeakref_Check(object))
        return;
    capture_mark_alone(arg, object);
}

/* Put into c->own what only the tool's objects reach. */
static bool
walk_from_own(capture *c)
{
    if (!begin_again(c, c->reachable, NULL))
        return false;
    c->enters_own = true;
    visit_tracked_objects(c->interp, begin_at_own, c);
    capture_mark(c, c->state->hiding_tag);
    capture_mark(c, c->state->hidden_types);
    for (size_t i = 0; c->frames && i < c->frames->count; i++) /* those of the tool; the others are known */
        capture_mark(c, c->frames->items[i].frame);
    capture_mark_own_threads(c);
    bool is_done = capture_walk_on(c);
    c->enters_own = false;
    c->own = capture_take_map(c);
    return is_done;
}

/*
 * Three walks of one moment: what the root reaches; what only the tool's objects reach (a user's object that
 * only an identity set keeps is neither heap nor garbage); what the collector knows beyond both.
 */
heapy_status
capture_walk_tracked(capture *c, heapy_error *err)
{
    heapy_status status = capture_walk_heap(c, err);
    if (status)
        return status;
    c->reachable = capture_take_map(c);
    bool is_done =
        walk_from_own(c) && begin_again(c, c->own, c->question->with_reachable ? NULL : c->reachable);
    if (is_done && c->question->only_tracked) {
        visit_tracked_objects(c->interp, mark_tracked, c);
        is_done = capture_finish_walk(c);
    } else if (is_done) {
        visit_tracked_objects(c->interp, begin_at_tracked, c);
        is_done = capture_walk_on(c);
    }
    return capture_status(c, is_done, err);
}

/* ---- one object ---- */

typedef struct address_search {
    uintptr_t address;
    PyObject *found;
} address_search;

static void
compare_address(PyObject *object, void *arg)
{
    address_search *search = arg;
    if ((uintptr_t)object == search->address)
        search->found = object;
}

PyObject *
capture_tracked_at(capture *c, uintptr_t address)
{
    address_search search = {.address = address};
    visit_tracked_objects(c->interp, compare_address, &search);
    return search.found;
}
