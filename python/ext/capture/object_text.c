/* SPDX-License-Identifier: MIT */
#include "capture/capture_internal.h" /* first: it asks for the interpreter's internals */

#include "capture/object_text.h"

#include "capture/number_text.h"
#include "capture/quoted_ends.h"
#include "capture/str_utf8.h"
#include "cpython/frame_layout.h"
#include "cpython/type_layout.h"

#include <inttypes.h>
#include <string.h>

enum {
    ROW_LIMIT = 30, /* reprlib's maxstring and maxother */
    INT_LIMIT = 40, /* maxlong */
    ITEM_LIMIT = 6, /* maxtuple, maxlevel */
    WHOLE_LIMIT = 1000,
    WHOLE_END = 480,
    DEEPEST = 50,
    LONGEST_TUPLE = 1 << 20 /* tuples that share their items would take for ever */
};

/* reprlib: a text of more than `limit` characters keeps its ends. */
static void
cut_as_reprlib(text_out *out, size_t start, size_t limit)
{
    size_t head = (limit - 3) / 2;
    text_out_cut(out, start, limit, head, limit - 3 - head);
}

static void
put_address(text_out *out, const void *object)
{
    text_out_format(out, "0x%" PRIxPTR, (uintptr_t)object);
}

/* ---- values ---- */

static bool
put_number(text_out *out, PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    if (type == &PyLong_Type)
        return put_int(out, object);
    if (type == &PyBool_Type)
        text_out_string(out, object == Py_True ? "True" : "False");
    else if (type == &PyFloat_Type)
        put_float(out, ((PyFloatObject *)object)->ob_fval);
    else if (type == &PyComplex_Type)
        put_complex(out, ((PyComplexObject *)object)->cval.real, ((PyComplexObject *)object)->cval.imag);
    else if (object == Py_None)
        text_out_string(out, "None");
    else
        return false;
    return true;
}

/* ---- keys, as repr() and reprlib.repr() have them ---- */

/* module.name, of builtins the name alone, as type_repr and object_repr write it. */
static void
put_name_in_repr(capture_state *state, PyTypeObject *type, text_out *out)
{
    type_texts texts;
    if (!capture_type_texts(state, type, &texts)) {
        out->failed = true;
        return;
    }
    if (texts.module && strcmp(texts.module, "builtins") != 0) {
        text_out_string(out, texts.module);
        text_out_string(out, ".");
        text_out_string(out, texts.qualname);
    } else {
        text_out_string(out, type->tp_name);
    }
    capture_type_texts_deinit(&texts);
}

/* Write <class 'module.name'>, as type_repr does (Objects/typeobject.c). */
static bool
put_type_repr(capture_state *state, PyTypeObject *type, text_out *out)
{
    text_out_string(out, "<class '");
    put_name_in_repr(state, type, out);
    text_out_string(out, "'>");
    return true;
}

/* Does reprlib take an instance of the type for a builtin, by its name? */
static bool
is_name_of_reprlib(const char *name)
{
    static const char *const names[] = {"tuple", "list", "array", "set", "frozenset",
                                        "deque", "dict", "str",   "int"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(dot ? dot + 1 : name, names[i]))
            return true;
    return false;
}

/* <module.name object at 0x...> (object_repr), for types that have no other. */
static bool
put_plain_repr(capture_state *state, PyObject *object, text_out *out)
{
    PyTypeObject *type = Py_TYPE(object);
    if (type->tp_repr != PyBaseObject_Type.tp_repr || is_name_of_reprlib(type->tp_name))
        return false;
    text_out_string(out, "<");
    put_name_in_repr(state, type, out);
    text_out_string(out, " object at ");
    put_address(out, object);
    text_out_string(out, ">");
    return true;
}

static bool
put_function_repr(PyObject *object, text_out *out)
{
    PyObject *name = ((PyFunctionObject *)object)->func_qualname;
    if (!name || !PyUnicode_CheckExact(name))
        return false;
    text_out_string(out, "<function ");
    text_out_str(out, name);
    text_out_string(out, " at ");
    put_address(out, object);
    text_out_string(out, ">");
    return true;
}

static bool put_key(capture_state *state, PyObject *key, bool is_short, int level, text_out *out);

static bool
put_tuple(capture_state *state, PyObject *tuple, bool is_short, int level, text_out *out)
{
    Py_ssize_t count = PyTuple_GET_SIZE(tuple);
    if (level <= 0 && count) {
        text_out_string(out, "(...)");
        return is_short;
    }
    text_out_string(out, "(");
    for (Py_ssize_t i = 0; i < count; i++) {
        if (i)
            text_out_string(out, ", ");
        if (is_short && i == ITEM_LIMIT) {
            text_out_string(out, "...");
            break;
        }
        PyObject *item = PyTuple_GET_ITEM(tuple, i);
        if (!item || out->length > LONGEST_TUPLE || !put_key(state, item, is_short, level - 1, out))
            return false;
    }
    text_out_string(out, count == 1 ? ",)" : ")");
    return true;
}

/* What reprlib calls an instance: cut where it is short. */
static bool
put_other_key(capture_state *state, PyObject *key, text_out *out)
{
    PyTypeObject *type = Py_TYPE(key);
    if (put_number(out, key))
        return true;
    if (type == &PyType_Type)
        return put_type_repr(state, (PyTypeObject *)key, out);
    if (type == &PyFunction_Type)
        return put_function_repr(key, out);
    return put_plain_repr(state, key, out);
}

/* is_short: as reprlib.repr(), else as repr().  level: how deep tuples still may be. */
static bool
put_key(capture_state *state, PyObject *key, bool is_short, int level, text_out *out)
{
    PyTypeObject *type = Py_TYPE(key);
    size_t start = out->length;
    if (type == &PyUnicode_Type) {
        if (is_short)
            put_short_str(out, key, true);
        else
            put_str_repr(out, key);
        return true;
    }
    if (type == &PyTuple_Type)
        return put_tuple(state, key, is_short, level, out);
    if (type == &PyBytes_Type) {
        if (is_short)
            put_short_bytes(out, key);
        else
            put_bytes_repr(out, key);
        return true;
    }
    if (!put_other_key(state, key, out))
        return false;
    if (is_short)
        cut_as_reprlib(out, start, type == &PyLong_Type ? INT_LIMIT : ROW_LIMIT);
    return true;
}

/* ---- names ---- */

/* module.name; a module that is no str shows as None. */
static void
put_dotted(text_out *out, PyObject *module, PyObject *name)
{
    if (module && PyUnicode_CheckExact(module))
        text_out_str(out, module);
    else
        text_out_string(out, "None");
    text_out_string(out, ".");
    text_out_str(out, name);
}

static void
put_builtin(text_out *out, PyObject *object)
{
    const PyCFunctionObject *function = (const PyCFunctionObject *)object;
    PyObject *module = function->m_module;
    size_t start = out->length;
    if (module && PyUnicode_CheckExact(module)) {
        text_out_str(out, module);
        if (out->text && !strcmp(out->text + start, "builtins"))
            out->length = start;
        else
            text_out_string(out, ".");
    } else {
        text_out_string(out, "None.");
    }
    text_out_string(out, function->m_ml->ml_name);
}

/* File without its folder, line and name. */
static void
put_code(text_out *out, const PyCodeObject *code)
{
    size_t start = out->length;
    text_out_str(out, code->co_filename);
    char *slash = NULL;
    if (!out->failed)
        slash = strrchr(out->text + start, '/');
    if (slash) {
        size_t rest = out->length - (size_t)(slash + 1 - out->text);
        memmove(out->text + start, slash + 1, rest + 1);
        out->length = start + rest;
    }
    text_out_format(out, ":%d:", code->co_firstlineno);
    text_out_str(out, code->co_name);
}

/* <name at address>; of a frame whose code is not known any more the address alone. */
static bool
put_frame(text_out *out, PyObject *frame)
{
    const frame_view view = frame_view_of(frame, true);
    if (!view.code)
        return false;
    text_out_string(out, "<");
    text_out_str(out, ((const PyCodeObject *)view.code)->co_name);
    text_out_string(out, " at ");
    put_address(out, frame);
    text_out_string(out, ">");
    return true;
}

static bool
put_traceback(text_out *out, PyObject *object)
{
    PyObject *frame = (PyObject *)((PyTracebackObject *)object)->tb_frame;
    text_out_string(out, "<in frame ");
    if (!frame)
        text_out_string(out, "<>");
    else if (!put_frame(out, frame))
        return false;
    text_out_string(out, " at ");
    put_address(out, object);
    text_out_string(out, ">");
    return true;
}

static void
put_type_name(capture_state *state, PyTypeObject *type, text_out *out)
{
    char *name = capture_type_name(state, type);
    if (name)
        text_out_string(out, name);
    else
        out->failed = true;
    heapy_free(name);
}

static bool put_row(capture_state *state, PyObject *object, int level, text_out *out);

static bool
put_method(capture_state *state, PyObject *object, int level, text_out *out)
{
    PyObject *self = ((PyMethodObject *)object)->im_self, *function = ((PyMethodObject *)object)->im_func;
    text_out_string(out, "<");
    put_type_name(state, Py_TYPE(self), out);
    text_out_string(out, " at ");
    put_address(out, self);
    text_out_string(out, ">.");
    if (Py_TYPE(function) == &PyFunction_Type)
        text_out_str(out, ((PyFunctionObject *)function)->func_name);
    else if (level <= 0 || !put_row(state, function, level - 1, out))
        put_address(out, function);
    return true;
}

static bool
put_row(capture_state *state, PyObject *object, int level, text_out *out)
{
    PyTypeObject *type = Py_TYPE(object);
    if (put_number(out, object))
        return true;
    if (type == &PyUnicode_Type)
        put_short_str(out, object, false);
    else if (type == &PyBytes_Type)
        put_short_bytes(out, object);
    else if (PyType_Check(object))
        put_type_name(state, (PyTypeObject *)object, out);
    else if (type == &PyFunction_Type)
        put_dotted(out, ((PyFunctionObject *)object)->func_module, ((PyFunctionObject *)object)->func_name);
    else if (type == &PyCFunction_Type)
        put_builtin(out, object);
    else if (type == &PyCode_Type)
        put_code(out, (const PyCodeObject *)object);
    else if (type == &PyFrame_Type)
        return put_frame(out, object);
    else if (type == &PyMethod_Type)
        return put_method(state, object, level, out);
    else if (type == &PyTraceBack_Type)
        return put_traceback(out, object);
    else
        return false;
    return true;
}

bool
put_object_text(capture_state *state, PyObject *object, heapy_text_use use, text_out *out)
{
    switch (use) {
    case HEAPY_TEXT_ROW:
        return put_row(state, object, DEEPEST, out);
    case HEAPY_TEXT_KEY:
        return put_key(state, object, true, ITEM_LIMIT, out);
    case HEAPY_TEXT_WHOLE_KEY:
    case HEAPY_TEXT_FULL_KEY:
        if (!put_key(state, object, false, DEEPEST, out))
            return false;
        if (use == HEAPY_TEXT_WHOLE_KEY)
            text_out_cut(out, 0, WHOLE_LIMIT, WHOLE_END, WHOLE_END);
        return true;
    case HEAPY_TEXT_CHARACTERS:
        if (Py_TYPE(object) != &PyUnicode_Type)
            return false;
        text_out_str(out, object);
        return true;
    case HEAPY_TEXT_USE_COUNT:
        break;
    }
    return false;
}
