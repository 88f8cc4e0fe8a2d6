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

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* io.open(name, mode, **options). */
static PyObject *
open_with(PyObject *name, PyObject *mode, PyObject *options)
{
    PyObject *io = NULL, *open = NULL, *args = NULL, *file = NULL;
    if (!mode || !options)
        goto done;
    io = import_module("io");
    if (!io)
        goto done;
    open = PyObject_GetAttrString(io, "open");
    if (!open)
        goto done;
    args = PyTuple_Pack(2, name, mode);
    if (args)
        file = PyObject_Call(open, args, options);
done:
    Py_XDECREF(io);
    Py_XDECREF(open);
    Py_XDECREF(args);
    Py_XDECREF(mode);
    Py_XDECREF(options);
    return file;
}

/* A file of lines, UTF-8 whatever the locale (F-5), where nothing but a newline ends a line. */
static PyObject *
open_to_read(PyObject *name)
{
    return open_with(
        name, PyUnicode_FromString("r"),
        Py_BuildValue("{ssssss}", "encoding", "utf-8", "errors", "backslashreplace", "newline", "\n"));
}

/* The file itself, without a buffer that would cut a stat into several writes (F-1). */
static PyObject *
open_to_write(PyObject *name, PyObject *mode)
{
    if (!PyUnicode_Check(mode)) {
        PyErr_Format(PyExc_TypeError, "dump: mode must be a str such as 'a', not %.200s",
                     Py_TYPE(mode)->tp_name);
        return NULL;
    }
    PyObject *without_t = PyObject_CallMethod(mode, "replace", "ss", "t", "");
    PyObject *binary = NULL;
    if (without_t)
        binary = PyUnicode_FromFormat("%Ub", without_t);
    Py_XDECREF(without_t);
    return open_with(name, binary, Py_BuildValue("{si}", "buffering", 0));
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

/* After a write that failed when `written` bytes of a stat had been appended: without them the file is what
   it was, with them nothing appended later could be read.  Unless somebody else has appended since. */
static void
take_back(PyObject *file, Py_ssize_t written)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    int descriptor = PyObject_AsFileDescriptor(file);
    struct stat status;
    if (descriptor >= 0 && !fstat(descriptor, &status) && S_ISREG(status.st_mode)) {
        off_t end = lseek(descriptor, 0, SEEK_CUR);
        if (end == status.st_size && end >= written && ftruncate(descriptor, end - written) < 0)
            errno = 0; /* it stays as it is: a stat cut off */
    }
    PyErr_Clear();
    PyErr_Restore(type, value, traceback);
}

/* How much of it the file takes at once; -1 with an exception. */
static Py_ssize_t
write_part(PyObject *file, char *bytes, Py_ssize_t length)
{
    PyObject *rest = PyMemoryView_FromMemory(bytes, length, PyBUF_READ);
    if (!rest)
        return -1;
    PyObject *answer = PyObject_CallMethod(file, "write", "O", rest);
    Py_DECREF(rest);
    if (!answer)
        return -1;
    Py_ssize_t count = -1;
    if (answer == Py_None)
        PyErr_SetString(PyExc_BlockingIOError, "dump: the file takes no more now");
    else
        count = PyLong_AsSsize_t(answer);
    Py_DECREF(answer);
    return count;
}

/* All of `bytes`, in one write unless the system takes only a part. */
static int
write_bytes(PyObject *file, PyObject *bytes)
{
    Py_ssize_t length = PyBytes_GET_SIZE(bytes), written = 0;
    while (written < length) {
        Py_ssize_t count = write_part(file, PyBytes_AS_STRING(bytes) + written, length - written);
        if (count < 0) {
            if (written)
                take_back(file, written);
            return -1;
        }
        written += count;
    }
    return 0;
}

/* The end of a regular file to which is appended, as many bytes as there is room for; how many. */
static size_t
end_of_file(PyObject *file, char *out, size_t room)
{
    char path[40];
    struct stat status;
    int descriptor = PyObject_AsFileDescriptor(file);
    if (descriptor < 0) {
        PyErr_Clear();
        return 0;
    }
    if (!(fcntl(descriptor, F_GETFL) & O_APPEND) || fstat(descriptor, &status) || !S_ISREG(status.st_mode))
        return 0;
    if ((off_t)room > status.st_size)
        room = (size_t)status.st_size;
    /* The descriptor is for writing alone. */
    PyOS_snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    int reader = open(path, O_RDONLY | O_CLOEXEC);
    if (reader < 0)
        return 0; /* not allowed to read it: it is taken to be whole */
    ssize_t count = pread(reader, out, room, status.st_size - (off_t)room);
    close(reader);
    if (count < 0)
        return 0;
    return (size_t)count;
}

static int
dump_to_name(PyObject *text, PyObject *name, PyObject *mode)
{
    PyObject *rest = PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace"), *bytes = NULL;
    int result = -1;
    if (!rest)
        return -1;
    PyObject *file = open_to_write(name, mode);
    char end[HEAPY_STAT_END];
    if (file)
        bytes = PyBytes_FromString(heapy_stat_separator(end, end_of_file(file, end, sizeof end)));
    if (bytes)
        PyBytes_Concat(&bytes, rest);
    if (bytes)
        result = write_bytes(file, bytes);
    if (file && close_file(file) < 0)
        result = -1;
    Py_DECREF(rest);
    Py_XDECREF(bytes);
    return result;
}

PyObject *
Stat_dump(PyObject *stat, PyObject *file, PyObject *mode)
{
    PyObject *text = file_text(stat), *how = NULL, *written = NULL;
    int result = -1;
    if (!text)
        return NULL;
    if (PyObject_HasAttrString(file, "write")) {
        written = PyObject_CallMethod(file, "write", "O", text);
        if (written)
            result = 0;
        goto done;
    }
    how = Py_XNewRef(mode);
    if (!how)
        how = PyUnicode_FromString("a");
    if (how)
        result = dump_to_name(text, file, how);
done:
    Py_DECREF(text);
    Py_XDECREF(how);
    Py_XDECREF(written);
    if (result < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* ---- load ---- */

/* A line of a file that is longer is no line of ours, and is not read to its end. */
enum { LONGEST_LINE = 1 << 20 };

/* Where lines come from. */
typedef struct line_source {
    const char *name;   /* in errors */
    PyObject *iterator; /* the lines; or NULL, and */
    PyObject *readline; /* what gives one at each call, at the end an empty one */
    Py_ssize_t longest; /* given to readline; 0: nothing is */
    bool is_file;       /* its end need not be the end of a stat: somebody may be writing it (F-7) */
    PyObject *file;     /* where `start` holds; or NULL */
    PyObject *start;    /* the position, as tell() has it, of the stat that is read */
    size_t line;        /* lines that were read of the stat */
} line_source;

static bool
is_empty_line(PyObject *line)
{
    return (PyUnicode_Check(line) && !PyUnicode_GET_LENGTH(line)) ||
           (PyBytes_Check(line) && !PyBytes_GET_SIZE(line));
}

static Py_ssize_t
length_of_line(PyObject *line)
{
    if (PyUnicode_Check(line))
        return PyUnicode_GET_LENGTH(line);
    if (PyBytes_Check(line))
        return PyBytes_GET_SIZE(line);
    return 0;
}

/* The next line; NULL without exception at the end. */
static PyObject *
next_line(line_source *source)
{
    if (source->iterator)
        return PyIter_Next(source->iterator);
    source->line++;
    PyObject *line;
    if (source->longest)
        line = PyObject_CallFunction(source->readline, "n", source->longest);
    else
        line = PyObject_CallNoArgs(source->readline);
    if (line && is_empty_line(line))
        Py_CLEAR(line);
    if (line && source->longest && length_of_line(line) >= source->longest) {
        PyErr_Format(PyExc_ValueError,
                     "%.200s, line %zu: it has %d characters and more, so this is no dump of heapy",
                     source->name, source->line, LONGEST_LINE);
        Py_CLEAR(line);
    }
    return line;
}

/* Feed one line, a str or bytes.  1: it was the last; 0: it was not; -1 with an exception.  is_cut: set when
   the line is one that somebody has not written to its end; it is not fed then. */
static int
feed(heapy_stat_reader *reader, const line_source *source, PyObject *line, bool *is_cut)
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
    const char *text = PyBytes_AS_STRING(bytes);
    size_t length = (size_t)PyBytes_GET_SIZE(bytes);
    bool is_complete = false;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status = HEAPY_OK;
    if (source->is_file && heapy_stat_reader_is_cut(reader, text, length))
        *is_cut = true;
    else
        status = heapy_stat_reader_feed(reader, text, length, &is_complete, &err);
    Py_DECREF(bytes);
    if (status)
        return raise_heapy_error(&err);
    return is_complete;
}

/* Whether the exception says that a file opened as strict text ends within a character; it is cleared then.
 */
static bool
is_cut_in_a_character(const line_source *source)
{
    if (!source->is_file || !PyErr_ExceptionMatches(PyExc_UnicodeDecodeError))
        return false;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyObject *reason = NULL;
    if (value)
        reason = PyUnicodeDecodeError_GetReason(value);
    bool is_cut = reason && !PyUnicode_CompareWithASCIIString(reason, "unexpected end of data");
    Py_XDECREF(reason);
    if (is_cut) {
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(traceback);
    } else {
        PyErr_Restore(type, value, traceback);
    }
    return is_cut;
}

/* Raise EndOfDump; a file that can be put back is left where the stat begins that is not whole yet. */
static void
end_of_dump(const line_source *source, bool has_begun)
{
    if (has_begun && source->file) {
        PyObject *position = PyObject_CallMethod(source->file, "seek", "O", source->start);
        if (!position)
            return;
        Py_DECREF(position);
    }
    PyObject *package = import_module("guppy.heapy");
    PyObject *exception = NULL;
    if (package)
        exception = PyObject_GetAttrString(package, "EndOfDump");
    if (exception && has_begun)
        PyErr_Format(exception,
                     "the last stat of %.200s is not whole yet: its last line, '.end:', is missing",
                     source->name);
    else if (exception)
        PyErr_Format(exception, "there is no more in %.200s", source->name);
    Py_XDECREF(package);
    Py_XDECREF(exception);
}

static PyObject *
read_stat(PyObject *session, line_source *source)
{
    heapy_stat_reader *reader;
    heapy_stat *stat;
    heapy_error err = HEAPY_ERROR_INIT;
    if (heapy_stat_reader_create(source->name, &reader, &err)) {
        raise_heapy_error(&err);
        return NULL;
    }
    int state = 0;
    bool is_cut = false;
    PyObject *line, *result = NULL;
    while (!state && !is_cut && (line = next_line(source))) {
        state = feed(reader, source, line, &is_cut);
        Py_DECREF(line);
    }
    if (!state && PyErr_Occurred()) {
        is_cut = is_cut_in_a_character(source);
        state = is_cut ? 0 : -1;
    }
    bool has_begun = heapy_stat_reader_has_begun(reader) || is_cut;
    if (!state && (source->is_file || !has_begun)) {
        end_of_dump(source, has_begun);
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
load_from_name(PyObject *session, PyObject *path)
{
    PyObject *name = PyObject_Str(path), *stat = NULL;
    if (!name)
        return NULL;
    PyObject *file = open_to_read(path);
    if (!file) {
        Py_DECREF(name);
        return NULL;
    }
    line_source source = {.longest = LONGEST_LINE, .is_file = true};
    source.readline = PyObject_GetAttrString(file, "readline");
    if (source.readline)
        source.name = PyUnicode_AsUTF8(name);
    if (source.name)
        stat = read_stat(session, &source);
    Py_XDECREF(source.readline);
    if (close_file(file) < 0)
        Py_CLEAR(stat);
    Py_DECREF(name);
    return stat;
}

/* Where `file` stands, so that it can be put back there; NULL when it cannot be, with an exception only if
   that is none of the file's (Ctrl-C). */
static PyObject *
position_of(PyObject *file)
{
    PyObject *answer = PyObject_CallMethod(file, "seekable", NULL), *position = NULL;
    if (answer && PyObject_IsTrue(answer) == 1)
        position = PyObject_CallMethod(file, "tell", NULL);
    Py_XDECREF(answer);
    if (!position && PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_Exception))
        PyErr_Clear();
    return position;
}

/* An open file or iterator is left just after the stat; a sequence of lines is one stat. */
static PyObject *
load_from_lines(PyObject *session, PyObject *lines, bool use_readline)
{
    line_source source = {.is_file = PyObject_HasAttrString(lines, "readline")};
    PyObject *name = source_name(lines), *stat = NULL;
    if (source.is_file)
        source.start = position_of(lines);
    if (source.start)
        source.file = lines;
    else
        source.file = NULL;
    if (!name || PyErr_Occurred()) {
        Py_XDECREF(name);
        Py_XDECREF(source.start);
        return NULL;
    }
    /* Iterating a text file would forbid tell(), and nothing would bound its lines.  What is like a file of
       `io` can be told how much to read. */
    bool is_bounded = source.is_file && PyObject_HasAttrString(lines, "seekable");
    source.longest = is_bounded ? LONGEST_LINE : 0;
    if (use_readline || is_bounded)
        source.readline = PyObject_GetAttrString(lines, "readline");
    else
        source.iterator = PyObject_GetIter(lines);
    if (!source.readline && !source.iterator && PyErr_ExceptionMatches(PyExc_TypeError))
        PyErr_Format(PyExc_TypeError,
                     "load: a file name, an open file or an iterable of lines expected, not %.200s",
                     Py_TYPE(lines)->tp_name);
    if (source.readline || source.iterator)
        source.name = PyUnicode_AsUTF8(name);
    if (source.name)
        stat = read_stat(session, &source);
    Py_XDECREF(source.readline);
    Py_XDECREF(source.iterator);
    Py_XDECREF(source.start);
    Py_DECREF(name);
    return stat;
}

PyObject *
Stat_load(PyObject *session, PyObject *source, bool use_readline)
{
    module_state *state = state_of_type(Py_TYPE(session));
    if (PyUnicode_Check(source) || PyObject_HasAttrString(source, "__fspath__"))
        return load_from_name(session, source);
    if (PyBytes_Check(source) || Py_TYPE(source) == state->stat_type) {
        PyErr_Format(PyExc_TypeError,
                     "load: a file name, an open file or an iterable of lines expected, not %.200s",
                     Py_TYPE(source)->tp_name);
        return NULL;
    }
    return load_from_lines(session, source, use_readline);
}
