/* SPDX-License-Identifier: MIT */
/*
 * Everything that differs between CPython versions, in one place: 3.10 to 3.15, GIL builds.
 *
 * Nothing here runs Python code, creates an object or changes a reference count, unless it says so.  Each
 * layout names the file of CPython it follows.  Objects are read in place: an instance's attributes are
 * never turned into a dict (docs/decisions/0003-looking-changes-nothing.md).
 */
#ifndef HEAPY_PYCOMPAT_H
#define HEAPY_PYCOMPAT_H

#ifndef Py_BUILD_CORE
#define Py_BUILD_CORE 1
#endif
#include <Python.h>

#if PY_VERSION_HEX < 0x030A0000 || PY_VERSION_HEX >= 0x03100000
#error "heapy reads interpreter internals and knows those of CPython 3.10 to 3.15 only"
#endif
#ifdef Py_GIL_DISABLED
#error "free-threaded builds of CPython are not supported yet"
#endif

#define _PY_DATETIME_IMPL /* the structs of dates and times, without the variable of their C API */
#include <datetime.h>
#include <frameobject.h>
#include <stdbool.h>
#include <stddef.h>
#include <structmember.h>

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#endif
#include <internal/pycore_gc.h>
#include <internal/pycore_interp.h>
#include <internal/pycore_object.h>
#if PY_VERSION_HEX >= 0x030B0000
#include <internal/pycore_dict.h>
#include <internal/pycore_frame.h>
#endif
#if PY_VERSION_HEX >= 0x030C0000
#include <internal/pycore_typeobject.h>
#endif
#if PY_VERSION_HEX >= 0x030D0000
#include <internal/pycore_sysmodule.h>
#endif
#if PY_VERSION_HEX >= 0x030E0000
#include <internal/pycore_interpframe.h>
#endif
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/* ---- dict layout ---- */

/* The entries of a dict, read in place (Objects/dictobject.c). */

#if PY_VERSION_HEX < 0x030B0000
/* Objects/dict-common.h of 3.10, which is not installed. */
typedef struct {
    Py_hash_t me_hash;
    PyObject *me_key;
    PyObject *me_value;
} PyDictKeyEntry;

struct _dictkeysobject {
    Py_ssize_t dk_refcnt;
    Py_ssize_t dk_size;
    void *dk_lookup; /* a function that tells what keys there are */
    Py_ssize_t dk_usable;
    Py_ssize_t dk_nentries;
    char dk_indices[];
};
#endif

typedef struct _dictkeysobject heapy_dict_keys;

/*
 * The entries of a dict: `stride` words apart, `count` of them, absent ones included.  An entry is absent
 * when its value is NULL.  The value of entry i is values[i * value_stride].
 */
typedef struct dict_entries {
    Py_ssize_t count;
    PyObject *const *keys;
    size_t key_stride;
    PyObject *const *values;
    size_t value_stride;
    bool keys_are_str; /* every key is an exact str */
} dict_entries;

static inline dict_entries
dict_entries_of(PyObject *dict)
{
    PyDictObject *d = (PyDictObject *)dict;
    heapy_dict_keys *k = d->ma_keys;
    dict_entries e = {.count = k->dk_nentries};
    if (!e.count) /* the keys of an empty dict are a constant whose entries are not even aligned */
        return e;
#if PY_VERSION_HEX < 0x030B0000
    size_t index_bytes = k->dk_size <= 0xff ? 1 : k->dk_size <= 0xffff ? 2 : k->dk_size <= 0xffffffff ? 4 : 8;
    PyDictKeyEntry *entries = (PyDictKeyEntry *)(void *)(k->dk_indices + (size_t)k->dk_size * index_bytes);
    e.keys = &entries->me_key;
    e.key_stride = sizeof *entries / sizeof(PyObject *);
    e.values = &entries->me_value;
    e.value_stride = e.key_stride;
    if (d->ma_values) {
        e.values = d->ma_values;
        e.value_stride = 1;
        e.keys_are_str = true;
    }
#else
    if (k->dk_kind == DICT_KEYS_GENERAL) {
        PyDictKeyEntry *entries = DK_ENTRIES(k);
        e.keys = &entries->me_key;
        e.key_stride = sizeof *entries / sizeof(PyObject *);
        e.values = &entries->me_value;
    } else {
        PyDictUnicodeEntry *entries = DK_UNICODE_ENTRIES(k);
        e.keys = &entries->me_key;
        e.key_stride = sizeof *entries / sizeof(PyObject *);
        e.values = &entries->me_value;
        e.keys_are_str = true;
    }
    e.value_stride = e.key_stride;
    if (d->ma_values) {
        e.values = d->ma_values->values;
        e.value_stride = 1;
    }
#endif
    return e;
}

/* The value of an exact-str key equal to `name` (interned), or NULL; borrowed.  Compares no other keys, so
   runs no __eq__.  O(entries). */
static inline PyObject *
dict_find_name(PyObject *dict, PyObject *name)
{
    dict_entries e = dict_entries_of(dict);
    for (Py_ssize_t i = 0; i < e.count; i++) {
        PyObject *key = e.keys[(size_t)i * e.key_stride], *value = e.values[(size_t)i * e.value_stride];
        if (!key || !value)
            continue;
        if (key == name || (PyUnicode_CheckExact(key) && !PyUnicode_CHECK_INTERNED(key) &&
                            PyUnicode_Compare(key, name) == 0))
            return value;
    }
    return NULL;
}

/* The keys of a dict that are not all str, on which CPython's own traversal visits keys as well. */
static inline bool
dict_traverse_visits_keys(PyObject *dict, const void *general_lookup)
{
#if PY_VERSION_HEX < 0x030B0000
    return ((PyDictObject *)dict)->ma_keys->dk_lookup == general_lookup;
#else
    (void)general_lookup;
    return ((PyDictObject *)dict)->ma_keys->dk_kind == DICT_KEYS_GENERAL;
#endif
}

/* What dict_traverse_visits_keys needs on 3.10: the lookup function of a dict with an int key. */
static inline const void *
dict_lookup_of(PyObject *dict)
{
#if PY_VERSION_HEX < 0x030B0000
    return ((PyDictObject *)dict)->ma_keys->dk_lookup;
#else
    (void)dict;
    return NULL;
#endif
}

/* ---- attribute layout ---- */

/*
 * Where an instance keeps its attributes (Objects/dictobject.c, Include/internal/pycore_dict.h).  They are never
 * turned into a dict (docs/decisions/0003-looking-changes-nothing.md).
 */

/* Where instances of a type keep their attributes. */
typedef enum attribute_layout {
    ATTRIBUTES_NONE,
    ATTRIBUTES_AT_OFFSET, /* a dict pointer at tp_dictoffset */
    ATTRIBUTES_MANAGED    /* 3.11+: a dict or values before, or values behind, the object */
} attribute_layout;

static inline attribute_layout
attribute_layout_of(PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030B0000
    if (type->tp_flags & Py_TPFLAGS_MANAGED_DICT)
        return ATTRIBUTES_MANAGED;
#endif
    return type->tp_dictoffset ? ATTRIBUTES_AT_OFFSET : ATTRIBUTES_NONE;
}

/* The place of the dict pointer for ATTRIBUTES_AT_OFFSET: _PyObject_DictPointer without its side effects. */
static inline PyObject **
dict_slot_at_offset(PyObject *object, Py_ssize_t offset)
{
    if (offset < 0) { /* from the end of a variable-sized object */
        Py_ssize_t items = Py_SIZE(object);
        size_t size = _PyObject_VAR_SIZE(Py_TYPE(object), items < 0 ? -items : items);
        offset += (Py_ssize_t)size;
    }
    return (PyObject **)(void *)((char *)object + offset);
}

/* The dict of a managed-dict instance if it exists, else NULL. */
static inline PyObject *
managed_dict_of(PyObject *object)
{
#if PY_VERSION_HEX >= 0x030D0000
    return ((PyObject **)object)[-3];
#elif PY_VERSION_HEX >= 0x030C0000
    uintptr_t word = ((uintptr_t *)object)[-3];
    return word & 1 ? NULL : (PyObject *)word;
#elif PY_VERSION_HEX >= 0x030B0000
    return ((PyObject **)object)[-3];
#else
    (void)object;
    return NULL;
#endif
}

typedef struct inline_values {
    PyObject *const *values; /* NULL: attributes are not inline */
    const heapy_dict_keys *keys;
    Py_ssize_t count; /* values that may be read; a NULL one is an absent attribute */
} inline_values;

/* The inline values of a managed-dict instance that has no dict. */
static inline inline_values
inline_values_of(PyObject *object, PyTypeObject *type)
{
    inline_values v = {0};
#if PY_VERSION_HEX >= 0x030B0000
    if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE))
        return v;
    v.keys = ((PyHeapTypeObject *)type)->ht_cached_keys;
    if (!v.keys)
        return v;
    v.count = v.keys->dk_nentries;
#endif
#if PY_VERSION_HEX >= 0x030D0000
    if (!(type->tp_flags & Py_TPFLAGS_INLINE_VALUES) || managed_dict_of(object))
        return v;
    PyDictValues *block = (PyDictValues *)(void *)((char *)object + type->tp_basicsize);
    if (!block->valid)
        return v;
    if (v.count > block->capacity)
        v.count = block->capacity;
    v.values = block->values;
#elif PY_VERSION_HEX >= 0x030C0000
    uintptr_t word = ((uintptr_t *)object)[-3];
    if (word & 1)
        v.values = (PyObject *const *)(word - 1 + 2);
#elif PY_VERSION_HEX >= 0x030B0000
    v.values = ((PyObject *const **)object)[-4];
#else
    (void)object;
    (void)type;
#endif
    return v;
}

/* The name of inline value `i`: an exact str, borrowed. */
static inline PyObject *
inline_value_name(const heapy_dict_keys *keys, Py_ssize_t i)
{
#if PY_VERSION_HEX >= 0x030B0000
    heapy_dict_keys *k = (heapy_dict_keys *)keys; /* the macro of 3.11 takes a name only */
    return DK_UNICODE_ENTRIES(k)[i].me_key;
#else
    (void)keys;
    (void)i;
    return NULL;
#endif
}

/*
 * Bytes of the values block of an instance whose attributes are inline, 0 for others; sys.getsizeof leaves
 * them out.  3.11 and 3.12 do not record the capacity: entries plus usable of the shared keys, as
 * new_values() in Objects/dictobject.c sizes it; 3.13: Include/internal/pycore_dict.h, _PyInlineValuesSize.
 */
static inline size_t
inline_values_bytes(PyObject *object, PyTypeObject *type)
{
    inline_values v = inline_values_of(object, type);
    if (!v.values)
        return 0;
#if PY_VERSION_HEX >= 0x030D0000
    PyDictValues *block = (PyDictValues *)(void *)((char *)object + type->tp_basicsize);
    size_t capacity = block->capacity;
    return ((capacity + 7) & ~(size_t)7) + 8 * (capacity + 1);
#elif PY_VERSION_HEX >= 0x030B0000
    size_t capacity = (size_t)(v.keys->dk_nentries + v.keys->dk_usable);
    return ((capacity + 2 + 7) & ~(size_t)7) + 8 * capacity;
#else
    return 0;
#endif
}

/* ---- type layout ---- */

/* What a type object refers to, where that is not in its struct (Objects/typeobject.c). */

/* Per-interpreter state of a static builtin type: its dict and its subclasses live there from 3.12 on. */
#if PY_VERSION_HEX >= 0x030D0000
static inline managed_static_type_state *
static_type_state(PyInterpreterState *interp, PyTypeObject *type)
{
    /* managed_static_type_state_get: builtins and extensions' types are numbered apart, from 1. */
    size_t index = (size_t)type->tp_subclasses - 1;
    if (index < _Py_MAX_MANAGED_STATIC_BUILTIN_TYPES &&
        interp->types.builtins.initialized[index].type == type)
        return &interp->types.builtins.initialized[index];
    if (index < _Py_MAX_MANAGED_STATIC_EXT_TYPES &&
        interp->types.for_extensions.initialized[index].type == type)
        return &interp->types.for_extensions.initialized[index];
    return NULL;
}
#elif PY_VERSION_HEX >= 0x030C0000
static inline static_builtin_state *
static_type_state(PyInterpreterState *interp, PyTypeObject *type)
{
    size_t index = (size_t)type->tp_subclasses - 1; /* static_builtin_index_get */
    return index < _Py_MAX_STATIC_BUILTIN_TYPES && interp->types.builtins[index].type == type
               ? &interp->types.builtins[index]
               : NULL;
}
#endif

typedef struct type_parts {
    PyObject *dict;
    PyObject *subclasses; /* dict of weak references, or NULL */
} type_parts;

static inline type_parts
type_parts_of(PyInterpreterState *interp, PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030C0000
    if (type->tp_flags & _Py_TPFLAGS_STATIC_BUILTIN) {
        type_parts parts = {0};
        if (static_type_state(interp, type)) {
            parts.dict = static_type_state(interp, type)->tp_dict;
            parts.subclasses = static_type_state(interp, type)->tp_subclasses;
        }
        return parts;
    }
#endif
    (void)interp;
    return (type_parts){type->tp_dict, (PyObject *)type->tp_subclasses};
}

/* ---- object field ---- */

/* A named pointer in a struct: what tables of fields are made of. */

#include <stdbool.h>
#include <stddef.h>

typedef struct object_field {
    size_t offset;
    const char *name;
    bool is_internal; /* shown as ->name, not .name */
} object_field;

/* ---- code layout ---- */

/* What a code object refers to (Include/cpython/code.h). */

static const object_field code_fields[] = {
#define FIELD(name) {offsetof(PyCodeObject, name), #name, false}
    FIELD(co_consts),
    FIELD(co_names),
    FIELD(co_filename),
    FIELD(co_name),
    FIELD(co_linetable),
    FIELD(co_weakreflist),
#if PY_VERSION_HEX < 0x030B0000
    FIELD(co_code),
    FIELD(co_varnames),
    FIELD(co_freevars),
    FIELD(co_cellvars),
#else
    FIELD(co_exceptiontable),
    FIELD(co_qualname),
    {offsetof(PyCodeObject, co_localsplusnames), "co_localsplusnames", true},
    {offsetof(PyCodeObject, co_localspluskinds), "co_localspluskinds", true},
#endif
#if PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030C0000
    {offsetof(PyCodeObject, _co_code), "co_code", false},
#endif
#undef FIELD
};

#if PY_VERSION_HEX >= 0x030C0000
/* Made when first asked for: Include/cpython/code.h, _PyCoCached. */
static const object_field code_cached_fields[] = {
    {offsetof(_PyCoCached, _co_code), "co_code", false},
    {offsetof(_PyCoCached, _co_varnames), "co_varnames", false},
    {offsetof(_PyCoCached, _co_cellvars), "co_cellvars", false},
    {offsetof(_PyCoCached, _co_freevars), "co_freevars", false},
};
#endif

/* The fields that a code object keeps outside its struct, and where; 0: none. */
static inline size_t
code_cached_fields_of(PyObject *code, const void **base, const object_field **fields)
{
#if PY_VERSION_HEX >= 0x030C0000
    *base = ((PyCodeObject *)code)->_co_cached;
    *fields = code_cached_fields;
    return *base ? sizeof code_cached_fields / sizeof *code_cached_fields : 0;
#else
    (void)code, (void)base, (void)fields;
    return 0;
#endif
}

/* ---- frame layout ---- */

/* What frames and generators refer to (Include/internal/pycore_frame.h). */

/*
 * A slot of a frame.  From 3.14 on its low bits are a tag (Include/internal/pycore_stackref.h): 3 for a small
 * integer that is no object, 1 for a pointer that holds no reference of its own; without address it is empty.
 */
#if PY_VERSION_HEX >= 0x030E0000
typedef _PyStackRef heapy_slot;

static inline PyObject *
slot_object(heapy_slot slot)
{
    return (slot.bits & 3) == 3 || slot.bits < 8 ? NULL : (PyObject *)(slot.bits & ~(uintptr_t)3);
}
#else
typedef PyObject *heapy_slot;

static inline PyObject *
slot_object(heapy_slot slot)
{
    return slot;
}
#endif

/* The name of what a frame runs, and whether f_locals is a field that an attribute of that name shows. */
#define FRAME_FUNCTION_NAME (PY_VERSION_HEX < 0x030C0000 ? "f_func" : "f_funcobj")
enum { FRAME_LOCALS_ARE_ATTRIBUTE = PY_VERSION_HEX < 0x030D0000 };

/* On 3.11 a generator and its frame both refer to the code, which is one attribute to who looks. */
enum { GENERATOR_GIVES_CODE_TWICE = PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030C0000 };

/* What a frame object holds.  Fields may be NULL; so may the objects of locals. */
typedef struct frame_view {
    PyObject *back, *code, *function, *builtins, *globals, *locals_mapping, *trace;
    PyObject *extra_locals, *locals_cache; /* 3.13 */
    const heapy_slot *locals;
    Py_ssize_t local_count; /* variables, then evaluation stack where its depth is known */
    PyObject *local_names;  /* tuple of str for the first slots; NULL on 3.10 */
} frame_view;

#if PY_VERSION_HEX < 0x030B0000
static inline frame_view
frame_view_of(PyObject *object, bool is_running)
{
    (void)is_running;
    PyFrameObject *f = (PyFrameObject *)object;
    PyCodeObject *code = f->f_code;
    frame_view v = {.back = (PyObject *)f->f_back,
                    .code = (PyObject *)code,
                    .builtins = f->f_builtins,
                    .globals = f->f_globals,
                    .locals_mapping = f->f_locals,
                    .trace = f->f_trace,
                    .locals = f->f_localsplus};
    v.local_count =
        code->co_nlocals + PyTuple_GET_SIZE(code->co_cellvars) + PyTuple_GET_SIZE(code->co_freevars);
    if (f->f_stackdepth > 0) /* -1 while executing: what is above is not to be read */
        v.local_count += f->f_stackdepth;
    return v;
}
#else
static inline PyCodeObject *
interpreter_frame_code(const _PyInterpreterFrame *frame)
{
#if PY_VERSION_HEX >= 0x030D0000
    PyObject *executable = slot_object(frame->f_executable);
    return executable && PyCode_Check(executable) ? (PyCodeObject *)executable : NULL;
#else
    return frame->f_code;
#endif
}

/*
 * is_running: the frame is on the stack of some thread.
 *
 * A frame object that neither runs nor owns its frame belongs to a generator.  On 3.13 it may outlive the
 * generator and then points into freed memory (frame_traverse itself would crash), so there it is left to
 * the generator, whose own traversal gives the locals (H-39).
 */
static inline frame_view
frame_view_of(PyObject *object, bool is_running)
{
    PyFrameObject *f = (PyFrameObject *)object;
    const _PyInterpreterFrame *frame = f->f_frame;
    frame_view v = {.back = (PyObject *)f->f_back, .trace = f->f_trace};
#if PY_VERSION_HEX >= 0x030D0000
    v.extra_locals = f->f_extra_locals;
    v.locals_cache = f->f_locals_cache;
#endif
    bool is_own = (const void *)frame == (const void *)f->_f_frame_data;
    if (PY_VERSION_HEX >= 0x030D0000 && !is_own && !is_running)
        return v;
    if (!frame)
        return v;
    PyCodeObject *code = interpreter_frame_code(frame);
    if (!code)
        return v;
    v.code = (PyObject *)code;
#if PY_VERSION_HEX >= 0x030E0000
    v.function = slot_object(frame->f_funcobj);
#elif PY_VERSION_HEX >= 0x030C0000
    v.function = frame->f_funcobj;
#else
    v.function = (PyObject *)frame->f_func;
#endif
    v.builtins = frame->f_builtins;
    v.globals = frame->f_globals;
    v.locals_mapping = frame->f_locals;
    v.locals = frame->localsplus;
#if PY_VERSION_HEX >= 0x030E0000
    /* Of a running frame the stack is left out, as before 3.14, where its depth is not known: what a call has
       as its arguments is no answer to who refers to it. */
    v.local_count =
        frame->stackpointer && !is_running ? frame->stackpointer - frame->localsplus : code->co_nlocalsplus;
#else
    v.local_count = frame->stacktop < 0 ? code->co_nlocalsplus : frame->stacktop;
#endif
    v.local_names = code->co_localsplusnames;
    if (!v.back && !is_own) /* running: f_back is set only when the call ends */
        for (const _PyInterpreterFrame *p = frame->previous; p; p = p->previous)
            if (p->owner <= FRAME_OWNED_BY_FRAME_OBJECT && p->frame_obj) {
                v.back = (PyObject *)p->frame_obj;
                break;
            }
    return v;
}
#endif

/* The name of local `i`: 3.10 keeps variables, cells and free variables in three tuples. */
static inline PyObject *
frame_local_name(const frame_view *v, Py_ssize_t i)
{
#if PY_VERSION_HEX < 0x030B0000
    const PyCodeObject *code = (const PyCodeObject *)v->code;
    PyObject *const tuples[] = {code->co_varnames, code->co_cellvars, code->co_freevars};
    for (int t = 0; t < 3; i -= PyTuple_GET_SIZE(tuples[t]), t++)
        if (i < PyTuple_GET_SIZE(tuples[t]))
            return PyTuple_GET_ITEM(tuples[t], i);
    return NULL;
#else
    return v->local_names && i < PyTuple_GET_SIZE(v->local_names) ? PyTuple_GET_ITEM(v->local_names, i)
                                                                  : NULL;
#endif
}

/*
 * The frame of a generator, coroutine or asynchronous generator that has one of its own: not before 3.11, and
 * not once it is done, when its memory holds what it does not own.  code_name: the attribute that is its
 * code.
 */
static inline bool
generator_view_of(PyObject *object, frame_view *out, const char **code_name)
{
    *code_name = PyGen_CheckExact(object)        ? "gi_code"
                 : PyCoro_CheckExact(object)     ? "cr_code"
                 : PyAsyncGen_CheckExact(object) ? "ag_code"
                                                 : NULL;
#if PY_VERSION_HEX >= 0x030B0000
    if (!*code_name || ((PyGenObject *)object)->gi_frame_state >= FRAME_CLEARED)
        return false;
    const _PyInterpreterFrame *frame = (const void *)&((PyGenObject *)object)->gi_iframe;
    PyCodeObject *code = interpreter_frame_code(frame);
    if (!code)
        return false;
    *out = (frame_view){.code = (PyObject *)code,
                        .locals = frame->localsplus,
                        .local_names = code->co_localsplusnames,
                        .local_count = code->co_nlocalsplus};
#if PY_VERSION_HEX >= 0x030E0000
    out->function = slot_object(frame->f_funcobj);
    if (frame->stackpointer)
        out->local_count = frame->stackpointer - frame->localsplus;
#else
    out->function = (PyObject *)
#if PY_VERSION_HEX >= 0x030C0000
                        frame->f_funcobj;
#else
                        frame->f_func;
#endif
    if (frame->stacktop >= 0)
        out->local_count = frame->stacktop;
#endif
    return true;
#else
    (void)out;
    return false;
#endif
}

/* ---- root fields ---- */

/* The interpreter's and its threads' own references (pycore_interp.h, cpython/pystate.h). */

static const object_field interpreter_fields[] = {
#define FIELD(name) {offsetof(PyInterpreterState, name), #name, false}
#define NAMED(field, name) {offsetof(PyInterpreterState, field), name, false}
#if PY_VERSION_HEX >= 0x030C0000
    NAMED(imports.modules, "modules"),
    NAMED(imports.importlib, "importlib"),
    NAMED(imports.import_func, "import_func"),
    FIELD(sysdict_copy),
#else
    FIELD(modules),
    FIELD(importlib),
    FIELD(import_func),
#endif
    FIELD(sysdict),
    FIELD(builtins),
#if PY_VERSION_HEX >= 0x030D0000
    NAMED(codecs.search_path, "codec_search_path"),
    NAMED(codecs.search_cache, "codec_search_cache"),
    NAMED(codecs.error_registry, "codec_error_registry"),
#if PY_VERSION_HEX < 0x030E0000
    FIELD(optimizer),
#endif
#if PY_VERSION_HEX < 0x030F0000
    FIELD(executor_list_head),
#endif
#else
    FIELD(codec_search_path),
    FIELD(codec_search_cache),
    FIELD(codec_error_registry),
#endif
    FIELD(dict),
    FIELD(builtins_copy),
#ifdef HAVE_FORK
    FIELD(before_forkers),
    FIELD(after_forkers_parent),
    FIELD(after_forkers_child),
#endif
    FIELD(audit_hooks),
#undef FIELD
#undef NAMED
};

static const object_field thread_fields[] = {
#define FIELD(name) {offsetof(PyThreadState, name), #name, false}
    FIELD(c_profileobj),
    FIELD(c_traceobj),
#if PY_VERSION_HEX >= 0x030C0000
    FIELD(current_exception),
#else
    FIELD(curexc_type),  FIELD(curexc_value), FIELD(curexc_traceback),
#endif
    FIELD(dict),
    FIELD(async_exc),
    FIELD(async_gen_firstiter),
    FIELD(async_gen_finalizer),
    FIELD(context),
#if PY_VERSION_HEX >= 0x030D0000
#if PY_VERSION_HEX >= 0x030E0000
    FIELD(current_executor),
#else
    FIELD(previous_executor),
#endif
    FIELD(threading_local_key),
#endif
#undef FIELD
};

/* Attributes of the root that can be read and are no edges: they only repeat others. */
static const object_field readable_interpreter_fields[] = {
#if PY_VERSION_HEX >= 0x030C0000
    {offsetof(PyInterpreterState, imports.modules_by_index), "modules_by_index", false},
#else
    {offsetof(PyInterpreterState, modules_by_index), "modules_by_index", false},
#endif
};

/* Of an exception that is being handled: fields of _PyErr_StackItem. */
static const object_field handled_fields[] = {
    {offsetof(_PyErr_StackItem, exc_value), "exc_value", false},
#if PY_VERSION_HEX < 0x030B0000
    {offsetof(_PyErr_StackItem, exc_type), "exc_type", false},
    {offsetof(_PyErr_StackItem, exc_traceback), "exc_traceback", false},
#endif
};

/* The exceptions a thread is handling: their stack, innermost first. */
static inline _PyErr_StackItem *
handled_exceptions(PyThreadState *thread)
{
    return thread->exc_info;
}

/* ---- collector lists ---- */

/* The objects that the collector tracks. */

/* Call visit(object, arg) for every object the collector tracks, frozen ones included where they can be
   seen.  On 3.14+ the object's count is raised during its call.  visit must not allocate objects. */
#if PY_VERSION_HEX < 0x030E0000
static inline void
visit_tracked_objects(PyInterpreterState *interp, void (*visit)(PyObject *, void *), void *arg)
{
    /* Include/internal/pycore_gc.h: three generations and the permanent one, doubly linked.  Reading them
       is twice as fast as PyUnstable_GC_VisitObjects, which some releases keep from the permanent one. */
    PyGC_Head *heads[NUM_GENERATIONS + 1];
    for (int i = 0; i < NUM_GENERATIONS; i++)
        heads[i] = &interp->gc.generations[i].head;
    heads[NUM_GENERATIONS] = &interp->gc.permanent_generation.head;
    for (int i = 0; i <= NUM_GENERATIONS; i++)
        for (PyGC_Head *g = _PyGCHead_NEXT(heads[i]); g && g != heads[i]; g = _PyGCHead_NEXT(g))
            visit((PyObject *)(g + 1), arg);
}
#else
struct tracked_visitor {
    void (*visit)(PyObject *, void *);
    void *arg;
};

static int
visit_tracked_object(PyObject *object, void *arg)
{
    struct tracked_visitor *visitor = arg;
    visitor->visit(object, visitor->arg);
    return 1; /* go on: Modules/gcmodule.c and Python/gc.c, PyUnstable_GC_VisitObjects */
}

static inline void
visit_tracked_objects(PyInterpreterState *interp, void (*visit)(PyObject *, void *), void *arg)
{
    (void)interp;
    struct tracked_visitor visitor = {visit, arg};
    PyUnstable_GC_VisitObjects(visit_tracked_object, &visitor);
}
#endif

/* ---- value layout ---- */

/* int and str (Objects/longobject.c, Objects/unicodeobject.c). */

#if PY_VERSION_HEX >= 0x030C0000
#define INT_DIGITS long_value.ob_digit
#else
#define INT_DIGITS ob_digit
#endif

/* Digits that an int has room for: none for 0 on 3.10, at least one later. */
static inline size_t
int_digit_count(PyObject *object)
{
#if PY_VERSION_HEX >= 0x030C0000
    size_t digits = ((PyLongObject *)object)->long_value.lv_tag >> 3; /* pycore_long.h, NON_SIZE_BITS */
    return digits ? digits : 1;
#else
    Py_ssize_t size = Py_SIZE(object);
    size_t digits = (size_t)(size < 0 ? -size : size);
    return PY_VERSION_HEX >= 0x030B0000 && !digits ? 1 : digits;
#endif
}

/* Does the str keep a copy as wchar_t?  (Gone in 3.12.) */
static inline bool
str_has_wide_copy(PyObject *object)
{
#if PY_VERSION_HEX >= 0x030C0000
    (void)object;
    return false;
#else
    return ((PyASCIIObject *)object)->wstr != NULL;
#endif
}

/* ---- size layout ---- */

/* Bytes that stand before an object (Python/sysmodule.c, _PySys_GetSizeOf). */

/* Bytes that sys.getsizeof adds for what stands before an instance of `type`: the collector's links and, from
   3.11 on, the words of managed attributes. */
static inline size_t
pre_header_of(const PyTypeObject *type)
{
    size_t bytes = type->tp_flags & Py_TPFLAGS_HAVE_GC ? sizeof(PyGC_Head) : 0;
#if PY_VERSION_HEX >= 0x030C0000
    if (type->tp_flags & Py_TPFLAGS_PREHEADER)
        bytes += 2 * sizeof(PyObject *);
#elif PY_VERSION_HEX >= 0x030B0000
    if (type->tp_flags & Py_TPFLAGS_MANAGED_DICT)
        bytes += 2 * sizeof(PyObject *);
#endif
    return bytes;
}

/* The same before a type object: but on 3.11 and 3.12 sys.getsizeof knows that a static type has no links. */
static inline size_t
pre_header_of_type_object(const PyObject *object)
{
    bool is_static = !(((const PyTypeObject *)object)->tp_flags & Py_TPFLAGS_HEAPTYPE);
    const bool counts_links = PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030D0000;
    return is_static && !counts_links ? 0 : pre_header_of(Py_TYPE(object));
}

#endif
