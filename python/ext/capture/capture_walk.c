/* SPDX-License-Identifier: MIT */
/*
 * The walk: marking what the roots reach, or some objects, perhaps looking for references on the way.
 *
 * What holds the world still: the GIL, which is not let go between the first look at the roots and the last
 * object.  No Python code runs, no object is made, no reference count changes; memory comes from malloc.
 *
 * Walking a heap is waiting for memory.  An object that was just seen is not visited at once: it goes
 * through a ring, is prefetched on entering, its own array (a list's items, a dict's keys) half-way, and is
 * visited on leaving.  docs/decisions/0002-capture.md has what each part is worth.
 */
#include "capture/capture_walk.h"
#include "capture/own_object_head.h"

#include <errno.h>
#include <string.h>

#define RECORDS_EDGES 0
#include "capture/capture_traverse.h"

/* ---- marking ---- */

/* Whoever watches only looks: handlers are for when the heap is whole again. */
bool
capture_is_interrupted(capture *c)
{
    const heapy_progress *progress = c->progress;
    const char *stage = c->edges ? "reading references" : "walking over objects";
    if (progress && !progress->go_on(progress->context, stage, c->edges ? c->edges->count : c->map->count, 0))
        c->is_cancelled = true;
    return c->is_cancelled;
}

static bool
is_known(const capture *c, uintptr_t address)
{
    return heapy_address_map_contains(c->known[0], address) ||
           (c->known[1] && heapy_address_map_contains(c->known[1], address));
}

/* The object being visited refers to one that is looked for. */
static void
note_source(capture *c, uintptr_t target)
{
    c->search.is_hit = true;
    if (heapy_address_map_mark(c->search.sources, c->search.source) < 0 ||
        (c->search.hits && heapy_address_map_mark(c->search.hits, target) < 0))
        c->out_of_memory = true;
}

static inline bool
is_sought(const search *search, uintptr_t address)
{
    return search->only_target ? address == search->only_target
                               : heapy_address_map_rank(search->targets, address) != HEAPY_NO_NODE;
}

/* Mark an address, where more is asked of it than whether it is new. */
static __attribute__((noinline)) bool
mark_carefully(capture *c, uintptr_t address)
{
    if (!is_plausible_address(address)) {
        if (!c->unsound_count++)
            c->first_unsound = address;
        return false;
    }
    if (c->search.targets) {
        if (is_sought(&c->search, address))
            note_source(c, address);
        if (c->search.only_looks)
            return false;
    }
    if (c->known[0] && is_known(c, address))
        return false;
    int is_new = heapy_address_map_mark(c->map, address);
    if (is_new < 0)
        c->out_of_memory = true;
    return is_new > 0;
}

/* Is something asked of it? */
static inline bool
needs_care(const capture *c, uintptr_t address)
{
    return !is_plausible_address(address) || c->search.targets || c->known[0];
}

static inline bool
mark(capture *c, PyObject *target)
{
    if (needs_care(c, (uintptr_t)target))
        return mark_carefully(c, (uintptr_t)target);
    int is_new = heapy_address_map_mark(c->map, (uintptr_t)target);
    if (is_new < 0)
        c->out_of_memory = true;
    return is_new > 0;
}

static void
mark_leaf(capture *c, PyObject *target)
{
    mark(c, target);
}

/* Where the object is looked at, or the stack is full. */
static __attribute__((noinline)) void
mark_target_carefully(capture *c, PyObject *target)
{
    if (!mark_carefully(c, (uintptr_t)target))
        return;
    if (c->stack_count == c->stack_capacity) {
        uintptr_t *stack = heapy_grow(c->stack, c->stack_count, &c->stack_capacity, sizeof *stack);
        if (!stack) {
            c->out_of_memory = true;
            return;
        }
        c->stack = stack;
    }
    c->stack[c->stack_count++] = (uintptr_t)target;
}

/* The walk's inner loop: small, so that most of it stays in registers. */
static inline void
mark_target(capture *c, PyObject *target)
{
    if (needs_care(c, (uintptr_t)target) || c->stack_count == c->stack_capacity) {
        mark_target_carefully(c, target);
        return;
    }
    int is_new = heapy_address_map_mark(c->map, (uintptr_t)target);
    if (is_new > 0)
        c->stack[c->stack_count++] = (uintptr_t)target;
    else if (is_new < 0)
        c->out_of_memory = true;
}

static int
visit_marking(PyObject *target, void *arg)
{
    if (target)
        mark_target(arg, target);
    return 0;
}

/* A module's traversal may show what waits in a free list to be used again (that of _asyncio does,
   until 3.13): no object, and one that is freed a second time when it is held and let go. */
static inline bool
is_freed(PyObject *object)
{
    return !reference_count(object);
}

static void
exclude(capture *c, PyObject *object)
{
    uintptr_t *excluded = heapy_grow(c->excluded, c->excluded_count, &c->excluded_capacity, sizeof *excluded);
    if (!excluded) {
        c->out_of_memory = true;
        return;
    }
    c->excluded = excluded;
    c->excluded[c->excluded_count++] = (uintptr_t)object;
}

/* Does a user's object carry the tag: in a registered slot, in its attribute dict, or inline?  (H-42) */
static bool
carries_tag(capture *c, PyObject *object, const type_record *record)
{
    PyObject *tag = c->view->hiding_tag;
    if (record->has_tag_slot)
        return *member_place(object, record->tag_offset, record->tag_is_after_items) == tag;
    if (record->attributes == ATTRIBUTES_NONE || record->content == CONTENT_TYPE)
        return false;
    PyObject *dict = capture_dict_of(c, object, record);
    if (dict)
        return PyDict_Check(dict) && dict_find_name(dict, c->state->str_hiding_tag) == tag;
    inline_values v = {0};
    if (record->attributes == ATTRIBUTES_MANAGED)
        v = inline_values_of(object, record->type);
    for (Py_ssize_t i = 0; v.values && i < v.count; i++)
        if (v.values[i] == tag && inline_value_name(v.keys, i) == c->state->str_hiding_tag)
            return true;
    return false;
}

/* Is it one of the tool's objects, with the view's tag? */
static bool
is_hidden_own(const capture *c, PyObject *object, const type_record *record)
{
    return record->is_own && tag_of(object) == c->view->hiding_tag;
}

static bool
is_hidden(capture *c, PyObject *object, const type_record *record)
{
    if (record->is_hidden || is_hidden_own(c, object, record))
        return true;
    if (record->content == CONTENT_FRAME && heapy_address_map_contains(c->own_frames, (uintptr_t)object))
        return true;
    if (record->is_builtin_method) {
        PyObject *self = ((PyCFunctionObject *)object)->m_self;
        return self && is_own_type(c->state, Py_TYPE(self)) && tag_of(self) == c->view->hiding_tag;
    }
    return c->checks_tags && carries_tag(c, object, record);
}

/* Leave `object` out, if it is unsound or hidden: true. */
static bool
leave_out(capture *c, PyObject *object, const type_record *record)
{
    if (c->enters_own && record->is_own) {
        if (!is_hidden_own(c, object, record))
            return false; /* of another tag: found like any object, from what is hidden */
        exclude(c, object);
        if (!record->own->is_aside || !record->own->is_aside(object))
            emit_references(c, object, record);
        return true;
    }
    if (!record->is_unsound && !is_hidden(c, object, record))
        return false;
    exclude(c, object);
    if (c->enters_own && !record->is_unsound)
        emit_references(c, object, record); /* written in Python, or a frame of the tool's */
    if (record->is_unsound && !c->unsound_count++)
        c->first_unsound = (uintptr_t)object;
    return true;
}

/* The keys of entries whose values are looked for: they name the references. */
static void
note_keys(capture *c, PyObject *dict)
{
    dict_entries e = dict_entries_of(dict);
    PyObject *const *key = e.keys, *const *value = e.values;
    for (Py_ssize_t i = 0; i < e.count; i++, key += e.key_stride, value += e.value_stride)
        if (*value && is_sought(&c->search, (uintptr_t)*value) &&
            heapy_address_map_mark(c->search.keys, (uintptr_t)*key) < 0)
            c->out_of_memory = true;
}

/* The references of an object that refers to what is looked for lead nowhere: unmark what they marked.  (What
   is marked without being visited refers to nothing.) */
static void
take_back(capture *c, size_t stack_count)
{
    while (c->stack_count > stack_count)
        heapy_address_map_remove(c->map, c->stack[--c->stack_count]);
}

static inline void
visit(capture *c, PyObject *object)
{
    const type_record *record = capture_record(c, Py_TYPE(object));
    if (!record)
        return;
    if ((record->may_be_left_out || c->checks_tags) && leave_out(c, object, record))
        return;
    if (record->content == CONTENT_NOTHING && !record->is_class)
        c->leaf_types[capture_leaf_slot(record->type)] = record->type;
    if (!c->search.targets) {
        emit_references(c, object, record);
        return;
    }
    size_t stack_count = c->stack_count;
    c->search.source = (uintptr_t)object;
    c->search.is_hit = false;
    emit_references(c, object, record);
    if (!c->search.is_hit)
        return;
    if (c->search.stops_at_sources)
        take_back(c, stack_count);
    if (c->search.keys && (record->content == CONTENT_DICT || record->content == CONTENT_DICT_KIND))
        note_keys(c, object);
}

/* Visit everything on the stack and whatever that leads to. */
static bool
drain(capture *c)
{
    uintptr_t ring[RING]; /* first in, first out; full as long as the stack has anything */
    unsigned head = 0, in_ring = 0;
    size_t until_poll = NODES_PER_POLL;
    for (;;) {
        while (in_ring < RING && c->stack_count) {
            uintptr_t entering = c->stack[--c->stack_count];
            __builtin_prefetch((const void *)entering);
            ring[(head + in_ring++) % RING] = entering;
        }
        if (!in_ring)
            return true;
        if (in_ring > RING / 2)
            prefetch_content((PyObject *)ring[(head + RING / 2) % RING]);
        uintptr_t leaving = ring[head];
        head = (head + 1) % RING;
        in_ring--;
        const PyTypeObject *type = Py_TYPE((PyObject *)leaving);
        if (is_freed((PyObject *)leaving))
            exclude(c, (PyObject *)leaving);
        else if (c->leaf_types[capture_leaf_slot(type)] != type || !type)
            visit(c, (PyObject *)leaving);
        if (c->out_of_memory)
            return false;
        if (--until_poll == 0) {
            until_poll = NODES_PER_POLL;
            if (capture_is_interrupted(c))
                return false;
        }
    }
}

/* A static type that only its instances point at is part of the heap too (H-35): add what types of visited
   objects are not marked yet as unnamed roots.  True if there were any. */
static bool
add_types_as_roots(capture *c, size_t *first_record)
{
    bool found = false;
    const heapy_address_map *targets = c->search.targets;
    c->search.targets = NULL; /* the root does not refer to them */
    for (; *first_record < c->record_count; ++*first_record) {
        PyTypeObject *type = c->records[*first_record].type;
        if (c->records[*first_record].is_unsound || c->records[*first_record].is_hidden ||
            heapy_address_map_contains(c->map, (uintptr_t)type) ||
            (c->known[0] && is_known(c, (uintptr_t)type)))
            continue;
        if (!capture_add_root(c, (root){.object = (PyObject *)type, .frame = NO_FRAME}))
            break;
        mark_target(c, (PyObject *)type);
        found = true;
    }
    c->search.targets = targets;
    return found && !c->out_of_memory;
}

void
capture_mark(capture *c, PyObject *object)
{
    mark_target(c, object);
}

bool
capture_is_visible(capture *c, PyObject *object)
{
    if (is_freed(object))
        return false;
    const type_record *record = capture_record(c, Py_TYPE(object));
    return record && !record->is_unsound && !is_hidden(c, object, record);
}

void
capture_mark_alone(capture *c, PyObject *object)
{
    if (capture_is_visible(c, object))
        mark(c, object);
}

bool
capture_finish_walk(capture *c)
{
    if (c->out_of_memory)
        return false;
    heapy_free(c->stack);
    c->stack = NULL;
    c->stack_capacity = 0;
    for (size_t i = 0; i < c->excluded_count; i++)
        heapy_address_map_remove(c->map, c->excluded[i]);
    if (heapy_address_map_freeze(c->map, NULL)) {
        c->out_of_memory = true;
        return false;
    }
    return true;
}

bool
capture_starts_elsewhere(const capture *c)
{
    return c->view->root && c->view->root != c->state->root;
}

bool
capture_drain(capture *c)
{
    return drain(c);
}

bool
capture_walk_from(capture *c)
{
    return drain(c) && capture_finish_walk(c);
}

bool
capture_walk_on(capture *c)
{
    size_t first_record = 0;
    do
        if (!drain(c))
            return false;
    while (!capture_starts_elsewhere(c) && add_types_as_roots(c, &first_record));
    return capture_finish_walk(c);
}

void
capture_mark_roots(capture *c, bool only_named)
{
    const heapy_address_map *targets = c->search.targets;
    c->search.source = (uintptr_t)c->state->root;
    for (size_t i = 0; i < c->root_count; i++) {
        bool is_named = c->roots[i].field || c->roots[i].frame != NO_FRAME;
        c->search.targets = is_named ? targets : NULL;
        if (is_named || !only_named)
            mark_target(c, c->roots[i].object);
    }
    c->search.targets = targets;
}

bool
capture_walk(capture *c)
{
    capture_mark_roots(c, false);
    return capture_walk_on(c);
}

bool
capture_seek(capture *c, const heapy_address_map *targets)
{
    search *search = &c->search;
    heapy_address_map_destroy(search->sources);
    search->sources = NULL;
    search->targets = targets;
    search->only_target = heapy_address_map_count(targets) == 1 ? heapy_address_map_select(targets, 0) : 0;
    if (!heapy_address_map_create(&search->sources, NULL))
        return true;
    c->out_of_memory = true;
    return false;
}

/* ---- level by level ---- */

bool
capture_visit_all(capture *c, const uintptr_t *objects, size_t count)
{
    size_t until_poll = NODES_PER_POLL;
    for (size_t i = 0; i < count; i++) {
        if (i + RING < count)
            __builtin_prefetch((const void *)objects[i + RING]);
        if (i + RING / 2 < count)
            prefetch_content((PyObject *)objects[i + RING / 2]);
        if (objects[i] == (uintptr_t)c->state->root) {
            capture_mark_roots(c, true);
            continue;
        }
        if (is_freed((PyObject *)objects[i]))
            exclude(c, (PyObject *)objects[i]);
        else
            visit(c, (PyObject *)objects[i]);
        if (c->out_of_memory)
            return false;
        if (--until_poll == 0) {
            until_poll = NODES_PER_POLL;
            if (capture_is_interrupted(c))
                return false;
        }
    }
    return true;
}
