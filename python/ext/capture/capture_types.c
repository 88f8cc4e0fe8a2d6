/* SPDX-License-Identifier: MIT */
/*
 * Records of types: what one has to know of a type to visit and size its instances, worked out at the first
 * instance and then found by one probe of a hash table.
 *
 * A record lives as long as one capture: types die and their addresses are used again.
 */
#include "capture/capture_internal.h"
#include "capture/object_array.h"
#include "capture/readable_memory.h"
#include "cpython/builtin_fields.h"
#include "cpython/dict_layout.h"
#include "cpython/type_layout.h"
#include "cpython/untold_fields.h"

/* Can a whole type object be read there?  Where that cannot be asked the answer is yes, as without the check.
 */
static bool
is_readable_type(const PyTypeObject *type)
{
    PyTypeObject copy;
    Py_ssize_t got = readable_memory_copy(type, &copy, sizeof copy);
    return got < 0 || (size_t)got == sizeof copy;
}

/* Is `type` a type object whose fields can be believed?  Asked once per type. */
static bool
is_sound_type(PyTypeObject *type)
{
    if (!is_plausible_address((uintptr_t)type) || !is_readable_type(type))
        return false;
    PyTypeObject *metatype = Py_TYPE(type);
    if (metatype == &PyType_Type)
        return true;
    return is_plausible_address((uintptr_t)metatype) && is_readable_type(metatype) &&
           PyType_HasFeature(metatype, Py_TPFLAGS_TYPE_SUBCLASS);
}

static bool
widen_type_slots(capture *c)
{
    size_t wider = c->type_slot_count * 2;
    type_slot *slots = heapy_alloc_zeroed(wider, sizeof *slots);
    if (!slots)
        return false;
    heapy_free(c->type_slots);
    c->type_slots = slots;
    c->type_slot_count = wider;
    for (size_t r = 0; r < c->record_count; r++) {
        size_t i = capture_type_hash(c, c->records[r].type);
        while (slots[i].number)
            i = (i + 1) & (wider - 1);
        slots[i] = (type_slot){c->records[r].type, r + 1};
    }
    return true;
}

static bool
add_field(capture *c, type_record *record, object_field field, bool is_after_items)
{
    for (size_t i = record->first_member; i < c->member_count; i++) {
        record_member *known = &c->members[i];
        if (known->offset != (Py_ssize_t)field.offset || known->is_after_items != is_after_items)
            continue;
        if (strcmp(known->name, field.name) != 0 && !known->other)
            known->other = field.name;
        return true;
    }
    record_member *members = heapy_grow(c->members, c->member_count, &c->member_capacity, sizeof *members);
    if (!members)
        return false;
    c->members = members;
    c->members[c->member_count++] = (record_member){.offset = (Py_ssize_t)field.offset,
                                                    .name = field.name,
                                                    .is_after_items = is_after_items,
                                                    .is_internal = field.is_internal};
    record->member_count++;
    return true;
}

static bool
add_member(capture *c, type_record *record, const PyMemberDef *member)
{
    return add_field(c, record, (object_field){(size_t)member->offset, member->name, false},
                     member_is_after_items(member));
}

static bool
is_object_member(const PyMemberDef *member)
{
    return member->type == T_OBJECT || member->type == T_OBJECT_EX;
}

/* The __slots__ of a class, in the order in which subtype_traverse (Objects/typeobject.c) visits them. */
static bool
add_slots(capture *c, type_record *record, PyTypeObject *class)
{
    for (Py_ssize_t i = 0; class->tp_members && i < Py_SIZE(class); i++) {
        const PyMemberDef *member = &class->tp_members[i];
        if (!member->name)
            break;
        if (member->type == T_OBJECT_EX && !add_member(c, record, member))
            return false;
    }
    record->slot_count = record->member_count;
    return true;
}

/* Those that no table of the type's own names. */
static bool
add_known_fields(capture *c, type_record *record, PyTypeObject *type)
{
    size_t count;
    const object_field *fields = untold_fields_of(type, &count);
    record->untold_count = count;
    if (!fields)
        fields = builtin_fields_of(type, &count);
    if (!fields)
        fields = array_record_fields_of(type, &count);
    for (size_t i = 0; i < count; i++)
        if (!add_field(c, record, fields[i], false))
            return false;
    return true;
}

/* Names for what tp_traverse of `type` (not made by a class statement) visits. */
static bool
add_content_fields(capture *c, type_record *record, PyTypeObject *type)
{
    if (!add_known_fields(c, record, type))
        return false;
    for (PyTypeObject *t = type; t; t = t->tp_base) {
        for (const PyMemberDef *member = t->tp_members; member && member->name; member++)
            if (is_object_member(member) && !add_member(c, record, member))
                return false;
    }
    return type->tp_dictoffset <= 0 || type->tp_dictoffset == -1 ||
           add_field(c, record, (object_field){(size_t)type->tp_dictoffset, "__dict__", false}, false);
}

/* Few types hold references that the collector is not told of (H-35): it would find no cycle through them. */
static content
content_unknown_to_collector(const PyTypeObject *type)
{
    static const struct {
        const char *name;
        Py_ssize_t size;
        content content;
    } dates[] = {{"datetime.datetime", sizeof(PyDateTime_DateTime), CONTENT_DATETIME},
                 {"datetime.time", sizeof(PyDateTime_Time), CONTENT_TIME},
                 {"datetime.timezone", sizeof(PyObject) + 2 * sizeof(PyObject *), CONTENT_TIMEZONE}};
    if (type->tp_basicsize == (Py_ssize_t)sizeof(PyObject))
        return CONTENT_NOTHING;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        if (type->tp_basicsize == dates[i].size && !strcmp(type->tp_name, dates[i].name))
            return dates[i].content;
    if (is_array_type(type))
        return CONTENT_ARRAY;
    if (is_dtype_type(type))
        return CONTENT_DTYPE;
    size_t count;
    if (array_record_fields_of(type, &count) || untold_fields_of(type, &count))
        return CONTENT_MEMBERS;
    for (const PyMemberDef *member = type->tp_members; member && member->name; member++)
        if (is_object_member(member))
            return CONTENT_MEMBERS;
    return CONTENT_NOTHING;
}

/* What `type`, a base of a class or a type itself, gives of an instance; is_tracked: the collector knows the
   instance.  (ctypes' bases are not tracked, their subclasses are, and the traversal of the base is called.)
 */
static content
content_of(PyTypeObject *type, traverseproc traverse, bool is_tracked)
{
    /* PyType_Type's own traversal aborts on static types, and code objects have none. */
    if (PyType_HasFeature(type, Py_TPFLAGS_TYPE_SUBCLASS))
        return CONTENT_TYPE;
    if (type == &PyCode_Type)
        return CONTENT_CODE;
    if (type == &PyFrame_Type)
        return CONTENT_FRAME;
    if (type_has_dict_struct(type))
        return is_dict_traverse(traverse) ? CONTENT_DICT : CONTENT_DICT_KIND;
    if (!traverse || !is_tracked)
        return content_unknown_to_collector(type);
    if (traverse == PyList_Type.tp_traverse)
        return CONTENT_LIST;
    if (traverse == PyTuple_Type.tp_traverse)
        return CONTENT_TUPLE;
    size_t count;
    return untold_fields_of(type, &count) ? CONTENT_GENERIC_AND_MORE : CONTENT_GENERIC;
}

/* A class is its slots, attributes and type, then the content of its first base that is no class. */
static bool
fill_class(capture *c, type_record *record)
{
    PyTypeObject *base = record->type;
    assert(base);
    record->is_class = true;
    while (base && base->tp_traverse == c->state->subtype_traverse) {
        if (!add_slots(c, record, base))
            return false;
        base = base->tp_base;
    }
    if (!base)
        base = &PyBaseObject_Type;
    record->base = base;
    record->traverse = base->tp_traverse;
    record->content =
        content_of(base, base->tp_traverse, PyType_HasFeature(record->type, Py_TPFLAGS_HAVE_GC));
    if (record->content == CONTENT_TYPE) {
        /* A metaclass: its instances' __dict__ is the class dict, which the content gives. */
        record->attributes = ATTRIBUTES_NONE;
    } else if (record->attributes == ATTRIBUTES_AT_OFFSET) {
        record->visits_attributes = record->dict_offset != base->tp_dictoffset;
    } else if (record->attributes == ATTRIBUTES_MANAGED) {
        record->visits_attributes = attribute_layout_of(base) != ATTRIBUTES_MANAGED;
    }
    record->visits_type = !PyType_HasFeature(base, Py_TPFLAGS_HEAPTYPE) || !base->tp_traverse;
    return add_content_fields(c, record, base);
}

/* Find the slot of the tag in a registered type or a subtype of one (H-42). */
static void
find_tag_slot(capture *c, type_record *record)
{
    PyObject *mro = record->type->tp_mro;
    for (Py_ssize_t i = 0; c->view->tagged_types && mro && i < PyTuple_GET_SIZE(mro); i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        if (!type_is_listed(c->view->tagged_types, base))
            continue;
        for (const PyMemberDef *member = base->tp_members; member && member->name; member++)
            if (member->type == T_OBJECT_EX && !strcmp(member->name, "_hiding_tag_")) {
                record->has_tag_slot = true;
                record->tag_offset = member->offset;
                record->tag_is_after_items = member_is_after_items(member);
            }
    }
}

static bool
fill_record(capture *c, type_record *record)
{
    PyTypeObject *type = record->type;
    record->first_member = c->member_count;
    record->base = type;
    record->graph_type = HEAPY_NO_TYPE;
    if (!is_sound_type(type)) {
        record->is_unsound = true;
        return true;
    }
    record->own = own_type_of(c->state, type);
    record->is_own = record->own && record->own->type == type;
    record->is_hidden = (record->is_own && record->own->is_root) ||
                        type_is_listed(c->state->hidden_types, type) ||
                        type_is_listed(c->view->hidden_types, type);
    record->is_builtin_method = type == &PyCFunction_Type;
    find_tag_slot(c, record);
    record->is_exact_dict = type == &PyDict_Type;
    record->attributes = attribute_layout_of(type);
    record->dict_offset = type->tp_dictoffset;
    if (type->tp_traverse && type->tp_traverse == c->state->subtype_traverse) {
        if (!fill_class(c, record))
            return false;
    } else {
        record->traverse = type->tp_traverse;
        record->content = content_of(type, type->tp_traverse, PyType_HasFeature(type, Py_TPFLAGS_HAVE_GC));
        if (!add_content_fields(c, record, type))
            return false;
    }
    if (record->content == CONTENT_TYPE && (record->traverse == PyType_Type.tp_traverse ||
                                            record->base->tp_basicsize < PyType_Type.tp_basicsize))
        record->traverse = NULL;
    record->may_own_dict = record->attributes != ATTRIBUTES_NONE || record->content == CONTENT_TYPE;
    record->may_name_more = record->content == CONTENT_FRAME ||
                            (record->attributes != ATTRIBUTES_NONE && record->content != CONTENT_TYPE);
    record->is_set = record->traverse && record->traverse == PySet_Type.tp_traverse;
    return true;
}

type_record *
capture_new_record(capture *c, PyTypeObject *type)
{
    if (2 * (c->record_count + 1) > c->type_slot_count && !widen_type_slots(c)) {
        c->out_of_memory = true;
        return NULL;
    }
    type_record *records = heapy_grow(c->records, c->record_count, &c->record_capacity, sizeof *records);
    if (!records) {
        c->out_of_memory = true;
        return NULL;
    }
    c->records = records;
    type_record *record = &c->records[c->record_count];
    *record = (type_record){.type = type};
    if (!fill_record(c, record)) {
        c->out_of_memory = true;
        return NULL;
    }
    record->may_be_left_out = record->is_unsound || record->is_own || record->is_hidden ||
                              record->is_builtin_method || record->content == CONTENT_FRAME;
    size_t i = capture_type_hash(c, type);
    while (c->type_slots[i].number)
        i = (i + 1) & (c->type_slot_count - 1);
    c->type_slots[i] = (type_slot){type, ++c->record_count};
    return record;
}

PyObject *
capture_dict_of(capture *c, PyObject *object, const type_record *record)
{
    if (record->is_unsound)
        return NULL;
    if (PyType_HasFeature(record->type, Py_TPFLAGS_TYPE_SUBCLASS))
        return type_parts_of(c->interp, (PyTypeObject *)object).dict;
    if (record->attributes == ATTRIBUTES_MANAGED)
        return managed_dict_of(object);
    if (record->attributes == ATTRIBUTES_AT_OFFSET)
        return *dict_slot_at_offset(object, record->dict_offset);
    return NULL;
}
