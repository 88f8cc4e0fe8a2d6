/* SPDX-License-Identifier: MIT */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "capture/object_array.h"

#include "capture/str_utf8.h"
#include "cpython/dict_layout.h"
#include "cpython/value_layout.h"

#include <string.h>

/* ---- the structs ---- */

/* PyArrayObject_fields; numpy before 1.20 has not the last two. */
typedef struct array_struct {
    PyObject_HEAD char *data;
    int nd;
    Py_ssize_t *dimensions;
    Py_ssize_t *strides;
    PyObject *base;
    PyObject *descr;
    int flags;
    PyObject *weakreflist;
    void *buffer_info;
    PyObject *mem_handler;
} array_struct;

enum { ARRAY_OWNS_DATA = 4 }; /* NPY_ARRAY_OWNDATA */

/* PyVoidScalarObject; numpy before 1.20 has not the last one. */
typedef struct record_struct {
    PyObject_VAR_HEAD char *data;
    PyObject *descr;
    int flags;
    PyObject *base;
    void *buffer_info;
} record_struct;

/* PyArray_Descr of 1.x, as PyArray_DescrProto of 2.x still is. */
typedef struct dtype_struct_1 {
    PyObject_HEAD PyTypeObject *typeobj;
    char kind, type, byteorder, flags;
    int type_num, elsize, alignment;
    PyObject **subarray; /* the dtype and the shape */
    PyObject *fields, *names;
    void *functions;
    PyObject *metadata;
    void *c_metadata;
    Py_hash_t hash;
} dtype_struct_1;

/* _PyArray_LegacyDescr of 2.x; new kinds of dtypes end with `reserved`, as numpy.dtype itself does. */
typedef struct dtype_struct_2 {
    PyObject_HEAD PyTypeObject *typeobj;
    char kind, type, byteorder, former_flags;
    int type_num;
    uint64_t flags;
    Py_ssize_t elsize, alignment;
    PyObject *metadata;
    Py_hash_t hash;
    void *reserved[2];
    PyObject **subarray;
    PyObject *fields, *names;
    void *c_metadata;
} dtype_struct_2;

enum {
    ITEM_HAS_OBJECT = 1, /* NPY_ITEM_HASOBJECT */
    TYPE_OBJECT = 17,    /* NPY_OBJECT */
    TYPE_VOID = 20       /* NPY_VOID: the dtypes with fields or a subarray */
};

/* ---- whose they are ---- */

/* The static type of that name that `type` is or is derived from; NULL: none. */
static const PyTypeObject *
find_static_base(const PyTypeObject *type, const char *name)
{
    for (; type; type = type->tp_base)
        if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) && type->tp_name && !strcmp(type->tp_name, name))
            return type;
    return NULL;
}

bool
is_array_type(const PyTypeObject *type)
{
    const PyTypeObject *base = find_static_base(type, "numpy.ndarray");
    return base && base->tp_weaklistoffset == (Py_ssize_t)offsetof(array_struct, weakreflist) &&
           base->tp_basicsize >= (Py_ssize_t)offsetof(array_struct, buffer_info) && !base->tp_itemsize;
}

/* Where its own table says that a member of numpy.dtype is; -1: nowhere. */
static Py_ssize_t
offset_of_member(const PyTypeObject *type, const char *name)
{
    for (const PyMemberDef *member = type->tp_members; member && member->name; member++)
        if (!strcmp(member->name, name))
            return member->offset;
    return -1;
}

/* 1 or 2: which struct; 0: it is no dtype, or one of a struct that is not known. */
static int
dtype_struct_number(const PyTypeObject *type)
{
    const PyTypeObject *base = find_static_base(type, "numpy.dtype");
    if (!base)
        return 0;
    Py_ssize_t flags = offset_of_member(base, "flags"), size = offset_of_member(base, "itemsize"),
               number = offset_of_member(base, "num");
    if (flags == offsetof(dtype_struct_1, flags) && size == offsetof(dtype_struct_1, elsize) &&
        number == offsetof(dtype_struct_1, type_num) && base->tp_basicsize == sizeof(dtype_struct_1))
        return 1;
    if (flags == offsetof(dtype_struct_2, flags) && size == offsetof(dtype_struct_2, elsize) &&
        number == offsetof(dtype_struct_2, type_num) &&
        base->tp_basicsize >= (Py_ssize_t)offsetof(dtype_struct_2, subarray))
        return 2;
    return 0;
}

bool
is_dtype_type(const PyTypeObject *type)
{
    return dtype_struct_number(type) != 0;
}

const object_field *
array_record_fields_of(const PyTypeObject *type, size_t *count)
{
    static const object_field fields[] = {{offsetof(record_struct, base), "base", false},
                                          {offsetof(record_struct, descr), "dtype", false}};
    const PyTypeObject *base = find_static_base(type, "numpy.void");
    bool is_known = base && !base->tp_itemsize &&
                    (base->tp_basicsize == sizeof(record_struct) ||
                     base->tp_basicsize == offsetof(record_struct, buffer_info));
    *count = is_known ? sizeof fields / sizeof *fields : 0;
    return is_known ? fields : NULL;
}

/* ---- dtypes ---- */

typedef struct dtype_view {
    int type_num; /* -1: not a dtype whose struct is known */
    bool has_objects;
    Py_ssize_t size; /* bytes of an element */
    dtype_parts parts;
} dtype_view;

static bool
is_plausible(const void *pointer)
{
    return is_plausible_address((uintptr_t)pointer);
}

static dtype_view
dtype_view_of(PyObject *dtype)
{
    dtype_view v = {.type_num = -1};
    int number =
        is_plausible(dtype) && is_plausible(Py_TYPE(dtype)) ? dtype_struct_number(Py_TYPE(dtype)) : 0;
    PyObject **subarray = NULL;
    if (number == 1) {
        const dtype_struct_1 *d = (const dtype_struct_1 *)(const void *)dtype;
        v = (dtype_view){
            d->type_num, d->flags & ITEM_HAS_OBJECT, d->elsize, {d->fields, d->names, d->metadata}};
        subarray = d->subarray;
    } else if (number == 2) {
        const dtype_struct_2 *d = (const dtype_struct_2 *)(const void *)dtype;
        v = (dtype_view){d->type_num, d->flags & ITEM_HAS_OBJECT, d->elsize, {.metadata = d->metadata}};
        if (d->type_num == TYPE_VOID && Py_TYPE(dtype)->tp_basicsize >= (Py_ssize_t)sizeof *d) {
            v.parts.fields = d->fields;
            v.parts.names = d->names;
            subarray = d->subarray;
        }
    }
    if (is_plausible(subarray)) {
        v.parts.base = subarray[0];
        v.parts.shape = subarray[1];
    }
    return v;
}

dtype_parts
dtype_parts_of(PyObject *dtype)
{
    return dtype_view_of(dtype).parts;
}

array_parts
array_parts_of(PyObject *array)
{
    const array_struct *a = (const array_struct *)(const void *)array;
    bool has_handler =
        find_static_base(Py_TYPE(array), "numpy.ndarray")->tp_basicsize >= (Py_ssize_t)sizeof *a;
    return (array_parts){a->base, a->descr, has_handler ? a->mem_handler : NULL};
}

/* ---- places ---- */

/* Is the shape one that memory can have, do the strides stay within it, and may all of it be read? */
static bool
is_sound_shape(const array_struct *array, Py_ssize_t size)
{
    if (array->nd < 0 || array->nd > ARRAY_DIMENSIONS || size <= 0 || !array->data)
        return false;
    if (array->nd && (!is_plausible(array->dimensions) || !is_plausible(array->strides)))
        return false;
    Py_ssize_t bytes = size, last = 0; /* last: where the last element is */
    for (int i = 0; i < array->nd; i++) {
        Py_ssize_t count = array->dimensions[i], stride = array->strides[i], reach;
        if (count <= 0 || __builtin_mul_overflow(bytes, count, &bytes))
            return false; /* of 0: there are no elements */
        if (stride < 0 || __builtin_mul_overflow(count - 1, stride, &reach) ||
            __builtin_add_overflow(last, reach, &last))
            return false;
    }
    return last <= bytes - size && bytes <= INTPTR_MAX - (Py_ssize_t)(uintptr_t)array->data;
}

bool
object_places_begin(object_places *places, PyObject *array)
{
    const array_struct *a = (const array_struct *)(const void *)array;
    if (!(a->flags & ARRAY_OWNS_DATA))
        return false;
    dtype_view v = dtype_view_of(a->descr);
    if (!v.has_objects || !is_sound_shape(a, v.size))
        return false;
    places->data = a->data;
    places->dtype = a->descr;
    places->nd = a->nd;
    places->dimensions = a->dimensions;
    places->strides = a->strides;
    places->is_plain = v.type_num == TYPE_OBJECT && v.size == sizeof(PyObject *);
    places->is_begun = false;
    places->depth = 0;
    memset(places->index, 0, sizeof *places->index * (size_t)a->nd);
    return true;
}

/* The place of the next element; NULL: there are no more. */
static const char *
next_element(object_places *places)
{
    bool is_next = !places->is_begun;
    places->is_begun = true;
    for (int i = places->nd; !is_next && i-- > 0;) {
        is_next = ++places->index[i] < places->dimensions[i];
        if (!is_next)
            places->index[i] = 0;
    }
    if (!is_next)
        return NULL;
    const char *place = places->data;
    for (int i = 0; i < places->nd; i++)
        place += places->index[i] * places->strides[i];
    return place;
}

static void
enter(object_places *places, PyObject *dtype, const char *place, PyObject *name, Py_ssize_t room)
{
    dtype_view v = dtype_view_of(dtype);
    if (!v.has_objects || v.size <= 0 || v.size > room || places->depth == DTYPE_LEVELS)
        return;
    dtype_level level = {.dtype = dtype, .place = place, .name = name};
    level.is_object = v.type_num == TYPE_OBJECT && v.size == sizeof(PyObject *);
    if (!level.is_object && v.parts.base) {
        level.inner = v.parts.base;
        level.inner_size = dtype_view_of(v.parts.base).size;
        level.count = level.inner_size > 0 ? v.size / level.inner_size : 0;
        level.is_flat = !is_plausible(v.parts.shape) || !PyTuple_CheckExact(v.parts.shape) ||
                        PyTuple_GET_SIZE(v.parts.shape) != 1;
    } else if (!level.is_object && is_plausible(v.parts.fields) && PyDict_CheckExact(v.parts.fields)) {
        level.count = dict_entries_of(v.parts.fields).count;
    }
    places->levels[places->depth++] = level;
}

/* The value of a small int that is not negative; -1: it is another object or another int. */
static Py_ssize_t
small_int(PyObject *object)
{
    if (Py_TYPE(object) != &PyLong_Type || int_is_negative(object))
        return -1;
    size_t count = int_digit_count(object);
    if (count > 2)
        return -1;
    Py_ssize_t value = 0;
    while (count--)
        value = value << PyLong_SHIFT | (Py_ssize_t)int_digits(object)[count];
    return value;
}

/* Enter the next field of the top level.  A field that has a title stands in the dict under both. */
static void
enter_field(object_places *places, dtype_level *top)
{
    dtype_view v = dtype_view_of(top->dtype);
    dict_entries e = dict_entries_of(v.parts.fields);
    size_t i = (size_t)top->next++;
    PyObject *name = e.keys[i * e.key_stride], *field = e.values[i * e.value_stride];
    if (!field || !PyUnicode_Check(name) || !PyTuple_CheckExact(field) || PyTuple_GET_SIZE(field) < 2)
        return;
    if (PyTuple_GET_SIZE(field) > 2 && PyTuple_GET_ITEM(field, 2) == name)
        return;
    Py_ssize_t offset = small_int(PyTuple_GET_ITEM(field, 1));
    if (offset >= 0 && offset <= v.size)
        enter(places, PyTuple_GET_ITEM(field, 0), top->place + offset, name, v.size - offset);
}

static PyObject *
object_at(const char *place)
{
    PyObject *object; /* packed dtypes put it at any address */
    memcpy(&object, place, sizeof object);
    return object;
}

PyObject *
object_places_next(object_places *places)
{
    for (;;) {
        while (places->depth &&
               places->levels[places->depth - 1].next >= places->levels[places->depth - 1].count)
            places->depth--;
        if (!places->depth) {
            const char *place = next_element(places);
            if (!place)
                return NULL;
            if (places->is_plain) {
                PyObject *object = object_at(place);
                if (object)
                    return object;
                continue;
            }
            enter(places, places->dtype, place, NULL, PY_SSIZE_T_MAX);
        } else {
            dtype_level *top = &places->levels[places->depth - 1];
            if (top->inner)
                enter(places, top->inner, top->place + top->inner_size * top->next++, NULL, top->inner_size);
            else
                enter_field(places, top);
        }
        if (places->depth && places->levels[places->depth - 1].is_object) {
            PyObject *object = object_at(places->levels[places->depth - 1].place);
            if (object)
                return object;
        }
    }
}

/* ---- their names ---- */

enum { NUMBER_LENGTH = 32 };

char *
object_place_text(const object_places *places, size_t *length)
{
    char *names[DTYPE_LEVELS] = {NULL};
    size_t lengths[DTYPE_LEVELS], room = 8 + (size_t)(places->nd + places->depth) * NUMBER_LENGTH;
    bool is_done = true;
    for (int i = 0; is_done && i < places->depth; i++)
        if (places->levels[i].name) {
            names[i] = str_to_utf8(places->levels[i].name, UTF8_KEPT, &lengths[i]);
            is_done = names[i] != NULL;
            room += is_done ? lengths[i] : 0;
        }
    char *text = NULL;
    if (is_done)
        text = heapy_alloc_array(room, 1);
    size_t end = 0;
    for (int i = 0; text && i < places->nd; i++)
        end += (size_t)PyOS_snprintf(text + end, NUMBER_LENGTH, "%c%zd", i ? ',' : '[', places->index[i]);
    if (text && places->nd)
        text[end++] = ']';
    else if (text) /* of an array without dimensions there is one element */
        end += (size_t)PyOS_snprintf(text, NUMBER_LENGTH, "[()]");
    for (int i = 0; text && i < places->depth; i++) {
        if (names[i]) {
            text[end++] = '.';
            memcpy(text + end, names[i], lengths[i]);
            end += lengths[i];
        } else if (i) {
            end += (size_t)PyOS_snprintf(text + end, NUMBER_LENGTH, "%s[%zd]",
                                         places->levels[i - 1].is_flat ? ".flat" : "",
                                         places->levels[i - 1].next - 1);
        }
    }
    for (int i = 0; i < places->depth; i++)
        heapy_free(names[i]);
    *length = end;
    return text;
}
