/* SPDX-License-Identifier: MIT */
/*
 * The engine's Arrow streams as what __arrow_c_stream__() gives.
 *
 * Who reads a stream does so in any thread and without the GIL.  A file needs none; of live objects the words
 * are asked, so that a stream of theirs takes the GIL for each batch.  Batches are memory of the engine's and
 * need neither.
 */
#include "types/arrow_capsule.h"

#include "live/errors.h"
#include "live/live_words.h"
#include "types/source.h"
#include "types/type_session.h"
#include "types/type_snapshot.h"

#include <errno.h>
#include <heapy/arrow.h>
#include <heapy/memory.h>
#include <stdio.h>
#include <string.h>

static const char capsule_name[] = "arrow_array_stream";

/* ---- streams of live objects ---- */

typedef struct live_stream {
    struct ArrowArrayStream inner;
    PyObject *taken; /* the Snapshot */
    PyInterpreterState *interpreter;
    char message[200]; /* of the exception that a batch ended with; else "" */
} live_stream;

/* The GIL as it was found. */
typedef struct entered {
    PyThreadState *made; /* for an interpreter that is not the main one; else NULL */
    PyGILState_STATE state;
} entered;

static entered
enter(const live_stream *stream)
{
    if (stream->interpreter == PyInterpreterState_Main())
        return (entered){NULL, PyGILState_Ensure()};
    entered in = {PyThreadState_New(stream->interpreter), PyGILState_UNLOCKED};
    PyEval_RestoreThread(in.made);
    return in;
}

static void
leave(entered in)
{
    if (!in.made) {
        PyGILState_Release(in.state);
        return;
    }
    PyThreadState_Clear(in.made);
    PyThreadState_DeleteCurrent();
}

static int
live_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    live_stream *self = stream->private_data;
    self->message[0] = '\0';
    return self->inner.get_schema(&self->inner, out);
}

/* Keep what an exception says, which is over then. */
static void
keep_exception(live_stream *self)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyObject *text = NULL;
    const char *utf8 = NULL, *name = "";
    if (value)
        text = PyObject_Str(value);
    if (text)
        utf8 = PyUnicode_AsUTF8(text);
    if (type)
        name = ((PyTypeObject *)type)->tp_name;
    snprintf(self->message, sizeof self->message, "%s: %s", name, utf8 ? utf8 : "");
    PyErr_Clear();
    Py_XDECREF(text);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}

static int
live_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    live_stream *self = stream->private_data;
    entered in = enter(self);
    self->message[0] = '\0';
    int result = ECANCELED;
    if (Snapshot_get(self->taken))
        result = self->inner.get_next(&self->inner, out);
    if (PyErr_Occurred())
        keep_exception(self);
    leave(in);
    return result;
}

static const char *
live_error(struct ArrowArrayStream *stream)
{
    live_stream *self = stream->private_data;
    if (self->message[0])
        return self->message;
    return self->inner.get_last_error(&self->inner);
}

static void
live_release(struct ArrowArrayStream *stream)
{
    live_stream *self = stream->private_data;
    stream->release = NULL;
    entered in = enter(self);
    self->inner.release(&self->inner);
    Py_DECREF(self->taken);
    leave(in);
    heapy_free(self);
}

/* A stream that takes the GIL around another (taken over). */
static int
guard_stream(PyObject *taken, struct ArrowArrayStream *inner, struct ArrowArrayStream *out)
{
    live_stream *self = heapy_alloc_zeroed(1, sizeof *self);
    if (!self) {
        inner->release(inner);
        PyErr_NoMemory();
        return -1;
    }
    self->inner = *inner;
    self->taken = Py_NewRef(taken);
    self->interpreter = PyInterpreterState_Get();
    *out = (struct ArrowArrayStream){.get_schema = live_schema,
                                     .get_next = live_next,
                                     .get_last_error = live_error,
                                     .release = live_release,
                                     .private_data = self};
    return 0;
}

/* ---- capsules ---- */

static void
release_capsule(PyObject *capsule)
{
    struct ArrowArrayStream *stream = PyCapsule_GetPointer(capsule, capsule_name);
    if (stream->release) /* nobody has taken it */
        stream->release(stream);
    heapy_free(stream);
}

enum { OBJECTS, RETAINED, EDGES };

/* A number for a word; -1 with ValueError. */
static int
what_of(PyObject *word)
{
    static const char *const words[] = {[OBJECTS] = "objects", [RETAINED] = "retained", [EDGES] = "edges"};
    for (int what = OBJECTS; PyUnicode_Check(word) && what <= EDGES; what++)
        if (!PyUnicode_CompareWithASCIIString(word, words[what]))
            return what;
    PyErr_Format(PyExc_ValueError, "_arrow_stream: 'objects', 'retained' or 'edges' expected, not %R", word);
    return -1;
}

/* What the columns of a table are made from: new reference. */
static PyObject *
take(PyObject *session, int what)
{
    static const unsigned needs[] = {
        [OBJECTS] = HEAPY_NEEDS_SIZES | HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_LENGTHS | HEAPY_NEEDS_MODULES,
        [RETAINED] = HEAPY_NEEDS_SIZES | HEAPY_NEEDS_OWNERS | HEAPY_NEEDS_LENGTHS | HEAPY_NEEDS_MODULES |
                     HEAPY_NEEDS_EDGES | HEAPY_NEEDS_ALL_EDGES,
        [EDGES] = HEAPY_NEEDS_EDGES | HEAPY_NEEDS_ALL_EDGES};
    const source_methods *source = source_of(session);
    if (!source)
        return NULL;
    return source->take(session, NULL, needs[what]);
}

static int
open_stream(PyObject *taken, int what, struct ArrowArrayStream *out)
{
    heapy_snapshot *snapshot = Snapshot_get(taken);
    heapy_dominators *dominators = NULL;
    struct ArrowArrayStream stream;
    heapy_error err = HEAPY_ERROR_INIT;
    heapy_status status;
    if (!snapshot)
        return -1;
    if (what == RETAINED) {
        dominators = snapshot_dominators(snapshot);
        if (!dominators)
            return -1;
    }
    if (what == EDGES)
        status = heapy_arrow_edges(snapshot, 0, &stream, &err);
    else
        status = heapy_arrow_objects(snapshot, dominators, 0, &stream, &err);
    if (status)
        return raise_heapy_error(&err);
    if (snapshot_is_live(snapshot))
        return guard_stream(taken, &stream, out);
    *out = stream;
    return 0;
}

PyObject *
Session_arrow_stream(PyObject *session, PyObject *word)
{
    int what = what_of(word);
    if (what < 0)
        return NULL;
    PyObject *taken = take(session, what), *capsule = NULL;
    if (!taken)
        return NULL;
    struct ArrowArrayStream *stream = heapy_alloc_zeroed(1, sizeof *stream);
    if (!stream)
        PyErr_NoMemory();
    else if (open_stream(taken, what, stream) == 0)
        capsule = PyCapsule_New(stream, capsule_name, release_capsule);
    if (stream && !capsule && stream->release)
        stream->release(stream);
    if (!capsule)
        heapy_free(stream);
    Py_DECREF(taken);
    return capsule;
}
