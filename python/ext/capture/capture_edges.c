/* SPDX-License-Identifier: MIT */
/*
 * The pass that writes edges with their labels, over objects that have their numbers: in address order, so
 * that edges come out in compressed sparse rows without sorting.
 *
 * What tp_traverse gives has no name.  It is found by comparing: with the fields that tp_members tells of,
 * with the locals of a generator's frame, then with the words of the object's struct, whose names CPython's
 * sources give; what stands in memory of its own has one name a type.
 */
#include "capture/capture_walk.h"
#include "capture/direct_names.h"
#include "capture/getter_fields.h"
#include "capture/mypyc_fields.h"
#include "capture/str_utf8.h"
#include "cpython/frame_layout.h"
#include "cpython/struct_words.h"

#include <string.h>

#define RECORDS_EDGES 1
#include "capture/capture_traverse.h"

enum {
    EDGE_QUEUE = 64, /* edges whose targets are looked up together */
    BATCH = 64       /* addresses read from a map at a time */
};

/* ---- names ---- */

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

static bool
intern_str(capture *c, PyObject *name, uint32_t *number)
{
    if (PyUnicode_IS_COMPACT_ASCII(name))
        return !heapy_graph_builder_intern(c->builder, (const char *)PyUnicode_DATA(name),
                                           (size_t)PyUnicode_GET_LENGTH(name), number, NULL);
    size_t length;
    char *text = str_to_utf8(name, UTF8_KEPT, &length);
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

/* The number of the item of a tuple that is `offset` from its start; -1: there is none. */
static Py_ssize_t
item_of_tuple(const PyTypeObject *type, const PyObject *object, Py_ssize_t offset)
{
    Py_ssize_t from_items = offset - (Py_ssize_t)offsetof(PyTupleObject, ob_item);
    Py_ssize_t item = from_items / (Py_ssize_t)sizeof(PyObject *);
    bool is_item =
        PyType_HasFeature((PyTypeObject *)(uintptr_t)type, Py_TPFLAGS_TUPLE_SUBCLASS) && from_items >= 0;
    return is_item && item < Py_SIZE(object) ? item : -1;
}

/* item: the number that the same reference has as an item (struct sequences, R-30); -1: it is none. */
static heapy_label
label_of_member_and_item(capture *c, record_member *member, Py_ssize_t item)
{
    if (member->is_labelled)
        return member->label;
    heapy_label_kind kind = member->is_internal ? HEAPY_LABEL_INTERNAL : HEAPY_LABEL_ATTRIBUTE;
    heapy_label labels[3] = {label_of_text(c, kind, member->name)};
    size_t count = 1;
    if (member->other)
        labels[count++] = label_of_text(c, HEAPY_LABEL_ATTRIBUTE, member->other);
    if (item >= 0)
        labels[count++] = heapy_label_make(HEAPY_LABEL_INDEX, (uint32_t)item);
    member->label = labels[0];
    if (count > 1 && heapy_graph_builder_several(c->builder, labels, count, &member->label, NULL))
        c->out_of_memory = true;
    member->is_labelled = true;
    return member->label;
}

static heapy_label
label_of_member(capture *c, record_member *member)
{
    return label_of_member_and_item(c, member, -1);
}

/*
 * Edges wait here for the number of their target: finding it is a cache miss each, so the places of a whole
 * queue are fetched before the first is read.  An entry without address ends the edges of a node.
 */
typedef struct edge_queue {
    size_t count;
    size_t first; /* of the edges of the object whose edges are being written */
    uintptr_t targets[EDGE_QUEUE];
    heapy_label labels[EDGE_QUEUE];
} edge_queue;

/* Give the edges of the object that are here the names they have beside their own. */
static void
add_direct_names(capture *c)
{
    edge_queue *queue = c->edge_queue;
    size_t first = queue->first;
    if (c->direct->object && !c->out_of_memory)
        direct_names_add(c->direct, c, queue->targets + first, queue->labels + first, queue->count - first);
    queue->first = 0; /* what comes now is all of this object */
}

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
    if (++queue->count == EDGE_QUEUE && !c->out_of_memory) {
        add_direct_names(c);
        flush_edges(c, NULL);
    }
    queue->count %= EDGE_QUEUE; /* after a failure nothing more is kept */
}

/* Nothing refers to the root: an object that does shows the tool. */
static inline void
put_edge(capture *c, PyObject *target, heapy_label label)
{
    if (target != c->state->root && is_plausible_address((uintptr_t)target))
        queue_edge(c, (uintptr_t)target, label);
}

/* A NodeGraph gives its type and its tag, and then the two ends of each of its edges. */
static heapy_label
label_of_graph_end(capture *c)
{
    if (!c->edge.members_used++)
        return label_of_text(c, HEAPY_LABEL_INTERNAL, "ob_type");
    if (c->edge.members_used == 2)
        return label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "_hiding_tag_");

    char name[48];
    uint32_t number;
    size_t end = c->edge.next_index++;
    int length = PyOS_snprintf(name, sizeof name, "edges[%zu].%s", end / 2, end % 2 ? "tgt" : "src");
    if (heapy_graph_builder_intern(c->builder, name, (size_t)length, &number, NULL)) {
        c->out_of_memory = true;
        number = 0;
    }
    return heapy_label_make(HEAPY_LABEL_INTERNAL, number);
}

/* Is this the name of the type?  An asterisk in `pattern` stands for any text. */
static bool
is_type_name(const char *pattern, const char *name)
{
    size_t before = strcspn(pattern, "*");
    if (!pattern[before])
        return !strcmp(pattern, name);
    size_t after = strlen(pattern + before + 1), length = strlen(name);
    return length >= before + after && !strncmp(pattern, name, before) &&
           !strcmp(pattern + before + 1, name + length - after);
}

static const char *
field_names_of(type_record *record)
{
    if (record->has_field_names)
        return record->field_names;
    record->has_field_names = true;
    Py_ssize_t words =
        (record->base->tp_basicsize - (Py_ssize_t)sizeof(PyObject)) / (Py_ssize_t)sizeof(PyObject *);
    for (size_t i = 0; i < sizeof sized_struct_fields / sizeof *sized_struct_fields; i++)
        if (words == sized_struct_fields[i].words &&
            is_type_name(sized_struct_fields[i].type, record->base->tp_name))
            return record->field_names = sized_struct_fields[i].names;
    for (size_t i = 0; i < sizeof struct_fields / sizeof *struct_fields; i++)
        if (!strcmp(struct_fields[i].type, record->base->tp_name))
            record->field_names = struct_fields[i].names;
    return record->field_names;
}

/* Name number `word` of a list of names, or what memory outside has as its name (OUTSIDE); 0: none. */
enum { OUTSIDE = 1 << 20 };

static size_t
find_field_name(const char *names, size_t word, const char **start)
{
    const char *at = names;
    for (size_t i = 0; at && *at; i++) {
        size_t length = strcspn(at, " ");
        bool is_rest = at[length - 1] == '*', is_outside = *at == '+';
        if (is_outside ? word == OUTSIDE : i == word || (is_rest && i < word && word != OUTSIDE)) {
            *start = at + is_outside;
            return *at == '-' ? 0 : length - is_rest - is_outside;
        }
        at += length + (at[length] == ' ');
    }
    return 0;
}

/* The label of a word of the struct, by its name or as field0, field1 ... */
static heapy_label
label_of_word(capture *c, const char *names, size_t word)
{
    char number[32];
    const char *name = number;
    size_t length = find_field_name(names, word, &name);
    uint32_t interned;
    if (!length) {
        name = word == OUTSIDE ? "contents" : number;
        if (word != OUTSIDE)
            PyOS_snprintf(number, sizeof number, "field%zu", word);
        length = strlen(name);
    }
    if (heapy_graph_builder_intern(c->builder, name, length, &interned, NULL)) {
        c->out_of_memory = true;
        interned = 0;
    }
    return heapy_label_make(HEAPY_LABEL_INTERNAL, interned);
}

/* What a generator that is not done refers to through its frame.  False: it is something else. */
static bool
label_of_generator_part(capture *c, const PyObject *target, heapy_label *label)
{
    PyObject *generator = (PyObject *)(void *)(uintptr_t)c->edge.object;
    frame_view v;
    const char *code_name;
    if (!generator_view_of(generator, &v, &code_name))
        return false;
    for (Py_ssize_t i = c->edge.next_local; i < v.local_count; i++)
        if (slot_object(v.locals[i]) == target) {
            c->edge.next_local = i + 1;
            *label = label_of_local(c, &v, i);
            return true;
        }
    if (target == v.code)
        *label = label_of_text(c, HEAPY_LABEL_ATTRIBUTE, code_name);
    else if (target == v.function)
        *label = label_of_text(c, HEAPY_LABEL_INTERNAL, FRAME_FUNCTION_NAME);
    else
        return false;
    return true;
}

/* An attribute that a C type keeps as classes do, in a managed dict or inline.  False: it is something else.
 */
static bool
label_of_managed_attribute(capture *c, const PyObject *target, heapy_label *label)
{
    PyObject *object = (PyObject *)(void *)(uintptr_t)c->edge.object;
    const type_record *record = c->edge.record;
    if (record->attributes != ATTRIBUTES_MANAGED || record->visits_attributes)
        return false;
    if (target == managed_dict_of(object)) {
        *label = label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "__dict__");
        return true;
    }
    inline_values v = inline_values_of(object, record->type);
    for (Py_ssize_t i = c->edge.next_value; v.values && i < v.count; i++)
        if (v.values[i] == target) {
            c->edge.next_value = i + 1;
            *label = label_of_name(c, HEAPY_LABEL_ATTRIBUTE, inline_value_name(v.keys, i));
            return true;
        }
    return false;
}

/* The name of a reference that tp_traverse gave: the first field that holds it and was not used yet. */
static heapy_label
label_of_visited(capture *c, const PyObject *target)
{
    edge_source *edge = &c->edge;
    type_record *record = edge->record;
    heapy_label label;
    /* Sets, and what of ours holds objects, have no names for them but their places. */
    if (record->is_set)
        return heapy_label_make(HEAPY_LABEL_MEMBER, edge->next_index++);
    if (record->own && record->own->holds &&
        record->own->holds((PyObject *)(void *)(uintptr_t)edge->object, target))
        return heapy_label_make(HEAPY_LABEL_MEMBER, edge->next_index++);
    if (record->own && record->own->gives_edges)
        return label_of_graph_end(c);
    /* Fields that tp_members tells of, each for one reference: two fields may hold the same object. */
    record_member *members = &c->members[record->first_member];
    for (size_t i = record->slot_count; i < record->member_count && i < 64; i++) {
        if (edge->members_used >> i & 1)
            continue;
        if (*member_place(edge->object, members[i].offset, members[i].is_after_items) == target) {
            edge->members_used |= UINT64_C(1) << i;
            Py_ssize_t item = members[i].is_after_items
                                  ? -1
                                  : item_of_tuple(record->type, (PyObject *)(void *)(uintptr_t)edge->object,
                                                  members[i].offset);
            return label_of_member_and_item(c, &members[i], item);
        }
    }
    if ((const PyObject *)record->type == target && !edge->type_is_seen) {
        edge->type_is_seen = true;
        return label_of_text(c, HEAPY_LABEL_INTERNAL, "ob_type");
    }
    if (label_of_generator_part(c, target, &label) || label_of_managed_attribute(c, target, &label))
        return label;
    const char *names = field_names_of(record);
    if (names && *names == '[')
        return heapy_label_make(HEAPY_LABEL_INDEX, edge->next_index++);
    /* What nobody tells of is a word of the struct that holds the target, again each for one reference. */
    bool is_type = record->content == CONTENT_TYPE;
    size_t header = is_type ? sizeof(PyHeapTypeObject) : sizeof(PyObject);
    PyObject *const *words = (PyObject *const *)(const void *)(edge->object + header);
    size_t count = ((size_t)record->base->tp_basicsize - header) / sizeof *words;
    if (!is_type &&
        record->base->tp_itemsize == sizeof *words) /* the items follow, and are as good as fields */
        count += (size_t)Py_SIZE((PyObject *)(void *)(uintptr_t)edge->object);
    bool is_mypyc = record->attribute_words && !names;
    for (size_t i = 0; i < count && i < 64; i++)
        if ((words[i] == target || (is_mypyc && mypyc_field_is_tagged(words[i], target))) &&
            !(edge->words_used >> i & 1)) {
            edge->words_used |= UINT64_C(1) << i;
            const char *attribute = is_mypyc ? mypyc_field_name(record->attribute_words, i) : NULL;
            if (!is_type && !names && !record->attribute_words)
                attribute = getter_field_name(c, record, i);
            if (attribute)
                return label_of_text(c, HEAPY_LABEL_INTERNAL, attribute);
            Py_ssize_t item = item_of_tuple(record->type, (PyObject *)(void *)(uintptr_t)edge->object,
                                            (Py_ssize_t)(header + i * sizeof *words));
            return item >= 0 ? heapy_label_make(HEAPY_LABEL_INDEX, (uint32_t)item)
                             : label_of_word(c, names, i);
        }
    return label_of_word(c, names, OUTSIDE); /* it stands in memory of its own */
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

/* Is this a reference to the code that was given already? */
static bool
is_code_again(capture *c, const PyObject *target)
{
    frame_view v;
    const char *code_name;
    if (!GENERATOR_GIVES_CODE_TWICE ||
        !generator_view_of((PyObject *)(void *)(uintptr_t)c->edge.object, &v, &code_name) || target != v.code)
        return false;
    bool is_again = c->edge.code_is_seen;
    c->edge.code_is_seen = true;
    return is_again;
}

/* Is this reference an edge already?  Each counts once. */
static bool
is_given(edge_source *edge, const PyObject *target)
{
    for (size_t i = 0; i < GIVEN_FIELDS; i++)
        if (edge->given[i] == target) {
            edge->given[i] = NULL;
            return true;
        }
    return false;
}

static int
visit_recording(PyObject *target, void *arg)
{
    capture *c = arg;
    if (target && !is_given(&c->edge, target) &&
        !(c->dict_entries && is_next_entry(c->dict_entries, target)) && !is_code_again(c, target))
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
    heapy_node root = heapy_address_map_rank(c->map, (uintptr_t)c->state->root);
    heapy_status status = heapy_graph_builder_set_root(c->builder, root, err);
    for (size_t i = 0; !status && i < c->root_count; i++) {
        heapy_label label;
        status = label_root(c, &c->roots[i], &label, err);
        if (!status && heapy_label_kind_of(label) != HEAPY_LABEL_UNNAMED)
            put_edge(c, c->roots[i].object, label);
    }
    return status;
}

/* Returns the record of its type, which may have moved. */
static type_record *
begin_direct_names(capture *c, PyObject *object, type_record *record)
{
    const type_record *records = c->records;
    direct_names_begin(c->direct, c, object, record);
    c->edge_queue->first = c->edge_queue->count;
    return records == c->records ? record : capture_record(c, Py_TYPE(object));
}

/* The edges of one object, if it may have any. */
ALWAYS_INLINE heapy_status
put_edges(capture *c, PyObject *object, heapy_error *err)
{
    if (object == c->state->root)
        return put_root_edges(c, err);
    if (c->visible && !heapy_address_map_contains(c->visible, (uintptr_t)object))
        return HEAPY_OK;
    type_record *record = capture_record(c, Py_TYPE(object));
    if (!record)
        return HEAPY_OK;
    bool may_have_more = may_have_direct_names(object, record);
    if (may_have_more)
        record = begin_direct_names(c, object, record);
    emit_references(c, object, record);
    if (may_have_more) {
        add_direct_names(c);
        c->direct->object = NULL;
    }
    return HEAPY_OK;
}

static heapy_status
write_edges(capture *c, heapy_error *err)
{
    heapy_status status;
    if (c->stream)
        status = heapy_snapshot_writer_begin_edges(c->stream, c->builder, &c->edges, err);
    else
        status = heapy_graph_builder_begin_edges(c->builder, &c->edges, err);
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
                if (capture_is_interrupted(c))
                    status = HEAPY_CANCELLED;
            }
        }
        memmove(addresses, addresses + count, ahead * sizeof *addresses);
        count = ahead;
    }
    if (!status)
        status = flush_edges(c, err);
    if (!status && c->stream)
        status = heapy_snapshot_writer_end_edges(c->stream, err);
    if (status)
        return status;
    return write_roots(c, err);
}

bool
capture_write_edges(capture *c, heapy_error *err)
{
    name_cache names = {0};
    edge_queue queue = {0};
    direct_names direct = {0};
    c->edge_queue = &queue;
    c->direct = &direct;
    c->names = &names;
    bool is_written = widen_names(&names) && capture_record(c, &PyDict_Type);
    if (!is_written)
        c->out_of_memory = true;
    else
        is_written = !write_edges(c, err);
    heapy_free(names.slots);
    c->names = NULL;
    c->edge_queue = NULL;
    c->direct = NULL;
    return is_written;
}
