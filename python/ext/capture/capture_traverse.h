/* SPDX-License-Identifier: MIT */
/*
 * What an object refers to, for every kind of object: the one place that knows (H-30 to H-39).
 *
 * Included twice, with RECORDS_EDGES 0 by the walk, which only marks targets, and 1 by what records edges
 * with labels.  Both see the same references in the same order, which is what makes the edges of a graph
 * agree with its nodes.
 */
#ifndef HEAPY_CAPTURE_TRAVERSE_H
#define HEAPY_CAPTURE_TRAVERSE_H

#include "capture/capture_internal.h"
#include "capture/object_array.h"
#include "cpython/code_layout.h"
#include "cpython/dict_layout.h"
#include "cpython/frame_layout.h"
#include "cpython/type_layout.h"

/* Names of fields are looked up at the first edge that needs one, and kept. */
#if RECORDS_EDGES
#define TRAVERSED_RECORD type_record
#else
#define TRAVERSED_RECORD const type_record
#endif

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* How far tp_traverse of a kind of dict has come with its entries. */
typedef struct dict_progress {
    dict_entries entries;
    Py_ssize_t next;
    bool gives_keys;    /* tp_traverse gives each value and then its key; else values only */
    bool value_is_seen; /* the key of entry `next` is due */
} dict_progress;

/* Defined by the file that includes this one.  EMIT_BY: a reference, which `mark` marks or which becomes an
   edge; `label` is evaluated only for edges. */
#if RECORDS_EDGES
static void put_edge(capture *c, PyObject *target, heapy_label label);
static heapy_label label_of_member(capture *c, record_member *member);
static heapy_label label_of_name(capture *c, heapy_label_kind kind, PyObject *name);
static heapy_label label_of_text(capture *c, heapy_label_kind kind, const char *name);
static int visit_recording(PyObject *target, void *arg);
#define EMIT_BY(mark, target, label)                                                                         \
    do {                                                                                                     \
        PyObject *emitted = (PyObject *)(target);                                                            \
        if (emitted)                                                                                         \
            put_edge(c, emitted, (label));                                                                   \
    } while (0)
#else
static void mark_target(capture *c, PyObject *target);
static void mark_leaf(capture *c, PyObject *target);
static int visit_marking(PyObject *target, void *arg);
#define EMIT_BY(mark, target, label)                                                                         \
    do {                                                                                                     \
        PyObject *emitted = (PyObject *)(target);                                                            \
        if (emitted)                                                                                         \
            mark(c, emitted);                                                                                \
    } while (0)
#endif

#define EMIT(target, label) EMIT_BY(mark_target, target, label)

/* A target known to have no references of its own, such as an exact str, is marked and not visited, which
   saves touching it. */
#define EMIT_LEAF(target, label) EMIT_BY(mark_leaf, target, label)

ALWAYS_INLINE void
emit_fields(capture *c, const void *base, const object_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        EMIT(*(PyObject *const *)(const void *)((const char *)base + fields[i].offset),
             label_of_text(c, fields[i].is_internal ? HEAPY_LABEL_INTERNAL : HEAPY_LABEL_ATTRIBUTE,
                           fields[i].name));
}

ALWAYS_INLINE void
emit_list(capture *c, PyObject *list)
{
    PyObject **items = ((PyListObject *)list)->ob_item;
    for (Py_ssize_t i = 0, n = items ? Py_SIZE(list) : 0; i < n; i++)
        EMIT(items[i], heapy_label_make(HEAPY_LABEL_INDEX, (size_t)i));
}

ALWAYS_INLINE void
emit_tuple(capture *c, PyObject *tuple)
{
    PyObject **items = ((PyTupleObject *)tuple)->ob_item;
    for (Py_ssize_t i = 0, n = Py_SIZE(tuple); i < n; i++)
        EMIT(items[i], heapy_label_make(HEAPY_LABEL_INDEX, (size_t)i));
}

/* Keys and values; `with_values` is false when tp_traverse has given the values.  Edges are written in the
   order of iteration, which numbers them; absent entries do not count. */
ALWAYS_INLINE void
emit_dict(capture *c, PyObject *dict, const bool with_values)
{
    dict_entries e = dict_entries_of(dict);
#if RECORDS_EDGES
    size_t number = 0;
    for (Py_ssize_t i = 0, n = dict_iteration_count(&e); i < n; i++) {
        size_t place = dict_iteration_place(&e, i);
        PyObject *key = e.keys[place * e.key_stride], *value = e.values[place * e.value_stride];
        if (!value)
            continue;
        EMIT(key, heapy_label_make(HEAPY_LABEL_KEY, number));
        if (with_values)
            EMIT(value, heapy_label_make(HEAPY_LABEL_VALUE, number));
        number++;
    }
#else
    PyObject *const *key = e.keys, *const *value = e.values;
    for (Py_ssize_t i = 0; i < e.count; i++, key += e.key_stride, value += e.value_stride) {
        if (!*value)
            continue;
        if (e.keys_are_str)
            EMIT_LEAF(*key, 0);
        else
            EMIT(*key, 0);
        if (with_values)
            EMIT(*value, 0);
    }
#endif
}

ALWAYS_INLINE void
emit_type(capture *c, PyObject *object)
{
    PyTypeObject *type = (PyTypeObject *)object;
    type_parts parts = type_parts_of(c->interp, type);
    EMIT(parts.dict, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "__dict__"));
    EMIT(parts.subclasses, label_of_text(c, HEAPY_LABEL_INTERNAL, "tp_subclasses"));
    EMIT(type->tp_mro, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "__mro__"));
    EMIT(type->tp_bases, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "__bases__"));
    EMIT(type->tp_cache, label_of_text(c, HEAPY_LABEL_INTERNAL, "tp_cache"));
    EMIT(type->tp_base, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "__base__"));
    if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE))
        return;
    PyHeapTypeObject *heap_type = (PyHeapTypeObject *)type;
    EMIT(heap_type->ht_name, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "__name__"));
    EMIT(heap_type->ht_qualname, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "__qualname__"));
    EMIT(heap_type->ht_slots, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "__slots__"));
    EMIT(heap_type->ht_module, label_of_text(c, HEAPY_LABEL_INTERNAL, "ht_module"));
}

ALWAYS_INLINE void
emit_code(capture *c, PyObject *code)
{
    emit_fields(c, code, code_fields, sizeof code_fields / sizeof *code_fields);
    const void *cached = NULL;
    const object_field *fields = NULL;
    size_t count = code_cached_fields_of(code, &cached, &fields);
    emit_fields(c, cached, fields, count);
}

#if RECORDS_EDGES
static inline heapy_label
label_of_local(capture *c, const frame_view *v, Py_ssize_t i)
{
    PyObject *name = frame_local_name(v, i);
    return name ? label_of_name(c, HEAPY_LABEL_LOCAL, name) : heapy_label_make(HEAPY_LABEL_STACK, (size_t)i);
}
#endif

ALWAYS_INLINE void
emit_frame(capture *c, PyObject *frame)
{
    bool is_running = heapy_address_map_contains(c->running, (uintptr_t)frame);
    frame_view v = frame_view_of(frame, is_running);
    bool skips = c->view->skips_globals;
    if (skips) {
        v.locals_mapping = v.locals_mapping == v.globals ? NULL : v.locals_mapping;
        v.builtins = v.globals = v.function = NULL;
    }
    EMIT(v.back, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "f_back"));
    EMIT(v.trace, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "f_trace"));
    EMIT(v.function, label_of_text(c, HEAPY_LABEL_INTERNAL, FRAME_FUNCTION_NAME));
    EMIT(skips ? NULL : v.code, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "f_code"));
    EMIT(v.builtins, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "f_builtins"));
    EMIT(v.globals, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "f_globals"));
    EMIT(v.locals_mapping,
         label_of_text(c, FRAME_LOCALS_ARE_ATTRIBUTE ? HEAPY_LABEL_ATTRIBUTE : HEAPY_LABEL_INTERNAL,
                       "f_locals"));
    EMIT(v.extra_locals, label_of_text(c, HEAPY_LABEL_INTERNAL, "f_extra_locals"));
    EMIT(v.locals_cache, label_of_text(c, HEAPY_LABEL_INTERNAL, "f_locals_cache"));
    for (Py_ssize_t i = 0; i < v.local_count; i++)
        EMIT(slot_object(v.locals[i]), label_of_local(c, &v, i));
}

/* What an instance of a class has besides the content of its base: slots, attributes, its type. */
ALWAYS_INLINE void
emit_class_parts(capture *c, PyObject *object, const type_record *record)
{
    for (size_t i = 0; i < record->slot_count; i++) {
        record_member *member = &c->members[record->first_member + i];
        EMIT(*member_place(object, member->offset, member->is_after_items), label_of_member(c, member));
    }
    if (record->visits_attributes) {
        if (record->attributes == ATTRIBUTES_AT_OFFSET) {
            EMIT(*dict_slot_at_offset(object, record->dict_offset),
                 label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "__dict__"));
        } else {
            EMIT(managed_dict_of(object), label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "__dict__"));
            inline_values v = inline_values_of(object, record->type);
            for (Py_ssize_t i = 0; v.values && i < v.count; i++)
                EMIT(v.values[i], label_of_name(c, HEAPY_LABEL_ATTRIBUTE, inline_value_name(v.keys, i)));
        }
    }
    if (record->visits_type)
        EMIT(record->type, label_of_text(c, HEAPY_LABEL_INTERNAL, "ob_type"));
}

/* A plain dict or a frame that has the tag under its name is visible itself, and what is in it is not
   (H-42). */
static inline bool
content_is_hidden(capture *c, PyObject *object, const type_record *record)
{
    if (record->content == CONTENT_DICT)
        return dict_find_name(object, c->state->str_hiding_tag) == c->view->hiding_tag;
    if (record->content != CONTENT_FRAME)
        return false;
    frame_view v = frame_view_of(object, heapy_address_map_contains(c->running, (uintptr_t)object));
    for (Py_ssize_t i = 0; i < v.local_count; i++)
        if (slot_object(v.locals[i]) == c->view->hiding_tag &&
            frame_local_name(&v, i) == c->state->str_hiding_tag)
            return true;
    return false;
}

/* Code that is not ours: if it crashes in a forked child, that is said with the type. */
ALWAYS_INLINE void
call_traverse(capture *c, PyObject *object, const type_record *record, visitproc visit)
{
    c->traversed = record->type;
    record->traverse(object, visit, c);
    c->traversed = NULL;
}

#if RECORDS_EDGES
ALWAYS_INLINE void
emit_by_traverse(capture *c, PyObject *object, type_record *record)
{
    c->edge = (edge_source){.record = record, .object = (const char *)object};
    if (!record->is_searched_for_attributes && !mypyc_fields_find(c, record))
        c->out_of_memory = true;
    if (record->attribute_words)
        mypyc_fields_look(c, record, object);
    call_traverse(c, object, record, visit_recording);
}
#else
ALWAYS_INLINE void
emit_by_traverse(capture *c, PyObject *object, const type_record *record)
{
    call_traverse(c, object, record, visit_marking);
}
#endif

/* What a metaclass written in C keeps of its classes: tp_traverse gives it, and gives again what every type
   has. That of a static type must not be asked, for type_traverse of CPython ends the process there. */
ALWAYS_INLINE void
emit_type_kind(capture *c, PyObject *object, TRAVERSED_RECORD *record)
{
    if (!record->traverse || !PyType_HasFeature((PyTypeObject *)object, Py_TPFLAGS_HEAPTYPE))
        return;
#if RECORDS_EDGES
    const PyHeapTypeObject *type = (const PyHeapTypeObject *)object;
    c->edge = (edge_source){.record = record,
                            .object = (const char *)object,
                            .given = {type_parts_of(c->interp, (PyTypeObject *)object).dict,
                                      type->ht_type.tp_cache, type->ht_type.tp_mro, type->ht_type.tp_bases,
                                      (const PyObject *)type->ht_type.tp_base, type->ht_module}};
    call_traverse(c, object, record, visit_recording);
#else
    call_traverse(c, object, record, visit_marking);
#endif
}

/* Of a kind of dict: what tp_traverse gives, and the keys it leaves out.  As edges the entries come first, so
   that keys and values have their names; tp_traverse gives them again, which is_next_entry sees. */
ALWAYS_INLINE void
emit_dict_kind(capture *c, PyObject *object, TRAVERSED_RECORD *record)
{
    bool gives_keys = dict_traverse_visits_keys(object, c->state->general_lookup);
#if RECORDS_EDGES
    dict_progress progress = {.entries = dict_entries_of(object), .gives_keys = gives_keys};
    emit_dict(c, object, true);
    c->dict_entries = &progress;
    if (record->traverse)
        emit_by_traverse(c, object, record);
    c->dict_entries = NULL;
#else
    if (record->traverse)
        emit_by_traverse(c, object, record);
    if (!gives_keys)
        emit_dict(c, object, !record->traverse);
#endif
}

/* Emit the fields that tp_members names of what the collector does not know, such as a range.  The slots of a
   class derived from it, which come first, are not among them. */
ALWAYS_INLINE void
emit_members(capture *c, PyObject *object, const type_record *record, size_t end)
{
    for (size_t i = record->slot_count; i < end; i++) {
        record_member *member = &c->members[record->first_member + i];
        EMIT(*member_place(object, member->offset, member->is_after_items), label_of_member(c, member));
    }
}

/* Emit the fields of dates, times and zones (Include/datetime.h, Modules/_datetimemodule.c), which the
 * collector does not know. */
ALWAYS_INLINE void
emit_datetime(capture *c, PyObject *object, const type_record *record)
{
    if (record->content == CONTENT_TIMEZONE) {
        EMIT(((PyObject **)(void *)((char *)object + sizeof(PyObject)))[0],
             label_of_text(c, HEAPY_LABEL_INTERNAL, "offset"));
        EMIT(((PyObject **)(void *)((char *)object + sizeof(PyObject)))[1],
             label_of_text(c, HEAPY_LABEL_INTERNAL, "name"));
    } else if (((_PyDateTime_BaseTZInfo *)object)->hastzinfo) {
        EMIT(record->content == CONTENT_TIME ? ((PyDateTime_Time *)object)->tzinfo
                                             : ((PyDateTime_DateTime *)object)->tzinfo,
             label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "tzinfo"));
    }
}

#if RECORDS_EDGES
/* The elements of one dimension have numbers; each other place has a name of its own. */
static heapy_label
label_of_place(capture *c, const object_places *places)
{
    if (places->is_plain && places->nd == 1)
        return heapy_label_make(HEAPY_LABEL_INDEX, (size_t)places->index[0]);
    size_t length;
    uint32_t number = 0;
    char *text = object_place_text(places, &length);
    if (!text || heapy_graph_builder_intern(c->builder, text, length, &number, NULL))
        c->out_of_memory = true;
    heapy_free(text);
    return heapy_label_make(HEAPY_LABEL_INTERNAL, number);
}
#endif

/* Out of line: the places need room, which the walk's inner loop should not carry on its stack. */
static __attribute__((noinline)) void
emit_array(capture *c, PyObject *array)
{
    array_parts parts = array_parts_of(array);
    EMIT(parts.base, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "base"));
    EMIT(parts.dtype, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "dtype"));
    EMIT(parts.handler, label_of_text(c, HEAPY_LABEL_INTERNAL, "mem_handler"));
    object_places places;
    if (!object_places_begin(&places, array))
        return;
    for (PyObject *element = object_places_next(&places); element && !c->out_of_memory;
         element = object_places_next(&places))
        EMIT(element, label_of_place(c, &places));
}

static __attribute__((noinline)) void
emit_dtype(capture *c, PyObject *dtype)
{
    dtype_parts parts = dtype_parts_of(dtype);
    EMIT(parts.fields, label_of_text(c, HEAPY_LABEL_INTERNAL, "fields"));
    EMIT(parts.names, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "names"));
    EMIT(parts.metadata, label_of_text(c, HEAPY_LABEL_INTERNAL, "metadata"));
    EMIT(parts.base, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "base"));
    EMIT(parts.shape, label_of_text(c, HEAPY_LABEL_ATTRIBUTE, "shape"));
}

/* Emit every reference of `object`. */
ALWAYS_INLINE void
emit_references(capture *c, PyObject *object, TRAVERSED_RECORD *record)
{
    if (c->checks_tags && content_is_hidden(c, object, record))
        return;
    switch (record->content) {
    case CONTENT_NOTHING:
        break;
    case CONTENT_LIST:
        emit_list(c, object);
        break;
    case CONTENT_TUPLE:
        emit_tuple(c, object);
        break;
    case CONTENT_DICT:
        emit_dict(c, object, true);
        break;
    case CONTENT_DICT_KIND:
        emit_dict_kind(c, object, record);
        break;
    case CONTENT_TYPE:
        emit_type(c, object);
        emit_type_kind(c, object, record);
        break;
    case CONTENT_CODE:
        emit_code(c, object);
        break;
    case CONTENT_FRAME:
        emit_frame(c, object);
        break;
    case CONTENT_MEMBERS:
        emit_members(c, object, record, record->member_count);
        break;
    case CONTENT_DATETIME:
    case CONTENT_TIME:
    case CONTENT_TIMEZONE:
        emit_datetime(c, object, record);
        break;
    case CONTENT_ARRAY:
        emit_array(c, object);
        break;
    case CONTENT_DTYPE:
        emit_members(c, object, record, record->member_count);
        emit_dtype(c, object);
        break;
    case CONTENT_GENERIC_AND_MORE:
        emit_members(c, object, record, record->slot_count + record->untold_count);
        emit_by_traverse(c, object, record);
        break;
    case CONTENT_GENERIC:
        emit_by_traverse(c, object, record);
        break;
    }
    if (record->is_class)
        emit_class_parts(c, object, record);
}

#endif
