/* SPDX-License-Identifier: MIT */
/*
 * The walk, and the pass that writes edges.
 *
 * What holds the world still: the GIL, which is not let go between the first look at the roots and the last
 * object.  No Python code runs, no object is made, no reference count changes; memory comes from malloc.
 *
 * Walking a heap is waiting for memory.  An object that was just seen is not visited at once: it goes
 * through a ring, is prefetched on entering, its own array (a list's items, a dict's keys) half-way, and is
 * visited on leaving.  docs/decisions/0002-capture.md has what each part is worth.
 */
#include "capture_walk.h"

#include <errno.h>
#include <string.h>

#include "capture_traverse.h"
#include "types.h"

enum {
    RING = 16,                /* objects on their way between seen and visited */
    NODES_PER_POLL = 1 << 16, /* how often signals are looked for: about every 5 ms */
    EDGE_QUEUE = 64,          /* edges whose targets are looked up together */
    BATCH = 64                /* addresses read from a map at a time */
};

/* ---- marking ---- */

/* Ctrl-C pressed?  Looks without running the handler: that is for when the heap is whole again. */
static bool
is_interrupted(capture *c)
{
    if (c->polls_signals && PyOS_InterruptOccurred())
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

static inline bool
mark(capture *c, PyObject *target)
{
    uintptr_t address = (uintptr_t)target;
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

static void
mark_leaf(capture *c, PyObject *target)
{
    mark(c, target);
}

/* The slow half of mark_target. */
static bool
widen_stack(capture *c)
{
    uintptr_t *stack = heapy_grow(c->stack, c->stack_count, &c->stack_capacity, sizeof *stack);
    if (!stack) {
        c->out_of_memory = true;
        return false;
    }
    c->stack = stack;
    return true;
}

static inline void
mark_target(capture *c, PyObject *target)
{
    if (!mark(c, target))
        return;
    if (c->stack_count == c->stack_capacity && !widen_stack(c))
        return;
    c->stack[c->stack_count++] = (uintptr_t)target;
}

static int
visit_marking(PyObject *target, void *arg)
{
    if (target)
        mark_target(arg, target);
    return 0;
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
        return *(PyObject **)(void *)((char *)object + record->tag_offset) == tag;
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

/* One of the tool's objects, with the view's tag? */
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
        return self && state_owns_type(c->state, Py_TYPE(self)) && tag_of(self) == c->view->hiding_tag;
    }
    return c->checks_tags && carries_tag(c, object, record);
}

/* Leave `object` out, if it is unsound or hidden: true. */
static bool
leave_out(capture *c, PyObject *object, const type_record *record)
{
    if (c->enters_own && record->is_own) {
        exclude(c, object);
        if (record->type != c->state->live_objects_type || !((LiveObjects *)object)->is_aside)
            emit_references(c, object, record, false);
        return true;
    }
    if (!record->is_unsound && !is_hidden(c, object, record))
        return false;
    exclude(c, object);
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
        emit_references(c, object, record, false);
        return;
    }
    size_t stack_count = c->stack_count;
    c->search.source = (uintptr_t)object;
    c->search.is_hit = false;
    emit_references(c, object, record, false);
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
        if (c->leaf_types[capture_leaf_slot(type)] != type || !type)
            visit(c, (PyObject *)leaving);
        if (c->out_of_memory)
            return false;
        if (--until_poll == 0) {
            until_poll = NODES_PER_POLL;
            if (is_interrupted(c))
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

/* From a root that is not the interpreter's only what that refers to is asked about. */
static bool
starts_elsewhere(const capture *c)
{
    return c->view->root && c->view->root != c->state->root;
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
    while (!starts_elsewhere(c) && add_types_as_roots(c, &first_record));
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
    search->only_target =
        heapy_address_map_count(targets) == 1 ? heapy_address_map_select(targets, 0) : 0;
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
        visit(c, (PyObject *)objects[i]);
        if (c->out_of_memory)
            return false;
        if (--until_poll == 0) {
            until_poll = NODES_PER_POLL;
            if (is_interrupted(c))
                return false;
        }
    }
    return true;
}

/* ---- recording edges ---- */

/* Numbers of names in the builder's table, by the address of the text or the str that holds it. */
typedef struct name_cache {
    struct {
        const void *key;
        uint32_t number;
    } *slots;
    size_t count, slot_count; /* slot_count: a power of two */
} name_cache;

static size_t
name_slot(const name_cache *names, const void *key)
{
    size_t mask = names->slot_count - 1;
    size_t i = ((uintptr_t)key >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 32 & mask;
    while (names->slots[i].key && names->slots[i].key != key)
        i = (i + 1) & mask;
    return i;
}

static bool
widen_names(name_cache *names)
{
    name_cache wider = {.slot_count = names->slot_count ? 2 * names->slot_count : 1024,
                        .count = names->count};
    wider.slots = heapy_alloc_zeroed(wider.slot_count, sizeof *wider.slots);
    if (!wider.slots)
        return false;
    for (size_t i = 0; i < names->slot_count; i++)
        if (names->slots[i].key)
            wider.slots[name_slot(&wider, names->slots[i].key)] = names->slots[i];
    heapy_free(names->slots);
    *names = wider;
    return true;
}

/* UTF-8 of an exact str, without the copy PyUnicode_AsUTF8 would leave in the object: looking changes
   nothing.  Lone surrogates are encoded like other code points.  NULL: no memory; else heapy_free(). */
static char *
encode_name(PyObject *name, size_t *length)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(name);
    char *text = heapy_alloc_array(1, 4 * (size_t)n + 1), *end = text;
    if (!text)
        return NULL;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 ch = PyUnicode_READ_CHAR(name, i);
        if (ch < 0x80) {
            *end++ = (char)ch;
        } else if (ch < 0x800) {
            *end++ = (char)(0xc0 | ch >> 6);
            *end++ = (char)(0x80 | (ch & 0x3f));
        } else if (ch < 0x10000) {
            *end++ = (char)(0xe0 | ch >> 12);
            *end++ = (char)(0x80 | (ch >> 6 & 0x3f));
            *end++ = (char)(0x80 | (ch & 0x3f));
        } else {
            *end++ = (char)(0xf0 | ch >> 18);
            *end++ = (char)(0x80 | (ch >> 12 & 0x3f));
            *end++ = (char)(0x80 | (ch >> 6 & 0x3f));
            *end++ = (char)(0x80 | (ch & 0x3f));
        }
    }
    *length = (size_t)(end - text);
    return text;
}

static bool
intern_str(capture *c, PyObject *name, uint32_t *number)
{
    if (PyUnicode_IS_COMPACT_ASCII(name))
        return !heapy_graph_builder_intern(c->builder, (const char *)PyUnicode_DATA(name),
                                           (size_t)PyUnicode_GET_LENGTH(name), number, NULL);
    if (!PyUnicode_IS_READY(name)) /* 3.10, 3.11: made by the old API and never looked at */
        return !heapy_graph_builder_intern(c->builder, "?", 1, number, NULL);
    size_t length;
    char *text = encode_name(name, &length);
    bool is_interned = text && !heapy_graph_builder_intern(c->builder, text, length, number, NULL);
    heapy_free(text);
    return is_interned;
}

/* `name`: the str, or NULL when `key` is a C string itself. */
static heapy_label
label_of_key(capture *c, heapy_label_kind kind, const void *key, PyObject *name)
{
    name_cache *names = c->names;
    assert(key);
    size_t i = name_slot(names, key);
    if (!names->slots[i].key) {
        uint32_t number;
        bool is_interned = name ? intern_str(c, name, &number)
                                : !heapy_graph_builder_intern(c->builder, key, strlen(key), &number, NULL);
        if (!is_interned || (2 * (names->count + 1) > names->slot_count && !widen_names(names))) {
            c->out_of_memory = true;
            return heapy_label_make(HEAPY_LABEL_UNNAMED, 0);
        }
        i = name_slot(names, key);
        names->slots[i].key = key;
        names->slots[i].number = number;
        names->count++;
    }
    return heapy_label_make(kind, names->slots[i].number);
}

static heapy_label
label_of_text(capture *c, heapy_label_kind kind, const char *name)
{
    return label_of_key(c, kind, name, NULL);
}

static heapy_label
label_of_name(capture *c, heapy_label_kind kind, PyObject *name)
{
    return label_of_key(c, kind, name, name);
}

static heapy_label
label_of_member(capture *c, record_member *member)
{
    if (member->is_labelled)
        return member->label;
    heapy_label_kind kind = member->is_internal ? HEAPY_LABEL_INTERNAL : HEAPY_LABEL_ATTRIBUTE;
    heapy_label labels[2] = {label_of_text(c, kind, member->name)};
    member->label = labels[0];
    if (member->other) {
        labels[1] = label_of_text(c, HEAPY_LABEL_ATTRIBUTE, member->other);
        if (heapy_graph_builder_several(c->builder, labels, 2, &member->label, NULL))
            c->out_of_memory = true;
    }
    member->is_labelled = true;
    return member->label;
}

/*
 * Edges wait here for the number of their target: finding it is a cache miss each, so the places of a whole
 * queue are fetched before the first is read.  An entry without address ends the edges of a node.
 */
typedef struct edge_queue {
    size_t count;
    uintptr_t targets[EDGE_QUEUE];
    heapy_label labels[EDGE_QUEUE];
} edge_queue;

static heapy_status
flush_edges(capture *c, heapy_error *err)
{
    edge_queue *queue = c->edge_queue;
    for (size_t i = 0; i < queue->count; i++) {
        const heapy_region *region = heapy_address_map_find(c->map, queue->targets[i]);
        if (region && region->bits)
            __builtin_prefetch(
                &region->bits[queue->targets[i] >> (HEAPY_GRANULE_SHIFT + 6) & (HEAPY_REGION_WORDS - 1)]);
    }
    heapy_status status = HEAPY_OK;
    for (size_t i = 0; !status && i < queue->count; i++) {
        if (!queue->targets[i]) {
            status = heapy_graph_builder_end_node(c->builder, err);
            continue;
        }
        heapy_node node = heapy_address_map_rank(c->map, queue->targets[i]);
        /* Without a number it is hidden or was left out. */
        if (node != HEAPY_NO_NODE && !heapy_edge_writer_put(c->edges, node, queue->labels[i]))
            status = HEAPY_NO_MEMORY;
    }
    queue->count = 0;
    if (status)
        c->out_of_memory |= status == HEAPY_NO_MEMORY;
    return status;
}

static inline void
queue_edge(capture *c, uintptr_t target, heapy_label label)
{
    edge_queue *queue = c->edge_queue;
    queue->targets[queue->count] = target;
    queue->labels[queue->count] = label;
    if (++queue->count == EDGE_QUEUE && !c->out_of_memory)
        flush_edges(c, NULL);
    queue->count %= EDGE_QUEUE; /* after a failure nothing more is kept */
}

/* Nothing refers to the root: an object that does shows the tool. */
static inline void
put_edge(capture *c, PyObject *target, heapy_label label)
{
    if (target != c->state->root && is_plausible_address((uintptr_t)target))
        queue_edge(c, (uintptr_t)target, label);
}

/* A NodeGraph gives the two ends of each of its edges. */
static heapy_label
label_of_graph_end(capture *c)
{
    char name[48];
    uint32_t number;
    size_t end = c->set_index++;
    int length = PyOS_snprintf(name, sizeof name, "edges[%zu].%s", end / 2, end % 2 ? "tgt" : "src");
    if (heapy_graph_builder_intern(c->builder, name, (size_t)length, &number, NULL)) {
        c->out_of_memory = true;
        number = 0;
    }
    return heapy_label_make(HEAPY_LABEL_INTERNAL, number);
}

/* The name of a reference that tp_traverse gave: the first field that holds it and was not used yet. */
static heapy_label
label_of_visited(capture *c, PyObject *target)
{
    const type_record *record = c->edge_record;
    if (record->is_set)
        return heapy_label_make(HEAPY_LABEL_MEMBER, c->set_index++);
    if (record->type == c->state->node_graph_type && target != c->state->hiding_tag)
        return label_of_graph_end(c);
    record_member *members = &c->members[record->first_member];
    for (size_t i = record->slot_count; i < record->member_count && i < 64; i++) {
        if (c->members_used >> i & 1)
            continue;
        if (*(PyObject *const *)(const void *)(c->edge_object + members[i].offset) == target) {
            c->members_used |= UINT64_C(1) << i;
            return label_of_member(c, &members[i]);
        }
    }
    if ((PyObject *)record->type == target)
        return label_of_text(c, HEAPY_LABEL_INTERNAL, "ob_type");
    return heapy_label_make(HEAPY_LABEL_UNNAMED, 0);
}

/* Is this reference, which tp_traverse gives, to the next entry of the dict, whose entries are written? */
static bool
is_next_entry(struct dict_progress *progress, const PyObject *target)
{
    dict_entries *e = &progress->entries;
    while (progress->next < e->count && !e->values[(size_t)progress->next * e->value_stride])
        progress->next++;
    if (progress->next == e->count)
        return false;
    const PyObject *key = e->keys[(size_t)progress->next * e->key_stride];
    const PyObject *value = e->values[(size_t)progress->next * e->value_stride];
    if (!progress->value_is_seen && target == value) {
        progress->value_is_seen = progress->gives_keys;
        progress->next += !progress->gives_keys;
        return true;
    }
    if (!progress->value_is_seen || target != key)
        return false;
    progress->value_is_seen = false;
    progress->next++;
    return true;
}

static int
visit_recording(PyObject *target, void *arg)
{
    capture *c = arg;
    if (target && !(c->dict_entries && is_next_entry(c->dict_entries, target)))
        put_edge(c, target, label_of_visited(c, target));
    return 0;
}

static heapy_status
label_root(capture *c, const root *r, heapy_label *label, heapy_error *err)
{
    char name[96];
    int length = 0;
    if (r->frame != NO_FRAME)
        length = PyOS_snprintf(name, sizeof name, "i%d_t%lu_f%d", c->interpreter_number, r->thread, r->frame);
    else if (r->field && r->thread)
        length = PyOS_snprintf(name, sizeof name, "i%d_t%lu_%s", c->interpreter_number, r->thread, r->field);
    else if (r->field)
        length = PyOS_snprintf(name, sizeof name, "i%d_%s", c->interpreter_number, r->field);
    *label = heapy_label_make(HEAPY_LABEL_UNNAMED, 0);
    if (length <= 0)
        return HEAPY_OK;
    uint32_t number;
    heapy_status status = heapy_graph_builder_intern(c->builder, name, (size_t)length, &number, err);
    if (!status)
        *label = heapy_label_make(HEAPY_LABEL_ATTRIBUTE, number);
    return status;
}

static heapy_status
write_roots(capture *c, heapy_error *err)
{
    for (size_t i = 0; i < c->root_count; i++) {
        const root *r = &c->roots[i];
        heapy_node node = heapy_address_map_rank(c->map, (uintptr_t)r->object);
        if (node == HEAPY_NO_NODE)
            continue;
        heapy_label label;
        heapy_status status = label_root(c, r, &label, err);
        if (!status)
            status = heapy_graph_builder_add_root(c->builder, node, label, err);
        if (status)
            return status;
    }
    return HEAPY_OK;
}

/* Where the root is an object of the graph, the roots that have names are its references. */
static heapy_status
put_root_edges(capture *c, heapy_error *err)
{
    for (size_t i = 0; i < c->root_count; i++) {
        heapy_label label;
        heapy_status status = label_root(c, &c->roots[i], &label, err);
        if (status)
            return status;
        if (heapy_label_kind_of(label) != HEAPY_LABEL_UNNAMED)
            put_edge(c, c->roots[i].object, label);
    }
    return HEAPY_OK;
}

/* The edges of one object, if it may have any. */
static heapy_status
put_edges(capture *c, PyObject *object, heapy_error *err)
{
    if (object == c->state->root)
        return put_root_edges(c, err);
    if (c->visible && !heapy_address_map_contains(c->visible, (uintptr_t)object))
        return HEAPY_OK;
    const type_record *record = capture_record(c, Py_TYPE(object));
    if (record)
        emit_references(c, object, record, true);
    return HEAPY_OK;
}

static heapy_status
write_edges(capture *c, heapy_error *err)
{
    heapy_status status = heapy_graph_builder_begin_edges(c->builder, &c->edges, err);
    heapy_address_iterator iterator;
    heapy_address_iterator_init(&iterator, c->map);
    uintptr_t addresses[2 * BATCH] = {0}; /* this batch, then the next one, being fetched */
    size_t count = heapy_address_iterator_read(&iterator, addresses, BATCH), until_poll = NODES_PER_POLL;
    while (!status && count) {
        size_t ahead = heapy_address_iterator_read(&iterator, addresses + count, BATCH);
        for (size_t i = 0; !status && i < count; i++) {
            if (i + RING < count + ahead)
                __builtin_prefetch((const void *)addresses[i + RING]);
            if (i + RING / 2 < count + ahead)
                prefetch_content((PyObject *)addresses[i + RING / 2]);
            status = put_edges(c, (PyObject *)addresses[i], err);
            queue_edge(c, 0, heapy_label_make(HEAPY_LABEL_UNNAMED, 0));
            if (c->out_of_memory)
                status = HEAPY_NO_MEMORY;
            else if (!status && --until_poll == 0) {
                until_poll = NODES_PER_POLL;
                if (is_interrupted(c))
                    status = HEAPY_CANCELLED;
            }
        }
        memmove(addresses, addresses + count, ahead * sizeof *addresses);
        count = ahead;
    }
    if (!status)
        status = flush_edges(c, err);
    return status ? status : write_roots(c, err);
}

bool
capture_write_edges(capture *c, heapy_error *err)
{
    name_cache names = {0};
    edge_queue queue = {0};
    c->edge_queue = &queue;
    c->names = &names;
    bool is_written = widen_names(&names);
    if (!is_written)
        c->out_of_memory = true;
    else
        is_written = !write_edges(c, err);
    heapy_free(names.slots);
    c->names = NULL;
    c->edge_queue = NULL;
    return is_written;
}
