/* SPDX-License-Identifier: MIT */
/* The interpreter's and its threads' own references (pycore_interp.h, cpython/pystate.h). */
#ifndef HEAPY_ROOT_FIELDS_H
#define HEAPY_ROOT_FIELDS_H

#include "cpython/internals.h"
#include "cpython/object_field.h"

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
    NAMED(warnings.filters, "warnings_filters"),
    NAMED(warnings.once_registry, "warnings_once_registry"),
    NAMED(warnings.default_action, "warnings_default_action"),
#if PY_VERSION_HEX >= 0x030E0000
    NAMED(warnings.context, "warnings_context"),
    NAMED(atexit.callbacks, "atexit_callbacks"),
#endif
#if PY_VERSION_HEX >= 0x030F0000
    NAMED(imports.lazy_import_func, "lazy_import_func"),
    NAMED(imports.lazy_imports_filter, "lazy_imports_filter"),
    NAMED(imports.lazy_modules, "lazy_modules"),
    NAMED(imports.lazy_pending_submodules, "lazy_pending_submodules"),
#endif
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

/* The fields of _PyErr_StackItem, which an exception that is being handled has. */
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

#endif
