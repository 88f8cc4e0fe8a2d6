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

#include "cpython/internals.h"
#include "cpython/dict_layout.h"
#include "cpython/attribute_layout.h"
#include "cpython/type_layout.h"

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
