/* SPDX-License-Identifier: MIT */
/*
 * The capture's order of business: pause the collector, take frames and roots, walk, hold.
 * capture_columns.c has what is read of the objects afterwards.
 */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */
#include "cpython/collector_lists.h"

#include "capture/capture_walk.h"
#include "capture/errors.h"

enum { FIRST_TYPE_SLOTS = 2048, BATCH = 32 };

void
capture_init(capture *c, const capture_view *view)
{
    *c = (capture){.view = view, .state = view->state, .polls_signals = true};
    c->interp = view->state->interp;
}

void
capture_deinit(capture *c)
{
    progress_end(&c->progress);
    heapy_address_map_destroy(c->map);
    heapy_address_map_destroy(c->reachable);
    heapy_address_map_destroy(c->own);
    heapy_address_map_destroy(c->running);
    heapy_address_map_destroy(c->own_frames);
    heapy_address_map_destroy(c->search.sources);
    heapy_address_map_destroy(c->search.hits);
    heapy_address_map_destroy(c->search.keys);
    heapy_graph_builder_destroy(c->builder);
    for (size_t i = 0; i < c->record_count; i++)
        if (c->records[i].holds_type)
            Py_DECREF(c->records[i].type);
    heapy_free(c->records);
    heapy_free(c->record_of_type);
    heapy_free(c->deferred);
    heapy_free(c->type_slots);
    heapy_free(c->members);
    heapy_free(c->roots);
    heapy_free(c->stack);
    heapy_free(c->excluded);
    for (size_t i = 0; i < c->frame_count; i++)
        Py_DECREF(c->frames[i]);
    heapy_free(c->frames);
    *c = (capture){0};
}

int
capture_begin(capture *c)
{
    c->type_slots = heapy_alloc_zeroed(FIRST_TYPE_SLOTS, sizeof *c->type_slots);
    c->type_slot_count = FIRST_TYPE_SLOTS;
    heapy_error err = HEAPY_ERROR_INIT;
    if (!c->type_slots) {
        PyErr_NoMemory();
        return -1;
    }
    /* As long as only the tool holds the tag, no object of the user can carry it. */
    PyObject *tag = c->view->hiding_tag;
    if (tag)
        c->checks_tags = tag != c->state->hiding_tag ||
                         (size_t)Py_REFCNT(tag) != 1 + c->state->hiding_tag_uses || c->view->tagged_types;
    if (heapy_address_map_create(&c->running, &err) || heapy_address_map_create(&c->own_frames, &err))
        return raise_heapy_error(&err);
    return 0;
}

void
capture_hold(const heapy_address_map *map)
{
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    uintptr_t batch[BATCH];
    for (size_t n; (n = heapy_address_iterator_read(&iterator, batch, BATCH));) {
        for (size_t i = 0; i < n; i++)
            __builtin_prefetch((const void *)batch[i], 1);
        for (size_t i = 0; i < n; i++)
            Py_INCREF((PyObject *)batch[i]);
    }
}

void
capture_release(heapy_address_map *map)
{
    if (!map)
        return;
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, map);
    uintptr_t batch[BATCH];
    for (size_t n; (n = heapy_address_iterator_read(&iterator, batch, BATCH));) {
        for (size_t i = 0; i < n; i++)
            __builtin_prefetch((const void *)batch[i], 1);
        for (size_t i = 0; i < n; i++)
            Py_DECREF((PyObject *)batch[i]);
    }
    heapy_address_map_destroy(map);
}

static int
warn_of_unsound(const capture *c)
{
    if (!c->unsound_count)
        return 0;
    return PyErr_WarnFormat(PyExc_RuntimeWarning, 1,
                            "%zu objects were left out of the heap because their type cannot be read "
                            "(the first is at %p); an extension module has damaged them",
                            c->unsound_count, (void *)c->first_unsound);
}

int
capture_begin_with_roots(capture *c)
{
    if (capture_begin(c) < 0)
        return -1;
    /* Before 3.12 making frame objects can set off a collection. */
    int was_enabled = PyGC_Disable();
    int result = capture_collect_roots(c);
    if (was_enabled)
        PyGC_Enable();
    return result;
}

int
capture_walk_once(capture *c)
{
    heapy_error err = HEAPY_ERROR_INIT;
    if (capture_begin_with_roots(c) < 0)
        return -1;
    if (heapy_address_map_create(&c->map, &err))
        return raise_heapy_error(&err);
    if (c->root_is_node && heapy_address_map_mark(c->map, (uintptr_t)c->state->root) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    if (capture_walk(c))
        return 0;
    if (c->is_cancelled)
        return 1;
    PyErr_NoMemory();
    return -1;
}

int
capture_uninterrupted(capture *c, const capture_view *view, const struct capture_question *question,
                      int (*once)(capture *c))
{
    capture_init(c, view);
    c->question = question;
    int result = once(c);
    if (result == 1) {
        capture_deinit(c);
        if (deliver_interrupt() < 0)
            return -1;
        capture_init(c, view);
        c->question = question;
        c->polls_signals = false;
        result = once(c);
    }
    return result;
}

void
capture_release_keeping_exception(heapy_address_map *map)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    capture_release(map);
    PyErr_Restore(type, value, traceback);
}

int
capture_hand_over(const capture *c, heapy_address_map *map, heapy_address_map **out)
{
    capture_hold(map);
    if (warn_of_unsound(c) < 0) {
        capture_release_keeping_exception(map);
        return -1;
    }
    *out = map;
    return 0;
}

heapy_address_map *
capture_take_map(capture *c)
{
    heapy_address_map *map = c->map;
    c->map = NULL;
    return map;
}

int
capture_heap(const capture_view *view, heapy_address_map **out)
{
    capture c;
    int result = capture_uninterrupted(&c, view, NULL, capture_walk_once);
    if (!result)
        result = capture_hand_over(&c, capture_take_map(&c), out);
    capture_deinit(&c);
    return result;
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
    if (record && record->is_own)
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

/*
 * Three walks of one moment: what the root reaches; what only the tool's objects reach (a user's object that
 * only an identity set keeps is neither heap nor garbage); what the collector knows beyond both.
 * The first stays in c->reachable, the last in c->map.  1: cancelled by a signal.
 */
static int
walk_unreachable(capture *c)
{
    int result = capture_walk_once(c);
    if (result)
        return result;
    c->reachable = capture_take_map(c);
    bool is_done = begin_again(c, c->reachable, NULL);
    if (is_done) {
        c->enters_own = true;
        visit_tracked_objects(c->interp, begin_at_own, c);
        capture_mark(c, c->state->hiding_tag);
        capture_mark(c, c->state->hidden_types);
        for (size_t i = 0; i < c->frame_count; i++) /* those of the tool; the others are known */
            capture_mark(c, c->frames[i]);
        is_done = capture_walk_on(c);
        c->enters_own = false;
    }
    if (is_done) {
        c->own = capture_take_map(c);
        is_done = begin_again(c, c->own, c->leaves_out_reachable ? c->reachable : NULL);
    }
    if (is_done && c->only_tracked) {
        visit_tracked_objects(c->interp, mark_tracked, c);
        is_done = capture_finish_walk(c);
    } else if (is_done) {
        visit_tracked_objects(c->interp, begin_at_tracked, c);
        is_done = capture_walk_on(c);
    }
    if (is_done)
        return 0;
    if (c->is_cancelled)
        return 1;
    PyErr_NoMemory();
    return -1;
}

static int
walk_beyond_reachable(capture *c)
{
    c->leaves_out_reachable = true;
    return walk_unreachable(c);
}

static int
walk_tracked_beyond_reachable(capture *c)
{
    c->only_tracked = true;
    return walk_beyond_reachable(c);
}

static int
walk_tracked(capture *c)
{
    c->only_tracked = true;
    return walk_unreachable(c);
}

int
capture_unreachable(const capture_view *view, bool with_reachable, bool only_tracked, heapy_address_map **out,
                    heapy_address_map **reachable_out)
{
    static int (*const walks[2][2])(capture *) = {{walk_beyond_reachable, walk_tracked_beyond_reachable},
                                                  {walk_unreachable, walk_tracked}};
    capture c;
    int result = capture_uninterrupted(&c, view, NULL, walks[with_reachable][only_tracked]);
    heapy_address_map *reachable = NULL;
    if (!result && reachable_out) {
        reachable = c.reachable;
        c.reachable = NULL;
        capture_hold(reachable);
    }
    if (!result)
        result = capture_hand_over(&c, capture_take_map(&c), out);
    if (result)
        capture_release_keeping_exception(reachable);
    else if (reachable_out)
        *reachable_out = reachable;
    capture_deinit(&c);
    return result;
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
capture_object_at(const capture_view *view, uintptr_t address)
{
    capture c;
    address_search search = {.address = address};
    for (size_t i = 0; i < view->state->known_type_count; i++)
        if ((uintptr_t)view->state->known_types[i].type == address)
            return Py_NewRef((PyObject *)address);
    if (capture_uninterrupted(&c, view, NULL, capture_walk_once) == 0) {
        visit_tracked_objects(c.interp, compare_address, &search);
        if (heapy_address_map_contains(c.map, address))
            search.found = (PyObject *)address;
        Py_XINCREF(search.found);
    }
    capture_deinit(&c);
    return search.found;
}

PyObject *
capture_object_of_number(const capture_view *view, PyObject *address)
{
    PyObject *number = PyNumber_Index(address);
    if (!number)
        return NULL;
    size_t value = PyLong_AsSize_t(number);
    bool is_address = !PyErr_Occurred();
    PyErr_Clear(); /* an int that is none */
    PyObject *object = is_address && value ? capture_object_at(view, (uintptr_t)value) : NULL;
    if (!object && !PyErr_Occurred()) {
        PyObject *hex = PyNumber_ToBase(number, 16);
        if (hex)
            PyErr_Format(PyExc_ValueError, "No object found at address %U", hex);
        Py_XDECREF(hex);
    }
    Py_DECREF(number);
    return object;
}
