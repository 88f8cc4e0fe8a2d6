/* SPDX-License-Identifier: MIT */
/*
 * Dumping stats to files and loading them (T-95 to T-113).  The engine knows the format; here are the many
 * things Python programs use as files.
 */
#include "types/stat_io.h"

#include "cpython/module_support.h"
#include "live/errors.h"
#include "live/text.h"
#include "types/module_state.h"
#include "types/type_stat.h"

#include <heapy/stat.h>
#include <heapy/status.h>

/* ---- dump ---- */

/* The text of the stat's file as a str. */
static PyObject *
file_text(PyObject *stat)
{
    char *text;
    size_t length;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_stat_write(((Stat *)stat)->stat, &text, &length, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    return text_taken_over(text, length);
}

static PyObject *
open_file(PyObject *name, PyObject *mode)
{
    PyObject *io = import_module("io"), *file = NULL;
    PyObject *open = io ? PyObject_GetAttrString(io, "open") : NULL;
    PyObject *args = Py_BuildValue("(OO)", name, mode);
    PyObject *kwargs = Py_BuildValue("{ssss}", "encoding", "utf-8", "errors", "backslashreplace");
    if (open && args && kwargs)
        file = PyObject_Call(open, args, kwargs);
    Py_XDECREF(io);
    Py_XDECREF(open);
    Py_XDECREF(args);
    Py_XDECREF(kwargs);
    return file;
}

/* Close `file` (taken over); an exception already on its way goes on. */
static int
close_file(PyObject *file)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *closed = PyObject_CallMethod(file, "close", NULL);
    Py_DECREF(file);
    int result = closed ? 0 : -1;
    Py_XDECREF(closed);
    if (type) {
        if (!closed)
            PyErr_Clear();
        PyErr_Restore(type, value, traceback);
        return -1;
    }
    return result;
}

PyObject *
Stat_dump(PyObject *stat, PyObject *file, PyObject *mode)
{
    PyObject *text = file_text(stat), *append = PyUnicode_FromString("a"), *written = NULL;
    bool is_open = PyObject_HasAttrString(file, "write");
    PyObject *stream = NULL;
    if (text && append)
        stream = is_open ? Py_NewRef(file) : open_file(file, mode ? mode : append);
    if (stream)
        written = PyObject_CallMethod(stream, "write", "O", text);
    int result = written ? 0 : -1;
    Py_XDECREF(written);
    Py_XDECREF(text);
    Py_XDECREF(append);
    if (stream && !is_open)
        result = close_file(stream) < 0 ? -1 : result;
    else
        Py_XDECREF(stream);
    if (result < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* ---- load ---- */

/* Feed one line, a str or bytes.  1: it was the last; 0: it was not; -1 with an exception. */
static int
feed(heapy_stat_reader *reader, PyObject *line)
{
    PyObject *bytes = NULL;
    if (PyUnicode_Check(line))
        bytes = PyUnicode_AsEncodedString(line, "utf-8", "backslashreplace");
    else if (PyBytes_Check(line))
        bytes = Py_NewRef(line);
    else
        PyErr_Format(PyExc_TypeError, "load: a source of lines gave %.200s, not str", Py_TYPE(line)->tp_name);
    if (!bytes)
        return -1;
    bool is_complete = false;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = heapy_stat_reader_feed(reader, PyBytes_AS_STRING(bytes),
                                                 (size_t)PyBytes_GET_SIZE(bytes), &is_complete, &err);
    Py_DECREF(bytes);
    return status ? raise_heapy_error(&err) : is_complete;
}

/* How lines are got: from an iterator, or by calling a method until it gives an empty one. */
typedef struct line_source {
    PyObject *iterator, *readline;
} line_source;

/* The next line; NULL without exception at the end. */
static PyObject *
next_line(const line_source *source)
{
    if (source->iterator)
        return PyIter_Next(source->iterator);
    PyObject *line = PyObject_CallNoArgs(source->readline);
    if (line && ((PyUnicode_Check(line) && !PyUnicode_GET_LENGTH(line)) ||
                 (PyBytes_Check(line) && !PyBytes_GET_SIZE(line))))
        Py_CLEAR(line);
    return line;
}

static PyObject *
end_of_dump(PyObject *session, const char *name)
{
    PyObject *part = import_module("guppy.heapy");
    PyObject *exception = part ? PyObject_GetAttrString(part, "EndOfDump") : NULL;
    (void)session;
    if (exception)
        PyErr_Format(exception, "there is no more in %.200s", name);
    Py_XDECREF(part);
    Py_XDECREF(exception);
    return NULL;
}

/* Read one stat.  may_be_cut: the end of input may stand for the last line. */
static PyObject *
read_stat(PyObject *session, const line_source *source, const char *name, bool may_be_cut)
{
    heapy_stat_reader *reader;
    heapy_stat *stat;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_stat_reader_create(name, &reader, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    int state = 0;
    size_t lines = 0;
    PyObject *line, *result = NULL;
    while (!state && (line = next_line(source))) {
        lines++;
        state = feed(reader, line);
        Py_DECREF(line);
    }
    if (!state && PyErr_Occurred())
        state = -1;
    if (state >= 0 && !lines) {
        end_of_dump(session, name);
    } else if (!state && !may_be_cut) {
        PyErr_Format(PyExc_ValueError,
                     "%.200s ends in the middle of a stat: its last line, '.end:', is missing", name);
    } else if (state >= 0) {
        if (heapy_stat_reader_finish(reader, &stat, &err))
            raise_heapy_error(&err);
        else
            result = Stat_wrap(session, stat, NULL);
    }
    heapy_stat_reader_destroy(reader);
    return result;
}

/* How errors name an object that is no file name. */
static PyObject *
source_name(PyObject *source)
{
    PyObject *name = PyObject_GetAttrString(source, "name");
    if (name && PyUnicode_Check(name))
        return name;
    Py_XDECREF(name);
    PyErr_Clear();
    return PyUnicode_FromFormat("the given %s", Py_TYPE(source)->tp_name);
}

static PyObject *
load_from_file(PyObject *session, PyObject *path)
{
    PyObject *mode = PyUnicode_FromString("r"), *name = PyObject_Str(path), *stat = NULL;
    PyObject *file = mode && name ? open_file(path, mode) : NULL;
    const char *text = file ? PyUnicode_AsUTF8(name) : NULL;
    if (text) {
        line_source source = {.iterator = file};
        stat = read_stat(session, &source, text, false);
    }
    if (file && close_file(file) < 0)
        Py_CLEAR(stat);
    Py_XDECREF(mode);
    Py_XDECREF(name);
    return stat;
}

/* An open file or iterator is left just after the stat; a sequence of lines is one stat. */
static PyObject *
load_from_lines(PyObject *session, PyObject *lines, bool use_readline)
{
    line_source source = {0};
    PyObject *name = source_name(lines), *stat = NULL;
    if (use_readline)
        source.readline = PyObject_GetAttrString(lines, "readline");
    else
        source.iterator = PyObject_GetIter(lines);
    if (!source.readline && !source.iterator && PyErr_ExceptionMatches(PyExc_TypeError))
        PyErr_Format(PyExc_TypeError,
                     "load: a file name, an open file or an iterable of lines expected, not %.200s",
                     Py_TYPE(lines)->tp_name);
    const char *text = name && (source.readline || source.iterator) ? PyUnicode_AsUTF8(name) : NULL;
    /* What can be read line by line is a file, whose end must be written. */
    if (text)
        stat = read_stat(session, &source, text, !PyObject_HasAttrString(lines, "readline"));
    Py_XDECREF(source.readline);
    Py_XDECREF(source.iterator);
    Py_XDECREF(name);
    return stat;
}

PyObject *
Stat_load(PyObject *session, PyObject *source, bool use_readline)
{
    module_state *state = state_of_type(Py_TYPE(session));
    if (PyUnicode_Check(source) || PyObject_HasAttrString(source, "__fspath__"))
        return load_from_file(session, source);
    if (PyBytes_Check(source) || Py_TYPE(source) == state->stat_type) {
        PyErr_Format(PyExc_TypeError,
                     "load: a file name, an open file or an iterable of lines expected, not %.200s",
                     Py_TYPE(source)->tp_name);
        return NULL;
    }
    return load_from_lines(session, source, use_readline);
}
