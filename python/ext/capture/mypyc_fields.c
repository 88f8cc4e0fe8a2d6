/* SPDX-License-Identifier: MIT */
#include "capture/mypyc_fields.h"

#include "capture/getter_code.h"
#include "cpython/dict_layout.h"
#include "cpython/type_layout.h"

#include <limits.h>
#include <string.h>

enum {
    WORDS = 64,          /* of a struct that are looked at, as for every other type */
    LEVELS = 16,         /* of compiled classes that are derived from one another */
    INSTANCES = 16,      /* of a type that are looked at for words that hold references */
    FIELDS_IN_A_WORD = 8 /* at most: each takes a byte or more */
};

/* What one class adds to the struct of its base. */
typedef struct level {
    size_t begin, end; /* words; fields may also begin in the word before `begin`, where bytes are left */
    size_t count;      /* attributes */
    const PyGetSetDef *attributes;
} level;

/* Words whose attributes are not known, and the attributes that may be in them. */
typedef struct gap {
    size_t begin, end, first, count;
} gap;

struct mypyc_fields {
    uint64_t pointer_words; /* each holds one reference of some instance, so it is a part of one attribute */
    size_t instances_left, level_count;
    level levels[LEVELS]; /* the class itself first */
    const char *names[WORDS];
    unsigned short
        told[WORDS]; /* 1 + the attribute of its level that is in the word, by its getter; 0: untold */
};

static bool
is_ascii(PyObject *object)
{
    return PyUnicode_CheckExact(object) && PyUnicode_IS_COMPACT_ASCII(object);
}

static bool
is_text(PyObject *str, const char *text)
{
    return is_ascii(str) && !strcmp((const char *)PyUnicode_DATA(str), text);
}

/* The names that a class tells without the last, which is that of its dict where it has one; NULL: it tells
   none. */
static PyObject *
told_names(capture *c, PyTypeObject *type, size_t *count)
{
    PyObject *dict = type_parts_of(c->interp, type).dict;
    if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE) || !dict || !PyDict_CheckExact(dict))
        return NULL;
    PyObject *names = dict_find_name(dict, c->state->str_mypyc_attrs);
    if (!names || !PyTuple_CheckExact(names))
        return NULL;
    *count = (size_t)PyTuple_GET_SIZE(names);
    if (*count && is_text(PyTuple_GET_ITEM(names, *count - 1), "__dict__"))
        --*count;
    return names;
}

/* The word where the attributes of `type` end, before the dict and the weak references; 0: it is not known.
 */
static size_t
end_of_attributes(const PyTypeObject *type)
{
    Py_ssize_t end = type->tp_basicsize;
    if (type->tp_itemsize || type->tp_dictoffset < 0)
        return 0;
    if (type->tp_dictoffset) {
        if (end != type->tp_dictoffset + 2 * (Py_ssize_t)sizeof(PyObject *))
            return 0;
        end = type->tp_dictoffset;
    }
    end -= (Py_ssize_t)sizeof(PyObject);
    if (end <= 0 || end % (Py_ssize_t)sizeof(PyObject *) || end > WORDS * (Py_ssize_t)sizeof(PyObject *))
        return 0;
    return (size_t)end / sizeof(PyObject *);
}

/* Do the first `own` of the names stand in the same order in tp_getset, and none of them again behind? */
static bool
are_attributes(PyObject *names, size_t count, size_t own, const PyGetSetDef *attributes)
{
    for (size_t i = 0; i < own; i++) {
        if (!attributes || !attributes[i].name || !is_text(PyTuple_GET_ITEM(names, i), attributes[i].name))
            return false;
        for (size_t k = i + 1; k < count; k++)
            if (is_text(PyTuple_GET_ITEM(names, k), attributes[i].name))
                return false;
    }
    return true;
}

/* Is what a class tells its own attributes and then all of its base's?  (Those of traits stand there twice.)
 */
static bool
ends_with(PyObject *names, size_t count, PyObject *base_names, size_t base_count)
{
    if (base_count > count)
        return false;
    for (size_t i = 0; i < base_count; i++) {
        PyObject *base_name = PyTuple_GET_ITEM(base_names, i);
        if (!is_ascii(base_name) || !is_text(PyTuple_GET_ITEM(names, count - base_count + i),
                                             (const char *)PyUnicode_DATA(base_name)))
            return false;
    }
    return true;
}

/* A trait has no struct: what it tells, the classes that are derived from it have among their own. */
static PyTypeObject *
base_with_struct(const PyTypeObject *type)
{
    PyTypeObject *base = type->tp_base;
    while (base && base != &PyBaseObject_Type && base->tp_basicsize == (Py_ssize_t)sizeof(PyObject))
        base = base->tp_base;
    return base;
}

/* False: the classes do not add up. */
static bool
fill_levels(capture *c, mypyc_fields *fields, PyTypeObject *type)
{
    size_t count, base_count = 0;
    PyObject *names = told_names(c, type, &count);
    while (names && fields->level_count < LEVELS) {
        PyTypeObject *base = base_with_struct(type);
        if (!base)
            return false;
        bool is_last = base == &PyBaseObject_Type;
        PyObject *base_names = is_last ? NULL : told_names(c, base, &base_count);
        if (!is_last && (!base_names || !ends_with(names, count, base_names, base_count)))
            return false;
        /* The first word is that of the methods' table. */
        level level = {is_last ? 1 : end_of_attributes(base), end_of_attributes(type),
                       is_last ? count : count - base_count, type->tp_getset};
        if (!level.begin || level.end < level.begin ||
            !are_attributes(names, count, level.count, level.attributes))
            return false;
        fields->levels[fields->level_count++] = level;
        if (is_last)
            return true;
        type = base;
        names = base_names;
        count = base_count;
    }
    return false;
}

static size_t
most_fields(const mypyc_fields *fields, size_t begin, size_t end)
{
    size_t most = 0;
    for (size_t word = begin; word < end; word++)
        most += fields->pointer_words >> word & 1 ? 1 : FIELDS_IN_A_WORD;
    return most;
}

/* The attribute of a word is one that has no more attributes before it than fit before the word, and no more
   behind it than fit behind.  `before`: as many may begin before the gap, in the bytes of a word that is not
   whole. */
static void
name_gap(mypyc_fields *fields, const level *level, const gap *gap, size_t before)
{
    for (size_t word = gap->begin; word < gap->end; word++) {
        size_t first = 0, last = before + most_fields(fields, gap->begin, word);
        size_t behind = most_fields(fields, word + 1, gap->end);
        if (gap->count > behind + 1)
            first = gap->count - 1 - behind;
        if (last + 1 > gap->count)
            last = gap->count - 1;
        if (gap->count && first == last)
            fields->names[word] = level->attributes[gap->first + first].name;
    }
}

static void
name_words(mypyc_fields *fields, const level *level)
{
    bool begins_on_new_word = level->begin == 1 || fields->pointer_words >> (level->begin - 1) & 1;
    size_t before = begins_on_new_word ? 0 : FIELDS_IN_A_WORD;
    gap gap = {.begin = level->begin};
    for (size_t word = level->begin; word <= level->end; word++) {
        if (word < level->end && !fields->told[word])
            continue;
        size_t attribute = word < level->end ? fields->told[word] - 1u : level->count;
        gap.end = word;
        gap.count = attribute - gap.first;
        name_gap(fields, level, &gap, before);
        if (word < level->end)
            fields->names[word] = level->attributes[attribute].name;
        gap.begin = word + 1;
        gap.first = attribute + 1;
        before = 0;
    }
}

/* Let the getters tell where attributes are, if what they tell is in the order of the attributes. */
static void
ask_getters(mypyc_fields *fields, const level *level)
{
    size_t next = level->begin;
    for (size_t i = 0; i < level->count && i < USHRT_MAX; i++) {
        Py_ssize_t offset = getter_code_offset(level->attributes[i].get) - (Py_ssize_t)sizeof(PyObject);
        if (offset < 0)
            continue;
        size_t word = (size_t)offset / sizeof(PyObject *);
        if (offset % (Py_ssize_t)sizeof(PyObject *) || word < next || word >= level->end) {
            memset(fields->told + level->begin, 0, (level->end - level->begin) * sizeof *fields->told);
            return;
        }
        fields->told[word] = (unsigned short)(i + 1);
        next = word + 1;
    }
}

bool
mypyc_fields_find(capture *c, type_record *record)
{
    size_t count;
    record->is_searched_for_attributes = true;
    if (!told_names(c, record->base, &count))
        return true;
    mypyc_fields *fields = heapy_alloc_zeroed(1, sizeof *fields);
    if (!fields)
        return false;
    fields->instances_left = INSTANCES;
    if (!fill_levels(c, fields, record->base)) {
        heapy_free(fields);
        return true;
    }
    for (size_t i = 0; i < fields->level_count; i++)
        ask_getters(fields, &fields->levels[i]);
    for (size_t word = 0; word < WORDS; word++)
        fields->pointer_words |= (uint64_t)(fields->told[word] != 0) << word;
    for (size_t i = 0; i < fields->level_count; i++)
        name_words(fields, &fields->levels[i]);
    record->attribute_words = fields;
    return true;
}

typedef struct visited {
    const PyObject *targets[WORDS];
    size_t count;
} visited;

static int
note_target(PyObject *target, void *arg)
{
    visited *v = arg;
    if (target && v->count < WORDS)
        v->targets[v->count++] = target;
    return 0;
}

/* The words among `count` that hold references.  Where as many words are alike as references were visited,
   each of them is one; where more are, some is a number. */
static uint64_t
pointer_words_of(PyObject *const *words, size_t count, const visited *v)
{
    uint64_t found = 0;
    for (size_t i = 0; i < count; i++) {
        size_t alike = 0, visits = 0;
        for (size_t k = 0; k < count; k++)
            alike += words[k] == words[i];
        for (size_t k = 0; k < v->count; k++)
            visits += v->targets[k] == words[i];
        if (words[i] && alike == visits)
            found |= UINT64_C(1) << i;
    }
    return found;
}

void
mypyc_fields_look(capture *c, type_record *record, PyObject *object)
{
    mypyc_fields *fields = record->attribute_words;
    if (!fields->instances_left)
        return;
    fields->instances_left--;
    visited v = {.count = 0};
    c->traversed = record->type;
    record->traverse(object, note_target, &v);
    c->traversed = NULL;
    PyObject *const *words = (PyObject *const *)(const void *)((const char *)object + sizeof(PyObject));
    uint64_t found = fields->pointer_words | pointer_words_of(words, fields->levels[0].end, &v);
    if (found == fields->pointer_words)
        return;
    fields->pointer_words = found;
    for (size_t i = 0; i < fields->level_count; i++)
        name_words(fields, &fields->levels[i]);
}

bool
mypyc_field_is_tagged(const PyObject *word, const PyObject *target)
{
    return Py_IS_TYPE(target, &PyLong_Type) && (uintptr_t)word == ((uintptr_t)target | 1);
}

const char *
mypyc_field_name(const mypyc_fields *fields, size_t word)
{
    return word < WORDS ? fields->names[word] : NULL;
}
